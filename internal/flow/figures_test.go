package flow

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"aftercare/internal/vectortest"
)

func TestFigures(t *testing.T) {
	t.Run("every figure fills a field of the policy, and every field has its figure", func(t *testing.T) {
		b, err := json.Marshal(Policy{})
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]any
		if err := json.Unmarshal(b, &fields); err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, f := range Figures() {
			keys = append(keys, f.Key)
			if f.Requirement == "" || f.Title.Zh == "" || f.Title.En == "" || f.Text.Zh == "" || f.Text.En == "" {
				t.Errorf("figure %s does not say what it is", f.Key)
			}
			if refusal := f.check(f.Default); refusal != nil {
				t.Errorf("figure %s: its own default is refused: %v", f.Key, refusal)
			}
		}
		slices.Sort(keys)
		if want := slices.Sorted(maps.Keys(fields)); !slices.Equal(keys, want) {
			t.Errorf("figures %v, fields of the policy %v", keys, want)
		}
	})
	t.Run("S-07 labour 10 %, parts 0; Q-01 three people; W-03 one clock", func(t *testing.T) {
		p := ShippedPolicy()
		if p.LabourRangePercent != 10 || p.PartsRangePercent != 0 || !p.ThreePeople || p.ParallelClocks {
			t.Errorf("%+v", p)
		}
	})
	for _, c := range vectortest.Read[[]struct {
		Data map[string]any `json:"data"`
		Code string         `json:"code"`
	}](t, "testdata/figures.json") {
		t.Run(fmt.Sprintf("a policy with %v", c.Data), func(t *testing.T) {
			got := ""
			if refusal := CheckFigures(c.Data); refusal != nil {
				got = refusal.Code
				if refusal.Field != "data" || refusal.Message("en") == "" {
					t.Errorf("field %q, message %q", refusal.Field, refusal.Message("en"))
				}
			}
			if got != c.Code {
				t.Errorf("got %q, want %q", got, c.Code)
			}
		})
	}
}
