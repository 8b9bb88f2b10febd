package hooks

import (
	"regexp"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

// derivePhoto: the row may come before or after the bytes; a row that comes after them is complete at once.
func derivePhoto(s *save) error {
	p := record.AsPhoto(s.rec)
	if !s.creating() {
		return nil
	}
	if !sha256Hex.MatchString(p.SHA256()) {
		return fault.New(fault.Invalid, "field.invalid").On(record.FieldSHA256).With("field", record.FieldSHA256)
	}
	if s.deps.PhotoState == nil {
		return nil
	}
	state, stored, refusal := s.deps.PhotoState(s.app, p.Shop(), s.actor.ID, p.SHA256())
	if state == "" {
		return nil
	}
	p.SetState(state)
	p.SetStoredSHA256(stored)
	p.SetRefusal(refusal)
	return nil
}
