package hooks_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/price"
	"aftercare/internal/record"
)

// moneySamples is a well-formed new row of every collection of settling and leaving, of cars in the state they ask for.
func moneySamples(s *shop) map[string]map[string]any {
	ready := s.VisitReady()
	paid, settlement := s.Paid()
	return map[string]map[string]any{
		record.Settlements: s.SettlementData(ready.Order, s.Lines(ready.Job)),
		record.Payments:    s.PaymentData(ready.Order, price.KindDeposit, price.PayerCustomer, 100),
		record.Invoices: {record.FieldVisit: paid.Visit.Id, record.FieldWorkOrder: paid.Order.Id, record.FieldSettlement: settlement.Id, record.FieldKind: "invoice",
			record.FieldPayer: price.PayerCustomer, record.FieldNumber: "24312000000012345678", record.FieldTitle: "李明", record.FieldFen: 1, record.FieldIssuedAt: s.Now()},
		record.GatePasses: s.PassData(paid.Visit),
		record.GateUses:   {record.FieldVisit: paid.Visit.Id, record.FieldPass: "abcdefghijklmno", record.FieldPlate: "沪A12345", record.FieldUsedAt: s.Now()},
		record.Deliveries: {record.FieldVisit: paid.Visit.Id},
	}
}

// draft is a ready car with a settlement of the changed lines that was not issued yet.
func draft(s *shop, change func(*price.Charge)) *core.Record {
	car := s.VisitReady()
	lines := s.Lines(car.Job)
	change(&lines[0])
	return s.Make("cashier", record.Settlements, s.SettlementData(car.Order, lines))
}

