package sales

import (
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

// saleAmounts and lineAmounts are the fields that must add up; they are written while the order is incoming.
var (
	saleAmounts = []string{record.FieldItemsFen, record.FieldShippingFen, record.FieldDiscountFen, record.FieldPaidFen}
	lineAmounts = []string{record.FieldQuantity, record.FieldUnitFen, record.FieldDiscountFen, record.FieldPaidFen}
)

// Stated is what an order says of its amounts in fen; nil: nothing.
type Stated struct{ Items, Shipping, Discount, Paid *int64 }

// LineStated is what a line says: its share of the discount, or what was paid for it, or neither.
type LineStated struct {
	Quantity, UnitFen int64
	Discount, Paid    *int64
}

// Settled is an order's amounts in fen that add up, with each line's share of the discount.
type Settled struct {
	Items, Shipping, Discount, Paid int64
	Shares                          []int64
}

// Settle makes an order's amounts add up to the fen, or says which of them do not. The discount is what is stated, else what
// is missing between goods with shipping and what was paid, else the lines' shares. What no line claims of it is spread over the
// lines that state nothing, by their amounts. Codes: sale.items_differ, sale.discount_differs, sale.paid_differs,
// sale.line_discount, sale.line_paid.
func Settle(s Stated, lines []LineStated) (Settled, *fault.Fault) {
	out := Settled{Shares: make([]int64, len(lines)), Shipping: or(s.Shipping, 0)}
	claimed, weights := int64(0), make([]int64, len(lines))
	for i, l := range lines {
		list := l.Quantity * l.UnitFen
		out.Items += list
		share, refused := l.share(i, list)
		if refused != nil {
			return out, refused
		}
		if share == nil {
			weights[i] = list
			continue
		}
		out.Shares[i] = *share
		claimed += *share
	}
	if s.Items != nil && *s.Items != out.Items {
		return out, differ("sale.items_differ", record.FieldItemsFen, *s.Items, out.Items)
	}
	switch {
	case s.Discount != nil:
		out.Discount = *s.Discount
	case s.Paid != nil:
		out.Discount = out.Items + out.Shipping - *s.Paid
	default:
		out.Discount = claimed
	}
	out.Paid = out.Items + out.Shipping - out.Discount
	if s.Paid != nil && (*s.Paid != out.Paid || out.Discount < 0) {
		return out, differ("sale.paid_differs", record.FieldPaidFen, *s.Paid, out.Items+out.Shipping-max(out.Discount, 0))
	}
	if refused := out.spread(claimed, weights); refused != nil {
		return out, refused
	}
	return out, nil
}

// spread gives what no line claims of the discount to the lines that state nothing.
func (s *Settled) spread(claimed int64, weights []int64) *fault.Fault {
	rest, open := s.Discount-claimed, int64(0)
	for _, w := range weights {
		open += w
	}
	if rest < 0 || rest > open {
		return differ("sale.discount_differs", record.FieldDiscountFen, s.Discount, claimed+open)
	}
	for i, share := range price.Allocate(rest, weights) {
		s.Shares[i] += share
	}
	return nil
}

// share is what a line states of its discount, nil for nothing.
func (l LineStated) share(i int, list int64) (*int64, *fault.Fault) {
	switch {
	case l.Discount == nil && l.Paid == nil:
		return nil, nil
	case l.Paid != nil && (*l.Paid > list || *l.Paid < 0 || l.Discount != nil && *l.Paid != list-*l.Discount):
		return nil, differ("sale.line_paid", fieldOf(i, record.FieldPaidFen), *l.Paid, list-or(l.Discount, 0))
	case l.Paid != nil:
		share := list - *l.Paid
		return &share, nil
	case *l.Discount > list || *l.Discount < 0:
		return nil, fault.New(fault.Invalid, "sale.line_discount").On(fieldOf(i, record.FieldDiscountFen)).With("most", price.Yuan(list))
	}
	return l.Discount, nil
}

func differ(code, field string, stated, sum int64) *fault.Fault {
	return fault.New(fault.Invalid, code).On(field).With("stated", price.Yuan(stated)).With("sum", price.Yuan(sum))
}

func or(fen *int64, otherwise int64) int64 {
	if fen == nil {
		return otherwise
	}
	return *fen
}

// fieldOf names a field of a told line, by its place from 0.
func fieldOf(i int, field string) string { return "lines/" + strconv.Itoa(i) + "/" + field }

// work completes what the order is to become: amounts that add up, and product lines and exemptions that are known.
func (in *Intake) work(tx core.App, p *put) error {
	for _, l := range p.lines {
		if err := in.checkLine(tx, l); err != nil {
			return err
		}
	}
	if p.order != nil && p.told.Lines == nil && len(pick(p.want, saleAmounts)) == 0 {
		return nil // nothing was said of amounts
	}
	stated, lines := p.stated()
	settled, refused := Settle(stated, p.kept(lines))
	if refused != nil { // not as the lines shared it so far
		settled, refused = Settle(stated, lines)
	}
	if refused != nil {
		return refused
	}
	p.want[record.FieldItemsFen], p.want[record.FieldShippingFen] = settled.Items, settled.Shipping
	p.want[record.FieldDiscountFen], p.want[record.FieldPaidFen] = settled.Discount, settled.Paid
	for i, l := range p.lines {
		l.want[record.FieldDiscountFen] = settled.Shares[i]
		l.want[record.FieldPaidFen] = lines[i].Quantity*lines[i].UnitFen - settled.Shares[i]
	}
	return nil
}

// stated is what is known of the amounts: what was told, and of an order that is here what was not told anew.
func (p *put) stated() (Stated, []LineStated) {
	s := Stated{Items: fenOf(p.want, record.FieldItemsFen), Shipping: fenOf(p.want, record.FieldShippingFen),
		Discount: fenOf(p.want, record.FieldDiscountFen), Paid: fenOf(p.want, record.FieldPaidFen)}
	lines := make([]LineStated, len(p.lines))
	silent := true
	for i, l := range p.lines {
		lines[i] = LineStated{Quantity: l.amount(record.FieldQuantity), UnitFen: l.amount(record.FieldUnitFen)}
		if l.told {
			lines[i].Discount, lines[i].Paid = fenOf(l.want, record.FieldDiscountFen), fenOf(l.want, record.FieldPaidFen)
			silent = silent && lines[i].Discount == nil && lines[i].Paid == nil
		}
	}
	if p.order == nil {
		return s, lines
	}
	order := record.AsSalesOrder(p.order)
	if s.Shipping == nil {
		shipping := order.ShippingFen()
		s.Shipping = &shipping
	}
	if s.Discount == nil && s.Paid == nil && silent {
		discount := order.DiscountFen()
		s.Discount = &discount
	}
	return s, lines
}

// kept is the lines with the shares that are here, where a line says nothing of its own and its amount is as before: so an order
// told again without shares keeps them.
func (p *put) kept(lines []LineStated) []LineStated {
	out := make([]LineStated, len(lines))
	for i, l := range lines {
		rec := p.lines[i].rec
		if out[i] = l; rec == nil || l.Discount != nil || l.Paid != nil {
			continue
		}
		if had := record.AsSalesItem(rec).Facts(); had.Quantity == l.Quantity && had.UnitFen == l.UnitFen {
			out[i].Discount = &had.DiscountFen
		}
	}
	return out
}

// amount is a figure of a line: what was told, else what is here.
func (l *line) amount(field string) int64 {
	if n, told := l.want[field].(int64); told {
		return n
	}
	if l.rec == nil {
		return 0
	}
	return int64(l.rec.GetInt(field))
}

func fenOf(f Fields, name string) *int64 {
	if n, told := f[name].(int64); told {
		return &n
	}
	return nil
}

// pick is those of the values that the names list.
func pick(f Fields, names []string) Fields {
	out := Fields{}
	for _, name := range names {
		if value, there := f[name]; there {
			out[name] = value
		}
	}
	return out
}
