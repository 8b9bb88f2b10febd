package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The walk-around 环车检查: one inspection by a template, its findings, and marks on the drawing.
func init() {
	m.Register(func(app core.App) error {
		if err := createInspections(app); err != nil {
			return err
		}
		if err := createFindings(app); err != nil {
			return err
		}
		return createDamageMarks(app)
	}, drop("inspections", "findings", "damage_marks"))
}

func createInspections(app core.App) error {
	ids, err := relations(app, "visits", "templates")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("inspections")
	c.Fields.Add(one("visit", ids[0], true), one("template", ids[1], true), whole("template_revision"))
	c.Fields.Add(date("completed_at"), text("note", 2000))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	guarded(c, either(ownShop, ownVisit))
	return app.Save(c)
}

func createFindings(app core.App) error {
	ids, err := relations(app, "visits", "inspections")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("findings")
	c.Fields.Add(one("visit", ids[0], true), one("inspection", ids[1], true), words("item", 60))
	c.Fields.Add(choice("result", true, "good", "attention", "bad"), whole("level"), text("note", 2000))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "inspection")
	guarded(c, either(ownShop, ownVisit))
	return app.Save(c)
}

func createDamageMarks(app core.App) error {
	ids, err := relations(app, "visits", "inspections", "vehicles")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("damage_marks")
	c.Fields.Add(one("visit", ids[0], true), one("inspection", ids[1], true), one("vehicle", ids[2], true))
	c.Fields.Add(choice("view", true, "front", "rear", "left", "right", "roof", "interior"), share("x"), share("y"))
	c.Fields.Add(text("zone", 60), text("area", 20), text("kind", 20), text("severity", 20), atLeast("code_version", 1, false))
	c.Fields.Add(text("note", 2000))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "vehicle")
	guarded(c, either(ownShop, ownVisit))
	if err := app.Save(c); err != nil {
		return err
	}
	// The mark of an earlier visit this one is the same scratch as: a relation to the collection itself.
	c.Fields.Add(one("seen_before", c.Id, false))
	return app.Save(c)
}
