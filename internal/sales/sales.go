// Package sales takes sales orders 销售订单 as a shop platform tells them, from a sheet or a signed call, into the house (L-02,
// L-13). It promises that an order goes in whole or not at all, within the caller's transaction and through the ordinary hooks;
// that the same order told again changes nothing, no version either; that an older revision never undoes a newer one; and that
// no line is ever deleted, for claims may stand on it: a line that is no longer told is struck, its quantity 0. What is left
// out stays as it is. It asks no clock and no permission: whoever calls says when it is and who acts. DESIGN.md is the
// protocol of the signed call.
package sales

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/claim"
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// Fields are values by field name: texts, int64 (fen, counts), bool, Texts, and instants as text (UTC). What is not there
// was not told.
type Fields map[string]any

// Texts is a list that a line carries: exemptions, accessories.
type Texts []string

// Order is one order as it is told. Fields are those of sales_orders without shop and state; platform and external_id tell
// orders apart, and the number is external_id where none is told. Lines nil: nothing was told of them; otherwise they are all
// the order has, told apart by line_number, or by their place where it is left out.
type Order struct {
	Fields    Fields
	Lines     []Fields
	Cancelled bool
	// Days are the instants of which only the day is known, as midnight of that day in the shop's zone.
	Days map[string]time.Time
}

// MaxLines is how many lines an order may have.
const MaxLines = 100

// Outcome is what became of an order.
type Outcome string

// The outcomes. Stale: an older revision than the one that is here, and so nothing happened.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	Stale     Outcome = "stale"
)

// Intake takes orders into one shop. Now is the instant that "not received yet" is measured by.
type Intake struct {
	Shop  string
	Actor record.Actor
	Now   time.Time

	policies map[string]claim.Policy
}

// Put takes one order in. A refusal leaves what it had written to the caller, who rolls back. Codes: sale.platform_missing,
// sale.number_missing, sale.revision_reused, sale.too_many_lines, sale.line_twice, sale.exemption_unknown, claim.line_unknown,
// those of Settle, and those of the hooks; the field of a line is "lines/<n>/<field>", n from 0.
func (in *Intake) Put(tx core.App, o Order) (Outcome, error) {
	if o.Fields[record.FieldPlatform] == nil || o.Fields[record.FieldPlatform] == "" {
		return "", fault.New(fault.Invalid, "sale.platform_missing").On(record.FieldPlatform)
	}
	if o.Fields[record.FieldExternalID] == nil || o.Fields[record.FieldExternalID] == "" {
		return "", fault.New(fault.Invalid, "sale.number_missing").On(record.FieldExternalID)
	}
	p, err := in.prepare(tx, o)
	if err != nil {
		return "", err
	}
	told, known := o.Fields[record.FieldRevision].(int64)
	stored := int64(0)
	if p.order != nil {
		stored = record.AsSalesOrder(p.order).Revision()
	}
	if known && told < stored {
		return Stale, nil
	}
	if err := in.work(tx, p); err != nil {
		return "", err
	}
	switch {
	case p.order == nil:
		return Created, p.write(tx, in)
	case !p.differs():
		return Unchanged, nil
	case known && told == stored && told > 0:
		return "", fault.New(fault.Conflict, "sale.revision_reused").On(record.FieldRevision).With("revision", told)
	}
	return Updated, p.write(tx, in)
}

// put is an order on its way in: what is here, and what it is to become.
type put struct {
	told  Order
	order *core.Record // nil: new
	want  Fields
	state string
	lines []*line
}

// line is one line of an order on its way in; told is false for one that is here and was not told again.
type line struct {
	at   int // place in what was told
	rec  *core.Record
	want Fields
	told bool
}

func (in *Intake) prepare(tx core.App, o Order) (*put, error) {
	p := &put{told: o, want: Fields{}, state: record.SalePlaced}
	if o.Cancelled {
		p.state = record.SaleCancelled
	}
	for name, value := range o.Fields {
		p.want[name] = value
	}
	rows := []*core.Record{}
	err := tx.RecordQuery(record.SalesOrders).AndWhere(dbx.HashExp{record.FieldShop: in.Shop, record.FieldPlatform: o.Fields[record.FieldPlatform],
		record.FieldExternalID: o.Fields[record.FieldExternalID]}).Limit(1).All(&rows)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	if len(rows) > 0 {
		p.order = rows[0]
	} else if p.want[record.FieldNumber] == nil {
		p.want[record.FieldNumber] = p.want[record.FieldExternalID]
	}
	in.resolveDays(p)
	return p, p.pair(tx)
}

