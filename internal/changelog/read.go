package changelog

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/database"
	"aftercare/internal/record"
)

// Entry is one line of the log.
type Entry struct {
	Seq        int64  `db:"seq"`
	Unit       int64  `db:"unit"`
	Shop       string `db:"shop"`
	Customer   string `db:"customer"`
	Collection string `db:"collection"`
	Record     string `db:"record"`
	Version    int64  `db:"version"`
	Op         string `db:"op"`
	Data       string `db:"data"`
	Prev       string `db:"prev"`
	Actor      string `db:"actor"`
	Device     string `db:"device"`
	Mutation   string `db:"mutation"`
}

// View is whose sight a reading of the log is restricted to.
type View interface {
	// Owner is the column ("shop" or "customer") and value that select the rows; "" for every shop.
	Owner() (column, value string)
	// Sees reports whether rows of the collection are shown at all.
	Sees(collection string) bool
}

// Page reads the entries after a seq that the view sees, about limit of them, ending where an act ends. End is the
// seq of the last one, or after when there is none; more says that the log goes on.
func (l *Log) Page(app core.App, view View, after int64, limit int) (entries []Entry, end int64, more bool, err error) {
	column, value := view.Owner()
	if err := entriesWhere(app, column, value, "[seq] > {:after}", dbx.Params{"after": after}, limit+1, &entries); err != nil {
		return nil, after, false, err
	}
	if limit = min(limit, within(entries)); len(entries) > limit {
		if entries, err = wholeActs(app, column, value, entries, limit); err != nil {
			return nil, after, false, err
		}
		more = true
	}
	end = after
	if len(entries) > 0 {
		end = entries[len(entries)-1].Seq
	}
	return visible(view, entries), end, more, nil
}

// pageBytes is about where a page ends although more entries were asked for.
const pageBytes = 4 << 20

// within is how many of the entries a page may hold, at least one.
func within(entries []Entry) int {
	bytes := 0
	for i := range entries {
		if bytes += len(entries[i].Data); bytes > pageBytes {
			return max(i, 1)
		}
	}
	return len(entries)
}

// Tail reads the entries of every owner after the seq, at most limit of them. Whole says that these are all there are. Those
// of the last commits are at hand and are not read.
func (l *Log) Tail(app core.App, after int64, limit int) (entries []Entry, whole bool, err error) {
	if entries, ok := l.recent.since(after); ok && len(entries) <= limit {
		return entries, true, nil
	}
	err = app.DB().NewQuery("SELECT " + entryColumns + " FROM sync_changes WHERE [seq] > {:after} ORDER BY [seq] LIMIT {:limit}").
		Bind(dbx.Params{"after": after, "limit": limit + 1}).All(&entries)
	return entries, len(entries) <= limit, err
}

// Share of a tail is what Page would have read of it: the entries after the seq that the view sees, and the seq they lead to.
func Share(tail []Entry, view View, after int64) (entries []Entry, end int64) {
	column, value := view.Owner()
	end = after
	for i := range tail {
		e := &tail[i]
		owned := column == "" && e.Op != opEnter && e.Op != opLeave || column == "shop" && e.Shop == value || column == "customer" && e.Customer == value
		if !owned || e.Seq <= after {
			continue
		}
		if end = e.Seq; view.Sees(e.Collection) {
			entries = append(entries, *e)
		}
	}
	return entries, end
}

// wholeActs cuts the entries before the act that the limit divides; an act longer than the limit is read to its end.
func wholeActs(app core.App, column, value string, entries []Entry, limit int) ([]Entry, error) {
	unit := entries[limit].Unit
	cut := limit
	for cut > 0 && entries[cut-1].Unit == unit {
		cut--
	}
	if cut > 0 {
		return entries[:cut], nil
	}
	var rest []Entry
	from := dbx.Params{"unit": unit, "after": entries[limit].Seq}
	if err := entriesWhere(app, column, value, "[unit] = {:unit} AND [seq] > {:after}", from, -1, &rest); err != nil {
		return nil, err
	}
	return append(entries, rest...), nil
}

const entryColumns = "[seq], [unit], [shop], [customer], [collection], [record], [version], [op], [data], [prev], [actor], [device], [mutation]"

