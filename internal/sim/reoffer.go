package sim

import (
	"cmp"
	"slices"
)

// reoffer agrees on seq: the server has settled this device's mutations up to settled, and those beyond it that it
// once acknowledged were lost in a restore. They go out again under their old seqs.
func (d *device) reoffer(settled int64, epoch string) {
	st, offered := d.st, 0
	st.atomically(func() {
		keys := map[string]bool{}
		for _, id := range sortedKeys(st.sent) {
			s := st.sent[id]
			if s.elsewhere || s.Seq <= settled || s.device != st.meta.device || s.outcome != "applied" && s.outcome != "merged" {
				continue
			}
			offered++
			var rows []string
			for _, o := range s.Ops {
				if !slices.Contains(rows, o.key()) {
					rows = append(rows, o.key())
				}
			}
			st.dropSent(id)
			st.putEntry(&entry{mutation: s.mutation, rows: rows, status: pending})
			for _, key := range rows {
				keys[key] = true
			}
		}
		for _, e := range st.with(acked) {
			if e.elsewhere || e.Seq <= settled {
				continue
			}
			offered++
			st.update(e, func(e *entry) { e.status, e.versions, e.round, e.known = pending, nil, 0, false })
			for _, key := range e.rows {
				keys[key] = true
			}
		}
		st.set(func(m *meta) { m.seq = max(m.seq, settled) })
		if in := st.meta.elsewhereIn; in != "" && (offered > 0 || in != cmp.Or(epoch, st.meta.epoch)) {
			offered += d.offerElsewhere(keys)
		}
		for _, key := range sortedKeys(keys) {
			st.rebase(key, st.server(key))
		}
		if offered > 0 || epoch != "" && epoch != st.meta.epoch {
			st.askAgain()
		}
		st.set(func(m *meta) {
			m.settled, m.reconcile = settled, false
			if epoch != "" {
				m.epoch = epoch
			}
		})
	})
	if offered > 0 {
		d.w.count("reoffer", offered)
	}
}

// offerElsewhere sends once more what the server knew by another device's seq, or by another of ours: whether it still does
// no seq of this device tells. Each gets a new one, behind all that were ever given.
func (d *device) offerElsewhere(keys map[string]bool) (offered int) {
	st := d.st
	var again []*entry
	for _, id := range sortedKeys(st.sent) {
		if s := st.sent[id]; s.elsewhere {
			again = append(again, &entry{mutation: s.mutation, status: pending, again: true})
		}
	}
	for _, e := range st.with(acked) {
		if e.elsewhere {
			again = append(again, &entry{mutation: e.mutation, status: pending, again: true})
		}
	}
	slices.SortStableFunc(again, func(a, b *entry) int { return cmp.Compare(a.Seq, b.Seq) })
	for _, e := range again {
		st.set(func(m *meta) { m.seq++ })
		e.Seq = st.meta.seq
		for _, o := range e.Ops {
			if !slices.Contains(e.rows, o.key()) {
				e.rows = append(e.rows, o.key())
			}
			keys[o.key()] = true
		}
		st.dropSent(e.ID)
		st.putEntry(e)
		d.w.saved[e.ID].resent, d.w.saved[e.ID].device = true, st.meta.device
	}
	st.set(func(m *meta) { m.elsewhereIn = "" })
	return len(again)
}

// isElsewhere keeps in which life of its history the server had a mutation by another seq or device: in another one it
// may not.
func (d *device) isElsewhere(e *entry, epoch string) {
	d.st.update(d.st.outbox[e.ID], func(e *entry) { e.elsewhere = true })
	d.st.set(func(m *meta) {
		if m.elsewhereIn != "" && m.elsewhereIn != epoch {
			m.elsewhereIn, m.reconcile = unsure, true
			return
		}
		m.elsewhereIn = epoch
	})
}

// numberAfter gives waiting mutations from a seq on new seqs after all that were ever given.
func (d *device) numberAfter(from, settled int64) {
	seq := max(d.st.meta.seq, settled)
	for _, e := range d.st.with(pending) {
		if e.Seq >= from {
			seq++
			d.st.update(e, func(e *entry) { e.Seq = seq })
		}
	}
	d.st.set(func(m *meta) { m.seq = seq })
}

// newDevice: the server knows this id as somebody else's. A new one is minted and the outbox numbered from 1.
func (d *device) newDevice() ending {
	if d.token == "" {
		return signIn
	}
	id := d.w.mint("d")
	d.w.owner[id] = d
	d.st.atomically(func() {
		for _, e := range d.st.entries(func(e *entry) bool { return e.status != pending }) {
			d.st.update(e, func(e *entry) { e.Seq = 0 })
		}
		d.st.set(func(m *meta) { m.device, m.letter, m.credential, m.seq, m.reconcile = id, "", "", 0, true })
		d.numberAfter(0, 0)
		d.st.set(func(m *meta) { m.settled = 0 })
	})
	for _, e := range d.st.with(pending) {
		d.w.saved[e.ID].device = id
	}
	return again
}
