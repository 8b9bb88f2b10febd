package apptest

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// MakeupData is a request for one piece of hardware that was missing in a sales order's parcel.
func (d *Day) MakeupData(order *core.Record) map[string]any {
	return map[string]any{record.FieldSalesOrder: order.Id, record.FieldNumber: d.number("BJ-"), record.FieldPartName: "铰链", record.FieldClass: "hardware",
		record.FieldQuantity: 1, record.FieldCause: "missing", record.FieldBatchNumber: "P2611-07", record.FieldInspectionNumber: "QC-118"}
}

// MakeupRequested is a request that somebody made; more is set on it.
func (d *Day) MakeupRequested(more map[string]any) *core.Record {
	d.t.Helper()
	order, _ := d.Sale(d.number("DD-"))
	data := d.MakeupData(order)
	for field, value := range more {
		data[field] = value
	}
	return d.Make("agent", record.MakeupParts, data)
}

// MakeupApproved is a request that was gathered into a list and reviewed.
func (d *Day) MakeupApproved(more map[string]any) *core.Record {
	d.t.Helper()
	part := d.MakeupRequested(more)
	d.Do("parts", part, map[string]any{record.FieldListNumber: "BJ-261121-A01", record.FieldState: "gathered"})
	d.Step("supervisor", part, "approved")
	return part
}

// MakeupReceived is a part that was made and has come in.
func (d *Day) MakeupReceived(more map[string]any) *core.Record {
	d.t.Helper()
	part := d.MakeupApproved(more)
	d.Do("parts", part, map[string]any{record.FieldSource: "make", record.FieldState: "ordered"})
	d.Step("warehouse", part, "received")
	return part
}

// Unboxing is what a supervisor approves for a part that is taken from a boxed product.
func Unboxing(refillBy string) map[string]any {
	return map[string]any{record.FieldSource: "unbox", record.FieldUnboxProduct: "衣柜 W-210 白色", record.FieldUnboxReason: "客户周末入住", record.FieldRefillDueAt: refillBy}
}
