package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The store: count sheets 盘点, the ledger of moves 出入库, reservations 预留 and customers' own parts 客户自带件 (P-01, P-02, W-04, E-03).
func init() {
	m.Register(func(app core.App) error {
		for _, create := range []func(core.App) error{createStockCounts, createStockMoves, createReservations, createCustomerParts} {
			if err := create(app); err != nil {
				return err
			}
		}
		return nil
	}, drop("stock_counts", "stock_moves", "reservations", "customer_parts"))
}

func createStockCounts(app core.App) error {
	staff, err := find(app, "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("stock_counts")
	c.Fields.Add(words("title", 80), choice("place", true, "store", "workshop"), content("lines"))
	c.Fields.Add(choice("state", true, "open", "counted", "approved", "cancelled"), one("counted_by", staff, false), date("counted_at"))
	c.Fields.Add(one("approved_by", staff, false), date("approved_at"), text("note", 2000))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "shop,state")
	guarded(c, ownShop)
	return app.Save(c)
}

func createStockMoves(app core.App) error {
	ids, err := relations(app, "parts", "visits", "work_orders", "jobs", "staff", "goods_receipts", "stock_counts")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("stock_moves")
	c.Fields.Add(choice("kind", true, "in", "out", "transfer", "return", "retail", "adjust", "count", "to_supplier"))
	c.Fields.Add(one("part", ids[0], true), quantity("quantity_milli", true))
	c.Fields.Add(choice("from_place", false, "store", "workshop"), choice("to_place", false, "store", "workshop"))
	c.Fields.Add(one("visit", ids[1], false), one("work_order", ids[2], false), one("job", ids[3], false))
	c.Fields.Add(one("signed_by", ids[4], false), object("strokes"), between("unit_fen", 0, 1e9), text("buyer", 120))
	c.Fields.Add(choice("payment_method", false, "cash", "card", "wechat", "alipay", "transfer"))
	c.Fields.Add(one("goods_receipt", ids[5], false), one("stock_count", ids[6], false), text("reason", 400), date("moved_at"))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "part,created")
	index(c, "job,part")
	index(c, "work_order")
	index(c, "stock_count")
	guarded(c, ownShop)
	return app.Save(c)
}

func createReservations(app core.App) error {
	ids, err := relations(app, "parts", "visits", "work_orders", "jobs")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("reservations")
	c.Fields.Add(one("part", ids[0], true), quantity("quantity_milli", true), one("visit", ids[1], false), one("work_order", ids[2], false))
	c.Fields.Add(one("job", ids[3], false), text("appointment", 15), choice("state", true, "held", "picked", "released"), text("note", 400))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "part,state")
	index(c, "job")
	index(c, "work_order")
	guarded(c, ownShop)
	return app.Save(c)
}

func createCustomerParts(app core.App) error {
	ids, err := relations(app, "visits", "work_orders", "jobs", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("customer_parts")
	c.Fields.Add(one("visit", ids[0], true), one("work_order", ids[1], true), one("job", ids[2], true), words("name", 120))
	c.Fields.Add(quantity("quantity_milli", true), text("unit", 20), words("label", 40), text("shelf", 40), text("note", 400))
	c.Fields.Add(choice("state", true, "received", "issued", "returned"), one("signed_by", ids[3], false), object("strokes"))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "work_order")
	index(c, "job")
	unique(c, "shop,label", "")
	guarded(c, ownShop)
	return app.Save(c)
}
