package flow

import (
	"time"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// Facts is everything a guard may look at: the act, who acts, and the rows around the record, as they stand
// inside the same write transaction (server) or the same local transaction (tablet). The server loads only what
// the named guards need; a slice that was not loaded is nil. JSON names are those of the collections, so that one
// vector file feeds Go and TypeScript.
type Facts struct {
	Entity    string                `json:"entity"` // "job", "visit", … as in table.json
	Now       time.Time             `json:"now"`    // the instant of the act, UTC
	Actor     Actor                 `json:"actor"`
	Before    Values                `json:"before"`  // the row as stored; nil on create
	After     Values                `json:"after"`   // the row as it would become
	Changed   []string              `json:"changed"` // fields people write that differ between the two, the state left out, by name
	Policy    Policy                `json:"policy"`
	Visit     *Visit                `json:"visit"`  // for entity "visit" the row after
	Order     *Order                `json:"order"`  // for entity "work_order" the row after
	Orders    []Order               `json:"orders"` // of the visit; needed by the visit's own steps
	Job       *Job                  `json:"job"`    // the job a time entry is for; for entity "job" the row after
	Jobs      []Job                 `json:"jobs"`
	Consents  []Consent             `json:"consents"` // of the visit, oldest first
	Concerns  []Concern             `json:"concerns"`
	Checklist string                `json:"checklist"`  // kind of the template an inspection is made with; only for entity "inspection"
	Items     []string              `json:"items"`      // codes of the walk-around's required template items, or of the inspection's own; nil without
	ItemNames map[string]fault.Text `json:"item_names"` // their titles, for the sentence; may be missing
	Findings  []Finding             `json:"findings"`   // of the visit's inspections; for entity "inspection" its own
	KeyTags   []KeyTag              `json:"key_tags"`
	Entries   []Entry               `json:"entries"` // of the order, and of the technician concerned the open ones and those in the way of the new one
	Checks    []Check               `json:"checks"`  // of the order, oldest first
	People    []Person              `json:"people"`  // staff named in After (technicians, receiver, checker)

	Booking      *Booking      `json:"booking"`      // the appointment after
	Bookings     []Booking     `json:"bookings"`     // every other appointment that takes room about then
	Capacities   []Capacity    `json:"capacities"`   // the shop's active revisions
	Preparations []Preparation `json:"preparations"` // of the appointment
	Customer     *Customer     `json:"customer"`     // whom the row names
	Stock        *Stock        `json:"stock"`        // of the parts store; only for its own entities
	Files        *Files        `json:"files"`        // the files the row names; only where something begins on them, and for their merges
	Sale         *Sale         `json:"sale"`         // the sales order of the row; only for orders and their lines

	MoneyFacts
	ComebackFacts
	EvidenceFacts
	ClaimFacts
}

// Values is a row as JSON values, for the few guards that read one plain field.
type Values map[string]any

// Actor is who acts. Roles may contain "system" (schedulers, verification) and "superuser" (holds every role).
type Actor struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Roles []string `json:"roles"`
	Skill int      `json:"skill"`
}

