package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What the server remembers of itself: that this database is a test's, for ever, and in which epoch mails last went out.
func init() {
	m.Register(func(app core.App) error {
		_, err := app.DB().NewQuery(`CREATE TABLE server_marks (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`).Execute()
		return err
	}, func(app core.App) error {
		_, err := app.DB().DropTable("server_marks").Execute()
		return err
	})
}
