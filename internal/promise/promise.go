// Package promise knows the times that are promised to a customer: when work will be finished (E-05), when to look at
// it half way (W-06), when to tell that it is ready or late (D-02), and when nobody is disturbed (M-03). Instants are
// UTC, decisions are by the shop's zone; minutes of a day count from its midnight. It reads no clock, and the tablet runs
// the same rules in pb_public/src/rules/promise.ts; testdata/vectors hold both to the same answers.
package promise

import (
	"time"
	_ "time/tzdata" // a shop's zone is known on machines that know none
)

// Shanghai is the zone of a shop whose own cannot be read.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Zone is a shop's time zone by its IANA name, Shanghai's where it names none or one that nobody knows.
func Zone(name string) *time.Location {
	if name == "" {
		return Shanghai
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return Shanghai
	}
	return zone
}

// Quiet says whether an instant lies in the quiet hours of a day, and when they end. They begin at minute from and end
// at minute to of the next day when to is smaller; from equal to to: there are none.
func Quiet(at time.Time, zone *time.Location, from, to int) (until time.Time, quiet bool) {
	minute, day := minuteOf(at, zone)
	switch {
	case from < to && minute >= from && minute < to, from > to && minute < to:
		return onDay(day, to, zone), true
	case from > to && minute >= from:
		return onDay(day.AddDate(0, 0, 1), to, zone), true
	}
	return at, false
}

// minuteOf is the minute of the shop's day, and that day's midnight.
func minuteOf(at time.Time, zone *time.Location) (minute int, day time.Time) {
	local := at.In(zone)
	y, m, d := local.Date()
	return local.Hour()*60 + local.Minute(), time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// onDay is a minute of a day by the clock on the wall.
func onDay(day time.Time, minute int, zone *time.Location) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, minute/60, minute%60, 0, 0, zone).UTC()
}
