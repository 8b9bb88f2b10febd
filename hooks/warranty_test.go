package hooks_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/price"
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

// onWarranty is a ready car whose job is put on the manufacturer's warranty, as it was decided; the settlement was not issued yet.
func onWarranty(s *shop, decision string) (job, settlement *core.Record) {
	settlement = draft(s, func(l *price.Charge) { l.Shares[0].Payer = price.PayerWarranty })
	job, err := s.App.FindRecordById(record.Jobs, record.AsSettlement(settlement).Lines()[0].Job)
	if err != nil {
		s.t.Fatal(err)
	}
	if decision != "" {
		s.Do("advisor", job, map[string]any{record.FieldWarrantyDecision: decision})
	}
	return job, settlement
}

func TestWarrantyDecided(t *testing.T) {
	hold(t, []rule{
		{name: "E-04 nothing is settled on the warranty before it was decided", code: "settlement.warranty_undecided", field: "lines", try: func(s *shop) op {
			_, settlement := onWarranty(s, "")
			return step("cashier", settlement, "issued")
		}},
		{name: "E-04 nor what was decided not to be covered", code: "settlement.warranty_refused", field: "lines", try: func(s *shop) op {
			_, settlement := onWarranty(s, "refused")
			return step("cashier", settlement, "issued")
		}},
		{name: "E-04 who decided is written down by the server", code: "field.derived", field: "warranty_decision_by", try: func(s *shop) op {
			return patch("manager", s.VisitReady().Job, map[string]any{record.FieldWarrantyDecisionBy: s.ID("manager")})
		}},
	})
	for _, decision := range []string{"covered", "waiting"} {
		t.Run("E-04 what is "+decision+" is settled on the warranty, with who said so and when; taken back, nobody did", func(t *testing.T) {
			s := newShop(t)
			job, settlement := onWarranty(s, decision)
			row := s.Fresh(job)
			if by, at := row.GetString(record.FieldWarrantyDecisionBy), row.GetString(record.FieldWarrantyDecisionAt); by != s.ID("advisor") || at != s.Now() {
				t.Errorf("decided by %q at %q", by, at)
			}
			s.Step("cashier", settlement, "issued")
			s.Do("advisor", job, map[string]any{record.FieldWarrantyDecision: ""})
			if row := s.Fresh(job); row.GetString(record.FieldWarrantyDecisionBy) != "" || row.GetString(record.FieldWarrantyDecisionAt) != "" {
				t.Error("taken back, it still names who decided")
			}
			if got := s.direct(step("cashier", settlement, "settled")); got.code != "settlement.warranty_undecided" {
				t.Errorf("settled on a decision taken back: %q", got.code)
			}
		})
	}
}
