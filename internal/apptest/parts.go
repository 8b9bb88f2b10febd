package apptest

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// BrakePads is the number of the part that every job of JobData lists once.
const BrakePads = "5Q0698151"

// PartData is a part of the catalogue, of a class that needs no deposit.
func (d *Day) PartData(number string) map[string]any {
	return map[string]any{record.FieldNumber: number, record.FieldName: "前刹车片", record.FieldClass: "A", record.FieldUnit: "套",
		record.FieldGrade: "genuine", record.FieldPriceFen: 38000, record.FieldCostFen: 24000, record.FieldMinimumMilli: 1000,
		record.FieldShelf: "A-03-2", record.FieldBarcode: number, record.FieldActive: true}
}

// Part is a part with so much of it in the parts store (thousandths).
func (d *Day) Part(number string, storeMilli int64) *core.Record {
	d.t.Helper()
	part := d.Make("parts", record.Parts, d.PartData(number))
	if storeMilli > 0 {
		d.Make("parts", record.StockMoves, d.MoveData("adjust", part, storeMilli, map[string]any{record.FieldToPlace: record.PlaceStore, record.FieldReason: "期初"}))
	}
	return d.Fresh(part)
}

// MoveData is a move of the part; more names its places and papers.
func (d *Day) MoveData(kind string, part *core.Record, milli int64, more map[string]any) map[string]any {
	data := map[string]any{record.FieldKind: kind, record.FieldPart: part.Id, record.FieldQuantityMilli: milli}
	for name, value := range more {
		data[name] = value
	}
	return data
}

// IssueData is a part going to a job from the place, signed by the technician at the counter.
func (d *Day) IssueData(part, job *core.Record, milli int64, place string) map[string]any {
	return d.MoveData("out", part, milli, map[string]any{record.FieldFromPlace: place, record.FieldVisit: record.AsJob(job).Visit(),
		record.FieldWorkOrder: record.AsJob(job).WorkOrder(), record.FieldJob: job.Id, record.FieldSignedBy: d.ID("technician"), record.FieldStrokes: Strokes})
}

// Strokes are a signature of one line.
var Strokes = []any{[]any{map[string]any{"x": 1, "y": 2, "t": 3}, map[string]any{"x": 4, "y": 5, "t": 6}}}

// ReserveData freezes stock for a job.
func (d *Day) ReserveData(part, job *core.Record, milli int64) map[string]any {
	return map[string]any{record.FieldPart: part.Id, record.FieldQuantityMilli: milli, record.FieldVisit: record.AsJob(job).Visit(),
		record.FieldWorkOrder: record.AsJob(job).WorkOrder(), record.FieldJob: job.Id, record.FieldState: "held"}
}

// ReceivingList is the shop's list for incoming goods, made when it is not there yet.
func (d *Day) ReceivingList() *core.Record {
	d.t.Helper()
	list, err := d.App.FindFirstRecordByFilter(record.Templates, "shop = {:shop} && kind = 'goods_receiving' && active = true", map[string]any{"shop": d.Shop})
	if err == nil {
		return list
	}
	return d.Make("manager", record.Templates, map[string]any{record.FieldKind: "goods_receiving", record.FieldRevision: 1, record.FieldActive: true,
		record.FieldTitle: map[string]any{"zh": "到货验收", "en": "Goods receiving"}, record.FieldItems: []any{
			map[string]any{"code": "packing", "kind": "tri"}, map[string]any{"code": "number", "kind": "tri"}}})
}

// Received are the answers of a delivery in order.
var Received = []any{map[string]any{"code": "packing", "ok": true}, map[string]any{"code": "number", "ok": true}}

// ReceiptData is a delivery of the part, still to be checked.
func (d *Day) ReceiptData(part *core.Record, milli int64) map[string]any {
	d.t.Helper()
	return map[string]any{record.FieldPart: part.Id, record.FieldTemplate: d.ReceivingList().Id, record.FieldQuantityMilli: milli, record.FieldState: "open"}
}

// PurchaseData is a proposal to order the part for a job, with its date.
func (d *Day) PurchaseData(part, job *core.Record, milli int64) map[string]any {
	return map[string]any{record.FieldPart: part.Id, record.FieldQuantityMilli: milli, record.FieldCause: "shortage", record.FieldVisit: record.AsJob(job).Visit(),
		record.FieldWorkOrder: record.AsJob(job).WorkOrder(), record.FieldJob: job.Id, record.FieldState: "proposed", record.FieldUnitFen: 38000,
		record.FieldExpectedOn: "2026-11-25 00:00:00.000Z"}
}

// CountData is a sheet with one line.
func (d *Day) CountData(part *core.Record, book int64, counted any) map[string]any {
	return map[string]any{"title": "11 月盘点", record.FieldPlace: record.PlaceStore, record.FieldState: "open",
		record.FieldLines: []any{map[string]any{"part": part.Id, "book_milli": book, "counted_milli": counted}}}
}

// LoanData is a tool in the technician's hands until the evening.
func (d *Day) LoanData(tool *core.Record, borrower string) map[string]any {
	return map[string]any{record.FieldTool: tool.Id, record.FieldBorrower: d.ID(borrower), record.FieldLentAt: d.Now(), record.FieldDueAt: d.Now(), record.FieldState: "lent"}
}

// ToolData is a special tool.
func (d *Day) ToolData(number string) map[string]any {
	return map[string]any{record.FieldNumber: number, record.FieldName: "活塞复位器", record.FieldKind: "tool", record.FieldActive: true}
}
