package flow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"aftercare/internal/vectortest"
)

const oldJob = `[{"id":"old1","visit":"visit0","vehicle":"","state":"passed","work":"更换前刹车片","line":{"job":"old1","labour_until":"2027-02-21","labour_km":0,"parts_until":"","parts_km":0}}]`

// What the walk over every state, role and guard needs to know of comebacks.
func init() {
	maps.Copy(broken, map[string]map[string]string{
		"comeback_known":   {"after.comeback_of": `"nobody"`},
		"comeback_free":    {"job.comeback_of": `"old1"`, "job.payer": `"customer"`, "originals": oldJob, "arrived_day": `"2027-02-21"`},
		"comeback_linked":  {"order.kind": `"comeback"`},
		"comeback_decider": {"changed": `["comeback_cause"]`},
		"causes_decided":   {"jobs.0.comeback_of": `"old1"`},
	})
}

type guardCase struct {
	Name  string                     `json:"name"`
	Guard string                     `json:"guard"`
	Base  string                     `json:"base"`
	Set   map[string]json.RawMessage `json:"set"`
	Code  string                     `json:"code"`
}

type comebackVectors struct {
	Bases  bases       `json:"bases"`
	Rules  []vector    `json:"rules"`
	Guards []guardCase `json:"guards"`
}

func readComebacks(t *testing.T, file string) comebackVectors {
	t.Helper()
	all := vectortest.Read[comebackVectors](t, vectorDir+"/"+file)
	all.Bases.overDay(t)
	return all
}

func (b bases) ask(t *testing.T, c guardCase) string {
	t.Helper()
	if refusal := Guards[c.Guard](b.facts(t, c.Base, c.Set)); refusal != nil {
		return refusal.Code
	}
	return ""
}

func TestComebackRules(t *testing.T) { playRules(t, readComebacks(t, "comeback.json")) }

func playRules(t *testing.T, all comebackVectors) {
	t.Helper()
	for _, v := range all.Rules {
		t.Run(v.Name, func(t *testing.T) {
			if got := v.judge(t, all.Bases); !got.meets(v.Want) {
				t.Errorf("\n got %+v\nwant %+v", got, v.Want)
			}
		})
	}
	for _, c := range all.Guards {
		t.Run(c.Name, func(t *testing.T) {
			if got := all.Bases.ask(t, c); got != c.Code {
				t.Errorf("got %q, want %q", got, c.Code)
			}
		})
	}
}

// comebackEdges is where the rules of comebacks turn.
var comebackEdges = map[string][]edge{
	"comeback_visit": {rolesOf, {"before", []string{`null`, `{}`}}, {"changed", []string{`[]`, `["wash"]`, `null`}}, {"after.comeback_of", []string{`""`, `"old2"`, `"old1"`}}, {"originals", []string{`[]`, `null`}},
		{"originals.0.vehicle", []string{`"car2"`, `""`}}, {"originals.0.visit", []string{`"visit1"`}}, {"originals.0.state", []string{`"done"`, `"rework"`, `"cancelled"`}}, {"visit", []string{`null`}}},
	"comeback_job": {rolesOf, {"before", []string{`{"id":"job1"}`, `{}`}}, {"changed", []string{`["payer"]`, `["comeback_of"]`, `["comeback_cause"]`, `["comeback_note"]`, `["work"]`, `null`}}, {"job.payer", []string{`"customer"`, `"warranty"`, `"insurer"`}},
		{"job.comeback_cause", []string{`""`, `"workmanship"`, `"part"`, `"customer"`, `"new_fault"`}}, {"job.comeback_of", []string{`""`, `"old9"`, `"old1"`}}, {"job", []string{`null`}},
		{"arrived_day", []string{`"2027-02-21"`, `"2027-02-22"`, `"2027-11-21"`, `"2027-11-22"`, `""`}}, {"visit.odometer_km", []string{`0`, `53213`, `53214`, `68213`, `68214`}}, {"visit", []string{`null`}},
		{"originals.0.line", []string{`null`, `{"job":"old1","labour_until":"2027-02-21","labour_km":0,"parts_until":"","parts_km":0}`, `{"job":"old1","labour_until":"","labour_km":0,"parts_until":"2027-11-21","parts_km":53213}`}},
		{"policy.comeback_cause_leader", []string{`false`, `true`}}, {"originals", []string{`[]`, `null`}}, {"order.state", []string{`"settled"`, `"draft"`}}},
	"comeback_order": {rolesOf, {"order.kind", []string{`"service"`, `""`}}, {"visit.comeback_of", []string{`""`}}, {"jobs.0.comeback_of", []string{`""`, `"old9"`}}, {"jobs.0.payer", []string{`"customer"`, `"goodwill"`}},
		{"jobs.0.state", []string{`"declined"`, `"proposed"`}}, {"jobs.1.comeback_of", []string{`"old1"`}}, {"arrived_day", []string{`"2027-11-22"`}}, {"jobs.0.comeback_cause", []string{`"new_fault"`, `"part"`}}, {"visit", []string{`null`}}, {"jobs", []string{`[]`}}},
	"comeback_checked": {rolesOf, {"jobs.0.comeback_cause", []string{`""`, `"customer"`}}, {"jobs.0.comeback_of", []string{`""`}}, {"jobs.0.state", []string{`"done"`, `"cancelled"`}}, {"jobs.1.comeback_of", []string{`"old1"`}}, {"jobs", []string{`[]`, `null`}}},
}

