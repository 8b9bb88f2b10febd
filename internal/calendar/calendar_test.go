package calendar

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // Cairo and Berlin are known on machines that know no zone

	"aftercare/internal/fault"
	"aftercare/internal/vectortest"
)

func calendarOf(t testing.TB, loaded ...Year) Calendar {
	t.Helper()
	c, f := New(loaded...)
	if f != nil {
		t.Fatal(f)
	}
	return c
}

func zoneOf(t interface {
	Helper()
	Fatal(...any)
}, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// The notices say the weekday of every day they name, which catches a slip of the pen.
func TestShippedYears(t *testing.T) {
	weekday := map[time.Weekday]string{0: "日", 1: "一", 2: "二", 3: "三", 4: "四", 5: "五", 6: "六"}
	for year, want := range map[int]struct {
		off, makeup string
		days        int
	}{
		2024: {"元旦一一 春节六六 清明节四六 劳动节三日 端午节一一 中秋节日二 国庆节二一", "日日日日六六日六", 28},
		2025: {"元旦三三 春节二二 清明节五日 劳动节四一 端午节六一 国庆节、中秋节三三", "日六日日六", 28},
		2026: {"元旦四六 春节日一 清明节六一 劳动节五二 端午节五日 中秋节五日 国庆节四三", "日六六六日六", 33},
	} {
		i := slices.IndexFunc(Shipped(), func(y Year) bool { return y.Year == year })
		if i < 0 {
			t.Fatalf("L-16 %d is not shipped", year)
		}
		y := Shipped()[i]
		var off []string
		makeup, days := "", 0
		for _, s := range y.DaysOff {
			from, _ := readDay(s.From)
			to, _ := readDay(s.To)
			days += int(to-from) + 1
			off = append(off, s.Name+weekday[from.utc().Weekday()]+weekday[to.utc().Weekday()])
		}
		for _, text := range y.MakeupDays {
			d, _ := readDay(text)
			makeup += weekday[d.utc().Weekday()]
		}
		if got := strings.Join(off, " "); got != want.off || makeup != want.makeup || days != want.days {
			t.Errorf("L-16 %d: %s, %s, %d days off; want %+v", year, got, makeup, days, want)
		}
		if f := y.Check(); f != nil {
			t.Errorf("L-16 %d: %v", year, f)
		}
	}
}

type window struct {
	Name    string    `json:"name,omitempty"`
	Loaded  []Year    `json:"loaded,omitempty"`
	Zone    string    `json:"zone"`
	Event   time.Time `json:"event"`
	Period  Period    `json:"period"`
	Due     time.Time `json:"due"`
	Assumed bool      `json:"assumed"`
}

func TestWindow(t *testing.T) {
	for _, c := range vectortest.Read[[]window](t, "testdata/vectors/hand.json") {
		t.Run(c.Name, func(t *testing.T) {
			w := calendarOf(t, c.Loaded...).Window(c.Event, c.Period, zoneOf(t, c.Zone))
			if !w.Due.Equal(c.Due) || w.Assumed != c.Assumed {
				t.Errorf("due %s assumed %v, want %s %v", w.Due, w.Assumed, c.Due, c.Assumed)
			}
			if w.Due.Location() != time.UTC || !w.From.Equal(c.Event) {
				t.Errorf("from %s due %s", w.From, w.Due)
			}
			for at, want := range map[time.Time]bool{c.Event.Add(-time.Millisecond): false, c.Event: true, c.Due.Add(-time.Millisecond): true, c.Due: false} {
				if w.Contains(at) != want {
					t.Errorf("%s: contains is %v", at, !want)
				}
			}
		})
	}
}

// A server may stand in any zone: what an instant is written in changes nothing.
func TestServersZone(t *testing.T) {
	c := calendarOf(t)
	event := time.Date(2026, 9, 28, 15, 59, 59, 0, time.UTC)
	want := c.Window(event, Period{7, Workday}, zoneOf(t, "Asia/Shanghai"))
	for _, server := range []string{"America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu"} {
		if got := c.Window(event.In(zoneOf(t, server)), Period{7, Workday}, zoneOf(t, "Asia/Shanghai")); got != want {
			t.Errorf("L-16 a server in %s: %+v, want %+v", server, got, want)
		}
	}
}

func TestCheckYear(t *testing.T) {
	for _, c := range vectortest.Read[[]struct {
		Name   string         `json:"name"`
		Year   Year           `json:"year"`
		Code   string         `json:"code"`
		Field  string         `json:"field"`
		Params map[string]any `json:"params"`
	}](t, "testdata/vectors/years.json") {
		t.Run("L-16 "+c.Name, func(t *testing.T) {
			f := c.Year.Check()
			if f == nil {
				f = &fault.Fault{}
			}
			got, err := json.Marshal(f.Params)
			if err != nil {
				t.Fatal(err)
			}
			want, err := json.Marshal(c.Params)
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Params) == 0 {
				want = []byte("null")
			}
			if f.Code != c.Code || f.Field != c.Field || string(got) != string(want) {
				t.Errorf("%s on %s %s, want %s on %s %s", f.Code, f.Field, got, c.Code, c.Field, want)
			}
			if _, refused := New(c.Year); (refused == nil) != (c.Code == "") {
				t.Errorf("New says %v", refused)
			}
		})
	}
	t.Run("L-16 more make-up days than any year has", func(t *testing.T) {
		y := Year{Year: 2027, Source: "test", DaysOff: []Span{{"元旦", "2027-01-01", "2027-01-01"}}}
		for d := date(2027, 1, 2); len(y.MakeupDays) <= mostMakeup; d += 7 {
			y.MakeupDays = append(y.MakeupDays, d.utc().Format(time.DateOnly))
		}
		if f := y.Check(); f == nil || f.Code != "holidays.many" || f.Field != "makeup_days" {
			t.Error(f)
		}
	})
}

func TestParse(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing": "", "a list": "[]", "a field too many": `{"year": 2027, "shop": "x"}`, "two of them": `{} {}`, "a year in words": `{"year": "2027"}`,
		"days that are numbers": `{"year": 2027, "source": "x", "makeup_days": [1]}`,
	} {
		t.Run("L-16 "+name, func(t *testing.T) {
			if _, f := Parse([]byte(raw)); f == nil || f.Code != "holidays.shape" {
				t.Error(f)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, y := range Shipped() {
		raw, err := json.Marshal(y)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{"year": 2027, "source": "x", "days_off": [{"name": "x", "from": "2026-12-01", "to": "2026-12-31"}], "makeup_days": ["2027-12-26"]}`))
	f.Add([]byte(`{"year": 2100, "source": "x", "days_off": [{"name": "x", "from": "9999-12-31", "to": "0000-01-01"}]}`))
	event := time.Date(2026, 12, 20, 3, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw []byte) {
		y, refused := Parse(raw)
		if refused != nil {
			return
		}
		c, refused := New(y)
		if refused != nil {
			t.Fatalf("a year that was read is refused: %v", refused)
		}
		for _, unit := range Units {
			if w := c.Window(event, Period{30, unit}, time.UTC); !w.Due.After(event) || w.Due.After(event.AddDate(4, 0, 0)) {
				t.Fatalf("30 %ss end at %s", unit, w.Due)
			}
		}
		again, err := json.Marshal(y)
		if err != nil {
			t.Fatal(err)
		}
		if back, refused := Parse(again); refused != nil || !slices.Equal(back.DaysOff, y.DaysOff) || !slices.Equal(back.MakeupDays, y.MakeupDays) {
			t.Fatalf("written and read again: %+v %v", back, refused)
		}
	})
}
