package hooks_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/pass"
	"aftercare/internal/price"
	"aftercare/internal/record"
	"aftercare/internal/seal"
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

func TestGateRules(t *testing.T) {
	hold(t, []rule{
		{name: "D-07 no pass for a car that is not ready", code: "gate.visit_not_ready", field: "visit", try: func(s *shop) op {
			return create("cashier", record.GatePasses, s.PassData(s.JobInProgress().Visit))
		}},
		{name: "D-07 no car through the gate unpaid", code: "gate.order_open", field: "visit", try: func(s *shop) op {
			return create("cashier", record.GatePasses, s.PassData(s.VisitReady().Visit))
		}},
		{name: "D-07 one car, one pass", code: "gate.pass_exists", field: "visit", try: func(s *shop) op {
			car, _ := s.Paid()
			s.Pass(car.Visit)
			return create("cashier", record.GatePasses, s.PassData(car.Visit))
		}},
		{name: "D-07 an advisor makes no pass", code: "flow.role", field: "id", admin: "-", try: func(s *shop) op {
			car, _ := s.Paid()
			return create("advisor", record.GatePasses, s.PassData(car.Visit))
		}},
		{name: "D-07 a pass names its own car", code: "gate.plate", field: "plate", try: func(s *shop) op {
			car, _ := s.Paid()
			return create("cashier", record.GatePasses, with(s.PassData(car.Visit), map[string]any{record.FieldPlate: "沪B00001"}))
		}},
		{name: "D-07 a pass is used at the gate, not by hand", code: "gate.unshown", field: "state", try: func(s *shop) op {
			car, _ := s.Paid()
			return step("guard", s.Pass(car.Visit), "used")
		}},
		{name: "D-07 a car is released by its pass", code: "gate.pass_unused", field: "state", try: func(s *shop) op {
			car, _ := s.Paid()
			s.Pass(car.Visit)
			return step("guard", car.Visit, "released")
		}},
		{name: "D-07 a void is explained", code: "gate.void_unexplained", field: "void_reason", try: func(s *shop) op {
			car, _ := s.Paid()
			return step("cashier", s.Pass(car.Visit), "void")
		}},
		{name: "D-07 a void pass opens nothing", code: "flow.transition", field: "state", try: func(s *shop) op {
			car, _ := s.Paid()
			pass := s.Pass(car.Visit)
			s.Do("cashier", pass, map[string]any{record.FieldState: "void", record.FieldVoidReason: "打错"})
			s.Make("guard", record.GateUses, s.UseData(pass))
			return step("guard", pass, "used")
		}},
		{name: "D-07 a pass is not rewritten", code: "field.fixed", field: "plate", try: func(s *shop) op {
			car, _ := s.Paid()
			return patch("cashier", s.Pass(car.Visit), map[string]any{record.FieldPlate: "沪B00001"})
		}},
		{name: "E-08 a car does not leave the workshop with an open order", code: "visit.order_open", field: "state", try: func(s *shop) op {
			return step("advisor", s.JobPresented().Visit, "left")
		}},
		{name: "E-08 a refused estimate's fee is paid before the car leaves", code: "settlement.job_open", field: "visit", try: func(s *shop) op {
			return create("cashier", record.GatePasses, s.PassData(refusedEstimate(s).Visit))
		}},
	})
}

// refusedEstimate is a car whose owner signed for the estimate's fee and refused the rest; it is about to leave.
func refusedEstimate(s *shop) apptest.Service {
	s.t.Helper()
	visit := s.VisitHandedOver()
	order := s.OrderDraft(visit)
	fee := s.JobData(order, "估价")
	fee["diagnosis_only"], fee[record.FieldParts], fee[record.FieldLabourFen] = true, []any{}, 8000
	fee[record.FieldDiagnosisToldAt] = s.Now()
	job := s.Make("advisor", record.Jobs, fee)
	repair := s.JobProposed(order, "更换变速箱")
	s.Step("advisor", order, "presented")
	s.Make("advisor", record.Consents, s.SignedConsent(consent.KindEstimate, order, repair.Id))
	s.Step("advisor", job, "approved")
	s.Do("advisor", repair, map[string]any{record.FieldState: "declined", record.FieldDeclinedAt: s.Now(), record.FieldDeclinedToldBy: s.ID("advisor")})
	s.Step("advisor", order, "declined")
	s.Step("advisor", visit, "left")
	return apptest.Service{Visit: visit, Order: order, Job: job}
}

