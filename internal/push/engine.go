// Package push applies what tablets did: each device's mutations in its order, each one whole or not at all, each one
// once. It promises that a mutation's effect and its stored outcome are committed together and on disk before the
// tablet is told, that a rule's no is stored like a yes and holds up nothing, and that no two values that met are
// lost. It judges nothing about the trade: hooks do, when a row is saved. The numbered steps are those of DESIGN.md.
package push

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/changelog"
	"aftercare/internal/fault"
	"aftercare/internal/scope"
	"aftercare/internal/wire"
)

const (
	// GroupSize bounds the mutations of one transaction: enough that one fsync serves many, few enough that running a
	// group again after a failure is cheap.
	GroupSize = 500
	// waiting bounds the pushes that wait for the writer; more are told to come again.
	waiting = 256
	// patience is how often an unknown failure of one mutation is retried before it is rejected.
	patience = 8
	// pause is what a tablet should wait before it sends again.
	pause = time.Second
)

// Engine is the one writer of pushes.
type Engine struct {
	Oldest string // first version of the app that may still push, "" for any; set before the first push

	app     core.App
	log     *changelog.Log
	devices *scope.Devices
	clock   func() time.Time
	steps   []Step

	queue    chan *job
	stopped  chan struct{}
	stopping sync.RWMutex
	closed   bool

	busy     atomic.Bool
	failures map[string]int   // of the writer goroutine: unknown failures by mutation
	settled  map[string]int64 // of the writer goroutine, which alone moves it: last settled seq by device, as committed
}

// New starts the writer; Close stops it. Clock is UTC.
func New(app core.App, log *changelog.Log, devices *scope.Devices, clock func() time.Time) *Engine {
	e := &Engine{app: app, log: log, devices: devices, clock: clock, steps: released,
		queue: make(chan *job, waiting), stopped: make(chan struct{}), failures: map[string]int{}, settled: map[string]int64{}}
	go e.run()
	return e
}

// Close finishes what waits and stops the writer.
func (e *Engine) Close() {
	e.stopping.Lock()
	if !e.closed {
		e.closed = true
		close(e.queue)
	}
	e.stopping.Unlock()
	<-e.stopped
}

// job is one push waiting for the writer.
type job struct {
	session *scope.Session
	items   []*item
	settled int64
	known   bool  // settled is: it was read or written in the transaction
	refusal error // of the push as a whole: its device or person was let go while it waited
	done    chan struct{}
}

// item is one mutation of a push and what became of it.
type item struct {
	job      *job
	mutation wire.Mutation
	seen     int64
	misfit   error // of an older app's, and cannot be brought to the present form
	result   *result
}

// Push applies the mutations of a device and returns their outcomes with sentences in lang. Errors: sync.upgrade from an
// app that is too old, sync.epoch when the device's picture is of another life of the database (with the present epoch
// and the device's settled seq), device.* when it is not bound or was let go meanwhile, sync.busy when it should come again.
func (e *Engine) Push(s *scope.Session, epoch string, mutations []wire.Mutation, lang string) (*wire.PushResponse, error) {
	if err := e.recognise(mutations); err != nil {
		return nil, err
	}
	delivered, err := e.greet(s, epoch)
	if err != nil {
		return nil, err
	}
	floor, err := e.log.Floor(e.app)
	if err != nil {
		return nil, err
	}
	j := &job{session: s, done: make(chan struct{})}
	for _, m := range mutations {
		j.items = append(j.items, e.item(j, m, e.seen(m.Seen, floor, delivered))) // step 2
	}
	if err := e.submit(j); err != nil {
		return nil, err
	}
	<-j.done
	if j.refusal != nil {
		return nil, j.refusal
	}
	return e.answer(j, lang), nil
}

// recognise looks at the cursors that mutations name: one that only a later life of the database can have made shows
// that it was restored, and a new epoch begins before any base of that life is judged. A cursor that is none counts for
// nothing (step 2).
func (e *Engine) recognise(mutations []wire.Mutation) error {
	last := ""
	for _, m := range mutations {
		if m.Seen == last {
			continue
		}
		last = m.Seen
		if _, err := e.log.Open(e.app, m.Seen); err != nil {
			if _, refused := fault.From(err); !refused {
				return err
			}
		}
	}
	return nil
}

