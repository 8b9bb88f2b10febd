package sim

import (
	"fmt"
	"slices"
	"time"
)

// waitsWithOthers reports whether a push that offers lost work again was put to those that arrive about now: after a
// restore all tablets come at once, and the writer finds them waiting.
func (w *world) waitsWithOthers(f *flight) bool {
	offers := slices.ContainsFunc(f.request.sent, func(m mutation) bool { return m.Commit > 0 })
	same := slices.ContainsFunc(w.offers, func(o *flight) bool { return o.request.device == f.request.device })
	if !offers || same || !w.groupable(f) {
		return false
	}
	w.tracef("%s waits with others to offer lost work", f.d.name())
	w.offers = append(w.offers, f)
	if len(w.offers) == 1 {
		w.after(w.between(10*time.Second, 30*time.Second), "offers", w.takeOffers)
	}
	return true
}

// takeOffers lets in those that waited, all in one group: a push before them, out of turn, keeps the writer busy.
func (w *world) takeOffers() {
	group := w.offers
	w.offers = nil
	if w.down || len(group) == 1 {
		for _, f := range group {
			w.deliverLate(f)
		}
		return
	}
	first := group[0]
	early := &request{kind: "push", method: "POST", path: "/api/sync/push", auth: first.request.auth, user: first.request.user, device: first.request.device,
		body: raw(map[string]any{"device": first.request.device, "epoch": w.house.shop.House.Log.Epoch(),
			"mutations": []mutation{{Seq: 1 << 40, ID: w.mint("m"), Intent: "early", Ops: []op{}}}})}
	w.rand.Shuffle(len(group), func(i, j int) { group[i], group[j] = group[j], group[i] })
	w.together(append([]*flight{{d: first.d, request: early, cut: -1}}, group...))
}

func (w *world) deliverLate(f *flight) {
	if w.down {
		w.deliver(f)
		return
	}
	w.alone(f)
}

// mutationsOf is how many mutations the pushes carry: more than the writer takes at once make groups, each in its order.
func mutationsOf(group []*flight) (n int) {
	for _, f := range group {
		n += len(f.request.sent)
	}
	return n
}

// checkOfferedOrder is promise 8: of pushes that the writer found waiting, in this order of arrival, each device's order is
// kept, and lost work takes effect in its old order across devices, before anything new.
func (w *world) checkOfferedOrder(head int64, group []*flight, answers []answer) {
	var waiting [][]outcome
	former := map[*outcome]int64{}
	for i, f := range group {
		var said pushAnswer
		if ok, _ := answers[i].read(&said); !ok || len(said.Outcomes) != len(f.request.sent) {
			continue
		}
		for n := range said.Outcomes {
			former[&said.Outcomes[n]] = f.request.sent[n].Commit
		}
		waiting = append(waiting, said.Outcomes)
	}
	if len(waiting) < 2 {
		return
	}
	last := head
	for {
		next := -1
		for i, outcomes := range waiting {
			if len(outcomes) == 0 {
				continue
			}
			mine := former[&outcomes[0]]
			if next < 0 || mine > 0 && (former[&waiting[next][0]] == 0 || mine < former[&waiting[next][0]]) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		o := waiting[next][0]
		if was := former[&waiting[next][0]]; was > 0 && o.Commit > head {
			w.count("offered together", 1)
		}
		waiting[next] = waiting[next][1:]
		if o.Commit <= head {
			continue // refused, or done before
		}
		if o.Commit < last {
			w.violation(8, fmt.Sprintf("seq %d took effect at %d, before what it had to wait for, at %d", o.Seq, o.Commit, last))
		}
		last = o.Commit
	}
}

// head is the seq of the log's last entry.
func (w *world) head() (seq int64) {
	if err := w.house.shop.App.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM sync_changes").Row(&seq); err != nil {
		w.t.Fatal(err)
	}
	return seq
}
