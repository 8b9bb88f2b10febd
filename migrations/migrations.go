// Package migrations builds the database in small frozen steps: a step that has been released is never edited, a
// change is a new step. The steps spell out names, limits and values themselves instead of asking package record or
// the flow table, so that an old step keeps its meaning when those move on; a test holds the sum of all steps
// against the table. It promises collections with shop borders in their API rules; who may do what, when, stands in
// the flow table and is held by package hooks at every door.
package migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Borders every API rule is made of. A signed-in member of staff sees the shop's rows, head office every shop's, a
// customer the customer's own rows. Roles are not repeated here: a missing role must be answered with its code, and
// an API rule can only say "no".
const (
	signedInStaff = `@request.auth.collectionName = "staff" && @request.auth.active = true`
	headOffice    = `@request.auth.roles:each ?= "head_office"`
	ownShop       = signedInStaff + ` && (shop = @request.auth.shop || ` + headOffice + `)`
	customer      = `@request.auth.collectionName = "customers"`
	ownVisit      = customer + ` && visit.customer = @request.auth.id`
	ownRow        = customer + ` && customer = @request.auth.id`
)

// either joins two rules by "or".
func either(a, b string) string { return "(" + a + ") || (" + b + ")" }

// guarded sets the five API rules: who may read, and that staff of the shop may write (creating is open to any
// signed-in member of staff, for a foreign shop is refused with a code by package hooks).
func guarded(c *core.Collection, read string) {
	c.ListRule = types.Pointer(read)
	c.ViewRule = types.Pointer(read)
	c.CreateRule = types.Pointer(signedInStaff)
	c.UpdateRule = types.Pointer(ownShop)
	c.DeleteRule = types.Pointer(ownShop)
}

// find returns a collection's id, for a relation to it.
func find(app core.App, name string) (string, error) {
	c, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return "", err
	}
	return c.Id, nil
}

// common adds the fields every row has: its shop, the server's counter, who wrote it when on which device, when
// the tablet captured it, and flags raised instead of a refusal.
func common(app core.App, c *core.Collection) error {
	shops, err := find(app, "shops")
	if err != nil {
		return err
	}
	c.Fields.Add(one("shop", shops, true), whole("version"), date("created"), date("updated"))
	c.Fields.Add(text("created_by", 15), text("updated_by", 15), text("device", 15), date("captured_at"), object("flags"))
	index(c, "shop")
	return nil
}

// index adds a plain index over the columns.
func index(c *core.Collection, columns string) { named(c, "", columns, false, "") }

// unique adds a unique index over the columns, for the rows that where names ("" for all).
func unique(c *core.Collection, columns, where string) { named(c, "unique_", columns, true, where) }

func named(c *core.Collection, prefix, columns string, isUnique bool, where string) {
	c.AddIndex(indexName(c, prefix, columns), isUnique, columns, where)
}

func indexName(c *core.Collection, prefix, columns string) string {
	name := "idx_" + c.Name + "_" + prefix
	for _, r := range columns {
		if r == ',' || r == ' ' {
			r = '_'
		}
		name += string(r)
	}
	return name
}

func text(name string, max int) core.Field { return &core.TextField{Name: name, Max: max} }

func words(name string, max int) core.Field {
	return &core.TextField{Name: name, Max: max, Required: true}
}

func date(name string) core.Field { return &core.DateField{Name: name} }

func moment(name string) core.Field { return &core.DateField{Name: name, Required: true} }

func yes(name string) core.Field { return &core.BoolField{Name: name} }

func whole(name string) core.Field { return &core.NumberField{Name: name, OnlyInt: true} }

func between(name string, min, max float64) core.Field {
	return &core.NumberField{Name: name, OnlyInt: true, Min: &min, Max: &max}
}

func atLeast(name string, min float64, required bool) core.Field {
	return &core.NumberField{Name: name, OnlyInt: true, Min: &min, Required: required}
}

// share is a fraction from 0 to 1, for a point on a drawing.
func share(name string) core.Field {
	zero, one := 0.0, 1.0
	return &core.NumberField{Name: name, Min: &zero, Max: &one}
}

// object is a JSON value of up to 1 MB.
func object(name string) core.Field { return &core.JSONField{Name: name, MaxSize: 1 << 20} }

func content(name string) core.Field {
	return &core.JSONField{Name: name, MaxSize: 1 << 20, Required: true}
}

func choice(name string, required bool, values ...string) core.Field {
	return &core.SelectField{Name: name, Required: required, MaxSelect: 1, Values: values}
}

func choices(name string, values ...string) core.Field {
	return &core.SelectField{Name: name, Required: true, MaxSelect: len(values), Values: values}
}

// one is a relation to a single row; deleting that row never deletes this one.
func one(name, collection string, required bool) core.Field {
	return &core.RelationField{Name: name, CollectionId: collection, MaxSelect: 1, Required: required}
}

func many(name, collection string) core.Field {
	return &core.RelationField{Name: name, CollectionId: collection, MaxSelect: 99}
}

// relations resolves the collections a step refers to, in the order of their names.
func relations(app core.App, names ...string) ([]string, error) {
	ids := make([]string, len(names))
	for i, name := range names {
		id, err := find(app, name)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}

// drop undoes a step: the collections in reverse order of their making.
func drop(names ...string) func(core.App) error {
	return func(app core.App) error {
		for i := len(names) - 1; i >= 0; i-- {
			c, err := app.FindCollectionByNameOrId(names[i])
			if err != nil {
				return err
			}
			if err := app.Delete(c); err != nil {
				return err
			}
		}
		return nil
	}
}

var errNotEmpty = errors.New("the users collection is not empty")
