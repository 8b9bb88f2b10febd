package flow

import (
	"slices"

	"aftercare/internal/fault"
)

// reportComplete: a report says what was seen and how; a dangerous fault is shown (W-08).
func reportComplete(f *Facts) *fault.Fault {
	switch {
	case blank(text(f.After, "detail")):
		return refuse("report.detail_missing").On("detail")
	case text(f.After, "kind") == "dangerous" && f.Evidence == 0:
		return refuse("report.photo_missing")
	}
	return nil
}

// reportAnswered: an answer says something.
func reportAnswered(f *Facts) *fault.Fault {
	if blank(text(f.After, "answer")) {
		return refuse("report.answer_missing").On("answer")
	}
	return nil
}

// reportUnfrozen: what was sent in stays as it was sent; only the answer is still written.
func reportUnfrozen(f *Facts) *fault.Fault {
	return frozenBut(f, []string{"draft"}, "report.frozen", "answer")
}

// frozenBut refuses changes of other fields than the named ones once the row has left the states.
func frozenBut(f *Facts, states []string, code string, names ...string) *fault.Fault {
	if slices.Contains(states, text(f.Before, "state")) {
		return nil
	}
	for _, name := range f.Changed {
		if !slices.Contains(names, name) {
			return refuse(code).On(name)
		}
	}
	return nil
}

// warrantyClaimJob: the manufacturer is asked for what its warranty pays, job by job (E-10).
func warrantyClaimJob(f *Facts) *fault.Fault {
	if f.Job == nil || f.Job.Payer != "warranty" {
		return refuse("warranty_claim.not_warranty").On("job")
	}
	if slices.Contains(dropped, f.Job.State) {
		return refuse("warranty_claim.job_dropped").On("job").With("job", f.Job.Work)
	}
	return nil
}

// warrantyClaimEvidence: a case goes to the manufacturer with its diagnosis and photos, and an amount (E-10).
func warrantyClaimEvidence(f *Facts) *fault.Fault {
	switch {
	case blank(text(f.After, "diagnosis")):
		return refuse("warranty_claim.diagnosis_missing").On("diagnosis")
	case f.Evidence == 0:
		return refuse("warranty_claim.photo_missing")
	case amount(f.After, "claimed_fen") <= 0:
		return refuse("warranty_claim.amount_missing").On("claimed_fen")
	}
	return nil
}

// warrantyClaimLabelled: parts that the manufacturer may want to see carry a label and lie in a known place (E-10).
func warrantyClaimLabelled(f *Facts) *fault.Fault {
	if f.Job == nil || !slices.ContainsFunc(f.Job.Parts, func(p Part) bool { return p.Origin != "customer" }) {
		return nil
	}
	if blank(text(f.After, "label")) {
		return refuse("warranty_claim.unlabelled").On("label")
	}
	if blank(text(f.After, "place")) {
		return refuse("warranty_claim.unstored").On("place")
	}
	return nil
}

// warrantyClaimApproved: the manufacturer says how much; never more than was asked for.
func warrantyClaimApproved(f *Facts) *fault.Fault {
	if fen := amount(f.After, "approved_fen"); fen <= 0 || fen > amount(f.After, "claimed_fen") {
		return refuse("warranty_claim.approved_amount").On("approved_fen")
	}
	return nil
}

// warrantyClaimRefused: a refusal has its reason.
func warrantyClaimRefused(f *Facts) *fault.Fault {
	if blank(text(f.After, "refusal")) {
		return refuse("warranty_claim.refusal_missing").On("refusal")
	}
	return nil
}

// warrantyClaimPaid: what came in is written down, never more than was approved.
func warrantyClaimPaid(f *Facts) *fault.Fault {
	if fen := amount(f.After, "paid_fen"); fen <= 0 || fen > amount(f.After, "approved_fen") {
		return refuse("warranty_claim.paid_amount").On("paid_fen")
	}
	return nil
}

// warrantyClaimUnfrozen: what was sent to the manufacturer stays as it was sent; its parts go on being looked after until the end.
func warrantyClaimUnfrozen(f *Facts) *fault.Fault {
	if slices.Contains(f.Changed, "sent_back_at") && blank(text(f.After, "label")) {
		return refuse("warranty_claim.unlabelled").On("label")
	}
	parts := []string{"label", "place", "sent_back_at", "sent_note", "reference"}
	if text(f.Before, "state") == "submitted" {
		parts = append(parts, "approved_fen", "refusal")
	}
	if text(f.Before, "state") == "approved" {
		parts = append(parts, "paid_fen")
	}
	return frozenBut(f, []string{"draft"}, "warranty_claim.frozen", parts...)
}

func amount(v Values, name string) float64 {
	n, _ := v[name].(float64)
	return n
}
