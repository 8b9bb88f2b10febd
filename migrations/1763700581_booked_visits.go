package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What a visit owes its appointment (B-07), where the customer goes meanwhile, an order's kind, how a job
// was priced (E-01, E-02), that the customer knows only the diagnosis is ordered (E-06), which declined job came back
// (E-07), and the shop's switch for peak hours.
func init() {
	m.Register(func(app core.App) error {
		appointments, err := find(app, "appointments")
		if err != nil {
			return err
		}
		standard, err := find(app, "standard_times")
		if err != nil {
			return err
		}
		return widened(app, map[string][]core.Field{
			"shops": {date("peak_at")},
			"visits": {one("appointment", appointments, false), choice("transport", false, "none", "taxi", "shuttle", "courtesy_car", "public"),
				date("transport_at"), choice("pickup", false, "none", "fetch", "return", "both"), text("pickup_address", 400), between("pickup_km", 0, 10000)},
			"work_orders": {choice("kind", false, "service", "comeback")},
			"jobs": {choice("method", false, "item", "system", "symptom"), one("standard_time", standard, false),
				choice("job_class", false, "maintenance", "mechanical", "electrical", "body", "paint", "diagnosis"),
				between("risk_fen", 0, 1e10), date("diagnosis_told_at"), text("came_back_from", 15)},
		}, map[string]string{"visits": "appointment"})
	}, func(app core.App) error {
		return narrowed(app, map[string][]string{
			"shops":       {"peak_at"},
			"visits":      {"appointment", "transport", "transport_at", "pickup", "pickup_address", "pickup_km"},
			"work_orders": {"kind"},
			"jobs":        {"method", "standard_time", "job_class", "risk_fen", "diagnosis_told_at", "came_back_from"},
		}, map[string]string{"visits": "appointment"})
	})
}

// widened adds fields to collections, and an index on one of them where columns says so.
func widened(app core.App, fields map[string][]core.Field, columns map[string]string) error {
	for name, more := range fields {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		c.Fields.Add(more...)
		if columns[name] != "" {
			index(c, columns[name])
		}
		if err := app.Save(c); err != nil {
			return err
		}
	}
	return nil
}

func narrowed(app core.App, fields map[string][]string, columns map[string]string) error {
	for name, gone := range fields {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		if columns[name] != "" {
			c.RemoveIndex(indexName(c, "", columns[name]))
		}
		for _, field := range gone {
			c.Fields.RemoveByName(field)
		}
		if err := app.Save(c); err != nil {
			return err
		}
	}
	return nil
}
