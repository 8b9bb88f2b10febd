package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Settling: settlements 结算单, the ledger of payments, and invoices 发票 (D-06, D-09).
func init() {
	m.Register(func(app core.App) error {
		for _, create := range []func(core.App) error{createSettlements, createPayments, createInvoices} {
			if err := create(app); err != nil {
				return err
			}
		}
		return nil
	}, drop("settlements", "payments", "invoices"))
}

const mostFen = 10_000_000_000

var payers = []string{"customer", "warranty", "insurer", "internal", "goodwill"}

func createSettlements(app core.App) error {
	ids, err := relations(app, "visits", "work_orders", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("settlements")
	c.Fields.Add(one("visit", ids[0], true), one("work_order", ids[1], true), words("number", 32), choice("kind", true, "charge", "counter"))
	c.Fields.Add(choice("state", true, "draft", "issued", "settled", "void"), content("lines"), text("reason", 2000), text("note", 2000))
	c.Fields.Add(between("discount_allowed_fen", 0, mostFen), one("discount_allowed_by", ids[2], false))
	c.Fields.Add(text("member_level", 0), whole("total_fen"), whole("customer_fen"), whole("points"), text("sha256", 0))
	c.Fields.Add(date("issued_at"), date("settled_at"), date("voided_at"))
	c.Fields.Add(text("signer_name", 120), choice("signer_relation", false, "self", "family", "agent"), object("strokes"), date("signed_at"), text("void_reason", 400))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "work_order")
	guarded(c, ownShop)
	if err := app.Save(c); err != nil {
		return err
	}
	c.Fields.Add(one("corrects", c.Id, false)) // a counter-entry names the settlement it corrects
	return app.Save(c)
}

func createPayments(app core.App) error {
	ids, err := relations(app, "visits", "work_orders", "settlements", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("payments")
	c.Fields.Add(one("visit", ids[0], true), one("work_order", ids[1], true), one("settlement", ids[2], false))
	c.Fields.Add(choice("kind", true, "payment", "refund", "deposit", "credit"), choice("payer", true, payers...), text("payer_name", 120))
	c.Fields.Add(choice("method", true, "cash", "card", "wechat", "alipay", "transfer", "account"), between("fen", 1, mostFen))
	c.Fields.Add(text("reference", 80), text("reason", 400), date("due_at"), moment("received_at"), one("received_by", ids[3], false))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "work_order")
	guarded(c, ownShop)
	return app.Save(c)
}

func createInvoices(app core.App) error {
	ids, err := relations(app, "visits", "work_orders", "settlements")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("invoices")
	c.Fields.Add(one("visit", ids[0], true), one("work_order", ids[1], true), one("settlement", ids[2], true))
	c.Fields.Add(choice("kind", true, "invoice", "credit_note"), choice("payer", true, payers...), words("number", 40), words("title", 200), text("tax_number", 40))
	c.Fields.Add(between("fen", 1, mostFen), moment("issued_at"), text("reason", 400))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "settlement")
	guarded(c, ownShop)
	return app.Save(c)
}
