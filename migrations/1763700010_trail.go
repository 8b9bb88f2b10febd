package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// What people must be able to look up later: values that met, and corrections with their reason.
func init() {
	m.Register(func(app core.App) error {
		if err := createConflicts(app); err != nil {
			return err
		}
		return createCorrections(app)
	}, drop("conflicts", "corrections"))
}

func createConflicts(app core.App) error {
	c := core.NewBaseCollection("conflicts")
	c.Fields.Add(words("collection", 40), words("record", 15), words("field", 60), words("merge", 10))
	c.Fields.Add(object("kept"), object("other"), text("by", 15), text("by_device", 15), text("other_by", 15), text("other_device", 15), text("mutation", 15))
	c.Fields.Add(choice("state", true, "open", "resolved"), choice("resolution", false, "kept", "other", "merged"))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "record")
	index(c, "shop,state")
	guarded(c, ownShop)
	return app.Save(c)
}

func createCorrections(app core.App) error {
	c := core.NewBaseCollection("corrections")
	c.Fields.Add(words("collection", 40), words("record", 15), content("fields"), object("before"), words("reason", 2000))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "record")
	guarded(c, ownShop+` && (@request.auth.roles:each ?= "manager" || `+headOffice+`)`)
	c.UpdateRule = types.Pointer(ownShop)
	return app.Save(c)
}
