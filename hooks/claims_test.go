package hooks_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// claimSamples is a well-formed new row of a claim and of everything that belongs to one.
func claimSamples(s *shop) map[string]map[string]any {
	order, _ := s.Sale("DD-SAMPLE")
	filed, of := s.ClaimFiled("repair", nil)
	line := s.Make("system", record.SalesItems, s.SaleLineData(s.Make("manager", record.SalesOrders, s.SaleData("DD-LINE")), 1, 2, 9900, 0))
	goods, err := s.App.FindFirstRecordByData(record.SalesItems, record.FieldSalesOrder, of.Id)
	if err != nil || line == nil {
		s.t.Fatal(err)
	}
	bare := s.Make("agent", record.Claims, s.ClaimKindData(of, "repair"))
	due := s.ClaimAccepted("return", nil)
	s.Step("finance", due, "refund_pending")
	return map[string]map[string]any{
		record.Claims: s.ClaimKindData(order, "return"), record.ClaimItems: s.ClaimItemData(bare, goods, 1),
		record.Shipments: s.ParcelData(s.ClaimApproved("return", nil), "in"), record.RepairPlans: s.PlanData(filed), record.Refunds: s.RefundData(due),
	}
}

// The rules of the flow are held by vectors; here is that they have their facts at every door.
func TestClaimRules(t *testing.T) {
	judged := func(s *shop, kind string) *core.Record {
		c, _ := s.ClaimFiled(kind, nil)
		s.Do("agent", c, apptest.Judged("quality"))
		return c
	}
	hold(t, []rule{
		{name: "L-07 approved without a verdict", code: "claim.verdict_missing", field: "verdict", try: func(s *shop) op {
			c, _ := s.ClaimFiled("return", nil)
			return step("agent", c, "approved")
		}},
		{name: "L-01 an accepted parcel claimed as refused at the door", code: "claim.mismatch_late", field: "mismatch", try: func(s *shop) op {
			order, _ := s.Sale("DD-0")
			data := s.ClaimKindData(order, "return")
			data[record.FieldRefusedParcel], data[record.FieldMismatch] = true, "size"
			return create("agent", record.Claims, data)
		}},
		{name: "L-11 the second return of an order", code: "claim.used_up", field: "kind", try: func(s *shop) op {
			_, order := s.ClaimFiled("return", nil)
			return create("agent", record.Claims, s.ClaimKindData(order, "exchange"))
		}},
		{name: "L-11 a repair becomes the second return of an order", code: "claim.used_up", field: "kind", try: func(s *shop) op {
			_, order := s.ClaimFiled("return", nil)
			return patch("agent", s.Make("agent", record.Claims, s.ClaimKindData(order, "repair")), map[string]any{record.FieldKind: "return"})
		}},
		{name: "L-02 claimed for an order that does not stand", code: "claim.order_closed", field: "sales_order", try: func(s *shop) op {
			return create("agent", record.Claims, s.ClaimKindData(s.Make("manager", record.SalesOrders, s.SaleData("DD-1")), "return"))
		}},
		{name: "L-11 more pieces than were bought", code: "claim.units", field: "quantity", try: func(s *shop) op {
			order, line := s.Sale("DD-2")
			return create("agent", record.ClaimItems, s.ClaimItemData(s.Make("agent", record.Claims, s.ClaimKindData(order, "return")), line, 3))
		}},
		{name: "L-11 goods of another order", code: "claim.item_foreign", field: "sales_item", try: func(s *shop) op {
			order, _ := s.Sale("DD-3")
			_, other := s.Sale("DD-4")
			return create("agent", record.ClaimItems, s.ClaimItemData(s.Make("agent", record.Claims, s.ClaimKindData(order, "return")), other, 1))
		}},
		{name: "L-07 the lane is the server's to say", code: "field.derived", field: "lane", try: func(s *shop) op {
			return patch("manager", judged(s, "return"), map[string]any{record.FieldLane: "paid_repair"})
		}},
		{name: "L-02 a photo among the customer's that does not say how it came", code: "photo.source_missing", field: "source", try: func(s *shop) op {
			return create("agent", record.Photos, chatPhoto(judged(s, "return"), "whole", map[string]any{record.FieldSource: ""}))
		}},
		{name: "L-09 a photo of the arrival becomes the customer's", code: "photo.slot_moved", field: "slot", try: func(s *shop) op {
			c := s.ClaimReceived("return", nil)
			s.ClaimPhoto(c, "arrival.tags")
			shot, err := s.App.FindFirstRecordByData(record.Photos, record.FieldSubjectRecord, c.Id)
			if err != nil {
				s.t.Fatal(err)
			}
			return patch("warehouse", shot, map[string]any{record.FieldSlot: "close"})
		}},
		{name: "L-03 L-07 an agent rejects what the customer has a right to", code: "claim.entitled", field: "state", admin: "-", try: func(s *shop) op {
			c := judged(s, "return")
			s.Do("agent", c, map[string]any{record.FieldRejection: "不想退"})
			return step("agent", c, "rejected")
		}},
		{name: "L-05 L-06 a fault of quality within the month is mended for money", code: "repair.free", field: "state", try: func(s *shop) op {
			c := judged(s, "repair")
			s.Make("technician", record.RepairPlans, s.PlanData(c))
			return step("technician", c, "plan_offered")
		}},
		{name: "L-12 work that was stopped costs more than was agreed", code: "repair.stopped_above", field: "stopped_fen", try: func(s *shop) op {
			_, plan := s.planBegun(5000)
			s.Do("technician", plan, map[string]any{record.FieldSurprise: "里衬也破了", record.FieldSurpriseFen: 2000})
			s.Step("technician", plan, "paused")
			return patch("technician", plan, map[string]any{record.FieldStoppedFen: 5001})
		}},
		{name: "L-08 only a supervisor extends", code: "flow.role", field: "extended_until", admin: "claim.extension_unexplained", try: func(s *shop) op {
			return patch("agent", s.ClaimApproved("return", nil), map[string]any{record.FieldExtendedUntil: "2026-12-21 00:00:00.000Z"})
		}},
		{name: "L-08 sent late", code: "shipment.late", field: "sent_at", try: func(s *shop) op {
			c := s.ClaimApproved("return", nil)
			s.house.Clock.Advance(48 * time.Hour)
			return create("warehouse", record.Shipments, s.ParcelData(c, "in"))
		}},
		{name: "L-08 sent without approval", code: "shipment.not_now", field: "direction", try: func(s *shop) op {
			return create("warehouse", record.Shipments, s.ParcelData(judged(s, "return"), "in"))
		}},
		{name: "L-08 nobody lets a claim expire by hand", code: "flow.role", field: "state", try: func(s *shop) op {
			return step("manager", s.ClaimApproved("return", nil), "expired")
		}},
		{name: "L-09 a tick without its photo", code: "claim.arrival_unshown", field: "state", try: func(s *shop) op {
			c := s.ClaimReceived("return", nil)
			s.Do("warehouse", c, map[string]any{record.FieldTicked: []string{"product", "outer_packing", "tags", "return_slip", "accessories"}})
			return step("warehouse", c, "accepted")
		}},
		{name: "L-10 the replacement waits for the difference", code: "claim.unpaid", field: "collected_fen", try: func(s *shop) op {
			c := s.ClaimAccepted("exchange", map[string]any{record.FieldReplacement: "大号", record.FieldReplacementFen: 12900})
			return step("warehouse", c, "exchange_pending")
		}},
		{name: "L-13 a refund is exact", code: "refund.inexact", field: "fen", try: func(s *shop) op {
			c := s.ClaimAccepted("return", nil)
			s.Step("finance", c, "refund_pending")
			data := s.RefundData(c)
			data[record.FieldFen] = 9901
			return create("finance", record.Refunds, data)
		}},
		{name: "L-13 a refund pressed twice", code: "refund.twice", field: "fen", try: func(s *shop) op {
			c := s.ClaimAccepted("return", nil)
			s.Step("finance", c, "refund_pending")
			s.Make("finance", record.Refunds, s.RefundData(c))
			return create("finance", record.Refunds, s.RefundData(c))
		}},
	})
}

