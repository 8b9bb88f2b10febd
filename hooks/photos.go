package hooks

import (
	"database/sql"
	"errors"
	"regexp"
	"strings"

	"github.com/pocketbase/dbx"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

// derivePhoto: the row may come before or after the bytes; a row that comes after them is complete at once. Who lets an
// attached one count as evidence stands beside the reason (L-02).
func derivePhoto(s *save) error {
	p := record.AsPhoto(s.rec)
	if s.changes(record.FieldEvidenceReason) {
		if p.EvidenceReason() == "" {
			p.SetEvidence("", "")
		} else {
			p.SetEvidence(s.person(), record.Text(s.now))
		}
	}
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

// photosAClaim bounds what a customer shows of one claim: the guided photos many times over.
const photosAClaim = 40

// checkCustomersPhoto: customers show what they claim for, in their own claims and never in the warehouse's place, and change
// only what they have taken themselves (L-02, L-09).
func (s *save) checkCustomersPhoto() error {
	p := record.AsPhoto(s.rec)
	if strings.HasPrefix(p.Slot(), "arrival") {
		return fault.New(fault.Refused, "claim.photo_slot").On(record.FieldSlot)
	}
	if !s.creating() {
		if s.stored.GetString(record.FieldCreatedBy) != s.actor.ID {
			return fault.New(fault.Refused, "access.read_only").On(record.FieldID)
		}
		return nil
	}
	if p.SubjectCollection() != record.Claims || p.GetString(record.FieldVisit) != "" {
		return foreign(record.FieldSubjectRecord)
	}
	of, err := s.app.FindRecordById(record.Claims, p.SubjectRecord())
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return foreign(record.FieldSubjectRecord) // what does not exist and what is another's are answered alike
	case err != nil:
		return err
	case record.AsClaim(of).Customer() != s.actor.ID:
		return foreign(record.FieldSubjectRecord)
	}
	shown, err := s.app.CountRecords(record.Photos, dbx.HashExp{record.FieldSubjectRecord: of.Id, record.FieldCreatedBy: s.actor.ID})
	if err != nil {
		return err
	}
	if shown >= photosAClaim {
		return fault.New(fault.Refused, "claim.photos_many").On(record.FieldSubjectRecord).With("n", photosAClaim)
	}
	return nil
}
