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

// LongAgo is an order received more than a month ago: what is mended of it is paid for (L-06).
func (d *Day) LongAgo(order *core.Record) {
	d.t.Helper()
	d.Do("manager", order, map[string]any{record.FieldOrderedAt: "2026-09-18 02:00:00.000Z", record.FieldShippedAt: "2026-09-19 02:00:00.000Z", record.FieldReceivedAt: "2026-09-20 02:00:00.000Z"})
}

// ClaimAtDoor is a return of a parcel that the customer refused at the door, approved because it differs from the order in that
// (L-01): it is the carrier's to bring back.
func (d *Day) ClaimAtDoor(differs string) *core.Record {
	d.t.Helper()
	order, line := d.Sale(d.number("DD-"))
	d.Do("manager", order, map[string]any{record.FieldReceivedAt: ""})
	claim := d.ClaimOn(order, line, "return", map[string]any{record.FieldRefusedParcel: true, record.FieldMismatch: differs})
	d.Do("agent", claim, Judged("quality"))
	d.Step("agent", claim, "approved")
	return claim
}

// ClaimApproved is a claim for a fault of quality that was approved and whose customer was told where to send it. Goods to mend were
// received two months ago, so that the repair has its price, and the customer knows it.
func (d *Day) ClaimApproved(kind string, more map[string]any) *core.Record {
	d.t.Helper()
	order, line := d.Sale(d.number("DD-"))
	if kind == "repair" {
		d.LongAgo(order)
	}
	claim := d.ClaimOn(order, line, kind, more)
	if kind == "repair" {
		d.Do("agent", claim, map[string]any{record.FieldPayAcknowledgedAt: d.Now()})
	}
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

// ClaimOwing is an exchange for something dearer by 30 yuan, or a repair of 50, whose goods are here and whose money is awaited.
func (d *Day) ClaimOwing(kind string) *core.Record {
	d.t.Helper()
	if kind == "exchange" {
		claim := d.ClaimAccepted(kind, map[string]any{record.FieldReplacement: "大一号", record.FieldReplacementFen: 12900})
		d.Step("finance", claim, "awaiting_payment")
		return claim
	}
	order, line := d.Sale(d.number("DD-"))
	d.LongAgo(order)
	claim := d.ClaimOn(order, line, kind, nil)
	d.Do("agent", claim, Judged("quality"))
	plan := d.Make("technician", record.RepairPlans, d.PlanData(claim))
	d.Step("technician", claim, "plan_offered")
	d.Step("agent", plan, "accepted")
	d.Step("agent", claim, "plan_accepted")
	d.Step("agent", claim, "awaiting_goods")
	d.Make("warehouse", record.Shipments, d.ParcelData(claim, "in"))
	d.Step("warehouse", claim, "in_transit")
	d.Step("warehouse", claim, "received")
	d.Do("warehouse", claim, map[string]any{record.FieldComparedAt: d.Now()})
	d.Step("warehouse", claim, "accepted")
	d.Step("finance", claim, "awaiting_payment")
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

// OrderRefunded is an order of which one piece of 99 yuan has gone back and been refunded.
func (d *Day) OrderRefunded() *record.SalesOrder {
	d.t.Helper()
	claim := d.ClaimAccepted("return", nil)
	d.Step("finance", claim, "refund_pending")
	d.Make("finance", record.Refunds, d.RefundData(claim))
	order, err := d.App.FindRecordById(record.SalesOrders, record.AsClaim(claim).Order())
	if err != nil {
		d.t.Fatal(err)
	}
	return record.AsSalesOrder(order)
}
