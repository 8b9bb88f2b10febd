package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What the shop has promised to tell and to do: messages to customers, and due items with owner and time (D-02, W-06).
func init() {
	m.Register(func(app core.App) error {
		if err := createMessages(app); err != nil {
			return err
		}
		if err := createDueItems(app); err != nil {
			return err
		}
		for _, statement := range notifyTables {
			if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		for _, table := range []string{"notify_sink", "notify_secrets"} {
			if _, err := app.DB().DropTable(table).Execute(); err != nil {
				return err
			}
		}
		return drop("messages", "due_items")(app)
	})
}

// notifyTables are plain tables that no device ever sees.
var notifyTables = []string{
	// What is really sent where the staff may not read it (a one-time code); gone once the message is settled.
	`CREATE TABLE notify_secrets (message TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID`,

	// The demo's gateway: what would have gone out, once per message.
	`CREATE TABLE notify_sink (message TEXT PRIMARY KEY, shop TEXT NOT NULL, at TEXT NOT NULL, channel TEXT NOT NULL,
		recipient TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL)`,
	`CREATE INDEX idx_notify_sink_shop ON notify_sink (shop, at)`,
}

func createMessages(app core.App) error {
	ids, err := relations(app, "visits", "customers")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("messages")
	c.Fields.Add(words("key", 160), words("kind", 40), choice("channel", true, "sms", "mail", "phone"), text("to", 200))
	c.Fields.Add(choice("lang", true, "zh", "en"), text("title", 200), words("text", 2000), yes("urgent"))
	c.Fields.Add(date("not_before"), date("expires_at"))
	c.Fields.Add(choice("state", true, "queued", "sending", "sent", "failed", "cancelled", "told"))
	c.Fields.Add(one("visit", ids[0], false), one("customer", ids[1], false))
	c.Fields.Add(text("subject_collection", 40), text("subject_record", 15))
	c.Fields.Add(whole("attempts"), text("attempt", 15), date("attempt_at"), date("next_at"), date("sent_at"))
	c.Fields.Add(text("provider_id", 120), text("failure", 60))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "customer")
	index(c, "state,not_before")
	unique(c, "shop,key", "")
	guarded(c, ownShop)
	return app.Save(c)
}

func createDueItems(app core.App) error {
	ids, err := relations(app, "visits", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("due_items")
	c.Fields.Add(words("key", 160), words("kind", 40), words("role", 20), one("owner", ids[1], false), moment("due_at"))
	c.Fields.Add(choice("state", true, "open", "done", "cancelled"), one("visit", ids[0], false))
	c.Fields.Add(text("subject_collection", 40), text("subject_record", 15), object("data"))
	c.Fields.Add(choice("answer", false, "on_time", "late", "abnormal"), text("note", 2000), text("done_by", 15), date("done_at"))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "shop,state")
	unique(c, "shop,key", "")
	guarded(c, ownShop)
	return app.Save(c)
}