func TestSettlementRules(t *testing.T) {
	hold(t, []rule{
		{name: "D-06 nothing is settled before it came through quality", code: "settlement.order_not_ready", field: "work_order", try: func(s *shop) op {
			car := s.OrderInQuality()
			return create("cashier", record.Settlements, s.SettlementData(car.Order, s.Lines(car.Job)))
		}},
		{name: "D-06 no line without consent", code: "consent.void", field: "lines", try: func(s *shop) op {
			settlement := draft(s, func(*price.Charge) {})
			given, err := s.App.FindFirstRecordByFilter(record.Consents, "document_kind = 'estimate'")
			if err != nil {
				s.t.Fatal(err)
			}
			void(s, given)
			return step("cashier", settlement, "issued")
		}},
		{name: "D-06 no line of another order", code: "settlement.line_unknown", field: "lines", try: func(s *shop) op {
			other := s.Lines(s.VisitReady().Job)[0]
			return step("cashier", draft(s, func(l *price.Charge) { *l = other }), "issued")
		}},
		{name: "D-06 a line is exactly its job's price", code: "settlement.line_amount", field: "lines", try: func(s *shop) op {
			return step("cashier", draft(s, func(l *price.Charge) { l.LabourFen++; l.Shares[0].Fen++ }), "issued")
		}},
		{name: "D-06 shares add up to the fen", code: "settlement.line_sum", field: "lines", try: func(s *shop) op {
			return step("cashier", draft(s, func(l *price.Charge) { l.Shares[0].Fen-- }), "issued")
		}},
		{name: "D-06 no member price without the level", code: "settlement.line_member", field: "lines", try: func(s *shop) op {
			return step("cashier", draft(s, func(l *price.Charge) { l.MemberFen = 100; l.Shares[0].Fen -= 100 }), "issued")
		}},
		{name: "D-06 a discount beyond the role needs a manager", code: "settlement.discount_beyond", field: "lines", admin: "-", try: func(s *shop) op {
			return step("cashier", draft(s, func(l *price.Charge) { l.DiscountFen = 621; l.Shares[0].Fen -= 621 }), "issued")
		}},
		{name: "D-06 goodwill is a discount by another name", code: "settlement.discount_beyond", field: "lines", admin: "-", try: func(s *shop) op {
			return step("advisor", draft(s, func(l *price.Charge) {
				l.Shares = []price.Share{{Payer: price.PayerCustomer, Fen: 60000}, {Payer: price.PayerGoodwill, Fen: 2000}}
			}), "issued")
		}},
		{name: "D-06 a cashier does not allow discounts", code: "flow.role", field: "discount_allowed_fen", admin: "-", try: func(s *shop) op {
			return patch("cashier", draft(s, func(*price.Charge) {}), map[string]any{record.FieldDiscountAllowedFen: 5000})
		}},
		{name: "D-06 a negative line is none", code: "settlement.line_sum", field: "lines", try: func(s *shop) op {
			return step("cashier", draft(s, func(l *price.Charge) { l.DiscountFen = -100; l.Shares[0].Fen += 100 }), "issued")
		}},
		{name: "D-06 an amount beyond all limits is no line", code: "settlement.line", field: "lines", try: func(s *shop) op {
			car := s.VisitReady()
			lines := s.Lines(car.Job)
			lines[0].LabourFen = 10_000_000_001
			return create("cashier", record.Settlements, s.SettlementData(car.Order, lines))
		}},
		{name: "D-06 no job is settled twice", code: "settlement.line_charged", field: "lines", try: func(s *shop) op {
			car := s.VisitReady()
			s.Issued(car)
			again := s.Make("cashier", record.Settlements, s.SettlementData(car.Order, s.Lines(car.Job)))
			return step("cashier", again, "issued")
		}},
		{name: "D-06 an issued settlement is not rewritten", code: "settlement.frozen", field: "lines", try: func(s *shop) op {
			settlement := s.Issued(s.VisitReady())
			lines := record.AsSettlement(settlement).Lines()
			lines[0].DiscountFen, lines[0].Shares[0].Fen = 100, lines[0].Shares[0].Fen-100
			return patch("cashier", settlement, map[string]any{record.FieldLines: lines})
		}},
		{name: "D-06 nothing is settled unsigned", code: "settlement.unsigned", field: "strokes", try: func(s *shop) op {
			car := s.VisitReady()
			settlement := s.Issued(car)
			s.Pay(car.Order, 62000)
			return step("cashier", settlement, "settled")
		}},
		{name: "D-06 nothing is settled unpaid", code: "settlement.unpaid", field: "state", try: func(s *shop) op {
			car := s.VisitReady()
			settlement := s.Issued(car)
			s.Pay(car.Order, 61999)
			s.Do("cashier", settlement, s.Signature())
			return step("cashier", settlement, "settled")
		}},
		{name: "D-06 an order with an open job is not settled", code: "settlement.job_open", field: "state", try: func(s *shop) op {
			return step("cashier", s.VisitReady().Order, "settled")
		}},
		{name: "D-09 nobody edits a settled order", code: "order.settled", field: "note", try: func(s *shop) op {
			car, _ := s.Paid()
			return patch("advisor", car.Order, map[string]any{record.FieldNote: "少收 100"})
		}},
		{name: "D-09 nobody edits a job of a settled order", code: "order.settled", field: "actual_labour_fen", try: func(s *shop) op {
			car, _ := s.Paid()
			return patch("advisor", car.Job, map[string]any{record.FieldActualLabourFen: 100})
		}},
		{name: "D-09 nobody edits a settled settlement", code: "settlement.frozen", field: "note", try: func(s *shop) op {
			_, settlement := s.Paid()
			return patch("manager", settlement, map[string]any{record.FieldNote: "改"})
		}},
		{name: "D-09 a settled settlement is not voided", code: "flow.transition", field: "state", try: func(s *shop) op {
			_, settlement := s.Paid()
			return step("manager", settlement, "void")
		}},
		{name: "D-09 an order is not settled over a counter-entry that was only issued", code: "settlement.job_open", field: "state", try: func(s *shop) op {
			car := s.VisitReady()
			settlement := s.Issued(car)
			s.Pay(car.Order, int64(settlement.GetInt(record.FieldCustomerFen)))
			s.SettleUp(settlement)
			back := s.Lines(car.Job)
			back[0].AgreedFen, back[0].LabourFen, back[0].PartsFen, back[0].Shares[0].Fen = 0, -back[0].LabourFen, -back[0].PartsFen, -back[0].Shares[0].Fen
			s.Step("manager", s.Make("manager", record.Settlements, s.CounterData(settlement, back)), "issued")
			return step("cashier", car.Order, "settled")
		}},
		{name: "D-09 a counter-entry says why", code: "settlement.unexplained", field: "reason", try: func(s *shop) op {
			car, settlement := s.Paid()
			data := s.CounterData(settlement, lessFor(car.Job.Id, 500))
			data[record.FieldReason] = "  "
			return create("cashier", record.Settlements, data)
		}},
		{name: "D-09 a counter-entry never takes more than was charged", code: "settlement.line_sum", field: "lines", try: func(s *shop) op {
			car, settlement := s.Paid()
			return step("manager", s.Make("manager", record.Settlements, s.CounterData(settlement, lessFor(car.Job.Id, 62001))), "issued")
		}},
		{name: "D-09 a counter-entry names what it corrects", code: "settlement.corrects_unknown", field: "corrects", try: func(s *shop) op {
			car, settlement := s.Paid()
			data := s.CounterData(settlement, lessFor(car.Job.Id, 500))
			delete(data, record.FieldCorrects)
			return create("cashier", record.Settlements, data)
		}},
	})
}

