package season

import (
	"encoding/json"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// sign is the customer's pen: the pre-check sheet, then the estimate, job by job (R-12, S-01 … S-03).
func (c *stay) sign() {
	s := c.s
	c.tempt()
	c.consent(consent.KindPrecheck, "signature", nil)
	whole := c.vehicle.from == "" && s.chance(4)
	for i, t := range c.tasks {
		t.declines = whole || t.payer == "customer" && i > 0 && s.chance(15)
	}
	given := c.consent(consent.KindEstimate, "signature", c.tasks)
	if whole {
		c.refused()
		return
	}
	if s.chance(2) { // the customer thinks again: taken back, asked anew
		a := s.by(c.advisor)
		a.patch("consents", given, values{"state": "void", "void_reason": "客户要再想一想"})
		a.do("consent.void")
		b := s.by(c.advisor)
		b.patch("jobs", c.tasks[0].id, values{"state": "approved"})
		b.mustFail("job.approve", "consent.void")
		c.consent(consent.KindEstimate, "signature", c.tasks)
	}
	c.decide(true, c.tasks...)
	s.spend(s.team.leader, 3*time.Minute, c.handOver)
}

// consent has the customer sign the document as the server shows it, by hand or on the telephone, with a decision on each job that was
// asked about, and returns the row's id.
func (c *stay) consent(kind, way string, asked []*task) string {
	s, now := c.s, c.s.text()
	document := c.document(kind)
	lines := []consent.Decision{}
	for _, j := range document.Jobs {
		for _, t := range asked {
			if t.id != j.ID {
				continue
			}
			line := consent.Decision{ID: j.ID, SHA256: j.SHA256, Decision: consent.Approved}
			if t.declines || t.state == "declined" {
				line.Decision = consent.Declined
			}
			lines = append(lines, line)
		}
	}
	row := values{"visit": c.id, "kind": way, "state": "given", "document_kind": kind, "document": json.RawMessage(document.Body), "sha256": document.SHA256, "jobs": lines,
		"signer_name": c.vehicle.Owner, "signer_relation": "self", "place": "接待区", "signed_at": now}
	if kind != consent.KindPrecheck {
		row["work_order"] = c.order
	}
	if way == "phone" {
		row["caller"], row["call_number"], row["call_at"], row["call_words"] = c.advisor.ID, c.vehicle.Phone, now, "客户听了价格和延误，同意。"
	} else {
		row["strokes"], row["countersigned_by"], row["countersigned_at"] = strokes, c.advisor.ID, now
	}
	a := s.by(c.advisor)
	id := a.create("consents", row)
	a.do("consent." + kind)
	return id
}

// document is what GET /api/documents shows the advisor's tablet.
func (c *stay) document(kind string) (document consent.Document) {
	find := func(collection, id string) *core.Record {
		row, err := c.s.app.FindRecordById(collection, id)
		if err != nil {
			panic(err)
		}
		return row
	}
	var err error
	switch kind {
	case consent.KindPrecheck:
		var sheet consent.Precheck
		if sheet, err = record.Precheck(c.s.app, find(record.Visits, c.id)); err == nil {
			document, err = consent.PrecheckDocument(sheet)
		}
	case consent.KindDelivery:
		var handover consent.Handover
		if handover, err = record.Handover(c.s.app, find(record.WorkOrders, c.order)); err == nil {
			document, err = consent.DeliveryDocument(handover)
		}
	default:
		var offer consent.Offer
		offer, err = record.Offer(c.s.app, find(record.WorkOrders, c.order))
		build := consent.EstimateDocument
		if kind == consent.KindSupplement {
			build = consent.SupplementDocument
		}
		if err == nil {
			document, err = build(offer)
		}
	}
	if err != nil {
		panic(err)
	}
	return document
}

// decide takes the customer's decisions to the jobs that were waiting for them; first also authorises the order.
func (c *stay) decide(first bool, asked ...*task) {
	a := c.s.by(c.advisor)
	for _, t := range asked {
		switch {
		case t.state != "proposed":
		case t.declines:
			t.state = "declined"
			c.s.report.Declined++
			a.patch("jobs", t.id, values{"state": "declined", "declined_at": c.s.text(), "declined_told_by": c.advisor.ID})
		default:
			t.state = "approved"
			a.patch("jobs", t.id, values{"state": "approved"})
		}
	}
	if first {
		a.patch("work_orders", c.order, values{"state": "authorised"})
	}
	a.do("order.decide")
}

// refused is a customer who will have none of it: the car goes as it came (E-08).
func (c *stay) refused() {
	a := c.s.by(c.advisor)
	for _, t := range c.tasks {
		t.state = "declined"
		c.s.report.Declined++
		a.patch("jobs", t.id, values{"state": "declined", "declined_at": c.s.text(), "declined_told_by": c.advisor.ID})
	}
	a.patch("work_orders", c.order, values{"state": "declined"})
	a.patch("visits", c.id, values{"state": "left"})
	a.do("order.decline")
	c.s.spend(c.s.team.cashier, 2*time.Minute, c.letOut)
}

// handOver takes the car into the workshop and gives its jobs out (R-12, R-13, W-01).
func (c *stay) handOver() {
	s := c.s
	a := s.by(s.team.leader)
	a.patch("visits", c.id, values{"state": "handed_over", "received_by": s.team.leader.ID, "received_at": s.text()})
	a.patch("key_tags", c.key, values{"holder_kind": "staff", "holder": s.team.leader.ID, "held_at": s.text()})
	a.do("visit.hand_over")
	c.reprice()
	for _, t := range c.tasks {
		if t.state == "approved" {
			t.provide()
			t.dispatch(nil)
		}
	}
}

// reprice is a price that changes after it was signed for: the job is covered no longer, and is signed for anew (S-02).
func (c *stay) reprice() {
	s, t := c.s, c.tasks[0]
	if !s.chance(3) || t.payer != "customer" || t.state != "approved" {
		return
	}
	t.labourFen += 2000
	a := s.by(c.advisor)
	a.patch("jobs", t.id, values{"labour_fen": t.labourFen})
	a.do("job.edit")
	b := s.by(s.team.leader)
	b.patch("jobs", t.id, values{"state": "dispatched", "technicians": []string{s.able().ID}})
	b.mustFail("job.dispatch", "consent.changed")
	a = s.by(c.advisor)
	a.patch("jobs", t.id, values{"state": "proposed"})
	a.do("job.reopen")
	t.state = "proposed"
	c.consent(consent.KindEstimate, "signature", c.tasks)
	c.decide(false, t)
}
