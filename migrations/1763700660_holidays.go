package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Holidays 节假日安排 (L-16): what the State Council announced for a year, where a manager loads one that did not come with the
// product, or corrects one. Rows are added and withdrawn, never edited, so that a due time can be explained later.
func init() {
	m.Register(func(app core.App) error {
		c := core.NewBaseCollection("holidays")
		c.Fields.Add(atLeast("revision", 1, true), between("year", 2000, 2100), words("source", 400), content("days_off"), object("makeup_days"))
		c.Fields.Add(text("note", 400), yes("active"))
		if err := ofShop(app, c); err != nil {
			return err
		}
		unique(c, "shop,year,revision", "")
		guarded(c, ownShop)
		return app.Save(c)
	}, drop("holidays"))
}
