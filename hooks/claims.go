package hooks

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/calendar"
	"aftercare/internal/claim"
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// beingJudged are the states in which a claim's lane follows what is known of it.
var beingJudged = []string{"submitted", "evidence_needed", "negotiating"}

// reachedAt is the time that each state of a claim is written down in.
var reachedAt = map[string]string{"approved": record.FieldApprovedAt, "plan_accepted": record.FieldApprovedAt, "received": record.FieldArrivedAt,
	"completed": record.FieldClosedAt, "cancelled": record.FieldClosedAt, "rejected": record.FieldClosedAt, "expired": record.FieldClosedAt, "sent_back": record.FieldClosedAt}

// ofCustomers are the collections a customer writes in, each row being of the customer's own claim.
var ofCustomers = []string{record.Claims, record.ClaimItems, record.Shipments, record.RepairPlans, record.Photos}

// checkPerson: customers read, and write in their own claims what the table gives them.
func (s *save) checkPerson() error {
	if s.actor.Kind != record.KindCustomer {
		return nil
	}
	switch {
	case !slices.Contains(ofCustomers, s.entity.Collection):
		return fault.New(fault.Refused, "access.read_only").On(record.FieldID)
	case s.entity.Collection == record.Photos:
		return s.checkCustomersPhoto()
	case s.entity.Collection == record.Claims:
		if record.AsClaim(s.rec).Customer() != s.actor.ID {
			return foreign(record.FieldCustomer)
		}
		return s.checkFilings()
	}
	of, err := s.claimOf()
	if err != nil || of.Customer() != s.actor.ID {
		return foreign(record.FieldClaim) // what does not exist and what is another's are answered alike
	}
	return nil
}

// filingsADay bounds what one phone can file: nobody buys so much that breaks in a day, and a desk that drowns helps nobody.
const filingsADay = 20

func (s *save) checkFilings() error {
	if !s.creating() {
		return nil
	}
	filed, err := s.app.CountRecords(record.Claims, dbx.HashExp{record.FieldCustomer: s.actor.ID},
		dbx.NewExp("[["+record.FieldFiledAt+"]] > {:since}", dbx.Params{"since": record.Text(s.now.Add(-24 * time.Hour))}))
	if err != nil {
		return err
	}
	if filed >= filingsADay {
		return fault.New(fault.Refused, "claim.too_many").On(record.FieldCustomer)
	}
	return nil
}

// claimOf is the claim this save is about, the row itself when it is one.
func (s *save) claimOf() (*record.Claim, error) {
	if s.entity.Collection == record.Claims {
		return record.AsClaim(s.rec), nil
	}
	rec, err := s.app.FindRecordById(record.Claims, s.rec.GetString(record.FieldClaim))
	if err != nil {
		return nil, err
	}
	return record.AsClaim(rec), nil
}

// deriveClaim keeps what the claim was filed with, and writes what follows from it: lane, payer and due times (L-03 … L-06),
// who judged and who extended, and when each step was taken.
func deriveClaim(s *save) error {
	c := record.AsClaim(s.rec)
	if s.creating() {
		if err := s.file(c); err != nil {
			return err
		}
	}
	now := record.Text(s.now)
	for _, said := range []struct{ field, by, at string }{
		{record.FieldVerdict, record.FieldVerdictBy, record.FieldVerdictAt}, {record.FieldExtendedUntil, record.FieldExtendedBy, ""}, {record.FieldCollectedFen, "", record.FieldCollectedAt},
	} {
		if s.changes(said.field) && said.by != "" {
			c.SetBy(said.by, s.person())
		}
		if s.changes(said.field) && said.at != "" {
			c.SetReached(said.at, now)
		}
	}
	c.SetBestEffort(c.Kind() == "repair" && c.InvoiceNumber() == "")
	if slices.Contains(beingJudged, c.State()) || s.changes(record.FieldVerdict) {
		if err := s.preview(c); err != nil {
			return err
		}
	}
	if !s.creating() && s.changes(record.FieldState) {
		if err := s.reached(c, now); err != nil {
			return err
		}
	}
	return s.chronicle(c)
}

// file keeps the server's time, the policy of the goods' line, and when the goods were received; none for a parcel that is
// refused at the door, which is answered within its own time (L-01, L-02).
func (s *save) file(c *record.Claim) error {
	sale, err := s.one(record.SalesOrders, c.Order())
	if err != nil || sale == nil {
		return err
	}
	line := c.ProductLine()
	if line == "" {
		line = claim.DefaultLine
	}
	policy, version, err := record.ClaimPolicyOf(s.app, c.Shop(), line)
	if err != nil {
		return err
	}
	received := record.AsSalesOrder(sale).ReceivedAt()
	if c.RefusedParcel() {
		received = ""
		days, zone, err := s.calendar()
		if err != nil {
			return err
		}
		c.SetReached(record.FieldAnswerDueAt, record.Text(policy.AnswerBy(s.now, days, zone).Due))
	}
	c.SetFiled(record.Text(s.now), version, line, received)
	return nil
}

// calendar is the shop's working days and zone.
func (s *save) calendar() (calendar.Calendar, *time.Location, error) {
	zone, err := s.zone()
	if err != nil {
		return calendar.Calendar{}, nil, err
	}
	days, err := record.CalendarOf(s.app, s.rec.GetString(record.FieldShop))
	return days, zone, err
}

