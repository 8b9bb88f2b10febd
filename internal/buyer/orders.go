package buyer

import (
	"cmp"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/claim"
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// Bought is what a buyer sees of what was bought: the shop, the orders of the buyer's phone, newest first, and the policy of each
// product line in them, so that the page can say what will happen without a network.
type Bought struct {
	Customer Person                  `json:"customer"`
	Shop     Shop                    `json:"shop"`
	Now      string                  `json:"now"` // the server's time, UTC
	Orders   []Order                 `json:"orders"`
	Policies map[string]claim.Policy `json:"policies"` // by product line
}

// Person is the buyer.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// Shop is where the goods go back to.
type Shop struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Address  string `json:"address"`
	TimeZone string `json:"time_zone"`
}

// Order is an order that stands. Amounts in fen, times UTC; ReceivedAt is "" until the goods were accepted.
type Order struct {
	ID         string `json:"id"`
	Number     string `json:"number"`
	State      string `json:"state"`
	OrderedAt  string `json:"ordered_at"`
	ReceivedAt string `json:"received_at"`
	Invoice    string `json:"invoice_number"`
	PaidFen    int64  `json:"paid_fen"`
	Lines      []Line `json:"lines"`
}

// Line is one line of an order; lines that were struck are left out.
type Line struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	SKU         string   `json:"sku"`
	ProductLine string   `json:"product_line"`
	Quantity    int64    `json:"quantity"`
	PaidFen     int64    `json:"paid_fen"`
	Gift        bool     `json:"gift"`
	Exemptions  []string `json:"exemptions"`
	Accessories []string `json:"accessories"` // what came with it and must come back with it (L-09)
}

// most are the orders shown: who bought more asks with the order's number on the phone.
const most = 50

// Orders is what the customer has bought in the shop under the phone of the customer's file.
func (d Desk) Orders(app core.App, customer *core.Record) (Bought, error) {
	c := record.AsCustomer(customer)
	b := Bought{Customer: Person{c.Id, c.Name(), c.Phone()}, Now: record.Text(d.Clock()), Orders: []Order{}, Policies: map[string]claim.Policy{}}
	row, err := app.FindRecordById(record.Shops, c.Shop())
	if err != nil {
		return b, err
	}
	shop := record.AsShop(row)
	b.Shop = Shop{shop.Id, shop.Name(), shop.GetString(record.FieldPhone), shop.GetString(record.FieldAddress), shop.TimeZone()}
	rows := []*core.Record{}
	if c.Phone() != "" {
		err = app.RecordQuery(record.SalesOrders).AndWhere(dbx.HashExp{record.FieldShop: c.Shop(), record.FieldPhone: c.Phone(), record.FieldState: []any{record.SalePlaced, record.SaleCancelled}}).
			OrderBy(record.FieldOrderedAt+" DESC", record.FieldID).Limit(most).All(&rows)
	}
	for _, row := range rows {
		order, lineErr := orderOf(app, record.AsSalesOrder(row))
		if lineErr != nil {
			return b, lineErr
		}
		b.Orders = append(b.Orders, order)
		if err := b.policies(app, c.Shop(), order.Lines); err != nil {
			return b, err
		}
	}
	return b, err
}

func (b *Bought) policies(app core.App, shop string, lines []Line) error {
	for _, line := range lines {
		if _, known := b.Policies[line.ProductLine]; known {
			continue
		}
		policy, _, err := record.ClaimPolicyOf(app, shop, line.ProductLine)
		if f, refused := fault.From(err); refused && f.Code == "claim.line_unknown" {
			continue // nothing can be claimed for it; filing says so
		}
		if err != nil {
			return err
		}
		b.Policies[line.ProductLine] = policy
	}
	return nil
}

func orderOf(app core.App, o *record.SalesOrder) (Order, error) {
	order := Order{ID: o.Id, Number: o.Number(), State: o.State(), OrderedAt: record.Moment(o.Record, record.FieldOrderedAt), ReceivedAt: o.ReceivedAt(),
		Invoice: o.InvoiceNumber(), PaidFen: o.PaidFen(), Lines: []Line{}}
	rows, err := app.FindAllRecords(record.SalesItems, dbx.HashExp{record.FieldSalesOrder: o.Id})
	for _, row := range rows {
		i := record.AsSalesItem(row)
		if i.Quantity() == 0 {
			continue
		}
		order.Lines = append(order.Lines, Line{ID: i.Id, Name: i.Name(), SKU: i.GetString(record.FieldSKU), ProductLine: cmp.Or(i.ProductLine(), claim.DefaultLine),
			Quantity: i.Quantity(), PaidFen: i.PaidFen(), Gift: i.GetBool(record.FieldGift), Exemptions: slices.Clone(i.Exemptions()), Accessories: i.Accessories()})
	}
	slices.SortFunc(order.Lines, func(a, b Line) int { return cmp.Compare(a.ID, b.ID) })
	return order, err
}
