package hooks

import (
	"encoding/json"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// derivePolicy: figures of a policy are percentages and switches the guards can read.
func derivePolicy(s *save) error {
	figures := record.DefaultPolicy()
	err := json.Unmarshal([]byte(s.rec.GetString(record.FieldData)), &figures)
	if err != nil || !percent(figures.LabourRangePercent) || !percent(figures.PartsRangePercent) {
		return fault.New(fault.Invalid, "field.invalid").On(record.FieldData).With("field", record.FieldData).Because(err)
	}
	return nil
}

func percent(n int) bool { return n >= 0 && n <= 100 }

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
