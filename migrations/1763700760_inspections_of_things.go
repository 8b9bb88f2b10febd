package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// An inspection outside a reception is of a vehicle or of a device's or goods' file: the device check, the delivery
// check of a new vehicle, the check of goods received. It names that, and no visit; its points may not apply.
func init() {
	m.Register(func(app core.App) error {
		ids, err := relations(app, "vehicles", "assets")
		if err != nil {
			return err
		}
		if err := reshaped(app, "inspections", func(c *core.Collection) {
			c.Fields.Add(one("vehicle", ids[0], false), one("asset", ids[1], false))
			index(c, "vehicle")
			index(c, "asset")
			visitRequired(c, false)
		}); err != nil {
			return err
		}
		return reshaped(app, "findings", func(c *core.Collection) {
			visitRequired(c, false)
			result := c.Fields.GetByName("result").(*core.SelectField)
			result.Values = append(result.Values, "none")
		})
	}, func(app core.App) error {
		if err := reshaped(app, "findings", func(c *core.Collection) {
			visitRequired(c, true)
			result := c.Fields.GetByName("result").(*core.SelectField)
			result.Values = slices.DeleteFunc(result.Values, func(v string) bool { return v == "none" })
		}); err != nil {
			return err
		}
		return reshaped(app, "inspections", func(c *core.Collection) {
			c.RemoveIndex(indexName(c, "", "vehicle"))
			c.RemoveIndex(indexName(c, "", "asset"))
			c.Fields.RemoveByName("vehicle")
			c.Fields.RemoveByName("asset")
			visitRequired(c, true)
		})
	})
}

func reshaped(app core.App, name string, change func(*core.Collection)) error {
	c, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	change(c)
	return app.Save(c)
}

func visitRequired(c *core.Collection, required bool) {
	c.Fields.GetByName("visit").(*core.RelationField).Required = required
}
