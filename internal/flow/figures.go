package flow

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"aftercare/internal/fault"
)

//go:embed figures.json
var figuresJSON []byte

// Figure is one entry of a shop's policy: a whole number between Min and Max (both included) in its unit, or a switch
// when Default is a bool. Key is the field of Policy it fills.
type Figure struct {
	Key         string     `json:"key"`
	Requirement string     `json:"requirement"`
	Unit        string     `json:"unit,omitempty"`
	Min         int64      `json:"min"`
	Max         int64      `json:"max"`
	Default     any        `json:"default"`
	Title       fault.Text `json:"title"`
	Text        fault.Text `json:"text"`
}

// Figures is every figure a policy may set, in the order people read them; figures.json, which the tablet imports too.
var Figures = sync.OnceValue(func() []Figure {
	var all []Figure
	if err := json.Unmarshal(figuresJSON, &all); err != nil {
		panic(fmt.Errorf("figures of the policy: %w", err))
	}
	return all
})

// ShippedPolicy is the figures shipped with the product, for what a policy leaves out.
func ShippedPolicy() Policy {
	shipped := map[string]any{}
	for _, f := range Figures() {
		shipped[f.Key] = f.Default
	}
	b, err := json.Marshal(shipped)
	var p Policy
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil {
		panic(fmt.Errorf("shipped policy: %w", err))
	}
	return p
}

// CheckFigures holds a policy's data to the figures there are. Codes: policy.unknown with {figure}, policy.figure with
// {figure}, {min} and {max}, policy.switch with {figure}.
func CheckFigures(data map[string]any) *fault.Fault {
	for _, key := range slices.Sorted(maps.Keys(data)) {
		i := slices.IndexFunc(Figures(), func(f Figure) bool { return f.Key == key })
		if i < 0 {
			return fault.New(fault.Invalid, "policy.unknown").On("data").With("figure", key)
		}
		if refusal := Figures()[i].check(data[key]); refusal != nil {
			return refusal.On("data").With("figure", Figures()[i].Title)
		}
	}
	return nil
}

func (f Figure) check(value any) *fault.Fault {
	if _, isSwitch := f.Default.(bool); isSwitch {
		if _, ok := value.(bool); !ok {
			return fault.New(fault.Invalid, "policy.switch")
		}
		return nil
	}
	n, ok := value.(float64)
	if !ok || n != math.Trunc(n) || n < float64(f.Min) || n > float64(f.Max) {
		return fault.New(fault.Invalid, "policy.figure").With("min", f.Min).With("max", f.Max)
	}
	return nil
}
