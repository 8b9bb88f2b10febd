package hooks_test

import (
	"testing"
	"time"

	"aftercare/internal/record"
)

func TestWarranty(t *testing.T) {
	s := newShop(t)
	car, _ := s.Paid()
	zone, _ := time.LoadLocation("Asia/Shanghai")
	today := s.Clock().In(zone).Format(time.DateOnly)
	t.Run("D-08 what was done is guaranteed when the order is settled: labour and parts, day or km, by the visit's figures", func(t *testing.T) {
		w := record.AsWorkOrder(s.Fresh(car.Order)).Warranty()
		if w == nil || w.State != "settled" || w.FromDay != today || w.FromKm != 48213 || w.Policy != record.AsVisit(s.Fresh(car.Visit)).Policy() {
			t.Fatalf("%+v", w)
		}
		line, ok := w.Of(car.Job.Id)
		if !ok || line.LabourKm != 53213 || line.PartsKm != 68213 || !line.Stands(today, 48213) || line.LabourUntil >= line.PartsUntil {
			t.Errorf("%+v", line)
		}
	})
	t.Run("D-08 it begins anew when the car leaves", func(t *testing.T) {
		pass := s.Pass(car.Visit)
		s.Make("guard", record.GateUses, s.UseData(pass))
		s.Step("guard", pass, "used")
		s.Step("guard", car.Order, "released")
		if w := record.AsWorkOrder(s.Fresh(car.Order)).Warranty(); w.State != "released" || len(w.Lines) != 1 {
			t.Errorf("%+v", w)
		}
	})
	hold(t, []rule{
		{name: "D-08 nobody writes a guarantee by hand", code: "field.derived", field: "warranty", try: func(s *shop) op {
			return patch("manager", s.VisitReady().Order, map[string]any{record.FieldWarranty: map[string]any{"state": "settled"}})
		}},
	})
}
