package sim

import (
	"encoding/json"
	"slices"
	"time"
)

// act is what a person does: rows and mutation in one transaction. It returns the mutation, nil when nothing would change.
func (s *store) act(id, intent string, at time.Time, app string, planned []op) (made *mutation) {
	s.atomically(func() {
		var ops []op
		for _, p := range planned {
			if o, ok := s.carryOut(p); ok {
				ops = append(ops, o)
			}
		}
		if len(ops) == 0 {
			return
		}
		var rows []string
		for _, o := range ops {
			if !slices.Contains(rows, o.key()) {
				rows = append(rows, o.key())
			}
		}
		e := &entry{status: pending, rows: rows, mutation: mutation{Seq: s.meta.seq + 1, ID: id, Intent: intent,
			At: at.UTC().Format("2006-01-02T15:04:05.000Z"), Seen: s.meta.cursor, Ops: ops, App: app}}
		s.putEntry(e)
		s.set(func(m *meta) { m.seq++ })
		made = &e.mutation
	})
	return made
}

// carryOut shows one own op and gives it its base; false when it would change nothing.
func (s *store) carryOut(p op) (op, bool) {
	key := p.key()
	before := s.rows[key]
	if p.Op != "create" && before == nil {
		return p, false
	}
	if p.Op == "patch" {
		data := map[string]json.RawMessage{}
		for name, value := range p.Data {
			if !sameJSON(before.fields[name], value) {
				data[name] = value
			}
		}
		if p.Data = data; len(data) == 0 {
			return p, false
		}
	}
	over := s.shadows[key]
	server := before
	if over != nil {
		server = over.row
	} else {
		s.putShadow(key, &shadow{before})
	}
	s.putRow(key, applyOp(before, p))
	if p.Op != "create" {
		base := int64(1)
		if server != nil {
			base = max(1, server.version)
		}
		p.Base = &base
	}
	return p, true
}

func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // values of this package only
	}
	return b
}
