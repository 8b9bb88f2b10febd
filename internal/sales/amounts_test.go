package sales

import (
	"testing"

	"pgregory.net/rapid"
)

func fen(n int64) *int64 { return &n }

func TestSettle(t *testing.T) {
	two := []LineStated{{Quantity: 2, UnitFen: 9900}, {Quantity: 1, UnitFen: 5000}}
	shared := []LineStated{{Quantity: 2, UnitFen: 9900, Discount: fen(100)}, {Quantity: 1, UnitFen: 5000}}
	for name, c := range map[string]struct {
		stated Stated
		lines  []LineStated
		want   Settled
		code   string
	}{
		"L-13 nothing stated":                       {Stated{}, two, Settled{Items: 24800, Paid: 24800, Shares: []int64{0, 0}}, ""},
		"L-13 paid tells the discount":              {Stated{Shipping: fen(800), Paid: fen(25300)}, two, Settled{Items: 24800, Shipping: 800, Discount: 300, Paid: 25300, Shares: []int64{240, 60}}, ""},
		"L-13 the rest goes to who claims nothing":  {Stated{Discount: fen(300)}, shared, Settled{Items: 24800, Discount: 300, Paid: 24500, Shares: []int64{100, 200}}, ""},
		"L-13 what was paid for a line":             {Stated{}, []LineStated{{Quantity: 3, UnitFen: 100, Paid: fen(250)}}, Settled{Items: 300, Discount: 50, Paid: 250, Shares: []int64{50}}, ""},
		"L-13 paid more than it costs":              {Stated{Paid: fen(24801)}, two, Settled{}, "sale.paid_differs"},
		"L-13 paid and discount that do not agree":  {Stated{Paid: fen(24700), Discount: fen(101)}, two, Settled{}, "sale.paid_differs"},
		"L-13 shares above the discount":            {Stated{Discount: fen(99)}, shared, Settled{}, "sale.discount_differs"},
		"L-13 a discount that no line has room for": {Stated{Discount: fen(400)}, []LineStated{{Quantity: 1, UnitFen: 300}}, Settled{}, "sale.discount_differs"},
		"L-13 a share above its line":               {Stated{}, []LineStated{{Quantity: 1, UnitFen: 300, Discount: fen(301)}}, Settled{}, "sale.line_discount"},
		"L-13 a line paid above its price":          {Stated{}, []LineStated{{Quantity: 1, UnitFen: 300, Paid: fen(301)}}, Settled{}, "sale.line_paid"},
		"L-13 goods that differ":                    {Stated{Items: fen(24799)}, two, Settled{}, "sale.items_differ"},
	} {
		t.Run(name, func(t *testing.T) {
			got, refused := Settle(c.stated, c.lines)
			if refused != nil || c.code != "" {
				if refused == nil || refused.Code != c.code {
					t.Fatalf("got %v, want %q", refused, c.code)
				}
				return
			}
			if got.Items != c.want.Items || got.Shipping != c.want.Shipping || got.Discount != c.want.Discount || got.Paid != c.want.Paid ||
				len(got.Shares) != len(c.want.Shares) || got.Shares[0] != c.want.Shares[0] || got.Shares[len(got.Shares)-1] != c.want.Shares[len(c.want.Shares)-1] {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// Whatever is stated, what is settled adds up to the fen, and no share is more than its line.
func TestSettleAddsUp(t *testing.T) {
	maybe := func(t *rapid.T, name string, most int64) *int64 {
		if rapid.Bool().Draw(t, name+"?") {
			return fen(rapid.Int64Range(0, most).Draw(t, name))
		}
		return nil
	}
	settled := 0
	rapid.Check(t, func(t *rapid.T) {
		lines := make([]LineStated, rapid.IntRange(1, 6).Draw(t, "lines"))
		for i := range lines {
			lines[i] = LineStated{Quantity: rapid.Int64Range(0, 5).Draw(t, "quantity"), UnitFen: rapid.Int64Range(0, 300).Draw(t, "unit")}
			if rapid.IntRange(0, 3).Draw(t, "shared") == 0 {
				lines[i].Discount = maybe(t, "share", lines[i].Quantity*lines[i].UnitFen)
			}
		}
		got, refused := Settle(Stated{Shipping: maybe(t, "shipping", 100), Discount: maybe(t, "discount", 400), Paid: maybe(t, "paid", 900)}, lines)
		if refused != nil {
			return
		}
		settled++
		var items, shares int64
		for i, l := range lines {
			items += l.Quantity * l.UnitFen
			shares += got.Shares[i]
			if got.Shares[i] < 0 || got.Shares[i] > l.Quantity*l.UnitFen {
				t.Fatalf("L-13 line %d has a share of %d", i, got.Shares[i])
			}
		}
		if items != got.Items || shares != got.Discount || got.Paid != got.Items+got.Shipping-got.Discount || got.Paid < 0 {
			t.Fatalf("L-13 %+v over %+v", got, lines)
		}
	})
	if settled == 0 {
		t.Error("L-13 nothing was ever settled")
	}
}
