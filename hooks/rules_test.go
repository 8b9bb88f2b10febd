package hooks_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// rule is one act that must be refused, at every door, with its code on its field, leaving nothing behind.
type rule struct {
	name  string
	try   func(s *shop) op
	code  string
	field string
	// admin is what a superuser is told where it differs, for they hold every role; "-" where they may.
	admin string
}

func hold(t *testing.T, rules []rule) {
	t.Helper()
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			s := newShop(t)
			o := r.try(s)
			s.tablet(o.role).Push() // the device itself is bound at its first call
			before := s.trace()
			for _, d := range doors {
				want := r.code
				if d.name == "superuser" && r.admin == "-" {
					continue
				} else if d.name == "superuser" && r.admin != "" {
					want = r.admin
				}
				got := d.try(s, o)
				if got.code != want || (want == r.code && got.field != r.field) {
					t.Errorf("%s: got %q on %q (%d), want %q on %q", d.name, got.code, got.field, got.status, want, r.field)
				}
				if after := s.trace(); after != before {
					t.Errorf("%s: the refused act left %d changes behind", d.name, after-before)
					before = after
				}
			}
		})
	}
}

func void(s *shop, given *core.Record) {
	s.Do("advisor", given, map[string]any{record.FieldState: "void", record.FieldVoidReason: "客户改变主意"})
}

// signedDispatched is a dispatched job with the consent it stands on.
func signedDispatched(s *shop) (apptest.Service, *core.Record) {
	car := s.JobPresented()
	given := s.Sign(consent.KindEstimate, car.Order)
	s.Dispatch(car.Job)
	return car, given
}

