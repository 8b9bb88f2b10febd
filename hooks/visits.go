package hooks

import (
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// deriveVisit: a visit keeps the figures it began with; a tablet that did not say which gets the shop's present ones.
func deriveVisit(s *save) error {
	if !s.creating() || record.AsVisit(s.rec).Policy() != "" {
		return nil
	}
	active, err := s.activePolicy()
	if err != nil || active == nil {
		return err
	}
	record.AsVisit(s.rec).SetPolicy(active.Id)
	return nil
}

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
	return nil
}
