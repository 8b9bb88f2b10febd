package sim

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"testing/synctest"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/changelog"
)

// season closes the house for longer than the log is kept, once in a seed. One tablet has been without network before
// it: its work is based on rows whose later changes nobody knows any more when it arrives.
func (w *world) season() bool {
	here := w.here()
	if w.seasons > 0 || len(here) == 0 {
		return false
	}
	w.seasons++
	d := pick(w, here)
	away := w.between(time.Minute, 4*time.Minute)
	d.offUntil = time.Now().Add(away)
	w.tracef("%s is offline until the house closes for months", d.name())
	w.after(away, "season", w.closeForSeason)
	return true
}

func (w *world) closeForSeason() {
	if w.quiet {
		return
	}
	if w.down {
		w.after(3*time.Minute, "season", w.closeForSeason)
		return
	}
	w.step("season")
	w.check() // what is forgotten must have been right
	w.seasonFrom = time.Now()
	w.restartAfter(changelog.Keep + w.between(time.Hour, 20*24*time.Hour))
	_, _ = w.house.shop.House.Photos.Sweep(time.Now())
	w.prune()
	w.after(w.between(10*time.Minute, 3*time.Hour), "prune", w.pruneAgain)
	for _, b := range w.backups {
		_ = os.RemoveAll(b.dir)
	}
	w.backups = nil
	w.tracef("months later the log has forgotten what was before")
	for _, d := range w.devices {
		w.after(w.between(0, 5*time.Minute), "sign in", func() { w.signIn(d) })
	}
}

// pruneAgain is the next night's: what was kept as the last entry of a shop may have followers now.
func (w *world) pruneAgain() {
	if w.down {
		w.after(3*time.Minute, "prune", w.pruneAgain)
		return
	}
	w.step("prune")
	w.check()
	w.prune()
	w.tracef("the log has forgotten once more")
}

// prune lets the log forget, and the model with it. What is younger than the log is kept must all be there.
func (w *world) prune() {
	h, since := w.house.shop, time.Now().Add(-changelog.Keep)
	before := w.entriesSince(since)
	h.House.Log.Prune(h.App, h.App.Logger())
	synctest.Wait()
	if after := w.entriesSince(since); after != before {
		w.violation(8, fmt.Sprintf("the log forgets %d entries before their time", before-after))
	}
	w.oracle.forget()
	w.pruned = w.oracle.clone()
}

func (w *world) entriesSince(at time.Time) (n int) {
	if err := w.house.shop.App.DB().NewQuery("SELECT COUNT(*) FROM sync_changes WHERE at >= {:at}").Bind(dbx.Params{"at": stamp(at)}).Row(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// forget takes over from a pruned log what it still tells of the rows: who changed which field, and from which version
// on nothing is missing. Tombstones that are gone hold nobody off any more.
func (o *oracle) forget() {
	o.follow()
	var entries []logged
	err := o.w.house.shop.App.DB().NewQuery("SELECT collection, record, version, op, data, actor, device FROM sync_changes " +
		"WHERE op IN ('create', 'update', 'delete') ORDER BY seq").All(&entries)
	if err != nil {
		o.w.t.Fatal(err)
	}
	o.gone = map[string]bool{}
	told := map[string]map[int64]bool{}
	for _, at := range o.rows {
		at.changed, at.reach = map[string]author{}, at.row.version
	}
	for i := range entries {
		e := &entries[i]
		at := o.rows[e.key()]
		if e.Op == "delete" {
			o.gone[e.key()] = true
		}
		if at == nil || e.Op == "delete" {
			continue
		}
		if told[e.key()] == nil {
			told[e.key()] = map[int64]bool{}
		}
		told[e.key()][e.Version] = true
		at.note(e)
	}
	for key, at := range o.rows {
		for told[key][at.reach] {
			at.reach--
		}
	}
}

// note takes down who changed which fields.
func (k *known) note(e *logged) {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal([]byte(e.Data), &fields) // was read when it was played
	for name := range fields {
		if !bookkeeping[name] {
			k.changed[name] = author{version: e.Version, actor: e.Actor, device: e.Device}
		}
	}
}

// clone is the model as it stands; rows themselves are never changed in place.
func (o *oracle) clone() *oracle {
	c := *o
	c.rows = map[string]*known{}
	for key, k := range o.rows {
		c.rows[key] = &known{row: k.row, changed: maps.Clone(k.changed), reach: k.reach}
	}
	c.gone, c.settled, c.played, c.order = maps.Clone(o.gone), maps.Clone(o.settled), maps.Clone(o.played), maps.Clone(o.order)
	c.outcomes = map[string][]stored{} // heard again
	return &c
}