// chatPhoto is what a customer sent by WeChat, as an agent attaches it; more changes that.
func chatPhoto(claim *core.Record, slot string, more map[string]any) map[string]any {
	data := map[string]any{record.FieldSubjectCollection: record.Claims, record.FieldSubjectRecord: claim.Id, record.FieldSlot: slot, record.FieldSHA256: strings.Repeat("b", 64),
		record.FieldSource: "wechat", record.FieldSourceNote: "客户打不开页面，发在微信里"}
	maps.Copy(data, more)
	return data
}

// cell is one place of the table lane × verdict × exemption, with what it must come to.
type cell struct {
	received, verdict string
	exempt            bool
	lane, freight     string
	insist            bool
	approved          string // the code that an approval at once is refused with, "" for none
}

// Every lane × verdict × exemption, filed and judged by push and by PocketBase's API (L-03, L-05, L-06, L-15).
func TestClaimLanes(t *testing.T) {
	s := newShop(t)
	window, month, after := "2026-11-20 02:00:00.000Z", "2026-11-02 02:00:00.000Z", "2026-09-14 02:00:00.000Z"
	cells := []cell{}
	for _, exempt := range []bool{false, true} {
		cells = append(cells,
			cell{window, "quality", exempt, "return_exchange", "company", false, ""}, cell{month, "quality", exempt, "return_exchange", "company", false, ""},
			cell{after, "quality", exempt, "paid_repair", "customer", false, "claim.only_repair"}, cell{after, "none", exempt, "paid_repair", "customer", false, "claim.only_repair"},
			cell{month, "none", exempt, "negotiate", "agreement", false, "claim.talk_first"})
	}
	cells = append(cells, cell{window, "none", false, "negotiate", "customer", true, "claim.talk_first"}, cell{window, "none", true, "negotiate", "agreement", false, "claim.talk_first"})
	for i, c := range cells {
		for _, door := range []string{"push", "rest"} {
			t.Run(fmt.Sprintf("L-03 L-05 L-06 L-15 %s received %s %s exempt %v", door, c.received[:10], c.verdict, c.exempt), func(t *testing.T) {
				do := func(o op) refusal {
					if door == "push" {
						return s.push(o)
					}
					return s.rest(s.tokenOf(o.role), o)
				}
				order, line := s.exemptSale(fmt.Sprintf("DD-%s-%d", door, i), c)
				claim := s.ClaimOn(order, line, "return", nil)
				if got := do(patch("agent", claim, apptest.Judged(c.verdict))); got.code != "" {
					t.Fatal(got)
				}
				row := record.AsClaim(s.Fresh(claim))
				if row.Lane() != c.lane || row.Freight() != c.freight || row.Insist() != c.insist {
					t.Errorf("lane %s, freight %s, insist %v", row.Lane(), row.Freight(), row.Insist())
				}
				if got := do(step("agent", claim, "approved")); got.code != c.approved {
					t.Errorf("approved: %q, want %q", got.code, c.approved)
				}
			})
		}
	}
}

