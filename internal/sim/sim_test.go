package sim

import (
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	seeds = flag.Int("seeds", 3, "seeds to play")
	ops   = flag.Int("ops", 600, "steps of each before the faults stop")
	from  = flag.Uint64("from", 1, "first seed")
	stop  = flag.Bool("stop", false, "begin no further seed after a violation")
)

// whole is from how many steps on every kind of fault must have happened: fewer leave that to chance.
const wholeRun = 150_000

// total is what all seeds of this run came to.
var total struct {
	sync.Mutex
	seeds, steps, reached, violations int
	counts                            map[string]int
}

func TestMain(m *testing.M) {
	flag.Parse()
	start := time.Now()
	code := m.Run()
	if total.seeds > 0 {
		if missing := summary(time.Since(start)); len(missing) > 0 && total.steps >= wholeRun {
			fmt.Printf("never happened: %s\n", strings.Join(missing, ", "))
			code = 1
		}
		fmt.Printf("seeds %d ops %d violations %d\n", total.seeds, total.steps, total.violations)
	}
	os.Exit(code)
}

// summary prints what was played and returns the kinds of fault that never happened.
func summary(took time.Duration) (missing []string) {
	fmt.Printf("%d steps, %d mutations reached the server, in %s\n", total.steps, total.reached, took.Round(time.Second))
	names := make([]string, 0, len(total.counts))
	for name := range total.counts {
		names = append(names, name)
	}
	sort.Strings(names)
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = fmt.Sprintf("%s %d", name, total.counts[name])
	}
	fmt.Println(strings.Join(parts, ", "))
	for _, name := range Faults() {
		if total.counts["fault: "+name] == 0 {
			missing = append(missing, name)
		}
	}
	return missing
}

// TestSim: the promises of sync hold on every seed.
func TestSim(t *testing.T) {
	total.counts = map[string]int{}
	for i := range *seeds {
		seed := *from + uint64(i)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			if *stop && broken() {
				return
			}
			add(t, Play(t, seed, *ops))
		})
	}
}

func broken() bool {
	total.Lock()
	defer total.Unlock()
	return total.violations > 0
}

func add(t *testing.T, r Result) {
	t.Helper()
	if len(r.Violations) > 0 {
		t.Error("\n" + r.Report)
	}
	total.Lock()
	defer total.Unlock()
	total.seeds++
	total.steps += r.Steps
	total.reached += r.Reached
	total.violations += len(r.Violations)
	for name, n := range r.Counts {
		total.counts[name] += n
	}
}

// TestSameSeed: a seed is a course of events, the same whenever it is played.
func TestSameSeed(t *testing.T) {
	var digests [2]string
	for i := range digests {
		t.Run(fmt.Sprint("course ", i+1), func(t *testing.T) {
			r := Play(t, *from, 400)
			digests[i] = r.Digest
		})
	}
	if digests[0] != digests[1] {
		t.Fatalf("seed %d: %s and %s", *from, digests[0], digests[1])
	}
}
