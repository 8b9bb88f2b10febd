package hooks_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/calendar"
	"aftercare/internal/record"
)

// holidayData is a loaded 2027, with some fields of another value.
func holidayData(other map[string]any) map[string]any {
	data := map[string]any{record.FieldRevision: 1, record.FieldYear: 2027, record.FieldSource: "国务院办公厅关于2027年部分节假日安排的通知", record.FieldActive: true,
		record.FieldDaysOff:    []any{map[string]any{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}},
		record.FieldMakeupDays: []any{"2027-01-09"}}
	for field, value := range other {
		data[field] = value
	}
	return data
}

func (s *shop) holidays(other map[string]any) *core.Record {
	s.t.Helper()
	return s.Make("manager", record.Holidays, holidayData(other))
}

func TestHolidays(t *testing.T) {
	off := func(from, to string) []any { return []any{map[string]any{"name": "元旦", "from": from, "to": to}} }
	rules := []rule{
		{name: "L-16 a year is loaded by the manager", code: "flow.role", field: "id", admin: "-", try: func(*shop) op {
			return create("agent", record.Holidays, holidayData(nil))
		}},
		{name: "L-16 a loaded year is added to, not rewritten", code: "field.fixed", field: "days_off", try: func(s *shop) op {
			return patch("manager", s.holidays(nil), map[string]any{record.FieldDaysOff: off("2027-01-01", "2027-01-02")})
		}},
	}
	for _, c := range []struct {
		name, code, field string
		other             map[string]any
	}{
		{"days that are no list", "holidays.shape", "days_off", map[string]any{record.FieldDaysOff: "2027-01-01"}},
		{"a holiday with a field nobody knows", "holidays.shape", "days_off", map[string]any{record.FieldDaysOff: []any{map[string]any{"name": "元旦", "from": "2027-01-01", "to": "2027-01-01", "pay": 3}}}},
		{"a make-up day that is a number", "holidays.shape", "makeup_days", map[string]any{record.FieldMakeupDays: []any{20270109}}},
		{"a day that is none", "holidays.day", "days_off", map[string]any{record.FieldDaysOff: off("2027-02-28", "2027-02-29")}},
		{"a holiday that ends before it begins", "holidays.span", "days_off", map[string]any{record.FieldDaysOff: off("2027-01-03", "2027-01-01")}},
		{"a day of another year", "holidays.outside", "days_off", map[string]any{record.FieldDaysOff: off("2028-01-01", "2028-01-01")}},
		{"a make-up day in the week", "holidays.makeup_weekday", "makeup_days", map[string]any{record.FieldMakeupDays: []any{"2027-01-08"}}},
		{"a day off that is worked", "holidays.twice", "makeup_days", map[string]any{record.FieldMakeupDays: []any{"2027-01-02"}}},
	} {
		rules = append(rules, rule{name: "L-16 " + c.name, code: c.code, field: c.field, try: func(*shop) op {
			return create("manager", record.Holidays, holidayData(c.other))
		}})
	}
	hold(t, rules)
}

func TestCalendarOfAShop(t *testing.T) {
	s := newShop(t)
	event := time.Date(2026, 12, 24, 2, 0, 0, 0, time.UTC) // a Thursday
	due := func(shop string) calendar.Window {
		t.Helper()
		c, err := record.CalendarOf(s.App, shop)
		if err != nil {
			t.Fatal(err)
		}
		return c.Window(event, calendar.Period{Count: 7, Unit: calendar.Workday}, time.FixedZone("Asia/Shanghai", 8*3600))
	}
	midnight := func(day int) time.Time { return time.Date(2027, 1, day, 16, 0, 0, 0, time.UTC) }
	before := due(s.Shop)
	if !before.Assumed || !before.Due.Equal(midnight(4)) {
		t.Errorf("L-16 2027 is not published: %+v", before)
	}
	s.holidays(nil)
	if w := due(s.Shop); w.Assumed || !w.Due.Equal(midnight(5)) {
		t.Errorf("L-16 New Year 2027 as loaded: %+v", w)
	}
	corrected := s.holidays(map[string]any{record.FieldRevision: 2, record.FieldDaysOff: []any{map[string]any{"name": "元旦", "from": "2027-01-01", "to": "2027-01-04"}}})
	if w := due(s.Shop); w.Assumed || !w.Due.Equal(midnight(6)) {
		t.Errorf("L-16 the later revision counts: %+v", w)
	}
	s.end(corrected)
	if w := due(s.Shop); !w.Due.Equal(midnight(5)) {
		t.Errorf("L-16 a withdrawn revision counts no more: %+v", w)
	}
	if w := due(apptest.HZ); w != before {
		t.Errorf("L-16 the neighbour's calendar is its own: %+v", w)
	}
}
