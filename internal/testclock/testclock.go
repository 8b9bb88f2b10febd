// Package testclock is a clock that a test may move: `serve --test-clock`. It promises that only a database that has
// never held anything real runs on it: an empty one is marked as a test's for ever, and any other is refused.
package testclock

import (
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// ErrNotEmpty: the database holds rows and was never marked as a test's.
var ErrNotEmpty = errors.New("--test-clock works on an empty database only, or on one that was a test's from the beginning")

// Clock is real time until it is set; then it runs on from there.
type Clock struct {
	mu    sync.Mutex
	set   time.Time // what it was set to
	since time.Time // real time at that moment
	other func() time.Time
}

// Now is the clock's time, UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.other != nil {
		return c.other().UTC()
	}
	if c.since.IsZero() {
		return time.Now().UTC()
	}
	return c.set.Add(time.Since(c.since)).UTC()
}

// Set moves the clock.
func (c *Clock) Set(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set, c.since = to.UTC(), time.Now()
}

// Follow has the clock show another's time until the returned function is called: a demo's past is written at its own time.
func (c *Clock) Follow(other func() time.Time) (back func()) {
	set := func(f func() time.Time) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.other = f
	}
	set(other)
	return func() { set(nil) }
}

// Movable says whether the clock was ever set: without --test-clock it never is.
func (c *Clock) Movable() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.since.IsZero()
}

// Begin marks the database as a test's and starts the clock. It refuses (ErrNotEmpty) a database that may be real.
func (c *Clock) Begin(app core.App, at time.Time) error {
	marked, err := record.IsTest(app)
	if err != nil {
		return err
	}
	if !marked {
		var rows int
		err := app.DB().NewQuery("SELECT (SELECT COUNT(*) FROM shops) + (SELECT COUNT(*) FROM staff) + (SELECT COUNT(*) FROM sync_changes)").Row(&rows)
		if err != nil {
			return err
		}
		if rows > 0 {
			return ErrNotEmpty
		}
		if err := record.SetMark(app, record.MarkTest, time.Now().UTC().Format(time.RFC3339)); err != nil {
			return err
		}
	}
	c.Set(at)
	return nil
}
