package calendar

import (
	"flag"
	"math/rand"
	"testing"
	"time"

	"pgregory.net/rapid"

	"aftercare/internal/vectortest"
)

var update = flag.Bool("update", false, "write testdata/vectors/generated.json anew")

var zones = []string{"Asia/Shanghai", "Europe/Berlin", "Asia/Urumqi", "America/New_York", "Africa/Cairo", "Pacific/Kiritimati", "Asia/Kathmandu"}

var first = time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC)

func drawPeriod(t *rapid.T) Period {
	return Period{rapid.IntRange(0, 40).Draw(t, "count"), rapid.SampledFrom(Units).Draw(t, "unit")}
}

func drawInstant(t *rapid.T, name string) time.Time {
	return first.Add(time.Duration(rapid.IntRange(0, 1300*24*60).Draw(t, name)) * time.Minute)
}

// withHoliday is the calendar with one more day off.
func withHoliday(c Calendar, d day) Calendar {
	more := Calendar{years: c.years, works: map[int]bool{}}
	for k, v := range c.works {
		more.works[k] = v
	}
	more.works[int(d)] = false
	return more
}

func TestProperties(t *testing.T) {
	c := calendarOf(t)
	t.Run("L-16 no window shrinks when a holiday is added inside it", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			event, p, zone := drawInstant(t, "event"), drawPeriod(t), zoneOf(t, rapid.SampledFrom(zones).Draw(t, "zone"))
			before := c.Window(event, p, zone)
			inside := dayOf(event, zone) + day(rapid.IntRange(0, int(dayOf(before.Due, zone)-dayOf(event, zone))).Draw(t, "inside"))
			after := withHoliday(c, inside).Window(event, p, zone)
			if after.Due.Before(before.Due) {
				t.Fatalf("%s off: due %s, was %s", inside.utc(), after.Due, before.Due)
			}
			if p.Unit == Workday && inside > dayOf(event, zone) && !after.Due.After(before.Due) {
				if rests, _ := c.rests(inside); !rests && inside < dayOf(before.Due, zone) {
					t.Fatalf("a working day within the window was taken off and its end stayed at %s", before.Due)
				}
			}
		})
	})
	t.Run("L-16 a later event, a longer period are never due earlier", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			event, p, zone := drawInstant(t, "event"), drawPeriod(t), zoneOf(t, rapid.SampledFrom(zones).Draw(t, "zone"))
			w := c.Window(event, p, zone)
			later := c.Window(event.Add(time.Duration(rapid.IntRange(0, 100*60).Draw(t, "later"))*time.Minute), p, zone)
			longer := c.Window(event, Period{p.Count + rapid.IntRange(0, 9).Draw(t, "longer"), p.Unit}, zone)
			if later.Due.Before(w.Due) || longer.Due.Before(w.Due) {
				t.Fatalf("due %s; of a later event %s, of a longer period %s", w.Due, later.Due, longer.Due)
			}
		})
	})
	t.Run("L-16 windows of days end where a day begins that follows a working day", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			event, p, zone := drawInstant(t, "event"), drawPeriod(t), zoneOf(t, rapid.SampledFrom(zones).Draw(t, "zone"))
			if p.Unit == Hour {
				p.Unit = Workday
			}
			w := c.Window(event, p, zone)
			last := dayOf(w.Due.Add(-time.Millisecond), zone)
			if rests, _ := c.rests(last); rests || dayOf(w.Due, zone) != last+1 {
				t.Fatalf("due %s", w.Due.In(zone))
			}
		})
	})
}

// loaded are years to run the vectors with beside the shipped ones.
var loaded = [][]Year{
	nil,
	{{Year: 2027, Source: "test", DaysOff: []Span{{"元旦", "2026-12-31", "2027-01-03"}, {"春节", "2027-02-05", "2027-02-11"}}, MakeupDays: []string{"2026-12-27", "2027-02-13"}}},
	{{Year: 2025, Source: "test", DaysOff: []Span{{"元旦", "2024-12-30", "2025-01-02"}}, MakeupDays: []string{"2024-12-28", "2025-03-01"}}},
}

// generate draws events near the edges: holidays, month ends, midnight in the shop.
func generate(t testing.TB) []window {
	random := rand.New(rand.NewSource(20261122))
	edges := []string{"2023-12-30", "2024-01-29", "2024-01-31", "2024-02-09", "2024-02-29", "2024-09-25", "2024-12-27", "2025-01-24", "2025-01-31", "2025-03-31", "2025-09-26", "2026-02-11", "2026-02-27", "2026-04-22", "2026-09-18", "2026-09-30", "2026-10-29", "2026-12-24", "2027-02-04"}
	seconds := []int{0, 1, 43200, 86398, 86399}
	list := make([]window, 0, 500)
	for range 500 {
		zone := zones[random.Intn(len(zones))]
		d, _ := readDay(edges[random.Intn(len(edges))])
		event := (d + day(random.Intn(5))).start(zoneOf(t, zone)).Add(time.Duration(seconds[random.Intn(len(seconds))]) * time.Second)
		v := window{Zone: zone, Event: event.Add(time.Duration(random.Intn(2)*999) * time.Millisecond).UTC(), Loaded: loaded[random.Intn(len(loaded))],
			Period: Period{[]int{0, 1, 2, 7, 12, 15, 30, 48}[random.Intn(8)], Units[random.Intn(len(Units))]}}
		w := calendarOf(t, v.Loaded...).Window(v.Event, v.Period, zoneOf(t, zone))
		v.Due, v.Assumed = w.Due, w.Assumed
		list = append(list, v)
	}
	return list
}

func TestGeneratedVectors(t *testing.T) {
	if *update {
		vectortest.Write(t, "testdata/vectors/generated.json", generate(t))
	}
	list := vectortest.Read[[]window](t, "testdata/vectors/generated.json")
	if len(list) < 500 {
		t.Fatal(len(list))
	}
	for i, v := range list {
		if w := calendarOf(t, v.Loaded...).Window(v.Event, v.Period, zoneOf(t, v.Zone)); !w.Due.Equal(v.Due) || w.Assumed != v.Assumed {
			t.Errorf("L-16 %d: %+v, want %+v", i, w, v)
		}
	}
}
