package sim

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// change is one change of a pull or of the live line.
type change struct {
	Op         string          `json:"op"`
	Collection string          `json:"collection"`
	ID         string          `json:"id"`
	Version    int64           `json:"version"`
	Data       json.RawMessage `json:"data"`
}

func (c change) key() string { return c.Collection + "/" + c.ID }

func (c change) fields() map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(c.Data, &fields) // the wire was checked when it came in
	return fields
}

// The rows people see are the server's rows with the own changes on top that have not come back yet: the protocol's
// step 3 to 6 of the tablet's page. Everything here runs inside the caller's transaction.

// touching are the entries on a row that are not in the server's row yet, oldest first.
func (s *store) touching(key string) []*entry {
	return s.entries(func(e *entry) bool { return e.status != rejected && slices.Contains(e.rows, key) })
}

// applyOp is what one own op makes of a row; nil: no row.
func applyOp(r *row, o op) *row {
	switch o.Op {
	case "create":
		if r != nil {
			return r
		}
		fields := maps.Clone(o.Data)
		fields["id"] = raw(o.ID)
		return &row{fields: fields}
	case "patch":
		if r != nil {
			return r.with(o.Data, r.version)
		}
	}
	return nil
}

// holds reports whether the server's row already shows what an acknowledged mutation did to it.
func holds(server *row, e *entry, key string) bool {
	if e.status != acked {
		return false
	}
	version, ok := e.versions[key]
	if !ok {
		return server == nil
	}
	return server != nil && server.version >= version
}

// rebase sets the server's row under a key and shows it with the unsettled changes on top.
func (s *store) rebase(key string, server *row) {
	var over []*entry
	for _, e := range s.touching(key) {
		if !holds(server, e, key) {
			over = append(over, e)
		}
	}
	if len(over) == 0 {
		s.putShadow(key, nil)
		s.putRow(key, server)
		return
	}
	seen := server
	for _, e := range over {
		for _, o := range e.Ops {
			if o.key() == key {
				seen = applyOp(seen, o)
			}
		}
	}
	s.putShadow(key, &shadow{server})
	s.putRow(key, seen)
}

// applyChange is what one change of the server makes of its row; lost: a patch met no row.
func applyChange(r *row, c change) (after *row, lost bool) {
	switch c.Op {
	case "put":
		if r != nil && r.version > c.Version {
			return r, false
		}
		return &row{version: c.Version, fields: c.fields()}, false
	case "patch":
		if r == nil {
			return nil, true
		}
		if r.version >= c.Version {
			return r, false
		}
		return r.with(c.fields(), c.Version), false
	}
	return nil, false
}

// touched are the keys of all rows with own changes on top.
func (s *store) touched() map[string]bool {
	keys := map[string]bool{}
	for _, e := range s.outbox {
		if e.status != rejected {
			for _, key := range e.rows {
				keys[key] = true
			}
		}
	}
	return keys
}

// ingest takes in changes of the server in their order; it reports whether a patch met no row.
func (s *store) ingest(changes []change) (lost bool) {
	rows := map[string]*row{}
	for _, c := range changes {
		key := c.key()
		before, known := rows[key]
		if !known {
			before = s.server(key)
		}
		after, missed := applyChange(before, c)
		lost = lost || missed
		rows[key] = after
	}
	over := s.touched()
	for _, key := range sortedKeys(rows) {
		if !over[key] {
			s.putRow(key, rows[key])
			continue
		}
		if rows[key] == nil {
			s.markGone(key)
		}
		s.rebase(key, rows[key])
	}
	s.settle()
	return lost
}