// lawOf is what decides a claim's times: the policy it was filed under, and the days and zone of its shop.
func (s *save) lawOf(c *record.Claim) (policy claim.Policy, days calendar.Calendar, zone *time.Location, err error) {
	if policy, err = record.ClaimPolicyKept(s.app, c.PolicyKept()); err != nil {
		return policy, days, nil, err
	}
	days, zone, err = s.calendar()
	return policy, days, zone, err
}

// preview asks the claim's own policy. The server's receipt decides; the tablet's time counts where an agent has accepted
// it with a reason, and never from before the goods were received (L-02). Before anyone has judged, the due times are those
// of what the customer says.
func (s *save) preview(c *record.Claim) error {
	policy, days, zone, err := s.lawOf(c)
	if err != nil {
		return err
	}
	filed, received := record.Time(c.FiledAt()), record.Time(c.ReceivedAt())
	if captured := record.Time(c.CapturedAt()); c.CaptureAccepted() && captured.Before(filed) && !captured.Before(received) {
		filed = captured
	}
	k := claim.Case{Received: received, Filed: filed, Verdict: claim.Verdict(c.Verdict()), StoreNear: c.StoreNear()}
	if c.Verdict() == "" {
		k.Verdict = claim.NoFault
		if c.FaultClaimed() {
			k.Verdict = claim.Quality
		}
	}
	if c.ReceivedAt() == "" {
		k.Received = filed // refused at the door
	}
	if k.Traits, err = s.traits(c); err != nil {
		return err
	}
	seen, refused := policy.Preview(k, days, zone)
	if refused != nil {
		return refused
	}
	if c.RefusedParcel() {
		seen = policy.AtDoor(k.Verdict, seen)
	}
	c.SetPreview(seen, record.Text(filed))
	return nil
}

// traits are what the goods of the claim are that may exempt them (L-15).
func (s *save) traits(c *record.Claim) ([]string, error) {
	if s.creating() {
		return nil, nil
	}
	goods, err := s.goods(c)
	traits := []string{}
	for _, g := range goods {
		traits = append(traits, g.line.Exemptions()...)
	}
	return traits, err
}

// reached writes down a step and what follows from it.
func (s *save) reached(c *record.Claim, now string) error {
	if field := reachedAt[c.State()]; field != "" {
		c.SetReached(field, now)
	}
	switch c.State() {
	case "approved", "plan_accepted":
		if c.ArrivedAt() == "" && !c.RefusedParcel() { // a parcel refused at the door is the carrier's to bring back
			return s.shipBack(c)
		}
	case "awaiting_goods", "in_transit":
		c.SetReached(record.FieldClosedAt, "") // taken up again after it had expired
	case "accepted", "refund_pending":
		return s.settleClaim(c)
	}
	return nil
}

func (s *save) shipBack(c *record.Claim) error {
	policy, days, zone, err := s.lawOf(c)
	if err != nil {
		return err
	}
	c.SetReached(record.FieldShipBackDueAt, record.Text(policy.ShipBackBy(s.now, days, zone).Due))
	return nil
}

// deriveOfClaim: a row of a claim is seen by the claim's customer.
func deriveOfClaim(s *save) error {
	of, err := s.claimOf()
	if err != nil {
		return err
	}
	if s.creating() {
		record.SetCustomer(s.rec, of.Customer())
	}
	switch s.entity.Collection {
	case record.Shipments:
		if s.creating() && s.actor.Kind == record.KindCustomer {
			record.AsShipment(s.rec).SetSentAt(record.Text(s.now)) // a customer's clock stretches nothing; the carrier's time is entered by staff
		}
	case record.Refunds:
		record.AsRefund(s.rec).SetPaidBy(s.person())
	case record.RepairPlans:
		s.derivePlan(record.AsRepairPlan(s.rec))
	}
	return nil
}

// derivePlan: what was accepted is the price of the plan, and with each surprise what was agreed for it; work that was stopped
// costs what was done of it (L-06, L-12).
func (s *save) derivePlan(p *record.RepairPlan) {
	if s.creating() {
		return
	}
	if agreed := record.FieldSurpriseAgreedAt; s.changes(agreed) && p.GetString(agreed) != "" && s.stored.GetString(agreed) == "" {
		p.AddSurprise(s.nameShown(), s.actingAs())
	}
	if !s.changes(record.FieldState) {
		return
	}
	from, now := record.AsRepairPlan(s.stored).State(), record.Text(s.now)
	switch p.State() {
	case "accepted":
		p.SetAgreed(p.PriceFen())
		p.SetReached(record.FieldDecidedAt, now)
	case "declined":
		p.SetReached(record.FieldDecidedAt, now)
	case "paused":
		p.SetReached(record.FieldSurpriseAgreedAt, "")
	case "in_progress":
		if from == "paused" {
			p.SetAgreed(p.AgreedFen() + p.SurpriseFen())
		}
	case "done":
		p.SetReached(record.FieldDoneAt, now)
		if from == "paused" { // the customer did not want it mended so
			p.SetReached(record.FieldStoppedAt, now)
			p.SetAgreed(p.StoppedFen())
		}
	}
}
