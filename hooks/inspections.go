package hooks

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// deriveInspection: an inspection keeps the revision of the template it was made with.
func deriveInspection(s *save) error {
	if !s.creating() {
		return nil
	}
	i := record.AsInspection(s.rec)
	template, err := s.app.FindRecordById(record.Templates, i.Template())
	if err != nil {
		return fault.New(fault.Refused, "field.foreign").On(record.FieldTemplate).With("field", record.FieldTemplate).Because(err)
	}
	i.SetTemplateRevision(record.AsTemplate(template).Revision())
	return s.inForce(record.Templates, template.Id, record.FieldTemplate, "visit.template_ended")
}

// deriveFinding: what was found belongs to the visit of its inspection, and to none when the inspection has none: so a
// device check never answers for the walk-around that the customer signs.
func deriveFinding(s *save) error {
	if !s.creating() {
		return nil
	}
	f := record.AsFinding(s.rec)
	inspection, err := s.one(record.Inspections, f.Inspection())
	if inspection == nil || err != nil {
		return err // what is not there is refused as such
	}
	if f.Visit() != record.AsInspection(inspection).Visit() {
		return fault.New(fault.Refused, "field.mismatch").On(record.FieldInspection).With("field", record.FieldInspection)
	}
	return nil
}

// stillInspecting: nothing is taken out of an inspection that was completed.
func stillInspecting(app core.App, rec *core.Record) (bool, error) {
	if rec.Collection().Name == record.Findings {
		inspection, err := app.FindRecordById(record.Inspections, record.AsFinding(rec).Inspection())
		if err != nil {
			return false, err
		}
		rec = inspection
	}
	return rec.Collection().Name != record.Inspections || record.AsInspection(rec).CompletedAt() == "", nil
}
