// Command bench measures the server against a stock PocketBase of the same version: both are child processes on this
// machine, spoken to over the loopback network alone, in turns, with the same records. It prints one line of JSON for
// each figure, then a table with the targets. It promises that neither side is given what the other is not: ours runs
// with every rule on and FULL synchronous, the other as it comes, with no hooks and NORMAL.
//
//	bench build/aftercare
//
// Wall clock, so the machine should be doing nothing else. It takes some five minutes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
)

// stockCommand makes this binary be the stock server instead.
const stockCommand = "stock"

type options struct {
	binary string
	runs   int
	only   *regexp.Regexp
	rows   int // in the long change log
	keep   bool
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == stockCommand {
		os.Args = append(os.Args[:1], os.Args[2:]...)
		exit(serveStock())
		return
	}
	o := options{}
	only := flag.String("only", "", "run the figures whose names match")
	flag.IntVar(&o.runs, "runs", 5, "runs of each figure; the median is printed")
	flag.IntVar(&o.rows, "log", 5_000_000, "entries of the long change log")
	flag.BoolVar(&o.keep, "keep", false, "keep the servers' data and name the folder")
	flag.Parse()
	if o.binary = flag.Arg(0); o.binary == "" {
		exit(errors.New("usage: bench [flags] build/aftercare"))
	}
	o.only = regexp.MustCompile(*only)
	exit(run(o))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// part is some figures that share their preparation.
type part struct {
	names []string
	run   func(*bench) error
}

var parts = []part{
	{[]string{"pull", "pull_bytes"}, (*bench).pulls},
	{[]string{"push", "push_create"}, (*bench).pushes},
	{[]string{"latency_p50", "latency_p99"}, (*bench).latencies},
	{[]string{"wire_up", "wire_down", "wire_to_b"}, (*bench).frames},
	{[]string{"fanout_p50", "fanout_p99", "memory_1000"}, (*bench).crowd},
	{[]string{"photo", "upload"}, (*bench).photos},
	{[]string{"pull_500_of_5m"}, (*bench).history},
	{inBrowser, (*bench).browser},
}

// bench is one run of the command.
type bench struct {
	options
	dir  string
	ours *ours
	peer *peer
	report
}

func run(o options) error {
	dir, err := os.MkdirTemp("", "aftercare-bench-")
	if err != nil {
		return err
	}
	if o.keep {
		fmt.Println("data:", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	fmt.Println(machine())
	b := &bench{options: o, dir: dir}
	if err := b.start(); err != nil {
		return err
	}
	defer b.stop()
	var failed []error
	for _, p := range parts {
		if !wanted(o.only, p.names) {
			continue
		}
		if err := p.run(b); err != nil { // the others are worth knowing all the same
			failed = append(failed, fmt.Errorf("%s: %w", p.names[0], err))
		}
	}
	b.table()
	return errors.Join(failed...)
}

func wanted(only *regexp.Regexp, names []string) bool {
	for _, name := range names {
		if only.MatchString(name) {
			return true
		}
	}
	return false
}

func machine() string {
	cpu := "unknown processor"
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if m := regexp.MustCompile(`model name\s*: (.*)`).FindSubmatch(b); m != nil {
			cpu = string(m[1])
		}
	}
	kernel, _ := exec.Command("uname", "-sr").Output() // only for the heading
	return fmt.Sprintf("%d cores, %s, %s, %s/%s, %s", runtime.NumCPU(), cpu, runtime.Version(), runtime.GOOS, runtime.GOARCH, strings.TrimSpace(string(kernel)))
}

// start starts both servers and gives both the same records.
func (b *bench) start() (err error) {
	if b.ours, err = openOurs(b.binary, b.dir+"/ours"); err != nil {
		return err
	}
	if b.peer, err = openPeer(b.dir + "/peer"); err != nil {
		b.stop()
		return err
	}
	records := generate(total)
	if err := b.ours.fill(records); err != nil {
		b.stop()
		return err
	}
	if err := b.peer.fill(records); err != nil {
		b.stop()
		return err
	}
	return nil
}

func (b *bench) stop() {
	if b.ours != nil {
		b.ours.server.stop()
	}
	if b.peer != nil {
		b.peer.server.stop()
	}
}