// Policy is the shop's figures for the service lane, of the revision the visit began with. What each means, its unit,
// limits and shipped default stand in figures.json.
type Policy struct {
	LabourRangePercent int  `json:"labour_range_percent"` // S-07
	PartsRangePercent  int  `json:"parts_range_percent"`  // S-07
	ThreePeople        bool `json:"three_people"`
	ParallelClocks     bool `json:"parallel_clocks"`      // W-03

	// Times and promises. Minutes of a day count from midnight, shop time; from above to means over midnight.
	QuietFromMinutes     int `json:"quiet_from_minutes"`      // M-03
	QuietToMinutes       int `json:"quiet_to_minutes"`        // M-03
	OpensMinutes         int `json:"opens_minutes"`           // E-05
	ClosesMinutes        int `json:"closes_minutes"`          // E-05
	OpenDays             int `json:"open_days"`               // E-05, its digits are ISO weekdays
	PromiseMarginPercent int `json:"promise_margin_percent"`  // E-05
	PromiseStepMinutes   int `json:"promise_step_minutes"`    // E-05
	PromiseConsentDays   int `json:"promise_consent_days"`    // S-07
	ProgressCheckPercent int `json:"progress_check_percent"`  // W-06
	NoticeShortMinutes   int `json:"notice_short_minutes"`    // D-02
	NoticeLongMinutes    int `json:"notice_long_minutes"`     // D-02
	NoticeLongAfterHours int `json:"notice_long_after_hours"` // D-02
	DelayLeadMinutes     int `json:"delay_lead_minutes"`      // D-02
	FileDueMinutes       int `json:"file_due_minutes"`        // V-04
	FileDueDeviceMinutes int `json:"file_due_device_minutes"` // V-04
	ShipBackRemindHours  int `json:"ship_back_remind_hours"`  // L-08
	ClaimWaitDays        int `json:"claim_wait_days"`         // L-14

	ReceptionMinutes   int `json:"reception_minutes"`
	PeakMinutes        int `json:"peak_minutes"`
	RemindFirstMinutes int `json:"remind_first_minutes"` // B-05
	RemindLastMinutes  int `json:"remind_last_minutes"`  // B-05
	NoShowMinutes      int `json:"no_show_minutes"`      // B-08
	PickupKm           int `json:"pickup_km"`
	PickupLevel        int `json:"pickup_level"`         // R-14, rank of the member level

	// E-02, fen per hour of standard time by job class.
	RateMaintenance int64 `json:"rate_maintenance_fen"`
	RateMechanical  int64 `json:"rate_mechanical_fen"`
	RateElectrical  int64 `json:"rate_electrical_fen"`
	RateBody        int64 `json:"rate_body_fen"`
	RatePaint       int64 `json:"rate_paint_fen"`
	RateDiagnosis   int64 `json:"rate_diagnosis_fen"`
	// The parts store.
	DepositPercent int   `json:"deposit_percent"`  // B-06
	DepositFromFen int64 `json:"deposit_from_fen"` // B-06
	DepositClassC  bool  `json:"deposit_class_c"`  // B-06
	DepositClassD  bool  `json:"deposit_class_d"`  // B-06
	SlowDays       int   `json:"slow_days"`        // P-05
	DeadDays       int   `json:"dead_days"`        // P-05
	ToolLoanHours  int   `json:"tool_loan_hours"`  // W-09

	MoneyPolicy
	WarrantyPolicy
	ComebackPolicy
	LearnPolicy
	MakeupPolicy
}

type Visit struct {
	ID              string `json:"id"`
	State           string `json:"state"`
	AnythingElseAt  string `json:"anything_else_at"`
	ValuablesExitAt string `json:"valuables_exit_at"`
	ValuablesBootAt string `json:"valuables_boot_at"`
	ValuablesEndAt  string `json:"valuables_end_at"`
	BelongingsAt    string `json:"belongings_at"`
	Storage         string `json:"storage"` // of valuables: declined, stored, none
	StorageBox      string `json:"storage_box"`
	ReceivedBy      string `json:"received_by"`
	ReceivedAt      string `json:"received_at"`
	OldParts        string `json:"old_parts"`
	Wash            string `json:"wash"`
	PaymentMethod   string `json:"payment_method"`
	CoversFittedAt  string `json:"covers_fitted_at"`
	Vehicle         string `json:"vehicle"`
	OdometerKm      int64  `json:"odometer_km"`
	ComebackOf      string `json:"comeback_of"` // the earlier job, "" when this is no comeback
}

type Order struct {
	ID       string `json:"id"`
	State    string `json:"state"`
	Kind     string `json:"kind"` // service | comeback
	Advice   string `json:"advice"`
	Cautions string `json:"cautions"`
}

