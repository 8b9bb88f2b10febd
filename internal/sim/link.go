package sim

import (
	"fmt"
	"slices"
	"sync"
	"testing/synctest"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/push"
)

// Faults of the link, each with a weight of its own for every seed.
const (
	faultNone        = "none"
	faultDrop        = "drop"
	faultAnswerLost  = "answer lost"
	faultDuplicate   = "duplicate"
	faultDelay       = "delay"
	faultReorder     = "reorder"
	faultCutRequest  = "cut request"
	faultCutAnswer   = "cut answer"
	faultPortal      = "captive portal"
	faultProxy413    = "413"
	faultProxy429    = "429"
	faultProxy502    = "502"
	faultAfter502    = "502 after commit"
	faultServerDying = "server dies mid-upload"
)

var linkFaults = []string{faultDrop, faultAnswerLost, faultDuplicate, faultDelay, faultReorder, faultCutRequest, faultCutAnswer,
	faultPortal, faultProxy413, faultProxy429, faultProxy502, faultAfter502}

const patience = 45 * time.Second // of a device for an answer

// flight is a request under way.
type flight struct {
	d        *device
	gen, ask int
	request  *request
	packed   bool
	cut      int
	reply    func(answer) // nil: the answer is lost
	again    bool
}

// send puts a request on the link, which does with it what it likes.
func (w *world) send(d *device, r *request) {
	w.step("send")
	d.asks++
	f := &flight{d: d, gen: d.gen, ask: d.asks, request: r, packed: w.chance(0.5), cut: -1}
	fault := w.fate()
	if time.Now().Before(d.offUntil) && !w.quiet {
		w.after(w.between(5*time.Millisecond, 3*time.Second), "no network", func() { w.answer(f, answer{}) })
		return
	}
	w.tracef("%s sends %s %s%s", d.name(), w.describe(r), fault, map[bool]string{true: " packed"}[f.packed])
	w.fault(fault)
	quick, back := w.between(5*time.Millisecond, 400*time.Millisecond), w.between(5*time.Millisecond, 400*time.Millisecond)
	f.reply = w.replyIn(f, back, nil)
	w.after(patience, "timeout", func() { w.answer(f, answer{}) })
	switch fault {
	case faultDrop:
		return
	case faultPortal:
		w.after(quick, "portal", func() { w.answer(f, page(200)) })
		return
	case faultProxy413, faultProxy429, faultProxy502:
		w.after(quick, "proxy", func() { w.answer(f, w.proxy(fault)) })
		return
	}
	w.arrive(w.spoil(f, fault, quick, back), f)
}

// replyIn hands the server's answer, changed or not, to the device after a while.
func (w *world) replyIn(f *flight, after time.Duration, change func(answer) answer) func(answer) {
	return func(a answer) {
		if change != nil {
			a = change(a)
		}
		w.after(after, "answer", func() { w.answer(f, a) })
	}
}

// spoil does to a request that arrives what the fault says; it returns when it does.
func (w *world) spoil(f *flight, fault string, quick, back time.Duration) time.Duration {
	switch fault {
	case faultAnswerLost:
		f.reply = nil
	case faultDuplicate:
		second := *f
		second.again = true
		if w.chance(0.5) {
			f.reply, second.reply = nil, w.replyIn(f, back, nil)
		} else {
			second.reply = nil
		}
		w.arrive(w.between(0, 90*time.Second), &second)
	case faultDelay:
		return w.between(patience, 20*time.Minute)
	case faultReorder:
		return w.between(2*time.Second, 40*time.Second)
	case faultCutRequest:
		f.cut = w.rand.IntN(len(f.request.body) + 1)
	case faultCutAnswer:
		share := w.rand.Float64()
		f.reply = w.replyIn(f, back, func(a answer) answer {
			a.body = a.body[:int(share*float64(len(a.body)))]
			return a
		})
	case faultAfter502:
		f.reply = w.replyIn(f, back, func(answer) answer { return page(502) })
	}
	return quick
}

// proxy is the no of something between tablet and server, some with a body in JSON.
func (w *world) proxy(fault string) answer {
	status := map[string]int{faultProxy413: 413, faultProxy429: 429, faultProxy502: 502}[fault]
	if w.chance(0.3) {
		return answer{status: status, json: true, body: []byte(`{"message":"not now","data":{}}`)}
	}
	return page(status)
}

func page(status int) answer {
	return answer{status: status, body: []byte("<html><body>Please sign in to the network</body></html>"), header: map[string]string{"Content-Type": "text/html"}}
}

