package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Make-up parts 补件 (P-03, P-04): what a customer lacks, from the request to the parcel. What may be written when is the
// table's affair, not the column's. Amounts are integer fen, times UTC.
func init() {
	m.Register(func(app core.App) error {
		ids, err := relations(app, "customers", "sales_orders", "claims", "parts", "staff", "policies")
		if err != nil {
			return err
		}
		c := core.NewBaseCollection("makeup_parts")
		c.Fields.Add(words("number", 40), one("customer", ids[0], false), one("sales_order", ids[1], false), one("claim", ids[2], false))
		requestedMakeup(c, ids[3])
		steppedMakeup(c, ids[4], ids[5])
		if err := ofShop(app, c); err != nil {
			return err
		}
		unique(c, "shop,number", "")
		index(c, "shop,state,due_at")
		index(c, "sales_order")
		index(c, "claim")
		index(c, "customer")
		guarded(c, ownShop)
		return app.Save(c)
	}, drop("makeup_parts"))
}

// requestedMakeup is what was asked for and why.
func requestedMakeup(c *core.Collection, parts string) {
	c.Fields.Add(one("part", parts, false), words("part_name", 200), choice("class", true, "double_gloss", "single_gloss", "inner", "glass", "hardware"))
	c.Fields.Add(&core.NumberField{Name: "quantity", OnlyInt: true, Required: true, Min: figure(1), Max: figure(10000)})
	c.Fields.Add(choice("cause", true, "missing", "damaged", "wrong", "defect", "measured", "lost", "other"), text("cause_note", 1000))
	c.Fields.Add(text("batch_number", 80), text("inspection_number", 80))
	c.Fields.Add(choice("state", true, "requested", "gathered", "approved", "rejected", "ordered", "received", "shipped", "completed", "cancelled"))
	c.Fields.Add(yes("urgent"), text("urgent_reason", 400), date("wanted_at"), choice("urgent_approval", false, "approved", "refused"))
	c.Fields.Add(text("urgent_decided_by", 0), date("urgent_decided_at"), text("list_number", 40))
}

// steppedMakeup is whose it is and until when, how it is come by, what it costs and how it travels.
func steppedMakeup(c *core.Collection, staff, policies string) {
	c.Fields.Add(one("owner", staff, false), text("role", 0), date("step_at"), date("due_at"), date("ready_from_at"), date("ready_due_at"), yes("assumed"))
	c.Fields.Add(text("rejection", 2000), choice("source", false, "make", "buy", "unbox"), text("supplier", 120), text("reference", 80))
	c.Fields.Add(text("unbox_product", 200), text("unbox_reason", 400), choice("unbox_approval", false, "approved", "refused"))
	c.Fields.Add(text("unbox_decided_by", 0), date("unbox_decided_at"), text("unbox_mark", 80), date("refill_due_at"), date("refilled_at"), text("refill_note", 400))
	c.Fields.Add(between("charge_fen", 0, mostFen), between("collected_fen", 0, mostFen), text("collected_reference", 80), date("collected_at"))
	c.Fields.Add(date("delivery_on"), text("delivery_number", 80), text("carrier", 60), text("tracking_number", 80))
	c.Fields.Add(text("reason", 400), text("note", 2000), text("approved_by", 0))
	c.Fields.Add(date("gathered_at"), date("approved_at"), date("ordered_at"), date("arrived_at"), date("shipped_at"), date("delivered_at"), date("closed_at"))
	c.Fields.Add(one("policy", policies, false))
}

func figure(n float64) *float64 { return &n }
