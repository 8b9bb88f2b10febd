package flow

import (
	"slices"

	"aftercare/internal/claim"
	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// claimFiled: a claim is about an order that stands, and about goods that were received; only a parcel that is refused at
// the door is claimed before that, and only then "does not match" is a ground (L-01, L-02). A customer claims for an order
// of the customer's own phone.
func claimFiled(f *Facts) *fault.Fault {
	sale := caseOf(f).Sale
	switch {
	case sale == nil || sale.State != "placed":
		return refuse("claim.order_closed").On("sales_order")
	case slices.Contains(f.Actor.Roles, "customer") && (caseOf(f).Phone == "" || caseOf(f).Phone != sale.Phone):
		return refuse("claim.order_unknown").On("sales_order")
	case Given(f.After["refused_parcel"]) && sale.ReceivedAt != "":
		return refuse("claim.mismatch_late").On("mismatch")
	case Given(f.After["refused_parcel"]) && text(f.After, "kind") == "repair":
		return refuse("claim.door_kind").On("kind")
	case Given(f.After["refused_parcel"]) && text(f.After, "mismatch") == "":
		return refuse("claim.mismatch_missing").On("mismatch")
	case Given(f.After["refused_parcel"]):
		return nil
	case text(f.After, "mismatch") != "":
		return refuse("claim.mismatch_late").On("mismatch")
	case text(f.After, "received_at") == "":
		return refuse("claim.receipt_unknown").On("sales_order")
	}
	return nil
}

// claimFirst: an order has one return or exchange, ever; repairs never count (L-11).
func claimFirst(f *Facts) *fault.Fault {
	c := caseOf(f)
	if c.Taken == "" || text(f.After, "kind") == "repair" {
		return nil
	}
	return refuse("claim.used_up").On("kind").With("claim", c.Taken)
}

// claimEvidenceNamed: who asks for more says what is missing.
func claimEvidenceNamed(f *Facts) *fault.Fault {
	if blank(text(f.After, "evidence_wanted")) {
		return refuse("claim.evidence_unnamed").On("evidence_wanted")
	}
	return nil
}

// proofSlot is the photo of a proof of purchase: asked for, and never a condition, for without it a repair is accepted as
// best effort (L-12).
const proofSlot = "invoice"

// claimEvidenceShown: what the policy wants to see was photographed (L-02, L-04).
func claimEvidenceShown(f *Facts) *fault.Fault {
	c, missing := caseOf(f), fault.Words{}
	for _, slot := range list(f.After["needs"]) {
		if slot != proofSlot && !slices.Contains(c.Slots, slot) {
			missing = append(missing, "evidence."+slot)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return refuse("claim.evidence_missing").With("photos", missing)
}

// claimJudged: after-sales says whether it is a fault of quality, and why (L-07).
func claimJudged(f *Facts) *fault.Fault {
	if text(f.After, "verdict") == "" {
		return refuse("claim.verdict_missing").On("verdict")
	}
	if blank(text(f.After, "verdict_reason")) {
		return refuse("claim.verdict_unexplained").On("verdict_reason")
	}
	return nil
}

// claimItemsNamed: goods that come back are named line by line.
func claimItemsNamed(f *Facts) *fault.Fault {
	if caseOf(f).Items == 0 {
		return refuse("claim.items_missing")
	}
	return nil
}

// claimLane: approved at once is what the lane gives without talking: return or exchange for a fault of quality, its repair
// at the company's expense, and the sending in of goods that cannot be judged from photos once the customer has said that
// they will pay (L-03, L-05, L-06).
func claimLane(f *Facts) *fault.Fault {
	lane, repair := text(f.After, "lane"), text(f.After, "kind") == "repair"
	switch {
	case lane == string(claim.ReturnExchange):
		return nil
	case repair && text(f.After, "pay_acknowledged_at") != "":
		return nil
	case repair:
		return refuse("claim.pay_unacknowledged").On("pay_acknowledged_at")
	case lane == string(claim.PaidRepair):
		return refuse("claim.only_repair").On("kind")
	}
	return refuse("claim.talk_first").On("state")
}

// claimAgreed: what was talked over is approved when the customer insists and may, or when both sides agreed and it is
// written down, with who pays the freight (L-03, L-05, L-15).
func claimAgreed(f *Facts) *fault.Fault {
	if text(f.After, "lane") != string(claim.Negotiate) || text(f.After, "kind") == "repair" {
		return claimLane(f)
	}
	if !(Given(f.After["insist"]) && Given(f.After["insisted"])) && blank(text(f.After, "agreement")) {
		return refuse("claim.not_agreed").On("agreement")
	}
	if text(f.After, "freight") == string(claim.Agreement) && text(f.After, "freight_agreed") == "" {
		return refuse("claim.freight_open").On("freight_agreed")
	}
	return nil
}

// claimRejected: a rejection tells the customer why. What the customer has a right to is not rejected by who judged it: a
// return or exchange for a fault of quality inside its time, or one without a fault that is rightly insisted on. Only a supervisor
// can, whose word is the last (L-03, L-05, L-07).
func claimRejected(f *Facts) *fault.Fault {
	if claimEntitled(f) && !Holds([]string{"supervisor", "manager"}, f.Actor) {
		return refuse("claim.entitled").On("state")
	}
	if blank(text(f.After, "rejection")) {
		return refuse("claim.rejection_missing").On("rejection")
	}
	return nil
}

// claimEntitled says whether the claim is to be granted by what was judged and said.
func claimEntitled(f *Facts) bool {
	if text(f.After, "verdict") == "" || text(f.After, "kind") == "repair" {
		return false
	}
	return text(f.After, "lane") == string(claim.ReturnExchange) || Given(f.After["insist"]) && Given(f.After["insisted"])
}

// claimWithdrawn: a claim is withdrawn while the goods are still with the customer; staff say why.
func claimWithdrawn(f *Facts) *fault.Fault {
	if caseOf(f).shipped("in") {
		return refuse("claim.sent_already")
	}
	if !slices.Contains(f.Actor.Roles, "customer") && blank(text(f.After, "withdrawal_reason")) {
		return refuse("claim.withdrawal_unexplained").On("withdrawal_reason")
	}
	return nil
}

// claimGivenUp: goods for which the customer does not pay go back once an agent has written that they are given up, and why.
func claimGivenUp(f *Facts) *fault.Fault {
	if blank(text(f.After, "withdrawal_reason")) {
		return refuse("claim.give_up_unexplained").On("withdrawal_reason")
	}
	return nil
}

// claimNothingPaid: what is given up was not paid for, not in part either; money that was taken goes back first.
func claimNothingPaid(f *Facts) *fault.Fault {
	if paid := whole(f.After, "collected_fen"); paid != 0 {
		return refuse("claim.paid_already").On("collected_fen").With("paid", price.Yuan(paid))
	}
	return nil
}

// What may still be written in each state of a claim; what a step needs is written before it, or with it.
var (
	judging = []string{"kind", "invoice_number", "verdict", "verdict_reason", "store_near", "capture_accepted", "capture_reason", "evidence_wanted",
		"insisted", "agreement", "freight_agreed", "rejection", "pay_acknowledged_at", "replacement", "replacement_fen", "withdrawal_reason"}
	extending = []string{"extended_until", "extension_reason"}
	arriving  = []string{"ticked", "arrival_note", "compared_at", "difference_agreed_at"}
	paying    = []string{"collected_fen", "collected_reference", "arrival_note", "compared_at", "difference_agreed_at"}
	writable  = map[string][]string{
		"submitted": judging, "evidence_needed": judging, "negotiating": judging,
		"plan_offered": append([]string{"withdrawal_reason"}, paying...), "plan_accepted": append([]string{"withdrawal_reason"}, paying...),
		"approved": append([]string{"withdrawal_reason"}, extending...), "awaiting_goods": append([]string{"withdrawal_reason"}, extending...),
		"expired": extending, "received": arriving, "accepted": paying, "awaiting_payment": append([]string{"withdrawal_reason"}, paying...), "repairing": paying, "exchange_pending": paying,
	}
)

// claimUnfrozen: what a claim was decided by stays as it was decided. An extension has its reason and never shortens
// (L-08); the tablet's time counts only when an agent says why, and never from before the goods were there (L-02).
func claimUnfrozen(f *Facts) *fault.Fault {
	if refusal := claimJudgedOnce(f); refusal != nil {
		return refusal
	}
	if refusal := claimPaidInTime(f); refusal != nil {
		return refusal
	}
	allowed := writable[text(f.Before, "state")]
	for _, name := range f.Changed {
		if !slices.Contains(allowed, name) {
			return refuse("claim.frozen").On(name)
		}
	}
	if refusal := claimUnpaidHeld(f); refusal != nil {
		return refusal
	}
	if slices.Contains(f.Changed, "extended_until") {
		if blank(text(f.After, "extension_reason")) {
			return refuse("claim.extension_unexplained").On("extension_reason")
		}
		if !later(text(f.After, "extended_until"), shipUntil(f.Before)) {
			return refuse("claim.extension_shortens").On("extended_until")
		}
	}
	if Given(f.After["capture_accepted"]) && blank(text(f.After, "capture_reason")) {
		return refuse("claim.capture_unexplained").On("capture_reason")
	}
	return nil
}

// claimUnpaidHeld: while money is awaited, after-sales alone says that the claim is given up, for that lets the goods leave unpaid; and
// once they are on their way back, no money is taken any more that nobody would give anything for (L-06, L-10).
func claimUnpaidHeld(f *Facts) *fault.Fault {
	if text(f.Before, "state") != "awaiting_payment" {
		return nil
	}
	if desk := []string{"agent", "supervisor", "manager"}; slices.Contains(f.Changed, "withdrawal_reason") && !Holds(desk, f.Actor) {
		return roleFault(desk).On("withdrawal_reason")
	}
	if slices.Contains(f.Changed, "collected_fen") && caseOf(f).shipped("out") {
		return refuse("claim.going_back").On("collected_fen")
	}
	return nil
}

// claimJudgedOnce: a verdict with its reasons is its judge's, so that two agents who look at once never leave the words of
// one under the verdict of the other; a supervisor has the last word (L-07).
func claimJudgedOnce(f *Facts) *fault.Fault {
	judge := text(f.Before, "verdict_by")
	if judge == "" || judge == f.Actor.ID || Holds([]string{"supervisor", "manager"}, f.Actor) {
		return nil
	}
	if slices.Contains(f.Changed, "verdict") || slices.Contains(f.Changed, "verdict_reason") {
		return refuse("claim.judged_already").On("verdict")
	}
	return nil
}

// claimPaidInTime: money is taken when the goods are here, and not before: until then a claim may expire or be withdrawn,
// and nothing would give the money back (L-08, L-10).
func claimPaidInTime(f *Facts) *fault.Fault {
	if !slices.Contains(f.Changed, "collected_fen") || text(f.Before, "arrived_at") != "" {
		return nil
	}
	return refuse("claim.pay_not_now").On("collected_fen").With("state", fault.Words{"claim." + text(f.Before, "state")})
}
