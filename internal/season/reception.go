package season

import (
	"fmt"
	"time"

	"aftercare/internal/record"
)

// stay is one car's visit, from its arrival to the barrier.
type stay struct {
	s                            *Season
	advisor                      *Person
	vehicle                      *vehicle
	id, inspection, concern, key string
	order                        string
	tasks                        []*task
	tag                          string
	wash, advised                bool

	inWork, collecting bool
	due, paid, credit  map[string]int64 // by payer, fen, as played
	pass               string
}

// task is one job of an order.
type task struct {
	work
	stay                          *stay
	id, payer, state, reservation string
	declines                      bool // the customer will not have it
	bench                         *bench
	entry                         string
	since                         time.Time
	left                          time.Duration
	run                           int
	held, fetched, waiting        bool
	comesBack                     bool // mends what was done before
	checked, supplement           bool
	labourFen, partsFen, actual   int64
	ready                         time.Time
}

func (t *task) part() *part { return t.stay.s.store.parts[t.work.part] }

func (t *task) over() bool { return t.state == "declined" || t.state == "done" || t.state == "passed" }

// arrive is a car at the door: of an appointment, or of nobody's knowing.
func (s *Season) arrive(b *booking) {
	if b != nil {
		s.arriveWith(b.vehicle, b)
		return
	}
	s.arriveWith(s.some(), nil)
}

func (s *Season) arriveWith(v *vehicle, b *booking) {
	advisor := s.team.advisors[0]
	for _, p := range s.team.advisors {
		if p.free.Before(advisor.free) {
			advisor = p
		}
	}
	c := &stay{s: s, advisor: advisor, vehicle: v, due: map[string]int64{}, paid: map[string]int64{}, credit: map[string]int64{}, wash: s.chance(40)}
	s.report.In++
	s.spend(advisor, 3*time.Minute, func() { c.receive(b) })
}

// receive opens the visit; what the appointment was for lives on in it (R-01 … R-03, B-07).
func (c *stay) receive(b *booking) {
	s, v := c.s, c.vehicle
	a := s.by(c.advisor)
	s.file(a, v)
	v.Km += s.r.IntN(4000)
	purpose, appointment := "maintenance", ""
	if v.from != "" {
		purpose = "comeback"
		s.report.Comebacks++
	}
	if b != nil {
		appointment = b.id
	}
	c.id = a.create("visits", values{"number": s.number("Z"), "vehicle": v.id, "customer": v.customer, "advisor": c.advisor.ID, "purpose": purpose, "state": "open",
		"arrived_at": s.text(), "odometer_km": v.Km, "energy_level": 20 + s.r.IntN(80), "appointment": appointment, "comeback_of": v.from})
	s.stays[c.id] = c
	a.patch("vehicles", v.id, values{"odometer_km": v.Km})
	if b != nil {
		a.patch("appointments", b.id, values{"state": "arrived"})
	}
	c.inspection = a.create("inspections", values{"visit": c.id, "template": s.template})
	a.do("visit.arrive")
	a = s.by(c.advisor)
	c.concern = a.create("concerns", values{"visit": c.id, "position": 1, "words": words[s.r.IntN(len(words))], "is_fault": s.chance(20)})
	a.do("concern.add")
	s.spend(c.advisor, 7*time.Minute, c.walkAround)
}

// walkAround answers every item of the template: one by one what is not in order, the rest of each group at one go.
func (c *stay) walkAround() {
	s := c.s
	if s.tempted() {
		a := s.by(c.advisor)
		a.patch("visits", c.id, values{"state": "inspected"})
		a.mustFail("visit.complete_inspection", "visit.inspection_incomplete")
	}
	for _, group := range s.groups {
		a := s.by(c.advisor)
		for _, code := range s.items[group] {
			result := "good"
			if n := s.r.IntN(100); n < 4 {
				result = "attention"
			} else if n == 4 {
				result = "bad"
			}
			a.create("findings", values{"visit": c.id, "inspection": c.inspection, "item": code, "result": result})
		}
		a.do("finding.rest_good")
	}
	for range s.r.IntN(3) {
		a := s.by(c.advisor)
		mark := a.create("damage_marks", values{"visit": c.id, "inspection": c.inspection, "vehicle": c.vehicle.id, "view": "left", "x": 0.62, "y": 0.72,
			"zone": "left.rear_door", "area": "11", "kind": "dent", "severity": "to_15", "code_version": 1})
		if s.chance(10) {
			shot := s.shot()
			a.create("photos", values{"visit": c.id, "subject_collection": "damage_marks", "subject_record": mark, "slot": "near", "sha256": shot.SHA256,
				"bytes": shot.Bytes, "width": shot.Width, "height": shot.Height, "media": "image/jpeg", "taken_at": s.text()})
		}
		a.do("mark.add")
	}
	s.spend(c.advisor, 5*time.Minute, c.ask)
}

