package hooks

import (
	"encoding/json"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// derivePolicy: a policy is one that the rules can read: figures of the service lane inside their limits, or what holds
// for a product line's claims.
func derivePolicy(s *save) error {
	if record.AsPolicy(s.rec).Kind() == record.ClaimLine {
		if _, refused := record.AsPolicy(s.rec).Claims(); refused != nil {
			return refused
		}
		return nil
	}
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
