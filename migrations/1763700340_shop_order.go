package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// A snapshot reads a shop's rows in the order of their ids, page after page: the index by shop also says the id, so that
// no page has to sort the shop anew.
func init() {
	m.Register(func(app core.App) error { return reindexShops(app, "shop", "shop,id") },
		func(app core.App) error { return reindexShops(app, "shop,id", "shop") })
}

// reindexShops puts an index on the columns to in the place of the one on the columns from, wherever there is one.
func reindexShops(app core.App, from, to string) error {
	all, err := app.FindAllCollections()
	if err != nil {
		return err
	}
	for _, c := range all {
		before := slices.Clone(c.Indexes)
		c.RemoveIndex(indexName(c, "", from))
		if len(c.Indexes) == len(before) {
			continue
		}
		index(c, to)
		if err := app.Save(c); err != nil {
			return err
		}
	}
	return nil
}
