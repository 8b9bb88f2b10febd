package hooks_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/vectortest"
)

// claimSteps are the cases that the tablet runs, too (pb_public/src/features/claims/steps.test.ts). Amounts in fen.
type claimSteps struct {
	Sums []struct {
		Name        string
		Kind        string
		Verdict     string
		ShippingFen int `json:"shipping_fen"`
		Lines       []struct {
			Quantity    int
			UnitFen     int `json:"unit_fen"`
			DiscountFen int `json:"discount_fen"`
			Claimed     int
		}
		Unpriced       bool // a replacement is named, and no price
		ReplacementFen int  `json:"replacement_fen"`
		OwedFen        int  `json:"owed_fen"`
		RefundDueFen   int  `json:"refund_due_fen"`
	}
	Surprises []struct {
		Name     string
		PriceFen int `json:"price_fen"`
		Found    []struct {
			Fen    int
			Agreed bool
		}
		AgreedFen int64 `json:"agreed_fen"`
	}
}

func TestClaimSteps(t *testing.T) {
	cases := vectortest.Read[claimSteps](t, "../internal/claim/testdata/vectors/steps.json")
	s := newShop(t)
	for i, c := range cases.Sums {
		t.Run(c.Name, func(t *testing.T) {
			order, claim := s.saleOf(fmt.Sprintf("DD-SUM-%d", i), c.ShippingFen), map[string]any{}
			items, discount, units := 0, 0, map[*core.Record]int{}
			for n, l := range c.Lines {
				line := s.Make("manager", record.SalesItems, s.SaleLineData(order, n+1, l.Quantity, l.UnitFen, l.DiscountFen))
				items, discount = items+l.Quantity*l.UnitFen, discount+l.DiscountFen
				if l.Claimed > 0 {
					units[line] = l.Claimed
				}
			}
			s.Do("manager", order, map[string]any{record.FieldItemsFen: items, record.FieldDiscountFen: discount, record.FieldPaidFen: items - discount + c.ShippingFen})
			s.Do("manager", order, map[string]any{record.FieldState: record.SalePlaced})
			if c.ReplacementFen > 0 || c.Unpriced {
				claim = map[string]any{record.FieldReplacement: "另一款", record.FieldReplacementFen: c.ReplacementFen}
			}
			row := s.Fresh(s.takenBack(order, units, c.Kind, c.Verdict, claim))
			if owed, due := row.GetInt(record.FieldOwedFen), row.GetInt(record.FieldRefundDueFen); owed != c.OwedFen || due != c.RefundDueFen {
				t.Errorf("owed %d, due %d; want %d, %d", owed, due, c.OwedFen, c.RefundDueFen)
			}
		})
	}
	for _, c := range cases.Surprises {
		t.Run(c.Name, func(t *testing.T) {
			_, plan := s.planBegun(c.PriceFen)
			for _, f := range c.Found {
				s.Do("technician", plan, map[string]any{record.FieldSurprise: "里衬也破了", record.FieldSurpriseFen: f.Fen})
				s.Step("technician", plan, "paused")
				if err := s.Patch("technician", plan, map[string]any{record.FieldState: "in_progress"}); err == nil {
					t.Fatal("goes on before the customer has agreed to this one")
				}
				if f.Agreed {
					s.Do("agent", plan, map[string]any{record.FieldSurpriseAgreedAt: s.Now()})
					s.Step("technician", plan, "in_progress")
				}
			}
			if row := record.AsRepairPlan(s.Fresh(plan)); row.AgreedFen() != c.AgreedFen {
				t.Errorf("agreed %d, want %d", row.AgreedFen(), c.AgreedFen)
			}
		})
	}
}

// saleOf is an order that is still incoming and has no lines.
func (s *shop) saleOf(number string, shippingFen int) *core.Record {
	data := s.SaleData(number)
	data[record.FieldShippingFen] = shippingFen
	return s.Make("manager", record.SalesOrders, data)
}

// takenBack is a claim for so many units of each line whose goods came back complete.
func (s *shop) takenBack(order *core.Record, units map[*core.Record]int, kind, verdict string, more map[string]any) *core.Record {
	s.t.Helper()
	data := s.ClaimKindData(order, kind)
	for field, value := range more {
		data[field] = value
	}
	c := s.Make("agent", record.Claims, data)
	for line, n := range units {
		s.Make("agent", record.ClaimItems, s.ClaimItemData(c, line, n))
	}
	s.Do("agent", c, apptest.Judged(verdict))
	if verdict == "none" {
		s.Step("agent", c, "negotiating")
		s.Do("agent", c, map[string]any{record.FieldInsisted: true})
	}
	s.Step("agent", c, "approved")
	s.Step("agent", c, "awaiting_goods")
	s.Make("warehouse", record.Shipments, s.ParcelData(c, "in"))
	s.Step("warehouse", c, "in_transit")
	s.Step("warehouse", c, "received")
	things := []string{"product", "outer_packing", "tags", "return_slip", "accessories"}
	for _, thing := range things {
		s.ClaimPhoto(c, "arrival."+thing)
	}
	s.Do("warehouse", c, map[string]any{record.FieldTicked: things})
	s.Step("warehouse", c, "accepted")
	return c
}

// planBegun is a plan at the price, accepted by the customer, whose work has begun.
func (s *shop) planBegun(priceFen int) (claim, plan *core.Record) {
	s.t.Helper()
	c := s.ClaimReceived("repair", nil)
	data := s.PlanData(c)
	data[record.FieldPriceFen] = priceFen
	plan = s.Make("technician", record.RepairPlans, data)
	s.Do("technician", c, map[string]any{record.FieldState: "plan_offered"})
	s.Step("agent", plan, "accepted")
	s.Step("agent", c, "plan_accepted")
	s.Do("technician", c, map[string]any{record.FieldComparedAt: s.Now()})
	s.Step("technician", c, "repairing")
	s.Step("technician", plan, "in_progress")
	return c, plan
}