func (s *shop) exemptSale(number string, c cell) (order, line *core.Record) {
	data := s.SaleData(number)
	data[record.FieldOrderedAt], data[record.FieldShippedAt], data[record.FieldReceivedAt] = "", "", c.received
	order = s.Make("manager", record.SalesOrders, data)
	piece := s.SaleLineData(order, 1, 2, 9900, 0)
	if c.exempt {
		piece[record.FieldExemptions] = []string{"made_to_order"}
	}
	line = s.Make("manager", record.SalesItems, piece)
	s.Do("manager", order, map[string]any{record.FieldState: record.SalePlaced})
	return order, line
}

// A customer claims for an order of the own phone, sees the own claim, and decides nothing (L-02, L-07).
func TestCustomersOwnClaim(t *testing.T) {
	s := newShop(t)
	order, _ := s.Sale("DD-OWN")
	mine := s.Make("agent", record.Customers, map[string]any{record.FieldName: "林小雨", record.FieldPhone: "13800138001"})
	other := s.Make("agent", record.Customers, map[string]any{record.FieldName: "别人", record.FieldPhone: "13900139000"})
	file := func(who *core.Record, customer string) (string, answer) {
		token := s.house.TokenOf(who)
		data := s.ClaimKindData(order, "return")
		data[record.FieldShop], data[record.FieldCustomer] = s.Shop, customer
		return token, s.call(token, http.MethodPost, "/api/collections/claims/records", data)
	}
	if _, got := file(other, other.Id); read(got).code != "claim.order_unknown" {
		t.Errorf("L-02 someone else's order: %d %v", got.Status, got.Body)
	}
	if _, got := file(other, mine.Id); read(got).code != "field.foreign" {
		t.Errorf("L-02 in someone else's name: %d %v", got.Status, got.Body)
	}
	token, got := file(mine, mine.Id)
	if got.Status != http.StatusOK {
		t.Fatal(got.Status, got.Body)
	}
	id := fmt.Sprint(got.Body[record.FieldID])
	if seen := s.list(token, record.Claims); len(seen) != 1 || !seen[id] {
		t.Errorf("sees %v", seen)
	}
	if got := s.call(token, http.MethodPatch, "/api/collections/claims/records/"+id, apptest.Judged("quality")); read(got).code != "flow.role" {
		t.Errorf("L-07 a customer's own verdict: %d %v", got.Status, got.Body)
	}
	if got := s.call(token, http.MethodPatch, "/api/collections/claims/records/"+id, map[string]any{record.FieldState: "cancelled"}); got.Status != http.StatusOK {
		t.Errorf("withdrawn by the customer: %d %v", got.Status, got.Body)
	}
}
