package flow

import "time"

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

// instant reads a stored time, "2026-11-21 02:03:04.005Z", or RFC 3339.
func instant(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02 15:04:05.999999999Z07:00", time.RFC3339Nano} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
