package sim

import (
	"maps"
	"slices"
)

// carry takes a person's unsent work from a tablet that is given away to another one, as a file: the old store is
// gone, the new one has a device id of its own and numbers what it is given behind what it has. Ids stay.
func (w *world) carry() bool {
	here := w.here()
	if len(here) == 0 || w.down {
		return false
	}
	d := pick(w, here)
	file := append(d.st.with(pending), d.st.with(rejected)...)
	photos := d.st.waiting()
	d.kill()
	for _, e := range d.st.outbox {
		w.saved[e.ID].carried = true
	}
	for id := range d.st.sent {
		w.saved[id].carried = true
	}
	d.st = newStore(w.mint("d"))
	w.owner[d.st.meta.device] = d
	d.st.atomically(func() {
		for _, e := range file {
			again := &entry{mutation: e.mutation, rows: slices.Clone(e.rows), status: pending}
			again.Seq, again.Commit = d.st.meta.seq+1, 0
			d.st.putEntry(again)
			d.st.set(func(m *meta) { m.seq++ })
			w.saved[e.ID].device, w.saved[e.ID].resent = d.st.meta.device, true
		}
		for _, u := range photos {
			copied := *u
			copied.state, copied.url = photoLocal, ""
			d.st.putUpload(&copied)
		}
	})
	w.tracef("%s carries %d edits and %d photos to a new tablet", d.name(), len(file), len(photos))
	w.login(d)
	d.start()
	return true
}

// decide is a person at "needs attention": refused work is sent again as a new act on the rows as they are, or dropped.
func (w *world) decide() bool {
	here := w.here()
	if len(here) == 0 {
		return false
	}
	d := pick(w, here)
	refused := d.st.with(rejected)
	if len(refused) == 0 {
		return false
	}
	e := pick(w, refused)
	if w.chance(0.5) {
		w.saved[e.ID].discarded = true
		w.survives(d, func() { d.st.atomically(func() { d.st.dropEntry(e.ID) }) })
		w.saved[e.ID].discarded = d.st.outbox[e.ID] == nil
		return true
	}
	id := w.mint("m")
	w.survives(d, func() { d.st.resend(e, id) })
	if d.st.outbox[id] == nil {
		return true // died before
	}
	made := d.st.outbox[id].mutation
	w.saved[e.ID].discarded = true
	w.saved[id] = &saving{d: d, device: d.st.meta.device, n: len(w.saved) + 1, mutation: made}
	w.tracef("%s sends %s again as %s seq %d", d.name(), e.ID, id, made.Seq)
	w.poke(d)
	return true
}

// resend makes a refused mutation a new one, on the rows as they are now.
func (s *store) resend(e *entry, id string) {
	s.atomically(func() {
		again := &entry{status: pending, rows: e.rows, mutation: e.mutation}
		again.ID, again.Seq, again.Seen, again.Commit = id, s.meta.seq+1, s.meta.cursor, 0
		again.Ops = slices.Clone(e.Ops)
		for i := range again.Ops {
			o := &again.Ops[i]
			if o.Op == "create" {
				continue
			}
			base := int64(1)
			if r := s.server(o.key()); r != nil {
				base = max(1, r.version)
			}
			o.Base, o.Data = &base, maps.Clone(o.Data)
		}
		s.dropEntry(e.ID)
		s.putEntry(again)
		s.set(func(m *meta) { m.seq++ })
		for _, key := range e.rows {
			s.rebase(key, s.server(key))
		}
	})
}
