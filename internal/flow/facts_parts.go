package flow

// Stock is what the guards of the parts store look at, around the part, the job and the paper that an act names.
// Quantities are thousandths of the part's unit; what was not loaded is zero or nil.
type Stock struct {
	Part         *StockPart `json:"part"`
	FrozenMilli  int64      `json:"frozen_milli"`  // held for jobs and appointments and not issued yet, all of the part
	OwnMilli     int64      `json:"own_milli"`     // of it for the job or appointment of this act
	FrozenFor    string     `json:"frozen_for"`    // number of another order it is frozen for
	IssuedMilli  int64      `json:"issued_milli"`  // issued for the job, less what came back
	LastTaken    *Taken     `json:"last_taken"`    // who took of it last
	Receipt      *Receipt   `json:"receipt"`       // the receipt goods are stocked from
	Count        *Count     `json:"count"`         // the sheet a difference is booked from
	Items        []string   `json:"items"`         // codes of the receiving template's items; nil without a template
	Photos       int        `json:"photos"`        // of the record itself
	DepositFen   int64      `json:"deposit_fen"`   // deposits the cashier has taken for the work order, less refunds and what other purchases rely on
	ArrivedMilli int64      `json:"arrived_milli"` // of the purchase order, in stock
	Loans        []Loan     `json:"loans"`         // of the tool, not returned
	ToolName     string     `json:"tool_name"`
}

// StockPart is the part of the catalogue with its levels as the ledger makes them.
type StockPart struct {
	ID            string `json:"id"`
	Number        string `json:"number"`
	Name          string `json:"name"`
	Class         string `json:"class"`
	Unit          string `json:"unit"`
	PriceFen      int64  `json:"price_fen"`
	StoreMilli    int64  `json:"store_milli"`
	WorkshopMilli int64  `json:"workshop_milli"`
}

// Taken is the last move that took of a part: who signed for or booked it, and for which order, buyer or reason.
type Taken struct {
	By    string `json:"by"`
	Order string `json:"order"`
}

// Receipt is what arrived: good goods, and how much of them is in stock already (P-05).
type Receipt struct {
	State        string `json:"state"`
	Part         string `json:"part"`
	GoodMilli    int64  `json:"good_milli"`
	StockedMilli int64  `json:"stocked_milli"`
}

// Count is a sheet of the monthly count, and which of its parts were booked already.
type Count struct {
	State  string      `json:"state"`
	Place  string      `json:"place"`
	Lines  []CountLine `json:"lines"`
	Booked []string    `json:"booked"`
}

// CountLine is one part of a count sheet; CountedMilli nil: not counted yet.
type CountLine struct {
	Part         string `json:"part"`
	BookMilli    int64  `json:"book_milli"`
	CountedMilli *int64 `json:"counted_milli"`
}

// Loan is a tool in somebody's hands.
type Loan struct {
	ID       string `json:"id"`
	Borrower string `json:"borrower"` // by name
}
