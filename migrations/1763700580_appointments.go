package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Appointments 预约 (B-01 … B-08): what the shop can take (capacity as data, by revision), what was agreed on the phone,
// and what has to be ready when the car comes. Standard times 工时 (E-02) price the work.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{createCapacities, createStandardTimes, createAppointments, createPreparations} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, drop("capacities", "standard_times", "appointments", "preparations"))
}

// createCapacities: rows are added by a manager and never edited, so that a figure can be explained later.
func createCapacities(app core.App) error {
	c := core.NewBaseCollection("capacities")
	c.Fields.Add(atLeast("revision", 1, true), words("from_day", 10), text("until_day", 10), words("weekdays", 7))
	c.Fields.Add(between("opens", 0, 1440), between("closes", 0, 1440), between("slot_minutes", 15, 480))
	c.Fields.Add(between("bays", 0, 500), between("technicians", 0, 500), between("bookable_percent", 0, 100))
	c.Fields.Add(text("note", 400), yes("active"))
	if err := common(app, c); err != nil {
		return err
	}
	unique(c, "shop,revision", "")
	guarded(c, ownShop)
	return app.Save(c)
}

func createStandardTimes(app core.App) error {
	c := core.NewBaseCollection("standard_times")
	c.Fields.Add(words("code", 40), words("name", 200))
	c.Fields.Add(choice("system", true, "maintenance", "engine", "transmission", "brake", "suspension", "steering", "electrical",
		"air_conditioning", "tyre", "body", "paint", "other"))
	c.Fields.Add(choice("job_class", true, "maintenance", "mechanical", "electrical", "body", "paint", "diagnosis"))
	c.Fields.Add(between("minutes", 0, 60000), text("symptoms", 1000), between("risk_percent", 0, 100), text("models", 400))
	c.Fields.Add(between("every_km", 0, 1000000), yes("active"))
	if err := common(app, c); err != nil {
		return err
	}
	unique(c, "shop,code", "")
	guarded(c, ownShop)
	return app.Save(c)
}

func createAppointments(app core.App) error {
	ids, err := relations(app, "customers", "vehicles", "staff")
	if err != nil {
		return err
	}
	customers, vehicles, staff := ids[0], ids[1], ids[2]
	c := core.NewBaseCollection("appointments")
	c.Fields.Add(choice("state", true, "requested", "confirmed", "reminded", "arrived", "no_show", "cancelled"))
	c.Fields.Add(choice("source", true, "active", "passive"), choice("channel", false, "phone", "counter", "wechat", "sms", "campaign", "website"))
	c.Fields.Add(one("customer", customers, false), one("vehicle", vehicles, false))
	c.Fields.Add(text("caller_name", 120), text("caller_phone", 40), text("caller_plate", 16))
	c.Fields.Add(one("advisor", staff, false), one("keeper", staff, false))
	c.Fields.Add(choice("purpose", true, "maintenance", "repair", "body", "comeback", "consultation"))
	c.Fields.Add(moment("starts_at"), between("minutes", 15, 2400), between("hands", 1, 9))
	c.Fields.Add(words("needs", 4000), object("lines"), whole("labour_fen"), whole("parts_fen"), whole("total_fen"))
	c.Fields.Add(object("documents"), choice("courtesy_car", false, "none", "wanted", "promised"), text("courtesy_note", 400))
	c.Fields.Add(choice("pickup", false, "none", "fetch", "return", "both"), text("pickup_address", 400), between("pickup_km", 0, 10000))
	c.Fields.Add(text("overbook_slot", 60), text("overbook_reason", 400), one("overbook_by", staff, false))
	c.Fields.Add(text("cancel_reason", 400), text("note", 2000))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "shop,starts_at")
	index(c, "shop,state")
	index(c, "vehicle")
	index(c, "customer")
	guarded(c, ownShop)
	return app.Save(c)
}

func createPreparations(app core.App) error {
	ids, err := relations(app, "appointments", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("preparations")
	c.Fields.Add(one("appointment", ids[0], true))
	c.Fields.Add(choice("kind", true, "bay", "technician", "parts", "tools", "courtesy_car", "papers"), text("need", 400))
	c.Fields.Add(choice("state", true, "open", "ready", "missing"), text("missing_note", 400))
	c.Fields.Add(one("checked_by", ids[1], false), date("checked_at"), date("told_at"), text("told_note", 400))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "appointment")
	index(c, "shop,state")
	guarded(c, ownShop)
	return app.Save(c)
}
