package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Visits 接车单 are one stay of one vehicle; concerns 客户陈述 its reasons in the customer's own words.
func init() {
	m.Register(func(app core.App) error {
		if err := createVisits(app); err != nil {
			return err
		}
		return createConcerns(app)
	}, drop("visits", "concerns"))
}

func createVisits(app core.App) error {
	ids, err := relations(app, "vehicles", "customers", "staff", "policies")
	if err != nil {
		return err
	}
	vehicles, customers, staff, policies := ids[0], ids[1], ids[2], ids[3]
	c := core.NewBaseCollection("visits")
	c.Fields.Add(words("number", 16), one("vehicle", vehicles, true), one("customer", customers, false), one("advisor", staff, false))
	c.Fields.Add(choice("purpose", true, "maintenance", "repair", "body", "comeback", "consultation"))
	c.Fields.Add(choice("state", true, "open", "inspected", "handed_over", "working", "ready", "released", "left"))
	c.Fields.Add(moment("arrived_at"), between("odometer_km", 0, 9999999), between("energy_level", 0, 100))
	c.Fields.Add(one("policy", policies, false), text("anything_else", 2000), date("anything_else_at"))
	c.Fields.Add(between("covers_pieces", 0, 7), yes("covers_rear"), date("covers_fitted_at"), date("covers_removed_at"))
	c.Fields.Add(date("valuables_exit_at"), date("valuables_boot_at"), date("valuables_end_at"))
	c.Fields.Add(choice("storage", false, "declined", "stored", "none"), text("storage_box", 20), date("belongings_at"))
	c.Fields.Add(choice("stays", false, "lounge", "leaves"), choice("old_parts", false, "keep", "show", "dispose"))
	c.Fields.Add(choice("wash", false, "yes", "no"))
	c.Fields.Add(choice("payment_method", false, "cash", "card", "wechat", "alipay", "transfer"), date("wished_at"))
	c.Fields.Add(one("received_by", staff, false), date("received_at"))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "shop,state")
	index(c, "shop,arrived_at")
	index(c, "vehicle")
	index(c, "customer")
	guarded(c, either(ownShop, ownRow))
	return app.Save(c)
}

func createConcerns(app core.App) error {
	ids, err := relations(app, "visits", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("concerns")
	c.Fields.Add(one("visit", ids[0], true), whole("position"), words("words", 4000), date("confirmed_at"), yes("is_fault"))
	c.Fields.Add(one("expert", ids[1], false), date("expert_at"), text("expert_note", 2000))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	guarded(c, either(ownShop, ownVisit))
	return app.Save(c)
}
