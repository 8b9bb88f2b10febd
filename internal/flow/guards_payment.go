package flow

import (
	"slices"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// paymentTowardsDue: an entry of the ledger brings what was paid towards what is due and never past it: no payment above
// the bill, no refund above what was paid beyond it, no deposit above what was agreed, no credit above what is open (D-07, D-09).
func paymentTowardsDue(f *Facts) *fault.Fault {
	if f.Order == nil {
		return refuse("order.unknown").On("work_order")
	}
	fen, payer := whole(f.After, "fen"), text(f.After, "payer")
	b := balance(f, f.Order.ID, payer, text(f.After, "id"))
	switch text(f.After, "kind") {
	case price.KindPayment:
		return atMost(fen, b.MayPayFen(), "payment.beyond_due")
	case price.KindRefund:
		return atMost(fen, b.MayRefundFen(), "payment.beyond_paid")
	case price.KindCredit:
		return atMost(fen, b.MissingFen(), "payment.beyond_due")
	case price.KindDeposit:
		return deposit(f, payer, fen, b)
	}
	return nil
}

func atMost(fen, most int64, code string) *fault.Fault {
	if fen <= most {
		return nil
	}
	return refuse(code).On("fen").With("most", price.Yuan(most))
}

// deposit 定金: from the customer, while there is still work to come, and never more than that work was agreed to cost.
func deposit(f *Facts, payer string, fen int64, b price.Balance) *fault.Fault {
	if payer != price.PayerCustomer {
		return refuse("payment.deposit_payer").On("payer")
	}
	if slices.Contains([]string{"settled", "released", "declined", "cancelled"}, f.Order.State) {
		return refuse("payment.deposit_late").On("work_order").With("state", fault.Words{"work_order." + f.Order.State})
	}
	var agreed int64
	for _, j := range standing(f) {
		if j.Payer == price.PayerCustomer {
			agreed += j.LabourFen + price.PartsFen(j.Parts)
		}
	}
	return atMost(fen, max(0, agreed-b.PaidFen), "payment.beyond_due")
}

// creditAllowed: credit 挂账 is given by finance up to the shop's limit, by a manager above it, and always until a day (D-07).
func creditAllowed(f *Facts) *fault.Fault {
	if text(f.After, "kind") != price.KindCredit {
		return nil
	}
	if text(f.After, "due_at") == "" {
		return refuse("payment.credit_terms").On("due_at")
	}
	sum := whole(f.After, "fen")
	if f.Order != nil {
		sum += balance(f, f.Order.ID, text(f.After, "payer"), text(f.After, "id")).CreditFen
	}
	switch {
	case Holds([]string{"manager"}, f.Actor):
	case !Holds([]string{"finance"}, f.Actor):
		return refuse("payment.credit_role").On("kind").With("roles", roleWords([]string{"finance", "manager"}))
	case sum > f.Policy.CreditLimitFen:
		return refuse("payment.credit_limit").On("fen").With("limit", price.Yuan(f.Policy.CreditLimitFen)).With("roles", roleWords([]string{"manager"}))
	}
	return nil
}

// refundExplained: money goes back with a reason (D-09).
func refundExplained(f *Facts) *fault.Fault {
	if text(f.After, "kind") == price.KindRefund && blank(text(f.After, "reason")) {
		return refuse("payment.refund_unexplained").On("reason")
	}
	return nil
}

// invoiceWithin: the invoices of a settlement and payer, credit notes taken off, never pass what the payer bears (D-09).
func invoiceWithin(f *Facts) *fault.Fault {
	i := slices.IndexFunc(f.Settlements, func(s Settlement) bool { return s.ID == text(f.After, "settlement") })
	if i < 0 || f.Settlements[i].State != "settled" {
		return refuse("invoice.unsettled").On("settlement")
	}
	payer := text(f.After, "payer")
	var share, invoiced int64
	for _, l := range f.Settlements[i].Lines {
		share += l.ShareOf(payer)
	}
	for _, v := range f.Invoices {
		switch {
		case v.Settlement != f.Settlements[i].ID || v.Payer != payer || v.ID == text(f.After, "id"):
		case v.Kind == "credit_note":
			invoiced -= v.Fen
		default:
			invoiced += v.Fen
		}
	}
	most := share - invoiced
	if text(f.After, "kind") == "credit_note" {
		most = invoiced
	}
	return atMost(whole(f.After, "fen"), max(0, most), "invoice.beyond")
}
