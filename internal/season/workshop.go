package season

import (
	"slices"
	"time"

	"aftercare/internal/consent"
)

// bench is a technician at work: what they were given, what they are at.
type bench struct {
	s       *Season
	person  *Person
	rest    time.Weekday // the day of the week they are off
	queue   []*task
	current *task
	open    bool
}

func (b *bench) add(t *task) {
	if slices.Contains(b.queue, t) || b.current == t {
		return
	}
	b.queue = append(b.queue, t)
	b.next()
}

// dispatch gives the job to the technician with the least to do who is good enough (W-01), or to the one named.
func (t *task) dispatch(to *bench) {
	s := t.stay.s
	if to == nil {
		for _, b := range s.all {
			if b.person.Skill >= t.skill && b.rest != s.day.Weekday() && (to == nil || b.load() < to.load()) {
				to = b
			}
		}
	}
	for _, b := range s.all { // who is off today finds it tomorrow, when nobody else is good enough
		if to == nil && b.person.Skill >= t.skill {
			to = b
		}
	}
	if s.tempted() {
		for _, b := range s.all {
			if b.person.Skill < t.skill {
				a := s.by(s.team.leader)
				a.patch("jobs", t.id, values{"state": "dispatched", "technicians": []string{b.person.ID}})
				a.mustFail("job.dispatch", "dispatch.skill")
				break
			}
		}
	}
	a := s.by(s.team.leader)
	a.patch("jobs", t.id, values{"state": "dispatched", "technicians": []string{to.person.ID}})
	a.do("job.dispatch")
	t.state, t.bench = "dispatched", to
	to.add(t)
}

func (b *bench) load() time.Duration {
	var sum time.Duration
	for _, t := range b.queue {
		sum += t.left
	}
	if b.current != nil {
		sum += b.current.left
	}
	return sum
}

// next takes up the first job that can be worked on. A job whose part is missing is begun once, for what can be done without.
func (b *bench) next() {
	s := b.s
	if !b.open || b.current != nil || s.open(s.now()).After(s.now()) {
		return
	}
	for i, t := range b.queue {
		if t.waiting && t.state == "paused" {
			continue
		}
		if t.ready.After(s.now()) {
			s.at(t.ready, b.next)
			continue
		}
		b.queue = slices.Delete(slices.Clone(b.queue), i, i+1)
		b.current = t
		t.start()
		return
	}
}

// start begins or goes on: the car compared with its sheet the first time, then job, order and car at work, and the clock (W-02, W-03).
func (t *task) start() {
	s, c, b := t.stay.s, t.stay, t.bench
	t.tempt()
	a := s.by(b.person)
	if !t.checked {
		t.checked = true
		a.patch("jobs", t.id, values{"sheet_checked_at": s.text(), "sheet_checked_by": b.person.ID, "fault_confirmed": "confirmed"})
		a.do("job.check_sheet")
		a = s.by(b.person)
	}
	a.patch("jobs", t.id, values{"state": "in_progress"})
	t.since = s.now().Truncate(time.Millisecond)
	t.entry = a.create("time_entries", values{"visit": c.id, "work_order": c.order, "job": t.id, "technician": b.person.ID, "started_at": s.text()})
	if !c.inWork {
		a.patch("work_orders", c.order, values{"state": "in_progress"})
		a.patch("visits", c.id, values{"state": "working"})
	}
	a.do("job.start")
	c.inWork, t.state = true, "in_progress"
	t.run++
	if t.held && !t.fetched {
		t.fetch()
	}
	run, stretch, reason := t.run, t.left, ""
	switch {
	case t.waiting:
		stretch, reason = min(t.left/2, 10*time.Minute), "part"
	case t.left > 20*time.Minute && s.chance(15):
		stretch, reason = t.left/2, []string{"bay", "quality", "customer", "other"}[s.r.IntN(4)]
	}
	if !t.supplement && t.left > 15*time.Minute && len(c.tasks) < 4 && s.chance(12) {
		t.supplement = true
		s.after(stretch/3, func() { t.finds(run) })
	}
	s.after(max(stretch, time.Minute), func() {
		if t.run == run && t.state == "in_progress" {
			t.stop(reason)
		}
	})
}

