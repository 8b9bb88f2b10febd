package flow

import (
	"slices"

	"aftercare/internal/fault"
)

// visitLeaving: a gate pass is for a car that is finished, or whose estimate was refused (E-08).
func visitLeaving(f *Facts) *fault.Fault {
	if f.Visit != nil && (f.Visit.State == "ready" || f.Visit.State == "left") {
		return nil
	}
	state := ""
	if f.Visit != nil {
		state = f.Visit.State
	}
	return refuse("gate.visit_not_ready").On("visit").With("state", fault.Words{"visit." + state})
}

// visitPaid: no car through the gate unpaid. Every order of the visit is settled whole, and each of its payers has paid or
// has agreed credit (D-07).
func visitPaid(f *Facts) *fault.Fault {
	for _, o := range f.Orders {
		jobs := slices.DeleteFunc(slices.Clone(f.Jobs), func(j Job) bool { return j.WorkOrder != o.ID })
		switch o.State {
		case "cancelled":
			jobs = nil
		case "settled", "released":
		case "declined":
			jobs = slices.DeleteFunc(jobs, func(j Job) bool { return !Covered(j, f.Consents) })
		default:
			return refuse("gate.order_open").On("visit").With("state", fault.Words{"work_order." + o.State})
		}
		if refusal := settledWhole(f, o, jobs, "gate.unpaid"); refusal != nil {
			return refusal.On("visit")
		}
	}
	return nil
}

// passFree: one car, one pass. Another is made only after the one before was voided (D-07).
func passFree(f *Facts) *fault.Fault {
	for _, p := range f.Passes {
		switch {
		case p.ID == text(f.After, "id"):
		case p.State == "used":
			return refuse("gate.already_out").On("visit").With("number", p.Number)
		case p.State == "issued":
			return refuse("gate.pass_exists").On("visit").With("number", p.Number)
		}
	}
	return nil
}

// useRecorded: a pass is used by showing it at the gate, never by hand alone.
func useRecorded(f *Facts) *fault.Fault {
	id := text(f.After, "id")
	if slices.ContainsFunc(f.Uses, func(u GateUse) bool { return u.Pass == id }) {
		return nil
	}
	return refuse("gate.unshown")
}

// passVoidReason: a pass is taken back with a reason (D-07).
func passVoidReason(f *Facts) *fault.Fault {
	if blank(text(f.After, "void_reason")) {
		return refuse("gate.void_unexplained").On("void_reason")
	}
	return nil
}

// passUnfrozen: nothing of a pass changes but its state, and why it was voided, said once.
func passUnfrozen(f *Facts) *fault.Fault {
	for _, name := range f.Changed {
		if name != "void_reason" || Given(f.Before[name]) {
			return refuse("gate.frozen").On(name)
		}
	}
	return nil
}

// passUsed: car and order are released by the pass that was shown at the gate.
func passUsed(f *Facts) *fault.Fault {
	if slices.ContainsFunc(f.Passes, func(p GatePass) bool { return p.State == "used" }) {
		return nil
	}
	return refuse("gate.pass_unused")
}

// ordersClosed: a car that was handed over leaves unfinished only when nothing of its orders will be done (E-08).
func ordersClosed(f *Facts) *fault.Fault {
	for _, o := range f.Orders {
		if o.State != "declined" && o.State != "cancelled" {
			return refuse("visit.order_open").With("state", fault.Words{"work_order." + o.State})
		}
	}
	return nil
}
