package flow

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Capacity 产能 is what a shop can take on the days it names, in one revision (B-02). Days are "2026-11-22" in the shop's
// time; Weekdays lists 1 (Monday) to 7; Opens and Closes are minutes of the shop's day. BookablePercent of bays and
// hands may be booked ahead, the rest is kept for those who come without an appointment. A revision without bays or
// hands says that the shop is closed on its days.
type Capacity struct {
	ID              string `json:"id"`
	Revision        int    `json:"revision"`
	FromDay         string `json:"from_day"`
	UntilDay        string `json:"until_day"` // "" goes on
	Weekdays        string `json:"weekdays"`
	Opens           int    `json:"opens"`
	Closes          int    `json:"closes"`
	SlotMinutes     int    `json:"slot_minutes"`
	Bays            int    `json:"bays"`
	Technicians     int    `json:"technicians"`
	BookablePercent int    `json:"bookable_percent"`
}

// Booking is an appointment as capacity sees it: Day and Minute are its start in the shop's time, Minutes how long the car
// stands in a bay, Hands how many technicians work on it meanwhile.
type Booking struct {
	ID       string `json:"id"`
	Day      string `json:"day"`
	Minute   int    `json:"minute"`
	Minutes  int    `json:"minutes"`
	Hands    int    `json:"hands"`
	StartsAt string `json:"starts_at"` // the same start, UTC as stored
}

// Piece is the part of a booking that falls into one slot: the slot's day and first minute, and the bay minutes taken.
type Piece struct {
	Day     string `json:"day"`
	Slot    int    `json:"slot"`
	Minutes int    `json:"minutes"`
}

// SlotLoad is what is taken of a slot, and what it has: minutes of bays and of hands.
type SlotLoad struct {
	Day      string `json:"day"`
	Slot     int    `json:"slot"`
	Bay      int    `json:"bay"`
	Hand     int    `json:"hand"`
	BayRoom  int    `json:"bay_room"`
	HandRoom int    `json:"hand_room"`
}

// Over says whether the slot holds more than it has room for.
func (l SlotLoad) Over() bool { return l.Bay > l.BayRoom || l.Hand > l.HandRoom }

// HoldingStates are those in which an appointment takes room.
var HoldingStates = []string{"confirmed", "reminded", "arrived"}

// spanDays is how many days a booking may reach over, days on which the shop is closed among them.
const spanDays = 21

// CapacityOn is what holds on a day: the highest revision that names it. False when none does, or when the shop is closed.
func CapacityOn(all []Capacity, day string) (Capacity, bool) {
	weekday := weekdayOf(day)
	best, found := Capacity{}, false
	for _, c := range all {
		if day < c.FromDay || c.UntilDay != "" && day > c.UntilDay || !strings.Contains(c.Weekdays, weekday) {
			continue
		}
		if !found || c.Revision > best.Revision {
			best, found = c, true
		}
	}
	open := found && best.Bays > 0 && best.Technicians > 0 && best.SlotMinutes > 0 && best.Opens < best.Closes
	return best, open
}

// Occupies cuts a booking into the slots it takes. What is not done by closing goes on when the shop next opens. Nothing
// when the shop is closed at its start.
func Occupies(all []Capacity, b Booking) []Piece {
	c, open := CapacityOn(all, b.Day)
	if !open || b.Minute < c.Opens || b.Minute >= c.Closes {
		return nil
	}
	pieces := []Piece{}
	day, at, left := b.Day, b.Minute, b.Minutes
	for i := 0; left > 0 && i < spanDays; i++ {
		for at < c.Closes && left > 0 && open {
			slot := c.Opens + (at-c.Opens)/c.SlotMinutes*c.SlotMinutes
			take := min(left, min(slot+c.SlotMinutes, c.Closes)-at)
			pieces = append(pieces, Piece{Day: day, Slot: slot, Minutes: take})
			at, left = at+take, left-take
		}
		day = nextDay(day)
		c, open = CapacityOn(all, day)
		at = c.Opens
	}
	return pieces
}

// Loads sums bookings over slots; only slots that some booking touches are there. Rooms are those of the slot's day.
func Loads(all []Capacity, bookings []Booking) map[string]SlotLoad {
	loads := map[string]SlotLoad{}
	for _, b := range bookings {
		for _, p := range Occupies(all, b) {
			key := slotKey(p.Day, p.Slot)
			l, known := loads[key]
			if !known {
				l = emptyLoad(all, p.Day, p.Slot)
			}
			l.Bay += p.Minutes
			l.Hand += p.Minutes * b.Hands
			loads[key] = l
		}
	}
	return loads
}

// Overfull is the first slot that b would fill beyond its room beside the others; false when it fits. Slots that b does not
// touch are no affair of b's, however full they are.
func Overfull(all []Capacity, others []Booking, b Booking) (SlotLoad, bool) {
	others = slices.DeleteFunc(slices.Clone(others), func(o Booking) bool { return o.ID == b.ID })
	loads := Loads(all, append(others, b))
	for _, p := range Occupies(all, b) {
		if l := loads[slotKey(p.Day, p.Slot)]; l.Over() {
			return l, true
		}
	}
	return SlotLoad{}, false
}

func emptyLoad(all []Capacity, day string, slot int) SlotLoad {
	c, _ := CapacityOn(all, day)
	length := min(slot+c.SlotMinutes, c.Closes) - slot
	return SlotLoad{Day: day, Slot: slot, BayRoom: c.Bays * length * c.BookablePercent / 100, HandRoom: c.Technicians * length * c.BookablePercent / 100}
}

// SlotMark names exactly what a manager's permission to overbook is for: start, minutes, hands. Moved or made longer, the
// booking needs another.
func SlotMark(b Booking) string { return fmt.Sprintf("%s/%d/%d", b.StartsAt, b.Minutes, b.Hands) }

// Clock is minutes of a day as "09:30".
func Clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func slotKey(day string, slot int) string { return fmt.Sprintf("%s %04d", day, slot) }

// date reads a day; the zero day when it is none.
func date(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return t
}

// IsDay says whether the text is a day such as "2026-11-22".
func IsDay(day string) bool { return !date(day).IsZero() }

func nextDay(day string) string { return date(day).AddDate(0, 0, 1).Format(time.DateOnly) }

// weekdayOf is "1" for Monday to "7" for Sunday; what is no day is on no list of weekdays.
func weekdayOf(day string) string {
	t := date(day)
	if t.IsZero() {
		return "no day"
	}
	return fmt.Sprint((int(t.Weekday())+6)%7 + 1)
}
