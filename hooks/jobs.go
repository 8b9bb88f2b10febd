package hooks

import (
	"bytes"
	"encoding/json"
	"slices"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

// deriveJob: the agreed ranges come from the policy the visit began with (S-07), the hash is over the agreed content
// (S-02), and going back to work is counted.
func deriveJob(s *save) error {
	job := record.AsJob(s.rec)
	if s.creating() || s.changes(record.FieldParts) {
		if err := settleParts(s); err != nil {
			return err
		}
	}
	if s.creating() {
		policy, err := s.policy()
		if err != nil {
			return err
		}
		job.SetRanges(policy.LabourRangePercent, policy.PartsRangePercent)
	}
	if s.changes(record.FieldComebackCause) {
		s.decideCause(job)
	}
	if s.changes(record.FieldWarrantyDecision) {
		s.decideWarranty(job)
	}
	sum, err := consent.JobHash(job.Content())
	if err != nil {
		return fault.New(fault.Invalid, "field.invalid").On(record.FieldWork).With("field", record.FieldWork).Because(err)
	}
	job.SetSHA256(sum)
	if !s.creating() && s.changes(record.FieldState) && job.State() == "rework" {
		job.SetReworkCount(record.AsJob(s.stored).ReworkCount() + 1)
		job.SetReworkedAt(record.Text(s.now))
	}
	return s.stays(stillAsked(s))
}

// given are the states of a job that is in its technicians' hands.
var given = []string{"dispatched", "in_progress", "paused", "rework"}

// stillAsked names the guards that let the job come to its state and must go on holding: the price of a passed job
// cannot be moved out of the agreed range, nor the agreement from under it (S-02, S-07); a job that was given out is not
// given to people it could not have been given to (W-01).
func stillAsked(s *save) []string {
	state := record.AsJob(s.rec).State()
	switch {
	case s.creating() || len(s.fields) == 0:
		return nil
	case state == "passed" && !s.changes(record.FieldState):
		return []string{"price_in_range", "consent_covers"}
	case slices.Contains(given, state) && (s.changes(record.FieldTechnicians) || s.changes(record.FieldSkill)):
		return []string{"technicians_named", "skill_sufficient"}
	}
	return nil
}

// stays asks the guards of an edit that is no step between states.
func (s *save) stays(guards []string) error {
	f, err := s.facts(guards)
	if err != nil {
		return err
	}
	for _, name := range guards {
		refusal := flow.Guards[name](f)
		if refusal != nil && refusal.Field == "" {
			refusal = refusal.On(append(s.written(), s.fields...)[0])
		}
		if refusal != nil {
			return refusal
		}
	}
	return nil
}

// settleParts holds the part lines to their exact form and writes every one of their keys, so that all sides hash the
// same content.
func settleParts(s *save) error {
	parts := []flow.Part{}
	raw := []byte(s.rec.GetString(record.FieldParts))
	if len(raw) > 0 && string(raw) != "null" {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&parts); err != nil {
			return fault.New(fault.Invalid, "field.invalid").On(record.FieldParts).With("field", record.FieldParts).Because(err)
		}
	}
	lines := make([]price.Part, len(parts))
	for i, p := range parts {
		lines[i] = price.Part(p)
	}
	if err := price.CheckParts(lines); err != nil {
		return err
	}
	s.rec.Set(record.FieldParts, parts)
	return nil
}
