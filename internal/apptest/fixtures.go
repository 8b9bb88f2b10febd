package apptest

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// Service is a car in service: its visit, order and first job, in the state the maker's name says.
type Service struct {
	Visit, Order, Job, Entry *core.Record
}

// JobPresented is a handed-over car whose order with one job was shown to the customer, not signed.
func (d *Day) JobPresented() Service {
	d.t.Helper()
	visit := d.VisitHandedOver()
	order := d.OrderDraft(visit)
	job := d.JobProposed(order, "更换前刹车片")
	d.Step("advisor", order, "presented")
	return Service{Visit: visit, Order: order, Job: job}
}

// JobApproved is one the customer has signed for.
func (d *Day) JobApproved() Service {
	d.t.Helper()
	s := d.JobPresented()
	d.Sign(consent.KindEstimate, s.Order)
	s.Job = d.Fresh(s.Job)
	return s
}

// JobDispatched is given to the technician, who has checked the car against the sheet.
func (d *Day) JobDispatched() Service {
	d.t.Helper()
	s := d.JobApproved()
	d.Dispatch(s.Job)
	return s
}

// Dispatch gives an approved job to the technician, who then checks the car against the sheet.
func (d *Day) Dispatch(job *core.Record) {
	d.t.Helper()
	d.Do("leader", job, map[string]any{record.FieldState: "dispatched", record.FieldTechnicians: []string{d.ID("technician")}})
	d.Do("technician", job, map[string]any{record.FieldSheetCheckedAt: d.Now(), record.FieldSheetCheckedBy: d.ID("technician")})
}

// JobInProgress is being worked on: clock running, order and visit at work.
func (d *Day) JobInProgress() Service {
	d.t.Helper()
	s := d.JobDispatched()
	s.Entry = d.Start(s.Job)
	d.Step("technician", s.Order, "in_progress")
	d.Step("technician", s.Visit, "working")
	return s
}

// EntryData is a clock of the technician on the job, running.
func (d *Day) EntryData(job *core.Record) map[string]any {
	return map[string]any{record.FieldVisit: record.AsJob(job).Visit(), record.FieldWorkOrder: record.AsJob(job).WorkOrder(),
		record.FieldJob: job.Id, record.FieldTechnician: d.ID("technician"), record.FieldStartedAt: d.Now()}
}

// Start begins work on a dispatched, paused or reworked job and its clock, when the technician's time is free (W-03).
func (d *Day) Start(job *core.Record) *core.Record {
	d.t.Helper()
	booked, err := d.App.FindRecordsByFilter(record.TimeEntries, "technician = {:id}", "-ended_at", 1, 0, map[string]any{"id": d.ID("technician")})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, entry := range booked {
		if busy := record.Time(record.AsTimeEntry(entry).EndedAt()).Sub(d.Clock()); busy > 0 {
			d.clock.Advance(busy)
		}
	}
	d.Step("technician", job, "in_progress")
	return d.Make("technician", record.TimeEntries, d.EntryData(job))
}

// Finish ends the clock and the job.
func (d *Day) Finish(job, entry *core.Record) {
	d.t.Helper()
	started := record.Time(record.AsTimeEntry(entry).StartedAt())
	d.Do("technician", entry, map[string]any{record.FieldEndedAt: record.Text(started.Add(4 * time.Minute)), record.FieldEndReason: "finished"})
	d.Step("technician", job, "done")
	d.Do("advisor", job, map[string]any{record.FieldActualLabourFen: 24000, record.FieldActualPartsFen: 38000})
}

// OrderInQuality is finished work waiting for its checks.
func (d *Day) OrderInQuality() Service {
	d.t.Helper()
	s := d.JobInProgress()
	d.Finish(s.Job, s.Entry)
	d.Step("technician", s.Order, "qc")
	return s
}

// CheckData is a passed check of the stage.
func (d *Day) CheckData(order *core.Record, stage string) map[string]any {
	items := []map[string]any{}
	for _, code := range flow.CheckItems {
		items = append(items, map[string]any{"code": code, "ok": true})
	}
	return map[string]any{record.FieldVisit: record.AsWorkOrder(order).Visit(), record.FieldWorkOrder: order.Id, record.FieldStage: stage,
		record.FieldResult: "pass", record.FieldItems: items, record.FieldCheckedAt: d.Now()}
}

// Checked lets the order pass its three checks, each by a person of its own.
func (d *Day) Checked(order *core.Record) {
	d.t.Helper()
	for _, stage := range []struct{ name, role string }{{"self", "technician"}, {"leader", "leader"}, {"final", "inspector"}} {
		d.Make(stage.role, record.QualityChecks, d.CheckData(order, stage.name))
	}
}

// OrderPassed has come through all three stages, its jobs passed.
func (d *Day) OrderPassed() Service {
	d.t.Helper()
	s := d.OrderInQuality()
	d.Checked(s.Order)
	d.Step("inspector", s.Job, "passed")
	return s
}

// VisitReady is a finished car.
func (d *Day) VisitReady() Service {
	d.t.Helper()
	s := d.OrderPassed()
	d.Do("inspector", s.Order, map[string]any{record.FieldState: "ready", record.FieldAdviceNone: true})
	d.Step("inspector", s.Visit, "ready")
	return s
}
