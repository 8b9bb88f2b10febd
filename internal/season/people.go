package season

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"

	"aftercare/internal/record"
	"aftercare/internal/setup"
)

// Person is one of the shop's people.
type Person struct {
	ID, Name string
	Roles    []string
	Skill    int
	free     time.Time // until when what was asked of them takes
}

// team is the shop's people by what they do; who is one of many is a list.
type team struct {
	advisors, technicians                                                                []*Person
	expert, leader, inspector, parts, warehouse, cashier, finance, guard, agent, manager *Person
}

// Advisors and Technicians of the season's shop.
const (
	Advisors    = 3
	Technicians = 12
)

// Open opens a shop with everything a season needs: its people, its hours, its store. It returns the shop's id. Nobody can sign in
// with a password: the season's tablets are signed in already.
func Open(app core.App, code string) (string, error) {
	shop, err := setup.OpenShop(app, setup.Shop{Code: code, Name: "四季店", TimeZone: "Asia/Shanghai"})
	if err != nil {
		return "", err
	}
	hire := func(name, role string, skill int) error { return hire(app, shop, code+"-"+name, role, skill) }
	for i := range Advisors {
		if err := hire(fmt.Sprintf("advisor%d", i+1), "advisor", 2); err != nil {
			return "", err
		}
	}
	for i := range Technicians {
		if err := hire(fmt.Sprintf("technician%02d", i+1), "technician", 1+(i+2)%5); err != nil {
			return "", err
		}
	}
	for _, role := range []string{"expert", "leader", "inspector", "parts", "warehouse", "cashier", "finance", "guard", "agent", "manager"} {
		if err := hire(role, role, 5); err != nil {
			return "", err
		}
	}
	_, err = record.Create(app, record.System(shop), record.Capacities, map[string]any{"shop": shop, "revision": 2, "from_day": "2020-01-02", "weekdays": "1234567",
		"opens": 480, "closes": 1080, "slot_minutes": 60, "bays": 10, "technicians": Technicians, "bookable_percent": 80, "active": true})
	if err != nil {
		return "", err
	}
	return shop, stockUp(app, shop)
}

// hire adds a member of staff with a password that nobody knows.
func hire(app core.App, shop, name, role string, skill int) error {
	collection, err := app.FindCachedCollectionByNameOrId(record.Staff)
	if err != nil {
		return err
	}
	row := core.NewRecord(collection)
	row.Load(values{"shop": shop, "username": name, "name": name, "roles": []string{role}, "skill": skill, "active": true, "email": name + "@aftercare.local"})
	secret, err := bcrypt.GenerateFromPassword([]byte(core.GenerateDefaultRandomId()), bcrypt.MinCost)
	if err != nil {
		return err
	}
	row.SetRaw(core.FieldNamePassword, &core.PasswordFieldValue{Hash: string(secret)})
	row.RefreshTokenKey()
	return app.SaveWithContext(record.WithActor(context.Background(), record.System(shop)), row)
}

func (s *Season) readTeam() error {
	rows, err := s.app.FindRecordsByFilter(record.Staff, "shop = {:shop} && active = true", "username", 0, 0, dbx.Params{"shop": s.shop})
	if err != nil {
		return err
	}
	one := map[string]**Person{"expert": &s.team.expert, "leader": &s.team.leader, "inspector": &s.team.inspector, "parts": &s.team.parts, "warehouse": &s.team.warehouse,
		"cashier": &s.team.cashier, "finance": &s.team.finance, "guard": &s.team.guard, "agent": &s.team.agent, "manager": &s.team.manager}
	for _, row := range rows {
		actor, _ := record.FromAuth(row, record.DoorPush)
		p := &Person{ID: row.Id, Name: actor.Name, Roles: actor.Roles, Skill: row.GetInt(record.FieldSkill)}
		switch {
		case slices.Contains(p.Roles, "advisor"):
			s.team.advisors = append(s.team.advisors, p)
		case slices.Contains(p.Roles, "technician"):
			s.team.technicians = append(s.team.technicians, p)
			s.all = append(s.all, &bench{s: s, person: p, rest: time.Weekday(len(s.all) % 7)})
		}
		for _, role := range p.Roles {
			if place := one[role]; place != nil && *place == nil {
				*place = p
			}
		}
	}
	for role, place := range one {
		if *place == nil {
			return fmt.Errorf("the shop has no %s", role)
		}
	}
	if len(s.team.advisors) == 0 || len(s.team.technicians) == 0 {
		return fmt.Errorf("the shop has %d advisors and %d technicians", len(s.team.advisors), len(s.team.technicians))
	}
	return nil
}

// readTemplates learns the lists that the shop works by.
func (s *Season) readTemplates() error {
	s.items = map[string][]string{}
	for kind, into := range map[string]*string{"walkaround": &s.template, "goods_receiving": &s.receiving} {
		row, err := s.app.FindFirstRecordByFilter(record.Templates, "shop = {:shop} && kind = {:kind} && active = true", dbx.Params{"shop": s.shop, "kind": kind})
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		*into = row.Id
		var items []struct{ Code, Group string }
		if err := json.Unmarshal([]byte(row.GetString(record.FieldItems)), &items); err != nil {
			return err
		}
		for _, item := range items {
			if kind == "goods_receiving" {
				s.answers = append(s.answers, values{"code": item.Code, "ok": true})
				continue
			}
			if len(s.items[item.Group]) == 0 {
				s.groups = append(s.groups, item.Group)
			}
			s.items[item.Group] = append(s.items[item.Group], item.Code)
		}
	}
	return nil
}

// as is a save through the hooks in the name of the person.
func as(shop string, app core.App, role string) (record.Actor, error) {
	row, err := app.FindFirstRecordByFilter(record.Staff, "shop = {:shop} && roles ~ {:role} && active = true", dbx.Params{"shop": shop, "role": role})
	if err != nil {
		return record.Actor{}, fmt.Errorf("no %s: %w", role, err)
	}
	actor, _ := record.FromAuth(row, record.DoorServer)
	return actor, nil
}
