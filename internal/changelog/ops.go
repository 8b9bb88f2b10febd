package changelog

import (
	"encoding/json"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/wire"
)

// Ops turns entries of whole acts into what a device must do to follow them, one op for each row, in the order in
// which the rows were first touched. End is the seq the entries lead to.
func (l *Log) Ops(app core.App, entries []Entry, end int64) ([]wire.Change, error) {
	order := make([]key, 0, len(entries))
	rows := make(map[key]*folded, len(entries))
	for i := range entries {
		e := &entries[i]
		k := key{e.Collection, e.Record}
		f := rows[k]
		if f == nil {
			f = &folded{}
			rows[k] = f
			order = append(order, k)
		}
		if err := f.add(e); err != nil {
			return nil, err
		}
	}
	ops := make([]wire.Change, 0, len(order))
	for _, k := range order {
		op, err := l.op(app, k, rows[k], end)
		if err != nil {
			return nil, err
		}
		if op != nil {
			ops = append(ops, *op)
		}
	}
	return ops, nil
}

type key struct{ collection, id string }

// folded is what several entries of one row come to.
type folded struct {
	op      string // wire op so far
	version int64
	data    string                     // of a single entry
	merged  map[string]json.RawMessage // of several
	entered bool                       // the whole row has to be read: it came into sight
}

func (f *folded) add(e *Entry) error {
	f.version = e.Version
	switch e.Op {
	case opDelete:
		*f = folded{op: wire.Delete, version: e.Version}
	case opLeave:
		*f = folded{op: wire.Leave, version: e.Version}
	case opEnter:
		*f = folded{op: wire.Put, version: e.Version, entered: true}
	case opCreate:
		*f = folded{op: wire.Put, version: e.Version, data: e.Data}
	case opUpdate:
		return f.update(e)
	}
	return nil
}

func (f *folded) update(e *Entry) error {
	if f.op == wire.Leave || f.entered {
		return nil // out of sight, or read whole at the end
	}
	if f.op == "" {
		f.op, f.data = wire.Patch, e.Data
		return nil
	}
	if f.merged == nil {
		if err := json.Unmarshal([]byte(f.data), &f.merged); err != nil {
			return err
		}
	}
	var later map[string]json.RawMessage
	if err := json.Unmarshal([]byte(e.Data), &later); err != nil {
		return err
	}
	for name, value := range later {
		f.merged[name] = value
	}
	return nil
}

func (l *Log) op(app core.App, k key, f *folded, end int64) (*wire.Change, error) {
	op := &wire.Change{Op: f.op, Collection: k.collection, ID: k.id, Version: f.version}
	switch {
	case f.entered:
		object, err := l.objectAsOf(app, builder(app), k.collection, k.id, end)
		if err != nil || object == nil {
			return nil, err
		}
		op.Data = object
	case f.merged != nil:
		data, err := json.Marshal(f.merged)
		if err != nil {
			return nil, err
		}
		op.Data = data
	case f.data != "":
		op.Data = json.RawMessage(f.data)
	}
	return op, nil
}
