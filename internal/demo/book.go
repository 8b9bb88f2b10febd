package demo

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// booking is an appointment of the demo: its car, its day after today, its time on the shop's wall.
type booking struct {
	car, day, hour, minute int
	source, words, work    string
	minutes                int
	labour, parts          int64 // fen
	state                  string
	missing                string // what of the parts is missing
}

var bookings = []booking{
	{20, -1, 9, 30, "passive", "该保养了。", "20,000 km 保养", 60, 18000, 45600, "no_show", ""},
	{21, -1, 14, 30, "active", "刹车片提醒过，来换一下。", "前刹车片更换", 60, 19200, 48000, "cancelled", ""},
	{22, 0, 8, 30, "passive", "发动机故障灯亮了。", "电脑诊断（读故障码）", 30, 15000, 0, "confirmed", ""},
	{23, 0, 10, 30, "passive", "空调有霉味。\n顺便看看雨刮。", "空调系统清洗", 60, 14400, 19800, "confirmed", ""},
	{24, 0, 14, 30, "active", "该做保养了，下午方便。", "30,000 km 保养", 60, 18000, 42600, "confirmed", ""},
	{25, 0, 16, 30, "passive", "轮胎鼓包，想换一条。", "轮胎更换（单条）", 30, 5400, 78000, "requested", ""},
	{26, 1, 8, 30, "passive", "过减速带咯噔响。", "前减振器更换（单侧）", 90, 33600, 96000, "confirmed", "左前减振器要后天才到"},
	{27, 1, 8, 30, "passive", "四万公里保养。", "40,000 km 保养", 60, 18000, 48600, "confirmed", ""},
	{28, 1, 9, 30, "active", "上次说的火花塞，这次换。", "火花塞更换（四缸）", 60, 19200, 36000, "confirmed", ""},
	{29, 1, 10, 30, "passive", "跑偏，方向盘不正。", "四轮定位", 60, 19200, 0, "confirmed", ""},
	{30, 1, 13, 30, "passive", "蹭了前保险杠，要喷漆。", "前保险杠拆装修复", 270, 99000, 0, "confirmed", ""},
	{31, 1, 15, 30, "active", "保养到期，约了下午。", "10,000 km 保养", 60, 14400, 36800, "confirmed", ""},
}

// dayOf is the day of a booking: who was to come today at an hour that is past comes the day after tomorrow instead, or the demo
// of an afternoon would begin with customers who stayed away.
func (m *morning) dayOf(b booking) int {
	if b.day == 0 && m.wall(0, b.hour, b.minute) < record.Text(m.now) {
		return 2
	}
	return b.day
}

// wall is a time on the shop's wall, days after the demo's morning.
func (m *morning) wall(days, hour, minute int) string {
	today := m.now.In(shopTime)
	return record.Text(time.Date(today.Year(), today.Month(), today.Day()+days, hour, minute, 0, 0, shopTime))
}

// book fills the calendar (B-01): what came of yesterday's, who comes today and tomorrow, and what is missing for them.
func (m *morning) book() error {
	for i, b := range bookings {
		if err := m.bookOne(i, b); err != nil {
			return err
		}
	}
	return nil
}

func (m *morning) bookOne(i int, b booking) error {
	advisor := m.team[[]string{"chen", "xu"}[i%2]]
	row, err := m.request(b, advisor)
	if err != nil {
		return err
	}
	if b.state != "requested" {
		if err := advisor.patch(row, values{"state": "confirmed"}); err != nil {
			return err
		}
	}
	switch b.state {
	case "no_show":
		err = advisor.patch(row, values{"state": "no_show"})
	case "cancelled":
		err = advisor.patch(row, values{"state": "cancelled", "cancel_reason": "客户出差，改天再约"})
	}
	if err != nil || b.day < 0 {
		return err
	}
	return m.prepare(row, b)
}

func (m *morning) request(b booking, advisor hand) (*core.Record, error) {
	vehicle := m.vehicles[b.car]
	parts := []values{}
	if b.parts > 0 {
		parts = append(parts, values{"name": "配件与辅料", "number": "", "quantity_milli": 1000, "unit": "套", "unit_fen": b.parts, "origin": "shop", "grade": "genuine"})
	}
	return advisor.create(record.Appointments, values{"source": b.source, "channel": "phone", "vehicle": vehicle.Id,
		"customer": vehicle.GetString(record.FieldCustomer), "advisor": advisor.actor.ID, "keeper": advisor.actor.ID, "purpose": "maintenance",
		"starts_at": m.wall(m.dayOf(b), b.hour, b.minute), "minutes": b.minutes, "hands": 1, "needs": b.words, "documents": []string{"driving_licence", "manual"},
		"lines": []values{{"work": b.work, "labour_minutes": b.minutes, "labour_fen": b.labour, "parts": parts, "method": "item"}}, "courtesy_car": "none"})
}

// prepare writes the list; what is ready was ticked by who looks after it (B-04).
func (m *morning) prepare(row *core.Record, b booking) error {
	for _, kind := range []string{"bay", "technician", "parts", "papers"} {
		if kind == "parts" && b.parts == 0 {
			continue
		}
		line, err := m.team["chen"].create(record.Preparations, values{"appointment": row.Id, "kind": kind})
		if err != nil {
			return err
		}
		switch {
		case kind == "bay" && b.day == 0:
			err = m.team["wu"].patch(line, values{"state": "ready"})
		case kind == "parts" && b.missing != "":
			err = m.team["sun"].patch(line, values{"state": "missing", "missing_note": b.missing})
		case kind == "parts" && b.day == 0:
			err = m.team["sun"].patch(line, values{"state": "ready"})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// arrivedBy is the appointment of a car that is here already; nil for who came without one. It is requested only: the
// car's hour may lie outside the shop's day, whenever the demo is loaded.
func (m *morning) arrivedBy(car int, before time.Duration, words string) (*core.Record, error) {
	if car != 4 && car != 14 {
		return nil, nil
	}
	vehicle, chen := m.vehicles[car], m.team["chen"]
	return chen.create(record.Appointments, values{"source": "active", "channel": "phone", "vehicle": vehicle.Id, "customer": vehicle.GetString(record.FieldCustomer),
		"advisor": chen.actor.ID, "keeper": chen.actor.ID, "purpose": "maintenance", "starts_at": m.at(before - 4*time.Minute), "minutes": 60, "hands": 1, "needs": words})
}
