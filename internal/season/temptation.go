package season

import (
	"time"

	"aftercare/internal/record"
)

// tempted says whether somebody tries now what they may not.
func (s *Season) tempted() bool { return s.chance(s.tempt) }

// tempt: before anybody signed, somebody begins, somebody books time, somebody takes the part (S-01).
func (c *stay) tempt() {
	s, t := c.s, c.tasks[0]
	if !s.tempted() {
		return
	}
	b := s.all[s.r.IntN(len(s.all))]
	t.early(b)
	a := s.by(b.person)
	a.create("time_entries", values{"visit": c.id, "work_order": c.order, "job": t.id, "technician": b.person.ID, "started_at": s.text()})
	a.mustFail("job.start", "consent.missing")
	a = s.by(s.team.leader)
	a.patch("jobs", t.id, values{"state": "dispatched", "technicians": []string{s.able().ID}})
	a.mustFail("job.dispatch", "consent.missing")
	if p := t.part(); p != nil && p.level-p.held >= t.milli {
		a = s.by(s.team.parts)
		a.create("stock_moves", values{"kind": "out", "part": p.id, "quantity_milli": t.milli, "from_place": "store", "visit": c.id, "work_order": c.order, "job": t.id,
			"signed_by": b.person.ID, "strokes": strokes})
		a.mustFail("part.issue", "consent.missing")
	}
}

// able is a technician who is good enough for every job.
func (s *Season) able() *Person {
	best := s.team.technicians[0]
	for _, p := range s.team.technicians {
		if p.Skill > best.Skill {
			best = p
		}
	}
	return best
}

// early is a technician who begins what the customer has not agreed to, or has declined.
func (t *task) early(b *bench) {
	a := t.stay.s.by(b.person)
	a.patch("jobs", t.id, values{"state": "in_progress"})
	a.mustFail("job.start", "consent.missing", "consent.declined")
}

// tempt: somebody else begins the job, time is booked from before the signature, a second clock beside the first (W-01, W-03, S-01).
func (t *task) tempt() {
	s, b := t.stay.s, t.bench
	if s.tempted() && t.checked {
		for _, other := range s.all {
			if other != b && other.current == nil && t.state == "dispatched" {
				a := s.by(other.person)
				a.patch("jobs", t.id, values{"state": "in_progress"})
				a.mustFail("job.start", "dispatch.not_assigned")
				break
			}
		}
	}
	if !s.tempted() || len(b.queue) == 0 {
		return
	}
	for _, other := range s.all {
		running := other.current
		if running == nil || running == t || running.state != "in_progress" || other.person == b.person {
			continue
		}
		a := s.by(other.person)
		a.create("time_entries", values{"visit": running.stay.id, "work_order": running.stay.order, "job": running.id, "technician": other.person.ID, "started_at": s.text()})
		a.mustFail("job.start", "clock.running")
		return
	}
}

// temptAtTheTill: the car is ready and nobody has paid; the pass, the order's end and the barrier are tried all the same (D-07).
func (c *stay) temptAtTheTill() {
	s := c.s
	if !s.tempted() {
		return
	}
	a := s.by(s.team.cashier)
	a.create("gate_passes", values{"visit": c.id, "number": s.number("P"), "state": "issued", "plate": c.vehicle.Plate, "issued_at": s.text(),
		"valid_until": record.Text(s.now().Add(24 * time.Hour))})
	a.mustFail("pass.issue", "gate.order_open")
	a = s.by(s.team.cashier)
	a.patch("work_orders", c.order, values{"state": "settled"})
	a.mustFail("order.settle", "settlement.job_open")
	a = s.by(s.team.guard)
	a.patch("visits", c.id, values{"state": "released"})
	a.mustFail("gate.pass", "gate.pass_unused")
}
