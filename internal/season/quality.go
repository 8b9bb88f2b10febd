package season

import (
	"time"

	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// checkItems are what every check of finished work answers.
var checkItems = []string{"jobs_done", "fasteners", "nothing_left_inside", "road_test", "outside_compared", "papers"}

// finished takes the order to its checks when nothing of it is left to do; last is the job that was finished, nil when one was declined.
func (c *stay) finished(last *task) {
	s := c.s
	for _, t := range c.tasks {
		if !t.over() {
			return
		}
		if last == nil && t.state == "done" {
			last = t
		}
	}
	if last == nil {
		return
	}
	a := s.by(last.bench.person)
	a.patch("work_orders", c.order, values{"state": "qc"})
	a.do("order.to_quality")
	if s.tempted() {
		c.check(s.team.leader, "leader").mustFail("quality.pass", "quality.stage_order")
	}
	c.check(last.bench.person, "self").do("quality.pass")
	if s.tempted() {
		c.check(s.team.leader, "final").mustFail("quality.pass", "quality.stage_role")
	}
	s.spend(s.team.leader, 3*time.Minute, func() {
		if s.chance(2) {
			c.fail(s.team.leader, "leader")
			return
		}
		c.check(s.team.leader, "leader").do("quality.pass")
		s.spend(s.team.inspector, 6*time.Minute, c.final)
	})
}

// check is a passed check of the stage, not sent yet.
func (c *stay) check(by *Person, stage string) *act {
	items := []values{}
	for _, code := range checkItems {
		items = append(items, values{"code": code, "ok": true, "note": ""})
	}
	a := c.s.by(by)
	a.create("quality_checks", values{"visit": c.id, "work_order": c.order, "stage": stage, "result": "pass", "items": items, "checked_at": c.s.text()})
	return a
}

// fail sends a job back: rework with its cause.
func (c *stay) fail(by *Person, stage string) {
	s := c.s
	s.report.Rework++
	var t *task
	for _, one := range c.tasks {
		if one.state == "done" {
			t = one
		}
	}
	a := s.by(by)
	a.create("quality_checks", values{"visit": c.id, "work_order": c.order, "stage": stage, "result": "fail", "items": []values{{"code": "fasteners", "ok": false, "note": "力矩不够"}},
		"failed_jobs": []string{t.id}, "cause": "力矩不够", "checked_at": s.text()})
	a.patch("jobs", t.id, values{"state": "rework", "rework_cause": "力矩不够"})
	a.patch("work_orders", c.order, values{"state": "in_progress"})
	a.do("quality.fail")
	t.state, t.left, t.ready = "rework", s.between(8*time.Minute, 25*time.Minute), s.now()
	t.bench.add(t)
}

// blame has the expert decide why the car came back (C-02).
func (c *stay) blame() {
	s := c.s
	for _, t := range c.tasks {
		if t.comesBack && t.state == "done" {
			a := s.by(s.team.expert)
			a.patch("jobs", t.id, values{"comeback_cause": []string{"workmanship", "part", "new_fault"}[s.r.IntN(3)], "comeback_note": "拆检确认。"})
			a.do("comeback.cause")
			t.comesBack = false
		}
	}
}

// final is the last stage: jobs, order and car are ready with it, or one of them goes back.
func (c *stay) final() {
	s := c.s
	if s.chance(4) {
		c.fail(s.team.inspector, "final")
		return
	}
	c.blame()
	a := c.check(s.team.inspector, "final")
	for _, t := range c.tasks {
		if t.state == "done" {
			t.state = "passed"
			a.patch("jobs", t.id, values{"state": "passed"})
		}
	}
	a.patch("work_orders", c.order, values{"state": "ready", "advice": "下次保养 10,000 km 后。"})
	c.advised = true
	a.patch("visits", c.id, values{"state": "ready"})
	a.do("quality.pass")
	comes := s.now().Add(s.between(5*time.Minute, 100*time.Minute))
	if s.chance(15) {
		comes = s.open(s.wall(24*time.Hour + Opens).Add(s.between(0, 8*time.Hour)))
	}
	s.at(s.open(comes), func() {
		c.temptAtTheTill()
		s.spend(s.team.cashier, 5*time.Minute, c.settle)
	})
}

// deliver hands the car over with its result, and the customer signs for it (D-01 … D-05).
func (c *stay) deliver() {
	s, now := c.s, c.s.text()
	data := values{"visit": c.id, "state": "open", "parking": "B12", "follow_up_when": "周六上午"}
	for _, field := range []string{"handed_in_at", "keys_at", "papers_at", "result_shown_at", "old_parts_at", "spare_tools_at", "compared_at", "next_service_at",
		"belongings_at", "covers_off_at"} {
		data[field] = now
	}
	if c.wash {
		data["washed_at"] = now
	}
	a := s.by(c.advisor)
	id := a.create("deliveries", data)
	a.do("delivery.note")
	if s.tempted() {
		b := s.by(c.advisor)
		b.patch("deliveries", id, values{"state": "accepted"})
		b.mustFail("delivery.accept", "delivery.unsigned")
	}
	if c.advised {
		c.consent(consent.KindDelivery, "signature", nil)
	}
	a = s.by(c.advisor)
	a.patch("deliveries", id, values{"state": "accepted", "signer_name": c.vehicle.Owner, "signer_relation": "self", "strokes": strokes, "signed_at": now})
	a.patch("key_tags", c.key, values{"holder_kind": "customer", "holder": "", "held_at": now})
	a.do("delivery.accept")
	s.spend(s.team.cashier, 2*time.Minute, c.letOut)
}

// letOut makes the pass; the barrier opens a little later (D-07).
func (c *stay) letOut() {
	s := c.s
	row := values{"visit": c.id, "number": s.number("P"), "state": "issued", "plate": c.vehicle.Plate, "issued_at": s.text(), "valid_until": record.Text(s.now().Add(24 * time.Hour))}
	a := s.by(s.team.cashier)
	c.pass = a.create("gate_passes", row)
	a.do("pass.issue")
	if s.tempted() {
		b := s.by(s.team.cashier)
		row["number"] = s.number("P")
		b.create("gate_passes", row)
		b.mustFail("pass.issue", "gate.pass_exists")
	}
	if s.chance(2) { // lost between the desk and the barrier: taken back, made anew
		b := s.by(s.team.cashier)
		b.patch("gate_passes", c.pass, values{"state": "void", "void_reason": "客户弄丢了"})
		b.do("pass.void")
		b = s.by(s.team.cashier)
		row["number"], row["replaces"] = s.number("P"), c.pass
		c.pass = b.create("gate_passes", row)
		b.do("pass.issue")
	}
	s.after(s.between(2*time.Minute, 10*time.Minute), c.leave)
}

// leave is the barrier: the pass is shown, and car and order are out.
func (c *stay) leave() {
	s := c.s
	pass, err := s.app.FindRecordById(record.GatePasses, c.pass)
	if err != nil {
		panic(err)
	}
	ready := c.tasks[0].state == "passed" || c.inWork
	if ready && s.tempted() {
		a := s.by(s.team.guard)
		a.patch("visits", c.id, values{"state": "released"})
		a.mustFail("gate.pass", "gate.pass_unused")
	}
	a := s.by(s.team.guard)
	a.create("gate_uses", values{"visit": c.id, "pass": c.pass, "plate": c.vehicle.Plate, "token": record.AsGatePass(pass).Token(), "used_at": s.text()})
	a.patch("gate_passes", c.pass, values{"state": "used"})
	if ready {
		a.patch("work_orders", c.order, values{"state": "released"})
		a.patch("visits", c.id, values{"state": "released"})
	}
	a.do("gate.pass")
	delete(s.stays, c.id)
	s.report.Out++
	v := c.vehicle
	v.busy, v.from = false, ""
	for _, t := range c.tasks {
		if t.state == "passed" && s.chance(3) { // it will be back because of this
			s.back = append(s.back, comeback{on: s.wall(time.Duration(s.r.IntN(8)+2) * 24 * time.Hour), vehicle: v, job: t.id, work: t.work})
			break
		}
	}
}
