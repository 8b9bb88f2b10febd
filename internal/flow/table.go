// Package flow says whether an act is allowed: which state may follow which, who may take the step, who may edit
// which field, and which guards must hold. table.json is the one statement of all that; the tablet imports the same
// file and runs the same guards in TypeScript. The package decides and never acts: it reads no clock, opens nothing,
// and changes none of the facts it is shown. An unknown guard, state or role in the table is a start-up panic.
package flow

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"aftercare/internal/fault"
)

//go:embed table.json
var tableJSON []byte

// Spec is the whole table. Entities is keyed by entity name ("job"), not by collection.
type Spec struct {
	Version      string
	Roles        []string
	Entities     map[string]*Entity
	byCollection map[string]*Entity
}

// Entity is one kind of record: who may create and edit it, its states and its fields (the common ones included).
// Fact marks records of what happened on the floor, which no state may refuse.
type Entity struct {
	Name        string           `json:"-"`
	Collection  string           `json:"collection"`
	Auth        bool             `json:"auth,omitempty"`
	Fact        bool             `json:"fact,omitempty"`
	Common      *bool            `json:"common,omitempty"`
	Initial     []string         `json:"initial,omitempty"`
	States      []string         `json:"states"`
	Create      Gate             `json:"create"`
	Edit        Gate             `json:"edit"`
	Transitions []Transition     `json:"transitions"`
	Fields      map[string]Field `json:"fields"`
}

// Gate is who may create or edit, and under which guards; those of editing are asked when any field but the state changes,
// beside the guards of a step. Seen: a guard about consent may also be met by what the tablet had heard of.
type Gate struct {
	Roles  []string `json:"roles"`
	Guards []string `json:"guards"`
	Seen   bool     `json:"seen,omitempty"`
}

// Transition is one step between two states. A Fact transition is never refused by a guard, only flagged. Seen works
// as in Gate; SeenFrom names the states the row may have been taken to meanwhile without the tablet's knowledge.
type Transition struct {
	Name     string   `json:"name"`
	From     string   `json:"from"`
	To       string   `json:"to"`
	Roles    []string `json:"roles"`
	Guards   []string `json:"guards"`
	Fact     bool     `json:"fact,omitempty"`
	Seen     bool     `json:"seen,omitempty"`
	SeenFrom []string `json:"seen_from,omitempty"`
}

// Field is one field of a record. Max is a length for text and a value for numbers. Write "create" means fixed after
// the first save. By replaces the entity's edit roles. Agreed fields are what a customer's consent binds (S-02).
type Field struct {
	Type     string   `json:"type"`
	To       string   `json:"to,omitempty"`
	Multiple bool     `json:"multiple,omitempty"`
	Required bool     `json:"required,omitempty"`
	Derived  bool     `json:"derived,omitempty"`
	Agreed   bool     `json:"agreed,omitempty"`
	Write    string   `json:"write,omitempty"`
	Merge    string   `json:"merge,omitempty"`
	Values   []string `json:"values,omitempty"`
	Min      *float64 `json:"min,omitempty"`
	Max      *float64 `json:"max,omitempty"`
	By       []string `json:"by,omitempty"`
	Pattern  *Pattern `json:"pattern,omitempty"`
}

// Pattern is the form a text must have: a regular expression that Go and JavaScript read alike, and the code of the
// refusal.
type Pattern struct {
	Is   string `json:"is"`
	Code string `json:"code"`
	is   *regexp.Regexp
}

// Matches says whether the text has the form.
func (p *Pattern) Matches(s string) bool { return p.is.MatchString(s) }

// Table returns the embedded table, read once.
var Table = sync.OnceValue(Load)

// Load reads the embedded table and panics when it contradicts itself or names a guard that does not exist.
func Load() *Spec {
	spec, err := parse(tableJSON)
	if err != nil {
		panic(fmt.Errorf("flow table: %w", err))
	}
	return spec
}

// Entity finds an entity by its name ("job"); nil when there is none.
func (s *Spec) Entity(name string) *Entity { return s.Entities[name] }

// ByCollection finds an entity by its collection ("jobs"); nil when there is none.
func (s *Spec) ByCollection(name string) *Entity { return s.byCollection[name] }

// Find returns the transition between two states of the entity.
func (e *Entity) Find(from, to string) (Transition, bool) {
	for _, t := range e.Transitions {
		if t.From == from && t.To == to {
			return t, true
		}
	}
	return Transition{}, false
}

