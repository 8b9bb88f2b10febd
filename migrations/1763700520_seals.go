package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Seals (S-03): the private halves of the sealing keys in a plain table that no API reads, the public halves as rows that
// every tablet holds, and what the server seals of a consent when it stores it.
func init() {
	m.Register(func(app core.App) error {
		if _, err := app.DB().NewQuery(`CREATE TABLE seal_secrets (key TEXT PRIMARY KEY, seed TEXT NOT NULL, public TEXT NOT NULL,
			since TEXT NOT NULL, until TEXT NOT NULL DEFAULT '', handover TEXT NOT NULL DEFAULT '') WITHOUT ROWID`).Execute(); err != nil {
			return err
		}
		if err := createSealKeys(app); err != nil {
			return err
		}
		return sealConsents(app)
	}, func(app core.App) error {
		if err := unsealConsents(app); err != nil {
			return err
		}
		if err := drop("seal_keys")(app); err != nil {
			return err
		}
		_, err := app.DB().DropTable("seal_secrets").Execute()
		return err
	})
}

func createSealKeys(app core.App) error {
	c := core.NewBaseCollection("seal_keys")
	c.Fields.Add(words("key", 16), words("public", 43), moment("since"), date("until"), object("handover"))
	if err := common(app, c); err != nil {
		return err
	}
	unique(c, "shop,key", "")
	guarded(c, ownShop)
	return app.Save(c)
}

func sealConsents(app core.App) error {
	c, err := app.FindCollectionByNameOrId("consents")
	if err != nil {
		return err
	}
	c.Fields.Add(text("code", 32), object("seal"), date("sealed_at"), object("counterseal"), text("link", 15))
	c.AddIndex("idx_consents_unique_code", true, "code", "code != ''")
	return app.Save(c)
}

func unsealConsents(app core.App) error {
	c, err := app.FindCollectionByNameOrId("consents")
	if err != nil {
		return err
	}
	c.RemoveIndex("idx_consents_unique_code")
	for _, name := range []string{"code", "seal", "sealed_at", "counterseal", "link"} {
		c.Fields.RemoveByName(name)
	}
	return app.Save(c)
}
