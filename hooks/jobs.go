package hooks

import (
	"bytes"
	"encoding/json"

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
	sum, err := consent.JobHash(job.Content())
	if err != nil {
		return fault.New(fault.Invalid, "field.invalid").On(record.FieldWork).With("field", record.FieldWork).Because(err)
	}
	job.SetSHA256(sum)
	if !s.creating() && s.changes(record.FieldState) && job.State() == "rework" {
		job.SetReworkCount(record.AsJob(s.stored).ReworkCount() + 1)
	}
	return staysPassed(s)
}

// staysPassed: what let a job pass must hold as long as it is passed: its price cannot be moved out of the agreed
// range afterwards, nor the agreement from under it (S-02, S-07).
func staysPassed(s *save) error {
	if s.creating() || len(s.fields) == 0 || s.changes(record.FieldState) || record.AsJob(s.rec).State() != "passed" {
		return nil
	}
	guards := []string{"price_in_range", "consent_covers"}
	f, err := s.facts(guards)
	if err != nil {
		return err
	}
	for _, name := range guards {
		refusal := flow.Guards[name](f)
		if refusal != nil && refusal.Field == "" {
			refusal = refusal.On(s.fields[0])
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
			return badParts(err)
		}
	}
	lines := make([]price.Part, len(parts))
	for i, p := range parts {
		lines[i] = price.Part(p)
	}
	if err := price.CheckParts(lines); err != nil {
		return badParts(err)
	}
	s.rec.Set(record.FieldParts, parts)
	return nil
}

func badParts(err error) error {
	return fault.New(fault.Invalid, "field.invalid").On(record.FieldParts).With("field", record.FieldParts).Because(err)
}