type Job struct {
	ID                          string   `json:"id"`
	WorkOrder                   string   `json:"work_order"`
	State                       string   `json:"state"`
	Work                        string   `json:"work"`
	Detail                      string   `json:"detail"`
	DiagnosisOnly               bool     `json:"diagnosis_only"`
	LabourMinutes               int64    `json:"labour_minutes"`
	LabourFen                   int64    `json:"labour_fen"`
	Parts                       []Part   `json:"parts"`
	LabourRange                 int64    `json:"labour_range_percent"`
	PartsRange                  int64    `json:"parts_range_percent"`
	Payer                       string   `json:"payer"`
	NotGuaranteed               bool     `json:"not_guaranteed"`
	NotGuaranteedAcknowledgedAt string   `json:"not_guaranteed_acknowledged_at"`
	PricedAt                    string   `json:"priced_at"`
	Skill                       int      `json:"skill"`
	Technicians                 []string `json:"technicians"`
	SheetCheckedAt              string   `json:"sheet_checked_at"`
	// WarrantyDecision is covered, refused or waiting; "" while nobody decided (E-04).
	WarrantyDecision string `json:"warranty_decision"`
	PauseReason      string `json:"pause_reason"`
	ReworkCause      string `json:"rework_cause"`
	ReworkedAt       string `json:"reworked_at"` // when the server sent it back to work last
	ActualLabourFen  int64  `json:"actual_labour_fen"`
	ActualPartsFen   int64  `json:"actual_parts_fen"`
	SHA256           string `json:"sha256"` // hash of the agreed content (package consent)
	DiagnosisToldAt  string `json:"diagnosis_told_at"`
	JobClass         string `json:"job_class"`
	ComebackOf       string `json:"comeback_of"`    // the earlier job this one mends again
	ComebackCause    string `json:"comeback_cause"` // workmanship | part | customer | new_fault
}

// Part is one line of a job's agreed parts.
type Part = price.Part

type Consent struct {
	ID              string         `json:"id"`
	State           string         `json:"state"`
	Kind            string         `json:"kind"`
	DocumentKind    string         `json:"document_kind"`
	WorkOrder       string         `json:"work_order"`
	SignerName      string         `json:"signer_name"`
	Jobs            []ConsentedJob `json:"jobs"`
	CountersignedBy string         `json:"countersigned_by"`
	VoidReason      string         `json:"void_reason"`
	SignedAt        string         `json:"signed_at"`   // when the customer decided, by the tablet
	RecordedAt      string         `json:"recorded_at"` // when the server stored it; "" while only the tablet has it
}

// ConsentedJob is one line of a consent: which content of which job was approved or declined.
type ConsentedJob struct {
	ID       string `json:"id"`
	SHA256   string `json:"sha256"`
	Decision string `json:"decision"` // approved | declined
	Agreed   Values `json:"agreed"`   // the job as the document showed it, to say what changed; may be missing
}

type Concern struct {
	ID          string `json:"id"`
	Words       string `json:"words"`
	ConfirmedAt string `json:"confirmed_at"`
	IsFault     bool   `json:"is_fault"`
	Expert      string `json:"expert"`
	ExpertAt    string `json:"expert_at"`
}

type Finding struct {
	Item   string `json:"item"`
	Result string `json:"result"`
}

type KeyTag struct {
	Tag        string `json:"tag"`
	HolderKind string `json:"holder_kind"`
	Holder     string `json:"holder"`
}

type Entry struct {
	JobWork    string `json:"job_work"` // what the job is called, where it is of another order
	ID         string `json:"id"`
	Job        string `json:"job"`
	Technician string `json:"technician"`
	StartedAt  string `json:"started_at"`
	EndedAt    string `json:"ended_at"`
	Minutes    int64  `json:"minutes"`     // what counts of it, see Worked
	RecordedAt string `json:"recorded_at"` // when the server stored it; "" while only the tablet has it
}

type Check struct {
	Stage      string `json:"stage"`
	Round      int    `json:"round"`
	Result     string `json:"result"`
	Checker    string `json:"checker"`
	RecordedAt string `json:"recorded_at"` // as in Entry
}

type Person struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Roles []string `json:"roles"`
	Skill int      `json:"skill"`
}
