package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// One-time codes of people who bought online (L-02), and how often they were asked for: by hash, in a plain table that no API
// reads.
func init() {
	m.Register(func(app core.App) error {
		_, err := app.DB().NewQuery(`CREATE TABLE buyer_codes (key TEXT PRIMARY KEY, code TEXT NOT NULL DEFAULT '', until TEXT NOT NULL DEFAULT '',
			asked_at TEXT NOT NULL DEFAULT '', since TEXT NOT NULL DEFAULT '', asked INTEGER NOT NULL DEFAULT 0,
			tries INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`).Execute()
		return err
	}, func(app core.App) error {
		_, err := app.DB().DropTable("buyer_codes").Execute()
		return err
	})
}
