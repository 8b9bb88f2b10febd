package migrations

import (
	"errors"
	"slices"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The customer's own page (S-05): one link for one document, its token kept as a hash in a plain table that no API reads.
// And what the passed order tells the customer: cautions beside the advice, signed for at delivery.
func init() {
	m.Register(func(app core.App) error {
		if _, err := app.DB().NewQuery(`CREATE TABLE link_secrets (link TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, code TEXT NOT NULL DEFAULT '',
			code_until TEXT NOT NULL DEFAULT '', asked_at TEXT NOT NULL DEFAULT '', asked INTEGER NOT NULL DEFAULT 0,
			tries INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`).Execute(); err != nil {
			return err
		}
		if err := createCustomerLinks(app); err != nil {
			return err
		}
		if err := documentKinds(app, "precheck", "estimate", "supplement", "delivery"); err != nil {
			return err
		}
		c, err := app.FindCollectionByNameOrId("work_orders")
		if err != nil {
			return err
		}
		c.Fields.Add(text("cautions", 2000))
		return app.Save(c)
	}, func(app core.App) error {
		c, err := app.FindCollectionByNameOrId("work_orders")
		if err != nil {
			return err
		}
		c.Fields.RemoveByName("cautions")
		if err := app.Save(c); err != nil {
			return err
		}
		if err := documentKinds(app, "precheck", "estimate", "supplement"); err != nil {
			return err
		}
		if err := drop("customer_links")(app); err != nil {
			return err
		}
		_, err = app.DB().DropTable("link_secrets").Execute()
		return err
	})
}

func createCustomerLinks(app core.App) error {
	ids, err := relations(app, "visits", "work_orders", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("customer_links")
	c.Fields.Add(one("visit", ids[0], true), one("work_order", ids[1], true), choice("state", true, "sent", "opened", "decided", "revoked"))
	c.Fields.Add(choice("document_kind", true, "estimate", "supplement"), content("document"), words("sha256", 64), choice("lang", true, "zh", "en"))
	c.Fields.Add(one("sent_by", ids[2], true), text("sent_to", 40), yes("with_code"), moment("expires_at"))
	c.Fields.Add(date("opened_at"), date("decided_at"), text("consent", 15))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "work_order")
	guarded(c, ownShop)
	return app.Save(c)
}

// documentKinds sets which documents a consent may be of.
func documentKinds(app core.App, kinds ...string) error {
	c, err := app.FindCollectionByNameOrId("consents")
	if err != nil {
		return err
	}
	field, ok := c.Fields.GetByName("document_kind").(*core.SelectField)
	if !ok {
		return errors.New("consents.document_kind is no choice")
	}
	field.Values = slices.Clone(kinds)
	return app.Save(c)
}
