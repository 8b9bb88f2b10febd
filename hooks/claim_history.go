package hooks

import (
	"cmp"
	"slices"
	"strconv"

	"aftercare/internal/claim"
	"aftercare/internal/record"
)

// noted are the texts that explain a step of a claim, kept as they were when it was taken.
var noted = map[string]string{
	"submitted": record.FieldDescription, "evidence_needed": record.FieldEvidenceWanted, "approved": record.FieldAgreement, "rejected": record.FieldRejection,
	"received": record.FieldArrivalNote, "accepted": record.FieldArrivalNote, "sent_back": record.FieldArrivalNote, "cancelled": record.FieldWithdrawalReason, claim.GivenUp: record.FieldWithdrawalReason,
	claim.EventVerdict: record.FieldVerdictReason, claim.EventCapture: record.FieldCaptureReason, claim.EventExtended: record.FieldExtensionReason,
	claim.EventPaid: record.FieldCollectedReference, claim.EventPaidBack: record.FieldCollectedReference,
}

// saidOf are the fields whose writing is an event of its own, in the order in which they are said.
var saidOf = []struct{ field, event string }{
	{record.FieldPayAcknowledgedAt, claim.EventWillPay}, {record.FieldInsisted, claim.EventInsisted}, {record.FieldCaptureAccepted, claim.EventCapture},
	{record.FieldVerdict, claim.EventVerdict}, {record.FieldExtendedUntil, claim.EventExtended},
	{record.FieldDifferenceAgreedAt, claim.EventAgreed},
}

// chronicle writes down what this save does to the claim: who, when by the server's clock, and what decided it (L-14).
func (s *save) chronicle(c *record.Claim) error {
	events := []string{}
	for _, said := range saidOf {
		if s.changes(said.field) && c.Says(said.field) {
			events = append(events, said.event)
		}
	}
	if came := s.cameIn(c); came > 0 {
		events = append(events, claim.EventPaid)
	} else if came < 0 {
		events = append(events, claim.EventPaidBack)
	}
	if s.creating() || s.changes(record.FieldState) {
		events = append(events, c.State())
	}
	for _, event := range events {
		e, err := s.event(c, event)
		if err != nil {
			return err
		}
		c.AddEvent(e)
	}
	return nil
}

// cameIn is how much more of the customer's money this save says is taken, fen; below zero it went back.
func (s *save) cameIn(c *record.Claim) int64 {
	if s.creating() {
		return c.CollectedFen()
	}
	return c.CollectedFen() - record.AsClaim(s.stored).CollectedFen()
}

// event is what happens now; its value is the verdict, the time, the sum, or who pays the freight that this step decides.
func (s *save) event(c *record.Claim, event string) (record.ClaimEvent, error) {
	value := ""
	switch event {
	case "approved":
		value = cmp.Or(c.GetString(record.FieldFreightAgreed), c.Freight())
	case "sent_back":
		policy, err := record.ClaimPolicyKept(s.app, c.PolicyKept())
		if err != nil {
			return record.ClaimEvent{}, err
		}
		value = string(policy.Freight.SentBack)
	case claim.EventVerdict:
		value = c.Verdict()
	case claim.EventExtended:
		value = c.ExtendedUntil()
	case claim.EventPaid:
		value = strconv.FormatInt(s.cameIn(c), 10)
	case claim.EventPaidBack:
		value = strconv.FormatInt(-s.cameIn(c), 10)
	}
	note, decided := "", event
	if event == "sent_back" && !s.creating() && record.AsClaim(s.stored).State() == "awaiting_payment" {
		decided = claim.GivenUp
	}
	if field := noted[decided]; field != "" {
		note = c.GetString(field)
	}
	lane, late := "", ""
	if c.Verdict() != "" {
		lane = c.Rules()["lane"]
	}
	if lane != "" && c.LateForOnline() {
		late = c.Rules()["route"]
	}
	return record.ClaimEvent{At: record.Text(s.now), Event: event, By: s.actor.ID, Name: s.nameShown(), Role: s.actingAs(), Value: value, Note: note,
		Rules: claim.DecidedBy(decided, c.Kind(), lane, late, c.RefusedParcel())}, nil
}

// nameShown is the person's name as the other side may read it; the server and a superuser have none.
func (s *save) nameShown() string {
	if s.actor.Kind == record.KindStaff || s.actor.Kind == record.KindCustomer {
		return s.actor.Name
	}
	return ""
}

// actingAs is the role the person takes this step in: of several, the one the table gives it to.
func (s *save) actingAs() string {
	if s.actor.Kind != record.KindStaff {
		return s.actor.Kind
	}
	allowed := s.entity.Edit.Roles
	if s.creating() {
		allowed = s.entity.Create.Roles
	} else if s.changes(record.FieldState) {
		from, to := s.stored.GetString(record.FieldState), s.rec.GetString(record.FieldState)
		for _, step := range s.entity.Transitions {
			if step.From == from && step.To == to {
				allowed = step.Roles
			}
		}
	} else if len(s.fields) > 0 && len(s.entity.Fields[s.fields[0]].By) > 0 {
		allowed = s.entity.Fields[s.fields[0]].By
	}
	for _, role := range allowed {
		if slices.Contains(s.actor.Roles, role) {
			return role
		}
	}
	if len(s.actor.Roles) == 0 {
		return s.actor.Kind
	}
	return s.actor.Roles[0]
}
