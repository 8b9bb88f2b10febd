package hooks_test

import (
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// What a rule let through must not be turned into something it would have refused, one edit later.
func TestWhatWasAllowedStays(t *testing.T) {
	stopped := func(s *shop) apptest.Service {
		car := s.JobInProgress()
		s.Do("technician", car.Job, map[string]any{record.FieldState: "paused", record.FieldPauseReason: "part"})
		s.Do("technician", car.Entry, map[string]any{record.FieldEndedAt: s.Now(), record.FieldEndReason: "part"})
		return car
	}
	hold(t, []rule{
		{name: "W-03 a clock that was stopped does not run again", code: "field.fixed", field: "ended_at", try: func(s *shop) op {
			return patch("technician", stopped(s).Entry, map[string]any{record.FieldEndedAt: ""})
		}},
		{name: "S-01 no time is added to a clock that was stopped", code: "field.fixed", field: "ended_at", try: func(s *shop) op {
			car := stopped(s)
			return patch("leader", car.Entry, map[string]any{record.FieldEndedAt: record.Text(s.Clock().Add(time.Hour))})
		}},
		{name: "S-03 a countersignature is not put in another's name", code: "field.fixed", field: "countersigned_by", try: func(s *shop) op {
			_, given := signedDispatched(s)
			s.Do("advisor", given, map[string]any{record.FieldCountersignedBy: s.ID("advisor"), record.FieldCountersignedAt: s.Now()})
			return patch("manager", given, map[string]any{record.FieldCountersignedBy: s.ID("manager")})
		}},
		{name: "S-02 why a signature was voided is not rewritten", code: "field.fixed", field: "void_reason", try: func(s *shop) op {
			_, given := signedDispatched(s)
			void(s, given)
			return patch("advisor", given, map[string]any{record.FieldVoidReason: "别的原因"})
		}},
		{name: "W-01 a dispatched job is not given to someone without the skill", code: "dispatch.skill", field: "technicians", try: func(s *shop) op {
			car := s.JobApproved()
			s.Do("manager", s.People["technician"], map[string]any{record.FieldSkill: 4})
			s.Do("manager", s.People["second"], map[string]any{record.FieldSkill: 1})
			s.Do("leader", car.Job, map[string]any{record.FieldSkill: 3})
			s.Dispatch(car.Job)
			return patch("leader", car.Job, map[string]any{record.FieldTechnicians: []string{s.ID("second")}})
		}},
		{name: "W-01 a job in work is not given to an advisor", code: "dispatch.not_technician", field: "technicians", try: func(s *shop) op {
			return patch("leader", s.JobInProgress().Job, map[string]any{record.FieldTechnicians: []string{s.ID("technician"), s.ID("advisor")}})
		}},
		{name: "W-01 a job in work keeps a technician", code: "dispatch.no_technician", field: "technicians", try: func(s *shop) op {
			return patch("leader", s.JobInProgress().Job, map[string]any{record.FieldTechnicians: []string{}})
		}},
		{name: "Q-03 rework without a clock still asks for every stage again", code: "quality.incomplete", field: "state", try: func(s *shop) op {
			car := s.OrderPassed()
			s.house.Clock.Advance(time.Minute)
			s.Do("inspector", car.Job, map[string]any{record.FieldState: "rework", record.FieldReworkCause: "漏油"})
			s.Step("technician", car.Order, "in_progress")
			s.Step("technician", car.Job, "in_progress")
			s.Step("technician", car.Job, "done")
			s.Step("technician", car.Order, "qc")
			return step("inspector", car.Job, "passed")
		}},
		{name: "S-07 an order with a job that did not pass is not ready", code: "order.jobs_unpassed", field: "state", try: func(s *shop) op {
			car := s.OrderInQuality()
			s.Checked(car.Order)
			s.Do("advisor", car.Job, map[string]any{record.FieldActualLabourFen: 999999})
			return step("inspector", car.Order, "ready")
		}},
		{name: "Q-01 nothing is added to an order that came through quality", code: "order.closed", field: "work_order", try: func(s *shop) op {
			return create("advisor", record.Jobs, s.JobData(s.VisitReady().Order, "换雨刮"))
		}},
		{name: "S-01 no work on an order that was cancelled", code: "order.closed", field: "work_order", try: func(s *shop) op {
			car := s.JobPresented()
			s.Sign(consent.KindEstimate, car.Order)
			s.Step("advisor", car.Job, "approved")
			s.Step("advisor", car.Order, "cancelled")
			return patch("leader", car.Job, map[string]any{record.FieldState: "dispatched", record.FieldTechnicians: []string{s.ID("technician")}})
		}},
		{name: "Q-01 a superuser is none of the three people", code: "quality.stage_order", field: "stage", admin: "quality.stage_role", try: func(s *shop) op {
			return create("inspector", record.QualityChecks, s.CheckData(s.OrderInQuality().Order, "final"))
		}},
		{name: "Q-03 a car that came through is not taken back to work behind its checks", code: "order.closed", field: "work_order", try: func(s *shop) op {
			return patch("inspector", s.VisitReady().Job, map[string]any{record.FieldState: "rework", record.FieldReworkCause: "漏油"})
		}},
	})
}
