package demo

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// checks are the morning's inspections outside receptions: a car whose device check found something, one whose check is
// under way, and goods that came in for a customer.
func (m *morning) checks() error {
	ma, sun := m.team["ma"], m.team["sun"]
	dashcam, err := m.team["chen"].create(record.Assets, values{"kind": "goods", "name": "行车记录仪", "brand": "70迈", "model": "A810", "order_number": "2611180042", "batch_number": "P-2611",
		"customer": m.vehicles[plan[6].car].GetString(record.FieldCustomer)})
	if err != nil {
		return err
	}
	return steps(
		func() error {
			return m.check(ma, "device_check", "vehicle", m.vehicles[plan[6].car], 39, map[string]values{
				"outside.tread": {"result": "bad", "note": "左后内侧磨到帘线"}, "cabin.air_filter": {"result": "attention", "note": "积灰，下次更换"}, "seat.roof": {"result": "none"}})
		},
		func() error {
			return m.check(m.team["guo"], "device_check", "vehicle", m.vehicles[plan[10].car], 12, map[string]values{"seat.horn": {"result": "bad", "note": "不响"}})
		},
		func() error { return m.check(sun, "goods_receiving", "asset", dashcam, 6, nil) },
	)
}

// check is one inspection as far as so many of its points; with the last of them it is completed. The tyre has its photo.
func (m *morning) check(by hand, kind, field string, of *core.Record, points int, found map[string]values) error {
	list, err := m.app.FindFirstRecordByFilter(record.Templates, "kind = {:kind} && shop = {:shop}", map[string]any{"kind": kind, "shop": by.actor.Shop})
	if err != nil {
		return err
	}
	inspection, err := by.create(record.Inspections, values{"template": list.Id, field: of.Id})
	if err != nil {
		return err
	}
	items := record.AsTemplate(list).Items()
	for _, item := range items[:points] {
		data := values{"inspection": inspection.Id, "item": item.Code, "result": "good"}
		for name, value := range found[item.Code] {
			data[name] = value
		}
		finding, err := by.create(record.Findings, data)
		if err != nil {
			return err
		}
		if item.Code == "outside.tread" && data["result"] == "bad" {
			if err := m.shots.shoot(by, "tyre", "near", finding, values{"taken_at": m.at(0)}); err != nil {
				return err
			}
		}
	}
	if points < len(items) {
		return nil
	}
	return by.patch(inspection, values{"completed_at": m.at(0)})
}
