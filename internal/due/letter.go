package due

import (
	"slices"
	"strings"
	"time"

	"aftercare/internal/record"
)

// letter is what a message about a car says, in Chinese: customers have no language on their file.
type letter struct {
	shop     *record.Shop
	car      *car
	promised time.Time
	expected time.Time // the new promise, zero when there is none yet
	reason   string
}

// reasons why work takes longer, as customers read them. The first is a job's pause reason or a progress check's answer.
var reasons = map[string]string{
	"part": "所需配件尚未到店", "customer": "有项目等您确认", "bay": "工位紧张", "quality": "质检发现需要再处理", "signature": "有追加项目等您确认",
	"abnormal": "维修中发现异常情况，需要进一步处理", "other": "维修所需时间比预计长", "late": "维修所需时间比预计长",
}

// reasonOf is why a car is late, as far as its rows tell: what a job waits for, else what the check said.
func reasonOf(c *car, check *record.DueItem) string {
	for _, o := range c.orders {
		i := slices.IndexFunc(o.jobs, func(j *record.Job) bool { return j.State() == "paused" })
		if i >= 0 && o.jobs[i].Facts().PauseReason != "" {
			return o.jobs[i].Facts().PauseReason
		}
		if slices.ContainsFunc(o.jobs, func(j *record.Job) bool { return j.State() == "rework" }) {
			return "quality"
		}
	}
	if check != nil {
		return check.Answer()
	}
	return "other"
}

func (l letter) title() string { return "【" + l.shop.Name() + "】" + "您的爱车 " + l.plate() }

func (l letter) plate() string {
	if l.car.vehicle == nil {
		return ""
	}
	return l.car.vehicle.Plate()
}

func (l letter) name() string {
	c := record.AsCustomer(l.car.customer)
	name := strings.TrimSpace(c.Name() + c.Title())
	if name == "" {
		return "您好"
	}
	return name + "您好"
}

// when is an instant as a customer reads it, in shop time.
func (l letter) when(at time.Time) string { return at.In(l.car.zone).Format("1月2日15:04") }

func (l letter) delay() string {
	reason := reasons[l.reason]
	if reason == "" {
		reason = reasons["other"]
	}
	text := "【" + l.shop.Name() + "】" + l.name() + "，非常抱歉，您的爱车 " + l.plate() + " 因" + reason + "，不能在约定的 " + l.when(l.promised) + " 完工。"
	if !l.expected.IsZero() {
		return text + "预计 " + l.when(l.expected) + " 可以交车，给您带来不便，敬请谅解。"
	}
	return text + "服务顾问会尽快与您联系，告知新的交车时间。给您带来不便，敬请谅解。"
}

func (l letter) ready() string {
	text := "【" + l.shop.Name() + "】" + l.name() + "，您的爱车 " + l.plate() + " 已完工并通过质检，"
	if l.promised.IsZero() {
		return text + "您可以随时来店取车。"
	}
	return text + "您可以在约定的 " + l.when(l.promised) + " 来店取车。"
}
