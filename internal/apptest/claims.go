package apptest

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// ClaimKindData is a claim of the kind for a placed sales order: return, exchange or repair.
func (d *Day) ClaimKindData(order *core.Record, kind string) map[string]any {
	return map[string]any{record.FieldSalesOrder: order.Id, record.FieldNumber: d.number("TH-"), record.FieldKind: kind, record.FieldState: "submitted",
		record.FieldFaultClaimed: true, record.FieldDescription: "拉链拉不动，第一天就坏了"}
}

// ClaimFiled is a claim for one piece of a fresh order of two at 99 yuan, received the day before; more is set on the claim.
func (d *Day) ClaimFiled(kind string, more map[string]any) (claim, order *core.Record) {
	d.t.Helper()
	order, line := d.Sale(d.number("DD-"))
	return d.ClaimOn(order, line, kind, more), order
}

// ClaimOn is a claim for one piece of the order's line.
func (d *Day) ClaimOn(order, line *core.Record, kind string, more map[string]any) *core.Record {
	d.t.Helper()
	data := d.ClaimKindData(order, kind)
	for field, value := range more {
		data[field] = value
	}
	claim := d.Make("agent", record.Claims, data)
	d.Make("agent", record.ClaimItems, d.ClaimItemData(claim, line, 1))
	return claim
}

// ClaimItemData names so many pieces of a line.
func (d *Day) ClaimItemData(claim, line *core.Record, quantity int) map[string]any {
	return map[string]any{record.FieldClaim: claim.Id, record.FieldSalesItem: line.Id, record.FieldQuantity: quantity}
}

// Judged is what an agent writes with a verdict.
func Judged(verdict string) map[string]any {
	return map[string]any{record.FieldVerdict: verdict, record.FieldVerdictReason: "照片可见拉链齿脱落"}
}

// ClaimApproved is a claim for a fault of quality that was approved and whose customer was told where to send it.
func (d *Day) ClaimApproved(kind string, more map[string]any) *core.Record {
	d.t.Helper()
	claim, _ := d.ClaimFiled(kind, more)
	d.Do("agent", claim, Judged("quality"))
	d.Step("agent", claim, "approved")
	d.Step("agent", claim, "awaiting_goods")
	return claim
}

// ParcelData is a parcel of the claim on its way, handed to the carrier now.
func (d *Day) ParcelData(claim *core.Record, direction string) map[string]any {
	return map[string]any{record.FieldClaim: claim.Id, record.FieldDirection: direction, record.FieldCarrier: "顺丰", record.FieldTrackingNumber: d.number("SF"), record.FieldSentAt: d.Now()}
}

// ClaimReceived is a claim whose goods have come back.
func (d *Day) ClaimReceived(kind string, more map[string]any) *core.Record {
	d.t.Helper()
	claim := d.ClaimApproved(kind, more)
	d.Make("warehouse", record.Shipments, d.ParcelData(claim, "in"))
	d.Step("warehouse", claim, "in_transit")
	d.Step("warehouse", claim, "received")
	return claim
}

// complete is the shipped list of what must come back.
var complete = []string{"product", "outer_packing", "tags", "return_slip", "accessories"}

// ClaimAccepted is a claim whose goods came back complete, each thing with its photo.
func (d *Day) ClaimAccepted(kind string, more map[string]any) *core.Record {
	d.t.Helper()
	claim := d.ClaimReceived(kind, more)
	for _, code := range complete {
		d.ClaimPhoto(claim, "arrival."+code)
	}
	d.Do("warehouse", claim, map[string]any{record.FieldTicked: complete, record.FieldComparedAt: d.Now()})
	d.Step("warehouse", claim, "accepted")
	return claim
}

// ClaimPhoto adds a photo in a slot of the claim.
func (d *Day) ClaimPhoto(claim *core.Record, slot string) {
	d.t.Helper()
	d.Make("warehouse", record.Photos, map[string]any{record.FieldSubjectCollection: record.Claims, record.FieldSubjectRecord: claim.Id, record.FieldSlot: slot,
		record.FieldSHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"})
}

// PlanData is a plan to mend the claim's goods for 50 yuan in three days.
func (d *Day) PlanData(claim *core.Record) map[string]any {
	return map[string]any{record.FieldClaim: claim.Id, record.FieldState: "offered", record.FieldMethod: "更换拉链", record.FieldPriceFen: 5000, record.FieldDays: 3}
}

// RefundData is what finance enters for a claim that waits for its refund: its one piece of 99 yuan.
func (d *Day) RefundData(claim *core.Record) map[string]any {
	return map[string]any{record.FieldClaim: claim.Id, record.FieldKind: "refund", record.FieldFen: 9900, record.FieldMethod: "original", record.FieldReference: "WX20261121"}
}
