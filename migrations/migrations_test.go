package migrations_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	_ "aftercare/migrations"

	_ "github.com/pocketbase/pocketbase/migrations"
)

type field struct {
	Type     string   `json:"type"`
	To       string   `json:"to"`
	Required bool     `json:"required"`
	Multiple bool     `json:"multiple"`
	Values   []string `json:"values"`
	Min      *float64 `json:"min"`
	Max      *float64 `json:"max"`
}

type entity struct {
	Collection string           `json:"collection"`
	Common     *bool            `json:"common"`
	Auth       bool             `json:"auth"`
	States     []string         `json:"states"`
	Fields     map[string]field `json:"fields"`
}

type table struct {
	Common   map[string]field  `json:"common"`
	Entities map[string]entity `json:"entities"`
}

func readTable(t *testing.T) table {
	t.Helper()
	b, err := os.ReadFile("../internal/flow/table.json")
	if err != nil {
		t.Fatal(err)
	}
	var tab table
	if err := json.Unmarshal(b, &tab); err != nil {
		t.Fatal(err)
	}
	return tab
}

func migrated(t *testing.T) core.App {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.ResetBootstrapState() })
	if err := app.RunAllMigrations(); err != nil {
		t.Fatal(err)
	}
	return app
}

// The flow table and the migrated collections say the same: names, types, values, relations, limits.
func TestCollectionsMatchTheFlowTable(t *testing.T) {
	app, tab := migrated(t), readTable(t)
	for name, e := range tab.Entities {
		t.Run(name, func(t *testing.T) {
			c, err := app.FindCollectionByNameOrId(e.Collection)
			if err != nil {
				t.Fatal(err)
			}
			if c.IsAuth() != e.Auth {
				t.Errorf("auth is %v, table says %v", c.IsAuth(), e.Auth)
			}
			want := maps.Clone(e.Fields)
			if e.Common == nil || *e.Common {
				maps.Copy(want, tab.Common)
			}
			for f, def := range want {
				if f == "state" {
					def.Values = e.States
				}
				compare(t, app, c, f, def)
			}
			for _, f := range c.Fields {
				if _, ok := want[f.GetName()]; !ok && !f.GetSystem() {
					t.Errorf("%s.%s is not in the table", c.Name, f.GetName())
				}
			}
		})
	}
}

func compare(t *testing.T, app core.App, c *core.Collection, name string, want field) {
	t.Helper()
	f := c.Fields.GetByName(name)
	if f == nil {
		t.Errorf("%s.%s is missing", c.Name, name)
		return
	}
	types := map[string]string{"int": "number", "number": "number", "text": "text", "date": "date", "bool": "bool",
		"json": "json", "select": "select", "relation": "relation"}
	if f.Type() != types[want.Type] {
		t.Errorf("%s.%s is %s, table says %s", c.Name, name, f.Type(), want.Type)
		return
	}
	switch x := f.(type) {
	case *core.SelectField:
		if !slices.Equal(x.Values, want.Values) || (x.MaxSelect > 1) != want.Multiple {
			t.Errorf("%s.%s has values %v, table says %v", c.Name, name, x.Values, want.Values)
		}
	case *core.RelationField:
		to, err := app.FindCollectionByNameOrId(x.CollectionId)
		if err != nil || to.Name != want.To || (x.MaxSelect > 1) != want.Multiple || x.CascadeDelete {
			t.Errorf("%s.%s: relation differs from the table (cascade %v)", c.Name, name, x.CascadeDelete)
		}
	case *core.TextField:
		if want.Max != nil && x.Max != int(*want.Max) {
			t.Errorf("%s.%s has at most %d characters, table says %v", c.Name, name, x.Max, *want.Max)
		}
	case *core.NumberField:
		if x.OnlyInt != (want.Type == "int") || !same(x.Min, want.Min) || !same(x.Max, want.Max) {
			t.Errorf("%s.%s: limits differ from the table", c.Name, name)
		}
	}
}

func same(a, b *float64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// Nobody without a login reads or writes anything.
func TestEveryRuleAsksForALogin(t *testing.T) {
	app := migrated(t)
	for _, e := range readTable(t).Entities {
		c, err := app.FindCollectionByNameOrId(e.Collection)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range []*string{c.ListRule, c.ViewRule, c.CreateRule, c.UpdateRule, c.DeleteRule} {
			if rule == nil || *rule == "" {
				t.Errorf("%s has a rule that is empty or left to superusers", c.Name)
			}
		}
	}
	if _, err := app.FindCollectionByNameOrId("users"); err == nil {
		t.Error("the sample collection users is still there")
	}
}

// A step can be undone and done again.
func TestDownAndUpAgain(t *testing.T) {
	app := migrated(t)
	runner := core.NewMigrationsRunner(app, core.AppMigrations)
	all, err := runner.Down(len(core.AppMigrations.Items()))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(core.AppMigrations.Items()) {
		t.Fatalf("undone %d of %d steps", len(all), len(core.AppMigrations.Items()))
	}
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
}
