package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What repairs teach: quality reports 质量信息报告 and the fault library 故障实例集 (W-08).
func init() {
	m.Register(func(app core.App) error {
		if err := createQualityReports(app); err != nil {
			return err
		}
		return createFaultCases(app)
	}, drop("quality_reports", "fault_cases"))
}

func faultSystem() core.Field {
	return choice("system", false, "maintenance", "engine", "transmission", "brake", "suspension", "steering", "electrical", "air_conditioning", "tyre", "body", "paint", "other")
}

func createQualityReports(app core.App) error {
	ids, err := relations(app, "visits", "work_orders", "jobs", "staff")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("quality_reports")
	c.Fields.Add(one("visit", ids[0], true), one("work_order", ids[1], false), one("job", ids[2], false), text("vehicle_model", 160), faultSystem())
	c.Fields.Add(choice("kind", true, "new", "frequent", "dangerous"), choice("state", true, "draft", "submitted", "answered", "closed"))
	c.Fields.Add(words("fault", 400), text("detail", 4000), atLeast("occurrences", 0, false), text("answer", 4000))
	c.Fields.Add(one("submitted_by", ids[3], false), date("submitted_at"), one("answered_by", ids[3], false), date("answered_at"))
	if err := ofShop(app, c); err != nil {
		return err
	}
	index(c, "visit")
	guarded(c, ownShop)
	return app.Save(c)
}

func createFaultCases(app core.App) error {
	ids, err := relations(app, "quality_reports")
	if err != nil {
		return err
	}
	c := core.NewBaseCollection("fault_cases")
	c.Fields.Add(one("report", ids[0], false), text("vehicle_model", 160), faultSystem())
	c.Fields.Add(words("symptom", 2000), words("cause", 4000), words("remedy", 4000), yes("active"))
	if err := ofShop(app, c); err != nil {
		return err
	}
	guarded(c, ownShop)
	return app.Save(c)
}
