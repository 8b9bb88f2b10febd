package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"golang.org/x/crypto/bcrypt"
)

// Customers 客户 (V-02) are an auth collection without a password login: they sign in by a one-time code.
// Devices are installations of the app in one user's hands (sync.md); vehicles 车辆 have one file each (V-01).
func init() {
	m.Register(func(app core.App) error {
		if err := createCustomers(app); err != nil {
			return err
		}
		if err := createDevices(app); err != nil {
			return err
		}
		return createVehicles(app)
	}, drop("customers", "devices", "vehicles"))
}

func createCustomers(app core.App) error {
	c := core.NewAuthCollection("customers")
	c.Fields.Add(&core.EmailField{Name: core.FieldNameEmail, System: true})
	c.Fields.Add(words("name", 120), text("title", 40), text("phone", 40), object("phones"), text("address", 400))
	c.Fields.Add(text("preferred_time", 120), choice("preferred_channel", false, "phone", "sms", "wechat", "mail"))
	c.Fields.Add(text("member_level", 40), text("wishes", 2000), text("external_id", 80))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "shop,phone")
	index(c, "shop,name")
	unique(c, "shop,external_id", "external_id != ''")
	c.PasswordAuth.Enabled = false
	if p, ok := c.Fields.GetByName(core.FieldNamePassword).(*core.PasswordField); ok {
		p.Cost = bcrypt.MinCost // a long random word that nobody is told needs no stretching, and an import of thousands no hour
	}
	c.AuthAlert.Enabled = false
	guarded(c, either(ownShop, customer+` && id = @request.auth.id`))
	return app.Save(c)
}

func createDevices(app core.App) error {
	c := core.NewBaseCollection("devices")
	c.Fields.Add(text("user", 15), choice("user_kind", false, "staff", "customers"), text("letter", 4), text("name", 80))
	c.Fields.Add(text("app", 40), date("last_seen"), yes("revoked"))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "user")
	unique(c, "shop,letter", "letter != ''")
	guarded(c, either(ownShop, `@request.auth.id != "" && user = @request.auth.id`))
	return app.Save(c)
}

func createVehicles(app core.App) error {
	ids, err := relations(app, "customers")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("vehicles")
	c.Fields.Add(text("plate", 16), choice("energy", false, "fuel", "electric", "hybrid"), text("vin", 17))
	c.Fields.Add(text("make", 60), text("model", 80), between("model_year", 0, 2100), choice("body", false, "car", "suv"))
	c.Fields.Add(text("engine_no", 40), text("colour", 40), one("customer", ids[0], false))
	c.Fields.Add(date("purchased_on"), date("warranty_from"), between("odometer_km", 0, 9999999))
	c.Fields.Add(atLeast("service_interval_km", 0, false), date("next_service_on"), atLeast("next_service_km", 0, false))
	c.Fields.Add(text("note", 2000), text("external_id", 80))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "shop,plate")
	index(c, "shop,vin")
	index(c, "customer")
	unique(c, "shop,external_id", "external_id != ''")
	guarded(c, either(ownShop, ownRow))
	return app.Save(c)
}
