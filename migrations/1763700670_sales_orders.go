package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Sales orders 销售订单 from outside, with their lines 明细: what claims 退换修 stand on (L-02, L-10, L-13). Amounts are integer fen.
// Which amounts must add up, and when, is the table's affair, not the column's.
func init() {
	m.Register(func(app core.App) error {
		if err := createSalesOrders(app); err != nil {
			return err
		}
		return createSalesItems(app)
	}, drop("sales_orders", "sales_items"))
}

// fen is an amount of up to a hundred million yuan, never below nothing.
func fen(name string) core.Field { return between(name, 0, 1e10) }

func createSalesOrders(app core.App) error {
	c := core.NewBaseCollection("sales_orders")
	c.Fields.Add(words("platform", 40), words("external_id", 80), between("revision", 0, 1e15), words("number", 80))
	c.Fields.Add(choice("state", true, "incoming", "placed", "cancelled"))
	c.Fields.Add(words("customer_name", 120), text("phone", 40), text("address", 400))
	c.Fields.Add(date("ordered_at"), date("shipped_at"), date("received_at"), text("carrier", 60), text("tracking_number", 80))
	c.Fields.Add(fen("items_fen"), fen("shipping_fen"), fen("discount_fen"), fen("paid_fen"))
	c.Fields.Add(text("invoice_number", 80), text("note", 2000))
	if err := ofShop(app, c); err != nil {
		return err
	}
	unique(c, "shop,platform,external_id", "")
	index(c, "shop,number")
	index(c, "shop,phone")
	guarded(c, ownShop)
	return app.Save(c)
}

func createSalesItems(app core.App) error {
	order, err := find(app, "sales_orders")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("sales_items")
	c.Fields.Add(one("sales_order", order, true), atLeast("line_number", 1, true))
	c.Fields.Add(text("sku", 80), words("name", 200), text("product_line", 40), between("quantity", 0, 10_000))
	c.Fields.Add(between("unit_fen", 0, 1e9), fen("discount_fen"), fen("paid_fen"), yes("gift"))
	c.Fields.Add(text("serial", 80), text("batch_number", 80), object("exemptions"), object("accessories"))
	if err := ofShop(app, c); err != nil {
		return err
	}
	unique(c, "sales_order,line_number", "")
	index(c, "shop,serial")
	guarded(c, ownShop)
	return app.Save(c)
}
