package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Special tools 专用工具 and books 资料, and who has them (W-09).
func init() {
	m.Register(func(app core.App) error {
		c := core.NewBaseCollection("tools")
		c.Fields.Add(words("number", 60), words("name", 120), choice("kind", true, "tool", "book"), text("shelf", 40), text("barcode", 60))
		c.Fields.Add(yes("active"), text("note", 2000))
		if err := ofShop(app, c); err != nil {
			return err
		}
		unique(c, "shop,number", "")
		guarded(c, ownShop)
		if err := app.Save(c); err != nil {
			return err
		}
		return createToolLoans(app)
	}, drop("tools", "tool_loans"))
}

func createToolLoans(app core.App) error {
	ids, err := relations(app, "tools", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("tool_loans")
	c.Fields.Add(one("tool", ids[0], true), one("borrower", ids[1], true), moment("lent_at"), moment("due_at"), date("returned_at"))
	c.Fields.Add(choice("state", true, "lent", "returned", "lost"), text("note", 400))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "tool,state")
	index(c, "borrower")
	guarded(c, ownShop)
	return app.Save(c)
}
