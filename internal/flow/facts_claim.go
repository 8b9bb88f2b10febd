package flow

import "slices"

// ClaimFacts is what the guards of customer claims 退换修 look at beside the row. Amounts in fen.
type ClaimFacts struct {
	Claim *ClaimCase `json:"claim"` // only for claims and the rows of one
}

// ClaimCase is a claim with what stands around it.
type ClaimCase struct {
	Row       Values        `json:"row"`       // the claim itself, as it would become
	Sale      *ClaimSale    `json:"sale"`      // the sales order it is about
	Phone     string        `json:"phone"`     // of the customer the claim names
	Taken     string        `json:"taken"`     // number of another claim that uses up the order's one return or exchange (L-11); "" for none
	Items     int           `json:"items"`     // lines the claim names
	Slots     []string      `json:"slots"`     // of the photos of the claim itself, as far as they count as evidence
	List      []string      `json:"list"`      // codes of the completeness list (L-09)
	Units     int64         `json:"units"`     // of the line that a claim item names: bought
	Foreign   bool          `json:"foreign"`   // the line that a claim item names is of another order
	Line      string        `json:"line"`      // product line of the item's goods, "default" for none
	Shipments []Shipment    `json:"shipments"` // both ways, oldest first
	Plan      *RepairPlan   `json:"plan"`      // the latest
	Refunds   []ClaimRefund `json:"refunds"`   // of the claim, oldest first
	Counters  *ClaimRefund  `json:"counters"`  // the refund that a counter-entry names
}

// ClaimSale is the sales order a claim is about. ReceivedAt is when its goods were accepted, "" while they were not.
// RefundedFen is what has gone back for all its claims, less what was countered.
type ClaimSale struct {
	State       string `json:"state"`
	Phone       string `json:"phone"`
	ReceivedAt  string `json:"received_at"`
	PaidFen     int64  `json:"paid_fen"`
	RefundedFen int64  `json:"refunded_fen"`
}

// Shipment is a parcel on its way: in to us, or out to the customer.
type Shipment struct {
	ID        string `json:"id"`
	Direction string `json:"direction"`
	SentAt    string `json:"sent_at"`
}

// RepairPlan is a plan as the claim's steps see it. AgreedFen is what the customer has accepted, surprises with it.
type RepairPlan struct {
	ID        string `json:"id"`
	State     string `json:"state"`
	PriceFen  int64  `json:"price_fen"`
	AgreedFen int64  `json:"agreed_fen"`
}

// ClaimRefund is an entry of the ledger of refunds: a refund, or the counter-entry of one.
type ClaimRefund struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Fen      int64  `json:"fen"`
	Counters string `json:"counters"`
}

// NetRefunds is what has gone back to the customer for the claim, less what was countered.
func NetRefunds(refunds []ClaimRefund) (fen int64) {
	for _, r := range refunds {
		if r.Kind == "counter" {
			fen -= r.Fen
		} else {
			fen += r.Fen
		}
	}
	return fen
}

// caseOf is the claim around the row; an empty one where none was loaded.
func caseOf(f *Facts) ClaimCase {
	if f.Claim == nil {
		return ClaimCase{}
	}
	return *f.Claim
}

// shipped says whether a parcel went this way.
func (c ClaimCase) shipped(direction string) bool {
	return slices.ContainsFunc(c.Shipments, func(s Shipment) bool { return s.Direction == direction })
}

// shipUntil is the first instant at which the goods are sent too late: 48 hours after the approval, or what a supervisor
// has extended it to (L-08). "" while nothing was approved.
func shipUntil(row Values) string {
	due, extended := text(row, "ship_back_due_at"), text(row, "extended_until")
	if later(extended, due) {
		return extended
	}
	return due
}

// later says that a comes after b; an unreadable b counts as long ago.
func later(a, b string) bool {
	x, ok := instant(a)
	y, _ := instant(b)
	return ok && x.After(y)
}

// inTime says that the parcel was handed to the carrier before the claim's time was up; one that was refused at the door
// never left the carrier's hands (L-01, L-08).
func (s Shipment) inTime(row Values) bool {
	return s.Direction == "in" && (Given(row["refused_parcel"]) || later(shipUntil(row), s.SentAt))
}
