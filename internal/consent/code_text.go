package consent

import (
	"strconv"
	"time"
)

// What the QR codes of seals, and of gate passes in package pass, write briefly: every character is one more to be read by
// a phone's camera off a greasy sheet.

// storedTime is how rows write a time.
const storedTime = "2006-01-02 15:04:05.000Z"

// Instant is a stored time (UTC) in milliseconds to the base 36; "" when it is none, not the one way to write it, or before 1970.
func Instant(text string) string {
	t, err := time.Parse(storedTime, text)
	if err != nil || t.Format(storedTime) != text || t.UnixMilli() < 0 {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 36)
}

// Moment is the stored time that Instant wrote; "" when it is none.
func Moment(text string) string {
	n, err := strconv.ParseInt(text, 36, 64)
	if err != nil {
		return ""
	}
	return time.UnixMilli(n).UTC().Format(storedTime)
}

// Bit is a yes or no, "1" or "0".
func Bit(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}