// lessFor is a counter-entry by which the customer pays less for a job.
func lessFor(job string, fen int64) []price.Charge {
	return []price.Charge{{Job: job, DiscountFen: fen, Shares: []price.Share{{Payer: price.PayerCustomer, Fen: -fen}}}}
}

func TestPaymentRules(t *testing.T) {
	entry := func(role, kind, payer string, fen int64, more map[string]any) func(s *shop) op {
		return func(s *shop) op {
			car := s.VisitReady()
			s.Issued(car)
			return create(role, record.Payments, with(s.PaymentData(car.Order, kind, payer, fen), more))
		}
	}
	hold(t, []rule{
		{name: "D-06 no payment above the bill", code: "payment.beyond_due", field: "fen", try: entry("cashier", "payment", "customer", 62001, nil)},
		{name: "D-06 no payment by who owes nothing", code: "payment.beyond_due", field: "fen", try: entry("cashier", "payment", "insurer", 1, nil)},
		{name: "D-06 a payment of nothing is none", code: "field.required", field: "fen", try: entry("cashier", "payment", "customer", 0, nil)},
		{name: "D-06 no negative payment", code: "field.range", field: "fen", try: entry("cashier", "payment", "customer", -100, nil)},
		{name: "D-09 no refund of what was never paid", code: "payment.beyond_paid", field: "fen", try: entry("cashier", "refund", "customer", 1, nil)},
		{name: "D-09 no refund without a reason", code: "payment.refund_unexplained", field: "reason", try: func(s *shop) op {
			car := s.JobInProgress()
			s.Make("cashier", record.Payments, s.PaymentData(car.Order, "deposit", "customer", 1000))
			return create("cashier", record.Payments, with(s.PaymentData(car.Order, "refund", "customer", 1000), map[string]any{record.FieldReason: ""}))
		}},
		{name: "B-06 no deposit above what was agreed", code: "payment.beyond_due", field: "fen", try: func(s *shop) op {
			return create("cashier", record.Payments, s.PaymentData(s.JobInProgress().Order, "deposit", "customer", 62001))
		}},
		{name: "D-07 credit has its day", code: "payment.credit_terms", field: "due_at", try: entry("finance", "credit", "customer", 1000, nil)},
		{name: "D-07 a cashier gives no credit", code: "payment.credit_role", field: "kind", admin: "-", try: entry("cashier", "credit", "customer", 1000, map[string]any{record.FieldDueAt: "2026-12-21 00:00:00.000Z"})},
		{name: "D-07 no credit above what is open", code: "payment.beyond_due", field: "fen", try: entry("finance", "credit", "customer", 62001, map[string]any{record.FieldDueAt: "2026-12-21 00:00:00.000Z"})},
		{name: "D-09 the ledger is never rewritten", code: "field.fixed", field: "fen", try: func(s *shop) op {
			car := s.VisitReady()
			s.Issued(car)
			return patch("manager", s.Pay(car.Order, 100), map[string]any{record.FieldFen: 99})
		}},
		{name: "D-09 nothing is taken out of the ledger", code: "flow.delete", field: "id", try: func(s *shop) op {
			car := s.VisitReady()
			s.Issued(car)
			return remove("cashier", s.Pay(car.Order, 100))
		}},
		{name: "D-09 no invoice above what the payer bears", code: "invoice.beyond", field: "fen", try: func(s *shop) op {
			data := moneySamples(s)[record.Invoices]
			data[record.FieldFen] = 62001
			return create("cashier", record.Invoices, data)
		}},
		{name: "D-09 no invoice before it is settled", code: "invoice.unsettled", field: "settlement", try: func(s *shop) op {
			car := s.VisitReady()
			data := moneySamples(s)[record.Invoices]
			return create("cashier", record.Invoices, with(data, map[string]any{record.FieldVisit: car.Visit.Id, record.FieldWorkOrder: car.Order.Id, record.FieldSettlement: s.Issued(car).Id}))
		}},
	})
}