var comebackSteps = map[string][]string{"comeback_order": {"draft", "presented"}, "comeback_checked": {"qc", "ready"}}

// comebackCases: steps and creations with their verdict, and the guards of editing with their code.
func generateComebacks(t *testing.T, all bases) (steps []vector, asked []guardCase) {
	t.Helper()
	random := rand.New(rand.NewSource(20261122))
	names := slices.Sorted(maps.Keys(comebackEdges))
	names = append(names, "comeback_job")
	guards := map[string][]string{"comeback_visit": {"comeback_known"}, "comeback_job": {"comeback_free", "comeback_decider"}}
	for i := range 400 {
		base := names[i%len(names)]
		set := map[string]json.RawMessage{}
		nudge(random, set, comebackEdges[base], random.Intn(4))
		name := fmt.Sprintf("%s %d", base, i)
		if g := guards[base]; g != nil && random.Intn(2) == 0 {
			c := guardCase{Name: name, Guard: g[random.Intn(len(g))], Base: base, Set: set}
			c.Code = all.ask(t, c)
			asked = append(asked, c)
			continue
		}
		v := vector{Name: name, Base: base, Set: set, Apply: comebackSteps[base], Create: comebackSteps[base] == nil}
		v.Want = v.judge(t, all)
		steps = append(steps, v)
	}
	return steps, asked
}

type comebackGenerated struct {
	Steps  []vector    `json:"steps"`
	Guards []guardCase `json:"guards"`
}

func TestComebackGenerated(t *testing.T) {
	all := readComebacks(t, "comeback.json").Bases
	codes := playGenerated(t, "C-01 C-02 the answers of generated cases near every edge stand", "comeback_generated.json", all, func() ([]vector, []guardCase) { return generateComebacks(t, all) })
	t.Run("the cases are worth running", func(t *testing.T) {
		if codes[""] < 60 || len(codes) < 9 {
			t.Errorf("%v", codes)
		}
	})
}

// playGenerated holds both sides' answers in the file, or writes it anew, and counts the codes.
func playGenerated(t *testing.T, name, in string, all bases, make func() ([]vector, []guardCase)) map[string]int {
	t.Helper()
	file := filepath.Join(vectorDir, in)
	if *update {
		steps, asked := make()
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(comebackGenerated{steps, asked}); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, bytes.ReplaceAll(b.Bytes(), []byte(`},{"name"`), []byte("},\n{\"name\"")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cases := vectortest.Read[comebackGenerated](t, vectorDir+"/"+in)
	codes := map[string]int{}
	t.Run(name, func(t *testing.T) {
		for _, v := range cases.Steps {
			if got := v.judge(t, all); !reflect.DeepEqual(normal(t, got), normal(t, v.Want)) {
				t.Errorf("%s:\n got %+v\nwant %+v", v.Name, got, v.Want)
			}
			codes[v.Want.Code]++
		}
		for _, c := range cases.Guards {
			if got := all.ask(t, c); got != c.Code {
				t.Errorf("%s: got %q, want %q", c.Name, got, c.Code)
			}
			codes[c.Code]++
		}
	})
	return codes
}
