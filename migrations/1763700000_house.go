package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The house rules: no collection of strangers, batch writes on within limits, logins slowed down.
func init() {
	m.Register(func(app core.App) error {
		if err := removeUsers(app); err != nil {
			return err
		}
		s := app.Settings()
		s.Meta.AppName = "Aftercare"
		s.Meta.HideControls = true
		s.Batch.Enabled = true
		s.Batch.MaxRequests = 200
		s.Batch.Timeout = 10
		s.Batch.MaxBodySize = 8 << 20
		s.RateLimits.Enabled = true
		// Per address: a shop's tablets share one, and a morning's sign-ins come together.
		s.RateLimits.Rules = []core.RateLimitRule{{Label: "*:auth", MaxRequests: 60, Duration: 60}}
		return app.Save(s)
	}, func(app core.App) error {
		s := app.Settings()
		s.Batch.Enabled = false
		s.RateLimits.Enabled = false
		return app.Save(s)
	})
}

// removeUsers drops PocketBase's sample collection, which anyone may sign up to.
func removeUsers(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return nil // already gone
	}
	n, err := app.CountRecords(users)
	if err != nil {
		return err
	}
	if n > 0 {
		return errNotEmpty
	}
	return app.Delete(users)
}
