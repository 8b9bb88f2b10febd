// Package pull answers "what has changed for this device since its cursor?": a page of the change log, or a page of a
// snapshot for a device whose cursor cannot be followed. It promises that a page ends where an act ends, that the
// cursor it hands out never goes backwards within an epoch, and that nothing outside the scope is in it. It writes
// nothing. The numbered steps are those of DESIGN.md.
package pull

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/changelog"
	"aftercare/internal/scope"
	"aftercare/internal/wire"
)

const (
	// defaultPage is the number of rows in a page when the device does not say.
	defaultPage = 1000
	// maxBytes is about where a page ends although more rows were asked for: long rows make no huge pages.
	maxBytes = 4 << 20
)

// Reader answers pulls.
type Reader struct {
	app core.App
	log *changelog.Log
}

// New returns a reader of the log.
func New(app core.App, log *changelog.Log) *Reader { return &Reader{app: app, log: log} }

// Page is one answer to a device. Delivered is the seq that the device holds once it has this page; Reset says that
// it then holds nothing else.
type Page struct {
	wire.PullResponse
	Delivered int64
	Complete  bool // Delivered counts: the page does not end inside a snapshot
}

// Pull answers a device with the scope and cursor ("" at first). Limit is the number of rows wanted, 0 for the
// default, at most wire.MaxPage. A cursor this server never made: sync.cursor.
func (r *Reader) Pull(s scope.Scope, cursor string, limit int) (*Page, error) {
	if limit <= 0 {
		limit = defaultPage
	}
	limit = min(limit, wire.MaxPage)
	if cursor == "" { // step 1: nothing yet
		return r.begin(s, limit)
	}
	floor, err := r.log.Floor(r.app)
	if err != nil {
		return nil, err
	}
	page, err := r.from(s, cursor, limit, floor)
	if err != nil {
		return nil, err
	}
	if raised, err := r.log.Floor(r.app); err != nil || raised == floor {
		return page, err
	}
	return r.Pull(s, cursor, limit) // pruned while it was read
}

// from is the page after the cursor, as long as the floor stays where it is.
func (r *Reader) from(s scope.Scope, cursor string, limit int, floor int64) (*Page, error) {
	at, err := r.log.Open(r.app, cursor)
	if err != nil {
		return nil, err
	}
	if !r.log.Current(at) || at.Scope != s.Mark() { // step 2: another epoch or scope
		return r.begin(s, limit)
	}
	if at.Reading() { // step 3: go on reading the snapshot
		place := slices.Index(scope.Collections, at.Collection)
		if at.Snapshot < floor || place < 0 {
			return r.begin(s, limit)
		}
		return r.snapshot(s, at, place, limit, false)
	}
	if behind, err := r.behind(s, at.Seq, floor); err != nil || behind { // step 4: older than what is kept
		if err != nil {
			return nil, err
		}
		return r.begin(s, limit)
	}
	return r.follow(s, at.Seq, limit)
}

// Check refuses a cursor that this server never made: sync.cursor.
func (r *Reader) Check(cursor string) error {
	_, err := r.log.Open(r.app, cursor)
	return err
}

// behind reports whether something after the seq has been pruned. A cursor stands at its scope's last entry, which
// may lie below the floor although nothing of the scope was written after it; the last entry itself is never pruned.
func (r *Reader) behind(s scope.Scope, seq, floor int64) (bool, error) {
	if seq >= floor {
		return false, nil
	}
	last, err := r.log.LastSeen(r.app, s, 1<<62)
	return err == nil && last > seq, err
}

// follow is step 5: the entries after the seq, whole acts, folded to one op a row.
func (r *Reader) follow(s scope.Scope, after int64, limit int) (*Page, error) {
	entries, end, more, err := r.log.Page(r.app, s, after, limit)
	if err != nil {
		return nil, err
	}
	ops, err := r.log.Ops(r.app, entries, end)
	if err != nil {
		return nil, err
	}
	page := r.page(r.log.At(s.Mark(), end), ops)
	page.More, page.Delivered, page.Complete = more, end, true
	return page, nil
}

// begin is step 6: a snapshot of the log's present end, from its first row.
func (r *Reader) begin(s scope.Scope, limit int) (*Page, error) {
	head, err := r.log.Head(r.app)
	if err != nil {
		return nil, err
	}
	return r.snapshot(s, changelog.Cursor{Snapshot: head}, 0, limit, true)
}

// snapshot is step 7: rows of one collection after the other from the place on, as they stood at the snapshot's seq. The
// last page's cursor stands at that seq, so that the next pull follows the log from there. A collection that an upgrade put
// before the place had no row at that seq: all of its rows come by the log.
func (r *Reader) snapshot(s scope.Scope, at changelog.Cursor, place, limit int, reset bool) (*Page, error) {
	var tables []*wire.Table
	rows, bytes := 0, 0
	for place < len(scope.Collections) && rows < limit && bytes < maxBytes {
		name := scope.Collections[place]
		if !s.Sees(name) {
			place, at.ID = place+1, ""
			continue
		}
		where, params := s.Where(name)
		table, scanned, done, err := r.log.Snapshot(r.app, s, changelog.Part{Collection: name, Where: where, Params: params,
			Seq: at.Snapshot, After: at.ID, Limit: limit - rows, Bytes: maxBytes - bytes})
		if err != nil {
			return nil, err
		}
		if table.Rows > 0 {
			tables, rows, bytes = append(tables, table), rows+table.Rows, bytes+table.Size()
		}
		if at.ID = scanned; done {
			place, at.ID = place+1, ""
		}
	}
	if place < len(scope.Collections) {
		page := r.page(r.log.Within(s.Mark(), at.Snapshot, scope.Collections[place], at.ID), nil)
		page.More, page.Reset, page.Tables = true, reset, tables
		return page, nil
	}
	end, err := r.log.LastSeen(r.app, s, at.Snapshot)
	if err != nil {
		return nil, err
	}
	page := r.page(r.log.At(s.Mark(), end), nil)
	page.Tables, page.Reset, page.Delivered, page.Complete = tables, reset, at.Snapshot, true
	page.More, err = r.grown(s, at.Snapshot)
	return page, err
}

// grown reports whether the log went on while the snapshot was being read.
func (r *Reader) grown(s scope.Scope, since int64) (bool, error) {
	last, err := r.log.LastSeen(r.app, s, 1<<62)
	return last > since, err
}

func (r *Reader) page(cursor string, ops []wire.Change) *Page {
	return &Page{PullResponse: wire.PullResponse{Epoch: r.log.Epoch(), Boot: r.log.Boot(), Cursor: cursor, Ops: ops}}
}

// Cursor is where a device with this scope stands that has everything, and the seq it stands for.
func (r *Reader) Cursor(s scope.Scope) (cursor string, seq int64, err error) {
	seq, err = r.log.LastSeen(r.app, s, 1<<62)
	if err != nil {
		return "", 0, err
	}
	return r.log.At(s.Mark(), seq), seq, nil
}
