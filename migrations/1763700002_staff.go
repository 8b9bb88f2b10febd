package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Staff sign in with e-mail or user name and a password. Nobody else reads the e-mail address.
func init() {
	m.Register(func(app core.App) error {
		c := core.NewAuthCollection("staff")
		c.Fields.Add(&core.EmailField{Name: core.FieldNameEmail, System: true})
		c.Fields.Add(&core.TextField{Name: "username", Max: 40, Pattern: `^[a-zA-Z0-9][a-zA-Z0-9._-]*$`}, words("name", 120))
		c.Fields.Add(choices("roles", "advisor", "technician", "expert", "leader", "inspector", "parts", "cashier",
			"agent", "supervisor", "finance", "warehouse", "guard", "manager", "head_office"))
		c.Fields.Add(text("phone", 40), between("skill", 0, 5), yes("active"))
		if err := common(app, c); err != nil {
			return err
		}
		// Tablets like to begin with a capital: "Wang" and "wang" are one user name.
		c.AddIndex("idx_staff_unique_username", true, "`username` COLLATE NOCASE", "username != ''")
		c.PasswordAuth.IdentityFields = []string{"email", "username"}
		c.AuthRule = types.Pointer("active = true")
		c.AuthAlert.Enabled = false
		c.AuthToken.Duration = 14 * 24 * 3600 // a tablet may be offline over a week of holidays
		if err := app.Save(c); err != nil {
			return err
		}
		return staffRules(app, c)
	}, drop("staff"))
}

// staffRules come after the first save because they speak of the collection itself.
func staffRules(app core.App, c *core.Collection) error {
	guarded(c, ownShop)
	manages := ownShop + ` && (@request.auth.roles:each ?= "manager" || ` + headOffice + `)`
	c.UpdateRule = types.Pointer(either(ownShop, signedInStaff+` && id = @request.auth.id`))
	c.ManageRule = types.Pointer(manages)
	if err := app.Save(c); err != nil {
		return err
	}

	shops, err := app.FindCollectionByNameOrId("shops")
	if err != nil {
		return err
	}
	read := either(signedInStaff+` && (id = @request.auth.shop || `+headOffice+`)`, customer+` && id = @request.auth.shop`)
	guarded(shops, read)
	own := signedInStaff + ` && (id = @request.auth.shop || ` + headOffice + `)`
	shops.UpdateRule = types.Pointer(own)
	shops.DeleteRule = types.Pointer(own)
	return app.Save(shops)
}