// shot is one of the photos that the season was given.
func (s *Season) shot() Shot {
	n := s.r.Uint64()
	if len(s.shots) == 0 {
		return Shot{SHA256: fmt.Sprintf("%064x", n), Bytes: 240_000, Width: 1600, Height: 1200}
	}
	return s.shots[n%uint64(len(s.shots))]
}

// ask is the rest of the reception: what is in the car, what the customer wants, the estimate (R-03 … R-10, E-01, E-09).
func (c *stay) ask() {
	s, now := c.s, c.s.text()
	a := s.by(c.advisor)
	a.patch("concerns", c.concern, values{"confirmed_at": now})
	a.patch("visits", c.id, values{"anything_else": "没有了。", "anything_else_at": now, "valuables_exit_at": now, "valuables_boot_at": now, "valuables_end_at": now,
		"storage": "none", "belongings_at": now, "covers_pieces": 5, "covers_fitted_at": now, "old_parts": "show", "wash": map[bool]string{true: "yes", false: "no"}[c.wash],
		"payment_method": "wechat", "stays": "lounge"})
	a.create("belongings", values{"visit": c.id, "kind": "paper", "name": "行驶证", "quantity": 1, "place": "in_car"})
	c.key = a.create("key_tags", values{"visit": c.id, "tag": s.number("K"), "hook": "A1", "keys": 1, "holder_kind": "cabinet", "held_at": now})
	a.do("visit.ask")
	a = s.by(c.advisor)
	a.patch("inspections", c.inspection, values{"completed_at": now})
	a.patch("visits", c.id, values{"state": "inspected"})
	a.do("visit.complete_inspection")
	c.listen()
	c.estimate()
	s.spend(c.advisor, 4*time.Minute, c.sign)
}

// listen has the expert hear a fault that the customer described.
func (c *stay) listen() {
	s := c.s
	row, err := s.app.FindRecordById(record.Concerns, c.concern)
	if err != nil {
		panic(err)
	}
	if !row.GetBool(record.FieldIsFault) {
		return
	}
	a := s.by(s.team.expert)
	a.patch("concerns", c.concern, values{"expert": s.team.expert.ID, "expert_at": s.text(), "expert_note": "路试听诊，确认。"})
	a.do("concern.listen")
}

// estimate opens the order and puts it before the customer.
func (c *stay) estimate() {
	s := c.s
	a := s.by(c.advisor)
	c.order = a.create("work_orders", values{"visit": c.id, "number": s.number(s.code + "-" + s.day.Format("060102") + "-"), "state": "draft", "promised_at": record.Text(s.open(s.now().Add(4 * time.Hour)))})
	n := 1
	for _, more := range []int{45, 20} {
		if s.chance(more) {
			n++
		}
	}
	if c.vehicle.from != "" {
		c.add(a, c.vehicle.work, "internal", c.vehicle.from)
		n--
	}
	for range n {
		payer := "customer"
		switch k := s.r.IntN(100); {
		case k < 9:
			payer = "warranty"
		case k < 14:
			payer = "insurer"
		}
		c.add(a, s.pickWork(), payer, "")
	}
	a.do("order.open")
	if s.tempted() {
		t := c.tasks[0]
		b := s.by(c.advisor)
		b.patch("jobs", t.id, values{"state": "approved"})
		b.mustFail("job.approve", "consent.missing")
	}
	a = s.by(c.advisor)
	a.patch("work_orders", c.order, values{"state": "presented"})
	a.do("order.present")
}

// add puts a job on the order; of a comeback the job it comes from is named.
// decisionFor: what the manufacturer's warranty pays, the advisor has looked up: it is covered (E-04).
var decisionFor = map[string]string{"warranty": "covered"}

func (c *stay) add(a *act, w work, payer, from string) {
	for _, t := range c.tasks {
		if t.name == w.name {
			return
		}
	}
	t := &task{work: w, stay: c, payer: payer, comesBack: from != "", state: "proposed", left: time.Duration(w.minutes) * time.Minute, labourFen: w.labour}
	t.id = a.create("jobs", values{"visit": c.id, "work_order": c.order, "position": len(c.tasks) + 1, "state": "proposed", "origin": "estimate", "work": w.name, "labour_minutes": w.minutes,
		"labour_fen": w.labour, "parts": t.lines(), "payer": payer, "priced_at": c.s.text(), "skill": w.skill, "comeback_of": from, "warranty_decision": decisionFor[payer]})
	c.tasks = append(c.tasks, t)
}

// lines are the parts of the job as they are agreed.
func (t *task) lines() []values {
	p := t.part()
	if p == nil {
		return []values{}
	}
	t.partsFen = p.price * t.milli / 1000
	return []values{{"name": p.name, "number": p.number, "quantity_milli": t.milli, "unit": p.unit, "unit_fen": p.price, "origin": "shop", "grade": "genuine"}}
}
