package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What happened to a claim, step by step, with who, when, and the requirement that decided it: one list that customer and
// staff read alike (L-14).
func init() {
	m.Register(func(app core.App) error {
		return widened(app, map[string][]core.Field{"claims": {object("history")}}, nil)
	}, func(app core.App) error {
		return narrowed(app, map[string][]string{"claims": {"history"}}, nil)
	})
}
