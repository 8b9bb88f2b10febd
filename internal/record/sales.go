package record

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
)

// Collections of what was sold online: orders 销售订单 and their lines.
const (
	SalesOrders = "sales_orders"
	SalesItems  = "sales_items"
)

// Their fields. Amounts are integer fen.
const (
	FieldPlatform       = "platform" // where it was sold, as the sender calls it
	FieldCustomerName   = "customer_name"
	FieldShippedAt      = "shipped_at"
	FieldCarrier        = "carrier"
	FieldTrackingNumber = "tracking_number"
	FieldItemsFen       = "items_fen"    // quantity × unit price of all lines, before the discount
	FieldShippingFen    = "shipping_fen" // what the customer paid for the way there
	FieldDiscountFen    = "discount_fen" // of the order; of a line, its share of it
	FieldInvoiceNumber  = "invoice_number"
	FieldSalesOrder     = "sales_order"
	FieldLineNumber     = "line_number"
	FieldSKU            = "sku"
	FieldProductLine    = "product_line" // whose policy of claims holds, "" for the default line
	FieldGift           = "gift"
	FieldExemptions     = "exemptions"  // codes of the line's policy of claims (L-15)
	FieldAccessories    = "accessories" // what came with it and must come back with it (L-09)
)

// States of a sales order: incoming 录入中 (amounts and lines are being written, nothing may be claimed), placed 已成立
// (all adds up), cancelled 已取消.
const (
	SaleIncoming  = "incoming"
	SalePlaced    = "placed"
	SaleCancelled = "cancelled"
)

var (
	_ core.RecordProxy = (*SalesOrder)(nil)
	_ core.RecordProxy = (*SalesItem)(nil)
)

// SalesOrder is a row of sales_orders.
type SalesOrder struct{ row }

// AsSalesOrder wraps a row of sales_orders.
func AsSalesOrder(rec *core.Record) *SalesOrder { return &SalesOrder{wrap(rec)} }

func (o *SalesOrder) ExternalID() string    { return o.GetString(FieldExternalID) }
func (o *SalesOrder) Revision() int64       { return int64(o.GetInt(FieldRevision)) }
func (o *SalesOrder) Number() string        { return o.GetString(FieldNumber) }
func (o *SalesOrder) CustomerName() string  { return o.GetString(FieldCustomerName) }
func (o *SalesOrder) Phone() string         { return o.GetString(FieldPhone) }
func (o *SalesOrder) InvoiceNumber() string { return o.GetString(FieldInvoiceNumber) }
func (o *SalesOrder) ReceivedAt() string    { return o.moment(FieldReceivedAt) }
func (o *SalesOrder) ShippingFen() int64    { return int64(o.GetInt(FieldShippingFen)) }
func (o *SalesOrder) DiscountFen() int64    { return int64(o.GetInt(FieldDiscountFen)) }
func (o *SalesOrder) PaidFen() int64        { return int64(o.GetInt(FieldPaidFen)) }

// SalesItem is a row of sales_items. A line of quantity 0 was struck from the order.
type SalesItem struct{ row }

// AsSalesItem wraps a row of sales_items.
func AsSalesItem(rec *core.Record) *SalesItem { return &SalesItem{wrap(rec)} }

func (i *SalesItem) Order() string       { return i.GetString(FieldSalesOrder) }
func (i *SalesItem) LineNumber() int64   { return int64(i.GetInt(FieldLineNumber)) }
func (i *SalesItem) Name() string        { return i.GetString(FieldName) }
func (i *SalesItem) ProductLine() string { return i.GetString(FieldProductLine) }
func (i *SalesItem) Quantity() int64     { return int64(i.GetInt(FieldQuantity)) }
func (i *SalesItem) PaidFen() int64      { return int64(i.GetInt(FieldPaidFen)) }
func (i *SalesItem) Exemptions() []string {
	return i.GetStringSlice(FieldExemptions)
}

// Accessories are what came with the goods and must come back with them (L-09).
func (i *SalesItem) Accessories() []string {
	return i.GetStringSlice(FieldAccessories)
}

// Facts is the line as the guards of its order see it.
func (i *SalesItem) Facts() flow.SaleLine {
	return flow.SaleLine{Quantity: i.Quantity(), UnitFen: int64(i.GetInt(FieldUnitFen)), DiscountFen: int64(i.GetInt(FieldDiscountFen))}
}
