package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What an order's jobs are guaranteed for 质量保证, kept with the order it was given for (D-08).
func init() {
	m.Register(func(app core.App) error {
		return widened(app, map[string][]core.Field{"work_orders": {object("warranty")}}, nil)
	}, func(app core.App) error {
		return narrowed(app, map[string][]string{"work_orders": {"warranty"}}, nil)
	})
}
