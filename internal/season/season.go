// Package season plays days of a whole shop: cars are booked, come, are walked around, signed for, worked on with real
// parts and real clocks, checked, settled, let out, and some of them come back; with late parts, refusals, rework, no-shows
// and people who try what they may not. It promises that everything goes in as a tablet's push in the name of the person whose
// act it is, that a seed is a course of days, and that Check finds by its own reckoning whether the shop's promises hold. It asks
// no guard for an answer: what it expects it knows from what it played. Photos are a few rows without bytes.
package season

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// Door takes an act of a person to the server as a push of that person's own device and returns what became of it.
type Door interface {
	Act(by *Person, at time.Time, intent string, ops []wire.Op) (wire.Outcome, error)
}

// Opens and Closes are the shop's hours on its wall.
const (
	Opens  = 8 * time.Hour
	Closes = 18 * time.Hour
)

// Season is a shop and its days.
type Season struct {
	app   core.App
	door  Door
	clock *Clock
	shop  string
	zone  *time.Location
	r     *rand.Rand
	team  team
	store *store
	cars  *carPark

	items     map[string][]string // codes of the walk-around by group
	groups    []string
	template  string
	receiving string
	answers   []values // of goods that are in order
	shots     []Shot

	day     time.Time // midnight of the day being played, in the shop's zone
	perDay  int
	tempt   int
	code    string
	closed  bool // the book: nobody books any more
	events  schedule
	serial  int
	stays   map[string]*stay // in the house, by visit
	coming  []*booking
	back    []comeback
	worked  map[string]time.Duration // by job, as played
	report  Report
	refused map[string]int
	all     []*bench
}

// Report is what a day came to. Took is how long the pushes of each intent took on the server.
type Report struct {
	Day                   time.Time
	In, Out, House        int // cars that came, that left, that are here at the end
	Acts, Ops             int
	Refused               int // acts that had to be refused, and were, each with its code
	NoShows, Late, Rework int
	Declined, Comebacks   int
	Wrong                 []string // acts that did not end as they had to
	Took                  map[string][]time.Duration
}

// Options of a season. A seed gives the same season on the same empty shop.
type Options struct {
	Seed   uint64
	PerDay int // cars a day
	First  time.Time
	Code   string  // of the shop, before its orders' numbers
	Tempt  int     // how often somebody tries what they may not, in percent of the occasions
	Known  []Known // cars the shop knows already; without any, the town's come, each for the first time some day
	Shots  []Shot  // photos whose bytes the server has; without any, photos are of bytes that never come
}

// Shot is a photo as a row names it. Width and height in pixels.
type Shot struct {
	SHA256               string
	Bytes, Width, Height int
}

// Known is a car with its rows' ids.
type Known struct {
	Car
	ID, Customer string
}

// New begins a season in a shop that was opened by Open.
func New(app core.App, door Door, clock *Clock, shop string, o Options) (*Season, error) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, err
	}
	first := o.First.In(zone)
	s := &Season{app: app, door: door, clock: clock, shop: shop, zone: zone, r: rand.New(rand.NewPCG(o.Seed, 60)), perDay: o.PerDay,
		tempt: o.Tempt, code: o.Code, shots: o.Shots,
		day:   time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone),
		stays: map[string]*stay{}, worked: map[string]time.Duration{}, refused: map[string]int{}}
	for _, read := range []func() error{s.readTeam, s.readTemplates, s.readStore} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	s.cars = newCarPark(o.Known)
	return s, nil
}

// Refusals are the codes that acts were refused with so far, and how often.
func (s *Season) Refusals() map[string]int { return s.refused }

// Worked is how long each job was worked on, by job id, as it was played: every stretch between a start and the next stop.
func (s *Season) Worked() map[string]time.Duration { return s.worked }

