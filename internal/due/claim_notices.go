package due

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"aftercare/internal/claim"
	"aftercare/internal/record"
)

// notice is one thing that the customer of a claim must know, for as long as it is so.
type notice struct {
	kind  string // of the message: how lists and gateways call it
	what  string // its name within the claim: under it, it is told once
	says  string // its sentence in claim_letters.json
	slip  bool   // the page to open is the return slip; else the claim
	words facts  // of the sentence, beside those of every letter
	since time.Time
	until time.Time // nothing helps from then on; zero: no such time
	waits bool      // the customer is waited for: it is never too late to say so
}

// facts are what a sentence says of the claim; letters write them in the customer's language.
type facts struct {
	until           time.Time
	fen             int64
	days            int
	freight, method string
	parcel, note    string
}

// news is how long what asks nothing of the customer is worth a message.
const news = 24 * time.Hour

// fresh reports whether the notice is still worth telling.
func (n notice) fresh(now time.Time) bool {
	switch {
	case !n.until.IsZero():
		return now.Before(n.until)
	case n.waits:
		return true
	}
	return now.Before(n.since.Add(news))
}

// notices is everything the customer must know of the claim as it stands now (L-14). What the customer has done is no news to
// them; what is shown a moment later with more to it is told then.
func (c *claimCase) notices() []notice {
	list := []notice{}
	for _, look := range []func() *notice{c.evidence, c.judged, c.rejected, c.send, c.offered, c.surprised, c.differs, c.pay, c.accepted, c.sent, c.sentBack, c.closed} {
		if n := look(); n != nil {
			list = append(list, *n)
		}
	}
	for _, r := range c.standingRefunds() {
		list = append(list, notice{kind: "claim_refund", what: "refund:" + r.Id, says: "refunded", since: r.Created(), words: facts{fen: r.Facts().Fen, method: r.Method()}})
	}
	return list
}

// evidence: something is missing that only the customer can show (L-04).
func (c *claimCase) evidence() *notice {
	if !c.in("evidence_needed") {
		return nil
	}
	_, at, times := c.step("evidence_needed")
	return &notice{kind: "claim_evidence", what: fmt.Sprintf("evidence:%d", times), says: "evidence", since: at, waits: true, words: facts{note: c.says(record.FieldEvidenceWanted)}}
}

// judged: the verdict left it to talk about; whoever may insist decides (L-03, L-07).
func (c *claimCase) judged() *notice {
	if !c.in("negotiating") || c.GetBool(record.FieldInsisted) {
		return nil
	}
	_, at, times := c.step("negotiating")
	n := &notice{kind: "claim_verdict", what: fmt.Sprintf("talk:%d", times), says: "talk", since: at}
	if c.Insist() {
		n.says, n.waits, n.words.freight = "insist", true, c.Freight()
	}
	return n
}

func (c *claimCase) rejected() *notice {
	if !c.in("rejected") {
		return nil
	}
	_, at, _ := c.step("rejected")
	return &notice{kind: "claim_rejected", what: "rejected", says: "rejected", since: at, words: facts{note: c.says(record.FieldRejection)}}
}

// waitsForGoods: approved, and the customer has handed nothing to a carrier yet (L-08).
func (c *claimCase) waitsForGoods() bool {
	return c.in("approved", "awaiting_goods", "plan_accepted") && c.ArrivedAt() == "" && c.parcel("in") == nil
}

// send: approved, or given more time. Goods are sent by then; a parcel that was refused at the door is the carrier's (L-01,
// L-08). Who has accepted a plan on the own phone has read it there.
func (c *claimCase) send() *notice {
	if !c.waitsForGoods() {
		return nil
	}
	_, at, _ := c.step("approved")
	if c.RefusedParcel() {
		return &notice{kind: "claim_approved", what: "approved", says: "approved_door", since: at}
	}
	due := c.SendBy()
	n := &notice{kind: "claim_approved", what: fmt.Sprintf("send:%d", due.Unix()), says: "approved", since: at, until: due, slip: true,
		words: facts{until: due, freight: cmp.Or(c.says(record.FieldFreightAgreed), c.Freight())}}
	accepted, _, _ := c.step("plan_accepted")
	switch {
	case due.IsZero():
		return nil
	case due.After(c.Due(record.FieldShipBackDueAt)):
		_, n.since, _ = c.step(claim.EventExtended)
		n.kind, n.says = "claim_extended", c.inStore("extended")
	case accepted.Role == record.KindCustomer:
		return nil
	case c.Kind() == "repair":
		n.says = "approved_repair"
	default:
		n.says = c.inStore("approved")
	}
	return n
}

// inStore is the sentence for goods that are brought to a store instead of sent, where they are (L-04).
func (c *claimCase) inStore(says string) string {
	if c.says(record.FieldRoute) == string(claim.Store) {
		return says + "_store"
	}
	return says
}

// reminder: the time to send is up soon (L-08). When soon begins is for who asks.
func (c *claimCase) reminder() *notice {
	due := c.SendBy()
	if !c.waitsForGoods() || c.in("plan_accepted") || c.RefusedParcel() || due.IsZero() {
		return nil
	}
	return &notice{kind: "claim_remind", what: fmt.Sprintf("remind:%d", due.Unix()), says: c.inStore("remind"), since: due, until: due, words: facts{until: due}}
}

