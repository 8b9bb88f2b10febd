package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Which installation a device is on: the devices of everybody who shares a tablet name the same, so that a lost tablet
// can be revoked for all of them (O-03).
func init() {
	m.Register(func(app core.App) error {
		c, err := app.FindCollectionByNameOrId("devices")
		if err != nil {
			return err
		}
		c.Fields.Add(text("tablet", 15))
		index(c, "tablet")
		return app.Save(c)
	}, func(app core.App) error {
		c, err := app.FindCollectionByNameOrId("devices")
		if err != nil {
			return err
		}
		c.RemoveIndex("idx_devices_tablet")
		c.Fields.RemoveByName("tablet")
		return app.Save(c)
	})
}
