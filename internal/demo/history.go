package demo

import (
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

// historyCar has been mended here, and left: it may come back (C-01), has taught something (W-08), and is claimed for (E-10).
const historyCar = 20

// historyJobs are what was done to it: the customer paid the first, the manufacturer's warranty the second.
var historyJobs = []struct {
	work, payer, part, number, class string
	minutes                          int
	labour, parts                    int64 // fen
}{
	{"更换前刹车片", "customer", "前刹车片", "45022-T2J-H00", "mechanical", 60, 24000, 38000},
	{"更换转向机", "warranty", "电动转向机总成", "53600-T2J-A01", "mechanical", 150, 60000, 486000},
}

// history is a visit of three weeks ago from arrival to the gate, and what came of it. With a clock that follows, the server's
// own stamps are of that day, too.
func (m *morning) history(before *Before) error {
	past := *m
	past.now = m.now.AddDate(0, 0, -21)
	past.team = map[string]hand{}
	for name, h := range m.team {
		h.actor.At = past.now
		past.team[name] = h
	}
	v := &visit{morning: &past, number: "Z41", serial: 41, stage: carReady, signedAt: 270 * time.Minute, handedAt: 260 * time.Minute, begun: 250 * time.Minute}
	back := func() {}
	if before != nil {
		back = before.Follow(func() time.Time { return past.now })
	}
	err := v.mended()
	back()
	if err != nil {
		return err
	}
	job, err := m.app.FindFirstRecordByFilter(record.Jobs, "visit = {:visit} && position = 2", map[string]any{"visit": v.row.Id})
	if err != nil {
		return err
	}
	return v.learned(job)
}

// mended is the visit itself.
func (v *visit) mended() error {
	jobs := []*core.Record{}
	return steps(
		func() error {
			return v.arrive(historyCar, 5*time.Hour, "刹车时有吱吱声，打方向有咯噔声。", "repair")
		},
		func() error { return v.answer(len(v.items) * 2 / 3) },
		v.damaged,
		v.finishInspection,
		func() (err error) {
			jobs, err = v.offer()
			return err
		},
		v.sign,
		func() error {
			for _, job := range jobs {
				if err := v.team["chen"].patch(job, values{"state": "approved"}); err != nil {
					return err
				}
			}
			return v.team["chen"].patch(v.order, values{"state": "authorised"})
		},
		v.handOver,
		func() error { return v.mend(jobs) },
		v.selfCheck,
		func() error { return v.pass(jobs) },
		func() error { return v.settle(jobs[:1], "customer") },
		func() error { return v.settle(jobs[1:], "warranty") },
		func() error { return v.team["zhao"].patch(v.order, values{"state": "settled"}) },
		v.leave,
	)
}

// offer is the estimate with both jobs, shown to the customer.
func (v *visit) offer() (jobs []*core.Record, err error) {
	chen := v.team["chen"]
	v.order, err = chen.create(record.WorkOrders, values{"visit": v.row.Id, "number": fmt.Sprintf("SH-%s-%s", v.now.In(shopTime).Format("060102"), v.number), "state": "draft", "promised_at": v.at(time.Hour)})
	if err != nil {
		return nil, err
	}
	for i, j := range historyJobs {
		job, err := chen.create(record.Jobs, values{"visit": v.row.Id, "work_order": v.order.Id, "position": i + 1, "state": "proposed", "origin": "estimate", "work": j.work, "job_class": j.class,
			"labour_minutes": j.minutes, "labour_fen": j.labour, "payer": j.payer, "warranty_decision": map[string]string{"warranty": "covered"}[j.payer], "priced_at": v.at(280 * time.Minute), "skill": 2,
			"parts": []values{{"name": j.part, "number": j.number, "quantity_milli": 1000, "unit": "套", "unit_fen": j.parts, "origin": "shop", "grade": "genuine"}}})
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, job)
	}
	v.job = jobs[0]
	return jobs, chen.patch(v.order, values{"state": "presented"})
}

// mend does one job after the other, and the car goes to the checks.
func (v *visit) mend(jobs []*core.Record) error {
	for i, job := range jobs {
		v.job, v.begun = job, time.Duration(240-100*i)*time.Minute
		v.stopped = v.begun - 90*time.Minute
		if err := steps(v.dispatch, v.start, func() error { return v.stop("done", "finished") }); err != nil {
			return err
		}
	}
	return v.technician().patch(v.order, values{"state": "qc"})
}

func (v *visit) pass(jobs []*core.Record) error {
	qian := v.team["qian"]
	return steps(
		func() error { return v.check("wu", "leader") },
		func() error { return v.check("qian", "final") },
		func() error {
			for _, job := range jobs {
				if err := qian.patch(job, values{"state": "passed"}); err != nil {
					return err
				}
			}
			return nil
		},
		func() error {
			return qian.patch(v.order, values{"state": "ready", "advice": "新刹车片磨合 200 公里内避免急刹。"})
		},
		func() error { return qian.patch(v.row, values{"state": "ready"}) },
	)
}

