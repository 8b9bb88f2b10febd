package record

import (
	"aftercare/internal/flow"
)

// Fields of the shop's own guarantee and of comebacks 返修.
const (
	FieldWarranty = "warranty"
)

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
