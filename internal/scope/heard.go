package scope

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// flushEvery bounds what a crash can forget of how far devices have heard. Forgetting is safe: a start on a consent
// that the server no longer knows the device had heard of is judged by the present.
const flushEvery = time.Second

// flushedAtOnce bounds the devices noted in one transaction, and with it how long a push waits for it.
const flushedAtOnce = 250

// seenEvery is how exact a device's last_seen is; finer would be a change for every pull.
const seenEvery = time.Hour

// heard remembers, for each device, the seq up to which the server certainly delivered, and when it was last here.
type heard struct {
	mu      sync.Mutex
	devices map[string]*hearing
}

type hearing struct {
	loaded    bool
	delivered int64
	pulled    bool
	dirty     bool
	touched   bool
	app       string
	noted     time.Time // last_seen as written
}

func newHeard() *heard { return &heard{devices: map[string]*hearing{}} }

func (h *heard) of(device string) *hearing {
	one := h.devices[device]
	if one == nil {
		one = &hearing{}
		h.devices[device] = one
	}
	return one
}

func (h *heard) touch(device, app string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	one := h.of(device)
	one.touched = true
	if app != "" {
		one.app = app
	}
}

// Delivered is the seq up to which the server knows the device has heard, and whether it ever pulled.
func (d *Devices) Delivered(device string) (seq int64, pulled bool, err error) {
	d.heard.mu.Lock()
	one := d.heard.of(device)
	seq, pulled, loaded := one.delivered, one.pulled, one.loaded
	d.heard.mu.Unlock()
	if loaded {
		return seq, pulled, nil
	}
	stored, err := d.private(device)
	if err != nil {
		return 0, false, err
	}
	d.heard.mu.Lock()
	defer d.heard.mu.Unlock()
	if one.loaded = true; !one.dirty {
		one.delivered = max(one.delivered, stored.Delivered)
	}
	one.pulled = one.pulled || stored.Pulled
	return one.delivered, one.pulled, nil
}

// Deliver notes that everything up to the seq has been handed to the device. A reset sets it back: after a snapshot
// of an older seq the device knows no more than that.
func (d *Devices) Deliver(device string, seq int64, reset bool) {
	d.heard.mu.Lock()
	defer d.heard.mu.Unlock()
	one := d.heard.of(device)
	if one.pulled && seq <= one.delivered && !reset {
		return
	}
	if reset || seq > one.delivered {
		one.delivered = seq
	}
	one.pulled, one.dirty = true, true
}

// Run writes down what was heard, until the context ends.
func (d *Devices) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			d.Flush()
		}
	}
}

// Flush writes what changed since the last time.
func (d *Devices) Flush() {
	now := d.clock()
	var dirty, greeted []string
	d.heard.mu.Lock()
	for device, one := range d.heard.devices {
		if one.dirty {
			dirty = append(dirty, device)
		}
		if one.touched && now.Sub(one.noted) >= seenEvery {
			greeted = append(greeted, device)
		}
	}
	d.heard.mu.Unlock()
	slices.Sort(greeted) // the same history gives the same log
	for some := range slices.Chunk(dirty, flushedAtOnce) {
		if err := d.writeHeard(some); err != nil {
			d.app.Logger().Warn("noting how far devices have heard failed; it is tried again", "devices", len(some), "error", err)
		}
	}
	for some := range slices.Chunk(greeted, flushedAtOnce) {
		if d.writeSeen(some, now) == nil {
			continue
		}
		for _, device := range some { // one of them may be the trouble
			if err := d.writeSeen([]string{device}, now); err != nil {
				d.app.Logger().Warn("noting when a device was last here failed; it is tried again", "device", device, "error", err)
			}
		}
	}
}

// writeHeard notes how far some devices have heard, in one transaction: a change that goes out to a thousand tablets is
// one write to the disk, not a thousand.
func (d *Devices) writeHeard(some []string) error {
	notes := make([]dbx.Params, len(some))
	d.heard.mu.Lock()
	for i, device := range some {
		one := d.heard.of(device)
		notes[i] = dbx.Params{"device": device, "delivered": one.delivered, "pulled": one.pulled}
		one.dirty = false
	}
	d.heard.mu.Unlock()
	err := d.app.RunInTransaction(func(tx core.App) error {
		for _, note := range notes {
			_, err := tx.DB().NewQuery(`INSERT INTO sync_devices (device, delivered, pulled) VALUES ({:device}, {:delivered}, {:pulled})
				ON CONFLICT (device) DO UPDATE SET delivered = excluded.delivered, pulled = excluded.pulled`).Bind(note).Execute()
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		d.heard.mu.Lock()
		for _, device := range some {
			d.heard.of(device).dirty = true
		}
		d.heard.mu.Unlock()
	}
	return err
}

// writeSeen notes last_seen on the devices' rows, at most every seenEvery, and the app's version when it changed. The rows
// are read inside the transaction: what a manager revokes meanwhile stays revoked.
func (d *Devices) writeSeen(some []string, now time.Time) error {
	versions := make([]string, len(some))
	d.heard.mu.Lock()
	for i, device := range some {
		one := d.heard.of(device)
		versions[i] = one.app
		one.touched, one.noted = false, now
	}
	d.heard.mu.Unlock()
	err := d.app.RunInTransaction(func(tx core.App) error {
		for i, device := range some {
			if err := noteSeen(tx, device, versions[i], now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		d.heard.mu.Lock()
		for _, device := range some {
			one := d.heard.of(device)
			one.touched, one.noted = true, time.Time{}
		}
		d.heard.mu.Unlock()
	}
	return err
}

func noteSeen(tx core.App, device, version string, now time.Time) error {
	row, err := tx.FindRecordById(record.Devices, device)
	if err != nil {
		return err
	}
	known := record.AsDevice(row)
	if now.Sub(record.Time(known.LastSeen())) < seenEvery && (version == "" || version == known.App()) {
		return nil
	}
	known.SetLastSeen(record.Text(now))
	if version != "" {
		known.SetApp(version)
	}
	return tx.SaveWithContext(record.WithActor(context.Background(), record.System(known.Shop())), row)
}
