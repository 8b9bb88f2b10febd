package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Every index of a table ends with the row's number, which is the seq of a change: an index by shop is an index by shop and
// seq. Named once more, the seq stood in each entry twice; and few rows of two collections share an id, so that the index by
// record need not hold the collection. Each change writes into all of them.
func init() {
	m.Register(func(app core.App) error { return reindexChanges(app, "record", "shop", "customer") },
		func(app core.App) error {
			return reindexChanges(app, "record, collection, seq", "shop, seq", "customer, seq")
		})
}

// reindexChanges puts the indexes of the change log on these columns.
func reindexChanges(app core.App, ofRecord, ofShop, ofCustomer string) error {
	for _, statement := range []string{
		"DROP INDEX idx_sync_changes_record", "CREATE INDEX idx_sync_changes_record ON sync_changes (" + ofRecord + ")",
		"DROP INDEX idx_sync_changes_shop", "CREATE INDEX idx_sync_changes_shop ON sync_changes (" + ofShop + ")",
		"DROP INDEX idx_sync_changes_customer", "CREATE INDEX idx_sync_changes_customer ON sync_changes (" + ofCustomer + ") WHERE customer != ''",
	} {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			return err
		}
	}
	return nil
}
