package flow

import (
	"slices"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

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
