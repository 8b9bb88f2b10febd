package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Of a repair everything that was found and agreed to stays, one after the other; work that was stopped costs what was done of it
// (L-12, L-14).
func init() {
	m.Register(func(app core.App) error {
		return widened(app, map[string][]core.Field{"repair_plans": {object("surprises"), between("stopped_fen", 0, mostFen), date("stopped_at")}}, nil)
	}, func(app core.App) error {
		return narrowed(app, map[string][]string{"repair_plans": {"surprises", "stopped_fen", "stopped_at"}}, nil)
	})
}
