package hooks_test

import (
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// makeupSamples is a well-formed new row of a make-up part.
func makeupSamples(s *shop) map[string]map[string]any {
	order, _ := s.Sale("DD-MAKEUP")
	return map[string]map[string]any{record.MakeupParts: s.MakeupData(order)}
}

// The rules of the flow are held by vectors; here is that they have their facts at every door.
func TestMakeupRules(t *testing.T) {
	later := record.Text(time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC))
	hold(t, []rule{
		{name: "P-03 a part for nobody", code: "makeup.for_nobody", field: "customer", try: func(s *shop) op {
			order, _ := s.Sale("DD-1")
			data := s.MakeupData(order)
			delete(data, record.FieldSalesOrder)
			return create("agent", record.MakeupParts, data)
		}},
		{name: "P-03 gathered without its batch number", code: "makeup.unidentified", field: "batch_number", try: func(s *shop) op {
			return patch("parts", s.MakeupRequested(map[string]any{record.FieldBatchNumber: ""}), map[string]any{record.FieldListNumber: "BJ-1", record.FieldState: "gathered"})
		}},
		{name: "P-03 what was gathered stays as it was asked for", code: "makeup.frozen", field: "quantity", try: func(s *shop) op {
			return patch("agent", s.MakeupApproved(nil), map[string]any{record.FieldQuantity: 2})
		}},
		{name: "P-04 an urgent need that nobody decided is not ordered", code: "makeup.urgent_open", field: "urgent_approval", try: func(s *shop) op {
			part := s.MakeupApproved(map[string]any{record.FieldUrgent: true, record.FieldUrgentReason: "周末入住", record.FieldWantedAt: later})
			return patch("parts", part, map[string]any{record.FieldSource: "make", record.FieldState: "ordered"})
		}},
		{name: "P-04 an agent approves no urgency", code: "flow.role", field: "urgent_approval", admin: "-", try: func(s *shop) op {
			part := s.MakeupRequested(map[string]any{record.FieldUrgent: true, record.FieldUrgentReason: "周末入住", record.FieldWantedAt: later})
			return patch("agent", part, map[string]any{record.FieldUrgentApproval: "approved"})
		}},
		{name: "P-04 a box is opened after it was approved", code: "makeup.unbox_unapproved", field: "unbox_approval", try: func(s *shop) op {
			part := s.MakeupApproved(nil)
			s.Do("parts", part, apptest.Unboxing(later))
			return patch("parts", part, map[string]any{record.FieldUnboxMark: "C-01", record.FieldState: "received"})
		}},
		{name: "P-04 an opened box is marked", code: "makeup.unbox_unmarked", field: "unbox_mark", try: func(s *shop) op {
			part := s.MakeupApproved(nil)
			s.Do("parts", part, apptest.Unboxing(later))
			s.Do("supervisor", part, map[string]any{record.FieldUnboxApproval: "approved"})
			return step("parts", part, "received")
		}},
		{name: "P-04 a charged part is sent unpaid", code: "makeup.unpaid", field: "collected_fen", try: func(s *shop) op {
			part := s.MakeupReceived(map[string]any{record.FieldChargeFen: 5000})
			return patch("warehouse", part, map[string]any{record.FieldCarrier: "顺丰", record.FieldTrackingNumber: "SF1", record.FieldState: "shipped"})
		}},
		{name: "P-04 called off with the customer's money", code: "makeup.paid", field: "collected_fen", try: func(s *shop) op {
			part := s.MakeupReceived(map[string]any{record.FieldChargeFen: 5000})
			s.Do("cashier", part, map[string]any{record.FieldCollectedFen: 5000, record.FieldCollectedReference: "WX1"})
			return patch("agent", part, map[string]any{record.FieldReason: "客户退货", record.FieldState: "cancelled"})
		}},
		{name: "P-03 sent without a number to track", code: "makeup.parcel_missing", field: "tracking_number", try: func(s *shop) op {
			return patch("warehouse", s.MakeupReceived(nil), map[string]any{record.FieldCarrier: "顺丰", record.FieldState: "shipped"})
		}},
		{name: "P-04 no box was opened, none is filled up", code: "makeup.box_closed", field: "refilled_at", try: func(s *shop) op {
			return patch("warehouse", s.MakeupReceived(nil), map[string]any{record.FieldRefilledAt: later})
		}},
		{name: "P-03 a claim's part is for the claim's order", code: "field.mismatch", field: "sales_order", try: func(s *shop) op {
			claim, _ := s.ClaimFiled("repair", nil)
			other, _ := s.Sale("DD-2")
			data := s.MakeupData(other)
			data[record.FieldClaim] = claim.Id
			return create("agent", record.MakeupParts, data)
		}},
		{name: "P-03 the due time is the server's to say", code: "field.derived", field: "due_at", try: func(s *shop) op {
			return patch("manager", s.MakeupRequested(nil), map[string]any{record.FieldDueAt: later})
		}},
	})
}