func entriesWhere(app core.App, column, value, where string, params dbx.Params, limit int, into *[]Entry) error {
	if column == "" {
		where += " AND [op] NOT IN ('enter', 'leave')"
	} else {
		where += " AND [" + column + "] = {:owner}"
		params["owner"] = value
	}
	if column == "customer" {
		where += " AND [customer] != ''" // lets the partial index serve
	}
	params["limit"] = limit
	return app.DB().NewQuery("SELECT " + entryColumns + " FROM sync_changes WHERE " + where + " ORDER BY [seq] LIMIT {:limit}").
		Bind(params).All(into)
}

func visible(view View, entries []Entry) []Entry {
	kept := entries[:0]
	for _, e := range entries {
		if view.Sees(e.Collection) {
			kept = append(kept, e)
		}
	}
	return kept
}

// LastSeen is the newest seq, not above upTo, that the view's owner has an entry at: where a device that has
// everything up to upTo stands. Cursors are made of it, so that two devices with the same rows hold the same cursor.
func (l *Log) LastSeen(app core.App, view View, upTo int64) (seq int64, err error) {
	where, params := "[seq] <= {:upTo}", dbx.Params{"upTo": upTo}
	column, value := view.Owner()
	switch column {
	case "":
		where += " AND [op] NOT IN ('enter', 'leave')"
	case "customer":
		where += " AND [customer] = {:owner} AND [customer] != ''"
	default:
		where += " AND [" + column + "] = {:owner}"
	}
	params["owner"] = value
	err = app.DB().NewQuery("SELECT [seq] FROM sync_changes WHERE " + where + " ORDER BY [seq] DESC LIMIT 1").Bind(params).Row(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return seq, err
}

// Floor is the oldest seq from which every device can still follow the log; below it an owner's last entry alone is
// kept.
func (l *Log) Floor(app core.App) (int64, error) {
	l.meta.mu.RLock()
	known, raised := l.meta.floor, l.meta.raised
	l.meta.mu.RUnlock()
	if known != nil {
		return *known, nil
	}
	var floor int64
	err := app.DB().NewQuery("SELECT COALESCE(MAX(CAST([value] AS INTEGER)), 0) FROM sync_meta WHERE [key] = {:key}").
		Bind(dbx.Params{"key": metaFloor}).Row(&floor)
	if err != nil {
		return 0, err
	}
	l.meta.mu.Lock()
	defer l.meta.mu.Unlock()
	if l.meta.raised == raised { // not meanwhile
		l.meta.floor = &floor
	}
	return floor, nil
}

// raise sets the floor; nobody else does. It is read anew also when nobody can tell whether it was written.
func (l *Log) raise(app core.App, floor int64) error {
	err := writeMeta(app.NonconcurrentDB(), metaFloor, fmt.Sprint(floor))
	l.meta.mu.Lock()
	defer l.meta.mu.Unlock()
	l.meta.floor = nil
	l.meta.raised++
	return err
}

// AsOf is the row as it stood right after the seq, as JSON values; nil when it did not exist then. It is exact for
// every seq still kept.
func (l *Log) AsOf(app core.App, collection, id string, seq int64) (map[string]any, error) {
	object, err := l.objectAsOf(app, builder(app), collection, id, seq)
	if err != nil || object == nil {
		return nil, err
	}
	var row map[string]any
	return row, json.Unmarshal(object, &row)
}

// Object is the row as it stands, as the JSON object a device gets.
func (l *Log) Object(app core.App, collection, id string) (json.RawMessage, error) {
	s, v, err := l.stored(app, collection, id)
	if err != nil {
		return nil, err
	}
	return s.object(v, nil), nil
}

// objectAsOf is the row as it stood after the seq as a JSON object, nil when it was not there.
func (l *Log) objectAsOf(app core.App, db dbx.Builder, collection, id string, seq int64) ([]byte, error) {
	s, err := l.shape(app, collection)
	if err != nil {
		return nil, err
	}
	row, err := l.valuesAsOf(app, db, collection, id, seq)
	if err != nil || row == nil {
		return nil, err
	}
	return s.object(row, nil), nil
}

// valuesAsOf takes the present row and undoes what came after the seq, newest first.
func (l *Log) valuesAsOf(app core.App, db dbx.Builder, collection, id string, seq int64) (values, error) {
	s, err := l.shape(app, collection)
	if err != nil {
		return nil, err
	}
	row, err := s.read(db, id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	var later []struct {
		Op   string `db:"op"`
		Prev string `db:"prev"`
	}
	err = db.NewQuery(`SELECT [op], [prev] FROM sync_changes WHERE [record] = {:record} AND [collection] = {:collection}
		AND [seq] > {:seq} AND [op] NOT IN ('enter', 'leave') ORDER BY [seq] DESC`).
		Bind(dbx.Params{"record": id, "collection": collection, "seq": seq}).All(&later)
	if err != nil {
		return nil, err
	}
	for _, change := range later {
		if change.Op == opCreate {
			row = nil
			continue
		}
		if row == nil {
			row = make(values, len(s.columns))
		}
		if err := s.undo(row, change.Prev); err != nil {
			return nil, fmt.Errorf("%s/%s as of %d: %w", collection, id, seq, err)
		}
	}
	return row, nil
}

func (s *shape) undo(row values, prev string) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(prev), &fields); err != nil {
		return err
	}
	for name, value := range fields {
		if i, known := s.index[name]; known {
			row[i] = value
		}
	}
	for i := range row {
		if row[i] == nil {
			row[i] = appendCell(nil, s.columns[i].kind, nil) // a column younger than the entry
		}
	}
	return nil
}

