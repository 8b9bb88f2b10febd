package demo

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
	"aftercare/internal/season"
)

// stage is how far a car has come this morning; each includes all before it.
type stage int

const (
	waiting stage = iota
	lookedAt
	presented
	signed
	handedOver
	dispatched
	inWork
	pausedForPart
	foundMore
	askedForMore
	inQuality
	carReady
)

// plan says what the morning brought: the car by its place in the list, its stage, its concern and its job.
var plan = []struct {
	car           int
	stage         stage
	arrived       time.Duration // before now
	promised      time.Duration // after now
	words, work   string
	minutes       int
	labour, parts int64         // fen
	stopped       time.Duration // before now, where work has begun and stopped since; a technician does one after the other (W-03)
}{
	{3, waiting, 6 * time.Minute, 3 * time.Hour, "该做保养了。", "30,000 km 保养", 60, 18000, 42600, 0},
	{4, waiting, 3 * time.Minute, 4 * time.Hour, "空调有股霉味。", "空调系统清洗", 48, 16800, 19800, 0},
	{5, lookedAt, 25 * time.Minute, 4 * time.Hour, "停车场蹭了一下，先看看。", "前保险杠检查", 24, 9000, 0, 0},
	{6, presented, 40 * time.Minute, 3 * time.Hour, "该换机油了。", "20,000 km 保养", 60, 18000, 45600, 0},
	{7, signed, 55 * time.Minute, 150 * time.Minute, "保养加四轮换位。", "60,000 km 保养", 90, 27000, 88600, 0},
	{8, dispatched, 70 * time.Minute, 2 * time.Hour, "雨刮刮不干净。", "更换雨刮片", 12, 3000, 16800, 0},
	{9, inWork, 2 * time.Hour, 40 * time.Minute, "刹车时有点抖。", "更换前刹车盘", 96, 36000, 132000, 0},
	{10, pausedForPart, 3 * time.Hour, -20 * time.Minute, "左前减振漏油。", "更换左前减振器", 120, 48000, 96000, 115 * time.Minute},
	{11, foundMore, 2 * time.Hour, 90 * time.Minute, "常规保养。", "40,000 km 保养", 60, 18000, 48600, 50 * time.Minute},
	{12, askedForMore, 150 * time.Minute, 60 * time.Minute, "常规保养。", "50,000 km 保养", 60, 18000, 52600, 50 * time.Minute},
	{13, inQuality, 4 * time.Hour, 15 * time.Minute, "电瓶亏电。", "更换蓄电池", 24, 6000, 78000, 170 * time.Minute},
	{14, carReady, 5 * time.Hour, 10 * time.Minute, "常规保养。", "10,000 km 保养", 48, 14400, 36800, 212 * time.Minute},
}

// morning is what all the visits of the day share.
type morning struct {
	app      core.App
	team     map[string]hand
	now      time.Time
	template *core.Record
	items    []string
	vehicles []*core.Record
	store    *store
	shots    roll
}

func openMorning(app core.App, team map[string]hand, shots roll, now time.Time, before *Before) error {
	m := &morning{app: app, team: team, now: now, shots: shots}
	week := func() error { return m.playWeek(before) }
	return steps(m.readTemplate, m.bringCars, m.openStore, m.lastVisit, func() error { return m.history(before) }, week, m.book, func() error {
		for i, p := range plan {
			v := &visit{morning: m, number: fmt.Sprintf("Z%02d", i+1), serial: i + 1, stage: p.stage}
			if err := v.play(i); err != nil {
				return fmt.Errorf("visit %s (car %d): %w", v.number, p.car, err)
			}
		}
		return m.store.storeDay()
	}, m.checks)
}

func (m *morning) at(before time.Duration) string {
	return m.now.Add(-before).UTC().Format("2006-01-02 15:04:05.000Z")
}

func (m *morning) readTemplate() error {
	t, err := m.app.FindFirstRecordByFilter(record.Templates, "kind = 'walkaround' && shop = {:shop}", map[string]any{"shop": m.team["chen"].actor.Shop})
	if err != nil {
		return err
	}
	m.template = t
	var items []struct {
		Code string `json:"code"`
	}
	if err := json.Unmarshal([]byte(t.GetString(record.FieldItems)), &items); err != nil {
		return err
	}
	for _, i := range items {
		m.items = append(m.items, i.Code)
	}
	return nil
}

func (m *morning) bringCars() error {
	chen := m.team["chen"]
	for _, c := range season.Cars(carsInDemo) {
		owner, err := chen.create(record.Customers, values{"name": c.Owner, "title": c.Title, "phone": c.Phone})
		if err != nil {
			return err
		}
		v, err := chen.create(record.Vehicles, values{"plate": c.Plate, "vin": c.VIN, "make": c.Make, "model": c.Model, "model_year": c.Year, "body": c.Body,
			"energy": c.Energy, "colour": c.Colour, "odometer_km": c.Km, "customer": owner.Id, "service_interval_km": 10000, "next_service_km": (c.Km/10000 + 1) * 10000})
		if err != nil {
			return err
		}
		m.vehicles = append(m.vehicles, v)
	}
	return nil
}

// lastVisit leaves the marks of spring on the first car, so that the next walk-around has something to compare with.
func (m *morning) lastVisit() error {
	v := &visit{morning: m, number: "Z31"}
	chen := m.team["chen"]
	before := 254 * 24 * time.Hour
	return steps(
		func() error { return v.arrive(0, before, "只是来看看轮胎。", "consultation") },
		func() error { return v.answer(len(m.items)) },
		func() error {
			mark, err := chen.create(record.DamageMarks, values{"visit": v.row.Id, "inspection": v.inspection.Id, "vehicle": m.vehicles[0].Id, "view": "left",
				"x": 0.62, "y": 0.72, "zone": "left.rear_door", "area": "11", "kind": "dent", "severity": "to_15", "code_version": 1})
			if err != nil {
				return err
			}
			return steps(func() error { return v.photograph(chen, "dent.near", "near", mark, before) }, func() error { return v.photograph(chen, "dent.far", "far", mark, before) })
		},
		func() error { return chen.patch(v.row, values{"state": "left"}) },
	)
}
