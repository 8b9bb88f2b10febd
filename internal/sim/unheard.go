package sim

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// unheard is a customer who takes a consent back before work began. A technician's tablet that had rightly not heard of
// it may start; a liar who names the cursor of another tablet, as if it had been handed to theirs, may not.
func (w *world) unheard() {
	var technician *device
	for _, d := range w.devices {
		if d.role == "technician" {
			technician = d
		}
	}
	job, cursor := w.takenBack(technician)
	l := &liar{w: w, d: technician, device: w.mint("d")}
	l.push(l.device, "")
	version := int64(record.AsJob(job).Version())
	day := w.house.shop.Day(apptest.SH)
	m := l.mutation(op{Op: "patch", Collection: record.Jobs, ID: job.Id, Base: &version, Data: w.data(map[string]any{"state": "in_progress"})},
		op{Op: "create", Collection: record.TimeEntries, ID: w.mint("t"), Data: w.data(day.EntryData(job))})
	m.Seen = cursor
	l.expect(6, m, wire.Rejected, "consent.void", true)
}

// takenBack is a dispatched job whose consent was voided, and the cursor of whoever heard all before that. The ids of
// its rows are ours: in a seed nothing is random.
func (w *world) takenBack(d *device) (job *core.Record, cursor string) {
	app, day := w.house.shop.App, w.house.shop.Day(apptest.SH)
	app.OnRecordCreate().Bind(&hook.Handler[*core.RecordEvent]{Id: "ids", Priority: -5000, Func: func(e *core.RecordEvent) error {
		if e.Record.Id == "" {
			e.Record.Id = w.mint("s")
		}
		return e.Next()
	}})
	defer app.OnRecordCreate().Unbind("ids")
	service := day.JobDispatched()
	cursor, _, err := w.house.shop.House.Pull.Cursor(w.scopeOf(d))
	if err != nil {
		w.t.Fatal(err)
	}
	consents, err := app.FindAllRecords(record.Consents, dbx.HashExp{record.FieldDocumentKind: "estimate"})
	if err != nil || len(consents) != 1 {
		w.t.Fatal(consents, err)
	}
	day.Do("advisor", consents[0], map[string]any{record.FieldState: "void", record.FieldVoidReason: "客户改主意"})
	return day.Fresh(service.Job), cursor
}
