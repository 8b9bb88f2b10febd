package apptest

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// AppointmentData is a request by phone for an hour from the instant on, with its quote.
func (d *Day) AppointmentData(start time.Time) map[string]any {
	return map[string]any{
		record.FieldSource: "passive", record.FieldChannel: "phone", record.FieldCallerName: "李明", record.FieldCallerPhone: "13800138000",
		record.FieldPurpose: "maintenance", record.FieldStartsAt: record.Text(start), record.FieldMinutes: 60, record.FieldHands: 1,
		record.FieldNeeds: "该保养了，顺便看看刹车。", record.FieldAdvisor: d.ID("advisor"), record.FieldKeeper: d.ID("advisor"),
		record.FieldLines: []map[string]any{{"work": "30,000 km 保养", "labour_minutes": 60, "labour_fen": 18000,
			"parts": []map[string]any{{"name": "机油", "number": "504.00", "quantity_milli": 4500, "unit": "L", "unit_fen": 9800, "origin": "shop", "grade": "genuine"}}}},
	}
}

// Appointment is one that was requested for the day after.
func (d *Day) Appointment() *core.Record {
	d.t.Helper()
	return d.Make("advisor", record.Appointments, d.AppointmentData(d.Clock().Add(24*time.Hour)))
}

// Booked is a confirmed one.
func (d *Day) Booked(start time.Time) *core.Record {
	d.t.Helper()
	rec := d.Make("advisor", record.Appointments, d.AppointmentData(start))
	d.Step("advisor", rec, "confirmed")
	return rec
}
