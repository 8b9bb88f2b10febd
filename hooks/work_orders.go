package hooks

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// deriveWorkOrder: a comeback opens its own kind of order (R-02, C-01), and what was done is guaranteed from the day the
// order is settled, anew from the day the car leaves (D-08).
func deriveWorkOrder(s *save) error {
	if !s.creating() {
		return s.giveWarranty()
	}
	visit, err := s.one(record.Visits, s.visitID())
	if err != nil || visit == nil {
		return err
	}
	kind := "service"
	if visit.GetString(record.FieldPurpose) == "comeback" {
		kind = "comeback"
	}
	s.rec.Set(record.FieldKind, kind)
	return nil
}

// giveWarranty writes the guarantee down, by the figures the visit began with and its odometer.
func (s *save) giveWarranty() error {
	o := record.AsWorkOrder(s.rec)
	if !s.changes(record.FieldState) || !slices.Contains(flow.GivenStates, o.State()) {
		return nil
	}
	visit, err := s.app.FindRecordById(record.Visits, o.Visit())
	if err != nil {
		return err
	}
	rows, err := s.all(record.Jobs, dbx.HashExp{record.FieldWorkOrder: s.rec.Id})
	if err != nil {
		return err
	}
	jobs := make([]flow.Job, len(rows))
	for i, row := range rows {
		jobs[i] = record.AsJob(row).Facts()
	}
	figures, err := s.policy()
	if err != nil {
		return err
	}
	day, err := s.day()
	if err != nil {
		return err
	}
	v := record.AsVisit(visit)
	o.SetWarranty(flow.GiveWarranty(figures, v.Policy(), o.State(), day, v.OdometerKm(), jobs))
	return nil
}

// day is the day of the act on the shop's wall; a tablet's clock that runs ahead makes none of tomorrow's.
func (s *save) day() (string, error) {
	zone, err := s.zone()
	if err != nil {
		return "", err
	}
	at := s.captured()
	if at.After(s.now) {
		at = s.now
	}
	return at.In(zone).Format(time.DateOnly), nil
}
