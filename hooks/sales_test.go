package hooks_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// saleSamples is a well-formed new row of a sales order and of a line.
func saleSamples(s *shop) map[string]map[string]any {
	return map[string]map[string]any{
		record.SalesOrders: s.SaleData("T-1"),
		record.SalesItems:  s.SaleLineData(s.Make("manager", record.SalesOrders, s.SaleData("T-0")), 1, 2, 9900, 0),
	}
}

// The rules of the flow are held by vectors; here is that they have their facts at every door.
func TestSaleRules(t *testing.T) {
	placed := func(s *shop, changed map[string]any) op {
		order, _ := s.Sale("T-3")
		return patch("manager", order, changed)
	}
	line := func(s *shop, changed map[string]any) op {
		_, line := s.Sale("T-4")
		return patch("manager", line, changed)
	}
	hold(t, []rule{
		{name: "L-13 goods that differ from the lines", code: "sale.items_differ", field: "items_fen", try: func(s *shop) op {
			order := s.Make("manager", record.SalesOrders, s.SaleData("T-2"))
			s.Make("manager", record.SalesItems, s.SaleLineData(order, 1, 2, 9900, 0))
			return patch("manager", order, map[string]any{record.FieldState: record.SalePlaced, record.FieldItemsFen: 19900, record.FieldPaidFen: 20700})
		}},
		{name: "L-13 amounts of a placed order stay", code: "sale.frozen", field: "paid_fen", try: func(s *shop) op {
			return placed(s, map[string]any{record.FieldPaidFen: 100})
		}},
		{name: "L-03 nothing was received tomorrow", code: "sale.future", field: "received_at", try: func(s *shop) op {
			return placed(s, map[string]any{record.FieldReceivedAt: "2036-01-01 00:00:00.000Z"})
		}},
		{name: "L-03 when it was received is not an agent's to move", code: "sale.receipt_known", field: "received_at", admin: "-", try: func(s *shop) op {
			order, _ := s.Sale("T-9")
			return patch("agent", order, map[string]any{record.FieldReceivedAt: "2026-11-20 08:00:00.000Z"})
		}},
		{name: "L-13 no line is added to a placed order", code: "sale.frozen", field: "sales_order", try: func(s *shop) op {
			order, _ := s.Sale("T-6")
			return create("manager", record.SalesItems, s.SaleLineData(order, 2, 1, 100, 0))
		}},
		{name: "L-13 a line of a placed order keeps its amounts", code: "sale.frozen", field: "paid_fen", try: func(s *shop) op {
			return line(s, map[string]any{record.FieldQuantity: 1, record.FieldPaidFen: 9900})
		}},
		{name: "L-15 exemptions are a list of codes", code: "sale.list", field: "exemptions", try: func(s *shop) op {
			return line(s, map[string]any{record.FieldExemptions: map[string]any{"made_to_order": true}})
		}},
		{name: "L-13 a smaller amount than what has gone back", code: "sale.below_refunds", field: "paid_fen", try: func(s *shop) op {
			order, _ := s.refunded()
			return patch("manager", order, smaller)
		}},
		{name: "L-02 the same order is there once", code: "field.taken", field: "external_id", try: func(s *shop) op {
			s.Sale("T-7")
			return create("manager", record.SalesOrders, s.SaleData("T-7"))
		}},
	})
}

// smaller takes an order of 206 yuan back to 90.
var smaller = map[string]any{record.FieldState: record.SaleIncoming, record.FieldDiscountFen: 11600, record.FieldPaidFen: 9000}

// refunded is an order of 206 yuan of which 99 have gone back, with the refund.
func (s *shop) refunded() (order, refund *core.Record) {
	s.t.Helper()
	claim := s.ClaimAccepted("return", nil)
	s.Step("finance", claim, "refund_pending")
	refund = s.Make("finance", record.Refunds, s.RefundData(claim))
	order, err := s.App.FindRecordById(record.SalesOrders, record.AsClaim(claim).Order())
	if err != nil {
		s.t.Fatal(err)
	}
	return order, refund
}

// Nobody has told when the goods were received: an agent enters it, and the customer can claim (L-02, L-03).
func TestReceiptEntered(t *testing.T) {
	s := newShop(t)
	order, line := s.Sale("T-10")
	s.Do("manager", order, map[string]any{record.FieldReceivedAt: ""})
	if got := trial(s, "", create("agent", record.Claims, s.ClaimKindData(order, "return"))); got.code != "claim.receipt_unknown" {
		t.Error("L-03 claimed without a receipt", got)
	}
	s.Do("agent", order, map[string]any{record.FieldReceivedAt: "2026-11-20 08:00:00.000Z"})
	if c := record.AsClaim(s.ClaimOn(order, line, "return", nil)); c.ReceivedAt() != "2026-11-20 08:00:00.000Z" {
		t.Error("L-03 counted from", c.ReceivedAt())
	}
}

// What was countered has not gone back: the ledger decides, not the first entry.
func TestSaleAfterCounter(t *testing.T) {
	s := newShop(t)
	order, refund := s.refunded()
	data := map[string]any{record.FieldClaim: refund.GetString(record.FieldClaim), record.FieldKind: "counter", record.FieldFen: 9900, record.FieldMethod: "original",
		record.FieldCounters: refund.Id, record.FieldReason: "打错账户"}
	s.Make("finance", record.Refunds, data)
	if got := trial(s, "", patch("manager", order, smaller)); got.code != "" {
		t.Error("L-13 what was countered still holds the amount up", got)
	}
}

// An order is placed, taken back, changed with its lines and placed again; a line that was struck stays as a line of nothing.
func TestSaleAmended(t *testing.T) {
	s := newShop(t)
	order, first := s.Sale("T-8")
	s.Do("manager", order, map[string]any{record.FieldReceivedAt: "2026-11-20 09:00:00.000Z"})
	s.Do("manager", first, map[string]any{record.FieldSerial: "SN-1", record.FieldExemptions: []any{"worn"}, record.FieldAccessories: []any{"防尘袋"}})
	s.Do("manager", order, map[string]any{record.FieldState: record.SaleIncoming, record.FieldItemsFen: 5000, record.FieldDiscountFen: 100, record.FieldPaidFen: 5700})
	s.Do("manager", first, map[string]any{record.FieldQuantity: 0, record.FieldPaidFen: 0})
	s.Make("manager", record.SalesItems, s.SaleLineData(order, 2, 1, 5000, 100))
	s.Do("manager", order, map[string]any{record.FieldState: record.SalePlaced})
	if got := record.AsSalesOrder(order); got.PaidFen() != 5700 || got.State() != record.SalePlaced {
		t.Errorf("L-13 got %s over %d fen", got.State(), got.PaidFen())
	}
}
