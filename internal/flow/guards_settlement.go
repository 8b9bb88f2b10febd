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

// payable are the states of a job whose work is there to be paid for.
var payable = []string{"done", "passed"}

// feeStates are those of an estimate's or diagnosis's fee where the customer refused the estimate: the estimate was the work.
var feeStates = []string{"approved", "done", "passed"}

// owed says whether the job is there to be settled in an order of this state.
func owed(j Job, order string) bool {
	if order == "declined" {
		return j.DiagnosisOnly && slices.Contains(feeStates, j.State)
	}
	return slices.Contains(payable, j.State)
}

// linesConsented: every line is a job of this order, done, and covered by a consent that stands (D-06).
func linesConsented(f *Facts) *fault.Fault {
	s := settlementOf(f)
	if len(s.Lines) == 0 {
		return refuse("settlement.empty").On("lines")
	}
	seen := map[string]bool{}
	for _, l := range s.Lines {
		j, known := jobNamed(f, l.Job)
		switch {
		case !known:
			return refuse("settlement.line_unknown").On("lines")
		case seen[l.Job]:
			return refuse("settlement.line_twice").On("lines").With("job", j.Work)
		case f.Order != nil && !owed(j, f.Order.State):
			return refuse("settlement.line_not_done").On("lines").With("job", j.Work).With("state", fault.Words{"job." + j.State})
		}
		seen[l.Job] = true
		if refusal := uncovered(j, f.Consents); refusal != nil {
			return refusal.On("lines")
		}
	}
	return nil
}

// linesPriced: each line says exactly what its job costs, inside the agreed range, once; what is taken off and who bears
// the rest adds up to the fen (D-06, S-07).
func linesPriced(f *Facts) *fault.Fault {
	s := settlementOf(f)
	others := Booked(f.Settlements, s.WorkOrder, s.ID)
	for _, l := range s.Lines {
		j, known := jobNamed(f, l.Job)
		if !known {
			return refuse("settlement.line_unknown").On("lines")
		}
		before, charged := chargeOf(l.Job, others)
		var refusal *fault.Fault
		if s.Kind == SettlementCounter {
			refusal = countered(j, before, charged, l)
		} else {
			refusal = charge(f, s, j, before, charged, l)
		}
		if refusal != nil {
			return refusal
		}
	}
	return nil
}

// charge judges a line that books a job for the first time, or again after it was reversed whole.
func charge(f *Facts, s Settlement, j Job, before price.Charge, charged bool, l price.Charge) *fault.Fault {
	if charged && (before.GrossFen() != 0 || l.GrossFen() == 0) {
		return refuse("settlement.line_charged").On("lines").With("job", j.Work)
	}
	if refusal := priceInRange(&Facts{Job: &j}); refusal != nil {
		return refusal.On("lines")
	}
	agreed := price.PartsFen(j.Parts)
	labour, parts := price.ActualFen(j.LabourFen, agreed, j.ActualLabourFen, j.ActualPartsFen)
	if l.AgreedFen != j.LabourFen+agreed || l.LabourFen != labour || l.PartsFen != parts {
		return refuse("settlement.line_amount").On("lines").With("job", j.Work).With("amount", price.Yuan(labour+parts))
	}
	var member int64
	if j.Payer == price.PayerCustomer {
		member = MemberOff(f.Policy, s.MemberLevel, labour, parts)
	}
	if l.MemberFen != member {
		return refuse("settlement.line_member").On("lines").With("job", j.Work).With("amount", price.Yuan(member))
	}
	return adds(j, l)
}

// basisPoints of a percent; the policy speaks in percent.
const basisPoints = 100

// MemberOff is what the level takes off labour and parts (fen).
func MemberOff(p Policy, level string, labour, parts int64) int64 {
	offLabour, offParts := p.memberPercent(level)
	return price.MemberFen(labour, parts, offLabour*basisPoints, offParts*basisPoints)
}

