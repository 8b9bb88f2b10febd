package changelog

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
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
