package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Claims 退换修 of customers, with the goods they name, parcels both ways, repair plans and the ledger of refunds (L-01 … L-16).
// What may be written when is the table's affair, not the column's. Amounts are integer fen, times UTC.
func init() {
	m.Register(func(app core.App) error {
		for _, create := range []func(core.App) error{createClaims, createClaimItems, createShipments, createRepairPlans, createRefunds} {
			if err := create(app); err != nil {
				return err
			}
		}
		return nil
	}, drop("claims", "claim_items", "shipments", "repair_plans", "refunds"))
}

// byCustomers lets staff of the shop and the customer whose row it is read it, and both write; what they may write is held
// by the hooks, with a code.
func byCustomers(c *core.Collection) {
	guarded(c, either(ownShop, ownRow))
	c.CreateRule = types.Pointer(either(signedInStaff, customer))
	c.UpdateRule = types.Pointer(either(ownShop, ownRow))
}

func createClaims(app core.App) error {
	ids, err := relations(app, "sales_orders", "customers")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("claims")
	c.Fields.Add(one("sales_order", ids[0], true), one("customer", ids[1], false), words("number", 40), choice("kind", true, "return", "exchange", "repair"))
	c.Fields.Add(yes("refused_parcel"), choice("mismatch", false, "kind", "quantity", "size", "gift", "amount", "packaging", "model"))
	c.Fields.Add(text("product_line", 40), yes("fault_claimed"), words("description", 4000), text("invoice_number", 80))
	c.Fields.Add(choice("state", true, "submitted", "evidence_needed", "negotiating", "approved", "rejected", "plan_offered", "plan_accepted", "plan_declined", "awaiting_goods", "in_transit", "received", "accepted", "sent_back", "refund_pending", "awaiting_payment", "exchange_pending", "repairing", "returned", "completed", "cancelled", "expired"))
	c.Fields.Add(text("withdrawal_reason", 400), date("filed_at"), yes("capture_accepted"), text("capture_reason", 400), date("counted_at"))
	c.Fields.Add(date("received_at"), text("policy", 0), choice("lane", false, "return_exchange", "negotiate", "paid_repair"), choice("route", false, "online", "store", "agent", "door"))
	c.Fields.Add(yes("insist"), choice("freight", false, "company", "customer", "agreement"), object("rules"), object("needs"), yes("assumed"))
	c.Fields.Add(date("return_due_at"), date("repair_due_at"), date("evidence_due_at"), yes("evidence_late"), date("answer_due_at"), yes("best_effort"))
	c.Fields.Add(choice("verdict", false, "quality", "none"), text("verdict_reason", 2000), text("verdict_by", 0), date("verdict_at"), yes("store_near"))
	c.Fields.Add(text("evidence_wanted", 1000), yes("insisted"), text("agreement", 2000), choice("freight_agreed", false, "company", "customer"))
	c.Fields.Add(text("rejection", 2000), date("pay_acknowledged_at"), date("approved_at"), date("ship_back_due_at"), date("extended_until"))
	c.Fields.Add(text("extension_reason", 400), text("extended_by", 0), text("replacement", 200), between("replacement_fen", 0, mostFen))
	c.Fields.Add(whole("owed_fen"), between("collected_fen", 0, mostFen), text("collected_reference", 80), date("collected_at"), date("arrived_at"))
	c.Fields.Add(object("ticked"), text("arrival_note", 2000), date("compared_at"), date("difference_agreed_at"), whole("refund_due_fen"))
	c.Fields.Add(date("closed_at"))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "sales_order")
	index(c, "customer")
	index(c, "shop,state")
	unique(c, "shop,number", "")
	byCustomers(c)
	return app.Save(c)
}

func createClaimItems(app core.App) error {
	ids, err := relations(app, "claims", "customers", "sales_items")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("claim_items")
	c.Fields.Add(one("claim", ids[0], true), one("customer", ids[1], false), one("sales_item", ids[2], true), between("quantity", 1, 10000))
	c.Fields.Add(text("note", 1000))
	if err := ofShop(app, c); err != nil {
		return err
	}
	unique(c, "claim,sales_item", "")
	index(c, "customer")
	byCustomers(c)
	return app.Save(c)
}

func createShipments(app core.App) error {
	ids, err := relations(app, "claims", "customers")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("shipments")
	c.Fields.Add(one("claim", ids[0], true), one("customer", ids[1], false), choice("direction", true, "in", "out"), words("carrier", 60))
	c.Fields.Add(words("tracking_number", 80), moment("sent_at"), date("delivered_at"), between("freight_fen", 0, mostFen), text("note", 1000))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "claim")
	index(c, "customer")
	index(c, "shop,tracking_number")
	byCustomers(c)
	return app.Save(c)
}

func createRepairPlans(app core.App) error {
	ids, err := relations(app, "claims", "customers")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("repair_plans")
	c.Fields.Add(one("claim", ids[0], true), one("customer", ids[1], false))
	c.Fields.Add(choice("state", true, "offered", "accepted", "declined", "in_progress", "paused", "done"))
	c.Fields.Add(words("method", 2000), between("price_fen", 0, mostFen), between("days", 0, 366), whole("agreed_fen"), date("decided_at"))
	c.Fields.Add(text("surprise", 2000), between("surprise_fen", 0, mostFen), between("surprise_days", 0, 366), date("surprise_agreed_at"))
	c.Fields.Add(text("surprise_agreed_how", 400), date("done_at"))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "claim")
	index(c, "customer")
	byCustomers(c)
	return app.Save(c)
}

func createRefunds(app core.App) error {
	ids, err := relations(app, "claims", "customers")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("refunds")
	c.Fields.Add(one("claim", ids[0], true), one("customer", ids[1], false), choice("kind", true, "refund", "counter"), between("fen", 1, mostFen))
	c.Fields.Add(choice("method", true, "original", "card", "wechat", "alipay", "transfer", "cash"), text("reference", 80), text("reason", 400))
	c.Fields.Add(text("paid_by", 0))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "claim")
	index(c, "customer")
	byCustomers(c)
	if err := app.Save(c); err != nil {
		return err
	}
	c.Fields.Add(one("counters", c.Id, false)) // the refund that a counter-entry names
	unique(c, "counters", "counters != ''")
	return app.Save(c)
}
