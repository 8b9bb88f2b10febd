package promise

import (
	"flag"
	"math/rand"
	"testing"
	"time"

	"pgregory.net/rapid"

	"aftercare/internal/flow"
	"aftercare/internal/vectortest"
)

var update = flag.Bool("update", false, "write testdata/vectors/promise.json anew")

const vectorFile = "testdata/vectors/promise.json"

var shipped = flow.ShippedPolicy()

func at(t testing.TB, text string) time.Time {
	t.Helper()
	instant, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		t.Fatal(err)
	}
	return instant.Add(-8 * time.Hour).UTC() // shop time to UTC
}

func show(instant time.Time) string { return instant.In(Shanghai).Format("2006-01-02 15:04") }

func TestEarliest(t *testing.T) {
	weekdays := shipped
	weekdays.OpenDays = 12345
	for name, c := range map[string]struct {
		now    string
		work   Work
		policy flow.Policy
		want   string
	}{
		"E-05 labour and margin, on the next quarter of an hour": {"2026-11-21 10:04", Work{Minutes: 100, Hands: 4}, shipped, "2026-11-21 12:15"},
		"E-05 the cars before it, shared by the technicians":     {"2026-11-21 10:00", Work{Minutes: 60, Load: 480, Hands: 4}, shipped, "2026-11-21 13:15"},
		"E-05 not begun before the part is here":                 {"2026-11-21 10:00", Work{Minutes: 60, PartsAt: at(t, "2026-11-21 15:00"), Hands: 1}, shipped, "2026-11-21 16:15"},
		"E-05 a part that comes on another day":                  {"2026-11-21 10:00", Work{Minutes: 60, PartsAt: at(t, "2026-11-24 17:30"), Hands: 1}, shipped, "2026-11-25 09:15"},
		"E-05 what does not fit today goes on tomorrow":          {"2026-11-21 17:00", Work{Minutes: 100, Hands: 1}, shipped, "2026-11-22 09:30"},
		"E-05 before the shop opens nothing is done":             {"2026-11-21 06:00", Work{Minutes: 10, Hands: 1}, shipped, "2026-11-21 08:45"},
		"E-05 after it has closed, neither":                      {"2026-11-21 18:00", Work{Minutes: 10, Hands: 1}, shipped, "2026-11-22 08:45"},
		"E-05 nobody works on a closed day":                      {"2026-11-20 17:55", Work{Minutes: 50, Hands: 1}, weekdays, "2026-11-23 09:30"},
		"E-05 a shop without a technician counts as one":         {"2026-11-21 10:00", Work{Minutes: 50, Load: 60}, shipped, "2026-11-21 12:00"},
		"E-05 seconds count as begun minutes":                    {"2026-11-21 10:00", Work{Hands: 1}, shipped, "2026-11-21 10:00"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := show(Earliest(at(t, c.now), c.work, c.policy, Shanghai)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestNotice(t *testing.T) {
	for name, c := range map[string]struct{ begin, promised, notice, ask string }{
		"D-02 one hour before, for work up to two days":         {"2026-11-21 10:00", "2026-11-21 16:00", "2026-11-21 15:00", "2026-11-21 14:30"},
		"D-02 of two days exactly: still one hour":              {"2026-11-19 16:00", "2026-11-21 16:00", "2026-11-21 15:00", "2026-11-21 14:30"},
		"D-02 longer work: four hours before":                   {"2026-11-19 15:59", "2026-11-21 16:00", "2026-11-21 12:00", "2026-11-21 11:30"},
		"D-02 a notice in the night goes before it":             {"2026-11-20 16:00", "2026-11-21 08:45", "2026-11-20 20:59", "2026-11-20 20:29"},
		"D-02 the advisor is asked before the night, not in it": {"2026-11-20 16:00", "2026-11-21 09:10", "2026-11-21 08:10", "2026-11-20 20:59"},
	} {
		t.Run(name, func(t *testing.T) {
			notice := show(NoticeAt(at(t, c.begin), at(t, c.promised), shipped, Shanghai))
			ask := show(DelayAskAt(at(t, c.begin), at(t, c.promised), shipped, Shanghai))
			if notice != c.notice || ask != c.ask {
				t.Errorf("notice %s, ask %s; want %s and %s", notice, ask, c.notice, c.ask)
			}
		})
	}
}

func TestQuiet(t *testing.T) {
	for name, c := range map[string]struct {
		at       string
		from, to int
		until    string
	}{
		"M-03 over midnight, before it":   {"2026-11-21 21:00", 1260, 480, "2026-11-22 08:00"},
		"M-03 over midnight, after it":    {"2026-11-22 07:59", 1260, 480, "2026-11-22 08:00"},
		"M-03 the last minute of the day": {"2026-11-21 20:59", 1260, 480, ""},
		"M-03 the first minute of it":     {"2026-11-22 08:00", 1260, 480, ""},
		"M-03 at noon":                    {"2026-11-22 12:30", 720, 840, "2026-11-22 14:00"},
		"M-03 none":                       {"2026-11-22 12:30", 0, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			until, quiet := Quiet(at(t, c.at), Shanghai, c.from, c.to)
			if quiet != (c.until != "") || quiet && show(until) != c.until {
				t.Errorf("quiet %v until %s, want %q", quiet, show(until), c.until)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	t.Run("W-06 three quarters of the way to the promise", func(t *testing.T) {
		if got := show(CheckAt(at(t, "2026-11-21 10:00"), at(t, "2026-11-21 14:00"), shipped)); got != "2026-11-21 13:00" {
			t.Error(got)
		}
	})
	t.Run("W-06 three quarters of the planned minutes", func(t *testing.T) {
		for worked, want := range map[int64]bool{74: false, 75: true, 200: true} {
			if got := CheckDue(worked, 100, shipped); got != want {
				t.Errorf("after %d of 100 minutes: %v", worked, got)
			}
		}
		if CheckDue(5, 0, shipped) {
			t.Error("a job without a plan is asked about")
		}
	})
	t.Run("S-07 another day, by the shop's calendar", func(t *testing.T) {
		for _, c := range []struct {
			agreed, promised string
			want             int
		}{{"2026-11-21 10:00", "2026-11-21 23:59", 0}, {"2026-11-21 23:59", "2026-11-22 00:00", 1}, {"2026-11-22 09:00", "2026-11-21 09:00", 0}, {"2026-11-21 10:00", "2026-12-21 09:00", 30}} {
			if got := DaysBeyond(at(t, c.agreed), at(t, c.promised), Shanghai); got != c.want {
				t.Errorf("%s → %s: %d, want %d", c.agreed, c.promised, got, c.want)
			}
		}
	})
}

func TestProperties(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	t.Run("E-05 more work, more load, later parts never promise earlier; promises are in opening hours", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			p, zone := drawPolicy(t), Zone(rapid.SampledFrom(zones).Draw(t, "zone"))
			now := start.Add(time.Duration(rapid.IntRange(0, 400*24*3600).Draw(t, "now")) * time.Second)
			w := Work{Minutes: rapid.IntRange(0, 3000).Draw(t, "minutes"), Load: rapid.IntRange(0, 5000).Draw(t, "load"), Hands: rapid.IntRange(0, 9).Draw(t, "hands")}
			first := Earliest(now, w, p, zone)
			if first.Before(now) {
				t.Fatalf("promised %s before %s", first, now)
			}
			for _, more := range []Work{{w.Minutes + 60, w.PartsAt, w.Load, w.Hands}, {w.Minutes, w.PartsAt, w.Load + 60, w.Hands}, {w.Minutes, now.Add(30 * time.Hour), w.Load, w.Hands}} {
				if Earliest(now, more, p, zone).Before(first) {
					t.Fatalf("%+v is promised before %+v", more, w)
				}
			}
			end := AddWorking(now, w.Minutes+1, p, zone)
			minute, _ := minuteOf(end, zone)
			if minute < p.OpensMinutes || minute > p.ClosesMinutes {
				t.Fatalf("work ends at minute %d of the day, open from %d to %d", minute, p.OpensMinutes, p.ClosesMinutes)
			}
		})
	})
	t.Run("D-02 M-03 a notice never falls into quiet hours and never comes after its hour", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			p, zone := drawPolicy(t), Zone(rapid.SampledFrom(zones).Draw(t, "zone"))
			begin := start.Add(time.Duration(rapid.IntRange(0, 400*24*60).Draw(t, "begin")) * time.Minute)
			promised := begin.Add(time.Duration(rapid.IntRange(0, 7*24*60).Draw(t, "span")) * time.Minute)
			notice, ask := NoticeAt(begin, promised, p, zone), DelayAskAt(begin, promised, p, zone)
			if notice.After(promised.Add(-time.Duration(p.NoticeShortMinutes)*time.Minute)) || ask.After(notice) {
				t.Fatalf("asked %s, notice %s for %s", ask, notice, promised)
			}
			if _, quiet := Quiet(notice, zone, p.QuietFromMinutes, p.QuietToMinutes); quiet {
				t.Fatalf("notice at %s", notice.In(zone))
			}
		})
	})
}

var zones = []string{"Asia/Shanghai", "Europe/Berlin", "Asia/Urumqi", "America/New_York"}

func drawPolicy(t *rapid.T) flow.Policy {
	p := shipped
	p.OpensMinutes = rapid.IntRange(360, 660).Draw(t, "opens") // a gap of summer time lies in no shop's hours
	p.ClosesMinutes = rapid.IntRange(900, 1320).Draw(t, "closes")
	p.OpenDays = rapid.SampledFrom([]int{1234567, 12345, 2, 67}).Draw(t, "days")
	p.PromiseMarginPercent = rapid.IntRange(0, 100).Draw(t, "margin")
	p.PromiseStepMinutes = rapid.SampledFrom([]int{1, 5, 15, 30}).Draw(t, "step")
	p.QuietFromMinutes = rapid.SampledFrom([]int{1200, 1260, 0, 1380}).Draw(t, "from")
	p.QuietToMinutes = rapid.SampledFrom([]int{420, 480, 0}).Draw(t, "to")
	return p
}

// vector is one case that both sides must answer alike. Instants are RFC 3339, UTC.
type vector struct {
	Zone     string      `json:"zone"`
	Policy   flow.Policy `json:"policy"`
	Now      time.Time   `json:"now"`
	Minutes  int         `json:"minutes"`
	PartsAt  time.Time   `json:"parts_at,omitzero"`
	Load     int         `json:"load"`
	Hands    int         `json:"hands"`
	Promised time.Time   `json:"promised"`

	Earliest time.Time `json:"earliest"`
	CheckAt  time.Time `json:"check_at"`
	NoticeAt time.Time `json:"notice_at"`
	AskAt    time.Time `json:"ask_at"`
	Quiet    time.Time `json:"quiet"` // until when, the instant itself when it is not
	Beyond   int       `json:"beyond"`
}

func (v *vector) answer() {
	zone := Zone(v.Zone)
	v.Earliest = Earliest(v.Now, Work{v.Minutes, v.PartsAt, v.Load, v.Hands}, v.Policy, zone)
	v.CheckAt = CheckAt(v.Now, v.Promised, v.Policy)
	v.NoticeAt, v.AskAt = NoticeAt(v.Now, v.Promised, v.Policy, zone), DelayAskAt(v.Now, v.Promised, v.Policy, zone)
	v.Quiet, _ = Quiet(v.Now, zone, v.Policy.QuietFromMinutes, v.Policy.QuietToMinutes)
	v.Beyond = DaysBeyond(v.Now, v.Promised, zone)
}

func generate() []vector {
	random := rand.New(rand.NewSource(20261121))
	pick := func(of ...int) int { return of[random.Intn(len(of))] }
	list := make([]vector, 0, 300)
	for range 300 {
		p := shipped
		p.OpensMinutes, p.ClosesMinutes = pick(480, 510, 540), pick(1020, 1080, 1200)
		p.OpenDays = []int{1234567, 12345, 123456, 67}[random.Intn(4)]
		p.PromiseMarginPercent, p.PromiseStepMinutes = pick(0, 20, 33), pick(1, 5, 15, 60)
		p.QuietFromMinutes, p.QuietToMinutes = pick(1260, 1320, 0, 720), pick(480, 420, 0, 840)
		p.ProgressCheckPercent, p.DelayLeadMinutes = pick(70, 75, 80), pick(0, 30, 120)
		v := vector{Zone: zones[random.Intn(len(zones))], Policy: p, Minutes: pick(0, 1, 15, 60, 119, 600, 4000), Load: pick(0, 0, 61, 480, 4801), Hands: pick(0, 1, 3, 12)}
		v.Now = time.Date(2026, time.Month(1+random.Intn(12)), 1+random.Intn(28), random.Intn(24), pick(0, 1, 29, 30, 59), pick(0, 0, 1, 59), pick(0, 0, 5e6), time.UTC)
		if random.Intn(3) == 0 {
			v.PartsAt = v.Now.Add(time.Duration(random.Intn(6*24*60)) * time.Minute)
		}
		v.Promised = v.Now.Add(time.Duration(random.Intn(4*24*60)-60) * time.Minute)
		v.answer()
		list = append(list, v)
	}
	return list
}

func TestVectors(t *testing.T) {
	if *update {
		vectortest.Write(t, vectorFile, generate())
	}
	list := vectortest.Read[[]vector](t, vectorFile)
	if len(list) < 300 {
		t.Fatal(len(list))
	}
	t.Run("E-05 W-06 D-02 S-07 the answers stand", func(t *testing.T) {
		for i, want := range list {
			got := want
			got.answer()
			if got != want {
				t.Errorf("%d:\n got %+v\nwant %+v", i, got, want)
			}
		}
	})
}
