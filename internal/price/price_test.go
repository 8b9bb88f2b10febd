package price

import (
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"aftercare/internal/fault"
	"aftercare/internal/vectortest"
)

type vectors struct {
	Lines []struct {
		QuantityMilli int64 `json:"quantity_milli"`
		UnitFen       int64 `json:"unit_fen"`
		Fen           int64 `json:"fen"`
	} `json:"lines"`
	Limits []struct {
		AgreedFen int64 `json:"agreed_fen"`
		Percent   int64 `json:"percent"`
		LimitFen  int64 `json:"limit_fen"`
	} `json:"limits"`
	Totals []struct {
		Jobs []Line `json:"jobs"`
		Sums Sums   `json:"sums"`
	} `json:"totals"`
	Parts []struct {
		Name   string         `json:"name"`
		Parts  []Part         `json:"parts"`
		Code   string         `json:"code"`
		Params map[string]any `json:"params"`
	} `json:"parts"`
}

func TestVectors(t *testing.T) {
	v := vectortest.Read[vectors](t, "testdata/vectors.json")
	t.Run("E-01 lines round half a fen up", func(t *testing.T) {
		for _, l := range v.Lines {
			if got := LineFen(l.QuantityMilli, l.UnitFen); got != l.Fen {
				t.Errorf("%d × %d: got %d, want %d", l.QuantityMilli, l.UnitFen, got, l.Fen)
			}
		}
	})
	t.Run("S-07 the range ends at the fen", func(t *testing.T) {
		for _, l := range v.Limits {
			if got := LimitFen(l.AgreedFen, l.Percent); got != l.LimitFen {
				t.Errorf("%d + %d %%: got %d, want %d", l.AgreedFen, l.Percent, got, l.LimitFen)
			}
			if !InRange(l.AgreedFen, l.LimitFen, l.Percent) || InRange(l.AgreedFen, l.LimitFen+1, l.Percent) {
				t.Errorf("%d + %d %%: the edge is not at %d", l.AgreedFen, l.Percent, l.LimitFen)
			}
		}
	})
	t.Run("E-04 totals count for the customer only what the customer pays", func(t *testing.T) {
		for _, c := range v.Totals {
			if got := Totals(c.Jobs); got != c.Sums {
				t.Errorf("got %+v, want %+v", got, c.Sums)
			}
		}
	})
	for _, c := range v.Parts {
		t.Run("E-03 "+c.Name, func(t *testing.T) {
			f, _ := fault.From(CheckParts(c.Parts))
			if f == nil {
				f = &fault.Fault{}
			}
			params := map[string]any{}
			b, _ := json.Marshal(f.Params)
			_ = json.Unmarshal(b, &params)
			if f.Code != c.Code || c.Code != "" && !reflect.DeepEqual(params, c.Params) {
				t.Errorf("got %s %v, want %s %v", f.Code, params, c.Code, c.Params)
			}
		})
	}
	t.Run("E-03 parts the customer brings along cost nothing", func(t *testing.T) {
		parts := []Part{{QuantityMilli: 2000, UnitFen: 150, Origin: FromShop}, {QuantityMilli: 1000, UnitFen: 9999, Origin: FromCustomer}}
		if got := PartsFen(parts); got != 300 {
			t.Errorf("got %d", got)
		}
	})
	t.Run("amounts in sentences are yuan", func(t *testing.T) {
		for fen, want := range map[int64]string{0: "0.00", 5: "0.05", 100: "1.00", 12345: "123.45", -5: "-0.05", -12345: "-123.45"} {
			if got := Yuan(fen); got != want {
				t.Errorf("%d: got %s, want %s", fen, got, want)
			}
		}
	})
}

func TestProperties(t *testing.T) {
	t.Run("E-01 a line is the exact product, rounded half up", rapid.MakeCheck(func(t *rapid.T) {
		q, u := rapid.Int64Range(0, MaxQuantityMilli).Draw(t, "q"), rapid.Int64Range(0, MaxUnitFen).Draw(t, "u")
		exact := new(big.Int).Mul(big.NewInt(q), big.NewInt(u))
		exact.Add(exact, big.NewInt(500)).Div(exact, big.NewInt(1000))
		if got := LineFen(q, u); got != exact.Int64() {
			t.Fatalf("got %d, want %s", got, exact)
		}
	}))
	t.Run("no amount makes the arithmetic fail", rapid.MakeCheck(func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		if LineFen(a, b) < 0 || LimitFen(a, b) < 0 {
			t.Fatal("a negative amount")
		}
		if a > math.MaxInt64/2 && b > math.MaxInt64/2 && LineFen(a, b) != math.MaxInt64 {
			t.Fatal("an overflow went unnoticed")
		}
	}))
	t.Run("E-04 totals are the sums of their lines, in any order", rapid.MakeCheck(func(t *rapid.T) {
		line := rapid.Custom(func(t *rapid.T) Line {
			return Line{Payer: rapid.SampledFrom([]string{"customer", "warranty"}).Draw(t, "payer"),
				LabourFen: rapid.Int64Range(0, MaxAmountFen).Draw(t, "labour"), PartsFen: rapid.Int64Range(0, MaxAmountFen).Draw(t, "parts")}
		})
		lines := rapid.SliceOf(line).Draw(t, "lines")
		var want Sums
		for _, l := range lines {
			one := Totals([]Line{l})
			want = Sums{want.CustomerFen + one.CustomerFen, want.LabourFen + one.LabourFen, want.PartsFen + one.PartsFen}
		}
		if got := Totals(rapid.Permutation(lines).Draw(t, "order")); got != want || got.CustomerFen > got.LabourFen+got.PartsFen {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	}))
}
