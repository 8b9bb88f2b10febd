package sim

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"
)

// row is one row as a tablet holds it. Rows are never changed in place: a change makes another one.
type row struct {
	version int64
	fields  map[string]json.RawMessage
}

// text is a text field of the row, "" when it has none.
func (r *row) text(name string) string {
	if r == nil {
		return ""
	}
	var s string
	_ = json.Unmarshal(r.fields[name], &s)
	return s
}

// canonical is the row as text, equal for equal rows.
func (r *row) canonical() string {
	b, _ := json.Marshal(r.fields) // sorted by name; values are JSON already
	return string(b)
}

// with is the row after the fields took other values.
func (r *row) with(data map[string]json.RawMessage, version int64) *row {
	fields := make(map[string]json.RawMessage, len(r.fields)+len(data))
	maps.Copy(fields, r.fields)
	maps.Copy(fields, data)
	return &row{version: version, fields: fields}
}

// op is one row's change inside a mutation, as it goes over the wire.
type op struct {
	Op         string                     `json:"op"`
	Collection string                     `json:"collection"`
	ID         string                     `json:"id"`
	Base       *int64                     `json:"base,omitempty"`
	Data       map[string]json.RawMessage `json:"data,omitempty"`
}

func (o op) key() string { return o.Collection + "/" + o.ID }

// mutation is one act of a person, as it goes over the wire.
type mutation struct {
	Seq    int64  `json:"seq"`
	ID     string `json:"id"`
	Intent string `json:"intent"`
	At     string `json:"at"`
	Seen   string `json:"seen"`
	Ops    []op   `json:"ops"`
	App    string `json:"app,omitempty"`
	Commit int64  `json:"commit,omitempty"`
}

// States of an outbox entry.
const (
	pending  = "pending"
	acked    = "acked"
	rejected = "rejected"
)

// entry is a mutation in the outbox. Entries are never changed in place.
type entry struct {
	mutation
	status    string
	rows      []string
	attempts  int
	known     bool // the server knew its id already: its first effect stands, the next pull shows which
	elsewhere bool // the server has it by another device or seq: this device's seq says nothing about it
	again     bool // it was elsewhere and has been offered once more
	left      bool
	outcome   string
	versions  map[string]int64
	round     int64
	ackedAt   time.Time
	code      string
}

// sentEntry is an acknowledged mutation, kept to be offered again to a restored server.
type sentEntry struct {
	mutation
	outcome   string
	ackedAt   time.Time
	day       int // days of contact before it was acknowledged
	device    string
	elsewhere bool // as in the outbox: after a restore only asking by its id tells whether the server still has it
}

type shadow struct{ row *row }

// staged is how far a snapshot has come in.
type staged struct {
	cursor string
	epoch  string
	round  int64
}

// meta is the store's single values.
type meta struct {
	device, letter, cursor, epoch, boot, credential string
	seq, round                                      int64
	settled                                         int64 // highest seq the server said it has; -1: not known
	reconcile                                       bool
	elsewhereIn                                     string // the epoch in which the server last had something elsewhere; unsure: another one since
	days                                            int    // on which the server was reached
	reachedAt                                       time.Time
	staged                                          *staged
}

const unsure = "unsure" // is no epoch

// upload is a photo on its way: its bytes stay until the server has them.
type upload struct {
	sha256, media string
	photo         string    // its row
	taken         time.Time // by the world's clock
	asked         time.Time
	bytes         []byte
	url           string
	state         string // local, stored, verified, refused
	confirmed     bool   // its row has said so, too
	code          string
	broken        bool // the bytes are not those of the name: it must never be called complete
}

// store is what survives on the tablet: the database of one person on one installation. Every change happens inside
// atomically, and a crash at any boundary leaves exactly what was committed before.
type store struct {
	rows    map[string]*row
	shadows map[string]*shadow
	outbox  map[string]*entry
	sent    map[string]*sentEntry
	uploads map[string]*upload
	staging [][]change
	meta    meta

	undo    []func()
	inside  bool
	crashIn int // boundaries until the tab dies; 0: never
	crashes int
}

