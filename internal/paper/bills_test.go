package paper_test

import (
	"reflect"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/document"
	"aftercare/internal/paper"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

func TestSettlementPaper(t *testing.T) {
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	car := day.VisitReady()
	lines := day.Lines(car.Job)
	gross := lines[0].GrossFen()
	sheet := func(t *testing.T) document.Sheet {
		t.Helper()
		got, _, err := paper.Press{Clock: s.Clock.Now}.Sheet(s.App, paper.Ask{View: document.Settlement, Lang: "zh", Visit: day.Fresh(car.Visit), Order: day.Fresh(car.Order)})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	t.Run("S-04 nothing is settled yet: the jobs stand alone", func(t *testing.T) {
		if got := sheet(t); len(got.Settlements) != 0 || len(got.Jobs) == 0 || got.Signature != nil {
			t.Errorf("%+v", got.Settlements)
		}
	})
	lines[0].DiscountFen, lines[0].Shares[0].Fen = 100, gross-100
	settlement := day.Make("manager", record.Settlements, day.SettlementData(car.Order, lines))
	t.Run("S-04 a draft is no paper's business", func(t *testing.T) {
		if got := sheet(t); len(got.Settlements) != 0 {
			t.Errorf("%+v", got.Settlements)
		}
	})
	day.Step("manager", settlement, "issued")
	t.Run("S-04 D-06 issued: the price, what was taken off, what is to be paid", func(t *testing.T) {
		want := []document.Bill{{Number: record.AsSettlement(day.Fresh(settlement)).Number(), Payer: "customer", State: "issued",
			Lines: []document.Line{{Text: record.AsJob(car.Job).Facts().Work, Fen: gross}}, DiscountFen: 100, TotalFen: gross - 100}}
		if got := sheet(t); !reflect.DeepEqual(got.Settlements, want) {
			t.Errorf("got %+v\nwant %+v", got.Settlements, want)
		}
	})
	day.Pay(car.Order, gross-100)
	day.SettleUp(settlement)
	t.Run("S-04 D-06 settled: paid, signed", func(t *testing.T) {
		got := sheet(t)
		bill := got.Settlements[0]
		if bill.State != "settled" || bill.PaidFen != gross-100 || len(bill.Payments) != 1 || bill.Payments[0].Method != "card" || bill.Payments[0].Kind != "payment" {
			t.Errorf("%+v", bill)
		}
		if got.Signature == nil || got.Signature.Name != "李明" || len(got.Signature.Strokes) != 1 {
			t.Errorf("%+v", got.Signature)
		}
	})
	t.Run("S-04 D-09 a counter-entry: who bears what changes, the customer gets money back", func(t *testing.T) {
		move := []price.Charge{{Job: car.Job.Id, Shares: []price.Share{{Payer: "customer", Fen: -5000}, {Payer: "goodwill", Fen: 5000}}}}
		counter := day.Make("manager", record.Settlements, day.CounterData(settlement, move))
		day.Step("manager", counter, "issued")
		day.Make("cashier", record.Payments, day.PaymentData(car.Order, price.KindRefund, price.PayerCustomer, 5000))
		got := sheet(t).Settlements
		if len(got) != 2 || got[0].Payer != "customer" || got[1].Payer != "goodwill" || got[0].TotalFen != gross-5100 || got[0].PaidFen != gross-5100 || got[1].TotalFen != 5000 {
			t.Errorf("%+v", got)
		}
	})
}
