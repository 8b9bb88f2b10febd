package migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// A shop's policies are figures of the service lane, or what holds for claims 退换货 of one product line (L-03 … L-15).
func init() {
	m.Register(func(app core.App) error { return policyKinds(app, "service_lane", "claims") },
		func(app core.App) error { return policyKinds(app, "service_lane") })
}

// policyKinds sets what a policy may be of.
func policyKinds(app core.App, kinds ...string) error {
	c, err := app.FindCollectionByNameOrId("policies")
	if err != nil {
		return err
	}
	field, ok := c.Fields.GetByName("kind").(*core.SelectField)
	if !ok {
		return errors.New("policies.kind is no choice")
	}
	field.Values = kinds
	return app.Save(c)
}
