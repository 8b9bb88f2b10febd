// Package document prints the papers of a visit as PDF, from plain structs: the five views of one order (S-04: pick-up
// slip 取车单, estimate 估价单, repair card 修理卡, request 请求书, settlement 结算单), the pre-check sheet 预检问诊表, a
// supplement 追加项目单 and the delivery sheet 交车单. It promises that the same sheet gives the same PDF on every machine, and that
// nothing is on the paper but what the sheet says. It reads no clock, no row and no network; it seals nothing.
package document

// Views are the kinds of sheet.
const (
	Pickup     = "pickup"
	Estimate   = "estimate"
	Supplement = "supplement"
	Repair     = "repair"
	Request    = "request"
	Settlement = "settlement"
	Precheck   = "precheck"
	Delivery   = "delivery"
)

// Views in the order they are offered.
var Views = []string{Precheck, Pickup, Estimate, Supplement, Request, Repair, Settlement, Delivery}

// Sheet is everything a paper may show. Amounts are in fen, times are texts in the shop's time. Lang is "zh" or "en".
type Sheet struct {
	View, Lang string

	ShopName, ShopAddress, ShopPhone string

	Order, Visit              string // numbers
	Plate, VIN, Car           string
	Customer, Phone           string
	Advisor                   string
	ArrivedAt, PromisedAt     string
	WishedAt                  string
	OdometerKm, EnergyPercent int64
	OldParts, Wash, PayBy     string // as the visit's choices: keep | show | dispose, yes | no, cash | …
	StorageBox                string
	CoversPieces              int64
	CoversRear                bool
	AnythingElse              string
	Concerns                  []string
	Findings                  []Finding
	GoodFindings              int64
	Marks                     []Mark
	Photos                    int64
	Belongings                []Belonging
	Keys                      []Key
	Jobs                      []Job
	Settlements               []Bill
	Advice                    []string
	Cautions                  []string
	Inspector, InspectedAt    string // who passed the car, and when
	Checks                    []Check
	NextServiceOn             string
	NextServiceKm             int64
	Signature                 *Signature // nil: not signed
	QR                        string     // content of the code, "" for none
	Code                      string     // to be typed where no camera is
	MadeAt                    string
	Voided                    string // why the signature no longer counts, "" when it does
	Test                      bool   // of a test server
}

// Finding is an item of the walk-around that is not in order.
type Finding struct{ Item, Result, Note string }

// Mark is a damage mark, in words.
type Mark struct{ Where, Kind, Severity, Note string }

// Belonging is a thing that stays with the car.
type Belonging struct {
	Name, Place, Note string
	Quantity          int64
}

// Key is a key tag.
type Key struct {
	Tag, Hook string
	Keys      int64
}

// Job is one job as a sheet shows it. Decision is "" where nobody was asked.
type Job struct {
	Work, Detail, Payer, Decision, State string
	Origin                               string // estimate | supplement
	Minutes                              int64
	LabourFen, PartsFen                  int64 // agreed
	ActualLabourFen, ActualPartsFen      int64 // 0: as agreed
	Parts                                []Part
	DiagnosisOnly, NotGuaranteed, Safety bool
	Found                                string
	Technicians                          []string
	Warranty                             Warranty
}

// Warranty is what a job is guaranteed for (D-08): last days "2027-02-21", "" for none, and the highest odometer, 0 for no limit.
type Warranty struct {
	LabourUntil string
	LabourKm    int64
	PartsUntil  string
	PartsKm     int64
}

// Part is a line of parts.
type Part struct {
	Name, Number, Unit string
	QuantityMilli      int64
	UnitFen            int64
	Customers          bool // brought by the customer
	Aftermarket        bool
}

// Check is one stage of the quality check.
type Check struct{ Stage, Result, By, At string }

// Bill is what one payer bears of the order, by the settlements with these numbers (D-06).
type Bill struct {
	Number, Payer, State           string
	Lines                          []Line
	DiscountFen, TotalFen, PaidFen int64
	Payments                       []Payment
}

// Payment is an entry of the till: Kind payment | refund | deposit | credit, Method cash | card | …; a refund is negative.
type Payment struct {
	Kind, Method, At string
	Fen              int64
}

// Line is one line of a settlement.
type Line struct {
	Text string
	Fen  int64
}

// Signature is the customer's, and the advisor's beside it.
type Signature struct {
	Name, Relation, At, Way string // Way: signature | phone | portal
	Words                   string // of a call
	Strokes                 [][][2]float64
	Advisor, AdvisorAt      string
}

// labour and parts that the customer is asked to pay now: the actual price where there is one.
func (j Job) labour() int64 {
	if j.ActualLabourFen > 0 {
		return j.ActualLabourFen
	}
	return j.LabourFen
}

func (j Job) parts() int64 {
	if j.ActualPartsFen > 0 {
		return j.ActualPartsFen
	}
	return j.PartsFen
}
