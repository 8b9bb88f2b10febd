package hooks

import (
	"strings"

	"github.com/pocketbase/dbx"

	"aftercare/internal/flow"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

// loadDeposits is what of the customer's deposits 定金 in the ledger is there for this purchase order (B-06): those of its
// work order, less refunds, less what other orders that went out for the same work rely on. A receipt that is noted on a
// purchase order by hand counts there and not a second time from the ledger.
func (s *save) loadDeposits(f *flow.Facts) error {
	if s.orderID() == "" {
		return nil
	}
	same := dbx.HashExp{record.FieldWorkOrder: s.orderID()}
	orders, err := s.all(record.PurchaseOrders, same)
	if err != nil {
		return err
	}
	noted, relied := map[string]bool{}, int64(0)
	for _, row := range orders {
		o := record.AsPurchaseOrder(row)
		if o.DepositFen() > 0 {
			noted[strings.TrimSpace(o.DepositReference())] = true
		}
		if row.Id == s.rec.Id || o.State() != "ordered" && o.State() != "received" {
			continue
		}
		fen, err := s.reliesOn(o, f.Policy)
		if err != nil {
			return err
		}
		relied += fen
	}
	entries, err := s.all(record.Payments, same)
	for _, row := range entries {
		p := record.AsPayment(row)
		switch entry := p.Facts(); {
		case entry.Payer != price.PayerCustomer:
		case entry.Kind == price.KindDeposit && !noted[strings.TrimSpace(p.Reference())]:
			f.Stock.DepositFen += entry.Fen
		case entry.Kind == price.KindRefund:
			f.Stock.DepositFen -= entry.Fen
		}
	}
	f.Stock.DepositFen = max(0, f.Stock.DepositFen-relied)
	return err
}

// reliesOn is how much of the ledger's deposits a purchase order that went out needs beside what is noted on it. Fen.
func (s *save) reliesOn(o *record.PurchaseOrder, policy flow.Policy) (int64, error) {
	part, err := s.app.FindRecordById(record.Parts, o.Part())
	if err != nil {
		return 0, err
	}
	if id := o.GetString(record.FieldJob); id != "" {
		job, err := s.one(record.Jobs, id)
		if err != nil || job == nil || record.AsJob(job).Facts().Payer != price.PayerCustomer {
			return 0, err
		}
	}
	need, _ := flow.DepositFen(record.AsPart(part).Facts(), o.QuantityMilli(), o.UnitFen(), policy)
	return max(0, need-o.DepositFen()), nil
}
