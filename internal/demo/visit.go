package demo

import (
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// shopTime is Shanghai's time, which knows no summer: an order's number carries the day on the shop's wall.
var shopTime = time.FixedZone("Asia/Shanghai", 8*3600)

// visit is one car's way through the morning.
type visit struct {
	*morning
	number                     string
	serial                     int
	stage                      stage
	row, inspection            *core.Record
	concern, order, job, extra *core.Record
	entry, appointment         *core.Record
	// Before now: the customer signed, the workshop took the car, work began and stopped.
	signedAt, handedAt, begun, stopped time.Duration
}

// idOf is a row's id, "" without one.
func idOf(rec *core.Record) string {
	if rec == nil {
		return ""
	}
	return rec.Id
}

// play takes the car of plan[i] to its stage, step by step, each by the person whose step it is.
func (v *visit) play(i int) error {
	p := plan[i]
	v.signedAt, v.handedAt, v.begun = p.arrived-25*time.Minute, p.arrived-35*time.Minute, p.arrived-40*time.Minute
	v.stopped = p.stopped
	way := []func() error{
		waiting:       func() error { return v.arrive(p.car, p.arrived, p.words, "maintenance") },
		lookedAt:      func() error { return steps(func() error { return v.answer(len(v.items) * 2 / 3) }, v.damaged) },
		presented:     func() error { return steps(v.finishInspection, func() error { return v.present(i) }) },
		signed:        func() error { return steps(v.sign, v.authorise, func() error { return v.holdParts(i) }) },
		handedOver:    v.handOver,
		dispatched:    v.dispatch,
		inWork:        func() error { return steps(v.start, func() error { return v.fetchParts(i) }) },
		pausedForPart: nil,
		foundMore:     nil,
		askedForMore:  nil,
		inQuality:     nil,
		carReady:      nil,
	}
	for s := waiting; s <= min(p.stage, inWork); s++ {
		if err := way[s](); err != nil {
			return err
		}
	}
	switch p.stage {
	case pausedForPart:
		return v.pause()
	case foundMore:
		return v.find()
	case askedForMore:
		return steps(v.find, v.price)
	case inQuality:
		return steps(v.finish, v.selfCheck)
	case carReady:
		return steps(v.finish, v.selfCheck, v.otherChecks)
	}
	return nil
}

func (v *visit) arrive(car int, before time.Duration, words, purpose string) (err error) {
	chen, vehicle := v.team["chen"], v.vehicles[car]
	km := vehicle.GetInt(record.FieldOdometerKm) + 620
	return steps(
		func() error {
			v.appointment, err = v.arrivedBy(car, before, words)
			return err
		},
		func() error {
			v.row, err = chen.create("visits", values{"appointment": idOf(v.appointment), "number": v.number, "vehicle": vehicle.Id, "customer": vehicle.GetString(record.FieldCustomer), "advisor": chen.actor.ID,
				"purpose": purpose, "state": "open", "arrived_at": v.at(before), "odometer_km": km, "energy_level": 55})
			return err
		},
		func() error { return chen.patch(vehicle, values{"odometer_km": km}) },
		func() error {
			if v.appointment == nil {
				return nil
			}
			return chen.patch(v.appointment, values{"state": "arrived"})
		},
		func() error {
			v.inspection, err = chen.create("inspections", values{"visit": v.row.Id, "template": v.template.Id})
			return err
		},
		func() error {
			v.concern, err = chen.create("concerns", values{"visit": v.row.Id, "position": 1, "words": words})
			return err
		},
	)
}

// answer gives the first n items of the walk-around a result, mostly good.
func (v *visit) answer(n int) error {
	for i, item := range v.items[:n] {
		result := "good"
		if (i+v.serial)%29 == 0 || v.serial > 0 && item == damages[v.serial%2]["zone"] {
			result = "attention"
		}
		if _, err := v.team["chen"].create("findings", values{"visit": v.row.Id, "inspection": v.inspection.Id, "item": item, "result": result}); err != nil {
			return err
		}
	}
	return nil
}

func (v *visit) finishInspection() error {
	chen, now := v.team["chen"], v.at(0)
	done := len(v.items) * 2 / 3
	return steps(
		func() error {
			for _, item := range v.items[done:] {
				if _, err := chen.create("findings", values{"visit": v.row.Id, "inspection": v.inspection.Id, "item": item, "result": "good"}); err != nil {
					return err
				}
			}
			return nil
		},
		func() error { return chen.patch(v.concern, values{"confirmed_at": now}) },
		func() error {
			_, err := chen.create("belongings", values{"visit": v.row.Id, "kind": "paper", "name": "行驶证", "quantity": 1, "place": "in_car"})
			return err
		},
		func() error {
			_, err := chen.create("key_tags", values{"visit": v.row.Id, "tag": fmt.Sprint(10 + v.serial), "hook": fmt.Sprintf("A%d", v.serial), "keys": 1, "holder_kind": "cabinet", "held_at": now})
			return err
		},
		func() error {
			return chen.patch(v.row, values{"anything_else": "没有了。", "anything_else_at": now, "valuables_exit_at": now, "valuables_boot_at": now, "valuables_end_at": now,
				"storage": "none", "belongings_at": now, "covers_pieces": 5, "covers_fitted_at": now, "old_parts": "show", "wash": "yes", "payment_method": "wechat", "stays": "lounge"})
		},
		func() error { return chen.patch(v.inspection, values{"completed_at": now}) },
		func() error { return chen.patch(v.row, values{"state": "inspected"}) },
	)
}

func (v *visit) present(i int) (err error) {
	p, chen := plan[i], v.team["chen"]
	return steps(
		func() error {
			v.order, err = chen.create("work_orders", values{"visit": v.row.Id, "number": fmt.Sprintf("SH-%s-%s", v.now.In(shopTime).Format("060102"), v.number), "state": "draft", "promised_at": v.at(-p.promised)})
			return err
		},
		func() error {
			parts := []values{}
			if p.parts > 0 {
				parts = append(parts, v.store.line(i, p.parts))
			}
			v.job, err = chen.create("jobs", values{"visit": v.row.Id, "work_order": v.order.Id, "position": 1, "state": "proposed", "origin": "estimate", "work": p.work,
				"labour_minutes": p.minutes, "labour_fen": p.labour, "parts": parts, "payer": "customer", "priced_at": v.at(p.arrived / 2), "skill": 2})
			return err
		},
		func() error { return chen.patch(v.order, values{"state": "presented"}) },
	)
}

func (v *visit) sign() error {
	return steps(
		func() error { return v.consent("precheck", v.row.Id, "signature", nil) },
		func() error { return v.consent("estimate", v.order.Id, "signature", nil) },
	)
}

// consent stores the customer's signature under the very document the server shows.
func (v *visit) consent(kind, subject, way string, more values) error {
	doc, err := documentOf(v.app, kind, subject)
	if err != nil {
		return err
	}
	chen := v.team["chen"]
	data := values{"visit": v.row.Id, "kind": way, "state": "given", "document_kind": kind, "document": doc.Body, "sha256": doc.SHA256, "jobs": approved(doc),
		"signer_name": "车主", "signer_relation": "self", "place": "接待区", "signed_at": v.at(v.signedAt), "countersigned_by": chen.actor.ID, "countersigned_at": v.at(v.signedAt),
		"strokes": [][]values{{{"x": 0.12, "y": 0.42, "t": 0}, {"x": 0.34, "y": 0.38, "t": 90}, {"x": 0.31, "y": 0.7, "t": 210}}, {{"x": 0.5, "y": 0.36, "t": 420}, {"x": 0.82, "y": 0.58, "t": 640}}}}
	if v.order != nil && kind != consent.KindPrecheck {
		data["work_order"] = v.order.Id
	}
	for k, x := range more {
		data[k] = x
	}
	_, err = chen.create("consents", data)
	return err
}

func (v *visit) authorise() error {
	chen := v.team["chen"]
	return steps(
		func() error { return chen.patch(v.job, values{"state": "approved"}) },
		func() error { return chen.patch(v.order, values{"state": "authorised"}) },
	)
}

func (v *visit) handOver() error {
	return v.team["chen"].patch(v.row, values{"state": "handed_over", "received_by": v.team["wu"].actor.ID, "received_at": v.at(v.handedAt)})
}

// technician is the one whose clock may still run for the car in work; the others share the rest, one after the other.
func (v *visit) technician() hand {
	if v.stage == inWork {
		return v.team["ma"]
	}
	return v.team[[]string{"guo", "yang"}[v.serial%2]]
}

func (v *visit) dispatch() error {
	return v.team["wu"].patch(v.job, values{"state": "dispatched", "technicians": []string{v.technician().actor.ID}, "skill": 1})
}

func (v *visit) start() (err error) {
	t := v.technician()
	return steps(
		func() error {
			return t.patch(v.job, values{"sheet_checked_at": v.at(v.begun), "sheet_checked_by": t.actor.ID, "fault_confirmed": "confirmed"})
		},
		func() error { return t.patch(v.job, values{"state": "in_progress"}) },
		func() error { return t.patch(v.order, values{"state": "in_progress"}) },
		func() error { return t.patch(v.row, values{"state": "working"}) },
		func() error {
			clock := values{"visit": v.row.Id, "work_order": v.order.Id, "job": v.job.Id, "technician": t.actor.ID, "started_at": v.at(v.begun)}
			if v.stopped > 0 { // the morning is told car by car: a clock left running would take what the next car's took since
				clock["ended_at"] = v.at(v.stopped)
			}
			v.entry, err = t.create("time_entries", clock)
			return err
		},
	)
}

func (v *visit) stop(state, reason string) error {
	t, change := v.technician(), values{"state": state}
	if state == "paused" {
		change["pause_reason"] = reason
	}
	return steps(
		func() error { return t.patch(v.job, change) },
		func() error { return t.patch(v.entry, values{"end_reason": reason}) },
	)
}

func (v *visit) pause() error { return v.stop("paused", "part") }

func (v *visit) finish() error {
	return steps(
		func() error { return v.stop("done", "finished") },
		func() error { return v.technician().patch(v.order, values{"state": "qc"}) },
	)
}

func (v *visit) find() (err error) {
	v.extra, err = v.technician().create("jobs", values{"visit": v.row.Id, "work_order": v.order.Id, "position": 2, "state": "proposed", "origin": "supplement",
		"work": "更换前刹车片", "found_note": "前片余 2 mm，盘面有沟。", "safety": true, "payer": "customer"})
	if err != nil {
		return err
	}
	return steps(func() error { return v.photograph(v.technician(), "brake", "found", v.extra, v.stopped) }, v.pause)
}

func (v *visit) price() error {
	return v.team["chen"].patch(v.extra, values{"labour_minutes": 48, "labour_fen": 30000, "priced_at": v.at(0), "delay_minutes": 50,
		"parts": []values{{"name": "前刹车片", "number": "5Q0698151", "quantity_milli": 1000, "unit": "套", "unit_fen": 98000, "origin": "shop", "grade": "genuine"}}})
}

func (v *visit) check(by, stage string) error {
	items := []values{}
	for _, code := range []string{"jobs_done", "fasteners", "nothing_left_inside", "road_test", "outside_compared", "papers"} {
		items = append(items, values{"code": code, "ok": true, "note": ""})
	}
	h := v.technician()
	if by != "" {
		h = v.team[by]
	}
	_, err := h.create("quality_checks", values{"visit": v.row.Id, "work_order": v.order.Id, "stage": stage, "result": "pass", "items": items, "checked_at": v.at(5 * time.Minute)})
	return err
}

func (v *visit) selfCheck() error { return v.check("", "self") }

func (v *visit) otherChecks() error {
	qian := v.team["qian"]
	return steps(
		func() error { return v.check("wu", "leader") },
		func() error { return v.check("qian", "final") },
		func() error { return qian.patch(v.job, values{"state": "passed"}) },
		func() error {
			return qian.patch(v.order, values{"state": "ready", "advice": "下次保养 10,000 km 后。"})
		},
		func() error { return qian.patch(v.row, values{"state": "ready"}) },
	)
}
