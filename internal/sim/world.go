package sim

import (
	"container/heap"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

// oldestApp is the first version that the simulated server still takes.
const oldestApp = ""

// event is something that will happen at a moment of the virtual clock.
type event struct {
	at     time.Time
	n      int
	kind   string
	run    func()
	flight *flight
}

type events []*event

func (q events) Len() int { return len(q) }
func (q events) Less(i, j int) bool {
	return q[i].at.Before(q[j].at) || q[i].at.Equal(q[j].at) && q[i].n < q[j].n
}
func (q events) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *events) Push(x any)   { *q = append(*q, x.(*event)) }
func (q *events) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}
func (q *events) fix() { heap.Init(q) }

// world is one seed: a server, its tablets, the link between them and everything that goes wrong.
type world struct {
	t       *testing.T
	seed    uint64
	ops     int
	rand    *rand.Rand
	weights profile

	house   *house
	base    string
	folders int
	opened  int
	down    bool
	backups []backup

	queue     events
	events    int
	devices   []*device
	minted    int
	customers []string // those who have a tablet of their own
	nights    int
	checkAt   int
	restored  int
	moved     map[string]bool // people who have worked in two shops
	admin     string
	adminOf   *house
	quiet     bool // faults have stopped

	owner      map[string]*device // by every device id there ever was
	bound      map[string]bool    // devices the server knows
	pageLimit  int
	offers     []*flight          // pushes of lost work that wait together for the writer
	saved      map[string]*saving // every mutation a person was told is saved
	epochs     map[string]int
	told       map[string]string // outcome of every mutation the server has dealt with
	refusedIn  map[string]int    // in which life of the server a mutation was refused last
	struck     bool              // the database failed under the request
	shops      map[string]string // of people, as head office last moved them
	oracle     *oracle
	pruned     *oracle         // as it was when the log was pruned: nothing before that can be played again
	lost       map[string]bool // devices that were revoked
	seasons    int
	seasonFrom time.Time // when the house closed for months

	steps, reachedCount int
	counts              map[string]int
	trace               hash.Hash
	tail                []string
	violations          []string
	stopped             bool
}

// saving is a mutation that a tablet has called saved.
type saving struct {
	d         *device
	device    string
	n         int // ordinal among all
	mutation  mutation
	discarded bool
	resent    bool // by a person, or by import: out of its old order
	carried   bool // what the first tablet remembered of it is gone
}

type violated struct{}

func (w *world) chance(p float64) bool { return w.rand.Float64() < p }

func (w *world) between(low, high time.Duration) time.Duration {
	return low + time.Duration(w.rand.Int64N(int64(high-low)))
}

func pick[T any](w *world, from []T) T { return from[w.rand.IntN(len(from))] }

// mint makes an id of 15 characters that no other has.
func (w *world) mint(kind string) string {
	w.minted++
	return fmt.Sprintf("%s%06d%08d", kind, w.seed%1e6, w.minted)
}

func (w *world) after(in time.Duration, kind string, run func()) *event {
	w.events++
	e := &event{at: time.Now().Add(in), n: w.events, kind: kind, run: run}
	heap.Push(&w.queue, e)
	return e
}

// step counts one step of the scheduler.
func (w *world) step(kind string) {
	w.steps++
	w.counts[kind]++
}

func (w *world) count(kind string, n int) { w.counts[kind] += n }

func (w *world) fault(kind string) {
	if kind != faultNone {
		w.counts["fault: "+kind]++
	}
}

func (w *world) idle() {}

// tracef writes one line of the trace: what happened, never how long it took or what the server drew at random.
func (w *world) tracef(format string, args ...any) {
	line := fmt.Sprintf("%6d %s ", w.steps, time.Now().UTC().Format("01-02 15:04:05.000")) + fmt.Sprintf(format, args...)
	_, _ = w.trace.Write([]byte(line + "\n"))
	w.tail = append(w.tail, line)
	if len(w.tail) > 400 {
		w.tail = w.tail[200:]
	}
	if os.Getenv("SIM_TRACE") != "" {
		fmt.Println(line)
	}
}

// violation is the end of a seed: a promise was broken.
func (w *world) violation(promise int, what string) {
	w.violations = append(w.violations, fmt.Sprintf("promise %d: %s", promise, what))
	panic(violated{})
}

// report is what a person reads first.
func (w *world) report() string {
	var out strings.Builder
	from := max(0, len(w.tail)-60)
	for _, line := range w.tail[from:] {
		fmt.Fprintln(&out, line)
	}
	for _, v := range w.violations {
		fmt.Fprintf(&out, "seed %d step %d: %s\n", w.seed, w.steps, v)
	}
	fmt.Fprintf(&out, "again: make sim SEEDS=1 FROM=%d OPS=%d\n", w.seed, w.ops)
	return out.String()
}

func (w *world) digest() string { return hex.EncodeToString(w.trace.Sum(nil)) }

// next lets the next thing happen: what the queue holds first, at its moment.
func (w *world) next() bool {
	if len(w.queue) == 0 {
		return false
	}
	e := heap.Pop(&w.queue).(*event)
	if pause := time.Until(e.at); pause > 0 {
		time.Sleep(pause)
	}
	e.run()
	return true
}

// enter runs something on a tablet, which may die of it at a boundary of its store.
func (w *world) enter(d *device, run func()) {
	run()
}

// wakeAfter lets a resting leader take its next turn.
func (w *world) wakeAfter(d *device, rest time.Duration) {
	gen := d.gen
	d.rests++
	n := d.rests
	if d.poked {
		d.poked, rest = false, w.between(0, 2*time.Second)
	}
	w.after(rest, "wake", func() {
		if d.alive && d.gen == gen && d.resting && d.rests == n {
			w.step("turn")
			d.resume(answer{})
		}
	})
}

// poke wakes a leader soon: somebody did something on this tablet.
func (w *world) poke(d *device) {
	if !d.alive {
		return
	}
	if !d.resting {
		d.poked = true
		return
	}
	gen := d.gen
	d.rests++
	n := d.rests
	w.after(w.between(0, 4*time.Second), "poke", func() {
		if d.alive && d.gen == gen && d.resting && d.rests == n {
			w.step("turn")
			d.resume(answer{})
		}
	})
}

// closed is called when an app has ended by itself: it died at a boundary of its store, or was told to wipe itself.
func (w *world) closed(d *device) {
	d.st.crashIn = 0
	if d.revoked {
		return
	}
	w.tracef("%s died", d.name())
	w.fault("tablet crash")
	w.after(w.between(time.Second, 5*time.Minute), "reopen", func() { w.reopen(d) })
}

func (w *world) reopen(d *device) {
	if d.alive || d.revoked {
		return
	}
	w.step("reopen")
	d.start()
}

func newWorld(t *testing.T, seed uint64, ops int, base string) *world {
	w := &world{t: t, seed: seed, ops: ops, base: base, rand: rand.New(rand.NewPCG(seed, 0x5eed)),
		owner: map[string]*device{}, lost: map[string]bool{}, bound: map[string]bool{}, saved: map[string]*saving{}, told: map[string]string{}, refusedIn: map[string]int{}, moved: map[string]bool{}, epochs: map[string]int{}, shops: map[string]string{},
		counts: map[string]int{}, trace: sha256.New()}
	w.weights = w.draw()
	w.pageLimit = pick(w, []int{7, 40, 500, 2000})
	return w
}
