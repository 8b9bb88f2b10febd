package push_test

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// TestConvergence: three tablets edit the same rows on whatever they last heard, send again what they sent,
// pull now and then in pages of any size. When it is quiet all hold the same bytes as a tablet that starts anew, no
// outcome ever changes, and nothing applied is absent.
func TestConvergence(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := apptest.New(t)
		defer s.Close()
		w := &world{t: rt, s: s, visit: s.Day(apptest.SH).VisitOpen().Id, sent: map[string]wire.Outcome{}}
		tablets := []*apptest.Device{s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager"), s.Device(apptest.SH, "advisor")}
		fresh := s.Device(apptest.SH, "manager")
		for _, d := range append(tablets, fresh) {
			d.Push() // tells the app's version: the server has nothing to note about the device later
		}
		for _, d := range tablets {
			d.Pull(0)
		}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			w.step(rapid.SampledFrom(tablets).Draw(rt, "tablet"))
		}
		fresh.Pull(rapid.IntRange(1, 50).Draw(rt, "page"))
		for _, d := range tablets {
			d.Pull(rapid.IntRange(1, 50).Draw(rt, "page"))
		}
		fresh.Pull(0)
		for i, d := range tablets {
			if a, b := sha256.Sum256([]byte(d.Store())), sha256.Sum256([]byte(fresh.Store())); a != b {
				rt.Fatalf("tablet %d differs:\n%s\n---\n%s", i, d.Store(), fresh.Store())
			}
		}
		for key := range w.applied {
			if fresh.Rows[key] == nil && !w.deleted[key] {
				rt.Fatalf("%s was applied and is absent", key)
			}
		}
	})
}

type world struct {
	t                *rapid.T
	s                *apptest.Shop
	visit            string
	ids              []string
	history          []wire.Mutation
	senders          []*apptest.Device
	sent             map[string]wire.Outcome
	applied, deleted map[string]bool
}

func (w *world) step(d *apptest.Device) {
	switch what := rapid.IntRange(0, 9).Draw(w.t, "what"); {
	case what < 2 || len(w.ids) == 0:
		id := apptest.NewID()
		w.ids = append(w.ids, id)
		w.push(d, apptest.Create(record.Concerns, id, map[string]any{record.FieldShop: apptest.SH, record.FieldVisit: w.visit, record.FieldWords: "异响"}))
	case what < 3:
		d.PullPage(rapid.IntRange(1, 5).Draw(w.t, "page"))
	case what < 4 && len(w.history) > 0:
		i := rapid.IntRange(0, len(w.history)-1).Draw(w.t, "again")
		w.send(w.senders[i], w.history[i])
	case what < 5:
		id := rapid.SampledFrom(w.ids).Draw(w.t, "row")
		if o := w.push(d, apptest.Delete(record.Concerns, id, w.base(d, id))); o.Outcome == wire.Applied {
			w.mark(&w.deleted, id)
		}
	default:
		var ops []wire.Op
		for range rapid.IntRange(1, 3).Draw(w.t, "ops") {
			id := rapid.SampledFrom(w.ids).Draw(w.t, "row")
			ops = append(ops, apptest.Patch(record.Concerns, id, w.base(d, id), w.change()))
		}
		w.push(d, ops...)
	}
}

// base is the version the tablet holds; 1 when it has never heard of the row.
func (w *world) base(d *apptest.Device, id string) int64 {
	return max(1, d.Version(record.Concerns, id))
}

func (w *world) change() map[string]any {
	data := map[string]any{}
	if rapid.Bool().Draw(w.t, "words") {
		data[record.FieldWords] = rapid.SampledFrom([]string{"异响", "抖动", "漏油"}).Draw(w.t, "text")
	}
	if rapid.Bool().Draw(w.t, "fault") {
		data[record.FieldIsFault] = rapid.Bool().Draw(w.t, "is")
	}
	data[record.FieldPosition] = rapid.IntRange(0, 3).Draw(w.t, "position")
	return data
}

func (w *world) push(d *apptest.Device, ops ...wire.Op) wire.Outcome {
	m := d.Mutation(ops...)
	w.history, w.senders = append(w.history, m), append(w.senders, d)
	o := w.send(d, m)
	if ops[0].Op == wire.Create && o.Outcome == wire.Applied {
		w.mark(&w.applied, ops[0].ID)
	}
	return o
}

func (w *world) send(d *apptest.Device, m wire.Mutation) wire.Outcome {
	o := d.Push(m).Outcomes[0]
	if o.Outcome == wire.Retry {
		w.t.Fatalf("retry without trouble: %+v", o)
	}
	if before, known := w.sent[m.ID]; known && fmt.Sprint(before) != fmt.Sprint(o) {
		w.t.Fatalf("the outcome changed from %+v to %+v", before, o)
	}
	w.sent[m.ID] = o
	return o
}

func (w *world) mark(set *map[string]bool, id string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	(*set)["concerns/"+id] = true
}
