package flow

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"aftercare/internal/fault"
	"aftercare/internal/vectortest"
)

// vector is one case of testdata/vectors: facts, an act, and the answer both sides must give. The facts are those of a
// base with some places set to other values; Seen is the base with other places set: what the tablet had heard.
type vector struct {
	Name   string                     `json:"name"`
	Base   string                     `json:"base"`
	Apply  []string                   `json:"apply,omitempty"`  // from, to
	Create bool                       `json:"create,omitempty"` // f.after
	Edit   []string                   `json:"edit,omitempty"`   // entity, fields…
	Set    map[string]json.RawMessage `json:"set,omitempty"`
	Seen   map[string]json.RawMessage `json:"seen,omitzero"`
	Want   answer                     `json:"want"`
}

// answer is a verdict as JSON. A vector written by hand leaves out what it does not care about.
type answer struct {
	Transition string         `json:"transition,omitempty"`
	Code       string         `json:"code,omitempty"`
	Field      string         `json:"field,omitempty"`
	Params     map[string]any `json:"params,omitempty"`
	Flags      []string       `json:"flags,omitempty"`
	Kept       bool           `json:"kept,omitempty"`
}

const vectorDir = "testdata/vectors"

// bases holds the named starting points, each written out in full.
type bases map[string]json.RawMessage

func readBases(t testing.TB) bases {
	t.Helper()
	raw := vectortest.Read[map[string]json.RawMessage](t, "testdata/vectors/bases.json")
	all := bases{}
	for name, b := range raw {
		var over struct {
			Over string                     `json:"over"`
			Set  map[string]json.RawMessage `json:"set"`
		}
		if err := json.Unmarshal(b, &over); err != nil {
			t.Fatal(err)
		}
		all[name] = b
		if over.Over != "" {
			all[name] = changed(t, raw[over.Over], over.Set)
		}
	}
	return all
}

func (b bases) facts(t testing.TB, base string, set map[string]json.RawMessage) *Facts {
	t.Helper()
	if b[base] == nil {
		t.Fatalf("no base %q", base)
	}
	f := &Facts{}
	d := json.NewDecoder(bytes.NewReader(changed(t, b[base], set)))
	d.DisallowUnknownFields()
	if err := d.Decode(f); err != nil {
		t.Fatal(err)
	}
	return f
}

// changed sets places ("jobs.0.state") of a JSON value. One place beyond a list's end appends.
func changed(t testing.TB, raw json.RawMessage, set map[string]json.RawMessage) json.RawMessage {
	t.Helper()
	var root any
	if err := json.Unmarshal(raw, &root); err != nil {
		t.Fatal(err)
	}
	places := make([]string, 0, len(set))
	for place := range set {
		places = append(places, place)
	}
	sort.Strings(places)
	for _, place := range places {
		var value any
		if err := json.Unmarshal(set[place], &value); err != nil {
			t.Fatal(err)
		}
		root = put(root, strings.Split(place, "."), value)
	}
	b, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func put(node any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if list, ok := node.([]any); ok {
		i, err := strconv.Atoi(path[0])
		if err != nil || i > len(list) {
			panic("no place " + path[0] + " in a list")
		}
		if i == len(list) {
			list = append(list, nil)
		}
		list[i] = put(list[i], path[1:], value)
		return list
	}
	m, ok := node.(map[string]any)
	if !ok {
		m = map[string]any{}
	}
	m[path[0]] = put(m[path[0]], path[1:], value)
	return m
}

func (v vector) judge(t testing.TB, b bases) answer {
	t.Helper()
	f := b.facts(t, v.Base, v.Set)
	var seen *Facts
	if v.Seen != nil {
		seen = b.facts(t, v.Base, v.Seen)
	}
	switch {
	case v.Create:
		return answerOf(CreateCheckSeen(f, seen))
	case len(v.Edit) > 0:
		refusal, _ := fault.From(EditCheck(v.Edit[0], v.Edit[1:], f.Actor))
		return answerOf(Verdict{Fault: refusal})
	}
	return answerOf(ApplySeen(f, seen, v.Apply[0], v.Apply[1]))
}

func answerOf(v Verdict) answer {
	a := answer{Transition: v.Transition.Name, Flags: v.Flags, Kept: v.Kept}
	if v.Fault == nil {
		return a
	}
	a.Code, a.Field = v.Fault.Code, v.Fault.Field
	b, _ := json.Marshal(v.Fault.Params)
	_ = json.Unmarshal(b, &a.Params)
	return a
}

// meets compares with a vector written by hand: code, flags and kept always, the rest where it is stated.
func (a answer) meets(want answer) bool {
	return a.Code == want.Code && slices.Equal(a.Flags, want.Flags) && a.Kept == want.Kept &&
		(want.Transition == "" || a.Transition == want.Transition) &&
		(want.Field == "" || a.Field == want.Field) &&
		(want.Params == nil || reflect.DeepEqual(a.Params, want.Params))
}

func TestRules(t *testing.T) {
	all := readBases(t)
	for _, v := range vectortest.Read[[]vector](t, "testdata/vectors/rules.json") {
		t.Run(v.Name, func(t *testing.T) {
			if got := v.judge(t, all); !got.meets(v.Want) {
				t.Errorf("\n got %+v\nwant %+v", got, v.Want)
			}
		})
	}
}

// ruleVectors is a file of cases of one part of the house: bases with what is set over the day, and rules by hand.
type ruleVectors struct {
	Bases bases    `json:"bases"`
	Rules []vector `json:"rules"`
}

func readRules(t *testing.T, file string) ruleVectors {
	t.Helper()
	all := vectortest.Read[ruleVectors](t, vectorDir+"/"+file)
	all.Bases.overDay(t)
	return all
}

// overDay turns each base from what it sets over the day into the whole of it.
func (b bases) overDay(t *testing.T) {
	t.Helper()
	day := readBases(t)["day"]
	for name, set := range b {
		var places map[string]json.RawMessage
		if err := json.Unmarshal(set, &places); err != nil {
			t.Fatal(err)
		}
		b[name] = changed(t, day, places)
	}
}

// stand holds the rules written by hand to their answers.
func (r ruleVectors) stand(t *testing.T) {
	t.Helper()
	for _, v := range r.Rules {
		t.Run(v.Name, func(t *testing.T) {
			if got := v.judge(t, r.Bases); !got.meets(v.Want) {
				t.Errorf("\n got %+v\nwant %+v", got, v.Want)
			}
		})
	}
}
