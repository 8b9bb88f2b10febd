package hooks

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// policy is the figures this save is judged by: those the visit began with, else the shop's present ones, else the
// shipped ones.
func (s *save) policy() (flow.Policy, error) {
	visit, err := s.one(record.Visits, s.visitID())
	if err != nil {
		return flow.ShippedPolicy(), err
	}
	if visit != nil && record.AsVisit(visit).Policy() != "" {
		policy, err := s.app.FindRecordById(record.Policies, record.AsVisit(visit).Policy())
		if err != nil {
			return flow.ShippedPolicy(), err
		}
		return record.AsPolicy(policy).Facts(), nil
	}
	active, err := s.activePolicy()
	if err != nil || active == nil {
		return flow.ShippedPolicy(), err
	}
	return record.AsPolicy(active).Facts(), nil
}

// activePolicy is the newest active revision of the shop's service lane, nil when it has none.
func (s *save) activePolicy() (*core.Record, error) {
	return record.ActivePolicy(s.app, s.rec.GetString(record.FieldShop))
}
