package flow

import (
	"encoding/json"
	"slices"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// Kinds of settlement. A counter-entry 冲销 is how a settled one is corrected (D-09).
const (
	SettlementCharge  = "charge"
	SettlementCounter = "counter"
)

// settlementOf is the settlement the act is about, read from the row as it would become.
func settlementOf(f *Facts) Settlement {
	var s Settlement
	b, _ := json.Marshal(f.After) // a row is plain JSON
	_ = json.Unmarshal(b, &s)     // what does not fit reads as nothing and is refused as such
	return s
}

// Booked is every line that counts of an order: of settlements that were issued or settled, the named one left out.
func Booked(settlements []Settlement, order, except string) []price.Charge {
	var lines []price.Charge
	for _, s := range settlements {
		if s.WorkOrder == order && s.ID != except && (s.State == "issued" || s.State == "settled") {
			lines = append(lines, s.Lines...)
		}
	}
	return lines
}

// chargeOf adds up what the lines say of a job; false when none does.
func chargeOf(job string, lines []price.Charge) (price.Charge, bool) {
	sum, there := price.Charge{Job: job, Shares: []price.Share{}}, false
	for _, l := range lines {
		if l.Job == job {
			sum, there = sum.Add(l), true
		}
	}
	return sum, there
}

// settlementOrder: an order is settled when it came through quality, or when the customer refused the estimate and owes
// its fee (E-08). A counter-entry says what it corrects and why (D-09).
func settlementOrder(f *Facts) *fault.Fault {
	if f.Order == nil {
		return refuse("order.unknown").On("work_order")
	}
	s, states := settlementOf(f), []string{"ready", "declined"}
	if s.Kind == SettlementCounter {
		states = []string{"ready", "settled", "released", "declined"}
	}
	if !slices.Contains(states, f.Order.State) {
		return refuse("settlement.order_not_ready").On("work_order").With("state", fault.Words{"work_order." + f.Order.State})
	}
	if s.Kind != SettlementCounter {
		return nil
	}
	corrects := text(f.After, "corrects")
	if !slices.ContainsFunc(f.Settlements, func(o Settlement) bool {
		return o.ID == corrects && o.WorkOrder == s.WorkOrder && o.State == "settled" && o.Kind == SettlementCharge
	}) {
		return refuse("settlement.corrects_unknown").On("corrects")
	}
	if blank(text(f.After, "reason")) {
		return refuse("settlement.unexplained").On("reason")
	}
	return nil
}

// settlementSigned: who takes the car has signed the settlement (D-06); a counter-entry carries its reason instead.
func settlementSigned(f *Facts) *fault.Fault {
	if text(f.After, "kind") == SettlementCounter {
		return nil
	}
	if blank(text(f.After, "signer_name")) || !hasStrokes(f.After["strokes"]) {
		return refuse("settlement.unsigned").On("strokes")
	}
	return nil
}

// settlementCleared: every payer of this settlement has paid, or pays later by agreement (D-07).
func settlementCleared(f *Facts) *fault.Fault {
	s := settlementOf(f)
	for _, payer := range price.Payers {
		if slices.ContainsFunc(s.Lines, func(l price.Charge) bool { return l.ShareOf(payer) != 0 }) {
			if refusal := cleared(f, s.WorkOrder, payer, "settlement.unpaid"); refusal != nil {
				return refusal
			}
		}
	}
	return nil
}

// cleared: the payer owes the order nothing that was not allowed as credit.
func cleared(f *Facts, order, payer, code string) *fault.Fault {
	if f.Policy.onAccount(payer) {
		return nil
	}
	if missing := balance(f, order, payer, "").MissingFen(); missing > 0 {
		return refuse(code).With("payer", fault.Words{"payer." + payer}).With("amount", price.Yuan(missing))
	}
	return nil
}

// balance is how a payer stands with an order; except leaves one payment out.
func balance(f *Facts, order, payer, except string) price.Balance {
	var entries []price.Entry
	for _, p := range f.Payments {
		if p.WorkOrder == order && p.ID != except {
			entries = append(entries, price.Entry{Payer: p.Payer, Kind: p.Kind, Fen: p.Fen})
		}
	}
	return price.BalanceOf(payer, Booked(f.Settlements, order, ""), entries)
}

// settlementVoidReason: a settlement that is taken back says why; one with nothing on it needs no words.
func settlementVoidReason(f *Facts) *fault.Fault {
	if text(f.Before, "state") == "issued" && blank(text(f.After, "void_reason")) {
		return refuse("settlement.void_unexplained").On("void_reason")
	}
	return nil
}

// signing are the fields that are still filled in once a settlement was issued.
var signing = []string{"signer_name", "signer_relation", "strokes", "signed_at", "void_reason", "note"}

// settlementUnfrozen: what was issued is signed as it stands; what was settled is never touched again (D-09).
func settlementUnfrozen(f *Facts) *fault.Fault {
	state := text(f.Before, "state")
	if state == "draft" {
		return nil
	}
	for _, name := range f.Changed {
		once := slices.Contains(signing, name) && !Given(f.Before[name])
		if state != "issued" || !once {
			return refuse("settlement.frozen").On(name).With("state", fault.Words{"settlement." + state})
		}
	}
	return nil
}

// orderUnsettled: nobody edits a settled order; what is wrong is corrected by a counter-entry (D-09).
func orderUnsettled(f *Facts) *fault.Fault {
	state := ""
	switch {
	case f.Entity == "work_order":
		state = text(f.Before, "state")
	case f.Order != nil:
		state = f.Order.State
	}
	if state == "settled" || state == "released" {
		return refuse("order.settled").With("state", fault.Words{"work_order." + state})
	}
	return nil
}

// orderSettled: every job of the order stands on a settled settlement with exactly its price, and every payer has paid or
// has credit (D-06, D-07).
func orderSettled(f *Facts) *fault.Fault {
	if f.Order == nil {
		return refuse("order.unknown")
	}
	return settledWhole(f, *f.Order, f.Jobs, "settlement.unpaid")
}

// settledWhole judges one order by its jobs. A counter-entry that takes a job back counts from the moment it is issued.
func settledWhole(f *Facts, order Order, jobs []Job, unpaid string) *fault.Fault {
	var lines []price.Charge
	for _, s := range f.Settlements {
		if s.WorkOrder == order.ID && s.State == "settled" {
			lines = append(lines, s.Lines...)
		}
	}
	counted := Booked(f.Settlements, order.ID, "")
	for _, j := range jobs {
		if !owed(j, order.State) {
			continue
		}
		labour, parts := price.ActualFen(j.LabourFen, price.PartsFen(j.Parts), j.ActualLabourFen, j.ActualPartsFen)
		sum, charged := chargeOf(j.ID, lines)
		stands, _ := chargeOf(j.ID, counted)
		if !charged || sum.LabourFen != labour || sum.PartsFen != parts || stands.LabourFen != labour || stands.PartsFen != parts {
			return refuse("settlement.job_open").With("job", j.Work)
		}
	}
	for _, payer := range price.Payers {
		if refusal := cleared(f, order.ID, payer, unpaid); refusal != nil {
			return refusal
		}
	}
	return nil
}
