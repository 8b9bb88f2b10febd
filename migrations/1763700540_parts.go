package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The parts catalogue 配件 with its levels, and what is ordered 采购 and received 到货验收 (P-01, P-02, P-05, B-06).
func init() {
	m.Register(func(app core.App) error {
		for _, create := range []func(core.App) error{createParts, createPurchaseOrders, createGoodsReceipts} {
			if err := create(app); err != nil {
				return err
			}
		}
		return nil
	}, drop("parts", "purchase_orders", "goods_receipts"))
}

// quantity is thousandths of a part's unit, as in the part lines of a job.
func quantity(name string, required bool) core.Field {
	least := 0.0
	if required {
		least = 1
	}
	most := 1e7
	return &core.NumberField{Name: name, OnlyInt: true, Min: &least, Max: &most, Required: required}
}

// ofShop adds the common fields, with the shop's rows indexed in the order a snapshot reads them.
func ofShop(app core.App, c *core.Collection) error {
	if err := common(app, c); err != nil {
		return err
	}
	c.RemoveIndex(indexName(c, "", "shop"))
	index(c, "shop,id")
	return nil
}

func createParts(app core.App) error {
	c := core.NewBaseCollection("parts")
	c.Fields.Add(words("number", 60), words("name", 120), choice("class", true, "A", "B", "C", "D"), text("unit", 20))
	c.Fields.Add(choice("grade", false, "genuine", "aftermarket"), between("price_fen", 0, 1e9), between("cost_fen", 0, 1e9))
	c.Fields.Add(quantity("minimum_milli", false), text("shelf", 40), text("workshop_shelf", 40), text("barcode", 60))
	c.Fields.Add(object("substitutes"), text("supplier", 120), between("lead_days", 0, 365), yes("active"), text("note", 2000))
	c.Fields.Add(whole("store_milli"), whole("workshop_milli"), date("last_in_at"), date("last_out_at"))
	if err := ofShop(app, c); err != nil {
		return err
	}
	unique(c, "shop,number", "")
	guarded(c, ownShop)
	return app.Save(c)
}

func createPurchaseOrders(app core.App) error {
	ids, err := relations(app, "parts", "visits", "work_orders", "jobs")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("purchase_orders")
	c.Fields.Add(one("part", ids[0], true), quantity("quantity_milli", true), choice("cause", true, "shortage", "minimum", "manual"))
	c.Fields.Add(one("visit", ids[1], false), one("work_order", ids[2], false), one("job", ids[3], false), text("appointment", 15))
	c.Fields.Add(choice("state", true, "proposed", "ordered", "received", "cancelled"), text("number", 60), text("supplier", 120))
	c.Fields.Add(between("unit_fen", 0, 1e9), date("expected_on"), date("ordered_at"))
	c.Fields.Add(between("deposit_fen", 0, 1e10), text("deposit_reference", 80), whole("received_milli"), text("reason", 400), text("key", 80))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "part")
	index(c, "job")
	index(c, "shop,state")
	unique(c, "shop,key", "key != ''")
	guarded(c, ownShop)
	return app.Save(c)
}

func createGoodsReceipts(app core.App) error {
	ids, err := relations(app, "parts", "purchase_orders", "templates", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("goods_receipts")
	c.Fields.Add(one("part", ids[0], true), one("purchase_order", ids[1], false), one("template", ids[2], true), whole("template_revision"))
	c.Fields.Add(text("supplier", 120), text("delivery_note", 80), quantity("quantity_milli", true), quantity("damaged_milli", false))
	c.Fields.Add(object("items"), text("reason", 400), choice("state", true, "open", "checked", "sent_back"))
	c.Fields.Add(one("checked_by", ids[3], false), date("checked_at"), whole("stocked_milli"), date("sent_back_at"))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "part")
	index(c, "purchase_order")
	guarded(c, ownShop)
	return app.Save(c)
}
