package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Links by which a screen in the lounge shows the shop's board without anybody signing in: only the token's hash is kept.
func init() {
	m.Register(func(app core.App) error {
		_, err := app.DB().NewQuery(`CREATE TABLE board_links (hash TEXT PRIMARY KEY, shop TEXT NOT NULL, made_at TEXT NOT NULL, made_by TEXT NOT NULL) WITHOUT ROWID`).Execute()
		return err
	}, func(app core.App) error {
		_, err := app.DB().DropTable("board_links").Execute()
		return err
	})
}
