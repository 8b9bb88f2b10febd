package flow

import (
	"slices"

	"aftercare/internal/fault"
)

// original is the earlier job of that id.
func original(f *Facts, id string) (Original, bool) {
	i := slices.IndexFunc(f.Originals, func(o Original) bool { return o.ID == id })
	if i < 0 {
		return Original{}, false
	}
	return f.Originals[i], true
}

// touches says whether the act makes the row or changes one of its fields.
func touches(f *Facts, fields ...string) bool {
	return len(f.Before) == 0 || slices.ContainsFunc(fields, func(name string) bool { return slices.Contains(f.Changed, name) })
}

// comebackKnown: a comeback names a job that was done on this very car at an earlier visit (C-01).
func comebackKnown(f *Facts) *fault.Fault {
	if !touches(f, "comeback_of") {
		return nil
	}
	return madeHere(f, text(f.After, "comeback_of"))
}

func madeHere(f *Facts, id string) *fault.Fault {
	if id == "" {
		return nil
	}
	o, known := original(f, id)
	if f.Visit == nil || !known || o.Vehicle != f.Visit.Vehicle || o.Visit == f.Visit.ID || !slices.Contains(payable, o.State) {
		return refuse("comeback.unknown").On("comeback_of")
	}
	return nil
}

// otherCauses are those for which the house does not stand.
var otherCauses = []string{"customer", "new_fault"}

// comebackFree: inside the warranty a comeback costs the customer nothing, unless another cause was shown (C-01, C-02).
func comebackFree(f *Facts) *fault.Fault {
	if f.Job == nil || !touches(f, "comeback_of", "payer", "comeback_cause") {
		return nil
	}
	if refusal := madeHere(f, f.Job.ComebackOf); refusal != nil {
		return refusal
	}
	return free(f, *f.Job)
}

func free(f *Facts, j Job) *fault.Fault {
	if j.Payer != "customer" || slices.Contains(otherCauses, j.ComebackCause) || f.Visit == nil {
		return nil
	}
	o, known := original(f, j.ComebackOf)
	if !known || o.Line == nil || !o.Line.Stands(f.ArrivedDay, f.Visit.OdometerKm) {
		return nil
	}
	return refuse("comeback.free").On("payer").With("job", o.Work).With("until", max(o.Line.LabourUntil, o.Line.PartsUntil))
}

// comebackLinked: an order of a comeback says which job the car comes back from, and one of its jobs mends that; what the
// warranty covers is free (C-01).
func comebackLinked(f *Facts) *fault.Fault {
	if f.Order == nil || f.Order.Kind != "comeback" {
		return nil
	}
	if f.Visit == nil || f.Visit.ComebackOf == "" {
		return refuse("comeback.unlinked")
	}
	jobs := standing(f)
	if !slices.ContainsFunc(jobs, func(j Job) bool { return j.ComebackOf != "" }) {
		return refuse("comeback.no_job")
	}
	for _, j := range jobs {
		if refusal := free(f, j); refusal != nil {
			return refusal.On("state")
		}
	}
	return nil
}

// comebackDecider: why a repair failed is said by a technical expert or the manager, and by a team leader where the shop
// lets them; and only of a comeback (C-02).
func comebackDecider(f *Facts) *fault.Fault {
	if !slices.Contains(f.Changed, "comeback_cause") && !slices.Contains(f.Changed, "comeback_note") {
		return nil
	}
	deciders := []string{"expert", "manager"}
	if f.Policy.ComebackCauseLeader {
		deciders = append(deciders, "leader")
	}
	if !Holds(deciders, f.Actor) {
		return refuse("comeback.decider").On("comeback_cause").With("roles", roleWords(deciders))
	}
	if f.Job == nil || f.Job.ComebackOf == "" {
		return refuse("comeback.no_original").On("comeback_cause")
	}
	return nil
}

// causesDecided: a comeback leaves the workshop with its cause said (C-02).
func causesDecided(f *Facts) *fault.Fault {
	for _, j := range f.Jobs {
		if j.ComebackOf != "" && j.ComebackCause == "" && slices.Contains(payable, j.State) {
			return refuse("comeback.undecided").With("job", j.Work)
		}
	}
	return nil
}
