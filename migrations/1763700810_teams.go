package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// A shop with several teams 班组 says who works in which; where nobody has one, the shop is a single team (W-01).
func init() {
	m.Register(func(app core.App) error {
		return widened(app, map[string][]core.Field{"staff": {text("team", 40)}}, nil)
	}, func(app core.App) error {
		return narrowed(app, map[string][]string{"staff": {"team"}}, nil)
	})
}
