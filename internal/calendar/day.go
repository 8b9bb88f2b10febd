package calendar

import (
	"sort"
	"time"
)

// day is a day of the calendar, numbered from 1 January 1970.
type day int

const daySeconds = 24 * 60 * 60

// dayOf is the day an instant lies in, by the clock on the shop's wall.
func dayOf(at time.Time, zone *time.Location) day {
	y, m, d := at.In(zone).Date()
	return date(y, m, d)
}

// date is a day by its date; a day of the month beyond its last runs on into the next.
func date(year int, month time.Month, dayOfMonth int) day {
	seconds := time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC).Unix()
	return day(floorDiv(seconds, daySeconds))
}

// readDay reads "2026-10-01".
func readDay(text string) (day, bool) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, false
	}
	return day(floorDiv(t.Unix(), daySeconds)), true
}

func floorDiv(a, b int64) int64 {
	if a%b < 0 {
		return a/b - 1
	}
	return a / b
}

func (d day) utc() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

func (d day) year() int { return d.utc().Year() }

func (d day) weekend() bool {
	w := d.utc().Weekday()
	return w == time.Saturday || w == time.Sunday
}

// addMonths is the corresponding day of a later month, or that month's last day where it has none (Civil Code art. 202).
func (d day) addMonths(n int) day {
	y, m, dom := d.utc().Date()
	first, next := date(y, m+time.Month(n), 1), date(y, m+time.Month(n)+1, 1)
	return min(first+day(dom)-1, next-1)
}

// start is the first instant of a day in a zone: midnight, or where the clocks skip midnight, the moment they go on from.
func (d day) start(zone *time.Location) time.Time {
	midnight := d.utc()
	_, offset := midnight.In(zone).Zone()
	guess := midnight.Add(-time.Duration(offset) * time.Second)
	if dayOf(guess, zone) == d && dayOf(guess.Add(-time.Second), zone) < d {
		return guess
	}
	// No zone is further from UTC than 14 hours.
	from := midnight.Add(-15 * time.Hour)
	n := sort.Search(28*60*60, func(i int) bool { return dayOf(from.Add(time.Duration(i)*time.Second), zone) >= d })
	return from.Add(time.Duration(n) * time.Second)
}
