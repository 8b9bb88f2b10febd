package record

import (
	"aftercare/internal/flow"
)

// Fields of the shop's own guarantee and of comebacks 返修.
const (
	FieldWarranty        = "warranty"
	FieldComebackOf      = "comeback_of"
	FieldComebackCause   = "comeback_cause"
	FieldComebackNote    = "comeback_note"
	FieldComebackCauseBy = "comeback_cause_by"
	FieldComebackCauseAt = "comeback_cause_at"

	FieldWarrantyDecision   = "warranty_decision"
	FieldWarrantyDecisionBy = "warranty_decision_by"
	FieldWarrantyDecisionAt = "warranty_decision_at"
)

// ComebackOf is the earlier job the visit comes back from, "" for none (C-01).
func (v *Visit) ComebackOf() string { return v.GetString(FieldComebackOf) }

// ComebackOf is the earlier job this one mends again, "" for none (C-01).
func (j *Job) ComebackOf() string { return j.GetString(FieldComebackOf) }

// ComebackCause is why the earlier job failed, "" while nobody decided (C-02).
func (j *Job) ComebackCause() string { return j.GetString(FieldComebackCause) }

// SetCauseDecided says by whom and when (UTC) the cause was decided.
func (j *Job) SetCauseDecided(by, utc string) {
	j.Set(FieldComebackCauseBy, by)
	j.Set(FieldComebackCauseAt, utc)
}

// Warranty is what the order's jobs are guaranteed for, nil before the order was settled (D-08).
func (o *WorkOrder) Warranty() *flow.Warranty {
	var w flow.Warranty
	if o.UnmarshalJSONField(FieldWarranty, &w) != nil || w.State == "" {
		return nil
	}
	return &w
}

// SetWarranty guarantees the order's jobs.
func (o *WorkOrder) SetWarranty(w flow.Warranty) { o.Set(FieldWarranty, w) }

// WarrantyDecision is whether the manufacturer's warranty bears the job: covered, refused or waiting; "" while nobody decided (E-04).
func (j *Job) WarrantyDecision() string { return j.GetString(FieldWarrantyDecision) }

// SetWarrantyDecided is who decided about the manufacturer's warranty and when (UTC as stored), both "" while nobody did (E-04).
func (j *Job) SetWarrantyDecided(by, utc string) {
	j.Set(FieldWarrantyDecisionBy, by)
	j.Set(FieldWarrantyDecisionAt, utc)
}
