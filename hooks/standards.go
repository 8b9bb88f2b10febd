package hooks

import (
	"encoding/json"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// derivePolicy: figures of a policy are those the guards can read, inside their limits.
func derivePolicy(s *save) error {
	var figures map[string]any
	if err := json.Unmarshal([]byte(s.rec.GetString(record.FieldData)), &figures); err != nil || figures == nil {
		return fault.New(fault.Invalid, "field.invalid").On(record.FieldData).With("field", record.FieldData).Because(err)
	}
	if refusal := flow.CheckFigures(figures); refusal != nil {
		return refusal
	}
	return nil
}

// deriveTemplate: every item of a template has a code of its own.
func deriveTemplate(s *save) error {
	if !s.creating() {
		return nil
	}
	var items []record.TemplateItem
	known := map[string]bool{"": true}
	bad := json.Unmarshal([]byte(s.rec.GetString(record.FieldItems)), &items) != nil
	for _, item := range items {
		bad = bad || known[item.Code]
		known[item.Code] = true
	}
	if bad {
		return fault.New(fault.Invalid, "field.invalid").On(record.FieldItems).With("field", record.FieldItems)
	}
	return nil
}
