package flow

import (
	"slices"

	"aftercare/internal/fault"
)

// stages of a check in their order, each by its own person: 自检, 班组长, 质检员/技术总监.
var stages = []string{"self", "leader", "final"}

// CheckItems are the codes every check answers.
var CheckItems = []string{"jobs_done", "fasteners", "nothing_left_inside", "road_test", "outside_compared", "papers"}

// round returns the number of the round that a check made now belongs to, and the checks already in it. A failure
// closes a round, and so does any work booked, or any job sent back to work, after its first check: all stages come
// again. The server stamps what it stores, so the comparison is between its own instants; what only a tablet
// has is newest.
func round(f *Facts) (int, []Check) {
	last := 1
	for _, c := range f.Checks {
		last = max(last, c.Round)
	}
	var in []Check
	closed := false
	for _, c := range f.Checks {
		if c.Round == last {
			in = append(in, c)
			closed = closed || c.Result == "fail" || workedSince(f, c.RecordedAt)
		}
	}
	if closed {
		return last + 1, nil
	}
	return last, in
}

func workedSince(f *Facts, at string) bool {
	if at == "" {
		return false
	}
	return slices.ContainsFunc(orderEntries(f), func(e Entry) bool { return e.RecordedAt > at }) ||
		slices.ContainsFunc(f.Jobs, func(j Job) bool { return j.ReworkedAt > at })
}

// NextRound is the round a new check of the order belongs to (derived field of quality_checks).
func NextRound(f *Facts) int {
	n, _ := round(f)
	return n
}

func passed(checks []Check, stage string) bool {
	return slices.ContainsFunc(checks, func(c Check) bool { return c.Stage == stage && c.Result == "pass" })
}

// qualityPassed: all three stages passed in the latest round.
func qualityPassed(f *Facts) *fault.Fault {
	_, checks := round(f)
	missing := fault.Words{}
	for _, s := range stages {
		if !passed(checks, s) {
			missing = append(missing, "stage."+s)
		}
	}
	if len(missing) > 0 {
		return refuse("quality.incomplete").With("stages", missing)
	}
	return nil
}

// checkJobsFinished: a check is of finished work, on an order handed to quality.
func checkJobsFinished(f *Facts) *fault.Fault {
	if f.Order == nil || f.Order.State != "qc" {
		state := "unknown"
		if f.Order != nil {
			state = f.Order.State
		}
		return refuse("quality.order_not_in_check").On("work_order").With("state", fault.Words{"work_order." + state})
	}
	if refusal := jobsFinished(f); refusal != nil {
		return refusal.On("work_order")
	}
	return nil
}

// checkStageRole: self by a technician who worked on the order, then the team leader, then inspector or expert. A check
// is signed by a person of the shop: a superuser is none of the three.
func checkStageRole(f *Facts) *fault.Fault {
	stage := text(f.After, "stage")
	roles := map[string][]string{"self": {"technician"}, "leader": {"leader"}, "final": {"inspector", "expert"}}[stage]
	if f.Actor.Is("superuser") || !Holds(roles, f.Actor) {
		return refuse("quality.stage_role").On("stage").With("stage", fault.Words{"stage." + stage}).With("roles", roleWords(roles))
	}
	if stage == "self" && !slices.ContainsFunc(orderEntries(f), func(e Entry) bool { return e.Technician == f.Actor.ID }) {
		return refuse("quality.not_own_work").On("stage")
	}
	return nil
}

// checkStageOrder: one after the other, each once a round.
func checkStageOrder(f *Facts) *fault.Fault {
	stage := text(f.After, "stage")
	_, checks := round(f)
	for _, s := range stages {
		if s == stage {
			break
		}
		if !passed(checks, s) {
			return refuse("quality.stage_order").On("stage").
				With("stage", fault.Words{"stage." + stage}).With("before", fault.Words{"stage." + s})
		}
	}
	if passed(checks, stage) {
		return refuse("quality.stage_done").On("stage").With("stage", fault.Words{"stage." + stage})
	}
	return nil
}

// checkDifferentPeople: three stages, three people, unless the shop is too small.
func checkDifferentPeople(f *Facts) *fault.Fault {
	if !f.Policy.ThreePeople {
		return nil
	}
	_, checks := round(f)
	for _, c := range checks {
		if c.Checker == f.Actor.ID {
			return refuse("quality.same_person").On("stage").With("stage", fault.Words{"stage." + c.Stage})
		}
	}
	return nil
}

// checkItemsAnswered: a pass answers every item with yes. A failure may stop at what it found.
func checkItemsAnswered(f *Facts) *fault.Fault {
	if text(f.After, "result") != "pass" {
		return nil
	}
	ok, failed := map[string]bool{}, map[string]bool{}
	items, _ := f.After["items"].([]any)
	for _, one := range items {
		item, _ := one.(map[string]any)
		code, _ := item["code"].(string)
		if good, answered := item["ok"].(bool); answered {
			ok[code] = good
			failed[code] = failed[code] || !good
		}
	}
	missing, bad := fault.Words{}, fault.Words{}
	for _, code := range CheckItems {
		if failed[code] {
			bad = append(bad, "check."+code)
		} else if !ok[code] {
			missing = append(missing, "check."+code)
		}
	}
	if len(missing) > 0 {
		return refuse("quality.items_unanswered").On("items").With("items", missing)
	}
	if len(bad) > 0 {
		return refuse("quality.items_failed").On("items").With("items", bad)
	}
	return nil
}

// checkFailureNamed: a failure says what, on which job of this order.
func checkFailureNamed(f *Facts) *fault.Fault {
	if text(f.After, "result") != "fail" {
		return nil
	}
	if blank(text(f.After, "cause")) {
		return refuse("quality.cause_missing").On("cause")
	}
	failed := list(f.After["failed_jobs"])
	if len(failed) == 0 {
		return refuse("quality.failed_jobs_missing").On("failed_jobs")
	}
	for _, id := range failed {
		if _, ok := jobNamed(f, id); !ok {
			return refuse("quality.failed_job_elsewhere").On("failed_jobs")
		}
	}
	return nil
}

// adviceConsidered: a passed order says what the customer is advised and warned of, or that there is nothing to say.
func adviceConsidered(f *Facts) *fault.Fault {
	if blank(text(f.After, "advice")) && blank(text(f.After, "cautions")) && !Given(f.After["advice_none"]) {
		return refuse("quality.advice_unconsidered").On("advice")
	}
	return nil
}
