package hooks_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// learnSamples is a well-formed new row of what repairs teach, and of a claim.
func learnSamples(s *shop) map[string]map[string]any {
	return map[string]map[string]any{
		record.QualityReports: {record.FieldVisit: s.VisitOpen().Id, record.FieldKind: "new", record.FieldFault: "转向异响"},
		record.FaultCases:     {record.FieldSymptom: "转向异响", record.FieldCause: "转向机间隙过大", record.FieldRemedy: "更换转向机"},
		record.WarrantyClaims: s.ClaimData(s.WarrantyJob()),
	}
}

func (s *shop) report(kind string) *core.Record {
	return s.Make("technician", record.QualityReports, map[string]any{record.FieldVisit: s.VisitOpen().Id, record.FieldKind: kind, record.FieldFault: "转向异响", record.FieldDetail: "低速打方向有咯噔声"})
}

// claimed is a claim that was sent in.
func (s *shop) claimed() *core.Record {
	c := s.Make("advisor", record.WarrantyClaims, s.ClaimData(s.WarrantyJob()))
	s.Photographed(c)
	s.Do("advisor", c, map[string]any{record.FieldDiagnosis: "转向机泄漏", record.FieldClaimedFen: 62000, record.FieldLabel: "SP-001", record.FieldPlace: "旧件架 3"})
	s.Step("advisor", c, "submitted")
	return c
}

func TestLearnRules(t *testing.T) {
	hold(t, []rule{
		{name: "W-08 a dangerous fault without a photo", code: "report.photo_missing", field: "state", try: func(s *shop) op {
			return step("technician", s.report("dangerous"), "submitted")
		}},
		{name: "W-08 a report that does not say what was seen", code: "report.detail_missing", field: "detail", try: func(s *shop) op {
			r := s.report("new")
			s.Do("technician", r, map[string]any{record.FieldDetail: ""})
			return step("technician", r, "submitted")
		}},
		{name: "W-08 what was sent in is rewritten", code: "report.frozen", field: "detail", try: func(s *shop) op {
			r := s.report("new")
			s.Step("technician", r, "submitted")
			return patch("manager", r, map[string]any{record.FieldDetail: "其实没事"})
		}},
		{name: "W-08 answered without an answer", code: "report.answer_missing", field: "answer", try: func(s *shop) op {
			r := s.report("new")
			s.Step("technician", r, "submitted")
			return step("expert", r, "answered")
		}},
		{name: "W-08 a technician writes no case for the library", code: "flow.role", field: "id", admin: "-", try: func(s *shop) op {
			return create("technician", record.FaultCases, learnSamples(s)[record.FaultCases])
		}},
		{name: "E-10 a claim for what the customer pays", code: "warranty_claim.not_warranty", field: "job", try: func(s *shop) op {
			return create("advisor", record.WarrantyClaims, s.ClaimData(s.JobPresented().Job))
		}},
		{name: "E-10 two claims for one job", code: "field.taken", field: "job", try: func(s *shop) op {
			job := s.WarrantyJob()
			s.Make("advisor", record.WarrantyClaims, s.ClaimData(job))
			return create("advisor", record.WarrantyClaims, s.ClaimData(job))
		}},
		{name: "E-10 sent in without photos", code: "warranty_claim.photo_missing", field: "state", try: func(s *shop) op {
			c := s.Make("advisor", record.WarrantyClaims, s.ClaimData(s.WarrantyJob()))
			s.Do("advisor", c, map[string]any{record.FieldDiagnosis: "泄漏", record.FieldClaimedFen: 1, record.FieldLabel: "1", record.FieldPlace: "架"})
			return step("advisor", c, "submitted")
		}},
		{name: "E-10 sent in with parts that carry no label", code: "warranty_claim.unlabelled", field: "label", try: func(s *shop) op {
			c := s.Make("advisor", record.WarrantyClaims, s.ClaimData(s.WarrantyJob()))
			s.Photographed(c)
			s.Do("advisor", c, map[string]any{record.FieldDiagnosis: "泄漏", record.FieldClaimedFen: 1})
			return step("advisor", c, "submitted")
		}},
		{name: "E-10 the amount changed once it was sent in", code: "warranty_claim.frozen", field: "claimed_fen", try: func(s *shop) op {
			return patch("manager", s.claimed(), map[string]any{record.FieldClaimedFen: 1})
		}},
		{name: "E-10 approved above what was claimed", code: "warranty_claim.approved_amount", field: "approved_fen", try: func(s *shop) op {
			c := s.claimed()
			s.Do("finance", c, map[string]any{record.FieldApprovedFen: 62001})
			return step("finance", c, "approved")
		}},
		{name: "E-10 refused without a reason", code: "warranty_claim.refusal_missing", field: "refusal", try: func(s *shop) op {
			return step("finance", s.claimed(), "refused")
		}},
		{name: "E-10 paid above what was approved", code: "warranty_claim.paid_amount", field: "paid_fen", try: func(s *shop) op {
			c := s.claimed()
			s.Do("finance", c, map[string]any{record.FieldApprovedFen: 60000})
			s.Step("finance", c, "approved")
			s.Do("finance", c, map[string]any{record.FieldPaidFen: 60001})
			return step("finance", c, "paid")
		}},
		{name: "E-10 when the parts are due is the server's to say", code: "field.derived", field: "return_due_at", try: func(s *shop) op {
			return patch("manager", s.claimed(), map[string]any{record.FieldReturnDueAt: "2030-01-01 00:00:00.000Z"})
		}},
	})
}

func TestLearned(t *testing.T) {
	s := newShop(t)
	t.Run("W-08 sent in, answered, closed, each by whom and when", func(t *testing.T) {
		r := s.report("dangerous")
		s.Photographed(r)
		s.Step("technician", r, "submitted")
		s.Do("expert", r, map[string]any{record.FieldAnswer: "同批次排查", record.FieldState: "answered"})
		s.Step("leader", r, "closed")
		if r.GetString(record.FieldSubmittedBy) != s.ID("technician") || r.GetString(record.FieldAnsweredBy) != s.ID("expert") ||
			record.Moment(r, record.FieldSubmittedAt) == "" || record.Moment(r, record.FieldAnsweredAt) == "" {
			t.Errorf("%v", r.PublicExport())
		}
	})
	t.Run("E-10 a claim goes its way to the money, and its parts have their date", func(t *testing.T) {
		c := s.claimed()
		due := record.Time(record.AsWarrantyClaim(c).ReturnDueAt())
		if days := due.Sub(s.Clock()).Hours() / 24; days < 29 || days > 30.1 {
			t.Errorf("due in %v days", days)
		}
		s.Do("finance", c, map[string]any{record.FieldApprovedFen: 60000, record.FieldState: "approved"})
	})
}
