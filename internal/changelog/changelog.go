// Package changelog writes down every change of every row, whoever makes it: through push, PocketBase's API, batch,
// the admin screens, an import or a cascade. It promises that a row, its version and its log entry are committed
// together or not at all, that seq order is commit order, and that the state of a row at any seq still kept can be
// read back. It decides nothing about the change and knows no device.
//
// Call Bind before any other hook is bound, Start once the database is migrated, then read with Page, AsOf and
// FieldsSince. DESIGN.md beside this file is the specification.
package changelog

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/database"
)

// Keep is how long the log, and with it the tombstones, is kept: a device that was away for longer gets a snapshot.
const Keep = 90 * 24 * time.Hour

// Log is the change log of one database. The zero value is not usable; call New.
type Log struct {
	clock func() time.Time

	shapes sync.Map // *core.Collection → *shape

	mu        sync.Mutex
	open      map[*core.TxAppInfo]*position // transactions that have written
	listeners []func()

	meta      metaCache
	committed atomic.Int64 // the log reaches at least this far
	recent    recent
}

// position is where an open transaction stands in the log.
type position struct {
	unit    int64   // first seq of the act under way, 0 when none has written yet
	last    int64   // last seq written
	entries []Entry // written so far

	row    *core.Record // read last by Record
	stands values       // and how it stands
}

// New returns a log that stamps its entries with the clock (UTC).
func New(clock func() time.Time) *Log {
	return &Log{clock: clock, open: map[*core.TxAppInfo]*position{}, meta: metaCache{renewing: make(chan struct{}, 1)}}
}

// OnCommit registers a function to be called after each commit that changed the log, and when a new epoch begins. It
// must return at once; calls may overlap and may come in another order than the commits, so it is a poke and carries
// nothing.
func (l *Log) OnCommit(fn func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listeners = append(l.listeners, fn)
}

// Write runs fn in one transaction as one act: its changes reach every device together. It returns the seq of the
// last change, 0 when nothing changed. Inside an open transaction it begins a new act within it.
func (l *Log) Write(app core.App, fn func(tx core.App) error) (commit int64, err error) {
	err = app.RunInTransaction(func(tx core.App) error {
		if err := l.begin(tx); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		commit = l.end(tx)
		return nil
	})
	return commit, err
}

// begin makes the next change of the transaction the first of a new act.
func (l *Log) begin(tx core.App) error {
	p, err := l.position(tx)
	if err != nil {
		return err
	}
	p.unit = 0
	return nil
}

// end returns the last seq of the act under way and closes it.
func (l *Log) end(tx core.App) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.open[tx.TxInfo()]
	if p == nil || p.unit == 0 {
		return 0
	}
	p.unit = 0
	return p.last
}

// position returns where the transaction stands, reading the log's end when it has not written yet. The only writing
// connection is ours until the commit, so the numbers after it are ours too.
func (l *Log) position(tx core.App) (*position, error) {
	info := tx.TxInfo()
	l.mu.Lock()
	p := l.open[info]
	l.mu.Unlock()
	if p != nil {
		return p, nil
	}
	head, err := headOf(tx)
	if err != nil {
		return nil, err
	}
	p = &position{last: head}
	l.mu.Lock()
	l.open[info] = p
	l.mu.Unlock()
	info.OnComplete(func(txErr error) error {
		changed := txErr == nil && p.last > head
		if changed {
			l.committed.Store(p.last)
			l.recent.add(p.entries)
		}
		l.complete(info, changed)
		return nil
	})
	return p, nil
}

func (l *Log) complete(info *core.TxAppInfo, changed bool) {
	l.mu.Lock()
	delete(l.open, info)
	l.mu.Unlock()
	if changed {
		l.announce()
	}
}

func (l *Log) announce() {
	l.mu.Lock()
	listeners := l.listeners
	l.mu.Unlock()
	for _, fn := range listeners {
		fn()
	}
}

// Position is the last seq inside the open transaction.
func (l *Log) Position(tx core.App) (int64, error) {
	p, err := l.position(tx)
	if err != nil {
		return 0, err
	}
	return p.last, nil
}

// builder is the transaction, or outside of one the connections that read.
func builder(app core.App) dbx.Builder { return app.ConcurrentDB() }

// Head is the last committed seq.
func (l *Log) Head(app core.App) (int64, error) { return headOf(app) }

func headOf(app core.App) (head int64, err error) {
	err = database.On(builder(app), "SELECT COALESCE(MAX(seq), 0) FROM sync_changes").Row(&head)
	return head, err
}
