package record

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
)

var (
	_ core.RecordProxy = (*Part)(nil)
	_ core.RecordProxy = (*PurchaseOrder)(nil)
	_ core.RecordProxy = (*GoodsReceipt)(nil)
	_ core.RecordProxy = (*StockCount)(nil)
	_ core.RecordProxy = (*StockMove)(nil)
	_ core.RecordProxy = (*ToolLoan)(nil)
)

// Places stock lies in: the parts store 配件库 and the workshop's own store 车间库.
const (
	PlaceStore    = "store"
	PlaceWorkshop = "workshop"
)

// Part is a row of parts 配件, with its levels as the ledger makes them.
type Part struct{ row }

// AsPart wraps a row of parts.
func AsPart(rec *core.Record) *Part { return &Part{wrap(rec)} }

func (p *Part) Number() string { return p.GetString(FieldNumber) }
func (p *Part) Name() string   { return p.GetString(FieldName) }

// LastIn notes that stock came in, or was found, at the time (UTC); an earlier one than is known changes nothing.
func (p *Part) LastIn(utc string) { p.Set(FieldLastInAt, max(p.moment(FieldLastInAt), utc)) }

// LastOut notes that the part went to a job or a buyer at the time (UTC), as LastIn does.
func (p *Part) LastOut(utc string) { p.Set(FieldLastOutAt, max(p.moment(FieldLastOutAt), utc)) }

// LevelMilli is what lies in the place, in thousandths of the unit.
func (p *Part) LevelMilli(place string) int64 { return int64(p.GetInt(place + "_milli")) }

// AddLevel moves the level of the place by a quantity, which may be negative.
func (p *Part) AddLevel(place string, milli int64) { p.Set(place+"_milli", p.LevelMilli(place)+milli) }

// Facts is the part as the guards see it.
func (p *Part) Facts() *flow.StockPart {
	return &flow.StockPart{ID: p.Id, Number: p.Number(), Name: p.Name(), Class: p.GetString(FieldClass), Unit: p.GetString(FieldUnit),
		PriceFen: int64(p.GetInt(FieldPriceFen)), StoreMilli: p.LevelMilli(PlaceStore), WorkshopMilli: p.LevelMilli(PlaceWorkshop)}
}

// PurchaseOrder is a row of purchase_orders: one part proposed, ordered or received.
type PurchaseOrder struct{ row }

// AsPurchaseOrder wraps a row of purchase_orders.
func AsPurchaseOrder(rec *core.Record) *PurchaseOrder { return &PurchaseOrder{wrap(rec)} }

func (o *PurchaseOrder) Part() string            { return o.GetString(FieldPart) }
func (o *PurchaseOrder) QuantityMilli() int64    { return int64(o.GetInt(FieldQuantityMilli)) }
func (o *PurchaseOrder) SetOrderedAt(utc string) { o.Set(FieldOrderedAt, utc) }

// UnitFen is the price agreed for it, 0: the part's own.
func (o *PurchaseOrder) UnitFen() int64 { return int64(o.GetInt(FieldUnitFen)) }

// DepositFen is the deposit noted on the row itself, DepositReference the receipt it was noted from (B-06).
func (o *PurchaseOrder) DepositFen() int64        { return int64(o.GetInt(FieldDepositFen)) }
func (o *PurchaseOrder) DepositReference() string { return o.GetString(FieldDepositReference) }

// ReceivedMilli is what of it came into stock.
func (o *PurchaseOrder) ReceivedMilli() int64 { return int64(o.GetInt(FieldReceivedMilli)) }

// AddReceived counts goods that were put into stock.
func (o *PurchaseOrder) AddReceived(milli int64) {
	o.Set(FieldReceivedMilli, o.ReceivedMilli()+milli)
}

// GoodsReceipt is a row of goods_receipts: what arrived, and what the check found (P-05).
type GoodsReceipt struct{ row }

// AsGoodsReceipt wraps a row of goods_receipts.
func AsGoodsReceipt(rec *core.Record) *GoodsReceipt { return &GoodsReceipt{wrap(rec)} }

