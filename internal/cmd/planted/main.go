// Command planted breaks sync on purpose, in one known way at a time, and says which test notices. It promises that the
// tree is never touched (a changed copy lies in a temporary folder and takes the file's place while a suite is built),
// that the tree as it is passes every suite first, and that a bug which no longer applies or does not compile is told,
// not skipped. A bug that nobody catches means a promise without a test.
//
//	go run ./internal/cmd/planted [-only name] [-jobs 2] [-check]
//
// It prints one row per bug and then "planted N caught N"; it exits with 1 when the two differ.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"sync"
	"time"
)

func main() {
	only := flag.String("only", "", "plant only bugs whose name matches this regular expression")
	jobs := flag.Int("jobs", 2, "bugs planted at the same time, each in a process of its own")
	check := flag.Bool("check", false, "only look whether every bug applies and compiles; run no suite")
	skip := flag.Bool("trust", false, "leave out the control run on the tree as it is")
	flag.DurationVar(&within, "within", within, "how long one suite may take with one bug in it")
	flag.Parse()
	names, err := regexp.Compile(*only)
	if err != nil {
		fail(err)
	}
	bugs := chosen(names)
	temp, err := os.MkdirTemp("", "planted")
	if err != nil {
		fail(err)
	}
	began := time.Now()
	var ok bool
	switch {
	case *check:
		ok = checked(bugs, *jobs, temp)
	case *skip || control(bugs, *jobs, temp):
		ok = table(os.Stdout, plantAll(bugs, *jobs, temp), time.Since(began))
	}
	_ = os.RemoveAll(temp)
	if !ok {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "planted:", err)
	os.Exit(1)
}

func chosen(names *regexp.Regexp) (some []bug) {
	for _, b := range append(server(), tablet()...) {
		if names.MatchString(b.name) {
			some = append(some, b)
		}
	}
	return some
}

// checked says of each bug that does not apply, or does not compile, why not.
func checked(bugs []bug, jobs int, temp string) bool {
	faults := make([]error, len(bugs))
	each(len(bugs), jobs, func(i int) { faults[i] = bugs[i].compiles(temp) })
	fine := 0
	for i, err := range faults {
		if err == nil {
			fine++
			continue
		}
		fmt.Printf("%s: %v\n", bugs[i].name, err)
	}
	fmt.Printf("of %d bugs %d apply\n", len(bugs), fine)
	return fine == len(bugs)
}

// control runs every suite once on the tree as it is: a suite that fails anyway catches nothing.
func control(bugs []bug, jobs int, temp string) bool {
	var suites []suite
	seen := map[string]bool{}
	for _, b := range bugs {
		for _, s := range b.suites {
			if !seen[s.name] {
				seen[s.name] = true
				suites = append(suites, s)
			}
		}
	}
	good := make([]bool, len(suites))
	each(len(suites), jobs, func(i int) {
		began := time.Now()
		v := suites[i].run("", temp)
		good[i] = v.kind == passed
		note := "passes"
		if !good[i] {
			note = "FAILS without any bug: " + v.by + "\n" + v.output
		}
		fmt.Fprintf(os.Stderr, "control  %-28s %5.1f s  %s\n", suites[i].name, time.Since(began).Seconds(), note)
	})
	for _, g := range good {
		if !g {
			fmt.Println("the tree itself does not pass: nothing was planted")
			return false
		}
	}
	return true
}

// result is what became of one bug.
type result struct {
	bug     bug
	verdict verdict
	took    time.Duration
}

func plantAll(bugs []bug, jobs int, temp string) []result {
	results := make([]result, len(bugs))
	each(len(bugs), jobs, func(i int) {
		began := time.Now()
		v := bugs[i].plant(temp)
		results[i] = result{bugs[i], v, time.Since(began)}
		fmt.Fprintf(os.Stderr, "planted  %-36s %5.1f s  %s\n", bugs[i].name, results[i].took.Seconds(), v)
	})
	return results
}

// each calls fn for 0 … n-1, so many at a time.
func each(n, at int, fn func(i int)) {
	slots := make(chan struct{}, max(1, at))
	var wg sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			fn(i)
		})
	}
	wg.Wait()
}
