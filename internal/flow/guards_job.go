package flow

import (
	"slices"
	"time"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// techniciansNamed: a job goes to people who are technicians (W-01).
func techniciansNamed(f *Facts) *fault.Fault {
	if f.Job == nil || len(f.Job.Technicians) == 0 {
		return refuse("dispatch.no_technician").On("technicians")
	}
	for _, id := range f.Job.Technicians {
		known := slices.ContainsFunc(f.People, func(p Person) bool {
			return p.ID == id && slices.Contains(p.Roles, "technician")
		})
		if !known {
			return refuse("dispatch.not_technician").On("technicians").With("name", personName(f, id))
		}
	}
	return nil
}

// skillSufficient: one of the technicians at least has the job's level; the others work under that one's eye (W-01).
func skillSufficient(f *Facts) *fault.Fault {
	if f.Job == nil {
		return nil
	}
	best := 0
	for _, p := range f.People {
		if slices.Contains(f.Job.Technicians, p.ID) {
			best = max(best, p.Skill)
		}
	}
	if best < f.Job.Skill {
		return refuse("dispatch.skill").On("technicians").With("job", f.Job.Work).With("need", f.Job.Skill).With("best", best)
	}
	return nil
}

// assigned: only who was given the job works on it (W-01). No role is above this.
func assigned(f *Facts) *fault.Fault {
	if f.Job == nil || !slices.Contains(f.Job.Technicians, f.Actor.ID) {
		return notAssigned(f)
	}
	return nil
}

func notAssigned(f *Facts) *fault.Fault {
	work := ""
	if f.Job != nil {
		work = f.Job.Work
	}
	return refuse("dispatch.not_assigned").With("job", work)
}

// entryAssigned: time is booked by the technician who works it, on a job of theirs (W-01, W-03).
func entryAssigned(f *Facts) *fault.Fault {
	technician := text(f.After, "technician")
	if f.Job == nil || !slices.Contains(f.Job.Technicians, technician) {
		return notAssigned(f).On("technician")
	}
	if technician != f.Actor.ID {
		return refuse("clock.not_own").On("technician")
	}
	return nil
}

// sheetChecked: the technician compared the car with the pre-check sheet before work (W-02).
func sheetChecked(f *Facts) *fault.Fault {
	if f.Job == nil || f.Job.SheetCheckedAt == "" {
		return refuse("job.sheet_unchecked").On("sheet_checked_at")
	}
	return nil
}

// clockFree: the clock runs on no other job of the same technician, unless the shop allows it (W-03).
func clockFree(f *Facts) *fault.Fault {
	if f.Policy.ParallelClocks {
		return nil
	}
	for _, e := range f.Entries {
		if e.Technician == f.Actor.ID && e.EndedAt == "" && (f.Job == nil || e.Job != f.Job.ID) {
			return clockRunning(f, e)
		}
	}
	return nil
}

// entryClockFree: no stretch of the technician's time is booked twice, neither with a clock that runs nor with one that
// has ended; on one job never, on two unless the shop allows it (W-03). A clock that runs takes all time from its start
// on, so that its end, whenever it comes, can take nothing from another: an end is a fact and is not asked.
func entryClockFree(f *Facts) *fault.Fault {
	technician, own := text(f.After, "technician"), text(f.After, "id")
	stretch := newStretch(f)
	var ended *fault.Fault
	for _, e := range f.Entries {
		if e.Technician != technician || e.ID == own || f.Policy.ParallelClocks && e.Job != text(f.After, "job") || !stretch.meets(e.stretch()) {
			continue
		}
		if e.EndedAt == "" {
			return clockRunning(f, e).On("technician")
		}
		if ended == nil {
			ended = refuse("clock.overlap").On("started_at").With("job", entryWork(f, e))
		}
	}
	return ended
}

func clockRunning(f *Facts, e Entry) *fault.Fault {
	return refuse("clock.running").With("job", entryWork(f, e))
}

func entryWork(f *Facts, e Entry) string {
	if j, ok := jobNamed(f, e.Job); ok {
		return j.Work
	}
	return e.JobWork
}

// entryAfterSign: no time is booked before the customer first approved the job (S-01). Which content was approved, and
// whether it was taken back since, does not count here: what was rightly begun under an earlier signature stays worked.
// Two tablets' clocks may differ by the skew.
func entryAfterSign(f *Facts) *fault.Fault {
	started, ok := instant(text(f.After, "started_at"))
	if f.Job == nil || !ok {
		return nil // another rule's affair
	}
	first, approved := firstApproval(f.Job.ID, f.Consents)
	if !approved || !started.Before(first.Add(-skew)) {
		return nil
	}
	return refuse("clock.before_signature").On("started_at").With("job", f.Job.Work)
}

// firstApproval is when the customer first approved the job. A tablet whose clock runs ahead dates a signature after the
// server has it already: the earlier time counts.
func firstApproval(job string, consents []Consent) (first time.Time, approved bool) {
	for _, c := range consents {
		if !slices.ContainsFunc(c.Jobs, func(line ConsentedJob) bool { return line.ID == job && line.Decision == "approved" }) {
			continue
		}
		for _, at := range []string{c.SignedAt, c.RecordedAt} {
			if t, ok := instant(at); ok && (!approved || t.Before(first)) {
				first, approved = t, true
			}
		}
	}
	return first, approved
}

// entryJobRunning: a clock runs only on a job that was started (W-02, W-03).
func entryJobRunning(f *Facts) *fault.Fault {
	if f.Job == nil || f.Job.State != "in_progress" {
		return refuse("clock.job_not_running").On("job")
	}
	return nil
}

// pauseReason: a pause says what it waits for (W-03).
func pauseReason(f *Facts) *fault.Fault {
	if f.Job == nil || f.Job.PauseReason == "" {
		return refuse("job.pause_unexplained").On("pause_reason")
	}
	return nil
}

// noWorkDone: nobody has booked time on the job, or on the order (S-01: what was worked must be settled, not erased).
func noWorkDone(f *Facts) *fault.Fault {
	if f.Entity == "job" && f.Job != nil {
		if workedOn(f, f.Job.ID) {
			return refuse("job.work_done").With("job", f.Job.Work)
		}
		return nil
	}
	if len(orderEntries(f)) > 0 {
		return refuse("order.work_done")
	}
	return nil
}

// priceInRange: the actual price stays in what the customer agreed to; nobody asks them about other payers' money (S-07).
func priceInRange(f *Facts) *fault.Fault {
	j := f.Job
	if j == nil || j.Payer != price.PayerCustomer {
		return nil
	}
	agreed := price.PartsFen(j.Parts)
	switch {
	case !price.InRange(j.LabourFen, j.ActualLabourFen, j.LabourRange):
		return beyond("price.labour_beyond", "actual_labour_fen", j, j.ActualLabourFen, price.LimitFen(j.LabourFen, j.LabourRange))
	case !price.InRange(agreed, j.ActualPartsFen, j.PartsRange):
		return beyond("price.parts_beyond", "actual_parts_fen", j, j.ActualPartsFen, price.LimitFen(agreed, j.PartsRange))
	}
	return nil
}

func beyond(code, field string, j *Job, actual, limit int64) *fault.Fault {
	return refuse(code).On(field).With("job", j.Work).With("actual", price.Yuan(actual)).With("limit", price.Yuan(limit))
}

// reworkNamed: rework 返工 says why.
func reworkNamed(f *Facts) *fault.Fault {
	if f.Job == nil || blank(f.Job.ReworkCause) {
		return refuse("job.rework_unexplained").On("rework_cause")
	}
	return nil
}
