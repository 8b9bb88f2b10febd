package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What became of a file (V-05): a vehicle scrapped 报废, sold 已售 or moved away 迁出, a customer moved away; and two files of
// one car or person read as one 并档. A merge is a row of its own and moves nothing, so that taking it back loses nothing.
func init() {
	m.Register(func(app core.App) error {
		if err := widened(app, map[string][]core.Field{
			"vehicles":  {choice("status", false, "scrapped", "sold", "moved_away"), date("status_on"), text("status_note", 400)},
			"customers": {choice("status", false, "moved_away"), date("status_on"), text("status_note", 400)},
		}, nil); err != nil {
			return err
		}
		return createMerges(app)
	}, func(app core.App) error {
		if err := drop("merges")(app); err != nil {
			return err
		}
		return narrowed(app, map[string][]string{
			"vehicles":  {"status", "status_on", "status_note"},
			"customers": {"status", "status_on", "status_note"},
		}, nil)
	})
}

func createMerges(app core.App) error {
	c := core.NewBaseCollection("merges")
	c.Fields.Add(choice("collection", true, "vehicles", "customers", "assets"), words("kept", 15), words("folded", 15))
	c.Fields.Add(words("reason", 400), choice("state", true, "done", "undone"))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "kept")
	unique(c, "collection,folded", "state = 'done'")
	guarded(c, ownShop)
	return app.Save(c)
}