// offered: a repair plan waits for the customer's word (L-06).
func (c *claimCase) offered() *notice {
	plan := c.plan()
	if !c.in("plan_offered") || plan == nil || plan.State() != "offered" {
		return nil
	}
	_, at, _ := c.step("plan_offered")
	return &notice{kind: "claim_plan", what: "plan:" + plan.Id, says: "plan", since: at, waits: true, words: facts{fen: plan.PriceFen(), days: plan.Days()}}
}

// surprised: the work waits until the customer has agreed to what was found (L-12). Found or priced anew, it is another thing.
func (c *claimCase) surprised() *notice {
	plan := c.plan()
	if !c.in("repairing") || plan == nil || !plan.Waits() {
		return nil
	}
	found := fmt.Sprint(plan.AgreedFen(), plan.SurpriseFen(), plan.SurpriseDays(), plan.GetString(record.FieldSurprise))
	return &notice{kind: "claim_surprise", what: fmt.Sprintf("surprise:%s:%x", plan.Id, sha256.Sum256([]byte(found)))[:44], says: "surprise", waits: true,
		words: facts{fen: plan.SurpriseFen(), days: plan.SurpriseDays()}}
}

// differs: goods to mend came otherwise than they were shown, and the customer has not agreed (L-12).
func (c *claimCase) differs() *notice {
	note := strings.TrimSpace(c.says(record.FieldArrivalNote))
	open := c.in("received", "plan_offered", "plan_accepted", "accepted", "awaiting_payment")
	if c.Kind() != "repair" || !open || note == "" || c.Says(record.FieldDifferenceAgreedAt) {
		return nil
	}
	return &notice{kind: "claim_difference", what: "difference", says: "difference", waits: true, words: facts{note: note}}
}

// pay: nothing leaves before the money is here (L-06, L-10).
func (c *claimCase) pay() *notice {
	owed := c.owed()
	if owed == 0 {
		return nil
	}
	n := &notice{kind: "claim_pay", what: fmt.Sprintf("pay:%d", owed), says: "pay_exchange", waits: true, words: facts{fen: owed}}
	if c.Kind() == "repair" {
		n.says = "pay_repair"
		if c.in("repairing") {
			n.says = "pay_mended"
		}
	}
	return n
}

// accepted: the goods were checked and found right, and what follows is ours (L-09, L-12). Where money is awaited, that says it.
func (c *claimCase) accepted() *notice {
	_, at, _ := c.step("accepted")
	n := &notice{kind: "claim_accepted", what: "accepted", since: at}
	switch kind := c.Kind(); {
	case kind == "return" && c.in("accepted", "refund_pending") && c.RefundDueFen() > c.refundedFen():
		n.says, n.words.fen = "accepted_return", c.RefundDueFen()
	case kind == "exchange" && c.in("accepted", "exchange_pending") && c.OwedFen() == 0:
		n.says = "accepted_exchange"
	case kind == "repair" && c.in("accepted"):
		n.says = "accepted_repair"
	default:
		return nil
	}
	return n
}

// sent: the replacement, or what was mended, is on its way with a carrier and a number (L-10, L-12).
func (c *claimCase) sent() *notice {
	parcel := c.parcel("out")
	over, _, _ := c.step("completed")
	if parcel == nil || !c.in("returned", "completed") || over.Role == record.KindCustomer {
		return nil
	}
	n := &notice{kind: "claim_sent", what: "sent:" + parcel.Id, says: "sent_exchange", since: parcel.Created(), words: facts{parcel: parcel.Parcel()}}
	if c.Kind() == "repair" {
		n.says = "sent_repair"
	}
	return n
}

// sentBack: what came was not what must come back, or was not paid for; it is on its way to the customer again, and who pays that
// (L-06, L-09, L-10).
func (c *claimCase) sentBack() *notice {
	parcel := c.parcel("out")
	if !c.in("sent_back") || parcel == nil {
		return nil
	}
	step, at, _ := c.step("sent_back")
	says := "sent_back"
	if _, _, unpaid := c.step("awaiting_payment"); unpaid > 0 {
		says = "sent_back_unpaid"
	}
	return &notice{kind: "claim_sent_back", what: "sent_back", says: says, since: at, words: facts{note: c.says(record.FieldArrivalNote), parcel: parcel.Parcel(), freight: step.Value}}
}

// closed: over without the customer's doing, by the clock or by somebody of the staff (L-08, L-11).
func (c *claimCase) closed() *notice {
	step, at, times := c.step(c.State())
	switch {
	case c.in("expired"):
		return &notice{kind: "claim_expired", what: fmt.Sprintf("expired:%d", times), says: "expired", since: at}
	case c.in("cancelled") && step.Role != record.KindCustomer:
		return &notice{kind: "claim_cancelled", what: "cancelled", says: "cancelled", since: at, words: facts{note: c.says(record.FieldWithdrawalReason)}}
	}
	return nil
}
