package hooks

import "aftercare/internal/record"

// deriveHoliday holds a loaded year to what the calendar can count by (L-16).
func deriveHoliday(s *save) error {
	if !s.creating() {
		return nil
	}
	if _, refused := record.AsHoliday(s.rec).Year(); refused != nil {
		return refused
	}
	return nil
}
