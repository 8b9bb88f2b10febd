package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"aftercare/internal/fault"
)

// Year is what the State Council's General Office announces for one year: the days off 放假 and the weekend days worked in
// exchange 调休上班. Days are "2026-10-01"; those of the December before may be among them. Source names the notice.
type Year struct {
	Year       int      `json:"year"`
	Source     string   `json:"source"`
	DaysOff    []Span   `json:"days_off"`
	MakeupDays []string `json:"makeup_days"`
}

// Span is one holiday from its first day to its last, both included.
type Span struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

// What a year may hold. The longest announced was 10 days in one and 33 in all; the most make-up days were 12.
const (
	firstYear, lastYear = 2000, 2100
	longestSpan         = 31
	mostOff             = 90
	mostMakeup          = 40
)

// Parse reads a year that someone has loaded, as JSON, and checks it. Codes: holidays.shape, and those of Check.
func Parse(raw []byte) (Year, *fault.Fault) {
	var y Year
	in := json.NewDecoder(bytes.NewReader(raw))
	in.DisallowUnknownFields()
	if err := in.Decode(&y); err != nil {
		return Year{}, fault.New(fault.Invalid, "holidays.shape").On(misread(err)).Because(err)
	}
	if _, err := in.Token(); err != io.EOF {
		return Year{}, fault.New(fault.Invalid, "holidays.shape").On("days_off")
	}
	if f := y.Check(); f != nil {
		return Year{}, f
	}
	return y, nil
}

// misread is the field that is not of its kind; the days off, which have parts of their own, where the reader names none.
func misread(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		field, _, _ := strings.Cut(kind.Field, ".")
		return field
	}
	return "days_off"
}

// Check holds a year to what a calendar can be (L-16). Codes: holidays.year, holidays.source, holidays.empty, holidays.day,
// holidays.span, holidays.outside, holidays.twice, holidays.makeup_weekday, holidays.many.
func (y Year) Check() *fault.Fault {
	if y.Year < firstYear || y.Year > lastYear {
		return fault.New(fault.Invalid, "holidays.year").On("year").With("first", firstYear).With("last", lastYear)
	}
	if y.Source == "" {
		return fault.New(fault.Invalid, "holidays.source").On("source")
	}
	if len(y.DaysOff) == 0 {
		return fault.New(fault.Invalid, "holidays.empty").On("days_off")
	}
	seen := map[day]bool{}
	for _, s := range y.DaysOff {
		if f := y.checkSpan(s, seen); f != nil {
			return f.On("days_off")
		}
	}
	for i, text := range y.MakeupDays {
		if i == mostMakeup {
			return fault.New(fault.Invalid, "holidays.many").On("makeup_days").With("max", mostMakeup)
		}
		if f := y.checkMakeup(text, seen); f != nil {
			return f.On("makeup_days")
		}
	}
	return nil
}

func (y Year) checkSpan(s Span, seen map[day]bool) *fault.Fault {
	from, f := y.day(s.From)
	if f != nil {
		return f
	}
	to, f := y.day(s.To)
	if f != nil {
		return f
	}
	if s.Name == "" || to < from || to-from >= longestSpan {
		return fault.New(fault.Invalid, "holidays.span").With("from", s.From).With("to", s.To).With("max", longestSpan)
	}
	for d := from; d <= to; d++ {
		if seen[d] {
			return twice(d)
		}
		if seen[d] = true; len(seen) > mostOff {
			return fault.New(fault.Invalid, "holidays.many").With("max", mostOff)
		}
	}
	return nil
}

func (y Year) checkMakeup(text string, seen map[day]bool) *fault.Fault {
	d, f := y.day(text)
	if f != nil {
		return f
	}
	if seen[d] {
		return twice(d)
	}
	if seen[d] = true; !d.weekend() {
		return fault.New(fault.Invalid, "holidays.makeup_weekday").With("day", text)
	}
	return nil
}

// day reads one day of this year, or of the December before, where New Year's days off may begin.
func (y Year) day(text string) (day, *fault.Fault) {
	d, ok := readDay(text)
	if !ok {
		return 0, fault.New(fault.Invalid, "holidays.day").With("day", text)
	}
	if d < date(y.Year-1, time.December, 1) || d > date(y.Year, time.December, 31) {
		return 0, fault.New(fault.Invalid, "holidays.outside").With("day", text).With("year", y.Year)
	}
	return d, nil
}

func twice(d day) *fault.Fault {
	return fault.New(fault.Invalid, "holidays.twice").With("day", d.utc().Format(time.DateOnly))
}

// named is a day that a year's notice speaks of.
type named struct {
	day   day
	works bool
}

// named lists every day of a checked year's notice.
func (y Year) named() []named {
	var all []named
	for _, s := range y.DaysOff {
		from, _ := readDay(s.From)
		to, _ := readDay(s.To)
		for d := from; d <= to; d++ {
			all = append(all, named{d, false})
		}
	}
	for _, text := range y.MakeupDays {
		d, _ := readDay(text)
		all = append(all, named{d, true})
	}
	return all
}

func (y Year) names(d day) bool {
	for _, n := range y.named() {
		if n.day == d {
			return true
		}
	}
	return false
}
