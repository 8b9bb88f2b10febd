package hooks_test

import (
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/record"
)

func TestPartsWay(t *testing.T) {
	t.Run("B-06 what the cashier took lets the part be ordered", func(t *testing.T) {
		s := newShop(t)
		order := proposed(s, "C", 1000)
		deposited(s, order, 19000, "SK-0081")
		s.Step("parts", order, "ordered")
	})
	t.Run("W-04 parts store → workshop store → order, and back what was not used", func(t *testing.T) {
		s := newShop(t)
		car, part := carAndPart(s, 3000)
		s.Make("parts", record.Reservations, s.ReserveData(part, car.Job, 1000))
		data := s.IssueData(part, car.Job, 1000, "store")
		data[record.FieldKind], data[record.FieldToPlace] = "transfer", "workshop"
		s.Make("parts", record.StockMoves, data)
		if got := levels(s, part); got != [2]int64{2000, 1000} {
			t.Fatalf("after the transfer: %v", got)
		}
		s.Make("parts", record.StockMoves, s.IssueData(part, car.Job, 1000, "workshop"))
		if got := levels(s, part); got != [2]int64{2000, 0} {
			t.Fatalf("after the issue: %v", got)
		}
		back := s.MoveData("return", part, 1000, map[string]any{record.FieldToPlace: "store", record.FieldJob: car.Job.Id})
		s.Make("parts", record.StockMoves, back)
		if got := levels(s, part); got != [2]int64{3000, 0} {
			t.Fatalf("after the return: %v", got)
		}
		s.Make("parts", record.StockMoves, s.IssueData(part, car.Job, 1000, "store"))
		if at := record.Moment(s.Fresh(part), record.FieldLastOutAt); at == "" {
			t.Error("P-05 the last issue is not noted")
		}
	})
	t.Run("X-06 a part handed over on a consent voided unheard of is kept and flagged", func(t *testing.T) {
		s := newShop(t)
		car := s.JobPresented()
		given := s.Sign(consent.KindEstimate, car.Order)
		s.Dispatch(car.Job)
		part := s.Part(apptest.BrakePads, 3000)
		counter := s.tablet("parts")
		counter.Push()
		counter.Pull(0)
		void(s, given)
		id := apptest.NewID()
		if o := counter.Do(apptest.Create(record.StockMoves, id, s.withShop(s.IssueData(part, car.Job, 1000, "store")))); o.Code != "" {
			t.Fatalf("%+v", o)
		}
		move, err := s.App.FindRecordById(record.StockMoves, id)
		if err != nil {
			t.Fatal(err)
		}
		if flags := record.AsStockMove(move).Flags(); len(flags) != 1 || flags[0].Code != "consent.void_unseen" {
			t.Errorf("flags %v", flags)
		}
	})
	t.Run("P-05 a delivery is checked, stocked, and its damaged part sent back", func(t *testing.T) {
		s := newShop(t)
		part := s.Part(apptest.BrakePads, 0)
		order := s.Make("parts", record.PurchaseOrders, map[string]any{record.FieldPart: part.Id, record.FieldQuantityMilli: 1000, record.FieldCause: "minimum",
			record.FieldState: "proposed", record.FieldExpectedOn: "2026-11-25 00:00:00.000Z"})
		s.Step("parts", order, "ordered")
		receipt := s.Make("parts", record.GoodsReceipts, with(s.ReceiptData(part, 2000), map[string]any{record.FieldPurchaseOrder: order.Id}))
		photo := s.harmless()
		photo[record.FieldSubjectCollection], photo[record.FieldSubjectRecord] = record.GoodsReceipts, receipt.Id
		s.Make("parts", record.Photos, photo)
		s.Do("parts", receipt, map[string]any{record.FieldState: "checked", record.FieldItems: apptest.Received, record.FieldDamagedMilli: 1000, record.FieldReason: "压坏"})
		s.Make("parts", record.StockMoves, s.MoveData("in", part, 1000, map[string]any{record.FieldToPlace: "store", record.FieldGoodsReceipt: receipt.Id}))
		s.Step("parts", order, "received")
		s.Step("parts", receipt, "sent_back")
		if got := levels(s, part); got != [2]int64{1000, 0} {
			t.Errorf("levels %v", got)
		}
	})
}