// arrive lets a request reach the server after a while.
func (w *world) arrive(in time.Duration, f *flight) {
	e := w.after(in, "request", nil)
	e.flight = f
	e.run = func() { w.deliver(f) }
}

// hangUp ends every request under way, as the end of the server ends its connections. Nobody hears of it before the own patience is
// over.
func (w *world) hangUp() {
	w.queue = slices.DeleteFunc(w.queue, func(e *event) bool { return e.flight != nil })
	w.queue.fix()
}

// answer ends the wait of whoever asked, unless they have given up or died.
func (w *world) answer(f *flight, a answer) {
	d := f.d
	if !d.alive || d.gen != f.gen || d.asks != f.ask || d.answered == f.ask {
		w.idle()
		return
	}
	d.answered = f.ask
	w.step("answer")
	w.tracef("%s hears %s", d.name(), w.describeAnswer(f.request, a))
	w.enter(d, func() { d.resume(a) })
}

// deliver lets the server work on a request; with some luck several devices' pushes wait for the writer together.
func (w *world) deliver(f *flight) {
	if w.down {
		w.step("unreachable")
		if f.reply != nil {
			f.reply(page(502))
		}
		return
	}
	if w.waitsWithOthers(f) {
		return
	}
	if w.chance(0.15) && w.groupable(f) {
		if group := w.gather(f); len(group) > 1 {
			w.together(group)
			return
		}
	}
	w.alone(f)
}

// alone lets the server work on one request.
func (w *world) alone(f *flight) {
	w.step("deliver")
	w.mayTrouble(f)
	kill := f.cut >= 0 && f.request.kind == "photo" && w.chance(0.3) && !w.quiet
	if kill {
		w.fault(faultServerDying)
	}
	a := w.house.do(f.request, f.packed, f.cut, kill)
	w.served(f, a)
}

// served is what follows when the server has dealt with a request.
func (w *world) served(f *flight, a answer) {
	w.reached(f)
	w.tracef("server: %s of %s %s", w.describeAnswer(f.request, a), f.d.name(), map[bool]string{true: "(again)"}[f.again])
	if w.troubled() {
		a = page(502)
	} else {
		w.checkAnswer(f, a)
	}
	if f.reply != nil {
		f.reply(a)
	}
}

func (w *world) groupable(f *flight) bool {
	return f.request.kind == "push" && f.cut < 0 && f.request.count > 0 && w.bound[f.request.device] && f.d.st.meta.credential != ""
}

// gather takes further pushes of other devices that would arrive within the next moments.
func (w *world) gather(first *flight) []*flight {
	group := []*flight{first}
	var rest events
	for _, e := range w.queue {
		f := e.flight
		other := f != nil && w.groupable(f) && e.at.Before(time.Now().Add(3*time.Second)) &&
			!slices.ContainsFunc(group, func(g *flight) bool { return g.request.device == f.request.device })
		if other {
			group = append(group, f)
		} else {
			rest = append(rest, e)
		}
	}
	if len(group) > 1 {
		slices.SortFunc(group[1:], func(a, b *flight) int { return a.d.number - b.d.number })
		w.queue = rest
		w.queue.fix()
	}
	return group
}

// together lets the pushes wait for the writer at the same time: the first is taken alone, the others in one group.
func (w *world) together(group []*flight) {
	w.tracef("%d pushes wait for the writer together", len(group))
	w.fault("group commit")
	head := w.head()
	hold, release := make(chan struct{}), make(chan struct{})
	go func() {
		_ = w.house.shop.App.RunInTransaction(func(core.App) error { close(hold); <-release; return nil })
	}()
	<-hold
	answers := make([]answer, len(group))
	var wg sync.WaitGroup
	for i, f := range group {
		wg.Go(func() { answers[i] = w.house.serve(f.request, f.packed, -1, false) })
		synctest.Wait()
	}
	together := w.house.shop.House.Push.Waiting() == len(group)-1 && mutationsOf(group[1:]) <= push.GroupSize
	close(release)
	wg.Wait()
	synctest.Wait()
	for i, f := range group {
		w.step("deliver")
		w.served(f, answers[i])
	}
	if first, _ := answers[0].read(&pushAnswer{}); first && together { // else the first did not keep the writer busy
		w.checkOfferedOrder(head, group[1:], answers[1:])
	}
}

func (w *world) describe(r *request) string {
	if r.kind == "push" {
		return fmt.Sprintf("push of %d", r.count)
	}
	if r.kind == "photo" {
		return "photo " + r.method
	}
	return r.kind
}
