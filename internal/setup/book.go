package setup

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

//go:embed standard_times.json
var standardTimes []byte

// addCapacity gives a new shop figures to book by until its manager sets its own (B-02): every day half past eight to half
// past five, four bays, six technicians, four fifths of them bookable ahead.
func addCapacity(app core.App, shop string) error {
	_, err := record.Create(app, record.System(shop), record.Capacities, map[string]any{
		"shop": shop, "revision": 1, "from_day": "2020-01-01", "weekdays": "1234567", "opens": 510, "closes": 1050, "slot_minutes": 60,
		"bays": 4, "technicians": 6, "bookable_percent": 80, "active": true,
	})
	return err
}

// addStandardTimes gives it a first list of standard times 工时 (E-02); the shop's own are added and changed in the app.
func addStandardTimes(app core.App, shop string) error {
	var rows []map[string]any
	if err := json.Unmarshal(standardTimes, &rows); err != nil {
		return fmt.Errorf("standard times: %w", err)
	}
	for _, row := range rows {
		row["shop"], row["active"] = shop, true
		if _, err := record.Create(app, record.System(shop), record.StandardTimes, row); err != nil {
			return fmt.Errorf("standard time %v: %w", row["code"], err)
		}
	}
	return nil
}
