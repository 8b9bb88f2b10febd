package hooks_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/claim"
	"aftercare/internal/record"
)

var unpaid = map[string]any{record.FieldWithdrawalReason: "三次电话都说不换了"}

// What waits for money that never comes is sent back, and nothing else leaves unpaid.
func TestClaimUnpaidRules(t *testing.T) {
	givenUp := func(s *shop, kind string) *core.Record {
		c := s.ClaimOwing(kind)
		s.Do("agent", c, unpaid)
		return c
	}
	hold(t, []rule{
		{name: "L-10 nothing leaves while the difference is awaited", code: "claim.give_up_unexplained", field: "withdrawal_reason", try: func(s *shop) op {
			return create("warehouse", record.Shipments, s.ParcelData(s.ClaimOwing("exchange"), "out"))
		}},
		{name: "L-06 nor what is to be mended for money", code: "claim.give_up_unexplained", field: "withdrawal_reason", try: func(s *shop) op {
			return create("warehouse", record.Shipments, s.ParcelData(s.ClaimOwing("repair"), "out"))
		}},
		{name: "L-10 the dock does not give up by itself", code: "claim.give_up_unexplained", field: "withdrawal_reason", try: func(s *shop) op {
			return step("warehouse", s.ClaimOwing("exchange"), "sent_back")
		}},
		{name: "L-10 given up, and the parcel is not entered", code: "claim.not_shipped_out", field: "state", try: func(s *shop) op {
			return step("warehouse", givenUp(s, "exchange"), "sent_back")
		}},
		{name: "L-10 finance does not write that it is given up", code: "flow.role", field: "withdrawal_reason", admin: "-", try: func(s *shop) op {
			return patch("finance", s.ClaimOwing("exchange"), unpaid)
		}},
		{name: "L-10 after-sales does not take the dock's step", code: "flow.role", field: "state", admin: "claim.not_shipped_out", try: func(s *shop) op {
			return step("agent", givenUp(s, "exchange"), "sent_back")
		}},
		{name: "L-10 paid in part, it is not sent back as unpaid", code: "claim.paid_already", field: "collected_fen", try: func(s *shop) op {
			c := givenUp(s, "exchange")
			s.Do("finance", c, map[string]any{record.FieldCollectedFen: 1000, record.FieldCollectedReference: "WX1"})
			return create("warehouse", record.Shipments, s.ParcelData(c, "out"))
		}},
		{name: "L-10 paid after all, the reason opens nothing", code: "claim.paid_already", field: "collected_fen", try: func(s *shop) op {
			c := givenUp(s, "exchange")
			s.Do("finance", c, map[string]any{record.FieldCollectedFen: 3000, record.FieldCollectedReference: "WX1"})
			return step("warehouse", c, "sent_back")
		}},
		{name: "L-10 no money for what is on its way back", code: "claim.going_back", field: "collected_fen", try: func(s *shop) op {
			c := givenUp(s, "exchange")
			s.Make("warehouse", record.Shipments, s.ParcelData(c, "out"))
			return patch("finance", c, map[string]any{record.FieldCollectedFen: 3000, record.FieldCollectedReference: "WX1"})
		}},
		{name: "L-10 what was not paid does not become an exchange by the parcel that brings it back", code: "claim.unpaid", field: "collected_fen", try: func(s *shop) op {
			c := givenUp(s, "exchange")
			s.Make("warehouse", record.Shipments, s.ParcelData(c, "out"))
			return step("finance", c, "exchange_pending")
		}},
	})
}

func TestClaimUnpaid(t *testing.T) {
	s := newShop(t)
	back := func(c *core.Record) *record.Claim {
		s.Make("warehouse", record.Shipments, s.ParcelData(c, "out"))
		s.Step("warehouse", c, "sent_back")
		return record.AsClaim(s.Fresh(c))
	}
	for kind, rule := range map[string]string{"exchange": "L-10", "repair": "L-06"} {
		t.Run(rule+" L-14 the "+kind+" that is not paid for is sent back with who, why and who pays the freight", func(t *testing.T) {
			c := s.ClaimOwing(kind)
			s.Do("supervisor", c, unpaid)
			row := back(c)
			told := row.History()[len(row.History())-1]
			if told.Event != "sent_back" || told.Role != "warehouse" || told.Note != "三次电话都说不换了" || told.Value != "customer" || !slices.Equal(told.Rules, []string{rule}) {
				t.Errorf("%+v", told)
			}
			if row.GetString(record.FieldClosedAt) == "" || row.CollectedFen() != 0 {
				t.Errorf("%v", row.Record.PublicExport())
			}
		})
	}
	t.Run("L-11 an exchange that was sent back unpaid does not use up the order's one", func(t *testing.T) {
		c := s.ClaimOwing("exchange")
		order, err := s.App.FindRecordById(record.SalesOrders, record.AsClaim(c).Order())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Create("agent", record.Claims, s.ClaimKindData(order, "return")); err == nil {
			t.Fatal("a second one beside it")
		}
		s.Do("agent", c, unpaid)
		back(c)
		s.Make("agent", record.Claims, s.ClaimKindData(order, "return"))
	})
	t.Run("L-10 paid after all before the parcel is entered, it goes on as before", func(t *testing.T) {
		c := s.ClaimOwing("exchange")
		s.Do("agent", c, unpaid)
		s.Do("finance", c, map[string]any{record.FieldCollectedFen: 3000, record.FieldCollectedReference: "WX1"})
		s.Step("finance", c, "exchange_pending")
		s.Make("warehouse", record.Shipments, s.ParcelData(c, "out"))
		s.Step("warehouse", c, "returned")
		s.Step("agent", c, "completed")
	})
	t.Run("L-10 what was paid in part is given back by finance, and then the goods go back", func(t *testing.T) {
		c := s.ClaimOwing("exchange")
		s.Do("finance", c, map[string]any{record.FieldCollectedFen: 1000, record.FieldCollectedReference: "WX1"})
		s.Do("agent", c, unpaid)
		s.Do("finance", c, map[string]any{record.FieldCollectedFen: 0, record.FieldCollectedReference: "WX1 退回"})
		back(c)
	})
	t.Run("L-10 L-14 each payment is told with its sum, and so is what went back", func(t *testing.T) {
		c := s.ClaimOwing("exchange")
		for _, inAll := range []int{1000, 3000, 0} {
			s.Do("finance", c, map[string]any{record.FieldCollectedFen: inAll, record.FieldCollectedReference: "WX" + strconv.Itoa(inAll)})
		}
		told := []string{}
		for _, e := range record.AsClaim(s.Fresh(c)).History() {
			if e.Event == claim.EventPaid || e.Event == claim.EventPaidBack {
				told = append(told, e.Event+" "+e.Value+" "+e.Note+" "+e.Role+" "+strings.Join(e.Rules, ","))
			}
		}
		if want := []string{"collected 1000 WX1000 finance L-10", "collected 2000 WX3000 finance L-10", "paid_back 3000 WX0 finance L-10"}; !slices.Equal(told, want) {
			t.Errorf("%q", told)
		}
	})
}
