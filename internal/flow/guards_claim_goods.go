package flow

import (
	"slices"

	"aftercare/internal/claim"
	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// claimSent: the goods were handed to a carrier before the time was up, or before what a supervisor extended it to (L-08).
func claimSent(f *Facts) *fault.Fault {
	c := caseOf(f)
	if !c.shipped("in") {
		return refuse("claim.not_sent")
	}
	if !slices.ContainsFunc(c.Shipments, func(s Shipment) bool { return s.inTime(f.After) }) {
		return refuse("claim.sent_late")
	}
	return nil
}

// claimOverdue: nothing expires before its time, nor while a parcel is on its way that was sent in time (L-08), nor at all
// where the customer has nothing to send, because the parcel was refused at the door (L-01).
func claimOverdue(f *Facts) *fault.Fault {
	until, ok := instant(shipUntil(f.After))
	if !ok || Given(f.After["refused_parcel"]) || f.Now.Before(until) || slices.ContainsFunc(caseOf(f).Shipments, func(s Shipment) bool { return s.inTime(f.After) }) {
		return refuse("claim.not_overdue")
	}
	return nil
}

// claimExtended: what has expired is taken up again by an extension that has not run out.
func claimExtended(f *Facts) *fault.Fault {
	until, ok := instant(text(f.After, "extended_until"))
	if !ok || !f.Now.Before(until) {
		return refuse("claim.not_extended").On("extended_until")
	}
	return nil
}

func unticked(f *Facts) []string {
	missing, ticked := []string{}, list(f.After["ticked"])
	for _, code := range caseOf(f).List {
		if !slices.Contains(ticked, code) {
			missing = append(missing, code)
		}
	}
	return missing
}

// claimComplete: goods that were returned are accepted when everything of the list came back, each with its photo (L-09);
// goods to repair, when they were compared with the claim's photos and the customer has accepted the plan, for from there on
// nobody can offer one any more (L-06, L-12).
func claimComplete(f *Facts) *fault.Fault {
	if text(f.After, "kind") == "repair" {
		if refusal := claimCompared(f); refusal != nil {
			return refusal
		}
		return claimPlanAccepted(f)
	}
	if missing := unticked(f); len(missing) > 0 {
		return refuse("claim.incomplete").On("ticked").With("items", goodsWords(missing))
	}
	unshown := []string{}
	for _, code := range caseOf(f).List {
		if !slices.Contains(caseOf(f).Slots, "arrival."+code) {
			unshown = append(unshown, code)
		}
	}
	if len(unshown) > 0 {
		return refuse("claim.arrival_unshown").With("items", goodsWords(unshown))
	}
	return nil
}

func goodsWords(codes []string) fault.Words {
	words := fault.Words{}
	for _, code := range codes {
		words = append(words, "goods."+code)
	}
	return words
}

// claimIncomplete: goods are sent back when something of the list is missing, and the note says what was seen (L-09).
func claimIncomplete(f *Facts) *fault.Fault {
	if text(f.After, "kind") != "repair" && len(unticked(f)) == 0 {
		return refuse("claim.nothing_missing").On("ticked")
	}
	if blank(text(f.After, "arrival_note")) {
		return refuse("claim.arrival_unexplained").On("arrival_note")
	}
	return nil
}

// claimCompared: before work the goods were compared with the photos, and a difference was agreed (L-12).
func claimCompared(f *Facts) *fault.Fault {
	if text(f.After, "compared_at") == "" {
		return refuse("claim.uncompared").On("compared_at")
	}
	if !blank(text(f.After, "arrival_note")) && text(f.After, "difference_agreed_at") == "" {
		return refuse("claim.difference_open").On("difference_agreed_at")
	}
	return nil
}

func claimReturned(f *Facts) *fault.Fault  { return kindIs(f, "return") }
func claimExchanged(f *Facts) *fault.Fault { return kindIs(f, "exchange") }
func claimRepaired(f *Facts) *fault.Fault  { return kindIs(f, "repair") }

func kindIs(f *Facts, kind string) *fault.Fault {
	if text(f.After, "kind") == kind {
		return nil
	}
	return refuse("claim.other_kind").On("kind").With("kind", fault.Words{"claim_kind." + text(f.After, "kind")})
}

// toCollect is what the customer pays before anything leaves: the difference of a dearer replacement, or the agreed price of a
// repair (L-06, L-10).
func toCollect(f *Facts) int64 {
	if plan := caseOf(f).Plan; text(f.After, "kind") == "repair" && plan != nil {
		return plan.AgreedFen
	}
	return whole(f.After, "owed_fen")
}

// claimOwes: waiting for money is for those who owe some.
func claimOwes(f *Facts) *fault.Fault {
	if toCollect(f) <= whole(f.After, "collected_fen") {
		return refuse("claim.nothing_owed")
	}
	return nil
}

// claimPaid: exactly what is owed was paid (L-10).
func claimPaid(f *Facts) *fault.Fault {
	if fen := toCollect(f); whole(f.After, "collected_fen") != fen {
		return refuse("claim.unpaid").On("collected_fen").With("owed", price.Yuan(fen)).With("paid", price.Yuan(whole(f.After, "collected_fen")))
	}
	return nil
}

// claimPlanned: a plan lies before the customer. A fault of quality inside the month is mended at the company's expense; only
// after it, or without a fault, a repair has a price (L-05, L-06).
func claimPlanned(f *Facts) *fault.Fault {
	plan := caseOf(f).Plan
	if plan == nil || plan.State != "offered" {
		return refuse("claim.plan_missing")
	}
	if plan.PriceFen > 0 && text(f.After, "lane") == string(claim.ReturnExchange) {
		return refuse("repair.free").With("price", price.Yuan(plan.PriceFen))
	}
	return nil
}

// claimPlanAccepted: the customer has accepted the plan; no work before that (L-06).
func claimPlanAccepted(f *Facts) *fault.Fault {
	if plan := caseOf(f).Plan; plan == nil || plan.State != "accepted" {
		return refuse("claim.plan_open")
	}
	return nil
}

func claimPlanDeclined(f *Facts) *fault.Fault {
	if plan := caseOf(f).Plan; plan == nil || plan.State != "declined" {
		return refuse("claim.plan_undecided")
	}
	return nil
}

// claimWorkDone: what leaves the bench was finished by its plan.
func claimWorkDone(f *Facts) *fault.Fault {
	if plan := caseOf(f).Plan; plan == nil || plan.State != "done" {
		return refuse("claim.work_open")
	}
	return nil
}

func claimGoodsHere(f *Facts) *fault.Fault {
	if text(f.After, "arrived_at") == "" {
		return refuse("claim.goods_away")
	}
	return nil
}

func claimGoodsAway(f *Facts) *fault.Fault {
	if text(f.After, "arrived_at") != "" {
		return refuse("claim.goods_here")
	}
	return nil
}

// claimShippedOut: what goes back to the customer goes with a carrier and a number.
func claimShippedOut(f *Facts) *fault.Fault {
	if !caseOf(f).shipped("out") {
		return refuse("claim.not_shipped_out")
	}
	return nil
}

// claimRefunded: what is due has gone back, exactly (L-13).
func claimRefunded(f *Facts) *fault.Fault {
	if due := whole(f.After, "refund_due_fen"); NetRefunds(caseOf(f).Refunds) != due {
		return refuse("claim.refund_open").With("due", price.Yuan(due))
	}
	return nil
}
