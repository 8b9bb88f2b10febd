package promise

import (
	"strconv"
	"strings"
	"time"

	"aftercare/internal/flow"
)

// horizon is how many days a promise looks ahead: work beyond it, or a shop that never opens, ends there.
const horizon = 400

// Work is what is to be promised: the labour of one car, when its last part is here (zero: all are), the planned minutes
// of other cars that come before it, and how many technicians share those.
type Work struct {
	Minutes int
	PartsAt time.Time
	Load    int
	Hands   int
}

// Earliest is the first honest promise (E-05): the load before it, then the labour with its margin, in opening hours, not
// begun before the parts are here, rounded up to the step. The policy gives hours, margin and step.
func Earliest(now time.Time, w Work, p flow.Policy, zone *time.Location) time.Time {
	begin := AddWorking(now, (w.Load+max(w.Hands, 1)-1)/max(w.Hands, 1), p, zone)
	if w.PartsAt.After(begin) {
		begin = w.PartsAt
	}
	minutes := (w.Minutes*(100+p.PromiseMarginPercent) + 99) / 100
	return roundUp(AddWorking(begin, minutes, p, zone), p.PromiseStepMinutes, zone)
}

// AddWorking is the instant when so many minutes of opening hours have passed since at.
func AddWorking(at time.Time, minutes int, p flow.Policy, zone *time.Location) time.Time {
	left := time.Duration(minutes) * time.Minute
	_, day := minuteOf(at, zone)
	for range horizon {
		if opens, closes, open := hours(day, p, zone); open {
			if at.Before(opens) {
				at = opens
			}
			if span := closes.Sub(at); span >= left && span >= 0 {
				return at.Add(left)
			} else if span > 0 {
				left -= span
			}
		}
		day = day.AddDate(0, 0, 1)
	}
	return at.Add(left)
}

// hours of a shop's day; open is false on a day it keeps closed.
func hours(day time.Time, p flow.Policy, zone *time.Location) (opens, closes time.Time, open bool) {
	weekday := (int(day.Weekday())+6)%7 + 1 // ISO: Monday is 1
	return onDay(day, p.OpensMinutes, zone), onDay(day, p.ClosesMinutes, zone), strings.Contains(strconv.Itoa(p.OpenDays), strconv.Itoa(weekday))
}

// roundUp is the next whole step of the shop's day.
func roundUp(at time.Time, step int, zone *time.Location) time.Time {
	minute, day := minuteOf(at, zone)
	if at.Sub(onDay(day, minute, zone)) > 0 {
		minute++
	}
	return onDay(day, (minute+step-1)/step*step, zone)
}

// CheckAt is when a car's progress is looked at: the policy's share of the time from begin to promised (W-06). Promised
// before begin: at once.
func CheckAt(begin, promised time.Time, p flow.Policy) time.Time {
	span := max(promised.Sub(begin).Milliseconds(), 0)
	return begin.Add(time.Duration(span*int64(p.ProgressCheckPercent)/100) * time.Millisecond)
}

// CheckDue says whether the policy's share of a job's planned minutes is used (W-06). A job without a plan never is.
func CheckDue(worked, planned int64, p flow.Policy) bool {
	return planned > 0 && worked*100 >= planned*int64(p.ProgressCheckPercent)
}

// NoticeAt is by when the customer hears that the car is ready, or why it is not (D-02): one hour before the promised
// time, four for work of more than two days; from quiet hours it moves to the moment before they begin.
func NoticeAt(begin, promised time.Time, p flow.Policy, zone *time.Location) time.Time {
	lead := p.NoticeShortMinutes
	if promised.Sub(begin) > time.Duration(p.NoticeLongAfterHours)*time.Hour {
		lead = p.NoticeLongMinutes
	}
	return awake(promised.Add(-time.Duration(lead)*time.Minute), p, zone)
}

// DelayAskAt is when the advisor is asked what to tell about a car that is not ready: before the notice.
func DelayAskAt(begin, promised time.Time, p flow.Policy, zone *time.Location) time.Time {
	return awake(NoticeAt(begin, promised, p, zone).Add(-time.Duration(p.DelayLeadMinutes)*time.Minute), p, zone)
}

// awake moves an instant in quiet hours to the minute before they began.
func awake(at time.Time, p flow.Policy, zone *time.Location) time.Time {
	if _, quiet := Quiet(at, zone, p.QuietFromMinutes, p.QuietToMinutes); !quiet {
		return at
	}
	minute, day := minuteOf(at, zone)
	if p.QuietFromMinutes > p.QuietToMinutes && minute < p.QuietToMinutes {
		day = day.AddDate(0, 0, -1)
	}
	return onDay(day, p.QuietFromMinutes, zone).Add(-time.Minute)
}

// DaysBeyond is by how many of the shop's days a promise lies after the one agreed; 0 on the same day or before (S-07).
func DaysBeyond(agreed, promised time.Time, zone *time.Location) int {
	_, from := minuteOf(agreed, zone)
	_, to := minuteOf(promised, zone)
	return max(int(to.Sub(from).Hours()+12)/24, 0) // a day of 23 or 25 hours is a day
}
