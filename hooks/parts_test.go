package hooks_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

// carAndPart is a job signed for and given out, and ten of its part in the store.
func carAndPart(s *shop, milli int64) (apptest.Service, *core.Record) {
	return s.JobDispatched(), s.Part(apptest.BrakePads, milli)
}

func with(data map[string]any, more map[string]any) map[string]any {
	for name, value := range more {
		data[name] = value
	}
	return data
}

func TestPartsIssueRules(t *testing.T) {
	issue := func(s *shop, car apptest.Service, part *core.Record, more map[string]any) op {
		return create("parts", record.StockMoves, with(s.IssueData(part, car.Job, 1000, "store"), more))
	}
	hold(t, []rule{
		{name: "S-01 no part for a job without a signature", code: "consent.missing", field: "id", try: func(s *shop) op {
			return issue(s, s.JobPresented(), s.Part(apptest.BrakePads, 10_000), nil)
		}},
		{name: "S-01 no part on its way to the workshop for it", code: "consent.missing", field: "id", try: func(s *shop) op {
			return issue(s, s.JobPresented(), s.Part(apptest.BrakePads, 10_000), map[string]any{record.FieldKind: "transfer", record.FieldToPlace: "workshop"})
		}},
		{name: "S-01 no part on a void signature", code: "consent.void", field: "id", try: func(s *shop) op {
			car, given := signedDispatched(s)
			void(s, given)
			return issue(s, car, s.Part(apptest.BrakePads, 10_000), nil)
		}},
		{name: "S-02 no part for a job changed since it was signed", code: "consent.changed", field: "id", try: func(s *shop) op {
			car, part := carAndPart(s, 10_000)
			s.Do("advisor", car.Job, map[string]any{record.FieldLabourFen: 24001})
			return issue(s, car, part, nil)
		}},
		{name: "S-01 a part the customer brought waits for the signature too", code: "consent.missing", field: "state", try: func(s *shop) op {
			car := s.JobPresented()
			own := s.Make("parts", record.CustomerParts, map[string]any{record.FieldVisit: car.Visit.Id, record.FieldWorkOrder: car.Order.Id, record.FieldJob: car.Job.Id,
				record.FieldName: "行车记录仪", record.FieldQuantityMilli: 1000, record.FieldLabel: "KH-01", record.FieldState: "received"})
			return patch("parts", own, map[string]any{record.FieldState: "issued", record.FieldSignedBy: s.ID("technician"), record.FieldStrokes: apptest.Strokes})
		}},
		{name: "W-04 nothing beside the order", code: "stock.not_on_order", field: "part", try: func(s *shop) op {
			car, _ := carAndPart(s, 0)
			return issue(s, car, s.Part("06J115403", 5000), nil)
		}},
		{name: "W-04 nothing beyond the order", code: "stock.more_than_agreed", field: "quantity_milli", try: func(s *shop) op {
			car, part := carAndPart(s, 10_000)
			return issue(s, car, part, map[string]any{record.FieldQuantityMilli: 1001})
		}},
		{name: "W-04 nothing unsigned over the counter", code: "stock.unsigned", field: "strokes", try: func(s *shop) op {
			car, part := carAndPart(s, 10_000)
			return issue(s, car, part, map[string]any{record.FieldStrokes: []any{}})
		}},
		{name: "W-04 no issue without its job", code: "stock.job_missing", field: "job", try: func(s *shop) op {
			car, part := carAndPart(s, 10_000)
			return issue(s, car, part, map[string]any{record.FieldJob: "", record.FieldWorkOrder: "", record.FieldVisit: ""})
		}},
		{name: "W-04 a job of another car is not this order's", code: "field.mismatch", field: "job", try: func(s *shop) op {
			car, part := carAndPart(s, 10_000)
			other := s.JobDispatched()
			return issue(s, car, part, map[string]any{record.FieldJob: other.Job.Id})
		}},
		{name: "W-04 no more comes back than went out", code: "stock.more_than_issued", field: "quantity_milli", try: func(s *shop) op {
			car, part := carAndPart(s, 10_000)
			return issue(s, car, part, map[string]any{record.FieldKind: "return", record.FieldFromPlace: "", record.FieldToPlace: "store"})
		}},
		{name: "W-04 a technician books no stock", code: "flow.role", field: "id", admin: "-", try: func(s *shop) op {
			car, part := carAndPart(s, 10_000)
			o := issue(s, car, part, nil)
			o.role = "technician"
			return o
		}},
		{name: "P-01 nothing leaves an empty shelf", code: "stock.short", field: "quantity_milli", try: func(s *shop) op {
			car, part := carAndPart(s, 500)
			return issue(s, car, part, nil)
		}},
		{name: "P-01 who took the last is said", code: "stock.gone", field: "quantity_milli", try: func(s *shop) op {
			first, part := carAndPart(s, 1000)
			s.Make("parts", record.StockMoves, s.IssueData(part, first.Job, 1000, "store"))
			return issue(s, s.JobDispatched(), part, nil)
		}},
		{name: "P-02 what is frozen for another order stays", code: "stock.frozen", field: "quantity_milli", try: func(s *shop) op {
			first, part := carAndPart(s, 1000)
			s.Make("advisor", record.Reservations, s.ReserveData(part, first.Job, 1000))
			return issue(s, s.JobDispatched(), part, nil)
		}},
		{name: "P-02 nothing frozen is sold over the counter", code: "stock.frozen", field: "quantity_milli", try: func(s *shop) op {
			car, part := carAndPart(s, 1000)
			s.Make("advisor", record.Reservations, s.ReserveData(part, car.Job, 1000))
			return create("parts", record.StockMoves, s.MoveData("retail", part, 1000, map[string]any{record.FieldFromPlace: "store", record.FieldUnitFen: 38000, record.FieldPaymentMethod: "cash"}))
		}},
		{name: "P-02 frozen stock is not frozen twice", code: "stock.reserve_short", field: "quantity_milli", try: func(s *shop) op {
			first, part := carAndPart(s, 1000)
			s.Make("advisor", record.Reservations, s.ReserveData(part, first.Job, 1000))
			return create("advisor", record.Reservations, s.ReserveData(part, s.JobDispatched().Job, 1000))
		}},
	})
}

