package hooks_test

import (
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/record"
)

func TestWorkshopRules(t *testing.T) {
	hold(t, []rule{
		{name: "W-01 a job needs technicians", code: "dispatch.no_technician", field: "technicians", try: func(s *shop) op {
			return step("leader", s.JobApproved().Job, "dispatched")
		}},
		{name: "W-01 an advisor is no technician", code: "dispatch.not_technician", field: "technicians", try: func(s *shop) op {
			return patch("leader", s.JobApproved().Job, map[string]any{record.FieldState: "dispatched", record.FieldTechnicians: []string{s.ID("advisor")}})
		}},
		{name: "W-01 skill is enough", code: "dispatch.skill", field: "technicians", try: func(s *shop) op {
			car := s.JobApproved()
			s.Do("leader", car.Job, map[string]any{record.FieldSkill: 5})
			return patch("leader", car.Job, map[string]any{record.FieldState: "dispatched", record.FieldTechnicians: []string{s.ID("technician")}})
		}},
		{name: "W-01 only who was given the job starts it", code: "dispatch.not_assigned", field: "state", try: func(s *shop) op {
			return step("second", s.JobDispatched().Job, "in_progress")
		}},
		{name: "W-01 an advisor starts nothing", code: "flow.role", field: "state", admin: "dispatch.not_assigned", try: func(s *shop) op {
			return step("advisor", s.JobDispatched().Job, "in_progress")
		}},
		{name: "W-02 the sheet is checked first", code: "job.sheet_unchecked", field: "sheet_checked_at", admin: "dispatch.not_assigned", try: func(s *shop) op {
			car := s.JobApproved()
			s.Do("leader", car.Job, map[string]any{record.FieldState: "dispatched", record.FieldTechnicians: []string{s.ID("technician")}})
			return step("technician", car.Job, "in_progress")
		}},
		{name: "R-13 no work before the car is handed over", code: "visit.not_handed_over", field: "state", try: func(s *shop) op {
			visit := s.VisitInspected()
			order := s.OrderDraft(visit)
			job := s.JobProposed(order, "保养")
			s.Step("advisor", order, "presented")
			s.Sign(consent.KindEstimate, order)
			s.Dispatch(job)
			return step("technician", job, "in_progress")
		}},
		{name: "W-03 one clock for one technician", code: "clock.running", field: "state", admin: "dispatch.not_assigned", try: func(s *shop) op {
			s.JobInProgress()
			return step("technician", s.JobDispatched().Job, "in_progress")
		}},
		{name: "W-03 no stretch of time twice, backdated either", code: "clock.overlap", field: "started_at", admin: "clock.not_own", try: func(s *shop) op {
			s.OrderInQuality() // worked until four minutes from now
			car := s.JobDispatched()
			s.Step("technician", car.Job, "in_progress")
			data := s.EntryData(car.Job)
			data[record.FieldStartedAt], data[record.FieldEndedAt] = record.Text(s.Clock().Add(-time.Minute)), record.Text(s.Clock().Add(time.Minute))
			return create("technician", record.TimeEntries, data)
		}},
		{name: "W-03 an entry that ended is never ended otherwise", code: "field.fixed", field: "ended_at", try: func(s *shop) op {
			return patch("technician", s.OrderInQuality().Entry, map[string]any{record.FieldEndedAt: record.Text(s.Clock().Add(time.Hour))})
		}},
		{name: "W-03 nobody books another's time", code: "clock.not_own", field: "technician", try: func(s *shop) op {
			car := s.JobApproved()
			s.Do("leader", car.Job, map[string]any{record.FieldState: "dispatched", record.FieldTechnicians: []string{s.ID("technician"), s.ID("second")}})
			data := s.EntryData(car.Job)
			return create("second", record.TimeEntries, data)
		}},
		{name: "W-03 nobody stops another's clock but the leader", code: "clock.not_own", field: "technician", admin: "-", try: func(s *shop) op {
			return patch("second", s.JobInProgress().Entry, map[string]any{record.FieldEndedAt: s.Now()})
		}},
		{name: "W-03 no clock on a job that was not started", code: "clock.job_not_running", field: "job", admin: "clock.not_own", try: func(s *shop) op {
			return create("technician", record.TimeEntries, s.EntryData(s.JobDispatched().Job))
		}},
		{name: "S-01 no time before the signature", code: "clock.before_signature", field: "started_at", admin: "clock.not_own", try: func(s *shop) op {
			car := s.JobDispatched()
			s.Step("technician", car.Job, "in_progress")
			data := s.EntryData(car.Job)
			data[record.FieldStartedAt] = record.Text(s.Clock().Add(-time.Hour))
			return create("technician", record.TimeEntries, data)
		}},
		{name: "W-03 the start is never edited", code: "field.fixed", field: "started_at", try: func(s *shop) op {
			return patch("technician", s.JobInProgress().Entry, map[string]any{record.FieldStartedAt: record.Text(s.Clock().Add(-time.Hour))})
		}},
		{name: "W-03 minutes are counted by the server", code: "field.derived", field: "minutes", try: func(s *shop) op {
			return patch("technician", s.JobInProgress().Entry, map[string]any{record.FieldMinutes: 600})
		}},
	})
}

