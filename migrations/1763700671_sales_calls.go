package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Signed calls of shop platforms: each shop's secret, and the ids of calls that were taken lately. Plain tables that no API
// reads, for no tablet may hold a secret, and a call must cost one insert.
var salesCallTables = []string{
	`CREATE TABLE sales_secrets (shop TEXT PRIMARY KEY, secret TEXT NOT NULL, made_at TEXT NOT NULL, made_by TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE sales_calls (shop TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (shop, id)) WITHOUT ROWID`,
}

func init() {
	m.Register(func(app core.App) error {
		for _, statement := range salesCallTables {
			if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		for _, table := range []string{"sales_calls", "sales_secrets"} {
			if _, err := app.DB().DropTable(table).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
