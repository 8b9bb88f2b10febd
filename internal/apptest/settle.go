package apptest

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

// Lines are the lines of a settlement over the jobs, each borne by its own payer.
func (d *Day) Lines(jobs ...*core.Record) []price.Charge {
	d.t.Helper()
	lines := []price.Charge{}
	for _, rec := range jobs {
		j := record.AsJob(d.Fresh(rec)).Facts()
		agreed := price.PartsFen(j.Parts)
		labour, parts := price.ActualFen(j.LabourFen, agreed, j.ActualLabourFen, j.ActualPartsFen)
		lines = append(lines, price.Charge{Job: j.ID, AgreedFen: j.LabourFen + agreed, LabourFen: labour, PartsFen: parts,
			Shares: []price.Share{{Payer: j.Payer, Fen: labour + parts}}})
	}
	return lines
}

// SettlementData is a settlement of the order with the lines, as a cashier begins it.
func (d *Day) SettlementData(order *core.Record, lines []price.Charge) map[string]any {
	return map[string]any{record.FieldVisit: record.AsWorkOrder(order).Visit(), record.FieldWorkOrder: order.Id, record.FieldNumber: d.number("J"),
		record.FieldKind: flow.SettlementCharge, record.FieldState: "draft", record.FieldLines: lines}
}

// CounterData is a counter-entry to a settled settlement.
func (d *Day) CounterData(corrects *core.Record, lines []price.Charge) map[string]any {
	s := record.AsSettlement(corrects)
	return map[string]any{record.FieldVisit: s.Visit(), record.FieldWorkOrder: s.WorkOrder(), record.FieldNumber: d.number("J"),
		record.FieldKind: flow.SettlementCounter, record.FieldCorrects: corrects.Id, record.FieldState: "draft", record.FieldLines: lines, record.FieldReason: "算错了"}
}

// Issued is a settlement of the whole car, put before the customer.
func (d *Day) Issued(s Service) *core.Record {
	d.t.Helper()
	settlement := d.Make("cashier", record.Settlements, d.SettlementData(s.Order, d.Lines(s.Job)))
	d.Step("cashier", settlement, "issued")
	return settlement
}

// Signature is what a customer's signature adds to a row.
func (d *Day) Signature() map[string]any {
	return map[string]any{record.FieldSignerName: "李明", record.FieldSignerRelation: "self", record.FieldSignedAt: d.Now(),
		record.FieldStrokes: []any{[]any{map[string]any{"x": 1, "y": 2, "t": 3}, map[string]any{"x": 4, "y": 5, "t": 6}}}}
}

// PaymentData is an entry of the ledger for the order.
func (d *Day) PaymentData(order *core.Record, kind, payer string, fen int64) map[string]any {
	return map[string]any{record.FieldVisit: record.AsWorkOrder(order).Visit(), record.FieldWorkOrder: order.Id, record.FieldKind: kind,
		record.FieldPayer: payer, record.FieldMethod: "card", record.FieldFen: fen, record.FieldReceivedAt: d.Now(), record.FieldReason: "按结算单"}
}

// Pay takes a payment from the customer.
func (d *Day) Pay(order *core.Record, fen int64) *core.Record {
	d.t.Helper()
	return d.Make("cashier", record.Payments, d.PaymentData(order, price.KindPayment, price.PayerCustomer, fen))
}

// SettleUp signs and settles an issued settlement that was paid.
func (d *Day) SettleUp(settlement *core.Record) {
	d.t.Helper()
	d.Do("cashier", settlement, d.Signature())
	d.Step("cashier", settlement, "settled")
}

// Paid is a finished car whose order is settled: signed, paid, ready to leave.
func (d *Day) Paid() (Service, *core.Record) {
	d.t.Helper()
	s := d.VisitReady()
	settlement := d.Issued(s)
	d.Pay(s.Order, int64(settlement.GetInt(record.FieldCustomerFen)))
	d.SettleUp(settlement)
	d.Step("cashier", s.Order, "settled")
	return s, settlement
}

// PassData is a gate pass for the visit, good for a day.
func (d *Day) PassData(visit *core.Record) map[string]any {
	d.t.Helper()
	vehicle, err := d.App.FindRecordById(record.Vehicles, record.AsVisit(visit).Vehicle())
	if err != nil {
		d.t.Fatal(err)
	}
	now := d.Clock()
	return map[string]any{record.FieldVisit: visit.Id, record.FieldNumber: d.number("P"), record.FieldState: "issued", record.FieldPlate: record.AsVehicle(vehicle).Plate(),
		record.FieldIssuedAt: record.Text(now), record.FieldValidUntil: record.Text(now.AddDate(0, 0, 1))}
}

// Pass is a gate pass for a car that is paid.
func (d *Day) Pass(visit *core.Record) *core.Record {
	d.t.Helper()
	return d.Make("cashier", record.GatePasses, d.PassData(visit))
}

// UseData is a pass shown at the barrier.
func (d *Day) UseData(pass *core.Record) map[string]any {
	p := record.AsGatePass(pass)
	return map[string]any{record.FieldVisit: p.Visit(), record.FieldPass: p.Id, record.FieldPlate: p.Plate(), record.FieldToken: p.Token(), record.FieldUsedAt: d.Now()}
}

// DeliveryData is everything done at the delivery of a car, not yet signed.
func (d *Day) DeliveryData(visit *core.Record) map[string]any {
	now, data := d.Now(), map[string]any{record.FieldVisit: visit.Id, record.FieldState: "open", record.FieldParking: "B12", record.FieldFollowUpWhen: "周六上午"}
	for _, field := range []string{record.FieldHandedInAt, record.FieldKeysAt, record.FieldPapersAt, record.FieldResultShownAt, record.FieldOldPartsAt, record.FieldSpareToolsAt,
		record.FieldComparedAt, record.FieldNextServiceAt, record.FieldBelongingsAt, record.FieldCoversOffAt, record.FieldWashedAt} {
		data[field] = now
	}
	return data
}
