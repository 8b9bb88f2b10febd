package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Whether the manufacturer's warranty 质保 bears a job is decided on the job: covered, refused, or waiting for the
// manufacturer; and who decided it, when (E-04).
func init() {
	m.Register(func(app core.App) error {
		staff, err := find(app, "staff")
		if err != nil {
			return err
		}
		return widened(app, map[string][]core.Field{"jobs": {choice("warranty_decision", false, "covered", "refused", "waiting"),
			one("warranty_decision_by", staff, false), date("warranty_decision_at")}}, nil)
	}, func(app core.App) error {
		return narrowed(app, map[string][]string{"jobs": {"warranty_decision", "warranty_decision_by", "warranty_decision_at"}}, nil)
	})
}
