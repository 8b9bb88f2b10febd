package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What had to be moved of the things left in the car stands beside what the customer signed, not in its place (W-07).
func init() {
	m.Register(func(app core.App) error {
		staff, err := find(app, "staff")
		if err != nil {
			return err
		}
		return widened(app, map[string][]core.Field{"belongings": {date("moved_at"), one("moved_by", staff, false), text("moved_note", 2000)}}, nil)
	}, func(app core.App) error {
		return narrowed(app, map[string][]string{"belongings": {"moved_at", "moved_by", "moved_note"}}, nil)
	})
}
