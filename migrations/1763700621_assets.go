package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Files of things that are no vehicles (V-07): devices 设备, known by serial and label number, and goods 商品, known by order,
// batch and inspection number. Which of them a kind must have is the table's affair, not the column's.
func init() {
	m.Register(func(app core.App) error {
		customers, err := find(app, "customers")
		if err != nil {
			return err
		}
		c := core.NewBaseCollection("assets")
		c.Fields.Add(choice("kind", true, "device", "goods"), text("name", 120), one("customer", customers, false))
		c.Fields.Add(text("brand", 60), text("model", 80), text("serial", 80), text("label", 60), text("configuration", 2000))
		c.Fields.Add(text("order_number", 80), text("batch_number", 80), text("inspection_number", 80))
		c.Fields.Add(date("purchased_on"), date("warranty_from"), date("warranty_until"), text("note", 2000), text("external_id", 80))
		c.Fields.Add(choice("status", false, "scrapped", "sold", "moved_away"), date("status_on"), text("status_note", 400))
		if err := ofShop(app, c); err != nil {
			return err
		}
		index(c, "customer")
		unique(c, "shop,external_id", "external_id != ''")
		guarded(c, ownShop)
		return app.Save(c)
	}, drop("assets"))
}
