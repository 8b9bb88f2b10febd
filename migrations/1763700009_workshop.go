package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The workshop's own records: clocks (W-03) and the three stages of quality.
func init() {
	m.Register(func(app core.App) error {
		if err := createTimeEntries(app); err != nil {
			return err
		}
		return createQualityChecks(app)
	}, drop("time_entries", "quality_checks"))
}

func createTimeEntries(app core.App) error {
	ids, err := relations(app, "visits", "work_orders", "jobs", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("time_entries")
	c.Fields.Add(one("visit", ids[0], true), one("work_order", ids[1], true), one("job", ids[2], true), one("technician", ids[3], true))
	c.Fields.Add(moment("started_at"), date("ended_at"))
	c.Fields.Add(choice("end_reason", false, "part", "customer", "bay", "quality", "other", "finished"), whole("minutes"))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "work_order")
	index(c, "job")
	index(c, "technician,ended_at")
	guarded(c, ownShop)
	return app.Save(c)
}

func createQualityChecks(app core.App) error {
	ids, err := relations(app, "visits", "work_orders", "jobs", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("quality_checks")
	c.Fields.Add(one("visit", ids[0], true), one("work_order", ids[1], true), choice("stage", true, "self", "leader", "final"))
	c.Fields.Add(whole("round"), choice("result", true, "pass", "fail"), content("items"), many("failed_jobs", ids[2]))
	c.Fields.Add(text("cause", 400), text("note", 2000), one("checker", ids[3], false), date("checked_at"))
	if err := common(app, c); err != nil {
		return err
	}
	index(c, "visit")
	index(c, "work_order")
	guarded(c, ownShop)
	return app.Save(c)
}