func (g *GoodsReceipt) Part() string                { return g.GetString(FieldPart) }
func (g *GoodsReceipt) PurchaseOrder() string       { return g.GetString(FieldPurchaseOrder) }
func (g *GoodsReceipt) Template() string            { return g.GetString(FieldTemplate) }
func (g *GoodsReceipt) SetTemplateRevision(n int64) { g.Set(FieldTemplateRevision, n) }
func (g *GoodsReceipt) SetSentBackAt(utc string)    { g.Set(FieldSentBackAt, utc) }

// SetChecked says who checked the goods and when (UTC).
func (g *GoodsReceipt) SetChecked(by, utc string) {
	g.Set(FieldCheckedBy, by)
	g.Set(FieldCheckedAt, utc)
}

// AddStocked counts goods of this receipt that were put into stock.
func (g *GoodsReceipt) AddStocked(milli int64) {
	g.Set(FieldStockedMilli, int64(g.GetInt(FieldStockedMilli))+milli)
}

// Facts is the receipt as the guards see it.
func (g *GoodsReceipt) Facts() *flow.Receipt {
	return &flow.Receipt{State: g.State(), Part: g.Part(), StockedMilli: int64(g.GetInt(FieldStockedMilli)),
		GoodMilli: int64(g.GetInt(FieldQuantityMilli) - g.GetInt(FieldDamagedMilli))}
}

// StockCount is a row of stock_counts: a sheet of the monthly count 盘点.
type StockCount struct{ row }

// AsStockCount wraps a row of stock_counts.
func AsStockCount(rec *core.Record) *StockCount { return &StockCount{wrap(rec)} }

// SetCounted says who counted and when (UTC).
func (c *StockCount) SetCounted(by, utc string) {
	c.Set(FieldCountedBy, by)
	c.Set(FieldCountedAt, utc)
}

// SetApproved says who approved the differences and when (UTC).
func (c *StockCount) SetApproved(by, utc string) {
	c.Set(FieldApprovedBy, by)
	c.Set(FieldApprovedAt, utc)
}

// Lines are the sheet's parts with what the books and the shelf say.
func (c *StockCount) Lines() []flow.CountLine {
	lines := []flow.CountLine{}
	_ = c.UnmarshalJSONField(FieldLines, &lines) // shape is held when the sheet is saved
	return lines
}

// Facts is the sheet as the guards see it.
func (c *StockCount) Facts() *flow.Count {
	return &flow.Count{State: c.State(), Place: c.GetString(FieldPlace), Lines: c.Lines()}
}

// StockMove is a row of stock_moves: the ledger 出入库, of which no row is ever changed.
type StockMove struct{ row }

// AsStockMove wraps a row of stock_moves.
func AsStockMove(rec *core.Record) *StockMove { return &StockMove{wrap(rec)} }

func (m *StockMove) Kind() string          { return m.GetString(FieldKind) }
func (m *StockMove) Part() string          { return m.GetString(FieldPart) }
func (m *StockMove) Job() string           { return m.GetString(FieldJob) }
func (m *StockMove) WorkOrder() string     { return m.GetString(FieldWorkOrder) }
func (m *StockMove) QuantityMilli() int64  { return int64(m.GetInt(FieldQuantityMilli)) }
func (m *StockMove) FromPlace() string     { return m.GetString(FieldFromPlace) }
func (m *StockMove) ToPlace() string       { return m.GetString(FieldToPlace) }
func (m *StockMove) GoodsReceipt() string  { return m.GetString(FieldGoodsReceipt) }
func (m *StockMove) StockCount() string    { return m.GetString(FieldStockCount) }
func (m *StockMove) MovedAt() string       { return m.moment(FieldMovedAt) }
func (m *StockMove) SetMovedAt(utc string) { m.Set(FieldMovedAt, utc) }

// ToolLoan is a row of tool_loans: a special tool or book in somebody's hands (W-09).
type ToolLoan struct{ row }

// AsToolLoan wraps a row of tool_loans.
func AsToolLoan(rec *core.Record) *ToolLoan { return &ToolLoan{wrap(rec)} }

func (l *ToolLoan) Tool() string             { return l.GetString(FieldTool) }
func (l *ToolLoan) Borrower() string         { return l.GetString(FieldBorrower) }
func (l *ToolLoan) SetReturnedAt(utc string) { l.Set(FieldReturnedAt, utc) }