// died is what a dying tab panics with: nothing after it happens.
type died struct{}

func newStore(device string) *store {
	return &store{rows: map[string]*row{}, shadows: map[string]*shadow{}, outbox: map[string]*entry{}, sent: map[string]*sentEntry{},
		uploads: map[string]*upload{}, meta: meta{device: device, reconcile: true, settled: -1}}
}

// boundary is a place where the tab may die.
func (s *store) boundary() {
	if s.crashIn == 0 {
		return
	}
	if s.crashIn--; s.crashIn == 0 {
		s.crashes++
		if s.inside {
			s.rollback()
		}
		panic(died{})
	}
}

func (s *store) rollback() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		s.undo[i]()
	}
	s.undo, s.inside = nil, false
}

// atomically is one transaction: whole or not at all, also when the tab dies in it or right after.
func (s *store) atomically(work func()) {
	if s.inside {
		work()
		return
	}
	s.inside = true
	work()
	s.boundary() // before the commit
	s.inside, s.undo = false, nil
	s.boundary() // after it
}

func write[K comparable, V any](s *store, table map[K]V, key K, value V, gone bool) {
	s.boundary()
	before, had := table[key]
	s.undo = append(s.undo, func() {
		if had {
			table[key] = before
		} else {
			delete(table, key)
		}
	})
	if gone {
		delete(table, key)
	} else {
		table[key] = value
	}
}

func (s *store) putRow(key string, r *row) { write(s, s.rows, key, r, r == nil) }

func (s *store) putShadow(key string, r *shadow) { write(s, s.shadows, key, r, r == nil) }

func (s *store) putEntry(e *entry) { write(s, s.outbox, e.ID, e, false) }

func (s *store) dropEntry(id string) { write(s, s.outbox, id, nil, true) }

func (s *store) putSent(e *sentEntry) { write(s, s.sent, e.ID, e, false) }

func (s *store) dropSent(id string) { write(s, s.sent, id, nil, true) }

func (s *store) putUpload(u *upload) { write(s, s.uploads, u.sha256, u, false) }

// set changes the single values.
func (s *store) set(change func(m *meta)) {
	s.atomically(func() {
		s.boundary()
		before := s.meta
		s.undo = append(s.undo, func() { s.meta = before })
		change(&s.meta)
	})
}

func (s *store) setStaging(pages [][]change) {
	s.boundary()
	before := s.staging
	s.undo = append(s.undo, func() { s.staging = before })
	s.staging = pages
}

// update replaces an entry by a changed copy.
func (s *store) update(e *entry, change func(e *entry)) {
	copied := *e
	change(&copied)
	s.putEntry(&copied)
}

// entries are those that match, in the order of their seq.
func (s *store) entries(match func(*entry) bool) []*entry {
	var found []*entry
	for _, e := range s.outbox {
		if match(e) {
			found = append(found, e)
		}
	}
	sort.Slice(found, func(i, j int) bool {
		return found[i].Seq < found[j].Seq || found[i].Seq == found[j].Seq && found[i].ID < found[j].ID
	})
	return found
}

func (s *store) with(status string) []*entry {
	return s.entries(func(e *entry) bool { return e.status == status })
}

// server is the server's own row under a key, nil when it has none as far as is known here.
func (s *store) server(key string) *row {
	if over := s.shadows[key]; over != nil {
		return over.row
	}
	return s.rows[key]
}

// keys are the visible rows of a collection, sorted.
func (s *store) keys(collection string) []string {
	var keys []string
	for key := range s.rows {
		if strings.HasPrefix(key, collection+"/") {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func sameJSON(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) {
		return true
	}
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	one, _ := json.Marshal(x)
	other, _ := json.Marshal(y)
	return bytes.Equal(one, other)
}
