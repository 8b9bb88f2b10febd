package hooks_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// returned is a draft of a comeback's order with a job that the house pays.
func returned(s *shop) (order, job *core.Record) {
	from, _, order := s.Comeback()
	return order, s.Make("advisor", record.Jobs, s.ComebackJobData(order, from, "internal"))
}

func TestComebackRules(t *testing.T) {
	hold(t, []rule{
		{name: "C-01 a comeback from another car's job", code: "comeback.unknown", field: "comeback_of", try: func(s *shop) op {
			from, _ := s.Paid()
			data := s.ComebackData(from)
			data[record.FieldVehicle] = record.AsVisit(s.VisitOpen()).Vehicle()
			return create("advisor", record.Visits, data)
		}},
		{name: "C-01 a comeback from a job of the neighbour", code: "comeback.unknown", field: "comeback_of", try: func(s *shop) op {
			from, _ := s.Paid()
			data := s.ComebackData(from)
			theirs, _ := s.other.Paid()
			data[record.FieldComebackOf] = theirs.Job.Id
			return create("advisor", record.Visits, data)
		}},
		{name: "C-01 the link moved to a job that is none", code: "comeback.unknown", field: "comeback_of", try: func(s *shop) op {
			_, visit, _ := s.Comeback()
			return patch("advisor", visit, map[string]any{record.FieldComebackOf: "abcdefghijklmno"})
		}},
		{name: "C-01 inside the warranty the customer pays nothing", code: "comeback.free", field: "payer", try: func(s *shop) op {
			from, _, order := s.Comeback()
			return create("advisor", record.Jobs, s.ComebackJobData(order, from, "customer"))
		}},
		{name: "C-01 nor later", code: "comeback.free", field: "payer", try: func(s *shop) op {
			_, job := returned(s)
			return patch("advisor", job, map[string]any{record.FieldPayer: "customer"})
		}},
		{name: "C-02 poor work stays free", code: "comeback.free", field: "payer", try: func(s *shop) op {
			_, job := returned(s)
			s.Do("expert", job, map[string]any{record.FieldComebackCause: "workmanship"})
			return patch("manager", job, map[string]any{record.FieldPayer: "customer"})
		}},
		{name: "C-02 the cause is not taken back while the customer pays", code: "comeback.free", field: "payer", try: func(s *shop) op {
			_, job := returned(s)
			s.Do("expert", job, map[string]any{record.FieldComebackCause: "new_fault"})
			s.Do("advisor", job, map[string]any{record.FieldPayer: "customer"})
			return patch("expert", job, map[string]any{record.FieldComebackCause: "part"})
		}},
		{name: "C-01 an estimate of a comeback without its earlier job", code: "comeback.unlinked", field: "state", try: func(s *shop) op {
			_, visit, order := s.Comeback()
			s.Do("advisor", visit, map[string]any{record.FieldComebackOf: ""})
			s.JobProposed(order, "机油")
			return step("advisor", order, "presented")
		}},
		{name: "C-01 an estimate of a comeback that mends nothing again", code: "comeback.no_job", field: "state", try: func(s *shop) op {
			_, _, order := s.Comeback()
			s.JobProposed(order, "机油")
			return step("advisor", order, "presented")
		}},
		{name: "C-02 an advisor does not decide on the cause", code: "flow.role", field: "comeback_cause", admin: "-", try: func(s *shop) op {
			_, job := returned(s)
			return patch("advisor", job, map[string]any{record.FieldComebackCause: "customer"})
		}},
		{name: "C-02 nor a team leader where the shop does not let them", code: "comeback.decider", field: "comeback_cause", admin: "-", try: func(s *shop) op {
			s.Make("manager", record.Policies, map[string]any{record.FieldKind: "service_lane", record.FieldRevision: 2, record.FieldActive: true,
				record.FieldData: map[string]any{"comeback_cause_leader": false}})
			_, job := returned(s)
			return patch("leader", job, map[string]any{record.FieldComebackCause: "customer"})
		}},
		{name: "C-02 a job that is no comeback has no cause", code: "comeback.no_original", field: "comeback_cause", try: func(s *shop) op {
			return patch("expert", s.JobPresented().Job, map[string]any{record.FieldComebackCause: "part"})
		}},
		{name: "C-02 who decided is not for others to write", code: "field.derived", field: "comeback_cause_by", try: func(s *shop) op {
			_, job := returned(s)
			return patch("manager", job, map[string]any{record.FieldComebackCauseBy: s.ID("expert")})
		}},
	})
}

func TestComebackDecided(t *testing.T) {
	s := newShop(t)
	order, job := returned(s)
	t.Run("C-02 a new fault shown by the expert, with who and when, and the customer may pay", func(t *testing.T) {
		s.Do("expert", job, map[string]any{record.FieldComebackCause: "new_fault", record.FieldComebackNote: "另一侧卡钳漏油"})
		if by := job.GetString(record.FieldComebackCauseBy); by != s.ID("expert") || record.Moment(job, record.FieldComebackCauseAt) == "" {
			t.Errorf("decided by %q at %q", by, record.Moment(job, record.FieldComebackCauseAt))
		}
		s.Do("advisor", job, map[string]any{record.FieldPayer: "customer"})
		s.Step("advisor", order, "presented")
	})
	t.Run("C-01 beyond the warranty's kilometres the customer pays", func(t *testing.T) {
		from, visit, order := s.Comeback()
		s.Do("advisor", visit, map[string]any{record.FieldOdometerKm: 48213 + 20001})
		s.Make("advisor", record.Jobs, s.ComebackJobData(order, from, "customer"))
	})
}
