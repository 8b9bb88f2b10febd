package hooks

import (
	"maps"

	"github.com/pocketbase/dbx"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// needEvidence is how many photos the row itself has.
const needEvidence need = 1 << 49

func init() {
	maps.Copy(needs, map[string]need{
		"report_complete":         needEvidence,
		"report_answered":         0,
		"report_unfrozen":         0,
		"warranty_claim_job":      needJob,
		"warranty_claim_evidence": needEvidence,
		"warranty_claim_labelled": needJob,
		"warranty_claim_approved": 0,
		"warranty_claim_refused":  0,
		"warranty_claim_paid":     0,
		"warranty_claim_unfrozen": 0,
	})
}

func (s *save) loadEvidence(f *flow.Facts) error {
	n, err := s.app.CountRecords(record.Photos, dbx.HashExp{record.FieldSubjectCollection: s.entity.Collection, record.FieldSubjectRecord: s.rec.Id})
	f.Evidence = int(n)
	return err
}

// person is the member of staff who acts, "" for the server and admins.
func (s *save) person() string {
	if s.actor.Kind == record.KindStaff {
		return s.actor.ID
	}
	return ""
}

// deriveQualityReport: who sent it in and who answered, and when (W-08).
func deriveQualityReport(s *save) error {
	if s.creating() || !s.changes(record.FieldState) {
		return nil
	}
	r, stored := record.AsQualityReport(s.rec), record.AsQualityReport(s.stored)
	switch {
	case r.State() == "submitted":
		r.SetSubmitted(s.person(), record.Text(s.now))
	case stored.State() == "submitted":
		r.SetAnswered(s.person(), record.Text(s.now))
	}
	return nil
}

// decided is the time that each state of a claim is written down in.
var decided = map[string]string{"submitted": record.FieldSubmittedAt, "approved": record.FieldDecidedAt, "refused": record.FieldDecidedAt, "paid": record.FieldPaidAt}

// deriveWarrantyClaim: when each step was taken, and until when the parts go back, by the figures of the visit (E-10).
func deriveWarrantyClaim(s *save) error {
	if s.creating() || !s.changes(record.FieldState) {
		return nil
	}
	c := record.AsWarrantyClaim(s.rec)
	if field := decided[c.State()]; field != "" {
		c.SetReached(field, record.Text(s.now))
	}
	if c.State() != "submitted" {
		return nil
	}
	policy, err := s.policy()
	if err != nil {
		return err
	}
	c.SetReturnDueAt(record.Text(s.now.AddDate(0, 0, policy.ClaimReturnDays)))
	return nil
}
