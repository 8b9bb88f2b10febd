// Package calendar says until when: it counts periods 期间 as Civil Code 民法典 articles 200–204 count them, over the working
// days the State Council publishes for each year (L-16). Instants are UTC, days are those of the shop's time zone, and a
// due time is always the first instant that is too late. There is one way to build a window, Calendar.Window, and one to
// ask it, Window.Contains. It reads no clock, and knows nothing of claims. For a year that nobody has published it falls
// back to Monday–Friday and says so (Window.Assumed). The tablet counts by pb_public/src/rules/calendar.ts;
// testdata/vectors hold both to the same answers.
//
// holidays.json holds the years 2024 to 2026, day by day as the State Council's General Office announced them:
// 国办发明电〔2023〕7号 (2024), 国办发明电〔2024〕12号 (2025) and 国办发明电〔2025〕7号 (2026). A weekend that only lies beside a
// holiday ("与周末连休") stands in no list: it is a rest day anyway.
package calendar

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"aftercare/internal/fault"
)

//go:embed holidays.json
var holidaysJSON []byte

// Calendar is which days are worked, and of which years that is known. The zero Calendar knows none: use New.
type Calendar struct {
	years map[int]bool
	works map[int]bool // days that differ from Monday–Friday, by number: worked or not
}

// Shipped is the years that came with the product, oldest first.
var Shipped = sync.OnceValue(func() []Year {
	var years []Year
	if err := json.Unmarshal(holidaysJSON, &years); err != nil {
		panic(fmt.Errorf("shipped holidays: %w", err))
	}
	return years
})

// New is the shipped years and those a manager has loaded, which replace a shipped year or an earlier one of the list. It
// refuses a year that Year.Check refuses, with its code.
func New(loaded ...Year) (Calendar, *fault.Fault) {
	byYear := map[int]Year{}
	for _, y := range append(append([]Year(nil), Shipped()...), loaded...) {
		if f := y.Check(); f != nil {
			return Calendar{}, f
		}
		byYear[y.Year] = y
	}
	c := Calendar{years: map[int]bool{}, works: map[int]bool{}}
	for number, y := range byYear {
		c.years[number] = true
		c.mark(y, byYear)
	}
	return c, nil
}

// mark enters a year's own days. A day of the December before belongs to the later notice, which knew the earlier one.
func (c Calendar) mark(y Year, all map[int]Year) {
	for _, named := range y.named() {
		if next, known := all[named.day.year()+1]; known && next.Year != y.Year && next.names(named.day) {
			continue
		}
		c.works[int(named.day)] = named.works
	}
}

// rests says whether a day is a rest day 休息日: no work on a weekend or a statutory holiday, but on a make-up day 调休. known is
// false where nobody has published it.
func (c Calendar) rests(d day) (rests, known bool) {
	if works, named := c.works[int(d)]; named {
		return !works, true
	}
	return d.weekend(), c.years[d.year()]
}
