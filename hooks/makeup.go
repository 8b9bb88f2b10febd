package hooks

import (
	"maps"
	"slices"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

func init() {
	maps.Copy(needs, map[string]need{"makeup_requested": 0, "makeup_identified": 0, "makeup_listed": 0, "makeup_rejected": 0, "makeup_explained": 0,
		"makeup_urgent_decided": 0, "makeup_sourced": 0, "makeup_unboxed": 0, "makeup_paid": 0, "makeup_paid_back": 0, "makeup_parcel": 0, "makeup_unfrozen": 0})
}

// makeupReached is the time that each state of a make-up part is written down in, once.
var makeupReached = map[string]string{"gathered": record.FieldGatheredAt, "approved": record.FieldApprovedAt, "ordered": record.FieldOrderedAt, "received": record.FieldArrivedAt,
	"shipped": record.FieldShippedAt, "completed": record.FieldDeliveredAt, "rejected": record.FieldClosedAt, "cancelled": record.FieldClosedAt}

// makeupAnew is what a step back takes back, so that it is reached anew.
var makeupAnew = map[string][]string{"requested": {record.FieldGatheredAt, record.FieldClosedAt}, "approved": {record.FieldOrderedAt}}

// deriveMakeup writes whom the part is for, who decided and when, whose the step is, and until when (P-03, P-04).
func deriveMakeup(s *save) error {
	m, now := record.AsMakeupPart(s.rec), record.Text(s.now)
	if s.creating() {
		if err := s.requested(m); err != nil {
			return err
		}
	}
	for _, d := range []struct{ field, by, at string }{
		{record.FieldUrgentApproval, record.FieldUrgentDecidedBy, record.FieldUrgentDecidedAt}, {record.FieldUnboxApproval, record.FieldUnboxDecidedBy, record.FieldUnboxDecidedAt},
	} {
		if by, at := s.person(), now; s.changes(d.field) {
			if s.rec.GetString(d.field) == "" {
				by, at = "", ""
			}
			m.SetDecided(d.by, d.at, by, at)
		}
	}
	if s.changes(record.FieldCollectedFen) {
		m.SetReached(record.FieldCollectedAt, now)
		if m.CollectedFen() == 0 {
			m.SetReached(record.FieldCollectedAt, "")
		}
	}
	if s.creating() || s.changes(record.FieldState) {
		s.makeupStep(m, now)
	}
	if moved := []string{record.FieldState, record.FieldUrgentApproval, record.FieldWantedAt, record.FieldDeliveryOn, record.FieldClass}; s.creating() || slices.ContainsFunc(moved, s.changes) {
		return s.makeupDue(m)
	}
	return nil
}

// requested: a part of a claim is for the claim's customer and order; the figures that hold now go with it.
func (s *save) requested(m *record.MakeupPart) error {
	if m.Claim() != "" {
		rec, err := s.app.FindRecordById(record.Claims, m.Claim())
		if err != nil {
			return err
		}
		of := record.AsClaim(rec)
		if m.Order() != "" && m.Order() != of.Order() {
			return fault.New(fault.Refused, "field.mismatch").On(record.FieldSalesOrder).With("field", record.FieldSalesOrder)
		}
		if m.Customer() != "" && of.Customer() != "" && m.Customer() != of.Customer() {
			return fault.New(fault.Refused, "field.mismatch").On(record.FieldCustomer).With("field", record.FieldCustomer)
		}
		customer := m.Customer()
		if customer == "" {
			customer = of.Customer()
		}
		m.SetFor(of.Order(), customer)
	}
	policy, err := s.activePolicy()
	if err != nil || policy == nil {
		return err
	}
	m.SetPolicy(policy.Id)
	return nil
}

// makeupStep begins the step of the state the part has come to: it is its role's, unless somebody was named with it.
func (s *save) makeupStep(m *record.MakeupPart, now string) {
	m.SetStep(flow.MakeupOwner[m.State()], now)
	if !s.creating() && !s.changes(record.FieldOwner) {
		m.SetOwner("")
	}
	for _, field := range makeupAnew[m.State()] {
		m.SetReached(field, "")
	}
	if field := makeupReached[m.State()]; field != "" && !m.Reached(field) {
		m.SetReached(field, now)
	}
	if !s.creating() && record.AsMakeupPart(s.stored).State() == "gathered" && m.State() == "approved" {
		m.SetApprovedBy(s.person())
	}
}

// makeupDue counts by the figures the request began with. A calendar that was loaded since moves no due time that stands.
func (s *save) makeupDue(m *record.MakeupPart) error {
	policy := flow.ShippedPolicy()
	if m.Policy() != "" {
		rec, err := s.app.FindRecordById(record.Policies, m.Policy())
		if err != nil {
			return err
		}
		policy = record.AsPolicy(rec).Facts()
	}
	days, zone, err := s.calendar()
	if err != nil {
		return err
	}
	t := flow.MakeupDue(record.Values(s.rec), policy.MakeupPolicy, days, zone)
	m.SetDue(t.Due, t.ReadyFrom, t.ReadyDue, t.Assumed)
	return nil
}