func TestQualityRules(t *testing.T) {
	failed := func(s *shop, with map[string]any) (car apptest.Service, o op) {
		car = s.OrderInQuality()
		data := s.CheckData(car.Order, "self")
		data[record.FieldResult], data[record.FieldCause], data[record.FieldFailedJobs] = "fail", "螺栓未打力矩", []string{car.Job.Id}
		for k, v := range with {
			data[k] = v
		}
		return car, create("technician", record.QualityChecks, data)
	}
	hold(t, []rule{
		{name: "Q-01 stages come in order", code: "quality.stage_order", field: "stage", admin: "quality.stage_role", try: func(s *shop) op {
			return create("leader", record.QualityChecks, s.CheckData(s.OrderInQuality().Order, "leader"))
		}},
		{name: "Q-01 each stage by its role", code: "quality.stage_role", field: "stage", try: func(s *shop) op {
			return create("technician", record.QualityChecks, s.CheckData(s.OrderInQuality().Order, "final"))
		}},
		{name: "Q-01 three different people", code: "quality.same_person", field: "stage", admin: "quality.stage_role", try: func(s *shop) op {
			car := s.OrderInQuality()
			s.Make("technician", record.QualityChecks, s.CheckData(car.Order, "self"))
			s.Do("manager", s.People["technician"], map[string]any{record.FieldRoles: []string{"technician", "leader"}})
			return create("technician", record.QualityChecks, s.CheckData(car.Order, "leader"))
		}},
		{name: "Q-01 not ready before the final check", code: "quality.incomplete", field: "state", try: func(s *shop) op {
			car := s.OrderInQuality()
			s.Make("technician", record.QualityChecks, s.CheckData(car.Order, "self"))
			s.Make("leader", record.QualityChecks, s.CheckData(car.Order, "leader"))
			return step("inspector", car.Order, "ready")
		}},
		{name: "Q-01 who checks is who is signed in", code: "field.derived", field: "checker", try: func(s *shop) op {
			data := s.CheckData(s.OrderInQuality().Order, "self")
			data[record.FieldChecker] = s.ID("second")
			return create("technician", record.QualityChecks, data)
		}},
		{name: "Q-02 every item is answered", code: "quality.items_unanswered", field: "items", admin: "quality.stage_role", try: func(s *shop) op {
			data := s.CheckData(s.OrderInQuality().Order, "self")
			data[record.FieldItems] = []any{map[string]any{"code": "jobs_done", "ok": true}}
			return create("technician", record.QualityChecks, data)
		}},
		{name: "Q-02 no check of unfinished work", code: "quality.order_not_in_check", field: "work_order", try: func(s *shop) op {
			return create("technician", record.QualityChecks, s.CheckData(s.JobInProgress().Order, "self"))
		}},
		{name: "Q-02 no quality before every job is finished", code: "order.jobs_unfinished", field: "state", try: func(s *shop) op {
			return step("technician", s.JobInProgress().Order, "qc")
		}},
		{name: "Q-03 a failure has its cause", code: "quality.cause_missing", field: "cause", admin: "quality.stage_role", try: func(s *shop) op {
			_, o := failed(s, map[string]any{record.FieldCause: ""})
			return o
		}},
		{name: "Q-03 rework says why", code: "job.rework_unexplained", field: "rework_cause", try: func(s *shop) op {
			return step("leader", s.OrderInQuality().Job, "rework")
		}},
		{name: "Q-03 all stages again after rework", code: "quality.incomplete", field: "state", try: func(s *shop) op {
			car, fail := failed(s, nil)
			s.Make(fail.role, fail.collection, fail.data)
			s.Do("leader", car.Job, map[string]any{record.FieldState: "rework", record.FieldReworkCause: "螺栓未打力矩"})
			s.Step("leader", car.Order, "in_progress")
			s.house.Clock.Advance(time.Minute)
			s.Finish(car.Job, s.Start(car.Job))
			if n := record.AsJob(s.Fresh(car.Job)).ReworkCount(); n != 1 {
				s.t.Errorf("Q-03 rework counted %d times", n)
			}
			s.Step("technician", car.Order, "qc")
			s.Make("technician", record.QualityChecks, s.CheckData(car.Order, "self"))
			s.Make("leader", record.QualityChecks, s.CheckData(car.Order, "leader"))
			return step("inspector", car.Job, "passed")
		}},
		{name: "Q-01 a check is never edited", code: "field.fixed", field: "result", try: func(s *shop) op {
			car := s.OrderInQuality()
			return patch("technician", s.Make("technician", record.QualityChecks, s.CheckData(car.Order, "self")), map[string]any{record.FieldResult: "fail"})
		}},
	})
}
