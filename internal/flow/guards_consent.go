package flow

import (
	"encoding/json"
	"reflect"
	"slices"
	"sort"

	"aftercare/internal/fault"
)

// consentCovers: some consent given approves the job exactly as it stands (S-01, S-02). The refusal says which of the
// ways to be uncovered it is, because each asks for another next step.
func consentCovers(f *Facts) *fault.Fault {
	if f.Job == nil {
		return refuse("consent.missing").With("job", "")
	}
	return uncovered(*f.Job, f.Consents)
}

// uncovered is nil when the job is covered. A job covered by one consent stays so even if another declined it: what a
// customer gave is taken back by voiding it.
func uncovered(j Job, consents []Consent) *fault.Fault {
	var declined, void bool
	var changed *ConsentedJob
	reason := ""
	for _, c := range consents {
		for _, line := range c.Jobs {
			if line.ID != j.ID {
				continue
			}
			present := j.SHA256 != "" && line.SHA256 == j.SHA256
			switch {
			case c.State == "given" && line.Decision == "approved" && present:
				return nil
			case c.State != "void" && line.Decision == "declined" && present:
				declined = true
			case c.State == "given" && line.Decision == "approved":
				changed = &line
			case c.State == "void" && line.Decision == "approved" && present:
				void, reason = true, c.VoidReason
			}
		}
	}
	switch {
	case declined:
		return refuse("consent.declined").With("job", j.Work)
	case changed != nil:
		return refuse("consent.changed").With("job", j.Work).With("changed", whatChanged(j, changed.Agreed))
	case void:
		return refuse("consent.void").With("job", j.Work).With("reason", reason)
	}
	return refuse("consent.missing").With("job", j.Work)
}

// Covered says whether some consent given approves the job exactly as it stands (S-02).
func Covered(j Job, consents []Consent) bool { return uncovered(j, consents) == nil }

// whatChanged names the agreed fields that differ from what was signed; "content" when that is not at hand.
func whatChanged(j Job, signed Values) fault.Words {
	names := []string{}
	for name, now := range agreedOf(j) {
		if then, known := signed[name]; known && !sameJSON(now, then) {
			names = append(names, "agreed."+name)
		}
	}
	if len(names) == 0 {
		return fault.Words{"agreed.content"}
	}
	sort.Strings(names)
	return names
}

// agreedOf is the job's agreed content as JSON values, without its id.
func agreedOf(j Job) map[string]any {
	parts := j.Parts
	if parts == nil {
		parts = []Part{}
	}
	return map[string]any{
		"work": j.Work, "detail": j.Detail, "diagnosis_only": j.DiagnosisOnly,
		"labour_minutes": j.LabourMinutes, "labour_fen": j.LabourFen, "parts": parts,
		"labour_range_percent": j.LabourRange, "parts_range_percent": j.PartsRange,
		"payer": j.Payer, "not_guaranteed": j.NotGuaranteed,
	}
}

// sameJSON compares two values as JSON, whatever Go types they came in.
func sameJSON(a, b any) bool {
	var values [2]any
	for i, v := range []any{a, b} {
		raw, err := json.Marshal(v)
		if err != nil || json.Unmarshal(raw, &values[i]) != nil {
			return false
		}
	}
	return reflect.DeepEqual(values[0], values[1])
}

// consentComplete: a consent carries what proves it: strokes, or who called whom, when, and the words (S-03, S-05).
// A refusal by the customer needs no strokes. The customer's own page is the only one that may file kind "portal".
func consentComplete(f *Facts) *fault.Fault {
	if blank(text(f.After, "signer_name")) {
		return refuse("consent.signer_missing").On("signer_name")
	}
	switch text(f.After, "kind") {
	case "signature":
		if text(f.After, "state") == "given" && !hasStrokes(f.After["strokes"]) {
			return refuse("consent.strokes_missing").On("strokes")
		}
	case "phone":
		for _, name := range []string{"caller", "call_number", "call_at", "call_words"} {
			if blank(text(f.After, name)) {
				return refuse("consent.call_incomplete").On(name).With("field", fault.Words{"call." + name})
			}
		}
	case "portal":
		if !slices.Contains(f.Actor.Roles, "system") || blank(text(f.After, "link")) {
			return refuse("consent.kind").On("kind")
		}
	default:
		return refuse("consent.kind").On("kind")
	}
	return nil
}

// hasStrokes: a list with at least one stroke that has a point, written as [point…] or as {"points":[point…]}.
func hasStrokes(v any) bool {
	strokes, _ := v.([]any)
	for _, stroke := range strokes {
		if group, ok := stroke.(map[string]any); ok {
			stroke = group["points"]
		}
		if points, _ := stroke.([]any); len(points) > 0 {
			return true
		}
	}
	return false
}

// voidReason: a signature is voided with words anyone can read later.
func voidReason(f *Facts) *fault.Fault {
	if blank(text(f.After, "void_reason")) {
		return refuse("consent.void_unexplained").On("void_reason")
	}
	return nil
}

// declineTold: a job is declined with the time, and with who told the workshop: one of the staff, or the customer's own
// page, whose answer the server itself keeps as a consent of kind portal (S-06).
func declineTold(f *Facts) *fault.Fault {
	job := Job{}
	if f.Job != nil {
		job = *f.Job
	}
	if text(f.After, "declined_at") == "" {
		return refuse("job.decline_undated").On("declined_at").With("job", job.Work)
	}
	if text(f.After, "declined_told_by") == "" && !declinedOnline(job, f.Consents) {
		return refuse("job.decline_untold").On("declined_told_by").With("job", job.Work)
	}
	return nil
}

// declinedOnline: the customer's own page said no to the job exactly as it stands.
func declinedOnline(j Job, consents []Consent) bool {
	return slices.ContainsFunc(consents, func(c Consent) bool {
		return c.Kind == "portal" && c.State != "void" && slices.ContainsFunc(c.Jobs, func(line ConsentedJob) bool {
			return line.ID == j.ID && line.Decision == "declined" && j.SHA256 != "" && line.SHA256 == j.SHA256
		})
	})
}
