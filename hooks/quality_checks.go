package hooks

import (
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// deriveQualityCheck: who checks is who is signed in, and the round is counted by the flow.
func deriveQualityCheck(s *save) error {
	if !s.creating() {
		return nil
	}
	q := record.AsQualityCheck(s.rec)
	if s.actor.Kind == record.KindStaff {
		q.SetChecker(s.actor.ID)
	}
	f, err := s.facts([]string{"check_stage_order"})
	if err != nil {
		return err
	}
	q.SetRound(flow.NextRound(f))
	if s.rec.GetDateTime(record.FieldCheckedAt).IsZero() {
		s.rec.Set(record.FieldCheckedAt, record.Text(s.now))
	}
	return nil
}
