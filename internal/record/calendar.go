package record

import (
	"cmp"
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/calendar"
	"aftercare/internal/fault"
)

var _ core.RecordProxy = (*Holiday)(nil)

// Holiday is a row of holidays 节假日安排 (L-16): one year, in one revision.
type Holiday struct{ row }

// AsHoliday wraps a row of holidays.
func AsHoliday(rec *core.Record) *Holiday { return &Holiday{wrap(rec)} }

// Year is the row as the calendar reads it, or what is wrong with it: the codes of calendar.Parse.
func (h *Holiday) Year() (calendar.Year, *fault.Fault) {
	raw, err := json.Marshal(map[string]any{
		"year": h.GetInt(FieldYear), "source": h.GetString(FieldSource),
		"days_off":    json.RawMessage(cmp.Or(h.GetString(FieldDaysOff), "null")),
		"makeup_days": json.RawMessage(cmp.Or(h.GetString(FieldMakeupDays), "null")),
	})
	if err != nil {
		return calendar.Year{}, fault.New(fault.Invalid, "holidays.shape").Because(err)
	}
	return calendar.Parse(raw)
}

// CalendarOf is the days a shop counts by: the shipped years, and those it has loaded, the highest active revision of each.
func CalendarOf(app core.App, shop string) (calendar.Calendar, error) {
	rows := []*core.Record{}
	err := app.RecordQuery(Holidays).AndWhere(dbx.HashExp{FieldShop: shop, FieldActive: true}).OrderBy(FieldRevision).All(&rows)
	if err != nil {
		return calendar.Calendar{}, err
	}
	years := make([]calendar.Year, 0, len(rows))
	for _, rec := range rows {
		year, refused := AsHoliday(rec).Year()
		if refused != nil {
			return calendar.Calendar{}, refused
		}
		years = append(years, year)
	}
	c, refused := calendar.New(years...)
	if refused != nil {
		return calendar.Calendar{}, refused
	}
	return c, nil
}
