package sim

import (
	"encoding/json"
	"fmt"
	"sort"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/apptest"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// oracle is a small model of what the server must have done: it knows every mutation that was ever saved on a tablet,
// reads in the change log in which order they took effect, and plays them one after the other by the rules of merging.
// Nothing of the server's own code decides in it.
type oracle struct {
	w        *world
	rows     map[string]*known
	gone     map[string]bool
	seq      int64               // last entry of the log played
	settled  map[string]int64    // by device: last outcome played
	outcomes map[string][]stored // by device, what is not played yet, by seq
	played   map[string]string   // outcome of every mutation played, by id
	order    map[string]int      // by device: ordinal of the last mutation played
}

// known is a row of the model.
type known struct {
	row     *row
	changed map[string]author // last change of every field that the log still tells
	reach   int64             // the oldest version from which the log tells every change
}

type author struct {
	version       int64
	actor, device string
}

// stored is an outcome as the server keeps it.
type stored struct {
	Device  string `db:"device"`
	Seq     int64  `db:"seq"`
	ID      string `db:"id"`
	Outcome string `db:"outcome"`

	said struct {
		Outcome string `json:"outcome"`
		Commit  int64  `json:"commit"`
		Faults  []struct {
			Code string `json:"code"`
		} `json:"faults"`
	}
}

func (s *stored) code() string {
	if len(s.said.Faults) == 0 {
		return ""
	}
	return s.said.Faults[0].Code
}

// logged is one line of the change log.
type logged struct {
	Seq        int64  `db:"seq"`
	Unit       int64  `db:"unit"`
	Shop       string `db:"shop"`
	Customer   string `db:"customer"`
	Collection string `db:"collection"`
	Record     string `db:"record"`
	Version    int64  `db:"version"`
	Op         string `db:"op"`
	Data       string `db:"data"`
	Actor      string `db:"actor"`
	Device     string `db:"device"`
	Mutation   string `db:"mutation"`
}

func (l *logged) key() string { return l.Collection + "/" + l.Record }

func newOracle(w *world) *oracle {
	return &oracle{w: w, rows: map[string]*known{}, gone: map[string]bool{}, settled: map[string]int64{},
		outcomes: map[string][]stored{}, played: map[string]string{}, order: map[string]int{}}
}

// follow plays what the log has since the last time.
func (o *oracle) follow() {
	app := o.w.house.shop.App
	var entries []logged
	err := app.DB().NewQuery("SELECT seq, unit, shop, customer, collection, record, version, op, data, actor, device, mutation FROM sync_changes WHERE seq > {:seq} ORDER BY seq").
		Bind(dbx.Params{"seq": o.seq}).All(&entries)
	if err != nil {
		o.w.t.Fatal(err)
	}
	o.hear()
	for i := 0; i < len(entries); {
		n := i + 1
		for n < len(entries) && entries[n].Unit == entries[i].Unit {
			n++
		}
		o.unit(entries[i:n])
		i = n
	}
	o.place()
}

// hear reads the outcomes that are new.
func (o *oracle) hear() {
	var all []stored
	app := o.w.house.shop.App
	if err := app.DB().NewQuery("SELECT device, seq, id, outcome FROM sync_outcomes ORDER BY device, seq").All(&all); err != nil {
		o.w.t.Fatal(err)
	}
	o.outcomes = map[string][]stored{}
	for _, s := range all {
		if s.Seq <= o.settled[s.Device] {
			continue
		}
		if err := json.Unmarshal([]byte(s.Outcome), &s.said); err != nil {
			o.w.t.Fatal(err)
		}
		before := o.settled[s.Device]
		if waiting := o.outcomes[s.Device]; len(waiting) > 0 {
			before = waiting[len(waiting)-1].Seq
		}
		if s.Seq != before+1 {
			o.w.violation(4, fmt.Sprintf("%s: outcome of seq %d follows %d", s.Device, s.Seq, before))
		}
		o.outcomes[s.Device] = append(o.outcomes[s.Device], s)
	}
}

// unit plays one act: a mutation's, or something the server did by itself.
func (o *oracle) unit(entries []logged) {
	first := entries[0]
	for _, e := range entries {
		if e.Seq != o.seq+1 {
			o.w.violation(6, fmt.Sprintf("the log goes from %d to %d", o.seq, e.Seq))
		}
		o.seq = e.Seq
		if e.Mutation != first.Mutation {
			o.w.violation(5, fmt.Sprintf("act %d is of %q and %q", e.Unit, first.Mutation, e.Mutation))
		}
	}
	changes := make([]logged, 0, len(entries))
	for _, e := range entries {
		if e.Op != "enter" && e.Op != "leave" {
			changes = append(changes, e)
		}
	}
	o.place()
	if first.Mutation == "" {
		for i := range changes {
			o.take(&changes[i])
		}
		return
	}
	o.mutation(first.Mutation, entries[len(entries)-1].Seq, changes)
}

// place plays outcomes without entries, each as soon as it is right: where exactly it stood between its device's
// mutations nobody wrote down.
func (o *oracle) place() {
	for moved := true; moved; {
		moved = false
		for _, device := range sortedKeys(o.outcomes) {
			next := &o.outcomes[device][0]
			if next.said.Commit == 0 && o.fits(next) {
				o.pass(next)
				moved = true
			}
		}
	}
}

// fits reports whether an outcome without entries is right at this moment.
func (o *oracle) fits(s *stored) bool {
	saved := o.w.saved[s.ID]
	if s.said.Outcome == "rejected" {
		return saved == nil || o.rightlyRefused(saved, s.Device, s.code())
	}
	if saved == nil {
		return false
	}
	want, no := o.expect(saved, s.Device)
	return no == "" && len(want.changes) == 0
}

func (o *oracle) pass(s *stored) {
	o.settled[s.Device] = s.Seq
	o.played[s.ID] = s.said.Outcome
	if rest := o.outcomes[s.Device][1:]; len(rest) > 0 {
		o.outcomes[s.Device] = rest
	} else {
		delete(o.outcomes, s.Device)
	}
	saved := o.w.saved[s.ID]
	if saved == nil {
		return
	}
	if saved.n < o.order[s.Device] && !saved.resent {
		o.w.violation(4, fmt.Sprintf("%s of %s took effect after a later one", s.ID, saved.d.name()))
	}
	o.order[s.Device] = max(saved.n, o.order[s.Device])
}

// mutation plays one that has entries.
func (o *oracle) mutation(id string, commit int64, changes []logged) {
	w, saved := o.w, o.w.saved[id]
	if saved == nil {
		w.violation(12, fmt.Sprintf("nobody made mutation %s at %d", id, commit))
	}
	if _, twice := o.played[id]; twice {
		w.violation(3, fmt.Sprintf("mutation %s took effect a second time at %d", id, commit))
	}
	device := saved.device
	for from, waiting := range o.outcomes { // it may have been sent before its tablet was another device
		if waiting[0].ID == id {
			device = from
		}
	}
	if w.owner[device] != saved.d {
		w.violation(12, fmt.Sprintf("mutation %s of %s took effect as device %s", id, saved.d.name(), device))
	}
	next := o.outcomes[device]
	if len(next) == 0 || next[0].ID != id {
		w.violation(4, fmt.Sprintf("mutation %s at %d is not the next of its device: %v", id, commit, next[:min(1, len(next))]))
	}
	s := &next[0]
	if s.said.Commit != commit {
		w.violation(3, fmt.Sprintf("mutation %s: the outcome says commit %d, the log %d", id, s.said.Commit, commit))
	}
	want, no := o.expect(saved, s.Device)
	if no != "" {
		w.violation(6, fmt.Sprintf("mutation %s was %s at %d and should have been refused: %s", id, s.said.Outcome, commit, no))
	}
	o.compare(saved, s, want, changes)
	o.pass(s)
}

// take believes an entry: the model's row is now the server's.
func (o *oracle) take(e *logged) {
	key := e.key()
	if e.Op == "delete" {
		if o.rows[key] == nil {
			o.w.violation(6, fmt.Sprintf("entry %d deletes %s, which is not there", e.Seq, key))
		}
		delete(o.rows, key)
		o.gone[key] = true
		return
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(e.Data), &fields); err != nil {
		o.w.t.Fatal(err)
	}
	at := o.rows[key]
	switch {
	case e.Op == "create" && (at != nil || o.gone[key]):
		o.w.violation(9, fmt.Sprintf("entry %d makes %s again", e.Seq, key))
	case e.Op == "create":
		at = &known{row: &row{}, changed: map[string]author{}}
		o.rows[key] = at
	case at == nil:
		o.w.violation(9, fmt.Sprintf("entry %d changes %s, which is not there", e.Seq, key))
	}
	if e.Version != at.row.version+1 {
		o.w.violation(6, fmt.Sprintf("entry %d takes %s from version %d to %d", e.Seq, key, at.row.version, e.Version))
	}
	at.row = at.row.with(fields, e.Version)
	if updated := at.row.text("updated"); updated != "" && (updated > stamp(time.Now()) || updated < stamp(apptest.Morning)) {
		o.w.violation(13, fmt.Sprintf("%s was updated at %s, which is no time of the server", key, updated))
	}
	for name := range fields {
		if !bookkeeping[name] {
			at.changed[name] = author{version: e.Version, actor: e.Actor, device: e.Device}
		}
	}
}

// bookkeeping are fields that move with every save and mean nothing.
var bookkeeping = map[string]bool{"version": true, "updated": true, "updated_by": true, "device": true, "captured_at": true}

// derived are fields that the server may set in any save, besides what a mutation asks for.
func derived(collection, field string) bool {
	if bookkeeping[field] || field == "flags" || field == "id" {
		return true
	}
	entity := flow.Table().ByCollection(collection)
	return entity != nil && entity.Fields[field].Derived
}

// finish holds the server's rows to the model's, and every outcome to its place.
func (o *oracle) finish() {
	o.follow()
	for _, device := range sortedKeys(o.outcomes) {
		next := o.outcomes[device][0]
		o.w.violation(6, fmt.Sprintf("%s seq %d is said to be %s %s (commit %d), which no serial order explains", next.ID, next.Seq, next.said.Outcome, next.code(), next.said.Commit))
	}
	have := o.w.everything()
	for _, key := range sortedKeys(have) {
		if at := o.rows[key]; at == nil {
			o.w.violation(6, "the server has "+key+", which the log does not explain")
		} else if at.row.canonical() != have[key] {
			o.w.violation(6, fmt.Sprintf("the server's %s is not the model's:\n have %s\n want %s", key, have[key], at.row.canonical()))
		}
	}
	for _, key := range sortedKeys(o.rows) {
		if _, there := have[key]; !there {
			o.w.violation(6, "the server lacks "+key)
		}
	}
}

// classOf is the merge class of a field, from the published table.
func classOf(collection, field string) string {
	entity := flow.Table().ByCollection(collection)
	if entity == nil {
		return ""
	}
	return entity.Fields[field].Merge
}

func sortedFields(data map[string]json.RawMessage) []string {
	names := make([]string, 0, len(data))
	for name := range data {
		if name != record.FieldID {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}
