package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Claims 索赔 on the manufacturer, a case for each job that the manufacturer's warranty pays (E-10).
func init() {
	m.Register(func(app core.App) error {
		ids, err := relations(app, "visits", "work_orders", "jobs")
		if err != nil {
			return err
		}
		c := core.NewBaseCollection("warranty_claims")
		c.Fields.Add(one("visit", ids[0], true), one("work_order", ids[1], true), one("job", ids[2], true), words("number", 40))
		c.Fields.Add(choice("state", true, "draft", "submitted", "approved", "refused", "paid"), text("diagnosis", 4000), text("reference", 80))
		c.Fields.Add(between("claimed_fen", 0, mostFen), between("approved_fen", 0, mostFen), between("paid_fen", 0, mostFen), text("refusal", 2000))
		c.Fields.Add(date("submitted_at"), date("decided_at"), date("paid_at"))
		c.Fields.Add(text("label", 60), text("place", 80), date("return_due_at"), date("sent_back_at"), text("sent_note", 400))
		if err := ofShop(app, c); err != nil {
			return err
		}
		unique(c, "job", "")
		index(c, "visit")
		index(c, "shop,state")
		guarded(c, ownShop)
		return app.Save(c)
	}, drop("warranty_claims"))
}
