package flow

import (
	"math"
	"time"
)

// skew is how far into the future a tablet's clock may run before its times are doubted.
const skew = 5 * time.Minute

// Worked returns the whole minutes between start and end of a time entry (UTC texts as stored), never below 0, and
// whether the figure is to be doubted: the end before the start, either of them in the future, or unreadable. An
// entry that still runs has 0 minutes, and time that has not passed counts for nothing. A doubtful entry is flagged
// clock.suspect, never refused.
func Worked(startedAt, endedAt string, now time.Time) (minutes int64, suspect bool) {
	start, okStart := instant(startedAt)
	end, okEnd := instant(endedAt)
	latest := now.Add(skew)
	if endedAt == "" {
		return 0, !okStart || start.After(latest)
	}
	if !okStart || !okEnd {
		return 0, true
	}
	suspect = end.Before(start) || start.After(latest) || end.After(latest)
	if end.After(latest) {
		end = latest
	}
	return max(0, int64(end.Sub(start)/time.Minute)), suspect
}

// stretch is time on the clock, from until before, as instants in ms; the ends of time stand for none.
type stretch struct{ from, until int64 }

const beginning, never = math.MinInt64, math.MaxInt64

// meets says whether two stretches share time. One may begin the instant the other ends; an empty one shares none.
func (s stretch) meets(other stretch) bool {
	return s.from < s.until && other.from < other.until && s.from < other.until && other.from < s.until
}

// newStretch is what a new entry takes: while it runs, all time from its start on; once ended, what has passed of it.
func newStretch(f *Facts) stretch {
	start, ended := text(f.After, "started_at"), text(f.After, "ended_at")
	latest := f.Now.Add(skew).UnixMilli()
	return stretchOf(start, ended, func(_, end int64) int64 { return min(end, latest) })
}

// stretch is what a stored entry takes: an end in the future takes no more than was counted.
func (e Entry) stretch() stretch {
	const minute = int64(time.Minute / time.Millisecond)
	return stretchOf(e.StartedAt, e.EndedAt, func(start, end int64) int64 {
		if end-start >= (e.Minutes+1)*minute {
			return start + e.Minutes*minute
		}
		return end
	})
}

// stretchOf: a start nobody can read takes all time while the clock runs, and none once it has ended.
func stretchOf(startedAt, endedAt string, counted func(start, end int64) int64) stretch {
	start, known := instant(startedAt)
	switch {
	case endedAt == "" && !known:
		return stretch{beginning, never}
	case endedAt == "":
		return stretch{start.UnixMilli(), never}
	}
	end, ended := instant(endedAt)
	if !known || !ended {
		return stretch{}
	}
	return stretch{start.UnixMilli(), counted(start.UnixMilli(), end.UnixMilli())}
}

// instant reads a stored time, "2026-11-21 02:03:04.005Z", or RFC 3339.
func instant(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02 15:04:05.999999999Z07:00", time.RFC3339Nano} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
