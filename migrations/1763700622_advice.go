package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// That a passed order has nothing to advise and nothing to warn of is said, too: silence is no answer.
func init() {
	m.Register(func(app core.App) error {
		return widened(app, map[string][]core.Field{"work_orders": {yes("advice_none")}}, nil)
	}, func(app core.App) error {
		return narrowed(app, map[string][]string{"work_orders": {"advice_none"}}, nil)
	})
}
