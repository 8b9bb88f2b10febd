// Package setup opens a shop: the shop itself, the shipped templates and policy as its first revisions, and its
// people. It writes through the same hooks as everybody else and knows nothing of demo data.
package setup

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

//go:embed templates/*.json
var templates embed.FS

// Shop is what a new shop needs to be known by. Code is short and part of every order number; TimeZone is an IANA name.
type Shop struct {
	Code, Name, TimeZone, Address, Phone string
}

// Person is a member of staff who signs in by Username and Password. Skill is 0 to 5. Hash is the password's bcrypt hash where
// it is known already: of many who share one password, the first only has to wait for it.
type Person struct {
	Username, Name, Password, Phone string
	Hash                            string
	Roles                           []string
	Skill                           int
	Team                            string // 班组, "" where the shop has one only (W-01)
}

// OpenShop creates the shop with the shipped templates, policy, capacity and standard times, and returns its id.
func OpenShop(app core.App, s Shop) (string, error) {
	var id string
	err := app.RunInTransaction(func(tx core.App) error {
		shop, err := record.Create(tx, record.System(""), record.Shops, map[string]any{
			"code": s.Code, "name": s.Name, "time_zone": s.TimeZone, "address": s.Address, "phone": s.Phone,
		})
		if err != nil {
			return err
		}
		id = shop.Id
		if _, err := record.Create(tx, record.System(id), record.Policies, map[string]any{
			"shop": id, "kind": "service_lane", "revision": 1, "data": flow.ShippedPolicy(), "active": true,
		}); err != nil {
			return err
		}
		if err := addCapacity(tx, id); err != nil {
			return err
		}
		if err := addStandardTimes(tx, id); err != nil {
			return err
		}
		return addTemplates(tx, id)
	})
	return id, err
}

func addTemplates(app core.App, shop string) error {
	entries, err := templates.ReadDir("templates")
	if err != nil {
		return err
	}
	for _, e := range entries {
		b, err := templates.ReadFile("templates/" + e.Name())
		if err != nil {
			return err
		}
		var t map[string]any
		if err := json.Unmarshal(b, &t); err != nil {
			return fmt.Errorf("template %s: %w", e.Name(), err)
		}
		t["shop"], t["active"] = shop, true
		if _, err := record.Create(app, record.System(shop), record.Templates, t); err != nil {
			return fmt.Errorf("template %s: %w", e.Name(), err)
		}
	}
	return nil
}

// AddStaff creates a member of staff of the shop.
func AddStaff(app core.App, shop string, p Person) (*core.Record, error) {
	values := map[string]any{
		"shop": shop, "username": p.Username, "name": p.Name, "phone": p.Phone,
		"roles": p.Roles, "skill": p.Skill, record.FieldTeam: p.Team, "active": true, "email": p.Username + "@aftercare.local",
	}
	if p.Hash == "" {
		values[core.FieldNamePassword] = p.Password
		return record.Create(app, record.System(shop), record.Staff, values)
	}
	c, err := app.FindCachedCollectionByNameOrId(record.Staff)
	if err != nil {
		return nil, err
	}
	r := core.NewRecord(c)
	r.Load(values)
	r.SetRaw(core.FieldNamePassword, &core.PasswordFieldValue{Hash: p.Hash})
	return r, app.SaveWithContext(record.WithActor(context.Background(), record.System(shop)), r)
}
