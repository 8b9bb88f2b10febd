package flow

// EvidenceFacts is what the guards of reports and claims look at beside the row and its job.
type EvidenceFacts struct {
	Evidence int `json:"evidence"` // photos of the row itself
}

// LearnPolicy is the shop's figures for faults that come often (W-08) and for claims on the manufacturer (E-10).
type LearnPolicy struct {
	FrequentTimes     int `json:"frequent_times"`      // W-08
	FrequentDays      int `json:"frequent_days"`       // W-08
	ClaimReturnDays   int `json:"claim_return_days"`   // E-10
	ClaimReminderDays int `json:"claim_reminder_days"` // E-10
}