func TestPartsStoreRules(t *testing.T) {
	hold(t, []rule{
		{name: "P-01 an adjustment has its reason", code: "stock.reason_missing", field: "reason", try: func(s *shop) op {
			return create("parts", record.StockMoves, s.MoveData("adjust", s.Part(apptest.BrakePads, 1000), 1000, map[string]any{record.FieldFromPlace: "store"}))
		}},
		{name: "P-01 not even a reasoned adjustment goes below zero", code: "stock.short", field: "quantity_milli", try: func(s *shop) op {
			return create("parts", record.StockMoves, s.MoveData("adjust", s.Part(apptest.BrakePads, 1000), 1001, map[string]any{record.FieldFromPlace: "store", record.FieldReason: "报废"}))
		}},
		{name: "P-01 the ledger is never edited", code: "field.fixed", field: "quantity_milli", try: func(s *shop) op {
			move := s.Make("parts", record.StockMoves, s.MoveData("adjust", s.Part(apptest.BrakePads, 1000), 1000, map[string]any{record.FieldToPlace: "store", record.FieldReason: "多出"}))
			return patch("parts", move, map[string]any{record.FieldQuantityMilli: 5000})
		}},
		{name: "P-01 the ledger is never cut", code: "flow.delete", field: "id", try: func(s *shop) op {
			return remove("parts", s.Make("parts", record.StockMoves, s.MoveData("adjust", s.Part(apptest.BrakePads, 1000), 1000, map[string]any{record.FieldToPlace: "store", record.FieldReason: "多出"})))
		}},
		{name: "P-01 nobody writes a level", code: "field.derived", field: "store_milli", try: func(s *shop) op {
			return patch("manager", s.Part(apptest.BrakePads, 1000), map[string]any{record.FieldStoreMilli: 9000})
		}},
		{name: "P-01 a move of minus one is none", code: "field.range", field: "quantity_milli", try: func(s *shop) op {
			return create("parts", record.StockMoves, s.MoveData("adjust", s.Part(apptest.BrakePads, 1000), -1, map[string]any{record.FieldFromPlace: "store", record.FieldReason: "x"}))
		}},
		{name: "P-01 nor is one of nothing", code: "field.required", field: "quantity_milli", try: func(s *shop) op {
			return create("parts", record.StockMoves, s.MoveData("adjust", s.Part(apptest.BrakePads, 1000), 0, map[string]any{record.FieldFromPlace: "store", record.FieldReason: "x"}))
		}},
		{name: "P-01 who counted does not approve", code: "count.same_person", field: "counted_by", admin: "-", try: func(s *shop) op {
			return step("warehouse", counted(s, "warehouse"), "approved")
		}},
		{name: "P-01 a difference waits for the approval", code: "stock.count_unapproved", field: "stock_count", try: func(s *shop) op {
			count := counted(s, "warehouse")
			return create("parts", record.StockMoves, differenceOf(s, count, 1000))
		}},
		{name: "P-01 another difference than the sheet's", code: "stock.count_differs", field: "quantity_milli", try: func(s *shop) op {
			count := counted(s, "warehouse")
			s.Step("manager", count, "approved")
			return create("parts", record.StockMoves, differenceOf(s, count, 999))
		}},
		{name: "P-01 the same difference twice", code: "stock.count_differs", field: "quantity_milli", try: func(s *shop) op {
			count := counted(s, "warehouse")
			s.Step("manager", count, "approved")
			s.Make("manager", record.StockMoves, differenceOf(s, count, 1000))
			return create("parts", record.StockMoves, differenceOf(s, count, 1000))
		}},
		{name: "P-01 the sheet stays as it was handed in", code: "field.fixed", field: "lines", try: func(s *shop) op {
			count := counted(s, "warehouse")
			return patch("parts", count, map[string]any{record.FieldLines: []any{map[string]any{"part": record.AsStockCount(count).Lines()[0].Part, "book_milli": 5000, "counted_milli": 5000}}})
		}},
		{name: "P-05 no goods in without a check", code: "stock.unchecked", field: "goods_receipt", try: func(s *shop) op {
			part := s.Part(apptest.BrakePads, 0)
			receipt := s.Make("parts", record.GoodsReceipts, s.ReceiptData(part, 2000))
			return create("parts", record.StockMoves, s.MoveData("in", part, 1000, map[string]any{record.FieldToPlace: "store", record.FieldGoodsReceipt: receipt.Id}))
		}},
		{name: "P-05 no more in than was good", code: "stock.more_than_received", field: "quantity_milli", try: func(s *shop) op {
			part := s.Part(apptest.BrakePads, 0)
			receipt := received(s, part, 2000)
			s.Make("parts", record.StockMoves, s.MoveData("in", part, 1500, map[string]any{record.FieldToPlace: "store", record.FieldGoodsReceipt: receipt.Id}))
			return create("parts", record.StockMoves, s.MoveData("in", part, 501, map[string]any{record.FieldToPlace: "store", record.FieldGoodsReceipt: receipt.Id}))
		}},
		{name: "P-05 every item is checked", code: "receipt.items_unanswered", field: "items", try: func(s *shop) op {
			return step("parts", s.Make("parts", record.GoodsReceipts, s.ReceiptData(s.Part(apptest.BrakePads, 0), 2000)), "checked")
		}},
		{name: "P-05 damage is shown", code: "receipt.damage_unshown", field: "damaged_milli", try: func(s *shop) op {
			receipt := s.Make("parts", record.GoodsReceipts, s.ReceiptData(s.Part(apptest.BrakePads, 0), 2000))
			return patch("parts", receipt, map[string]any{record.FieldState: "checked", record.FieldItems: apptest.Received, record.FieldDamagedMilli: 1000, record.FieldReason: "压坏"})
		}},
		{name: "P-05 what was found stays", code: "field.fixed", field: "damaged_milli", try: func(s *shop) op {
			return patch("parts", received(s, s.Part(apptest.BrakePads, 0), 2000), map[string]any{record.FieldDamagedMilli: 1000})
		}},
		{name: "B-06 class C waits for half its price", code: "purchase.deposit_missing", field: "deposit_fen", try: func(s *shop) op {
			return step("parts", proposed(s, "C", 1000), "ordered")
		}},
		{name: "B-06 so does what is dear", code: "purchase.deposit_missing", field: "deposit_fen", try: func(s *shop) op {
			return step("parts", proposed(s, "A", 6000), "ordered")
		}},
		{name: "B-06 the deposit does not shrink afterwards", code: "purchase.deposit_missing", field: "deposit_fen", try: func(s *shop) op {
			order := proposed(s, "C", 1000)
			s.Do("cashier", order, map[string]any{record.FieldDepositFen: 19000, record.FieldDepositReference: "SK-0081"})
			s.Step("parts", order, "ordered")
			return patch("parts", order, map[string]any{record.FieldDepositFen: 18999})
		}},
		{name: "B-06 nor does the order leave its visit to get round it", code: "purchase.deposit_missing", field: "deposit_fen", try: func(s *shop) op {
			part := s.Make("parts", record.Parts, with(s.PartData("C-9"), map[string]any{record.FieldClass: "C"}))
			data := s.PurchaseData(part, s.JobDispatched().Job, 1000)
			delete(data, record.FieldVisit)
			return step("parts", s.Make("parts", record.PurchaseOrders, data), "ordered")
		}},
		{name: "B-06 a fen short of half its price in the ledger", code: "purchase.deposit_missing", field: "deposit_fen", try: func(s *shop) op {
			order := proposed(s, "C", 1000)
			deposited(s, order, 18999, "")
			return step("parts", order, "ordered")
		}},
		{name: "B-06 one deposit does not pay for two orders", code: "purchase.deposit_missing", field: "deposit_fen", try: func(s *shop) op {
			first := proposed(s, "C", 1000)
			deposited(s, first, 19000, "")
			s.Step("parts", first, "ordered")
			second := s.PurchaseData(s.Make("parts", record.Parts, with(s.PartData("X-D"), map[string]any{record.FieldClass: "D"})), job(s, first), 1000)
			return step("parts", s.Make("parts", record.PurchaseOrders, second), "ordered")
		}},
		{name: "B-06 a receipt noted by hand counts once", code: "purchase.deposit_missing", field: "deposit_fen", try: func(s *shop) op {
			order := proposed(s, "C", 1000)
			deposited(s, order, 9500, "SK-0081")
			s.Do("cashier", order, map[string]any{record.FieldDepositFen: 9500, record.FieldDepositReference: "SK-0081"})
			return step("parts", order, "ordered")
		}},
		{name: "B-06 what was given back does not count", code: "purchase.deposit_missing", field: "deposit_fen", try: func(s *shop) op {
			order := proposed(s, "C", 1000)
			deposited(s, order, 19000, "")
			work, err := s.App.FindRecordById(record.WorkOrders, order.GetString(record.FieldWorkOrder))
			if err != nil {
				s.t.Fatal(err)
			}
			s.Make("cashier", record.Payments, s.PaymentData(work, price.KindRefund, price.PayerCustomer, 1))
			return step("parts", order, "ordered")
		}},
		{name: "E-02 an order has its date", code: "purchase.date_missing", field: "expected_on", try: func(s *shop) op {
			order := proposed(s, "A", 1000)
			s.Do("parts", order, map[string]any{record.FieldExpectedOn: ""})
			return step("parts", order, "ordered")
		}},
		{name: "W-09 a tool is lent once", code: "tool.lent", field: "tool", try: func(s *shop) op {
			tool := s.Make("parts", record.Tools, s.ToolData("T-01"))
			s.Make("parts", record.ToolLoans, s.LoanData(tool, "technician"))
			return create("leader", record.ToolLoans, s.LoanData(tool, "second"))
		}},
		{name: "W-09 a borrower does not hand it back to himself", code: "flow.role", field: "state", admin: "-", try: func(s *shop) op {
			tool := s.Make("parts", record.Tools, s.ToolData("T-01"))
			return step("technician", s.Make("parts", record.ToolLoans, s.LoanData(tool, "technician")), "returned")
		}},
	})
}

