package hooks_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

func TestClaimWays(t *testing.T) {
	s := newShop(t)
	t.Run("L-13 L-14 a return from filing to the refund, with who and which rule", func(t *testing.T) {
		c := s.ClaimAccepted("return", nil)
		s.Step("finance", c, "refund_pending")
		s.Make("finance", record.Refunds, s.RefundData(c))
		s.Step("finance", c, "completed")
		row := record.AsClaim(s.Fresh(c))
		if row.VerdictBy() != s.ID("agent") || row.PolicyKept() != record.ShippedClaimPolicy || row.Rules()["lane"] != "L-03" || row.RefundDueFen() != 9900 {
			t.Errorf("%v", row.Record.PublicExport())
		}
		told := []string{}
		for _, e := range row.History() {
			told = append(told, e.Event+" "+e.Role+" "+strings.Join(e.Rules, "+"))
		}
		want := []string{"submitted agent L-02", "verdict agent L-07+L-03", "approved agent L-07+L-03", "awaiting_goods agent L-08", "in_transit warehouse L-08", "received warehouse L-09",
			"accepted warehouse L-09", "refund_pending finance L-13", "completed finance L-13"}
		if !slices.Equal(told, want) {
			t.Errorf("L-14 %q", told)
		}
		if approved := row.History()[2]; approved.Value != "company" {
			t.Errorf("L-03 who pays the freight: %v", approved)
		}
	})
	t.Run("L-09 L-11 what is missing goes back at the customer's freight, and the order keeps its return", func(t *testing.T) {
		c := s.ClaimReceived("return", nil)
		s.Do("warehouse", c, map[string]any{record.FieldTicked: []string{"product"}, record.FieldArrivalNote: "没有吊牌"})
		s.Make("warehouse", record.Shipments, s.ParcelData(c, "out"))
		s.Step("warehouse", c, "sent_back")
		row := record.AsClaim(s.Fresh(c))
		if back := row.History()[len(row.History())-1]; back.Event != "sent_back" || back.Value != "customer" || back.Note != "没有吊牌" {
			t.Errorf("L-14 %v", back)
		}
		order, err := s.App.FindRecordById(record.SalesOrders, row.Order())
		if err != nil {
			t.Fatal(err)
		}
		s.Make("agent", record.Claims, s.ClaimKindData(order, "return"))
	})
	t.Run("L-02 L-14 photos that came by WeChat are no capture of the customer's own until an agent says why they count", func(t *testing.T) {
		c, _ := s.ClaimFiled("return", nil)
		s.Do("agent", c, map[string]any{record.FieldEvidenceWanted: "近照"})
		s.Step("agent", c, "evidence_needed")
		photos := []*core.Record{}
		for _, slot := range []string{"whole", "close", "label", "packaging"} {
			photos = append(photos, s.Make("agent", record.Photos, chatPhoto(c, slot, nil)))
		}
		if err := s.Patch("agent", c, map[string]any{record.FieldState: "submitted"}); err == nil || !strings.Contains(err.Error(), "claim.evidence_missing") {
			t.Fatalf("counted without a reason: %v", err)
		}
		if err := s.Patch("technician", photos[0], map[string]any{record.FieldEvidenceReason: "我看过"}); err == nil || !strings.Contains(err.Error(), "flow.role") {
			t.Errorf("a technician lets it count: %v", err)
		}
		for _, p := range photos {
			s.Do("agent", p, map[string]any{record.FieldEvidenceReason: "微信里看得到发送时间"})
			if by, at := p.GetString(record.FieldEvidenceBy), record.Moment(p, record.FieldEvidenceAt); by != s.ID("agent") || at != s.Now() {
				t.Errorf("by %q at %q", by, at)
			}
		}
		s.Step("agent", c, "submitted")
	})
	t.Run("L-10 a cheaper replacement refunds the difference and leaves after everything came back", func(t *testing.T) {
		c := s.ClaimAccepted("exchange", map[string]any{record.FieldReplacement: "小号", record.FieldReplacementFen: 8900})
		s.Step("warehouse", c, "exchange_pending")
		s.Make("warehouse", record.Shipments, s.ParcelData(c, "out"))
		s.Step("warehouse", c, "returned")
		data := s.RefundData(c)
		data[record.FieldFen] = 1000
		s.Make("finance", record.Refunds, data)
		s.Step("agent", c, "completed")
	})
	t.Run("L-06 L-12 a repair by plan, paused for a surprise, and paid before it leaves", func(t *testing.T) {
		c, plan := s.planBegun(5000)
		for i, found := range []string{"里衬也破了", "拉头也坏了"} {
			s.Do("technician", plan, map[string]any{record.FieldSurprise: found, record.FieldSurpriseFen: 2000 - 1500*i, record.FieldSurpriseDays: 2 - i})
			s.Step("technician", plan, "paused")
			s.Do("agent", plan, map[string]any{record.FieldSurpriseAgreedAt: s.Now(), record.FieldSurpriseAgreedHow: "电话：好的"})
			s.Step("technician", plan, "in_progress")
		}
		s.Step("technician", plan, "done")
		list := record.AsRepairPlan(s.Fresh(plan)).Surprises()
		if len(list) != 2 || list[0].Found != "里衬也破了" || list[0].Days+list[1].Days != 3 || list[0].Fen+list[1].Fen != 2500 || list[1].Role != "agent" || list[1].At == "" {
			t.Errorf("L-12 L-14 agreed to: %+v", list)
		}
		s.Do("finance", c, map[string]any{record.FieldCollectedFen: 7500, record.FieldCollectedReference: "WX1"})
		s.Make("warehouse", record.Shipments, s.ParcelData(c, "out"))
		s.Step("warehouse", c, "returned")
		if row := record.AsClaim(s.Fresh(c)); !row.BestEffort() {
			t.Error("L-12 without proof of purchase, and not marked so")
		}
	})
	t.Run("L-01 L-09 a refused parcel without its gift is accepted as it was sent", func(t *testing.T) {
		c := s.ClaimAtDoor("gift")
		s.Step("agent", c, "awaiting_goods")
		s.Make("warehouse", record.Shipments, s.ParcelData(c, "in"))
		s.Step("warehouse", c, "in_transit")
		s.Step("warehouse", c, "received")
		for _, thing := range []string{"product", "outer_packing", "tags"} {
			s.ClaimPhoto(c, "arrival."+thing)
		}
		s.Do("warehouse", c, map[string]any{record.FieldTicked: []string{"product", "outer_packing", "tags"}})
		s.Step("warehouse", c, "accepted")
	})
	t.Run("L-12 what was found is not wanted: work stops, costs what was done of it, and the goods go back", func(t *testing.T) {
		c, plan := s.planBegun(5000)
		s.Do("technician", plan, map[string]any{record.FieldSurprise: "里衬也破了", record.FieldSurpriseFen: 2000})
		s.Step("technician", plan, "paused")
		s.Do("agent", plan, map[string]any{record.FieldStoppedFen: 1000})
		s.Step("technician", plan, "done")
		row := record.AsRepairPlan(s.Fresh(plan))
		if row.AgreedFen() != 1000 || row.GetString(record.FieldStoppedAt) == "" || len(row.Surprises()) != 0 {
			t.Errorf("%v", row.Record.PublicExport())
		}
		s.Do("finance", c, map[string]any{record.FieldCollectedFen: 1000, record.FieldCollectedReference: "WX1"})
		s.Make("warehouse", record.Shipments, s.ParcelData(c, "out"))
		s.Step("warehouse", c, "returned")
	})
	t.Run("L-03 L-07 a supervisor rejects with a reason what an agent cannot", func(t *testing.T) {
		c, _ := s.ClaimFiled("return", nil)
		s.Do("agent", c, apptest.Judged("quality"))
		s.Do("supervisor", c, map[string]any{record.FieldRejection: "照片是另一件商品的"})
		s.Step("supervisor", c, "rejected")
	})
	t.Run("L-01 L-08 L-09 a parcel refused at the door comes back by itself: no time to send, and no slip", func(t *testing.T) {
		c := s.ClaimAtDoor("size")
		s.Step("agent", c, "awaiting_goods")
		row := record.AsClaim(s.Fresh(c))
		if row.ShipBackDueAt() != "" || row.Freight() != "company" {
			t.Errorf("%v", row.Record.PublicExport())
		}
		for _, told := range row.History() {
			if !slices.Contains(told.Rules, "L-01") {
				t.Errorf("L-14 %+v", told)
			}
		}
		data := s.ParcelData(c, "in")
		data[record.FieldSentAt] = record.Text(s.Clock().Add(-20 * time.Hour))
		s.Make("warehouse", record.Shipments, data)
		s.Step("warehouse", c, "in_transit")
		s.Step("warehouse", c, "received")
		things := []string{"product", "outer_packing", "tags", "accessories"}
		for _, code := range things {
			s.ClaimPhoto(c, "arrival."+code)
		}
		s.Do("warehouse", c, map[string]any{record.FieldTicked: things})
		s.Step("warehouse", c, "accepted")
	})
	t.Run("L-04 L-14 the timeline says that evidence came too late for the online way", func(t *testing.T) {
		order, line := s.exemptSale("DD-LATE", cell{received: "2026-11-18 02:00:00.000Z"})
		c := s.ClaimOn(order, line, "return", nil)
		s.Do("agent", c, apptest.Judged("quality"))
		row := record.AsClaim(s.Fresh(c))
		if told := row.History()[1]; told.Event != "verdict" || !slices.Equal(told.Rules, []string{"L-07", "L-03", "L-04"}) {
			t.Errorf("%+v", told)
		}
		s.Do("agent", c, apptest.Judged("none"))
		if told := record.AsClaim(s.Fresh(c)).History()[2]; !slices.Equal(told.Rules, []string{"L-07", "L-03"}) {
			t.Errorf("without a fault there is no evidence: %+v", told)
		}
	})
	t.Run("L-08 what expired is taken when it was sent in time and only the number came late", func(t *testing.T) {
		c := s.ClaimApproved("return", nil)
		sent := record.Text(s.Clock().Add(47*time.Hour + 59*time.Minute))
		s.house.Clock.Advance(49 * time.Hour)
		s.Do("system", c, map[string]any{record.FieldState: "expired"})
		data := s.ParcelData(c, "in")
		data[record.FieldSentAt] = sent
		s.Make("warehouse", record.Shipments, data)
		s.Step("warehouse", c, "in_transit")
	})
}