func TestConsentRules(t *testing.T) {
	hold(t, []rule{
		{name: "S-01 no approval without a signature", code: "consent.missing", field: "state", try: func(s *shop) op {
			return step("advisor", s.JobPresented().Job, "approved")
		}},
		{name: "S-01 no start on a void signature", code: "consent.void", field: "state", try: func(s *shop) op {
			car, given := signedDispatched(s)
			void(s, given)
			return step("technician", car.Job, "in_progress")
		}},
		{name: "S-01 no time on a job whose signature is void", code: "consent.void", field: "id", try: func(s *shop) op {
			car, given := signedDispatched(s)
			void(s, given)
			return create("technician", record.TimeEntries, s.EntryData(car.Job))
		}},
		{name: "S-01 no jump over the signature", code: "consent.missing", field: "state", try: func(s *shop) op {
			return step("technician", s.JobPresented().Job, "in_progress")
		}},
		{name: "S-06 no decline without its time", code: "job.decline_undated", field: "declined_at", try: func(s *shop) op {
			return patch("advisor", s.JobPresented().Job, map[string]any{record.FieldState: "declined", record.FieldDeclinedToldBy: s.ID("advisor")})
		}},
		{name: "S-06 no decline without who told the workshop", code: "job.decline_untold", field: "declined_told_by", try: func(s *shop) op {
			return patch("advisor", s.JobPresented().Job, map[string]any{record.FieldState: "declined", record.FieldDeclinedAt: s.Now()})
		}},
		{name: "E-08 no estimate is refused over its open jobs", code: "order.jobs_standing", field: "state", try: func(s *shop) op {
			return step("advisor", s.JobPresented().Order, "declined")
		}},
		{name: "S-01 no job born approved", code: "flow.initial", field: "state", try: func(s *shop) op {
			data := s.JobData(s.OrderDraft(s.VisitHandedOver()), "更换机油")
			data[record.FieldState] = "approved"
			return create("advisor", record.Jobs, data)
		}},
		{name: "S-02 a changed price is covered no longer", code: "consent.changed", field: "state", try: func(s *shop) op {
			car := s.JobDispatched()
			s.Do("advisor", car.Job, map[string]any{record.FieldLabourFen: 24001})
			return step("technician", car.Job, "in_progress")
		}},
		{name: "S-02 a document must have the hash it states", code: "consent.hash", field: "sha256", try: func(s *shop) op {
			car := s.JobPresented()
			data := s.SignedConsent(consent.KindEstimate, car.Order)
			data[record.FieldSHA256] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
			return create("advisor", record.Consents, data)
		}},
		{name: "S-02 a decision must name a job of the document", code: "consent.hash", field: "jobs", try: func(s *shop) op {
			car := s.JobPresented()
			data := s.SignedConsent(consent.KindEstimate, car.Order)
			data[record.FieldJobs] = []any{map[string]any{"id": "abcdefghijklmno", "sha256": record.AsJob(s.Fresh(car.Job)).SHA256(), "decision": "approved"}}
			return create("advisor", record.Consents, data)
		}},
		{name: "S-02 what was signed is never edited", code: "field.fixed", field: "signer_name", try: func(s *shop) op {
			_, given := signedDispatched(s)
			return patch("advisor", given, map[string]any{record.FieldSignerName: "王芳"})
		}},
		{name: "S-02 the hash is the server's", code: "field.derived", field: "sha256", try: func(s *shop) op {
			return patch("advisor", s.JobPresented().Job, map[string]any{record.FieldSHA256: "abc"})
		}},
		{name: "S-02 a signature is voided with its reason", code: "consent.void_unexplained", field: "void_reason", try: func(s *shop) op {
			_, given := signedDispatched(s)
			return step("advisor", given, "void")
		}},
		{name: "S-05 a supplement waits for its own consent", code: "consent.missing", field: "state", try: func(s *shop) op {
			return step("advisor", supplement(s), "approved")
		}},
		{name: "S-05 a consent by phone says who called whom", code: "consent.call_incomplete", field: "call_number", try: func(s *shop) op {
			return create("advisor", record.Consents, byPhone(s, supplement(s), map[string]any{record.FieldCallNumber: ""}))
		}},
		{name: "S-03 a signature has strokes", code: "consent.strokes_missing", field: "strokes", try: func(s *shop) op {
			data := s.SignedConsent(consent.KindEstimate, s.JobPresented().Order)
			data[record.FieldStrokes] = []any{}
			return create("advisor", record.Consents, data)
		}},
		{name: "S-07 beyond the agreed range needs a new consent", code: "price.labour_beyond", field: "actual_labour_fen", try: func(s *shop) op {
			car := s.OrderInQuality()
			s.Checked(car.Order)
			s.Do("advisor", car.Job, map[string]any{record.FieldActualLabourFen: 26401})
			return step("inspector", car.Job, "passed")
		}},
		{name: "S-07 the price of a passed job stays in its range", code: "price.parts_beyond", field: "actual_parts_fen", try: func(s *shop) op {
			return patch("advisor", s.OrderPassed().Job, map[string]any{record.FieldActualPartsFen: 38001})
		}},
		{name: "S-02 the agreement of a passed job stays", code: "consent.changed", field: "labour_fen", try: func(s *shop) op {
			return patch("advisor", s.OrderPassed().Job, map[string]any{record.FieldLabourFen: 90000})
		}},
		{name: "S-02 no pass of a job that was changed after the signature", code: "consent.changed", field: "state", try: func(s *shop) op {
			car := s.OrderInQuality()
			s.Do("advisor", car.Job, map[string]any{record.FieldLabourFen: 90000})
			s.Checked(car.Order)
			return step("inspector", car.Job, "passed")
		}},
		{name: "S-07 the range comes from the policy", code: "field.derived", field: "labour_range_percent", try: func(s *shop) op {
			return patch("advisor", s.JobPresented().Job, map[string]any{record.FieldLabourRangePercent: 90})
		}},
	})
}

// supplement is a job the technician found during work.
func supplement(s *shop) *core.Record {
	car := s.JobInProgress()
	job := s.Make("technician", record.Jobs, map[string]any{record.FieldVisit: car.Visit.Id, record.FieldWorkOrder: car.Order.Id,
		record.FieldOrigin: consent.KindSupplement, record.FieldWork: "更换制动盘", record.FieldPayer: "customer", record.FieldFoundNote: "制动盘磨损"})
	s.Do("advisor", job, map[string]any{record.FieldLabourMinutes: 90, record.FieldLabourFen: 36000, record.FieldPricedAt: s.Now()})
	return job
}

