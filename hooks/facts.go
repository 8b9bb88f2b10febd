package hooks

import (
	"sort"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// need is a part of the facts that costs a query.
type need uint

const (
	needVisit need = 1 << iota
	needOrder
	needOrders
	needJob
	needJobs
	needConsents
	needConcerns
	needFindings // with the template's items
	needKeyTags
	needEntries
	needChecks
	needPeople
	needPolicy
)

// needs of every guard; a test holds them against the guards there are.
var needs = map[string]need{
	"inspection_complete":    needVisit | needFindings,
	"concerns_confirmed":     needVisit | needConcerns,
	"valuables_acknowledged": needVisit,
	"belongings_asked":       needVisit,
	"covers_counted":         0,
	"precheck_signed":        needConsents,
	"receiver_named":         needVisit,
	"key_tagged":             needKeyTags,
	"work_begun":             needJobs,
	"order_ready":            needOrders,
	"handed_over":            needVisit,
	"inspection_subject":     needFindings,
	"inspection_answered":    needFindings,
	"order_has_jobs":         needJobs,
	"jobs_dropped":           needJobs,
	"jobs_priced":            needJobs,
	"faults_diagnosed":       needConcerns,
	"some_job_covered":       needJobs | needConsents,
	"jobs_finished":          needJobs,
	"jobs_passed":            needJobs,
	"order_open":             needVisit | needOrder,
	"consent_covers":         needJob | needConsents,
	"entry_consent_covers":   needJob | needConsents,
	"consent_complete":       0,
	"void_reason":            0,
	"decline_told":           needJob | needConsents,
	"technicians_named":      needJob | needPeople,
	"skill_sufficient":       needJob | needPeople,
	"assigned":               needJob | needJobs | needEntries, // and whether work was rightly begun
	"entry_assigned":         needJob,
	"sheet_checked":          needJob,
	"clock_free":             needJob | needJobs | needEntries | needPolicy,
	"entry_clock_free":       needJobs | needEntries | needPolicy,
	"entry_job_running":      needJob,
	"entry_after_sign":       needJob | needConsents,
	"pause_reason":           needJob,
	"no_work_done":           needJob | needJobs | needEntries,
	"price_in_range":         needJob,
	"rework_named":           needJob,
	"quality_passed":         needChecks | needJobs | needEntries,
	"check_jobs_finished":    needOrder | needJobs,
	"check_stage_role":       needJobs | needEntries,
	"check_stage_order":      needChecks | needJobs | needEntries,
	"check_different_people": needChecks | needJobs | needEntries | needPolicy,
	"check_items_answered":   0,
	"check_failure_named":    needJobs,
	"message_complete":       0,
	"due_note":               0,
	"due_answer":             0,
	"resolution_named":       0,
	"customer_reachable":     0,
	"slot_free":              needBooking | needCapacities,
	"reception_begun":        needReception,
	"start_passed":           needBooking,
	"cancel_reason":          0,
	"missing_told":           needPreparations,
	"missing_named":          0,
	"pickup_allowed":         needCustomer | needPolicy,
	"diagnosis_told":         needJobs,
	"guarantee_said":         needJobs,
	"guarantee_acknowledged": needJob,
	"wishes_asked":           needVisit,
}

// facts loads what the named guards look at, as it stands in this transaction with the row as it would become.
func (s *save) facts(guards []string) (*flow.Facts, error) {
	f := &flow.Facts{Entity: s.entity.Name, Now: s.now, Actor: s.actor.Flow(), After: record.Values(s.rec)}
	if !s.creating() {
		f.Before, f.Changed = record.Values(s.stored), s.written()
	}
	var want need
	for _, g := range guards {
		want |= needs[g]
	}
	return f, s.load(f, want)
}

// loader loads one part of the facts.
type loader struct {
	need need
	load func(*flow.Facts) error
}

func (s *save) load(f *flow.Facts, want need) error {
	loaders := []loader{
		{needVisit, s.loadVisit}, {needOrder, s.loadOrder}, {needOrders, s.loadOrders}, {needJob, s.loadJob},
		{needJobs, s.loadJobs}, {needConsents, s.loadConsents}, {needConcerns, s.loadConcerns},
		{needFindings, s.loadFindings}, {needKeyTags, s.loadKeyTags}, {needEntries, s.loadEntries},
		{needChecks, s.loadChecks}, {needPeople, s.loadPeople}, {needPolicy, s.loadPolicy},
		{needBooking, s.loadBooking}, {needCapacities, s.loadCapacities}, {needPreparations, s.loadPreparations},
		{needCustomer, s.loadCustomer}, {needReception, s.loadReception},
		{needStock, s.loadStock}, {needComeback, s.loadComeback}, {needEvidence, s.loadEvidence}, {needFiles, s.loadFiles},
		{needSale, s.loadSale}, {needSaleLines, s.loadSaleLines}, {needSaleRefunds, s.loadSaleRefunds},
		{needClaim, s.loadClaim},
	}
	for _, l := range append(loaders, s.moneyLoaders()...) {
		if want&l.need == 0 {
			continue
		}
		if err := l.load(f); err != nil {
			return err
		}
	}
	return nil
}

// visitID is the visit this save is about, the row itself when it is one.
func (s *save) visitID() string {
	if s.entity.Collection == record.Visits {
		return s.rec.Id
	}
	return s.rec.GetString(record.FieldVisit)
}

func (s *save) orderID() string {
	if s.entity.Collection == record.WorkOrders {
		return s.rec.Id
	}
	return s.rec.GetString(record.FieldWorkOrder)
}

// one is a row by its id, or the row being saved when it is that one; nil without an id.
func (s *save) one(collection, id string) (*core.Record, error) {
	if id == "" {
		return nil, nil
	}
	if s.entity.Collection == collection && id == s.rec.Id {
		return s.rec, nil
	}
	return s.app.FindRecordById(collection, id)
}

// all is the rows that match, oldest first, with the row being saved in its new form.
func (s *save) all(collection string, where dbx.Expression) ([]*core.Record, error) {
	rows := []*core.Record{}
	err := s.app.RecordQuery(collection).AndWhere(where).OrderBy(record.FieldCreated, record.FieldID).All(&rows)
	if err != nil || s.entity.Collection != collection {
		return rows, err
	}
	for i, row := range rows {
		if row.Id == s.rec.Id {
			rows[i] = s.rec
		}
	}
	return rows, nil
}

func (s *save) loadVisit(f *flow.Facts) error {
	rec, err := s.one(record.Visits, s.visitID())
	if rec != nil {
		f.Visit = record.AsVisit(rec).Facts()
	}
	return err
}

func (s *save) loadOrder(f *flow.Facts) error {
	rec, err := s.one(record.WorkOrders, s.orderID())
	if rec != nil {
		f.Order = record.AsWorkOrder(rec).Facts()
	}
	return err
}

func (s *save) loadOrders(f *flow.Facts) error {
	rows, err := s.all(record.WorkOrders, dbx.HashExp{record.FieldVisit: s.visitID()})
	f.Orders = []flow.Order{}
	for _, row := range rows {
		f.Orders = append(f.Orders, *record.AsWorkOrder(row).Facts())
	}
	return err
}

// loadJob is the job itself, or the job a time entry is for.
func (s *save) loadJob(f *flow.Facts) error {
	id := s.rec.Id
	if s.entity.Collection != record.Jobs {
		id = s.rec.GetString(record.FieldJob)
	}
	rec, err := s.one(record.Jobs, id)
	if rec != nil {
		job := record.AsJob(rec).Facts()
		f.Job = &job
	}
	return err
}

// loadJobs is the jobs of the order, or of the visit when the row has no order.
func (s *save) loadJobs(f *flow.Facts) error {
	where := dbx.HashExp{record.FieldVisit: s.visitID()}
	if order := s.orderID(); order != "" {
		where = dbx.HashExp{record.FieldWorkOrder: order}
	}
	rows, err := s.all(record.Jobs, where)
	f.Jobs = []flow.Job{}
	for _, row := range rows {
		f.Jobs = append(f.Jobs, record.AsJob(row).Facts())
	}
	return err
}

func (s *save) loadConsents(f *flow.Facts) error {
	rows, err := s.all(record.Consents, dbx.HashExp{record.FieldVisit: s.visitID()})
	f.Consents = []flow.Consent{}
	for _, row := range rows {
		f.Consents = append(f.Consents, record.AsConsent(row).Facts())
	}
	return err
}

func (s *save) loadConcerns(f *flow.Facts) error {
	rows, err := s.all(record.Concerns, dbx.HashExp{record.FieldVisit: s.visitID()})
	f.Concerns = []flow.Concern{}
	for _, row := range rows {
		f.Concerns = append(f.Concerns, record.AsConcern(row).Facts())
	}
	return err
}

// loadFindings is what was found, and what the visit's walk-around had to look at by its own revision.
func (s *save) loadFindings(f *flow.Facts) error {
	if s.entity.Collection == record.Inspections {
		return s.loadInspection(f)
	}
	inspections, err := s.all(record.Inspections, dbx.HashExp{record.FieldVisit: s.visitID()})
	if err != nil {
		return err
	}
	for _, row := range inspections {
		template, err := s.app.FindRecordById(record.Templates, record.AsInspection(row).Template())
		if err != nil {
			return err
		}
		if t := record.AsTemplate(template); t.Kind() == flow.Walkaround {
			asked(f, t)
		}
	}
	return s.found(f, dbx.HashExp{record.FieldVisit: s.visitID()})
}

// loadInspection is what an inspection has to look at by the template it was begun with, and what it found.
func (s *save) loadInspection(f *flow.Facts) error {
	template, err := s.app.FindRecordById(record.Templates, record.AsInspection(s.rec).Template())
	if err != nil {
		return err
	}
	t := record.AsTemplate(template)
	f.Checklist = t.Kind()
	asked(f, t)
	return s.found(f, dbx.HashExp{record.FieldInspection: s.rec.Id})
}

func asked(f *flow.Facts, t *record.Template) {
	f.Items, f.ItemNames = t.Required(), map[string]fault.Text{}
	for _, item := range t.Items() {
		f.ItemNames[item.Code] = item.Title
	}
}

func (s *save) found(f *flow.Facts, where dbx.Expression) error {
	findings, err := s.all(record.Findings, where)
	f.Findings = []flow.Finding{}
	for _, row := range findings {
		f.Findings = append(f.Findings, record.AsFinding(row).Facts())
	}
	return err
}

func (s *save) loadKeyTags(f *flow.Facts) error {
	rows, err := s.all(record.KeyTags, dbx.HashExp{record.FieldVisit: s.visitID()})
	f.KeyTags = []flow.KeyTag{}
	for _, row := range rows {
		f.KeyTags = append(f.KeyTags, record.AsKeyTag(row).Facts())
	}
	return err
}

// loadEntries is the time booked on the order, every clock of the technician concerned that still runs, and, for a new
// entry, what else of theirs had not ended when it starts (W-03).
func (s *save) loadEntries(f *flow.Facts) error {
	rows, err := s.all(record.TimeEntries, dbx.HashExp{record.FieldWorkOrder: s.orderID()})
	if err != nil {
		return err
	}
	technician, inTheWay := s.actor.ID, dbx.Expression(dbx.HashExp{record.FieldEndedAt: ""})
	if s.entity.Collection == record.TimeEntries {
		entry := record.AsTimeEntry(s.rec)
		technician = entry.Technician()
		inTheWay = dbx.Or(inTheWay, dbx.NewExp(record.FieldEndedAt+" > {:start}", dbx.Params{"start": entry.StartedAt()}))
	}
	others, err := s.all(record.TimeEntries, dbx.And(dbx.HashExp{record.FieldTechnician: technician}, inTheWay))
	if err != nil {
		return err
	}
	f.Entries = []flow.Entry{}
	known := map[string]bool{}
	for i, row := range append(rows, others...) {
		if !known[row.Id] {
			known[row.Id] = true
			entry := record.AsTimeEntry(row).Facts()
			if i >= len(rows) { // of another order: its job is not among the facts
				if job, err := s.app.FindRecordById(record.Jobs, entry.Job); err == nil {
					entry.JobWork = record.AsJob(job).Work()
				}
			}
			f.Entries = append(f.Entries, entry)
		}
	}
	return nil
}

func (s *save) loadChecks(f *flow.Facts) error {
	rows, err := s.all(record.QualityChecks, dbx.HashExp{record.FieldWorkOrder: s.orderID()})
	f.Checks = []flow.Check{}
	for _, row := range rows {
		f.Checks = append(f.Checks, record.AsQualityCheck(row).Facts())
	}
	return err
}

// loadPeople is the staff the row names.
func (s *save) loadPeople(f *flow.Facts) error {
	names := []string{}
	for name, field := range s.entity.Fields {
		if field.To == record.Staff {
			names = append(names, s.rec.GetStringSlice(name)...)
		}
	}
	sort.Strings(names)
	rows, err := s.app.FindRecordsByIds(record.Staff, names)
	f.People = []flow.Person{}
	for _, row := range rows {
		f.People = append(f.People, record.AsMember(row).Facts())
	}
	return err
}

func (s *save) loadPolicy(f *flow.Facts) error {
	policy, err := s.policy()
	f.Policy = policy
	return err
}
