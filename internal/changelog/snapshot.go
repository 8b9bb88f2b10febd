package changelog

import (
	"bytes"
	"database/sql"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// Part is what a snapshot is to read of one collection: rows with ids above After, in the order of their ids, as they
// stood at Seq, up to Limit of them or until they take about Bytes as JSON. Where is an SQL condition on the table.
type Part struct {
	Collection   string
	Where        string
	Params       dbx.Params
	Seq          int64
	After        string
	Limit, Bytes int
}

// Snapshot reads a part. Scanned is the last id looked at and done says that there are no more. The part is the same
// whenever it is read: rows that did not exist at the seq, or were not the owner's then, are left out, and those that were
// deleted or left the owner's sight since are in it. The log then brings the ones and takes the others away; in a database
// that was restored to a moment in between they are still there.
func (l *Log) Snapshot(app core.App, view View, p Part) (table *wire.Table, scanned string, done bool, err error) {
	db, finish, err := reading(app)
	if err != nil {
		return nil, "", false, err
	}
	defer finish()
	s, err := l.shape(app, p.Collection)
	if err != nil {
		return nil, "", false, err
	}
	changed, err := changedSince(db, view, p)
	if err != nil {
		return nil, "", false, err
	}
	table, later, scanned, done, err := s.page(db, p, changed)
	if err != nil {
		return nil, "", false, err
	}
	for _, id := range append(later, changed.gone(p.After, scanned, done, later)...) {
		row, err := l.valuesAsOf(app, db, p.Collection, id, p.Seq)
		if err != nil {
			return nil, "", false, err
		}
		owned, err := l.ownedAsOf(app, db, view, s, row, p.Seq)
		if err != nil {
			return nil, "", false, err
		}
		if owned {
			table.Append(func(b []byte, i int) []byte { return append(b, row[i]...) })
		}
	}
	return table, scanned, done, nil
}

// ownedAsOf reports whether the view's owner saw the row, as it stood at the seq: what came into sight later was
// somebody else's then. A row without values was not there.
func (l *Log) ownedAsOf(app core.App, db dbx.Builder, view View, s *shape, row values, seq int64) (bool, error) {
	if row == nil {
		return false, nil
	}
	column, owner := view.Owner()
	switch {
	case column == "":
		return true, nil
	case column == "shop":
		return shopOf(s, row) == owner, nil
	case s.name == record.Customers:
		return s.text(row, record.FieldID) == owner, nil
	}
	in, id := s.within(row)
	if in == "" {
		return s.text(row, record.FieldCustomer) == owner, nil
	}
	around, err := l.shape(app, in)
	if err != nil {
		return false, err
	}
	above, err := l.valuesAsOf(app, db, in, id, seq)
	return around.text(above, record.FieldCustomer) == owner, err
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

// changes are the rows of a collection that changed after a seq; true for those that somebody deleted, or that left the
// owner's sight, even if they came back.
type changes map[string]bool

// changedSince reads what changed after the part's seq. The plus keeps SQLite from reading the whole index by record for
// it: what was written since is little.
func changedSince(db dbx.Builder, view View, p Part) (changes, error) {
	went := "[op] IN ('delete', 'leave')"
	column, owner := view.Owner()
	if column != "" {
		went += " AND [" + column + "] = {:owner}"
	}
	var rows []struct {
		Record string `db:"record"`
		Went   bool   `db:"went"`
	}
	err := db.NewQuery(`SELECT [record], ` + went + ` AS [went] FROM sync_changes WHERE [seq] > {:seq} AND +[collection] = {:collection}`).
		Bind(dbx.Params{"seq": p.Seq, "collection": p.Collection, "owner": owner}).All(&rows)
	if err != nil {
		return nil, err
	}
	changed := make(changes, len(rows))
	for _, r := range rows {
		changed[r.Record] = changed[r.Record] || r.Went
	}
	return changed, nil
}

// gone are the rows between two ids that went, besides those found, in the order of their ids. Where the part is done there
// is no upper one.
func (c changes) gone(after, scanned string, done bool, found []string) []string {
	var ids []string
	for id, went := range c {
		if went && id > after && (done || id <= scanned) && !slices.Contains(found, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// packed is how a snapshot asks for rows: every number in a cell of its own, all else of a row in one text. SQLite's
// driver takes its time for each cell, not for each byte.
type packed struct {
	selects string
	numbers []int // columns
	rest    []int // columns in the text, in its order
}

// between stands between the values in the text. A row that holds it in a value has a part too many, and is read anew.
const between = 0x1f

func (s *shape) pack() packed {
	var p packed
	cells, parts := []string{}, []string{}
	for i, c := range s.columns {
		if c.kind == number {
			p.numbers = append(p.numbers, i)
			cells = append(cells, "["+c.name+"]")
			continue
		}
		if len(parts) > 0 {
			parts = append(parts, "char(31)")
		}
		p.rest, parts = append(p.rest, i), append(parts, "["+c.name+"]")
	}
	p.selects = "SELECT " + strings.Join(append(cells, "concat("+strings.Join(parts, ",")+")"), ",") + " FROM [" + s.name + "]"
	return p
}

// page reads the rows as they stand; those that have changed since are left for later.
func (s *shape) page(db dbx.Builder, p Part, changed changes) (table *wire.Table, later []string, scanned string, done bool, err error) {
	bound := dbx.Params{"afterID": p.After, "pageLimit": p.Limit}
	for name, value := range p.Params {
		bound[name] = value
	}
	condition := "[id] > {:afterID}"
	if p.Where != "" {
		condition += " AND (" + p.Where + ")"
	}
	found, err := db.NewQuery(s.packed.selects + " WHERE " + condition + " ORDER BY [id] LIMIT {:pageLimit}").Bind(bound).Rows()
	if err != nil {
		return nil, nil, "", false, err
	}
	defer found.Close()
	table, scanned = wire.NewTable(s.name, s.names), p.After
	row := s.unpacker()
	n := 0
	for ; found.Next(); n++ {
		if n%64 == 63 && table.Size() > p.Bytes {
			return table, later, scanned, false, nil
		}
		if err := found.Scan(row.into...); err != nil {
			return nil, nil, "", false, err
		}
		whole := row.unpack()
		scanned = string(row.values[s.index[record.FieldID]])
		if _, since := changed[scanned]; since || !whole {
			later = append(later, scanned)
			continue
		}
		table.Append(row.append)
	}
	return table, later, scanned, n < p.Limit, found.Err()
}

// unpacker takes rows apart, reusing its buffers.
type unpacker struct {
	shape  *shape
	cells  []sql.RawBytes
	into   []any
	values [][]byte // by column, as stored
}

func (s *shape) unpacker() *unpacker {
	n := len(s.packed.numbers) + 1
	u := &unpacker{shape: s, cells: make([]sql.RawBytes, n), into: make([]any, n), values: make([][]byte, len(s.columns))}
	for i := range u.cells {
		u.into[i] = &u.cells[i]
	}
	return u
}

// unpack finds the values of the row just scanned. False: one of them holds the mark between two; its id is right.
func (u *unpacker) unpack() bool {
	numbers := u.shape.packed.numbers
	for i, column := range numbers {
		u.values[column] = u.cells[i]
	}
	text := []byte(u.cells[len(numbers)])
	for i, column := range u.shape.packed.rest {
		end := bytes.IndexByte(text, between)
		if last := i == len(u.shape.packed.rest)-1; last != (end < 0) {
			return false
		} else if last {
			end = len(text)
		}
		u.values[column], text = text[:end], text[min(end+1, len(text)):]
	}
	return true
}

func (u *unpacker) append(b []byte, i int) []byte {
	return appendCell(b, u.shape.columns[i].kind, u.values[i])
}
