package calendar

import "time"

// Unit is what a period is counted in.
type Unit string

// The units. Hours run from the event itself, day and night, holidays or not; the others run in whole days.
const (
	Hour    Unit = "hour"
	Day     Unit = "day"     // 自然日
	Workday Unit = "workday" // 工作日
	Month   Unit = "month"
)

// Units is every unit there is.
var Units = []Unit{Hour, Day, Workday, Month}

// Period 期间 is a length of time as a policy or the law writes it: "7 workdays", "1 month", "48 hours". Count is not negative.
type Period struct {
	Count int  `json:"count"`
	Unit  Unit `json:"unit"`
}

// Window is a period that has begun with an event. Due is the first instant that is too late, UTC. Assumed: its end hangs
// on a day of a year that nobody has published, counted Monday–Friday.
type Window struct {
	From    time.Time `json:"from"`
	Due     time.Time `json:"due"`
	Assumed bool      `json:"assumed"`
}

// Window counts a period from an event, as L-16 and the Civil Code have it: the event's own day does not count (art. 201), a
// month ends on the corresponding day or the month's last (art. 202), an end that falls on a rest day moves to the first
// working day after it, and the last day runs to 24:00 shop time (art. 203). Hours begin at once and end flat.
func (c Calendar) Window(event time.Time, p Period, zone *time.Location) Window {
	if p.Unit == Hour {
		return Window{From: event.UTC(), Due: event.Add(time.Duration(p.Count) * time.Hour).UTC()}
	}
	last, known := dayOf(event, zone), true
	switch p.Unit {
	case Workday:
		last, known = c.count(last, p.Count)
	case Month:
		last = last.addMonths(p.Count)
	default:
		last += day(p.Count)
	}
	last, sure := c.afterRest(last)
	return Window{From: event.UTC(), Due: (last + 1).start(zone).UTC(), Assumed: !known || !sure}
}

// Contains says whether an act at this instant is within the window: not before its event, and before its due time.
func (w Window) Contains(at time.Time) bool { return !at.Before(w.From) && at.Before(w.Due) }

// count goes so many working days on from a day. known is false when it had to suppose one.
func (c Calendar) count(d day, workdays int) (last day, known bool) {
	for known = true; workdays > 0; {
		d++
		rests, sure := c.rests(d)
		if known = known && sure; !rests {
			workdays--
		}
	}
	return d, known
}

// afterRest is the first working day from d on (Civil Code art. 203).
func (c Calendar) afterRest(d day) (last day, known bool) {
	for known = true; ; d++ {
		rests, sure := c.rests(d)
		if known = known && sure; !rests {
			return d, known
		}
	}
}
