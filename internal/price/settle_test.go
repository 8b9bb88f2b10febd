package price

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"aftercare/internal/fault"
	"aftercare/internal/vectortest"
)

type settleVectors struct {
	Allocate []struct {
		Total   int64   `json:"total"`
		Weights []int64 `json:"weights"`
		Parts   []int64 `json:"parts"`
	} `json:"allocate"`
	Portions []struct {
		Fen         int64 `json:"fen"`
		BasisPoints int64 `json:"basis_points"`
		Portion     int64 `json:"portion"`
	} `json:"portions"`
	Balances []struct {
		Payer   string   `json:"payer"`
		Lines   []Charge `json:"lines"`
		Entries []Entry  `json:"entries"`
		Due     int64    `json:"due"`
		Paid    int64    `json:"paid"`
		Credit  int64    `json:"credit"`
		Open    int64    `json:"open"`
		Missing int64    `json:"missing"`
		Pay     int64    `json:"pay"`
		Refund  int64    `json:"refund"`
	} `json:"balances"`
}

func TestSettleVectors(t *testing.T) {
	v := vectortest.Read[settleVectors](t, "testdata/settle.json")
	t.Run("D-06 a discount is spread over the lines to the fen", func(t *testing.T) {
		for _, c := range v.Allocate {
			if got := Allocate(c.Total, c.Weights); !slices.Equal(got, c.Parts) {
				t.Errorf("%d over %v: got %v, want %v", c.Total, c.Weights, got, c.Parts)
			}
		}
	})
	t.Run("D-06 a portion drops what is less than a fen", func(t *testing.T) {
		for _, c := range v.Portions {
			if got := PortionFen(c.Fen, c.BasisPoints); got != c.Portion {
				t.Errorf("%d of %d: got %d, want %d", c.BasisPoints, c.Fen, got, c.Portion)
			}
		}
	})
	t.Run("D-07 D-09 what is due, paid, allowed and to be given back", func(t *testing.T) {
		for i, c := range v.Balances {
			b := BalanceOf(c.Payer, c.Lines, c.Entries)
			got := []int64{b.DueFen, b.PaidFen, b.CreditFen, b.OpenFen(), b.MissingFen(), b.MayPayFen(), b.MayRefundFen()}
			if want := []int64{c.Due, c.Paid, c.Credit, c.Open, c.Missing, c.Pay, c.Refund}; !slices.Equal(got, want) {
				t.Errorf("case %d: got %v, want %v", i, got, want)
			}
		}
	})
}

func TestSettleProperties(t *testing.T) {
	t.Run("D-06 what is spread adds up, and no part is a fen from its share", rapid.MakeCheck(func(t *rapid.T) {
		total := rapid.Int64Range(0, MaxAmountFen).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(0, MaxAmountFen), 1, 8).Draw(t, "weights")
		var all, sum int64
		for _, w := range weights {
			all += w
		}
		for i, part := range Allocate(total, weights) {
			sum += part
			low, _ := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(total), big.NewInt(weights[i])), big.NewInt(max(1, all)), new(big.Int))
			if part < low.Int64() || part > low.Int64()+1 || weights[i] == 0 && part != 0 {
				t.Fatalf("weight %d of %d gets %d of %d", weights[i], all, part, total)
			}
		}
		if all > 0 && sum != total || all == 0 && sum != 0 {
			t.Fatalf("parts of %d sum to %d", total, sum)
		}
	}))
	t.Run("D-09 no payment passes what is due, no refund what was overpaid", rapid.MakeCheck(func(t *rapid.T) {
		due := rapid.Int64Range(0, MaxAmountFen).Draw(t, "due")
		lines := []Charge{{Job: "j", LabourFen: due, Shares: []Share{{Payer: PayerCustomer, Fen: due}}}}
		var entries []Entry
		for range rapid.IntRange(0, 6).Draw(t, "entries") {
			entries = append(entries, Entry{Payer: PayerCustomer, Kind: rapid.SampledFrom([]string{KindPayment, KindDeposit}).Draw(t, "kind"), Fen: rapid.Int64Range(1, MaxAmountFen).Draw(t, "fen")})
		}
		b := BalanceOf(PayerCustomer, lines, entries)
		after := b
		after.PaidFen += b.MayPayFen() - b.MayRefundFen()
		if after.OpenFen() != 0 {
			t.Fatalf("%+v: paying %d and refunding %d leaves %d", b, b.MayPayFen(), b.MayRefundFen(), after.OpenFen())
		}
	}))
	t.Run("D-09 a line and its counter-entry are nothing", rapid.MakeCheck(func(t *rapid.T) {
		l := Charge{Job: "j", LabourFen: rapid.Int64Range(0, MaxAmountFen).Draw(t, "labour"), DiscountFen: rapid.Int64Range(0, 99).Draw(t, "discount"),
			Shares: []Share{{Payer: PayerCustomer, Fen: rapid.Int64Range(0, MaxAmountFen).Draw(t, "share")}}}
		sum := l.Add(Charge{Job: "j", LabourFen: -l.LabourFen, DiscountFen: -l.DiscountFen, Shares: []Share{{Payer: PayerCustomer, Fen: -l.Shares[0].Fen}}})
		if sum.GrossFen() != 0 || sum.NetFen() != 0 || len(sum.Shares) != 0 {
			t.Fatalf("%+v", sum)
		}
	}))
	t.Run("D-06 lines keep their limits", func(t *testing.T) {
		for name, l := range map[string]Charge{
			"without a job":    {},
			"beyond all money": {Job: "j", LabourFen: MaxAmountFen + 1},
			"of a stranger":    {Job: "j", Shares: []Share{{Payer: "neighbour", Fen: 1}}},
		} {
			if f, _ := fault.From(CheckCharges([]Charge{{Job: "j"}, l})); f == nil || f.Code != "settlement.line" || f.Params["line"] != 2 {
				t.Errorf("%s: %v", name, f)
			}
		}
		if f, _ := fault.From(CheckCharges(make([]Charge, MaxLines+1))); f == nil || f.Code != "settlement.too_many_lines" {
			t.Errorf("%v", f)
		}
	})
}
