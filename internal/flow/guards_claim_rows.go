package flow

import (
	"slices"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// openClaim are the states in which a claim's goods may still be named.
var openClaim = []string{"submitted", "evidence_needed", "negotiating"}

// claimItemFits: an item names goods of the claim's own order and product line, at most as many as were bought; nothing
// else is bought in the same step (L-11).
func claimItemFits(f *Facts) *fault.Fault {
	c := caseOf(f)
	switch {
	case !slices.Contains(openClaim, text(c.Row, "state")):
		return refuse("claim.frozen").On("claim")
	case c.Foreign:
		return refuse("claim.item_foreign").On("sales_item")
	case c.Line != text(c.Row, "product_line"):
		return refuse("claim.other_line").On("sales_item")
	case whole(f.After, "quantity") > c.Units:
		return refuse("claim.units").On("quantity").With("units", c.Units)
	}
	return nil
}

// sendable are the states of a claim in which goods go either way. A parcel of a claim that has expired is written down
// when it was sent in time and only its number came late.
var sendable = map[string][]string{
	"in":  {"awaiting_goods", "in_transit", "expired"},
	"out": {"received", "plan_declined", "awaiting_payment", "exchange_pending", "repairing"},
}

// shipmentAllowed: without approval, or too late, goods are not taken (L-08); a parcel that was refused at the door is on its
// way back before anybody has answered, and is late for nothing (L-01). A replacement leaves only after everything came back
// and the money is there (L-09, L-10); nothing was sent tomorrow.
func shipmentAllowed(f *Facts) *fault.Fault {
	c, direction, sent := caseOf(f), text(f.After, "direction"), text(f.After, "sent_at")
	at, ok := instant(sent)
	switch {
	case !ok || at.After(f.Now.Add(skew)):
		return refuse("shipment.future").On("sent_at")
	case !slices.Contains(sendable[direction], text(c.Row, "state")):
		return refuse("shipment.not_now").On("direction").With("state", fault.Words{"claim." + text(c.Row, "state")})
	case direction == "out" && slices.Contains(f.Actor.Roles, "customer"):
		return roleFault([]string{"warehouse", "agent"}).On("direction")
	case direction == "out":
		return replacementFree(f, c)
	case Given(c.Row["refused_parcel"]):
		return nil
	case later(text(c.Row, "approved_at"), sent):
		return refuse("shipment.before_approval").On("sent_at")
	case !later(shipUntil(c.Row), sent):
		return refuse("shipment.late").On("sent_at")
	}
	return nil
}

// replacementFree: what was agreed to be paid was paid before the parcel leaves. What was given up because nothing was paid goes back
// as it came, and nothing else leaves while money is awaited.
func replacementFree(f *Facts, c ClaimCase) *fault.Fault {
	around := &Facts{After: c.Row, ClaimFacts: f.ClaimFacts}
	switch text(c.Row, "state") {
	case "awaiting_payment":
		if refusal := claimGivenUp(around); refusal != nil {
			return refusal
		}
		return claimNothingPaid(around)
	case "exchange_pending":
		return claimPaid(around)
	case "repairing":
		if refusal := claimWorkDone(around); refusal != nil {
			return refusal
		}
		return claimPaid(around)
	}
	return nil
}

// planComplete: a plan says what is done, for how much, and in how many days (L-06).
func planComplete(f *Facts) *fault.Fault {
	if blank(text(f.After, "method")) {
		return refuse("repair.method_missing").On("method")
	}
	if whole(f.After, "days") < 1 {
		return refuse("repair.days_missing").On("days")
	}
	return nil
}

// planFits: a plan is for a claim to repair that is not decided otherwise, and no other plan lies before the customer.
func planFits(f *Facts) *fault.Fault {
	c := caseOf(f)
	if text(c.Row, "kind") != "repair" || !slices.Contains([]string{"submitted", "evidence_needed", "negotiating", "received", "plan_declined"}, text(c.Row, "state")) {
		return refuse("repair.not_now").With("state", fault.Words{"claim." + text(c.Row, "state")})
	}
	if c.Plan != nil && c.Plan.ID != text(f.After, "id") && c.Plan.State != "declined" {
		return refuse("repair.plan_standing")
	}
	return nil
}

// planBegun: work begins when the claim is at the bench (L-06, L-12).
func planBegun(f *Facts) *fault.Fault {
	if text(caseOf(f).Row, "state") != "repairing" {
		return refuse("repair.not_at_bench")
	}
	return nil
}

// surpriseNamed: who pauses for a surprise says what was found (L-12).
func surpriseNamed(f *Facts) *fault.Fault {
	if blank(text(f.After, "surprise")) {
		return refuse("repair.surprise_unnamed").On("surprise")
	}
	return nil
}

// surpriseAgreed: work that was paused goes on when the customer has agreed (L-12).
func surpriseAgreed(f *Facts) *fault.Fault {
	if text(f.After, "surprise_agreed_at") == "" {
		return refuse("repair.surprise_open").On("surprise_agreed_at")
	}
	return nil
}

// planUnfrozen: what the customer was offered stays as it was offered; a surprise is written down while the work runs or
// is paused for it. Work that is stopped because the customer does not want what was found costs what was done of it, which is
// never more than was agreed (L-12).
func planUnfrozen(f *Facts) *fault.Fault {
	allowed := map[string][]string{"in_progress": {"surprise", "surprise_fen", "surprise_days"}, "paused": {"surprise_agreed_at", "surprise_agreed_how", "stopped_fen"}}[text(f.Before, "state")]
	for _, name := range f.Changed {
		if !slices.Contains(allowed, name) {
			return refuse("repair.frozen").On(name)
		}
	}
	if agreed := whole(f.Before, "agreed_fen"); slices.Contains(f.Changed, "stopped_fen") && whole(f.After, "stopped_fen") > agreed {
		return refuse("repair.stopped_above").On("stopped_fen").With("agreed", price.Yuan(agreed))
	}
	return nil
}

// refunding are the states of a claim in which money goes back: for a return, and for a replacement that was cheaper.
var refunding = []string{"refund_pending", "exchange_pending", "returned"}

// refundDue: a refund is exactly what the claim is due, once, and never more than was paid for the order and has not gone
// back; what was wrong is countered by an entry of its own (L-13).
func refundDue(f *Facts) *fault.Fault {
	c := caseOf(f)
	if text(f.After, "kind") == "counter" {
		return counterFits(f, c)
	}
	due, fen := whole(c.Row, "refund_due_fen"), whole(f.After, "fen")
	switch {
	case !slices.Contains(refunding, text(c.Row, "state")) || due <= 0:
		return refuse("refund.not_due")
	case NetRefunds(c.Refunds) != 0:
		return refuse("refund.twice").On("fen")
	case fen != due:
		return refuse("refund.inexact").On("fen").With("due", price.Yuan(due))
	case c.Sale == nil || c.Sale.RefundedFen+fen > c.Sale.PaidFen:
		return refuse("refund.above_paid").On("fen")
	case text(f.After, "counters") != "":
		return refuse("refund.counters_nothing").On("counters")
	}
	return nil
}

func counterFits(f *Facts, c ClaimCase) *fault.Fault {
	of := c.Counters
	switch {
	case of == nil || of.Kind != "refund":
		return refuse("refund.counter_missing").On("counters")
	case of.Fen != whole(f.After, "fen"):
		return refuse("refund.counter_differs").On("fen").With("fen", price.Yuan(of.Fen))
	case slices.ContainsFunc(c.Refunds, func(r ClaimRefund) bool { return r.Counters == of.ID }):
		return refuse("refund.countered").On("counters")
	case blank(text(f.After, "reason")):
		return refuse("refund.reason_missing").On("reason")
	case text(c.Row, "state") == "completed":
		return refuse("refund.completed").On("counters")
	}
	return nil
}