// FactTo returns the fact transition that leads to the state, whatever it starts from.
func (e *Entity) FactTo(to string) (Transition, bool) {
	for _, t := range e.Transitions {
		if t.To == to && t.Fact {
			return t, true
		}
	}
	return Transition{}, false
}

func parse(b []byte) (*Spec, error) {
	var raw struct {
		Version  string             `json:"version"`
		Roles    []string           `json:"roles"`
		Common   map[string]Field   `json:"common"`
		Entities map[string]*Entity `json:"entities"`
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return nil, err
	}
	s := &Spec{Version: raw.Version, Roles: raw.Roles, Entities: raw.Entities, byCollection: map[string]*Entity{}}
	for name, e := range s.Entities {
		e.Name = name
		e.fill(raw.Common)
		if other := s.byCollection[e.Collection]; other != nil {
			return nil, fmt.Errorf("%s and %s share collection %s", other.Name, name, e.Collection)
		}
		s.byCollection[e.Collection] = e
	}
	return s, s.check()
}

// fill adds the common fields and turns missing lists into empty ones, so that they publish as [].
func (e *Entity) fill(common map[string]Field) {
	if e.Common == nil || *e.Common {
		for name, f := range common {
			if _, own := e.Fields[name]; !own {
				e.Fields[name] = f
			}
		}
	}
	for _, list := range []*[]string{&e.Initial, &e.States, &e.Create.Roles, &e.Create.Guards, &e.Edit.Roles, &e.Edit.Guards} {
		if *list == nil {
			*list = []string{}
		}
	}
	if e.Transitions == nil {
		e.Transitions = []Transition{}
	}
	for i := range e.Transitions {
		if e.Transitions[i].Guards == nil {
			e.Transitions[i].Guards = []string{}
		}
	}
}

func (s *Spec) check() error {
	for name, e := range s.Entities {
		if err := s.checkEntity(e); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (s *Spec) checkEntity(e *Entity) error {
	for _, state := range e.Initial {
		if !slices.Contains(e.States, state) {
			return fmt.Errorf("unknown initial state %q", state)
		}
	}
	for _, g := range []Gate{e.Create, e.Edit} {
		if err := s.checkGate(g.Roles, g.Guards); err != nil {
			return err
		}
	}
	steps := map[string]bool{}
	for _, t := range e.Transitions {
		step := t.From + " → " + t.To
		if steps[step] {
			return fmt.Errorf("%s is there twice", step)
		}
		steps[step] = true
		for _, state := range append([]string{t.From, t.To}, t.SeenFrom...) {
			if !slices.Contains(e.States, state) {
				return fmt.Errorf("%s: unknown state %q", t.Name, state)
			}
		}
		if err := s.checkGate(t.Roles, t.Guards); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	for name, f := range e.Fields {
		if err := s.checkField(name, f); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (s *Spec) checkGate(roles, guards []string) error {
	for _, r := range roles {
		if r != "*" && r != "system" && r != "customer" && !slices.Contains(s.Roles, r) {
			return fmt.Errorf("unknown role %q", r)
		}
	}
	for _, g := range guards {
		if Guards[g] == nil {
			return fmt.Errorf("unknown guard %q", g)
		}
	}
	return nil
}

var (
	fieldTypes   = []string{"text", "int", "number", "bool", "date", "select", "relation", "json"}
	mergeClasses = []string{"", "last", "first", "ask", "flow"}
)

func (s *Spec) checkField(name string, f Field) error {
	if !slices.Contains(fieldTypes, f.Type) {
		return fmt.Errorf("unknown type %q", f.Type)
	}
	if !slices.Contains(mergeClasses, f.Merge) {
		return fmt.Errorf("unknown merge class %q", f.Merge)
	}
	if f.Type == "relation" && s.byCollection[f.To] == nil && !s.hasCollection(f.To) {
		return fmt.Errorf("unknown collection %q", f.To)
	}
	if f.Type == "select" && name != "state" && len(f.Values) == 0 {
		return fmt.Errorf("select without values")
	}
	if f.Pattern != nil {
		is, err := regexp.Compile(f.Pattern.Is)
		if err != nil {
			return err
		}
		if fault.Codes()[f.Pattern.Code].En == "" {
			return fmt.Errorf("unknown code %q", f.Pattern.Code)
		}
		f.Pattern.is = is
	}
	return s.checkGate(f.By, nil)
}

func (s *Spec) hasCollection(name string) bool {
	for _, e := range s.Entities {
		if e.Collection == name {
			return true
		}
	}
	return false
}