// Play plays the next day to its evening.
func (s *Season) Play() (report Report, err error) {
	s.report = Report{Day: s.day, Took: map[string][]time.Duration{}}
	s.clock.Move(s.wall(Opens - 10*time.Minute))
	s.morning()
	evening := s.wall(22 * time.Hour)
	for len(s.events) > 0 && s.events[0].at.Before(evening) {
		e := heap.Pop(&s.events).(event)
		s.clock.Move(e.at)
		if err := s.take(e); err != nil {
			return s.report, err
		}
	}
	s.clock.Move(evening)
	s.report.House = len(s.stays)
	s.day = s.day.AddDate(0, 0, 1)
	return s.report, nil
}

// CloseBook has nobody book any more: the days to come are somebody else's to fill.
func (s *Season) CloseBook() { s.closed = true }

// stuck ends what was going on with a car: an act that had to be taken was not.
type stuck struct{ what string }

// take plays one event. What gets stuck is told, and the rest of the shop goes on.
func (s *Season) take(e event) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case stuck:
			s.report.Wrong = append(s.report.Wrong, p.what)
		case error:
			err = p
		default:
			panic(p)
		}
	}()
	e.do()
	return nil
}

// morning plans the day: who comes with an appointment, who without, who books for tomorrow.
func (s *Season) morning() {
	come := s.expect()
	for range s.perDay - come {
		s.after(s.between(10*time.Minute, Closes-Opens-90*time.Minute), func() { s.arrive(nil) })
	}
	if !s.closed {
		s.bookTomorrow()
	}
	s.at(s.wall(Opens), s.openBays)
	s.at(s.wall(Closes), s.closeBays)
	s.at(s.wall(Closes-time.Hour), s.refill)
	if s.day.Weekday() == time.Saturday {
		s.at(s.wall(Closes-30*time.Minute), s.countShelf)
	}
}

// wall is a time of the present day on the shop's wall.
func (s *Season) wall(of time.Duration) time.Time { return s.day.Add(of) }

func (s *Season) now() time.Time    { return s.clock.Now() }
func (s *Season) text() string      { return record.Text(s.now()) }
func (s *Season) by(p *Person) *act { return &act{s: s, by: p, made: map[string]int64{}} }

// open is the time itself, or when the shop opens next.
func (s *Season) open(t time.Time) time.Time {
	local := t.In(s.zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, s.zone)
	switch since := local.Sub(midnight); {
	case since < Opens:
		return midnight.Add(Opens)
	case since >= Closes:
		return midnight.AddDate(0, 0, 1).Add(Opens)
	}
	return t
}

// spend takes so much of the person's time, as soon as there is some while the shop is open, then goes on.
func (s *Season) spend(p *Person, d time.Duration, then func()) {
	start := s.now()
	if p.free.After(start) {
		start = p.free
	}
	start = s.open(start)
	p.free = start.Add(d)
	s.at(p.free, then)
}

func (s *Season) between(from, to time.Duration) time.Duration {
	return from + time.Duration(s.r.Int64N(int64(to-from)))
}

func (s *Season) chance(percent int) bool { return s.r.IntN(100) < percent }

const idLetters = "abcdefghijklmnopqrstuvwxyz0123456789"

func (s *Season) newID() string {
	var b strings.Builder
	for range 15 {
		b.WriteByte(idLetters[s.r.IntN(len(idLetters))])
	}
	return b.String()
}

func (s *Season) number(letter string) string {
	s.serial++
	return fmt.Sprintf("%s%05d", letter, s.serial)
}

// Codes writes refusals as "code n", the most frequent first.
func Codes(refused map[string]int) string {
	codes := make([]string, 0, len(refused))
	for code := range refused {
		codes = append(codes, code)
	}
	sort.Slice(codes, func(i, j int) bool {
		a, b := refused[codes[i]], refused[codes[j]]
		return a > b || a == b && codes[i] < codes[j]
	})
	for i, code := range codes {
		codes[i] = fmt.Sprintf("%s %d", code, refused[code])
	}
	return strings.Join(codes, ", ")
}
