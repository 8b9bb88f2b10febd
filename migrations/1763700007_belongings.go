package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Photos (R-07; the bytes are files of their own), belongings 随车物品 and key tags.
func init() {
	m.Register(func(app core.App) error {
		if err := createPhotos(app); err != nil {
			return err
		}
		if err := createBelongings(app); err != nil {
			return err
		}
		return createKeyTags(app)
	}, drop("photos", "belongings", "key_tags"))
}

func createPhotos(app core.App) error {
	ids, err := relations(app, "visits")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("photos")
	c.Fields.Add(one("visit", ids[0], false), words("subject_collection", 40), words("subject_record", 15), text("slot", 40))
	c.Fields.Add(words("sha256", 64), atLeast("bytes", 0, false), atLeast("width", 0, false), atLeast("height", 0, false))
	c.Fields.Add(text("media", 60), date("taken_at"), object("drawing"), text("note", 2000))
	c.Fields.Add(choice("state", true, "uploading", "stored", "verified", "refused"), text("stored_sha256", 64), text("refusal", 80))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "sha256")
	index(c, "subject_record")
	guarded(c, either(ownShop, ownVisit))
	return app.Save(c)
}

func createBelongings(app core.App) error {
	ids, err := relations(app, "visits")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("belongings")
	c.Fields.Add(one("visit", ids[0], true), choice("kind", true, "item", "paper", "tool"), words("name", 120))
	c.Fields.Add(between("quantity", 0, 9999), choice("place", false, "in_car", "stored", "customer", "missing"))
	c.Fields.Add(date("valid_until"), text("note", 2000))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	guarded(c, either(ownShop, ownVisit))
	return app.Save(c)
}

func createKeyTags(app core.App) error {
	ids, err := relations(app, "visits")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("key_tags")
	c.Fields.Add(one("visit", ids[0], true), words("tag", 20), text("hook", 20), between("keys", 1, 9))
	c.Fields.Add(choice("holder_kind", true, "cabinet", "staff", "customer"), text("holder", 15), date("held_at"))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	guarded(c, ownShop)
	return app.Save(c)
}