// A discount a manager has allowed, a member's price, two payers, a counter-entry and a refund, to the fen.
func TestSettling(t *testing.T) {
	t.Run("D-06 two payers, a discount that a manager allowed, paid by both", func(t *testing.T) {
		s := newShop(t)
		car := s.VisitReady()
		lines := s.Lines(car.Job)
		lines[0].DiscountFen = 2000
		lines[0].Shares = []price.Share{{Payer: price.PayerCustomer, Fen: 40000}, {Payer: price.PayerInsurer, Fen: 20000}}
		settlement := s.Make("cashier", record.Settlements, s.SettlementData(car.Order, lines))
		s.Do("manager", settlement, map[string]any{record.FieldDiscountAllowedFen: 2000})
		if by := s.Fresh(settlement).GetString(record.FieldDiscountAllowedBy); by != s.ID("manager") {
			t.Errorf("allowed by %q", by)
		}
		s.Step("cashier", settlement, "issued")
		if total, own, points := settlement.GetInt(record.FieldTotalFen), settlement.GetInt(record.FieldCustomerFen), settlement.GetInt(record.FieldPoints); total != 60000 || own != 40000 || points != 400 {
			t.Errorf("total %d, customer %d, points %d", total, own, points)
		}
		s.Pay(car.Order, 40000)
		s.Do("cashier", settlement, s.Signature())
		if err := s.Patch("cashier", settlement, map[string]any{record.FieldState: "settled"}); err == nil || !strings.Contains(err.Error(), "settlement.unpaid") {
			t.Errorf("the insurer has not paid: %v", err)
		}
		s.Make("finance", record.Payments, with(s.PaymentData(car.Order, price.KindCredit, price.PayerInsurer, 20000), map[string]any{record.FieldDueAt: "2026-12-21 00:00:00.000Z"}))
		s.Step("cashier", settlement, "settled")
		s.Step("cashier", car.Order, "settled")
		s.Pass(car.Visit)
	})
	t.Run("D-06 the member's price is what the level says, to the fen", func(t *testing.T) {
		s := newShop(t)
		car := s.VisitReady()
		customer, err := s.App.FindRecordById(record.Customers, record.AsVisit(car.Visit).Customer())
		if err != nil {
			t.Fatal(err)
		}
		s.Do("manager", customer, map[string]any{record.FieldMemberLevel: "金卡"})
		lines := s.Lines(car.Job)
		lines[0].MemberFen = 24000/10 + 38000/20
		lines[0].Shares[0].Fen -= lines[0].MemberFen
		settlement := s.Make("cashier", record.Settlements, s.SettlementData(car.Order, lines))
		s.Step("cashier", settlement, "issued")
		if level := record.AsSettlement(settlement).MemberLevel(); level != "金卡" {
			t.Errorf("level %q", level)
		}
	})
	t.Run("D-09 a counter-entry lowers what is due, the difference is refunded, and nothing more", func(t *testing.T) {
		s := newShop(t)
		car, settlement := s.Paid()
		counter := s.Make("manager", record.Settlements, s.CounterData(settlement, lessFor(car.Job.Id, 5000)))
		s.Step("manager", counter, "issued")
		s.Step("cashier", counter, "settled")
		if _, err := s.Create("cashier", record.Payments, s.PaymentData(car.Order, price.KindRefund, price.PayerCustomer, 5001)); err == nil {
			t.Error("more was refunded than the counter-entry gave back")
		}
		s.Make("cashier", record.Payments, s.PaymentData(car.Order, price.KindRefund, price.PayerCustomer, 5000))
		if _, err := s.Create("cashier", record.Payments, s.PaymentData(car.Order, price.KindRefund, price.PayerCustomer, 1)); err == nil {
			t.Error("refunded twice")
		}
		s.Pass(car.Visit)
	})
	t.Run("D-09 a job taken back whole keeps the car until it is settled again", func(t *testing.T) {
		s := newShop(t)
		car, settlement := s.Paid()
		whole := record.AsSettlement(settlement).Lines()[0]
		back := price.Charge{Job: whole.Job, LabourFen: -whole.LabourFen, PartsFen: -whole.PartsFen, Shares: []price.Share{{Payer: price.PayerCustomer, Fen: -whole.NetFen()}}}
		counter := s.Make("manager", record.Settlements, s.CounterData(settlement, []price.Charge{back}))
		s.Step("manager", counter, "issued")
		s.Step("cashier", counter, "settled")
		if _, err := s.Create("cashier", record.GatePasses, s.PassData(car.Visit)); err == nil || !strings.Contains(err.Error(), "settlement.job_open") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("E-08 a refused estimate: its fee is settled, then the car leaves", func(t *testing.T) {
		s := newShop(t)
		car := refusedEstimate(s)
		settlement := s.Issued(car)
		s.Pay(car.Order, 8000)
		s.SettleUp(settlement)
		s.Pass(car.Visit)
	})
}

func flagsOf(rec *core.Record) string { return rec.GetString(record.FieldFlags) }
