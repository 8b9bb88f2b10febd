package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Policies and templates: the shop's figures and checklists as data, by revision. A running case keeps the
// revision it began with, so rows are added and switched, never edited.
func init() {
	m.Register(func(app core.App) error {
		p := core.NewBaseCollection("policies")
		p.Fields.Add(choice("kind", true, "service_lane"), atLeast("revision", 1, true), content("data"), yes("active"))
		if err := common(app, p); err != nil {
			return err
		}
		unique(p, "shop,kind,revision", "")
		guarded(p, ownShop)
		if err := app.Save(p); err != nil {
			return err
		}

		t := core.NewBaseCollection("templates")
		t.Fields.Add(choice("kind", true, "walkaround", "device_check", "new_vehicle", "goods_receiving"))
		t.Fields.Add(atLeast("revision", 1, true), content("title"), content("items"), object("codes"), yes("active"))
		if err := common(app, t); err != nil {
			return err
		}
		unique(t, "shop,kind,revision", "")
		guarded(t, ownShop)
		return app.Save(t)
	}, drop("policies", "templates"))
}
