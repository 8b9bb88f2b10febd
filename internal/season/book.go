package season

import (
	"time"

	"aftercare/internal/record"
)

// vehicle is a car as the season knows it.
type vehicle struct {
	Car
	id, customer, level string // ids once it was here, and its owner's member level
	busy                bool   // in the house, or booked
	from                string // the job it comes back for
	work                work
}

// carPark is every car of the town. Those that were here may come again.
type carPark struct {
	known, strangers []*vehicle
}

func newCarPark(known []Known) *carPark {
	park, seen := &carPark{}, map[string]bool{}
	for _, k := range known {
		park.known = append(park.known, &vehicle{Car: k.Car, id: k.ID, customer: k.Customer})
	}
	if len(known) > 0 {
		return park
	}
	for _, c := range Cars(8000) {
		if !seen[c.Plate] && !seen[c.VIN] {
			seen[c.Plate], seen[c.VIN] = true, true
			park.strangers = append(park.strangers, &vehicle{Car: c})
		}
	}
	return park
}

// some is a car that is not here: every third one for the first time.
func (s *Season) some() *vehicle {
	park := s.cars
	if len(park.strangers) == 0 || !s.chance(35) && len(park.known) > 0 {
		for try := 0; try < 20 || len(park.strangers) == 0; try++ {
			if v := park.known[s.r.IntN(len(park.known))]; !v.busy {
				v.busy = true
				return v
			}
		}
	}
	v := park.strangers[0]
	park.strangers = park.strangers[1:]
	v.busy = true
	return v
}

// file takes down a car and its owner that come for the first time.
func (s *Season) file(a *act, v *vehicle) {
	if v.id != "" {
		return
	}
	if s.chance(25) {
		v.level = []string{"silver", "gold", "platinum"}[s.r.IntN(3)]
	}
	v.customer = a.create("customers", values{"name": v.Owner, "title": v.Title, "phone": v.Phone, "member_level": v.level})
	v.id = a.create("vehicles", values{"plate": v.Plate, "vin": v.VIN, "make": v.Make, "model": v.Model, "model_year": v.Year, "body": v.Body, "energy": v.Energy,
		"colour": v.Colour, "odometer_km": v.Km, "customer": v.customer, "service_interval_km": 10000})
	s.cars.known = append(s.cars.known, v)
}

// booking is an appointment and what will come of it.
type booking struct {
	id      string
	vehicle *vehicle
	starts  time.Time
	shows   bool
}

// comeback is a car that will be back because of a job.
type comeback struct {
	on      time.Time
	vehicle *vehicle
	job     string
	work    work
}

// expect plans those of today who are known beforehand, and says how many come.
func (s *Season) expect() (come int) {
	for _, b := range s.coming {
		if b.shows {
			come++
			if s.chance(40) {
				s.at(s.wall(Opens-5*time.Minute), func() { s.remind(b) })
			}
			s.at(b.starts.Add(s.between(0, 20*time.Minute)-10*time.Minute), func() { s.arrive(b) })
			continue
		}
		s.at(b.starts.Add(61*time.Minute), func() { s.miss(b) })
		if s.tempted() {
			s.at(b.starts.Add(-20*time.Minute), func() {
				a := s.by(s.team.agent)
				a.patch("appointments", b.id, values{"state": "no_show"})
				a.mustFail("appointment.miss", "appointment.not_yet")
			})
		}
	}
	s.coming = nil
	later := s.back[:0]
	for _, c := range s.back {
		if c.on.After(s.wall(Opens)) || c.vehicle.busy || come >= s.perDay {
			later = append(later, c)
			continue
		}
		come++
		c.vehicle.busy, c.vehicle.from, c.vehicle.work = true, c.job, c.work
		s.after(s.between(10*time.Minute, 4*time.Hour), func() { s.arriveWith(c.vehicle, nil) })
	}
	s.back = later
	return come
}

// bookTomorrow is the telephone: half of tomorrow's cars, some of whom will not come (B-01 … B-08).
func (s *Season) bookTomorrow() {
	for range s.perDay / 2 {
		s.after(s.between(10*time.Minute, 8*time.Hour), s.book)
	}
}

func (s *Season) book() {
	v := s.some()
	a := s.by(s.team.agent)
	s.file(a, v)
	w := s.pickWork()
	var b *booking
	for try := 0; try < 8 && b == nil; try++ {
		starts := s.wall(24*time.Hour + Opens + time.Duration(30+s.r.IntN(15)*30)*time.Minute)
		row := values{"source": "passive", "channel": "phone", "vehicle": v.id, "customer": v.customer, "advisor": s.team.advisors[0].ID, "keeper": s.team.agent.ID,
			"purpose": "maintenance", "starts_at": record.Text(starts), "minutes": max(15, w.minutes), "hands": 1, "needs": words[s.r.IntN(len(words))],
			"lines": []values{{"work": w.name, "labour_minutes": w.minutes, "labour_fen": w.labour, "parts": []values{}, "method": "item"}}, "state": "requested"}
		id := a.create("appointments", row)
		a.do("appointment.request")
		a = s.by(s.team.agent)
		a.patch("appointments", id, values{"state": "confirmed"})
		if a.try("appointment.confirm", "appointment.overbooked", "appointment.closed") {
			b = &booking{id: id, vehicle: v, starts: starts, shows: !s.chance(9)}
			break
		}
		a = s.by(s.team.agent)
		a.patch("appointments", id, values{"state": "cancelled", "cancel_reason": "时段已满"})
		a.do("appointment.cancel")
		a = s.by(s.team.agent)
	}
	if b == nil {
		v.busy = false
		return
	}
	if s.chance(5) {
		a = s.by(s.team.agent)
		a.patch("appointments", b.id, values{"state": "cancelled", "cancel_reason": "客户改天再来"})
		a.do("appointment.cancel")
		v.busy = false
		return
	}
	s.coming = append(s.coming, b)
}

// remind is the call in the morning (B-03).
func (s *Season) remind(b *booking) {
	a := s.by(s.team.agent)
	a.patch("appointments", b.id, values{"state": "reminded"})
	a.do("appointment.remind")
}

// miss notes that nobody came (B-08).
func (s *Season) miss(b *booking) {
	a := s.by(s.team.agent)
	a.patch("appointments", b.id, values{"state": "no_show"})
	a.do("appointment.miss")
	b.vehicle.busy = false
	s.report.NoShows++
}
