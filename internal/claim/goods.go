package claim

import (
	"slices"
	"time"

	"aftercare/internal/calendar"
	"aftercare/internal/fault"
)

// AnswerBy is by when a parcel refused at the door is answered (L-01).
func (p Policy) AnswerBy(refused time.Time, c calendar.Calendar, zone *time.Location) calendar.Window {
	return c.Window(refused, p.DoorAnswer, zone)
}

// ShipBackBy is by when goods must be sent after the approval (L-08); a supervisor extends the window. What counts is when
// they were handed to the carrier, not when they arrive.
func (p Policy) ShipBackBy(approved time.Time, c calendar.Calendar, zone *time.Location) calendar.Window {
	return c.Window(approved, p.ShipBack, zone)
}

// Missing is the codes of the completeness list that were not ticked on arrival, in its order (L-09). Anything missing sends
// the goods back, at the expense of Freight.SentBack.
func (p Policy) Missing(ticked []string) []string {
	missing := []string{}
	for _, item := range p.Completeness {
		if !slices.Contains(ticked, item.Code) {
			missing = append(missing, item.Code)
		}
	}
	return missing
}

// returnSlip is the one thing of the completeness list that the customer adds to the parcel.
const returnSlip = "return_slip"

// neverSent is the thing of the completeness list that was wrong from the beginning, by what of a refused parcel does not match the
// order: nobody can send back a gift that never came (L-01).
var neverSent = map[string]string{"gift": "accessories", "packaging": "outer_packing"}

// MustComeBack is the codes of the completeness list for a parcel, in its order (L-09): a parcel that was refused at the door
// comes back as it was sent, and nobody could put a slip into it (L-01). Differs is what of it does not match the order, as
// after-sales has judged; "" for nothing.
func (p Policy) MustComeBack(refusedParcel bool, differs string) []string {
	list := []string{}
	for _, item := range p.Completeness {
		if !refusedParcel || item.Code != returnSlip && item.Code != neverSent[differs] {
			list = append(list, item.Code)
		}
	}
	return list
}

// UsesUp says whether a claim uses up the one return or exchange of its order (L-11): repairs never do, and neither do those
// that were rejected, cancelled, sent back, or expired before anything was sent.
func UsesUp(kind, state string, sent bool) bool {
	switch {
	case kind == "repair", state == "rejected", state == "cancelled", state == "sent_back":
		return false
	case state == "expired":
		return sent
	}
	return true
}

// Difference of an exchange (L-10): what the customer pays first for a dearer replacement, or gets back for a cheaper one. A
// replacement of 0 is one whose price nobody has named: it costs the same, for a forgotten price must not become a refund.
func Difference(paidFen, replacementFen int64) (collectFen, refundFen int64) {
	if replacementFen == 0 {
		return 0, 0
	}
	return max(replacementFen-paidFen, 0), max(paidFen-replacementFen, 0)
}

// Line is one line of an order as a refund sees it: what was paid for all its units, how many came back before, and with
// this claim.
type Line struct {
	PaidFen  int64 `json:"paid_fen"`
	Units    int64 `json:"units"`
	Before   int64 `json:"before"`
	Returned int64 `json:"returned"`
}

// Paid is an order as a refund sees it. RefundedFen is what has gone back already, shipping included.
type Paid struct {
	Lines       []Line `json:"lines"`
	ShippingFen int64  `json:"shipping_fen"`
	RefundedFen int64  `json:"refunded_fen"`
	// ShippingRefunded: the shipping went back with an earlier claim.
	ShippingRefunded bool `json:"shipping_refunded"`
}

// Most that a sum or a number of units may be, so that every product is a safe integer in JavaScript.
const (
	maxFen   = 100_000_000_000
	maxUnits = 10_000
)

// Refund is what goes back for the units returned (L-13), in fen: the share of what was paid for them, to the fen, so that
// the last unit brings the rest; shipping by the policy's rule; never more than was paid and not yet refunded. Codes:
// claim.refund_units with {units}, claim.refund_sum.
func (p Policy) Refund(v Verdict, o Paid) (fen int64, refused *fault.Fault) {
	paid, whole, some := o.ShippingFen, true, false
	if !sum(o.ShippingFen) || !sum(o.RefundedFen) {
		return 0, fault.New(fault.Invalid, "claim.refund_sum")
	}
	for _, l := range o.Lines {
		if !sum(l.PaidFen) || l.Units < 1 || l.Units > maxUnits {
			return 0, fault.New(fault.Invalid, "claim.refund_sum")
		}
		if l.Before < 0 || l.Returned < 0 || l.Before > l.Units || l.Returned > l.Units-l.Before {
			return 0, fault.New(fault.Refused, "claim.refund_units").With("units", max(l.Units-l.Before, 0))
		}
		after := l.Before + l.Returned
		fen += l.PaidFen*after/l.Units - l.PaidFen*l.Before/l.Units
		paid += l.PaidFen
		whole = whole && after == l.Units
		some = some || l.Returned > 0
	}
	rule := p.Shipping[v]
	if some && !o.ShippingRefunded && (rule == ShippingAlways || rule == ShippingWhole && whole) {
		fen += o.ShippingFen
	}
	return min(fen, max(paid-o.RefundedFen, 0)), nil
}

func sum(fen int64) bool { return fen >= 0 && fen <= maxFen }