// pair finds the line that each told one is about.
func (p *put) pair(tx core.App) error {
	if len(p.told.Lines) > MaxLines {
		return fault.New(fault.Invalid, "sale.too_many_lines").On("lines").With("most", MaxLines)
	}
	here := map[int64]*core.Record{}
	if p.order != nil {
		rows := []*core.Record{}
		err := tx.RecordQuery(record.SalesItems).AndWhere(dbx.HashExp{record.FieldSalesOrder: p.order.Id}).OrderBy(record.FieldLineNumber).All(&rows)
		if err != nil {
			return err
		}
		for _, rec := range rows {
			here[record.AsSalesItem(rec).LineNumber()] = rec
			if p.told.Lines == nil {
				p.lines = append(p.lines, &line{rec: rec, want: Fields{}})
			}
		}
	}
	for i, fields := range p.told.Lines {
		number, said := fields[record.FieldLineNumber].(int64)
		if !said {
			number = int64(i) + 1
		}
		if slices.ContainsFunc(p.lines, func(l *line) bool { return l.want[record.FieldLineNumber] == number }) {
			return fault.New(fault.Invalid, "sale.line_twice").On(fieldOf(i, record.FieldLineNumber)).With("line", number)
		}
		l := &line{at: i, rec: here[number], want: Fields{}, told: true}
		for name, value := range fields {
			l.want[name] = value
		}
		l.want[record.FieldLineNumber] = number
		delete(here, number)
		p.lines = append(p.lines, l)
	}
	if p.told.Lines != nil {
		p.strike(here)
	}
	return nil
}

// strike takes what was not told again out of the order's amounts.
func (p *put) strike(gone map[int64]*core.Record) {
	for _, rec := range gone {
		p.lines = append(p.lines, &line{rec: rec, want: Fields{record.FieldQuantity: int64(0), record.FieldDiscountFen: int64(0), record.FieldPaidFen: int64(0)}})
	}
	slices.SortStableFunc(p.lines, func(a, b *line) int { return int(a.number() - b.number()) })
}

func (l *line) number() int64 {
	if n, ok := l.want[record.FieldLineNumber].(int64); ok {
		return n
	}
	return record.AsSalesItem(l.rec).LineNumber()
}

// differs says whether anything is to become other than it is.
func (p *put) differs() bool {
	if record.AsSalesOrder(p.order).State() != p.state || changes(p.order, p.want) {
		return true
	}
	return slices.ContainsFunc(p.lines, func(l *line) bool { return l.rec == nil || changes(l.rec, l.want) })
}

// changes says whether the row would differ with these values.
func changes(rec *core.Record, want Fields) bool {
	if rec == nil {
		return true
	}
	trial := rec.Fresh()
	for name, value := range want {
		trial.Set(name, value)
		if !reflect.DeepEqual(record.Value(rec, name), record.Value(trial, name)) {
			return true
		}
	}
	return false
}

// write saves what differs: amounts and lines while the order is incoming, and last the state it is to have.
func (p *put) write(tx core.App, in *Intake) error {
	ctx := record.WithActor(context.Background(), in.Actor)
	incoming := p.order == nil || slices.ContainsFunc(p.lines, func(l *line) bool { return changes(l.rec, pick(l.want, lineAmounts)) }) || changes(p.order, pick(p.want, saleAmounts)) ||
		p.state == record.SalePlaced && record.AsSalesOrder(p.order).State() == record.SaleCancelled
	state := p.state
	if incoming {
		state = record.SaleIncoming
	}
	if p.order == nil {
		c, err := tx.FindCachedCollectionByNameOrId(record.SalesOrders)
		if err != nil {
			return err
		}
		p.order = core.NewRecord(c)
		p.order.Set(record.FieldShop, in.Shop)
	}
	p.want[record.FieldState] = state
	if err := save(ctx, tx, p.order, p.want); err != nil {
		return err
	}
	for _, l := range p.lines {
		if err := p.writeLine(ctx, tx, in, l); err != nil {
			return err
		}
	}
	if !incoming {
		return nil
	}
	order, err := tx.FindRecordById(record.SalesOrders, p.order.Id) // a row that was saved in this transaction still holds what it was before
	if err != nil {
		return err
	}
	return save(ctx, tx, order, Fields{record.FieldState: p.state})
}

func (p *put) writeLine(ctx context.Context, tx core.App, in *Intake, l *line) error {
	if l.rec != nil && !changes(l.rec, l.want) {
		return nil
	}
	if l.rec == nil {
		c, err := tx.FindCachedCollectionByNameOrId(record.SalesItems)
		if err != nil {
			return err
		}
		l.rec = core.NewRecord(c)
		l.rec.Set(record.FieldShop, in.Shop)
		l.rec.Set(record.FieldSalesOrder, p.order.Id)
	}
	err := save(ctx, tx, l.rec, l.want)
	if f, refused := fault.From(err); refused && l.told {
		return f.On(fieldOf(l.at, f.Field))
	}
	return err
}

func save(ctx context.Context, tx core.App, rec *core.Record, want Fields) error {
	for name, value := range want {
		rec.Set(name, value)
	}
	return tx.SaveWithContext(ctx, rec)
}

// Phone is a number as orders carry it: without blanks, hyphens and the country's code; platforms mask digits, so anything else
// stays as it is.
func Phone(s string) string {
	plain := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(s)
	for _, prefix := range []string{"+86", "0086"} {
		if rest, ok := strings.CutPrefix(plain, prefix); ok && len(rest) == 11 {
			return rest
		}
	}
	return plain
}
