package apptest

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// SaleData is a sales order of two pieces at 99 yuan with 8 yuan of shipping, received this morning, still incoming.
func (d *Day) SaleData(external string) map[string]any {
	return map[string]any{record.FieldPlatform: "tmall", record.FieldExternalID: external, record.FieldNumber: external, record.FieldState: record.SaleIncoming,
		record.FieldCustomerName: "林小雨", record.FieldPhone: "13800138001", record.FieldOrderedAt: "2026-11-18 02:00:00.000Z",
		record.FieldShippedAt: "2026-11-19 02:00:00.000Z", record.FieldReceivedAt: "2026-11-20 02:00:00.000Z",
		record.FieldItemsFen: 19800, record.FieldShippingFen: 800, record.FieldPaidFen: 20600}
}

// SaleLineData is a line of the order: quantity, unit price and share of the discount in fen.
func (d *Day) SaleLineData(order *core.Record, number, quantity, unitFen, discountFen int) map[string]any {
	return map[string]any{record.FieldSalesOrder: order.Id, record.FieldLineNumber: number, record.FieldName: "真皮手提包", record.FieldSKU: "BG-01",
		record.FieldQuantity: quantity, record.FieldUnitFen: unitFen, record.FieldDiscountFen: discountFen,
		record.FieldPaidFen: quantity*unitFen - discountFen}
}

// Sale is a placed sales order with its line.
func (d *Day) Sale(external string) (order, line *core.Record) {
	d.t.Helper()
	order = d.Make("manager", record.SalesOrders, d.SaleData(external))
	line = d.Make("manager", record.SalesItems, d.SaleLineData(order, 1, 2, 9900, 0))
	d.Do("manager", order, map[string]any{record.FieldState: record.SalePlaced})
	return order, line
}