// settle bills jobs to their payer; the customer signs and pays at the till, the manufacturer on account.
func (v *visit) settle(jobs []*core.Record, payer string) error {
	zhao := v.team["zhao"]
	lines, total := []price.Charge{}, int64(0)
	for _, rec := range jobs {
		j := record.AsJob(rec).Facts()
		parts := price.PartsFen(j.Parts)
		lines = append(lines, price.Charge{Job: j.ID, AgreedFen: j.LabourFen + parts, LabourFen: j.LabourFen, PartsFen: parts, Shares: []price.Share{{Payer: payer, Fen: j.LabourFen + parts}}})
		total += j.LabourFen + parts
	}
	s, err := zhao.create(record.Settlements, values{"visit": v.row.Id, "work_order": v.order.Id, "number": fmt.Sprintf("SH-J%s-%s%s", v.now.In(shopTime).Format("060102"), v.number, payer[:1]),
		"kind": flow.SettlementCharge, "state": "draft", "lines": lines})
	if err != nil {
		return err
	}
	if level := s.GetString(record.FieldMemberLevel); level != "" {
		return fmt.Errorf("car %d belongs to a member (%s): its bill would differ", historyCar, level)
	}
	return steps(
		func() error { return zhao.patch(s, values{"state": "issued"}) },
		func() error {
			if payer != price.PayerCustomer {
				return nil
			}
			_, err := zhao.create(record.Payments, values{"visit": v.row.Id, "work_order": v.order.Id, "settlement": s.Id, "kind": price.KindPayment, "payer": payer, "method": "wechat", "fen": total, "received_at": v.at(20 * time.Minute)})
			return err
		},
		func() error {
			return zhao.patch(s, values{"signer_name": "车主", "signer_relation": "self", "signed_at": v.at(18 * time.Minute), "strokes": [][]values{{{"x": 0.2, "y": 0.4, "t": 0}, {"x": 0.6, "y": 0.5, "t": 120}}}})
		},
		func() error { return zhao.patch(s, values{"state": "settled"}) },
	)
}

// leave is the car's way through the gate.
func (v *visit) leave() error {
	zhao, lin := v.team["zhao"], v.team["lin"]
	plate := record.AsVehicle(v.vehicles[historyCar]).Plate()
	pass, err := zhao.create(record.GatePasses, values{"visit": v.row.Id, "number": fmt.Sprintf("SH-P%s-%s", v.now.In(shopTime).Format("060102"), v.number), "state": "issued", "plate": plate,
		"issued_at": v.at(15 * time.Minute), "valid_until": v.at(-24 * time.Hour)})
	if err != nil {
		return err
	}
	return steps(
		func() error {
			_, err := lin.create(record.GateUses, values{"visit": v.row.Id, "pass": pass.Id, "plate": plate, "used_at": v.at(5 * time.Minute)})
			return err
		},
		func() error { return lin.patch(pass, values{"state": "used"}) },
		func() error { return lin.patch(v.row, values{"state": "released"}) },
		func() error { return lin.patch(v.order, values{"state": "released"}) },
	)
}

// libraryCases are what the shop learned over the years.
var libraryCases = []values{
	{"vehicle_model": "大众 帕萨特", "system": "brake", "symptom": "高速刹车时方向盘抖动", "cause": "前刹车盘端面跳动超差（大于 0.05 mm）", "remedy": "测量跳动量，光盘或更换一对刹车盘，同时更换刹车片。"},
	{"vehicle_model": "", "system": "steering", "symptom": "原地或低速打方向有咯噔声", "cause": "转向机齿条间隙过大，或球头松旷", "remedy": "先查球头与减振顶胶；齿条间隙不可调的更换转向机总成，做四轮定位。"},
	{"vehicle_model": "", "system": "air_conditioning", "symptom": "空调开机有霉味", "cause": "蒸发箱积尘发霉，排水管堵塞", "remedy": "更换滤芯，清洗蒸发箱，疏通排水管；嘱客户停车前几分钟关制冷只吹风。"},
	{"vehicle_model": "", "system": "electrical", "symptom": "停放两三天后打不着火，电瓶亏电", "cause": "静态电流过大，常见为加装的行车记录仪取常电", "remedy": "测静态电流（大于 50 mA 为异常），逐路拔保险查找，把取电改到 ACC。"},
}

// learned is what came of the second job: a report, its case, and the claim on the manufacturer. The claim is of today, so
// that its parts are not due before anybody has looked.
func (v *visit) learned(job *core.Record) error {
	li, song := v.team["li"], v.team["song"]
	li.actor.At, song.actor.At = time.Time{}, time.Time{}
	model := record.AsVehicle(v.vehicles[historyCar])
	report, err := li.create(record.QualityReports, values{"visit": v.row.Id, "work_order": v.order.Id, "job": job.Id, "vehicle_model": model.Make() + " " + model.Model(), "system": "steering", "kind": "new",
		"state": "draft", "fault": "转向机齿条间隙过大", "detail": "低速打方向有咯噔声，球头正常，齿条端有间隙。"})
	if err != nil {
		return err
	}
	return steps(
		func() error { return li.patch(report, values{"state": "submitted"}) },
		func() error {
			for i, c := range libraryCases {
				c["active"] = true
				if i == 1 {
					c["report"] = report.Id
				}
				if _, err := li.create(record.FaultCases, c); err != nil {
					return err
				}
			}
			return nil
		},
		func() error {
			_, err := song.create(record.WarrantyClaims, values{"visit": v.row.Id, "work_order": v.order.Id, "job": job.Id, "number": "SH-S" + v.now.In(shopTime).Format("060102") + "-Z01", "state": "draft",
				"diagnosis": "齿条端面间隙 0.6 mm，标准 0.15 mm 以内；球头、顶胶正常，判定转向机内部磨损。", "claimed_fen": 546000, "label": "SP-Z01", "place": "旧件架 3 层"})
			return err
		},
	)
}
