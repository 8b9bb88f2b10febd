package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Work orders 任务委托书, their jobs 维修项目, and consents: what a signature covers, job by job (S-02).
func init() {
	m.Register(func(app core.App) error {
		if err := createWorkOrders(app); err != nil {
			return err
		}
		if err := createJobs(app); err != nil {
			return err
		}
		return createConsents(app)
	}, drop("work_orders", "jobs", "consents"))
}

func createWorkOrders(app core.App) error {
	ids, err := relations(app, "visits")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("work_orders")
	c.Fields.Add(one("visit", ids[0], true), words("number", 24))
	c.Fields.Add(choice("state", true, "draft", "presented", "authorised", "in_progress", "qc", "ready", "settled",
		"released", "declined", "cancelled"))
	c.Fields.Add(date("promised_at"), text("bay", 20), text("note", 2000), text("advice", 2000))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "shop,state")
	unique(c, "shop,number", "")
	guarded(c, either(ownShop, ownVisit))
	return app.Save(c)
}

func createJobs(app core.App) error {
	ids, err := relations(app, "visits", "work_orders", "staff")
	if err != nil {
		return err
	}
	visits, orders, staff := ids[0], ids[1], ids[2]
	c := core.NewBaseCollection("jobs")
	c.Fields.Add(one("visit", visits, true), one("work_order", orders, true), whole("position"))
	c.Fields.Add(choice("state", true, "proposed", "approved", "declined", "cancelled", "dispatched", "in_progress",
		"paused", "done", "passed", "rework"))
	c.Fields.Add(choice("origin", true, "estimate", "supplement"), words("work", 400), text("detail", 2000))
	c.Fields.Add(yes("diagnosis_only"), between("labour_minutes", 0, 60000), between("labour_fen", 0, 1e10), object("parts"))
	c.Fields.Add(whole("labour_range_percent"), whole("parts_range_percent"))
	c.Fields.Add(choice("payer", true, "customer", "warranty", "insurer", "internal", "goodwill"))
	c.Fields.Add(yes("not_guaranteed"), date("not_guaranteed_acknowledged_at"), yes("safety"), atLeast("delay_minutes", 0, false))
	c.Fields.Add(date("priced_at"), text("found_note", 2000), date("declined_at"), one("declined_told_by", staff, false))
	c.Fields.Add(between("skill", 0, 5), many("technicians", staff))
	c.Fields.Add(date("sheet_checked_at"), one("sheet_checked_by", staff, false))
	c.Fields.Add(choice("fault_confirmed", false, "confirmed", "not_found", "road_test"))
	c.Fields.Add(choice("pause_reason", false, "part", "customer", "bay", "quality", "other"), text("pause_note", 400))
	c.Fields.Add(whole("rework_count"), text("rework_cause", 400))
	c.Fields.Add(between("actual_labour_fen", 0, 1e10), between("actual_parts_fen", 0, 1e10), text("sha256", 64))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "work_order")
	index(c, "shop,state")
	guarded(c, either(ownShop, ownVisit))
	return app.Save(c)
}

func createConsents(app core.App) error {
	ids, err := relations(app, "visits", "work_orders", "staff")
	if err != nil {
		return err
	}
	visits, orders, staff := ids[0], ids[1], ids[2]
	c := core.NewBaseCollection("consents")
	c.Fields.Add(one("visit", visits, true), one("work_order", orders, false))
	c.Fields.Add(choice("kind", true, "signature", "phone", "portal"), choice("state", true, "given", "declined", "void"))
	c.Fields.Add(choice("document_kind", true, "precheck", "estimate", "supplement"), content("document"), words("sha256", 64))
	c.Fields.Add(object("jobs"), words("signer_name", 120), choice("signer_relation", true, "self", "family", "agent"))
	c.Fields.Add(object("strokes"), text("place", 200), moment("signed_at"))
	c.Fields.Add(one("countersigned_by", staff, false), date("countersigned_at"))
	c.Fields.Add(text("call_number", 40), date("call_at"), text("call_words", 4000), one("caller", staff, false))
	c.Fields.Add(text("void_reason", 400), date("voided_at"))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "work_order")
	guarded(c, either(ownShop, ownVisit))
	return app.Save(c)
}
