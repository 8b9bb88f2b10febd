package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Leaving: delivery 交车 (D-01 … D-05), gate passes 出厂放行条, and what was shown at the gate (D-07).
func init() {
	m.Register(func(app core.App) error {
		for _, create := range []func(core.App) error{createDeliveries, createGatePasses, createGateUses} {
			if err := create(app); err != nil {
				return err
			}
		}
		return nil
	}, drop("deliveries", "gate_passes", "gate_uses"))
}

func createDeliveries(app core.App) error {
	ids, err := relations(app, "visits", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("deliveries")
	c.Fields.Add(one("visit", ids[0], true), choice("state", true, "open", "accepted"))
	c.Fields.Add(date("washed_at"), date("handed_in_at"), one("handed_in_by", ids[1], false), date("keys_at"), date("papers_at"), text("parking", 40))
	c.Fields.Add(date("result_shown_at"), date("old_parts_at"), text("old_parts_labels", 400), date("spare_tools_at"), date("compared_at"), text("compare_note", 2000))
	c.Fields.Add(date("next_service_at"), between("next_service_km", 0, 9_999_999), text("follow_up_when", 120))
	c.Fields.Add(date("covers_off_at"), date("belongings_at"), text("belongings_note", 2000))
	c.Fields.Add(text("signer_name", 120), choice("signer_relation", false, "self", "family", "agent"), object("strokes"), date("signed_at"))
	if err := common(app, c); err != nil {
		return err
	}
	unique(c, "visit", "")
	guarded(c, ownShop)
	return app.Save(c)
}

func createGatePasses(app core.App) error {
	ids, err := relations(app, "visits", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("gate_passes")
	c.Fields.Add(one("visit", ids[0], true), words("number", 24), choice("state", true, "issued", "used", "void"), words("plate", 16))
	c.Fields.Add(moment("issued_at"), moment("valid_until"), text("token", 2000), yes("offline"))
	c.Fields.Add(date("used_at"), one("used_by", ids[1], false), text("void_reason", 400), date("voided_at"), one("voided_by", ids[1], false))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	guarded(c, ownShop)
	if err := app.Save(c); err != nil {
		return err
	}
	c.Fields.Add(one("replaces", c.Id, false)) // the voided pass this one was made instead of
	return app.Save(c)
}

func createGateUses(app core.App) error {
	visits, err := find(app, "visits")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("gate_uses")
	c.Fields.Add(one("visit", visits, false), words("pass", 15), text("plate", 16), text("token", 2000), moment("used_at"), text("note", 400))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "pass")
	index(c, "visit")
	guarded(c, ownShop)
	return app.Save(c)
}
