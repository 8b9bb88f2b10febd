package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Comebacks 返修 (C-01, C-02): which earlier job a visit and its jobs come back from, and why it failed, by whose word.
func init() {
	m.Register(func(app core.App) error {
		staff, err := find(app, "staff")
		if err != nil {
			return err
		}
		return widened(app, map[string][]core.Field{
			"visits": {text("comeback_of", 15)},
			"jobs": {text("comeback_of", 15), choice("comeback_cause", false, "workmanship", "part", "customer", "new_fault"), text("comeback_note", 2000),
				one("comeback_cause_by", staff, false), date("comeback_cause_at")},
		}, nil)
	}, func(app core.App) error {
		return narrowed(app, map[string][]string{
			"visits": {"comeback_of"},
			"jobs":   {"comeback_of", "comeback_cause", "comeback_note", "comeback_cause_by", "comeback_cause_at"},
		}, nil)
	})
}
