package hooks

import (
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// deriveVisit: a visit keeps the figures it began with, which were in force then; a tablet that did not say which gets
// the shop's present ones.
func deriveVisit(s *save) error {
	if changesPickup(s) {
		if err := s.stays([]string{"pickup_allowed"}); err != nil {
			return err
		}
	}
	if !s.creating() {
		if s.changes(record.FieldComebackOf) {
			return s.stays([]string{"comeback_known"})
		}
		return nil
	}
	if named := record.AsVisit(s.rec).Policy(); named != "" {
		policy, err := s.app.FindRecordById(record.Policies, named)
		if err != nil || record.AsPolicy(policy).Kind() != record.ServiceLane {
			return fault.New(fault.Refused, "field.foreign").On(record.FieldPolicy).With("field", record.FieldPolicy).Because(err)
		}
		return s.inForce(record.Policies, named, record.FieldPolicy, "visit.policy_ended")
	}
	active, err := s.activePolicy()
	if err != nil || active == nil {
		return err
	}
	record.AsVisit(s.rec).SetPolicy(active.Id)
	return nil
}

// inForce: what begins now goes by an active revision. A tablet out of reach goes by the one it had rightly heard of:
// the car is here, and its reception is not lost because head office changed a figure meanwhile.
func (s *save) inForce(collection, id, field, code string) error {
	rec, err := s.app.FindRecordById(collection, id)
	if err != nil {
		return err
	}
	if rec.GetBool(record.FieldActive) {
		return nil
	}
	if s.actor.Seen > 0 && s.deps.AsOf != nil {
		if then, err := s.rowThen(collection, id); err != nil || then != nil && then.GetBool(record.FieldActive) {
			return err
		}
	}
	return fault.New(fault.Refused, code).On(field).With("revision", rec.GetInt(record.FieldRevision))
}
