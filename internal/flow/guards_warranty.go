package flow

import (
	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// warrantyDecided: nothing is put on the manufacturer's warranty 质保 before somebody decided that it is covered, or that
// the manufacturer is still to say; what was refused is borne by somebody else (E-04). What is taken off it needs no word.
func warrantyDecided(f *Facts) *fault.Fault {
	for _, l := range settlementOf(f).Lines {
		j, _ := jobNamed(f, l.Job)
		if l.ShareOf(price.PayerWarranty) <= 0 {
			continue
		}
		switch j.WarrantyDecision {
		case "covered", "waiting":
		case "refused":
			return refuse("settlement.warranty_refused").On("lines").With("job", j.Work)
		default:
			return refuse("settlement.warranty_undecided").On("lines").With("job", j.Work)
		}
	}
	return nil
}