// FieldChange is the last change of one field.
type FieldChange struct {
	Version int64
	Actor   string
	Device  string
}

// FieldsSince tells, for each field of the row changed above the version, its last change. Fields that move with
// every save are left out. Known is false when the log no longer reaches back to the version.
func (l *Log) FieldsSince(app core.App, collection, id string, version int64) (changes map[string]FieldChange, known bool, err error) {
	var entries []Entry
	err = app.DB().NewQuery(`SELECT [version], [data], [actor], [device] FROM sync_changes WHERE [record] = {:record} AND [collection] = {:collection}
		AND [version] > {:version} AND [op] IN ('create', 'update') ORDER BY [seq]`).
		Bind(dbx.Params{"record": id, "collection": collection, "version": version}).All(&entries)
	if err != nil {
		return nil, false, err
	}
	changes, known = map[string]FieldChange{}, len(entries) > 0
	for i, e := range entries {
		known = known && e.Version == version+1+int64(i)
		var fields map[string]json.RawMessage
		if err := json.Unmarshal([]byte(e.Data), &fields); err != nil {
			return nil, false, err
		}
		for name := range fields {
			if !bookkeeping[name] {
				changes[name] = FieldChange{Version: e.Version, Actor: e.Actor, Device: e.Device}
			}
		}
	}
	return changes, known, nil
}

// bookkeeping fields move with every save and say nothing about what people meant.
var bookkeeping = map[string]bool{
	record.FieldVersion: true, record.FieldUpdated: true, record.FieldUpdatedBy: true,
	record.FieldDevice: true, record.FieldCapturedAt: true,
}

// Deleted reports whether the row existed and was deleted: its tombstone is still kept.
func (l *Log) Deleted(app core.App, collection, id string) (bool, error) {
	var one int
	err := database.On(builder(app), `SELECT 1 FROM sync_changes WHERE [record] = {:record} AND [collection] = {:collection} AND [op] = 'delete' LIMIT 1`).
		Bind(dbx.Params{"record": id, "collection": collection}).Row(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Known reports whether the row exists, and whether one with its id was deleted.
func (l *Log) Known(app core.App, collection, id string) (there, gone bool, err error) {
	err = database.On(builder(app), "SELECT EXISTS (SELECT 1 FROM ["+collection+"] WHERE [id] = {:record}), EXISTS (SELECT 1 FROM sync_changes "+
		"WHERE [record] = {:record} AND [collection] = {:collection} AND [op] = 'delete')").
		Bind(dbx.Params{"record": id, "collection": collection}).Row(&there, &gone)
	return there, gone, err
}

func parseInt(b []byte) int64 {
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		return n
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0
	}
	return int64(f)
}