func byPhone(s *shop, job *core.Record, with map[string]any) map[string]any {
	order, err := s.App.FindRecordById(record.WorkOrders, record.AsJob(job).WorkOrder())
	if err != nil {
		s.t.Fatal(err)
	}
	data := s.SignedConsent(consent.KindSupplement, order)
	delete(data, record.FieldStrokes)
	data[record.FieldKind] = "phone"
	data[record.FieldCallNumber], data[record.FieldCallWords] = "13800138000", "可以，换吧"
	data[record.FieldCallAt], data[record.FieldCaller] = s.Now(), s.ID("advisor")
	for k, v := range with {
		data[k] = v
	}
	return data
}

func TestSupplementByPhone(t *testing.T) {
	s := newShop(t)
	job := supplement(s)
	s.Make("advisor", record.Consents, byPhone(s, job, nil))
	s.Step("advisor", job, "approved")
}

func TestAnotherJobVoidsNothing(t *testing.T) {
	s := newShop(t)
	car := s.JobDispatched()
	s.JobProposed(car.Order, "洗车")
	s.Step("technician", car.Job, "in_progress") // S-02: a job added later needs its own consent and voids nothing
}

func TestReceptionRules(t *testing.T) {
	complete := func(s *shop, without map[string]any) op {
		visit := s.VisitOpen()
		s.Inspect(visit)
		s.Do("advisor", visit, without)
		return step("advisor", visit, "inspected")
	}
	handOver := map[string]any{}
	inspected := func(s *shop) *core.Record {
		visit := s.VisitInspected()
		handOver = map[string]any{record.FieldState: "handed_over", record.FieldReceivedBy: s.ID("leader"), record.FieldReceivedAt: s.Now()}
		return visit
	}
	tag := func(s *shop, visit *core.Record) {
		s.Make("advisor", record.KeyTags, map[string]any{record.FieldVisit: visit.Id, record.FieldTag: "12", record.FieldHolderKind: "cabinet"})
	}
	hold(t, []rule{
		{name: "R-03 every concern is repeated back", code: "visit.concern_unconfirmed", field: "state", try: func(s *shop) op {
			visit := s.VisitOpen()
			s.Inspect(visit)
			s.Make("advisor", record.Concerns, map[string]any{record.FieldVisit: visit.Id, record.FieldWords: "空调不冷"})
			return step("advisor", visit, "inspected")
		}},
		{name: "R-03 anything else was asked", code: "visit.anything_else_unasked", field: "state", try: func(s *shop) op {
			return complete(s, map[string]any{record.FieldAnythingElseAt: ""})
		}},
		{name: "R-05 no item is left out", code: "visit.inspection_incomplete", field: "state", try: func(s *shop) op {
			visit := s.VisitOpen()
			inspection := s.Inspect(visit)
			finding, err := s.App.FindFirstRecordByFilter(record.Findings, "inspection = {:i} && item = 'interior.odometer'", map[string]any{"i": inspection.Id})
			if err != nil {
				s.t.Fatal(err)
			}
			if got := s.direct(remove("advisor", finding)); got.code != "" {
				s.t.Fatal(got)
			}
			return step("advisor", visit, "inspected")
		}},
		{name: "R-04 protective covers come in sets of three, five or seven", code: "visit.covers_set", field: "covers_pieces", try: func(s *shop) op {
			visit := s.VisitOpen()
			for _, pieces := range []int{3, 5, 7, 0} {
				if got := s.direct(patch("advisor", visit, map[string]any{record.FieldCoversPieces: pieces})); got.code != "" {
					s.t.Fatal(pieces, got)
				}
			}
			return patch("advisor", visit, map[string]any{record.FieldCoversPieces: 4})
		}},
		{name: "R-06 a mark lies on the drawing", code: "field.range", field: "x", try: func(s *shop) op {
			visit := s.VisitOpen()
			return create("advisor", record.DamageMarks, map[string]any{record.FieldVisit: visit.Id, record.FieldInspection: s.Inspect(visit).Id,
				record.FieldVehicle: record.AsVisit(visit).Vehicle(), record.FieldView: "left", record.FieldX: 1.2, record.FieldY: 0.5, record.FieldCodeVersion: 1})
		}},
		{name: "R-06 a mark is of this visit's car", code: "field.mismatch", field: "visit", try: func(s *shop) op {
			visit := s.VisitOpen()
			inspection := s.Inspect(visit)
			elsewhere := s.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "沪B99999"})
			return create("advisor", record.DamageMarks, map[string]any{record.FieldVisit: visit.Id, record.FieldInspection: inspection.Id,
				record.FieldVehicle: elsewhere.Id, record.FieldView: "left", record.FieldX: 0.2, record.FieldY: 0.5, record.FieldCodeVersion: 1})
		}},
		{name: "R-08 valuables at all three moments", code: "visit.valuables_unasked", field: "state", try: func(s *shop) op {
			return complete(s, map[string]any{record.FieldValuablesBootAt: ""})
		}},
		{name: "R-08 free storage was offered", code: "visit.storage_unasked", field: "storage", try: func(s *shop) op {
			return complete(s, map[string]any{record.FieldStorage: ""})
		}},
		{name: "R-09 what is stored is in a box with a number", code: "visit.storage_box_missing", field: "storage_box", try: func(s *shop) op {
			return complete(s, map[string]any{record.FieldStorage: "stored"})
		}},
		{name: "R-09 belongings were asked for", code: "visit.belongings_unasked", field: "state", try: func(s *shop) op {
			return complete(s, map[string]any{record.FieldBelongingsAt: ""})
		}},
		{name: "R-10 the key has a tag", code: "visit.key_untagged", field: "state", try: func(s *shop) op {
			visit := inspected(s)
			s.Make("advisor", record.Consents, s.PrecheckConsent(visit))
			return patch("leader", visit, handOver)
		}},
		{name: "R-11 a fault was heard by an expert", code: "order.fault_undiagnosed", field: "state", try: func(s *shop) op {
			visit := s.VisitHandedOver()
			s.Make("advisor", record.Concerns, map[string]any{record.FieldVisit: visit.Id, record.FieldWords: "异响", record.FieldConfirmedAt: s.Now(), record.FieldIsFault: true})
			order := s.OrderDraft(visit)
			s.JobProposed(order, "检查异响")
			return step("advisor", order, "presented")
		}},
		{name: "R-11 only an expert signs it off", code: "flow.role", field: "expert", admin: "-", try: func(s *shop) op {
			visit := s.VisitOpen()
			fault := s.Make("advisor", record.Concerns, map[string]any{record.FieldVisit: visit.Id, record.FieldWords: "异响", record.FieldIsFault: true})
			return patch("advisor", fault, map[string]any{record.FieldExpert: s.ID("expert"), record.FieldExpertAt: s.Now()})
		}},
		{name: "R-12 the pre-check sheet is signed", code: "visit.precheck_unsigned", field: "state", try: func(s *shop) op {
			visit := inspected(s)
			tag(s, visit)
			return patch("leader", visit, handOver)
		}},
		{name: "R-12 and countersigned", code: "visit.precheck_not_countersigned", field: "state", try: func(s *shop) op {
			visit := inspected(s)
			tag(s, visit)
			sheet := s.PrecheckConsent(visit)
			delete(sheet, record.FieldCountersignedBy)
			s.Make("advisor", record.Consents, sheet)
			return patch("leader", visit, handOver)
		}},
		{name: "R-13 someone receives the car", code: "visit.receiver_missing", field: "received_by", try: func(s *shop) op {
			visit := inspected(s)
			tag(s, visit)
			s.Make("advisor", record.Consents, s.PrecheckConsent(visit))
			return step("leader", visit, "handed_over")
		}},
		{name: "R-15 a template is never edited", code: "field.fixed", field: "items", try: func(s *shop) op {
			return patch("manager", s.Walkaround(), map[string]any{record.FieldItems: []any{map[string]any{"code": "only"}}})
		}},
		{name: "R-15 an inspection keeps its template", code: "field.derived", field: "template_revision", try: func(s *shop) op {
			return patch("advisor", s.Inspect(s.VisitOpen()), map[string]any{record.FieldTemplateRevision: 9})
		}},
		{name: "R-15 items have codes of their own", code: "field.invalid", field: "items", try: func(s *shop) op {
			return create("manager", record.Templates, map[string]any{record.FieldKind: "walkaround", record.FieldRevision: 2,
				record.FieldTitle: map[string]any{"zh": "环"}, record.FieldItems: []any{map[string]any{"code": "a"}, map[string]any{"code": "a"}}})
		}},
	})
}