func TestDeliveryRules(t *testing.T) {
	without := func(field string) func(s *shop) op {
		return func(s *shop) op {
			visit := s.VisitReady().Visit
			s.Do("advisor", visit, map[string]any{record.FieldWash: "yes", record.FieldOldParts: "show", record.FieldCoversFittedAt: s.Now()})
			data := s.DeliveryData(visit)
			delete(data, field)
			delivery := s.Make("advisor", record.Deliveries, with(data, s.Signature()))
			return step("advisor", delivery, "accepted")
		}
	}
	hold(t, []rule{
		{name: "D-01 no delivery before the car was washed", code: "delivery.unprepared", field: "state", try: without(record.FieldWashedAt)},
		{name: "D-01 no delivery without a parking place", code: "delivery.unprepared", field: "state", try: without(record.FieldParking)},
		{name: "D-01 no delivery without the keys", code: "delivery.unprepared", field: "state", try: without(record.FieldKeysAt)},
		{name: "D-03 the old parts are shown", code: "delivery.unshown", field: "state", try: without(record.FieldOldPartsAt)},
		{name: "D-03 the reception marks are compared", code: "delivery.unshown", field: "state", try: without(record.FieldComparedAt)},
		{name: "D-04 the follow-up call is asked", code: "delivery.follow_up_unasked", field: "follow_up_when", try: without(record.FieldFollowUpWhen)},
		{name: "D-05 the covers come off before the customer", code: "delivery.unreturned", field: "state", try: without(record.FieldCoversOffAt)},
		{name: "D-05 the belongings are counted", code: "delivery.unreturned", field: "state", try: without(record.FieldBelongingsAt)},
		{name: "D-05 car and belongings are accepted by signature", code: "delivery.unsigned", field: "strokes", try: func(s *shop) op {
			return step("advisor", s.Make("advisor", record.Deliveries, s.DeliveryData(s.VisitReady().Visit)), "accepted")
		}},
		{name: "D-05 what was accepted stays", code: "delivery.accepted", field: "parking", try: func(s *shop) op {
			delivery := s.Make("advisor", record.Deliveries, with(s.DeliveryData(s.VisitReady().Visit), s.Signature()))
			s.Step("advisor", delivery, "accepted")
			return patch("advisor", delivery, map[string]any{record.FieldParking: "C1"})
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

func TestGate(t *testing.T) {
	t.Run("D-07 shown, used, released; shown again, flagged", func(t *testing.T) {
		s := newShop(t)
		car, _ := s.Paid()
		pass := s.Pass(car.Visit)
		first := s.Make("guard", record.GateUses, s.UseData(pass))
		s.Step("guard", pass, "used")
		s.Step("guard", car.Visit, "released")
		s.Step("guard", car.Order, "released")
		if by := record.AsGatePass(pass); by.ProxyRecord().GetString(record.FieldUsedBy) != s.ID("guard") {
			t.Errorf("used by %q", by.ProxyRecord().GetString(record.FieldUsedBy))
		}
		if flags := flagsOf(s.Fresh(first)); flags != "[]" {
			t.Errorf("the first use carries %s", flags)
		}
		second := s.Make("guard", record.GateUses, s.UseData(pass))
		if !strings.Contains(flagsOf(second), "gate.used_twice") {
			t.Errorf("the second use carries %s", flagsOf(second))
		}
	})
	t.Run("D-07 a void pass that was shown after all, and one nobody knows, are flagged", func(t *testing.T) {
		s := newShop(t)
		car, _ := s.Paid()
		pass := s.Pass(car.Visit)
		s.Do("cashier", pass, map[string]any{record.FieldState: "void", record.FieldVoidReason: "打错"})
		s.house.Clock.Advance(time.Minute)
		if use := s.Make("guard", record.GateUses, s.UseData(pass)); !strings.Contains(flagsOf(use), "gate.use_void") {
			t.Errorf("void: %s", flagsOf(use))
		}
		again := s.Make("cashier", record.GatePasses, with(s.PassData(car.Visit), map[string]any{record.FieldReplaces: pass.Id}))
		if record.AsGatePass(s.Fresh(pass)).ProxyRecord().GetString(record.FieldVoidedBy) != s.ID("cashier") {
			t.Error("who voided it is not known")
		}
		s.house.Clock.Advance(25 * time.Hour)
		if use := s.Make("guard", record.GateUses, s.UseData(again)); !strings.Contains(flagsOf(use), "gate.use_late") {
			t.Errorf("late: %s", flagsOf(use))
		}
		unknown := with(s.UseData(again), map[string]any{record.FieldPass: "abcdefghijklmno"})
		if use := s.Make("guard", record.GateUses, unknown); !strings.Contains(flagsOf(use), "gate.use_unknown") {
			t.Errorf("unknown: %s", flagsOf(use))
		}
	})
}

// tabletKey is a cashier's tablet with a key that the server has certified over HTTP.
type tabletKey struct {
	private     ed25519.PrivateKey
	certificate consent.Seal
}

func (s *shop) certify(role string) tabletKey {
	s.t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	s.tablet(role).Push()
	got := s.house.Do("POST", "/api/gate/certificate", s.tokenOf(role), map[string]any{"device": s.tablet(role).ID, "public": consent.EncodeKey(public)})
	if got.Status != 200 {
		s.t.Fatalf("not certified: %d %s", got.Status, got.Body)
	}
	var body struct {
		Seal consent.Seal `json:"seal"`
	}
	got.JSON(&body)
	return tabletKey{private: private, certificate: body.Seal}
}

// signed is the row of a pass that the tablet has made by itself.
func (k tabletKey) signed(s *shop, visit *core.Record, id string, change func(*pass.Statement)) map[string]any {
	s.t.Helper()
	data := s.PassData(visit)
	st := pass.Statement{Kind: pass.KindPass, ID: id, Number: data[record.FieldNumber].(string), Shop: s.Shop, Visit: visit.Id, Plate: data[record.FieldPlate].(string),
		IssuedAt: data[record.FieldIssuedAt].(string), Until: data[record.FieldValidUntil].(string), Key: consent.KeyID(k.private.Public().(ed25519.PublicKey))}
	change(&st)
	seal, err := consent.Sign(k.private, st)
	if err != nil {
		s.t.Fatal(err)
	}
	data[record.FieldToken] = pass.Token(seal, &k.certificate)
	return data
}

func TestPassesAreSigned(t *testing.T) {
	s := newShop(t)
	keys, err := seal.Trusted(s.App)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("D-07 the server signs a pass as it is stored", func(t *testing.T) {
		car, _ := s.Paid()
		row := record.AsGatePass(s.Pass(car.Visit))
		said, by, err := pass.Check(row.Token(), keys)
		if err != nil || by != nil || said.ID != row.Id || said.Plate != row.Plate() || said.Until != row.ValidUntil() {
			t.Errorf("%+v by %v: %v", said, by, err)
		}
	})
	key := s.certify("cashier")
	push := func(data map[string]any, id string) string {
		outcome := s.tablet("cashier").Do(apptest.Create(record.GatePasses, id, with(data, map[string]any{record.FieldShop: s.Shop})))
		for _, f := range outcome.Fields {
			return f.Code
		}
		return outcome.Code
	}
	t.Run("D-07 a certified cashier's tablet signs without the server, and the server knows it again", func(t *testing.T) {
		car, _ := s.Paid()
		id := apptest.NewID()
		if code := push(key.signed(s, car.Visit, id, func(*pass.Statement) {}), id); code != "" {
			t.Fatal(code)
		}
		row, err := s.App.FindRecordById(record.GatePasses, id)
		if err != nil || !row.GetBool(record.FieldOffline) {
			t.Errorf("not known as made offline: %v", err)
		}
	})
	t.Run("D-07 what the tablet signed is what the row says", func(t *testing.T) {
		car, _ := s.Paid()
		id := apptest.NewID()
		if code := push(key.signed(s, car.Visit, id, func(st *pass.Statement) { st.Until = "2030-01-01 00:00:00.000Z" }), id); code != "gate.token" {
			t.Errorf("got %q", code)
		}
	})
	t.Run("D-07 nobody else's tablet signs with its certificate", func(t *testing.T) {
		car, _ := s.Paid()
		id := apptest.NewID()
		data := with(key.signed(s, car.Visit, id, func(*pass.Statement) {}), map[string]any{record.FieldShop: s.Shop})
		if outcome := s.tablet("manager").Do(apptest.Create(record.GatePasses, id, data)); outcome.Fields["token"].Code != "gate.token" {
			t.Errorf("got %+v", outcome)
		}
	})
	t.Run("D-07 a tablet that certifies itself signs nothing", func(t *testing.T) {
		car, _ := s.Paid()
		own := key
		_, own.private, _ = ed25519.GenerateKey(rand.Reader)
		public := own.private.Public().(ed25519.PublicKey)
		forged := pass.Certificate{Kind: pass.KindCertificate, Device: s.tablet("cashier").ID, Staff: s.ID("cashier"), Shop: s.Shop, Next: consent.KeyID(public),
			Public: consent.EncodeKey(public), From: "2020-01-01 00:00:00.000Z", Until: "2030-01-01 00:00:00.000Z", Key: consent.KeyID(public)}
		if own.certificate, err = consent.Sign(own.private, forged); err != nil {
			t.Fatal(err)
		}
		id := apptest.NewID()
		if code := push(own.signed(s, car.Visit, id, func(*pass.Statement) {}), id); code != "seal.key_unknown" {
			t.Errorf("got %q", code)
		}
	})
	t.Run("D-07 a forged pass at the barrier is flagged", func(t *testing.T) {
		car, _ := s.Paid()
		row := s.Pass(car.Visit)
		use := with(s.UseData(row), map[string]any{record.FieldToken: record.AsGatePass(row).Token() + "x"})
		if made := s.Make("guard", record.GateUses, use); !strings.Contains(flagsOf(made), "gate.use_forged") {
			t.Errorf("got %s", flagsOf(made))
		}
	})
	t.Run("D-07 only who makes passes is certified, with a key that is one", func(t *testing.T) {
		s.tablet("advisor").Push()
		public := consent.EncodeKey(key.private.Public().(ed25519.PublicKey))
		for name, c := range map[string]struct {
			role, device, public, code string
			status                     int
		}{
			"an advisor":          {"advisor", s.tablet("advisor").ID, public, "flow.role", 403},
			"no key":              {"cashier", s.tablet("cashier").ID, "x", "gate.key", 400},
			"another's tablet":    {"cashier", s.tablet("advisor").ID, public, "device.foreign", 403},
			"nobody":              {"", s.tablet("cashier").ID, public, "device.signed_out", 401},
			"a device without id": {"cashier", "", public, "device.malformed", 400},
		} {
			token := ""
			if c.role != "" {
				token = s.tokenOf(c.role)
			}
			got := s.call(token, "POST", "/api/gate/certificate", map[string]any{"device": c.device, "public": c.public})
			code := read(got).code
			if code == "" {
				code, _ = got.Body["code"].(string)
			}
			if got.Status != c.status || code != c.code {
				t.Errorf("%s: got %d %v, want %d %s", name, got.Status, got.Body, c.status, c.code)
			}
		}
	})
}
