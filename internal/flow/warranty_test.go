package flow

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"aftercare/internal/vectortest"
)

func TestWarranty(t *testing.T) {
	all := vectortest.Read[struct {
		Days []struct {
			Day    string `json:"day"`
			Months int    `json:"months"`
			Last   string `json:"last"`
		} `json:"days"`
		Stands []struct {
			Name, Until, Day string
			Limit, Km        int64
			Stands           bool
		} `json:"stands"`
		Given []struct {
			Name   string          `json:"name"`
			Policy json.RawMessage `json:"policy"`
			State  string          `json:"state"`
			Day    string          `json:"day"`
			Km     int64           `json:"km"`
			Jobs   []Job           `json:"jobs"`
			Lines  []WarrantyLine  `json:"lines"`
		} `json:"given"`
	}](t, "testdata/vectors/warranty.json")
	t.Run("D-08 months end on the day of the same number, or the month's last", func(t *testing.T) {
		for _, c := range all.Days {
			if got := LastDay(c.Day, c.Months); got != c.Last {
				t.Errorf("%s + %d months: %q, want %q", c.Day, c.Months, got, c.Last)
			}
		}
	})
	for _, c := range all.Stands {
		t.Run(c.Name, func(t *testing.T) {
			if got := Stands(c.Until, c.Limit, c.Day, c.Km); got != c.Stands {
				t.Errorf("stands %v", got)
			}
		})
	}
	for _, c := range all.Given {
		t.Run(c.Name, func(t *testing.T) {
			figures := ShippedPolicy()
			if err := json.Unmarshal(c.Policy, &figures); err != nil {
				t.Fatal(err)
			}
			got := GiveWarranty(figures, "rev1", c.State, c.Day, c.Km, c.Jobs)
			want := Warranty{State: c.State, FromDay: c.Day, FromKm: c.Km, Policy: "rev1", Lines: c.Lines}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("\n got %+v\nwant %+v", got, want)
			}
		})
	}
	t.Run("D-08 the last day is never before the month's end the calendar gives, and never in the month after", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 3000).Draw(t, "day"))
			months := rapid.IntRange(1, 120).Draw(t, "months")
			last, err := time.Parse(time.DateOnly, LastDay(from.Format(time.DateOnly), months))
			if err != nil {
				t.Fatal(err)
			}
			passed := (last.Year()-from.Year())*12 + int(last.Month()-from.Month())
			if passed != months || last.Day() > from.Day() || last.Day() < from.Day() && last.AddDate(0, 0, 1).Day() != 1 {
				t.Errorf("%s + %d months ends on %s", from, months, last)
			}
		})
	})
}
