package record

import (
	"encoding/json"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/flow"
	"aftercare/internal/price"
)

var (
	_ core.RecordProxy = (*WorkOrder)(nil)
	_ core.RecordProxy = (*Job)(nil)
	_ core.RecordProxy = (*Consent)(nil)
	_ core.RecordProxy = (*TimeEntry)(nil)
	_ core.RecordProxy = (*QualityCheck)(nil)
)

// WorkOrder is a row of work_orders 任务委托书.
type WorkOrder struct{ row }

// AsWorkOrder wraps a row of work_orders.
func AsWorkOrder(rec *core.Record) *WorkOrder { return &WorkOrder{wrap(rec)} }

func (o *WorkOrder) Number() string     { return o.GetString(FieldNumber) }
func (o *WorkOrder) PromisedAt() string { return o.moment(FieldPromisedAt) }

// Facts is the order as the guards see it.
func (o *WorkOrder) Facts() *flow.Order {
	return &flow.Order{ID: o.Id, State: o.State(), Kind: o.GetString(FieldKind), Advice: o.GetString(FieldAdvice), Cautions: o.GetString(FieldCautions)}
}

// Job is a row of jobs 维修项目.
type Job struct{ row }

// AsJob wraps a row of jobs.
func AsJob(rec *core.Record) *Job { return &Job{wrap(rec)} }

func (j *Job) WorkOrder() string     { return j.GetString(FieldWorkOrder) }
func (j *Job) Origin() string        { return j.GetString(FieldOrigin) }
func (j *Job) Work() string          { return j.GetString(FieldWork) }
func (j *Job) Position() int         { return j.GetInt(FieldPosition) }
func (j *Job) Technicians() []string { return j.GetStringSlice(FieldTechnicians) }
func (j *Job) SHA256() string        { return j.GetString(FieldSHA256) }
func (j *Job) SetSHA256(s string)    { j.Set(FieldSHA256, s) }
func (j *Job) ReworkCount() int      { return j.GetInt(FieldReworkCount) }
func (j *Job) SetReworkCount(n int)  { j.Set(FieldReworkCount, n) }

// SetReworkedAt says when the job was sent back to work (UTC).
func (j *Job) SetReworkedAt(utc string) { j.Set(FieldReworkedAt, utc) }

// SetRanges sets the agreed ranges (S-07) in percent.
func (j *Job) SetRanges(labour, parts int) {
	j.Set(FieldLabourRangePercent, labour)
	j.Set(FieldPartsRangePercent, parts)
}

// Parts are the agreed part lines.
func (j *Job) Parts() []flow.Part {
	parts := []flow.Part{}
	_ = j.UnmarshalJSONField(FieldParts, &parts) // shape is held when the job is saved
	return parts
}

// Facts is the job as the guards see it.
func (j *Job) Facts() flow.Job {
	return flow.Job{
		ID: j.Id, WorkOrder: j.WorkOrder(), State: j.State(), Work: j.Work(), Detail: j.GetString(FieldDetail),
		DiagnosisOnly:               j.GetBool(FieldDiagnosisOnly),
		LabourMinutes:               int64(j.GetInt(FieldLabourMinutes)),
		LabourFen:                   int64(j.GetInt(FieldLabourFen)),
		Parts:                       j.Parts(),
		LabourRange:                 int64(j.GetInt(FieldLabourRangePercent)),
		PartsRange:                  int64(j.GetInt(FieldPartsRangePercent)),
		Payer:                       j.GetString(FieldPayer),
		NotGuaranteed:               j.GetBool(FieldNotGuaranteed),
		NotGuaranteedAcknowledgedAt: j.moment(FieldNotGuaranteedAcknowledgedAt),
		PricedAt:                    j.moment(FieldPricedAt),
		Skill:                       j.GetInt(FieldSkill),
		Technicians:                 j.Technicians(),
		SheetCheckedAt:              j.moment(FieldSheetCheckedAt),
		PauseReason:                 j.GetString(FieldPauseReason),
		ReworkCause:                 j.GetString(FieldReworkCause),
		ReworkedAt:                  j.moment(FieldReworkedAt),
		ActualLabourFen:             int64(j.GetInt(FieldActualLabourFen)),
		ActualPartsFen:              int64(j.GetInt(FieldActualPartsFen)),
		DiagnosisToldAt:             j.moment(FieldDiagnosisToldAt), SHA256: j.SHA256(), JobClass: j.GetString(FieldJobClass),
		ComebackOf: j.ComebackOf(), ComebackCause: j.ComebackCause(), WarrantyDecision: j.WarrantyDecision(),
	}
}

