package consent

import "aftercare/internal/price"

// JobContent is a job's agreed content: what a consent binds (S-02), and nothing else. Amounts are in fen.
type JobContent struct {
	ID                 string       `json:"id"`
	Work               string       `json:"work"`
	Detail             string       `json:"detail"`
	DiagnosisOnly      bool         `json:"diagnosis_only"`
	LabourMinutes      int64        `json:"labour_minutes"`
	LabourFen          int64        `json:"labour_fen"`
	Parts              []price.Part `json:"parts"`
	LabourRangePercent int64        `json:"labour_range_percent"`
	PartsRangePercent  int64        `json:"parts_range_percent"`
	Payer              string       `json:"payer"`
	NotGuaranteed      bool         `json:"not_guaranteed"`
}

// JobHash is the hash of the agreed content, 64 lower-case hex digits. It changes whenever anything agreed does.
// The only error is an amount beyond what JavaScript holds exactly, or text that is no UTF-8.
func JobHash(j JobContent) (string, error) { return Hash(j.settled()) }

// settled gives a missing list its one form, [].
func (j JobContent) settled() JobContent {
	if j.Parts == nil {
		j.Parts = []price.Part{}
	}
	return j
}
