package flow

// ComebackFacts is what the guards of comebacks look at: the earlier jobs that the visit or its jobs name, and the day on
// the shop's wall on which the car came in.
type ComebackFacts struct {
	Originals  []Original `json:"originals"`
	ArrivedDay string     `json:"arrived_day"`
}

// Original is an earlier job that a car comes back from. Line is its guarantee, nil when it has none.
type Original struct {
	ID      string        `json:"id"`
	Visit   string        `json:"visit"`
	Vehicle string        `json:"vehicle"`
	State   string        `json:"state"`
	Work    string        `json:"work"`
	Line    *WarrantyLine `json:"line"`
}

// ComebackPolicy is who may say why a repair failed.
type ComebackPolicy struct {
	ComebackCauseLeader bool `json:"comeback_cause_leader"` // C-02
}
