package hooks

import (
	"bytes"
	"encoding/json"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// onceSaid are added to a consent after it was given, and then stay as they are: who countersigned it and when, and why
// it was voided (S-02, S-03).
var onceSaid = []string{record.FieldCountersignedBy, record.FieldCountersignedAt, record.FieldVoidReason}

// deriveConsent: a consent must be true to itself (S-02); whether the jobs still have that content is not asked here,
// for a signature is a fact. Voiding is timed by the server, and what was signed is sealed by it (S-03).
func deriveConsent(s *save) error {
	c := record.AsConsent(s.rec)
	if !s.creating() {
		for _, name := range onceSaid {
			if s.changes(name) && flow.Given(record.Value(s.stored, name)) && !s.actor.System() {
				return fault.New(fault.Refused, "field.fixed").On(name).With("field", name)
			}
		}
		if s.changes(record.FieldState) && c.State() == "void" {
			c.SetVoidedAt(record.Text(s.now))
		}
		return s.seal(c)
	}
	lines := []consent.Decision{}
	if raw := []byte(s.rec.GetString(record.FieldJobs)); len(raw) > 0 && string(raw) != "null" {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&lines); err != nil {
			return fault.New(fault.Invalid, "consent.decision").On(record.FieldJobs).Because(err)
		}
	}
	s.rec.Set(record.FieldJobs, lines)
	if err := consent.Check(consent.Given{Kind: c.DocumentKind(), Visit: c.Visit(), Order: c.WorkOrder(),
		Document: c.Document(), SHA256: c.SHA256(), Jobs: lines}); err != nil {
		return err
	}
	return s.seal(c)
}

// seal has the consent sealed once, and once the countersignature beside it. Strokes that have no canonical form cannot
// be sealed.
func (s *save) seal(c *record.Consent) error {
	if c.Code() == "" {
		device := s.actor.Device
		if !s.creating() {
			device = s.stored.GetString(record.FieldDevice)
		}
		if err := s.deps.Seals.Consent(s.app, c, device); err != nil {
			return fault.New(fault.Invalid, "field.invalid").On(record.FieldStrokes).With("field", record.FieldStrokes).Because(err)
		}
	}
	if by, _ := c.CountersignedBy(); by == "" {
		return nil
	}
	if _, sealed := c.Counterseal(); sealed {
		return nil
	}
	return s.deps.Seals.Countersign(s.app, c)
}
