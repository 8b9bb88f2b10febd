package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Photos of a claim that a customer sends another way (WeChat, mail) are attached by an agent: which way, and why; they count as
// evidence once an agent lets them, with a reason (L-02, L-14).
func init() {
	m.Register(func(app core.App) error {
		staff, err := find(app, "staff")
		if err != nil {
			return err
		}
		return widened(app, map[string][]core.Field{"photos": {choice("source", false, "wechat", "email", "platform", "other"), text("source_note", 400),
			text("evidence_reason", 400), one("evidence_by", staff, false), date("evidence_at")}}, nil)
	}, func(app core.App) error {
		return narrowed(app, map[string][]string{"photos": {"source", "source_note", "evidence_reason", "evidence_by", "evidence_at"}}, nil)
	})
}
