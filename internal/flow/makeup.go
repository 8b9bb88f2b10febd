package flow

import (
	"time"

	"aftercare/internal/calendar"
)

// MakeupPolicy is the shop's figures for make-up parts 补件, in working days: how long each step may take (P-03), and from when
// to when a part of each class comes after its approval (P-04).
type MakeupPolicy struct {
	MakeupGatherDays int `json:"makeup_gather_days"` // P-03
	MakeupReviewDays int `json:"makeup_review_days"` // P-03
	MakeupOrderDays  int `json:"makeup_order_days"`  // P-03
	MakeupShipDays   int `json:"makeup_ship_days"`   // P-03
	MakeupTrackDays  int `json:"makeup_track_days"`  // P-03

	MakeupDoubleFromDays   int `json:"makeup_double_from_days"`   // P-04
	MakeupDoubleDays       int `json:"makeup_double_days"`        // P-04
	MakeupSingleFromDays   int `json:"makeup_single_from_days"`   // P-04
	MakeupSingleDays       int `json:"makeup_single_days"`        // P-04
	MakeupInnerFromDays    int `json:"makeup_inner_from_days"`    // P-04
	MakeupInnerDays        int `json:"makeup_inner_days"`         // P-04
	MakeupGlassFromDays    int `json:"makeup_glass_from_days"`    // P-04
	MakeupGlassDays        int `json:"makeup_glass_days"`         // P-04
	MakeupHardwareFromDays int `json:"makeup_hardware_from_days"` // P-04
	MakeupHardwareDays     int `json:"makeup_hardware_days"`      // P-04
}

// MakeupOwner is the role that has the step of each state, where nobody is named.
var MakeupOwner = map[string]string{
	"requested": "parts", "gathered": "supervisor", "approved": "parts", "ordered": "warehouse", "received": "warehouse", "shipped": "agent",
}

// ready is in how many working days after its approval a part of the class comes: the earliest, and the latest.
func (p MakeupPolicy) ready(class string) (from, until int) {
	days := map[string][2]int{
		"double_gloss": {p.MakeupDoubleFromDays, p.MakeupDoubleDays}, "single_gloss": {p.MakeupSingleFromDays, p.MakeupSingleDays},
		"inner": {p.MakeupInnerFromDays, p.MakeupInnerDays}, "glass": {p.MakeupGlassFromDays, p.MakeupGlassDays},
		"hardware": {p.MakeupHardwareFromDays, p.MakeupHardwareDays},
	}[class]
	return min(days[0], days[1]), days[1]
}

// MakeupTimes are the due times of a make-up part; a zero time is none. Assumed: one of them hangs on a year that nobody has
// published.
type MakeupTimes struct {
	Due                 time.Time // of the present step: the first instant that is too late
	ReadyFrom, ReadyDue time.Time // when the part should be here
	Assumed             bool
}

// MakeupDue reads until when the present step of a make-up part must be done, and when the part should be here, by its class and
// its shop's working days (P-03, P-04, L-16). An urgent need that was approved brings the part's date forward, never back; what
// goes with the customer's next delivery leaves by that.
func MakeupDue(row Values, p MakeupPolicy, days calendar.Calendar, zone *time.Location) MakeupTimes {
	out := MakeupTimes{}
	in := func(from time.Time, workdays int) time.Time {
		w := days.Window(from, calendar.Period{Count: workdays, Unit: calendar.Workday}, zone)
		out.Assumed = out.Assumed || w.Assumed
		return w.Due
	}
	if approved, ok := instant(text(row, "approved_at")); ok {
		from, until := p.ready(text(row, "class"))
		out.ReadyFrom, out.ReadyDue = in(approved, from), in(approved, until)
		if text(row, "urgent_approval") == "approved" {
			out.ReadyDue = sooner(out.ReadyDue, text(row, "wanted_at"))
			out.ReadyFrom = minTime(out.ReadyFrom, out.ReadyDue)
		}
	}
	begun, ok := instant(text(row, "step_at"))
	if !ok {
		return out
	}
	switch text(row, "state") {
	case "requested":
		out.Due = in(begun, p.MakeupGatherDays)
	case "gathered":
		out.Due = in(begun, p.MakeupReviewDays)
	case "approved":
		out.Due = minTime(in(begun, p.MakeupOrderDays), out.ReadyDue)
	case "ordered":
		out.Due = out.ReadyDue
	case "received":
		if delivery, planned := instant(text(row, "delivery_on")); planned {
			out.Due = delivery
		} else {
			out.Due = in(begun, p.MakeupShipDays)
		}
	case "shipped":
		out.Due = in(begun, p.MakeupTrackDays)
	}
	return out
}

// sooner is the time, or the other when it can be read and comes before it.
func sooner(t time.Time, other string) time.Time {
	at, ok := instant(other)
	if !ok {
		return t
	}
	return minTime(t, at)
}

// minTime is the earlier of two times, of which a zero one is none.
func minTime(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