// Saturday 21 November 2026, the house's day of tests: every step has its owner and its due time in working days of the shop.
func TestMakeupTimes(t *testing.T) {
	read := func(s *shop, part *record.MakeupPart) (role, due string) {
		m := record.AsMakeupPart(s.Fresh(part.Record))
		return m.Role(), record.Text(m.DueAt())
	}
	is := func(s *shop, part *record.MakeupPart, role, due string) {
		t.Helper()
		if r, d := read(s, part); r != role || d != due {
			t.Errorf("got %s by %s, want %s by %s", r, d, role, due)
		}
	}
	t.Run("P-03 P-04 from the request to the customer's door", func(t *testing.T) {
		s := newShop(t)
		m := record.AsMakeupPart(s.MakeupRequested(map[string]any{record.FieldClass: "double_gloss"}))
		is(s, m, "parts", "2026-11-23 16:00:00.000Z") // Monday to its end
		s.Do("parts", m.Record, map[string]any{record.FieldOwner: s.ID("parts")})
		s.Do("parts", m.Record, map[string]any{record.FieldListNumber: "BJ-1", record.FieldState: "gathered"})
		is(s, m, "supervisor", "2026-11-23 16:00:00.000Z")
		if owner := record.AsMakeupPart(s.Fresh(m.Record)).Owner(); owner != "" {
			t.Error("the step after is still the parts clerk's", owner)
		}
		s.Step("supervisor", m.Record, "approved")
		s.Do("parts", m.Record, map[string]any{record.FieldSource: "make", record.FieldState: "ordered"})
		is(s, m, "warehouse", "2026-12-08 16:00:00.000Z") // twelve working days: Tuesday 8 December to its end
		if from := s.Fresh(m.Record).GetDateTime(record.FieldReadyFromAt).String(); from != "2026-12-04 16:00:00.000Z" {
			t.Error("ten working days end", from)
		}
		s.Step("warehouse", m.Record, "received")
		is(s, m, "warehouse", "2026-11-24 16:00:00.000Z")
		s.Do("agent", m.Record, map[string]any{record.FieldDeliveryOn: "2026-11-30 02:00:00.000Z"})
		is(s, m, "warehouse", "2026-11-30 02:00:00.000Z")
		s.Do("warehouse", m.Record, map[string]any{record.FieldCarrier: "顺丰", record.FieldTrackingNumber: "SF1", record.FieldState: "shipped"})
		is(s, m, "agent", "2026-11-27 16:00:00.000Z")
		s.Step("agent", m.Record, "completed")
		is(s, m, "", record.Text(time.Time{}))
	})
	t.Run("P-04 urgency brings the date forward once it was approved, and the policy of the beginning holds", func(t *testing.T) {
		s := newShop(t)
		s.Make("manager", record.Policies, map[string]any{record.FieldKind: record.ServiceLane, record.FieldRevision: 9, record.FieldActive: true, record.FieldData: map[string]any{"makeup_glass_days": 6}})
		wanted := "2026-11-25 08:00:00.000Z"
		m := record.AsMakeupPart(s.MakeupApproved(map[string]any{record.FieldClass: "glass", record.FieldUrgent: true, record.FieldUrgentReason: "周末入住", record.FieldWantedAt: wanted}))
		s.Make("manager", record.Policies, map[string]any{record.FieldKind: record.ServiceLane, record.FieldRevision: 10, record.FieldActive: true, record.FieldData: map[string]any{"makeup_glass_days": 3}})
		ready := func(want string) {
			t.Helper()
			if got := s.Fresh(m.Record).GetDateTime(record.FieldReadyDueAt).String(); got != want {
				t.Errorf("ready by %s, want %s", got, want)
			}
		}
		ready("2026-11-30 16:00:00.000Z") // six working days of revision 9
		s.Do("supervisor", m.Record, map[string]any{record.FieldUrgentApproval: "approved"})
		ready(wanted)
		if got := s.Fresh(m.Record).GetString(record.FieldUrgentDecidedBy); got != s.ID("supervisor") {
			t.Error("decided by", got)
		}
	})
	t.Run("P-03 a claim's part is for the claim's order and customer", func(t *testing.T) {
		s := newShop(t)
		claim, order := s.ClaimFiled("repair", nil)
		data := s.MakeupData(order)
		delete(data, record.FieldSalesOrder)
		data[record.FieldClaim] = claim.Id
		if m := record.AsMakeupPart(s.Make("agent", record.MakeupParts, data)); m.Order() != order.Id {
			t.Error(m.Order())
		}
	})
}