// countered judges a line of differences: the job is taken back whole, or its price stays and only what is taken off and
// who bears it moves.
func countered(j Job, before price.Charge, charged bool, l price.Charge) *fault.Fault {
	if !charged {
		return refuse("settlement.line_uncharged").On("lines").With("job", j.Work)
	}
	after := before.Add(l)
	if after.GrossFen() == 0 && before.GrossFen() != 0 {
		if after.LabourFen != 0 || after.DiscountFen != 0 || after.MemberFen != 0 || len(after.Shares) > 0 {
			return refuse("settlement.line_sum").On("lines").With("job", j.Work)
		}
		return nil
	}
	if l.LabourFen != 0 || l.PartsFen != 0 || l.MemberFen != 0 {
		return refuse("settlement.line_amount").On("lines").With("job", j.Work).With("amount", price.Yuan(before.GrossFen()))
	}
	return adds(j, after)
}

// adds: nothing is negative, every payer is named once, and the shares are the net amount.
func adds(j Job, l price.Charge) *fault.Fault {
	seen, right := map[string]bool{}, l.DiscountFen >= 0 && l.NetFen() >= 0 && l.SharesFen() == l.NetFen()
	for _, s := range l.Shares {
		right = right && s.Fen >= 0 && !seen[s.Payer] && slices.Contains(price.Payers, s.Payer)
		seen[s.Payer] = true
	}
	if !right {
		return refuse("settlement.line_sum").On("lines").With("job", j.Work)
	}
	return nil
}

// sharesFair: who agreed to pay nothing is not made to pay here; payers move in the customer's favour only (S-07).
func sharesFair(f *Facts) *fault.Fault {
	s := settlementOf(f)
	for _, l := range s.Lines {
		j, _ := jobNamed(f, l.Job)
		before, _ := chargeOf(l.Job, Booked(f.Settlements, s.WorkOrder, s.ID))
		if j.Payer != price.PayerCustomer && before.Add(l).ShareOf(price.PayerCustomer) > 0 {
			return refuse("settlement.share_unconsented").On("lines").With("job", j.Work)
		}
	}
	return nil
}

// discountAllowed: what the house gives away on what the customer had agreed to pay stays in the role's limit, or a manager
// has allowed this much (D-06).
func discountAllowed(f *Facts) *fault.Fault {
	s := settlementOf(f)
	var given, base int64
	for _, l := range s.Lines {
		j, _ := jobNamed(f, l.Job)
		if j.Payer != price.PayerCustomer {
			continue
		}
		before, _ := chargeOf(l.Job, Booked(f.Settlements, s.WorkOrder, s.ID))
		after := before.Add(l)
		given += after.DiscountFen + after.ShareOf(price.PayerGoodwill) + after.ShareOf(price.PayerInternal)
		base += after.GrossFen()
	}
	allowed := s.DiscountAllowedFen
	for _, o := range f.Settlements {
		if o.WorkOrder == s.WorkOrder && o.ID != s.ID && (o.State == "issued" || o.State == "settled") {
			allowed += o.DiscountAllowedFen
		}
	}
	limit := price.PortionFen(base, discountLimit(f.Policy, f.Actor))
	if given <= limit+allowed {
		return nil
	}
	return refuse("settlement.discount_beyond").On("lines").With("given", price.Yuan(given)).With("limit", price.Yuan(limit+allowed))
}

// discountLimit is the best of the actor's roles, in basis points. The system gives nothing away by itself.
func discountLimit(p Policy, a Actor) int64 {
	var best int64
	for role, percent := range map[string]int64{"advisor": p.DiscountAdvisor, "cashier": p.DiscountCashier, "supervisor": p.DiscountSupervisor, "manager": p.DiscountManager} {
		if a.Is(role) || a.Is("superuser") {
			best = max(best, percent*basisPoints)
		}
	}
	return best
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
