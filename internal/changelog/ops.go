package changelog

import (
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
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
		object, err := l.objectAsOf(app, app.DB(), k.collection, k.id, end)
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

// Row is one row of a snapshot.
type Row struct {
	ID      string
	Version int64
	Object  []byte
}

// Snapshot reads up to limit rows of the collection with ids above afterID, as they stood at the seq, in the order of
// their ids. Where is an SQL condition on the table with its parameters, which selects the view's rows. Scanned is the
// last id looked at and done says that there are no more; rows that did not exist at the seq, or were not the owner's
// then, are left out: the log brings them.
func (l *Log) Snapshot(app core.App, view View, collection, where string, params dbx.Params, seq int64, afterID string, limit int) (rows []Row, scanned string, done bool, err error) {
	db, finish, err := reading(app)
	if err != nil {
		return nil, "", false, err
	}
	defer finish()
	s, err := l.shape(app, collection)
	if err != nil {
		return nil, "", false, err
	}
	changed, err := changedSince(db, collection, seq)
	if err != nil {
		return nil, "", false, err
	}
	found, err := s.page(db, where, params, afterID, limit)
	if err != nil {
		return nil, "", false, err
	}
	scanned = afterID
	for _, row := range found {
		scanned = row.ID
		if changed[row.ID] {
			if row.Object, err = l.objectAsOf(app, db, collection, row.ID, seq); err != nil {
				return nil, "", false, err
			}
			if owned, err := l.ownedAsOf(app, db, view, collection, row.Object, seq); err != nil || !owned {
				if err != nil {
					return nil, "", false, err
				}
				continue
			}
			row.Version = versionIn(row.Object)
		}
		rows = append(rows, row)
	}
	return rows, scanned, len(found) < limit, nil
}

// ownedAsOf reports whether the view's owner saw the row, as it stood at the seq: what came into sight later was
// somebody else's then. A nil object was not there.
func (l *Log) ownedAsOf(app core.App, db dbx.Builder, view View, collection string, object []byte, seq int64) (bool, error) {
	if object == nil {
		return false, nil
	}
	column, owner := view.Owner()
	if column == "" {
		return true, nil
	}
	var row struct{ ID, Shop, Visit, Customer string }
	if err := json.Unmarshal(object, &row); err != nil {
		return false, err
	}
	if column == "shop" {
		return row.Shop == owner || collection == record.Shops && row.ID == owner, nil
	}
	switch {
	case collection == record.Customers:
		return row.ID == owner, nil
	case row.Visit == "":
		return row.Customer == owner, nil
	}
	visit, err := l.objectAsOf(app, db, record.Visits, row.Visit, seq)
	if err != nil || visit == nil {
		return false, err
	}
	row.Customer = ""
	err = json.Unmarshal(visit, &row)
	return row.Customer == owner, err
}

// reading opens a read transaction: every query in it sees the same moment.
func reading(app core.App) (db dbx.Builder, finish func(), err error) {
	pool, ok := app.ConcurrentDB().(*dbx.DB)
	if !ok {
		return app.DB(), func() {}, nil // already in a transaction
	}
	tx, err := pool.Begin()
	if err != nil {
		return nil, nil, err
	}
	return tx, func() { _ = tx.Rollback() }, nil
}

func changedSince(db dbx.Builder, collection string, seq int64) (map[string]bool, error) {
	var ids []string
	err := db.NewQuery(`SELECT DISTINCT [record] FROM sync_changes WHERE [seq] > {:seq} AND [collection] = {:collection}`).
		Bind(dbx.Params{"seq": seq, "collection": collection}).Column(&ids)
	if err != nil {
		return nil, err
	}
	changed := make(map[string]bool, len(ids))
	for _, id := range ids {
		changed[id] = true
	}
	return changed, nil
}

func (s *shape) page(db dbx.Builder, where string, params dbx.Params, afterID string, limit int) ([]Row, error) {
	bound := dbx.Params{"afterID": afterID, "pageLimit": limit}
	for name, value := range params {
		bound[name] = value
	}
	condition := "[id] > {:afterID}"
	if where != "" {
		condition += " AND (" + where + ")"
	}
	result, err := db.NewQuery(s.selects + " WHERE " + condition + " ORDER BY [id] LIMIT {:pageLimit}").Bind(bound).Rows()
	if err != nil {
		return nil, err
	}
	defer result.Close()
	sc := s.scanner()
	version := s.index["version"]
	var rows []Row
	var arena []byte
	for result.Next() {
		start := len(arena)
		if arena, err = sc.object(result, arena); err != nil {
			return nil, err
		}
		rows = append(rows, Row{ID: sc.text("id"), Version: parseInt(sc.cells[version]), Object: arena[start:len(arena):len(arena)]})
		if len(arena) > 1<<20 {
			arena = make([]byte, 0, 1<<20)
		}
	}
	return rows, result.Err()
}

func versionIn(object []byte) int64 {
	var row struct {
		Version float64 `json:"version"`
	}
	if json.Unmarshal(object, &row) != nil {
		return 0
	}
	return int64(row.Version)
}