// replaceAll puts a whole snapshot in the place of all rows; the outbox is laid over it.
func (s *store) replaceAll(changes []change, round int64) {
	rows := map[string]*row{}
	for _, c := range changes {
		rows[c.key()], _ = applyChange(rows[c.key()], c)
	}
	held := map[string]bool{}
	for key, over := range s.shadows {
		held[key] = over.row != nil
	}
	s.retireBefore(round)
	for _, key := range sortedKeys(s.shadows) {
		s.putShadow(key, nil)
	}
	for _, key := range sortedKeys(s.rows) {
		s.putRow(key, nil)
	}
	for _, key := range sortedKeys(s.touched()) {
		if held[key] && rows[key] == nil {
			s.markGone(key)
		}
		s.rebase(key, rows[key])
		delete(rows, key)
	}
	for _, key := range sortedKeys(rows) {
		s.putRow(key, rows[key])
	}
	s.settle()
	s.settleKnown(round)
}

// markGone notes that a row left this person's sight or was deleted under unsent changes: they go to quarantine.
func (s *store) markGone(key string) {
	for _, e := range s.touching(key) {
		s.update(e, func(e *entry) {
			if e.status == pending {
				e.left = true
			} else {
				e.rows = slices.DeleteFunc(slices.Clone(e.rows), func(k string) bool { return k == key })
			}
		})
	}
}

// settle moves acknowledged mutations whose effect has come back out of the way.
func (s *store) settle() {
	for _, e := range s.with(acked) {
		back := !e.known
		for _, key := range e.rows {
			if over := s.shadows[key]; over != nil && !holds(over.row, e, key) {
				back = false
			}
		}
		if back {
			s.retire(e)
		}
	}
}

// settleBefore retires what was acknowledged before a complete pull began.
func (s *store) settleBefore(round int64) {
	for _, key := range sortedKeys(s.retireBefore(round)) {
		s.rebase(key, s.server(key))
	}
	s.settleKnown(round)
}

// shown reports whether the server's rows show what it said it had done.
func (s *store) shown(e *entry) bool {
	for _, key := range e.rows {
		if !holds(s.server(key), e, key) {
			return false
		}
	}
	return true
}

// settleKnown looks at mutations whose id the server knew already: when the rows of a pull begun after that show all
// that was wanted it is done, else a person has to look.
func (s *store) settleKnown(round int64) {
	for _, e := range s.with(acked) {
		if !e.known || e.round >= round {
			continue
		}
		if s.proven(e) {
			s.retire(e)
		} else {
			s.update(e, func(e *entry) { e.status, e.known, e.code = rejected, false, "sync.reused" })
		}
		for _, key := range e.rows {
			s.rebase(key, s.server(key))
		}
	}
}

func (s *store) proven(e *entry) bool {
	for _, o := range e.Ops {
		r := s.server(o.key())
		if (o.Op == "delete") != (r == nil) {
			return false
		}
		if o.Op != "patch" {
			continue
		}
		for name, value := range o.Data {
			if !sameJSON(r.fields[name], value) {
				return false
			}
		}
	}
	return true
}

func (s *store) retireBefore(round int64) map[string]bool {
	keys := map[string]bool{}
	for _, e := range s.with(acked) {
		if e.known || e.round >= round {
			continue
		}
		if !s.shown(e) {
			s.doubt(e)
		}
		s.retire(e)
		for _, key := range e.rows {
			keys[key] = true
		}
	}
	return keys
}

// doubt: out of sight, or lost by a restore that no cursor gave away. The server's seq will tell, and of what stands under
// another device's seq the server itself, asked once more.
func (s *store) doubt(e *entry) {
	if e.elsewhere && e.again {
		return
	}
	s.set(func(m *meta) {
		m.reconcile = true
		if e.elsewhere {
			m.elsewhereIn = unsure
		}
	})
}

func (s *store) retire(e *entry) {
	m := e.mutation
	s.putSent(&sentEntry{mutation: m, outcome: cmp.Or(e.outcome, "applied"), ackedAt: e.ackedAt, day: s.meta.days, device: s.meta.device, elsewhere: e.elsewhere})
	s.dropEntry(e.ID)
}