// greet is step 1: the app's version, the epoch, and only then the binding of a device that is new. It returns how far
// the device has heard.
func (e *Engine) greet(s *scope.Session, epoch string) (delivered int64, err error) {
	if e.Oldest != "" && wire.Older(s.App, e.Oldest) {
		return 0, fault.New(fault.Upgrade, "sync.upgrade").On("app")
	}
	pulled := false
	if s.Bound {
		if delivered, pulled, err = e.devices.Delivered(s.Device); err != nil {
			return 0, err
		}
	}
	if present := e.log.Epoch(); (epoch != "" || pulled) && epoch != present {
		settled, err := e.devices.Settled(s.Device)
		if err != nil {
			return 0, err
		}
		return 0, fault.New(fault.Conflict, "sync.epoch").On("epoch").Telling("epoch", present).Telling("seq", settled)
	}
	return delivered, e.devices.Bind(s)
}

// seen is the seq that the device had certainly received when it acted; 0 when the cursor it names is not one that
// this server handed to it, or stands before what the log still knows.
func (e *Engine) seen(cursor string, floor, delivered int64) int64 {
	if cursor == "" {
		return 0
	}
	c, err := e.log.Read(cursor)
	if err != nil || !e.log.Current(c) || c.Reading() || c.Seq < floor || c.Seq > delivered {
		return 0
	}
	return c.Seq
}

func (e *Engine) submit(j *job) error {
	e.stopping.RLock()
	defer e.stopping.RUnlock()
	if e.closed {
		return busy()
	}
	select {
	case e.queue <- j:
		return nil
	case <-time.After(5 * time.Second):
		return busy()
	}
}

func busy() error { return fault.New(fault.Unavailable, "sync.busy") }

func (e *Engine) answer(j *job, lang string) *wire.PushResponse {
	response := &wire.PushResponse{Epoch: e.log.Epoch(), Seq: j.settled, Outcomes: make([]wire.Outcome, 0, len(j.items))}
	for _, it := range j.items {
		response.Outcomes = append(response.Outcomes, it.result.wire(it.mutation.Seq, lang))
	}
	return response
}

// run takes pushes in the order they came, as many at once as wait.
func (e *Engine) run() {
	defer close(e.stopped)
	for j := range e.queue {
		group := []*job{j}
		for n := len(j.items); n < GroupSize; {
			next, ok := e.next()
			if !ok {
				break
			}
			group = append(group, next)
			n += len(next.items)
		}
		e.busy.Store(true)
		e.process(group)
		e.busy.Store(false)
		for _, j := range group {
			close(j.done)
		}
	}
}

func (e *Engine) next() (*job, bool) {
	select {
	case j, ok := <-e.queue:
		return j, ok
	default:
		return nil, false
	}
}

// process is step 3: the mutations of the group in order, a transaction for every GroupSize of them.
func (e *Engine) process(group []*job) {
	items := inOrder(group)
	for len(items) > 0 {
		items = items[e.transaction(items):]
	}
	for _, j := range group {
		if j.known {
			continue
		}
		settled, err := settledOf(e.app, j.session.Device)
		if err != nil {
			e.app.Logger().Warn("reading a device's seq failed", "device", j.session.Device, "error", err)
		}
		j.settled = settled
	}
}

// inOrder keeps each device's order. Mutations that a restored server is offered again come in their old commit order
// across the devices of the group.
func inOrder(group []*job) []*item {
	var items []*item
	next := make([]int, len(group))
	for {
		chosen := -1
		for g, j := range group {
			if next[g] == len(j.items) {
				continue
			}
			if chosen < 0 || earlier(j.items[next[g]], group[chosen].items[next[chosen]]) {
				chosen = g
			}
		}
		if chosen < 0 {
			return items
		}
		items = append(items, group[chosen].items[next[chosen]])
		next[chosen]++
	}
}

func earlier(a, b *item) bool {
	return a.mutation.Commit > 0 && (b.mutation.Commit == 0 || a.mutation.Commit < b.mutation.Commit)
}

// background is the context of a save: a client that hangs up does not undo half of what it sent.
func background() context.Context { return context.Background() }

// Waiting is the number of pushes in the queue.
func (e *Engine) Waiting() int { return len(e.queue) }

// Busy reports whether the writer is at work.
func (e *Engine) Busy() bool { return e.busy.Load() }
