package hooks

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

// deriveAppointment: the quote's sums, who allowed an overbooking, and the rules an edit must go on meeting: one that
// takes room may not be moved into a full slot (B-02).
func deriveAppointment(s *save) error {
	a := record.AsAppointment(s.rec)
	if s.creating() || s.changes(record.FieldLines) {
		labour, parts, err := settleLines(s)
		if err != nil {
			return err
		}
		a.SetSums(labour, parts)
	}
	if s.changes(record.FieldOverbookSlot) && a.OverbookSlot() != "" {
		by := s.actor.ID
		if s.actor.Kind != record.KindStaff {
			by = ""
		}
		s.rec.Set(record.FieldOverbookBy, by)
	}
	if s.creating() {
		return nil
	}
	var guards []string
	if slices.Contains(flow.HoldingStates[:2], a.State()) && !s.changes(record.FieldState) &&
		(s.changes(record.FieldStartsAt) || s.changes(record.FieldMinutes) || s.changes(record.FieldHands)) {
		guards = append(guards, "slot_free")
	}
	if changesPickup(s) {
		guards = append(guards, "pickup_allowed")
	}
	if len(guards) == 0 {
		return nil
	}
	return s.stays(guards)
}

// changesPickup: fetching the car was asked for, or its way, or for somebody else.
func changesPickup(s *save) bool {
	if way := s.rec.GetString(record.FieldPickup); way == "" || way == "none" {
		return false
	}
	return s.changes(record.FieldPickup) || s.changes(record.FieldPickupKm) || s.changes(record.FieldCustomer)
}

// settleLines holds the quote to its exact form and returns its sums in fen.
func settleLines(s *save) (labour, parts int64, err error) {
	lines := []record.QuoteLine{}
	raw := []byte(s.rec.GetString(record.FieldLines))
	if len(raw) > 0 && string(raw) != "null" {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&lines); err != nil {
			return 0, 0, badLine(1, "form").Because(err)
		}
	}
	if len(lines) > price.MaxLines {
		return 0, 0, badLine(price.MaxLines+1, "form")
	}
	for i, l := range lines {
		if field := wrongLine(l); field != "" {
			return 0, 0, badLine(i+1, field)
		}
		if l.Parts == nil {
			lines[i].Parts = []price.Part{}
		}
		labour += l.LabourFen
		parts += price.PartsFen(l.Parts)
	}
	s.rec.Set(record.FieldLines, lines)
	return labour, parts, nil
}

func wrongLine(l record.QuoteLine) string {
	switch {
	case strings.TrimSpace(l.Work) == "" || utf8.RuneCountInString(l.Work) > 400 || utf8.RuneCountInString(l.Detail) > 2000:
		return "work"
	case l.LabourMinutes < 0 || l.LabourMinutes > 60000:
		return "labour_minutes"
	case !price.ValidAmount(l.LabourFen) || !price.ValidAmount(l.RiskFen) || l.RiskFen > l.LabourFen:
		return "labour_fen"
	case price.CheckParts(l.Parts) != nil:
		return "parts"
	}
	return ""
}

func badLine(line int, field string) *fault.Fault {
	return fault.New(fault.Invalid, "appointment.lines").On(record.FieldLines).With("line", line).With("field", fault.Words{"quote." + field})
}

// deriveCapacity: days are days, the shop closes after it opens.
func deriveCapacity(s *save) error {
	if !s.creating() {
		return nil
	}
	c := record.AsCapacity(s.rec).Facts()
	for _, f := range []struct {
		field string
		ok    bool
	}{
		{record.FieldFromDay, flow.IsDay(c.FromDay)},
		{record.FieldUntilDay, c.UntilDay == "" || flow.IsDay(c.UntilDay) && c.UntilDay >= c.FromDay},
		{record.FieldWeekdays, strings.Trim(c.Weekdays, "1234567") == ""},
		{record.FieldCloses, c.Bays == 0 || c.Technicians == 0 || c.Opens < c.Closes},
	} {
		if !f.ok {
			return fault.New(fault.Invalid, "field.invalid").On(f.field).With("field", f.field)
		}
	}
	return nil
}

// derivePreparation: each line is ticked by someone, and who and when is kept (B-04).
func derivePreparation(s *save) error {
	if s.creating() || !s.changes(record.FieldState) {
		return nil
	}
	by := s.actor.ID
	if s.actor.Kind != record.KindStaff {
		by = ""
	}
	p := record.AsPreparation(s.rec)
	p.Check(by, record.Text(s.captured()))
	if p.State() == "missing" && !s.changes(record.FieldToldAt) {
		p.Untell() // what was told before was something else
	}
	return nil
}