// stop ends the stretch: a pause with its reason, or the end of the work when there is none (W-03).
func (t *task) stop(reason string) {
	s, b := t.stay.s, t.bench
	a, end := s.by(b.person), reason
	if reason == "" {
		end, t.state = "finished", "done"
		a.patch("jobs", t.id, values{"state": "done"})
	} else {
		t.state = "paused"
		a.patch("jobs", t.id, values{"state": "paused", "pause_reason": reason})
	}
	a.patch("time_entries", t.entry, values{"ended_at": s.text(), "end_reason": end})
	stretch := s.now().Truncate(time.Millisecond).Sub(t.since)
	s.worked[t.id] += stretch.Truncate(time.Minute)
	t.left = max(time.Minute, t.left-stretch)
	t.run++
	a.do("job.stop")
	b.current = nil
	switch {
	case reason == "":
		t.left = 0
		t.cost()
		t.stay.finished(t)
	case !t.waiting:
		t.ready = s.now()
		if reason != "day" && reason != "other" {
			t.ready = s.now().Add(s.between(5*time.Minute, 30*time.Minute))
		}
		b.queue = append([]*task{t}, b.queue...)
	}
	s.after(2*time.Minute, b.next)
}

// cost writes down what the job came to when that is not what was agreed (S-07).
func (t *task) cost() {
	s := t.stay.s
	if t.payer != "customer" || !s.chance(10) {
		return
	}
	if s.tempted() {
		a := s.by(t.bench.person)
		a.patch("jobs", t.id, values{"labour_fen": t.labourFen + 100})
		a.mustFail("job.edit", "flow.role")
	}
	t.actual = t.labourFen - t.labourFen/100*int64(s.r.IntN(20)) + t.labourFen/100*int64(s.r.IntN(10))
	a := s.by(t.stay.advisor)
	a.patch("jobs", t.id, values{"actual_labour_fen": t.actual, "actual_parts_fen": t.partsFen})
	a.do("job.actual")
}

// finds is a problem found under way: proposed, priced, explained, and nothing of it done before the customer agrees (S-05).
func (t *task) finds(run int) {
	s, c := t.stay.s, t.stay
	if t.run != run || t.state != "in_progress" {
		return
	}
	w := s.pickWork()
	for _, other := range c.tasks {
		if other.name == w.name || w.skill > t.bench.person.Skill {
			return
		}
	}
	extra := &task{work: w, stay: c, payer: "customer", state: "proposed", left: time.Duration(w.minutes) * time.Minute, labourFen: w.labour, supplement: true, checked: true}
	a := s.by(t.bench.person)
	extra.id = a.create("jobs", values{"visit": c.id, "work_order": c.order, "position": len(c.tasks) + 1, "state": "proposed", "origin": "supplement", "work": w.name,
		"found_note": "拆下后发现。", "safety": s.chance(30), "payer": "customer", "parts": []values{}})
	a.do("job.found")
	c.tasks = append(c.tasks, extra)
	s.spend(c.advisor, 6*time.Minute, func() { extra.offer(t.bench) })
}

// offer prices what was found and asks the customer.
func (t *task) offer(to *bench) {
	s, c := t.stay.s, t.stay
	a := s.by(c.advisor)
	a.patch("jobs", t.id, values{"labour_minutes": t.minutes, "labour_fen": t.labour, "priced_at": s.text(), "delay_minutes": 40, "parts": t.lines(), "skill": t.skill})
	a.do("job.price")
	if s.tempted() {
		t.early(to)
	}
	t.declines = s.chance(30)
	way := "signature"
	if s.chance(50) {
		way = "phone"
	}
	c.consent(consent.KindSupplement, way, []*task{t})
	c.decide(false, t)
	if t.declines {
		if s.tempted() {
			t.early(to)
		}
		c.finished(nil)
		return
	}
	t.provide()
	if b := s.by(to.person); s.tempted() { // not given out yet
		b.patch("jobs", t.id, values{"state": "in_progress"})
		b.mustFail("job.start", "flow.transition")
	}
	t.checked = false
	t.dispatch(to)
}

// openBays begins the day's work; what lies with somebody who is off goes to another.
func (s *Season) openBays() {
	for _, b := range s.all {
		b.open = b.rest != s.day.Weekday()
	}
	for _, b := range s.all {
		if b.open {
			continue
		}
		queue := b.queue
		b.queue = nil
		for _, t := range queue {
			t.move()
		}
	}
	for _, b := range s.all {
		b.next()
	}
}

// move gives a job to another technician: the leader names who goes on.
func (t *task) move() {
	s := t.stay.s
	var to *bench
	for _, b := range s.all {
		if b.open && b.person.Skill >= t.skill && (to == nil || b.load() < to.load()) {
			to = b
		}
	}
	if to == nil { // nobody good enough is here today
		t.bench.queue = append(t.bench.queue, t)
		return
	}
	a := s.by(s.team.leader)
	a.patch("jobs", t.id, values{"technicians": []string{t.bench.person.ID, to.person.ID}})
	a.do("job.reassign")
	t.bench = to
	to.queue = append(to.queue, t)
}

// closeBays ends the day: no clock runs over night.
func (s *Season) closeBays() {
	for _, b := range s.all {
		b.open = false
		if t := b.current; t != nil && t.state == "in_progress" {
			t.stop("other")
		}
	}
}
