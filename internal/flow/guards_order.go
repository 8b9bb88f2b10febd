package flow

import (
	"slices"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// dropped are the states of a job that nobody will do.
var dropped = []string{"declined", "cancelled"}

func standing(f *Facts) []Job {
	return slices.DeleteFunc(slices.Clone(f.Jobs), func(j Job) bool { return slices.Contains(dropped, j.State) })
}

// orderHasJobs: an order without jobs says nothing a customer could sign.
func orderHasJobs(f *Facts) *fault.Fault {
	if len(standing(f)) == 0 {
		return refuse("order.no_jobs")
	}
	return nil
}

// jobsDropped: an estimate is refused job by job, each with its time and who told the workshop, or is cancelled with it: no job
// is left open on an order that is over, and each comes up again at the next visit. What the customer did order, the estimate's
// or diagnosis's own fee, stays to be settled (S-06, E-07, E-08).
func jobsDropped(f *Facts) *fault.Fault {
	if left := slices.DeleteFunc(standing(f), func(j Job) bool { return owed(j, "declined") }); len(left) > 0 {
		return refuse("order.jobs_standing").With("count", len(left)).With("job", left[0].Work)
	}
	return nil
}

// jobsPriced: what the customer pays has its price before it is shown to them (E-01).
func jobsPriced(f *Facts) *fault.Fault {
	for _, j := range standing(f) {
		if j.Payer == "customer" && j.PricedAt == "" {
			return refuse("order.unpriced").With("job", j.Work)
		}
	}
	return nil
}

// faultsDiagnosed: each fault the customer described was heard by a technical expert 听诊.
func faultsDiagnosed(f *Facts) *fault.Fault {
	for _, c := range f.Concerns {
		if c.IsFault && (c.Expert == "" || c.ExpertAt == "") {
			return refuse("order.fault_undiagnosed").With("words", c.Words)
		}
	}
	return nil
}

// guaranteeSaid: a line with a part that the customer brought says that the house does not answer for it (E-03 不作担保).
func guaranteeSaid(f *Facts) *fault.Fault {
	for _, j := range standing(f) {
		if unsaid(j) {
			return refuse("order.guarantee_unsaid").With("job", j.Work)
		}
	}
	return nil
}

func unsaid(j Job) bool {
	return !j.NotGuaranteed && slices.ContainsFunc(j.Parts, func(p Part) bool { return p.Origin == price.FromCustomer })
}

// guaranteeAcknowledged: the customer knows that a line is not guaranteed before it is approved (E-03 不作担保).
func guaranteeAcknowledged(f *Facts) *fault.Fault {
	switch {
	case f.Job == nil:
	case unsaid(*f.Job):
		return refuse("order.guarantee_unsaid").On("not_guaranteed").With("job", f.Job.Work)
	case f.Job.NotGuaranteed && f.Job.NotGuaranteedAcknowledgedAt == "":
		return refuse("order.guarantee_unacknowledged").On("not_guaranteed_acknowledged_at").With("job", f.Job.Work)
	}
	return nil
}

// someJobCovered: an order is authorised by a signature that still covers one of its jobs (S-01).
func someJobCovered(f *Facts) *fault.Fault {
	for _, j := range standing(f) {
		if Covered(j, f.Consents) {
			return nil
		}
	}
	return refuse("order.nothing_covered")
}

// unfinished are the states of a job that still waits for someone.
var unfinished = []string{"proposed", "approved", "dispatched", "in_progress", "paused", "rework"}

// jobsFinished: every job is done or dropped, and one at least is done.
func jobsFinished(f *Facts) *fault.Fault {
	var open []Job
	done := false
	for _, j := range f.Jobs {
		if slices.Contains(unfinished, j.State) {
			open = append(open, j)
		}
		done = done || j.State == "done" || j.State == "passed"
	}
	if len(open) > 0 {
		return refuse("order.jobs_unfinished").With("count", len(open)).With("job", open[0].Work).
			With("state", fault.Words{"job." + open[0].State})
	}
	if !done {
		return refuse("order.nothing_done")
	}
	return nil
}

// jobsPassed: what was done has passed, each job by itself: with its price in the range and its signature still over it
// (S-02, S-07, Q-02).
func jobsPassed(f *Facts) *fault.Fault {
	for _, j := range f.Jobs {
		if j.State == "done" {
			return refuse("order.jobs_unpassed").With("job", j.Work)
		}
	}
	return nil
}

// closed are the states of an order that came through quality or will not be worked on.
var closed = []string{"ready", "settled", "released", "declined", "cancelled"}

// orderOpen: no new job on an order, or a stay, that is over, and no way back to work: no check would follow.
func orderOpen(f *Facts) *fault.Fault {
	if f.Visit != nil && slices.Contains([]string{"released", "left"}, f.Visit.State) {
		return refuse("visit.closed").On("visit").With("state", fault.Words{"visit." + f.Visit.State})
	}
	if f.Order == nil {
		return refuse("order.unknown").On("work_order")
	}
	if slices.Contains(closed, f.Order.State) {
		return refuse("order.closed").On("work_order").With("state", fault.Words{"work_order." + f.Order.State})
	}
	return nil
}
