package apptest

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// ComebackData is the reception of a car that comes back from a job of an earlier visit.
func (d *Day) ComebackData(from Service) map[string]any {
	v := record.AsVisit(from.Visit)
	return map[string]any{record.FieldNumber: d.number("A"), record.FieldVehicle: v.Vehicle(), record.FieldCustomer: v.Customer(), record.FieldAdvisor: d.ID("advisor"),
		record.FieldPurpose: "comeback", record.FieldState: "open", record.FieldArrivedAt: d.Now(), record.FieldOdometerKm: 50000, record.FieldComebackOf: from.Job.Id}
}

// Comeback is a car that came back from a job that was settled, looked at, with a draft of its order.
func (d *Day) Comeback() (from Service, visit, order *core.Record) {
	d.t.Helper()
	from, _ = d.Paid()
	visit = d.Make("advisor", record.Visits, d.ComebackData(from))
	d.Make("advisor", record.Concerns, map[string]any{record.FieldVisit: visit.Id, record.FieldWords: "刹车又响了", record.FieldConfirmedAt: d.Now()})
	d.Inspect(visit)
	d.Step("advisor", visit, "inspected")
	return from, visit, d.OrderDraft(visit)
}

// ComebackJobData is a job of the order that mends the earlier one again, borne by the payer.
func (d *Day) ComebackJobData(order *core.Record, from Service, payer string) map[string]any {
	data := d.JobData(order, "返修：更换前刹车片")
	data[record.FieldComebackOf], data[record.FieldPayer] = from.Job.Id, payer
	return data
}

// WarrantyJob is a job that the manufacturer's warranty pays.
func (d *Day) WarrantyJob() *core.Record {
	d.t.Helper()
	data := d.JobData(d.OrderDraft(d.VisitInspected()), "更换转向机")
	data[record.FieldPayer] = "warranty"
	return d.Make("advisor", record.Jobs, data)
}

// ClaimData is a claim on the manufacturer for the job, not sent in.
func (d *Day) ClaimData(job *core.Record) map[string]any {
	j := record.AsJob(job)
	return map[string]any{record.FieldVisit: j.Visit(), record.FieldWorkOrder: j.WorkOrder(), record.FieldJob: j.Id, record.FieldNumber: d.number("SP-"), record.FieldState: "draft"}
}

// Photographed adds a photo to a row.
func (d *Day) Photographed(rec *core.Record) *core.Record {
	d.t.Helper()
	return d.Make("technician", record.Photos, map[string]any{record.FieldVisit: rec.GetString(record.FieldVisit), record.FieldSubjectCollection: rec.Collection().Name,
		record.FieldSubjectRecord: rec.Id, record.FieldSHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"})
}
