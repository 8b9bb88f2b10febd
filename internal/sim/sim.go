// Package sim plays the whole of sync in one process: the real server on a real SQLite file, tablets that follow the
// published protocol, and a link, disks, clocks and people that do everything they should not. It promises that a seed
// is a course of events, the same whenever it is played, and that every promise of sync is checked on it. DESIGN.md
// says what is modelled and what is not.
package sim

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"aftercare/internal/apptest"
)

// Result is what one seed came to.
type Result struct {
	Seed       uint64
	Steps      int
	Reached    int // mutations that reached the server
	Counts     map[string]int
	Digest     string // of the trace: equal for equal courses
	Violations []string
	Report     string
}

// Play plays a seed until it has taken the steps, then lets the faults stop and waits for quiet.
func Play(t *testing.T, seed uint64, ops int) (result Result) {
	t.Helper()
	apptest.Prepare(t)
	base := scratch(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(apptest.Morning.Sub(time.Now()) + 333*time.Microsecond) // no timer of the server falls on our steps
		w := newWorld(t, seed, ops, base)
		w.play()
		result = Result{Seed: seed, Steps: w.steps, Reached: w.reachedCount, Counts: w.counts, Digest: w.digest(), Violations: w.violations}
		if len(w.violations) > 0 {
			result.Report = w.report()
		}
	})
	return result
}

// scratch is a folder in memory where there is one: a simulation writes much and keeps nothing.
func scratch(t *testing.T) string {
	t.Helper()
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		if dir, err := os.MkdirTemp("/dev/shm", "aftercare-sim-"); err == nil {
			t.Cleanup(func() { _ = os.RemoveAll(dir) })
			return filepath.Clean(dir)
		}
	}
	return t.TempDir()
}

func (w *world) play() {
	defer w.end()
	w.guard(func() {
		w.open(w.folder())
		w.names()
		w.oracle = newOracle(w)
		w.people()
		if w.chance(0.3) {
			w.unheard()
		}
		loses := w.chance(0.4) // the last third of the work, in a restore when all is over
		for saved := false; w.steps < w.ops; w.turn() {
			saved = saved || loses && w.steps > w.ops*2/3 && w.backUp()
		}
		if loses {
			w.restore()
		}
		w.calm()
	})
}

// guard runs until a violation ends the seed.
func (w *world) guard(run func()) {
	defer func() {
		switch p := recover(); p.(type) {
		case nil:
		case violated:
		default:
			w.violations = append(w.violations, fmt.Sprint("panic: ", p))
			panic(p)
		}
	}()
	run()
}

// end closes everything, so that nothing of this seed goes on.
func (w *world) end() {
	for _, d := range w.devices {
		d.kill()
	}
	if w.house == nil {
		return // it could not be opened
	}
	w.house.disk.clear()
	w.house.close()
	time.Sleep(time.Minute) // what waits for a request's end
}

// turn is one free step: somebody does something, something breaks, or time goes on.
func (w *world) turn() {
	if w.chance(w.weights.busy) || len(w.queue) == 0 {
		w.act()
		return
	}
	w.next()
}

// calm stops the faults and lets everything drain by itself, within a bounded number of steps; then everybody comes
// back once and what they hold is compared.
func (w *world) calm() {
	w.quiet = true
	w.tracef("faults stop")
	w.mend()
	limit := w.steps + 3000
	for !w.drained() {
		if w.steps > limit {
			w.violation(10, "the outbox does not drain: "+w.waiting())
		}
		w.next()
	}
	w.sweep()
	w.comeBack()
	limit = w.steps + 6000
	for !w.settled() {
		if w.steps > limit {
			w.violation(10, "no quiet: "+w.waiting())
		}
		w.next()
	}
	w.checkAll()
}
