package hooks

import (
	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// deriveTimeEntry counts the minutes. A tablet's clock may be wrong: then the entry is kept and flagged. Another's
// clock is stopped by the team leader only, and one that was stopped stays so: more work is another entry, which asks
// for its consent anew (S-01, W-03).
func deriveTimeEntry(s *save) error {
	e := record.AsTimeEntry(s.rec)
	if !s.creating() && e.Technician() != s.actor.ID && !s.actor.Is(record.RoleLeader) && !s.actor.System() {
		return fault.New(fault.Refused, "clock.not_own").On(record.FieldTechnician)
	}
	if !s.creating() && s.changes(record.FieldEndedAt) && record.AsTimeEntry(s.stored).EndedAt() != "" && !s.actor.System() {
		return fault.New(fault.Refused, "field.fixed").On(record.FieldEndedAt).With("field", record.FieldEndedAt)
	}
	minutes, suspect := flow.Worked(e.StartedAt(), e.EndedAt(), s.now)
	e.SetMinutes(minutes)
	if suspect {
		e.AddFlag("clock.suspect", s.now)
	}
	return nil
}
