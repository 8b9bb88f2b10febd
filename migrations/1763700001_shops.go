package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Shops 门店: the border of everything else. Its rules follow with the staff they speak of.
func init() {
	m.Register(func(app core.App) error {
		c := core.NewBaseCollection("shops")
		c.Fields.Add(words("name", 0), words("code", 0), words("time_zone", 0), text("address", 0), text("phone", 0))
		c.Fields.Add(whole("version"), date("created"), date("updated"))
		unique(c, "code", "")
		return app.Save(c)
	}, drop("shops"))
}