// Content is the job's agreed content, which its hash is over (S-02).
func (j *Job) Content() consent.JobContent {
	f := j.Facts()
	parts := make([]price.Part, len(f.Parts))
	for i, p := range f.Parts {
		parts[i] = price.Part(p)
	}
	return consent.JobContent{
		ID: f.ID, Work: f.Work, Detail: f.Detail, DiagnosisOnly: f.DiagnosisOnly,
		LabourMinutes: f.LabourMinutes, LabourFen: f.LabourFen, Parts: parts,
		LabourRangePercent: f.LabourRange, PartsRangePercent: f.PartsRange,
		Payer: f.Payer, NotGuaranteed: f.NotGuaranteed,
	}
}

// Consent is a row of consents.
type Consent struct{ row }

// AsConsent wraps a row of consents.
func AsConsent(rec *core.Record) *Consent { return &Consent{wrap(rec)} }

func (c *Consent) WorkOrder() string      { return c.GetString(FieldWorkOrder) }
func (c *Consent) Kind() string           { return c.GetString(FieldKind) }
func (c *Consent) DocumentKind() string   { return c.GetString(FieldDocumentKind) }
func (c *Consent) Document() []byte       { return []byte(c.GetString(FieldDocument)) }
func (c *Consent) SHA256() string         { return c.GetString(FieldSHA256) }
func (c *Consent) SetVoidedAt(utc string) { c.Set(FieldVoidedAt, utc) }

// Jobs is what the consent says about each job.
func (c *Consent) Jobs() []flow.ConsentedJob {
	jobs := []flow.ConsentedJob{}
	_ = c.UnmarshalJSONField(FieldJobs, &jobs) // shape is held when the consent is created
	return jobs
}

// Facts is the consent as the guards see it; each job with its content as it was signed, to say what changed.
func (c *Consent) Facts() flow.Consent {
	var shown struct {
		Jobs []flow.Values `json:"jobs"`
	}
	_ = json.Unmarshal(c.Document(), &shown) // a document without jobs (pre-check) shows none
	jobs := c.Jobs()
	for i := range jobs {
		for _, signed := range shown.Jobs {
			if signed[FieldID] == jobs[i].ID {
				jobs[i].Agreed = signed
			}
		}
	}
	return flow.Consent{ID: c.Id, State: c.State(), Kind: c.Kind(), DocumentKind: c.DocumentKind(), WorkOrder: c.WorkOrder(),
		SignerName: c.GetString(FieldSignerName), Jobs: jobs,
		CountersignedBy: c.GetString(FieldCountersignedBy), VoidReason: c.GetString(FieldVoidReason),
		SignedAt: c.moment(FieldSignedAt), RecordedAt: c.moment(FieldCreated)}
}

// TimeEntry is a row of time_entries: one technician's clock on one job (W-03).
type TimeEntry struct{ row }

// AsTimeEntry wraps a row of time_entries.
func AsTimeEntry(rec *core.Record) *TimeEntry { return &TimeEntry{wrap(rec)} }

func (e *TimeEntry) WorkOrder() string  { return e.GetString(FieldWorkOrder) }
func (e *TimeEntry) Job() string        { return e.GetString(FieldJob) }
func (e *TimeEntry) Technician() string { return e.GetString(FieldTechnician) }
func (e *TimeEntry) StartedAt() string  { return e.moment(FieldStartedAt) }
func (e *TimeEntry) EndedAt() string    { return e.moment(FieldEndedAt) }
func (e *TimeEntry) SetMinutes(n int64) { e.Set(FieldMinutes, n) }

// Facts is the entry as the guards see it.
func (e *TimeEntry) Facts() flow.Entry {
	return flow.Entry{ID: e.Id, Job: e.Job(), Technician: e.Technician(), StartedAt: e.StartedAt(), EndedAt: e.EndedAt(),
		Minutes: int64(e.GetInt(FieldMinutes)), RecordedAt: e.moment(FieldCreated)}
}

// QualityCheck is a row of quality_checks.
type QualityCheck struct{ row }

// AsQualityCheck wraps a row of quality_checks.
func AsQualityCheck(rec *core.Record) *QualityCheck { return &QualityCheck{wrap(rec)} }

func (q *QualityCheck) WorkOrder() string    { return q.GetString(FieldWorkOrder) }
func (q *QualityCheck) Stage() string        { return q.GetString(FieldStage) }
func (q *QualityCheck) Result() string       { return q.GetString(FieldResult) }
func (q *QualityCheck) Round() int           { return q.GetInt(FieldRound) }
func (q *QualityCheck) SetRound(n int)       { q.Set(FieldRound, n) }
func (q *QualityCheck) Checker() string      { return q.GetString(FieldChecker) }
func (q *QualityCheck) SetChecker(id string) { q.Set(FieldChecker, id) }

// Facts is the check as the guards see it.
func (q *QualityCheck) Facts() flow.Check {
	return flow.Check{Stage: q.Stage(), Round: q.Round(), Result: q.Result(), Checker: q.Checker(),
		RecordedAt: q.moment(FieldCreated)}
}
