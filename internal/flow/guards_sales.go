package flow

import (
	"slices"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// Sale is what the guards look at of a sales order 销售订单 and its lines. Amounts in fen.
type Sale struct {
	State       string     `json:"state"`        // of the order that a line belongs to
	Lines       []SaleLine `json:"lines"`        // of the order; loaded only where they must add up
	RefundedFen int64      `json:"refunded_fen"` // what has gone back for all claims of the order, less what was countered
}

// SaleLine is one line: a quantity of 0 means that it was struck from the order.
type SaleLine struct {
	Quantity    int64 `json:"quantity"`
	UnitFen     int64 `json:"unit_fen"`
	DiscountFen int64 `json:"discount_fen"`
}

// saleAmounts are the fields of an order that must add up with its lines.
var saleAmounts = []string{"discount_fen", "items_fen", "paid_fen", "shipping_fen"}

// lineAmounts are the fields of a line that its order's amounts are made of.
var lineAmounts = []string{"discount_fen", "paid_fen", "quantity", "unit_fen"}

// saleIncoming is the state in which amounts and lines are written, and nothing may be claimed.
const saleIncoming = "incoming"

// saleDated: goods are ordered, sent and received in this order, and were not received tomorrow; for the return window is
// counted from the receipt (L-03). Five minutes are left for clocks that differ.
func saleDated(f *Facts) *fault.Fault {
	before := ""
	for _, name := range []string{"ordered_at", "shipped_at", "received_at"} {
		said := text(f.After, name)
		if said == "" {
			continue
		}
		at, ok := instant(said)
		if !ok || at.After(f.Now.Add(skew)) {
			return refuse("sale.future").On(name)
		}
		if earlier, _ := instant(before); before != "" && at.Before(earlier) {
			return refuse("sale.out_of_order").On(name)
		}
		before = said
	}
	return nil
}

// saleUnfrozen: what was paid is written while the order is incoming, so that it never stands without its lines. When the goods
// were received is entered for a customer who tells it, where no carrier did; once it is known it is not for an agent to move,
// for every window is counted from it (L-03).
func saleUnfrozen(f *Facts) *fault.Fault {
	if text(f.Before, "received_at") != "" && slices.Contains(f.Changed, "received_at") && !Holds([]string{"manager", "head_office"}, f.Actor) {
		return refuse("sale.receipt_known").On("received_at")
	}
	if text(f.Before, "state") == saleIncoming || text(f.After, "state") == saleIncoming {
		return nil
	}
	return frozenOf(f, saleAmounts)
}

// saleAddsUp: goods are what the lines say, the discount is what the lines' shares say, and what was paid is goods and
// shipping less the discount. A refund relies on it to the fen (L-13).
func saleAddsUp(f *Facts) *fault.Fault {
	if f.Sale == nil {
		return refuse("sale.no_lines")
	}
	var items, discount, units int64
	for _, l := range f.Sale.Lines {
		items += l.Quantity * l.UnitFen
		discount += l.DiscountFen
		units += l.Quantity
	}
	if units == 0 {
		return refuse("sale.no_lines")
	}
	for _, sum := range []struct {
		field string
		fen   int64
		code  string
	}{
		{"items_fen", items, "sale.items_differ"}, {"discount_fen", discount, "sale.discount_differs"},
		{"paid_fen", items + whole(f.After, "shipping_fen") - discount, "sale.paid_differs"},
	} {
		if stated := whole(f.After, sum.field); stated != sum.fen {
			return refuse(sum.code).On(sum.field).With("stated", price.Yuan(stated)).With("sum", price.Yuan(sum.fen))
		}
	}
	return nil
}

// saleAboveRefunds: nothing was ever paid less for an order than has gone back for it (L-13); a smaller amount that a platform
// tells after a refund is a mistake of one side or the other, and people find out whose.
func saleAboveRefunds(f *Facts) *fault.Fault {
	if f.Sale == nil || !slices.Contains(f.Changed, "paid_fen") {
		return nil
	}
	if stated := whole(f.After, "paid_fen"); stated < f.Sale.RefundedFen {
		return refuse("sale.below_refunds").On("paid_fen").With("stated", price.Yuan(stated)).With("refunded", price.Yuan(f.Sale.RefundedFen))
	}
	return nil
}

// saleLineOpen: lines are added while their order is incoming.
func saleLineOpen(f *Facts) *fault.Fault {
	if f.Sale == nil || f.Sale.State == saleIncoming {
		return nil
	}
	return refuse("sale.frozen").On("sales_order")
}

// saleLineUnfrozen: the amounts of a line change while its order is incoming.
func saleLineUnfrozen(f *Facts) *fault.Fault {
	if f.Sale == nil || f.Sale.State == saleIncoming {
		return nil
	}
	return frozenOf(f, lineAmounts)
}

func frozenOf(f *Facts, amounts []string) *fault.Fault {
	for _, name := range f.Changed {
		if slices.Contains(amounts, name) {
			return refuse("sale.frozen").On(name)
		}
	}
	return nil
}

// saleLinePriced: what was paid for a line is quantity × unit price less its share of the discount, never below nothing.
func saleLinePriced(f *Facts) *fault.Fault {
	list, discount := whole(f.After, "quantity")*whole(f.After, "unit_fen"), whole(f.After, "discount_fen")
	if discount > list {
		return refuse("sale.line_discount").On("discount_fen").With("most", price.Yuan(list))
	}
	if stated := whole(f.After, "paid_fen"); stated != list-discount {
		return refuse("sale.line_paid").On("paid_fen").With("stated", price.Yuan(stated)).With("sum", price.Yuan(list-discount))
	}
	return nil
}
