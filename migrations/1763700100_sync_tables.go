package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// syncTables are plain tables, not collections: nobody edits a change log, and its rows must cost one insert.
var syncTables = []string{
	// What this database is called, for as long as it goes on without a restore: epoch, key of the cursors.
	`CREATE TABLE sync_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,

	// Every start of the server, with the log's end at that moment. A cursor that this list cannot explain was made
	// by a later life of the database: it has been restored.
	`CREATE TABLE sync_boots (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, head INTEGER NOT NULL, at TEXT NOT NULL)`,

	// The change log. unit is the seq of the first row of the act that must land whole.
	`CREATE TABLE sync_changes (
		seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL, at TEXT NOT NULL,
		shop TEXT NOT NULL, customer TEXT NOT NULL, collection TEXT NOT NULL, record TEXT NOT NULL,
		version INTEGER NOT NULL, op TEXT NOT NULL, data TEXT NOT NULL, prev TEXT NOT NULL,
		actor TEXT NOT NULL, device TEXT NOT NULL, mutation TEXT NOT NULL)`,
	`CREATE INDEX idx_sync_changes_record ON sync_changes (record, collection, seq)`,
	`CREATE INDEX idx_sync_changes_shop ON sync_changes (shop, seq)`,
	`CREATE INDEX idx_sync_changes_customer ON sync_changes (customer, seq) WHERE customer != ''`,

	// What became of each mutation; written in the transaction of its effect.
	`CREATE TABLE sync_outcomes (device TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, hash TEXT NOT NULL,
		outcome TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID`,

	// The server's private side of a device: settled is its last settled seq, delivered how far it has certainly
	// heard, credential the hash of its push-only secret.
	`CREATE TABLE sync_devices (device TEXT PRIMARY KEY, settled INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0,
		pulled INTEGER NOT NULL DEFAULT 0, credential TEXT NOT NULL DEFAULT '') WITHOUT ROWID`,
}

func init() {
	m.Register(func(app core.App) error {
		for _, statement := range syncTables {
			if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		for _, table := range []string{"sync_devices", "sync_outcomes", "sync_changes", "sync_boots", "sync_meta"} {
			if _, err := app.DB().DropTable(table).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