// counted is a sheet handed in by the person: the books say 5, the shelf 4.
func counted(s *shop, role string) *core.Record {
	count := s.Make(role, record.StockCounts, s.CountData(s.Part(apptest.BrakePads, 5000), 5000, 4000))
	s.Step(role, count, "counted")
	return count
}

func differenceOf(s *shop, count *core.Record, milli int64) map[string]any {
	part := record.AsStockCount(s.Fresh(count)).Lines()[0].Part
	return map[string]any{record.FieldKind: "count", record.FieldPart: part, record.FieldQuantityMilli: milli, record.FieldFromPlace: "store", record.FieldStockCount: count.Id}
}

// received is a delivery that was checked and found in order.
func received(s *shop, part *core.Record, milli int64) *core.Record {
	receipt := s.Make("parts", record.GoodsReceipts, s.ReceiptData(part, milli))
	s.Do("parts", receipt, map[string]any{record.FieldState: "checked", record.FieldItems: apptest.Received})
	return receipt
}

// proposed is a proposal to order a part of the class for a signed job.
func proposed(s *shop, class string, milli int64) *core.Record {
	part := s.Make("parts", record.Parts, with(s.PartData("X-"+class), map[string]any{record.FieldClass: class}))
	return s.Make("parts", record.PurchaseOrders, s.PurchaseData(part, s.JobDispatched().Job, milli))
}

// deposited is a deposit the cashier has taken for the work order of a purchase order (B-06).
func deposited(s *shop, order *core.Record, fen int64, reference string) {
	s.t.Helper()
	work, err := s.App.FindRecordById(record.WorkOrders, order.GetString(record.FieldWorkOrder))
	if err != nil {
		s.t.Fatal(err)
	}
	s.Make("cashier", record.Payments, with(s.PaymentData(work, price.KindDeposit, price.PayerCustomer, fen), map[string]any{record.FieldReference: reference}))
}

func job(s *shop, order *core.Record) *core.Record {
	s.t.Helper()
	rec, err := s.App.FindRecordById(record.Jobs, order.GetString(record.FieldJob))
	if err != nil {
		s.t.Fatal(err)
	}
	return rec
}

func levels(s *shop, part *core.Record) [2]int64 {
	p := record.AsPart(s.Fresh(part))
	return [2]int64{p.LevelMilli("store"), p.LevelMilli("workshop")}
}

func (s *shop) withShop(data map[string]any) map[string]any {
	data[record.FieldShop] = s.Shop
	return data
}
