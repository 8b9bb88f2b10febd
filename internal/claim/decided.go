package claim

import "slices"

// Events of a claim's history beside its states: what was said or granted without a step of the flow (L-14).
const (
	EventVerdict  = "verdict"           // after-sales judged (L-07)
	EventCapture  = "capture_accepted"  // the phone's time counts, with a reason (L-02)
	EventExtended = "extended"          // more time to send the goods (L-08)
	EventPaid     = "collected"         // the customer's payment was taken (L-06, L-10)
	EventPaidBack = "paid_back"         // of what was taken, money went back (L-06, L-10)
	EventInsisted = "insisted"          // the customer insists although there is no fault (L-03)
	EventWillPay  = "pay_acknowledged"  // the customer knows that the repair is paid (L-06)
	EventAgreed   = "difference_agreed" // goods that differ from the photos: agreed before work (L-12)
)

// GivenUp is what decided that goods were sent back for which the customer did not pay: not what was missing of them (L-06, L-10).
const GivenUp = "given_up"

// decidedBy is the requirement behind each event, where it does not hang on lane or kind.
var decidedBy = map[string][]string{
	"submitted": {"L-02"}, "evidence_needed": {"L-07"}, "rejected": {"L-07"}, "plan_offered": {"L-06"}, "plan_accepted": {"L-06"}, "plan_declined": {"L-06"},
	"awaiting_goods": {"L-08"}, "in_transit": {"L-08"}, "sent_back": {"L-09"}, "refund_pending": {"L-13"}, "exchange_pending": {"L-10"}, "repairing": {"L-12"},
	"cancelled": {"L-11"}, "expired": {"L-08"},
	EventCapture: {"L-02"}, EventExtended: {"L-08"}, EventInsisted: {"L-03"}, EventWillPay: {"L-06"}, EventAgreed: {"L-12"},
}

// byKind is the requirement behind an event that hangs on what the claim is for.
var byKind = map[string]map[string]string{
	"received": {"repair": "L-12"}, "accepted": {"repair": "L-12"}, "awaiting_payment": {"repair": "L-06"}, EventPaid: {"repair": "L-06"}, EventPaidBack: {"repair": "L-06"}, GivenUp: {"repair": "L-06"},
	"returned": {"repair": "L-12"}, "completed": {"repair": "L-12", "exchange": "L-10"},
}

var elseKind = map[string]string{"received": "L-09", "accepted": "L-09", "awaiting_payment": "L-10", EventPaid: "L-10", EventPaidBack: "L-10", GivenUp: "L-10", "returned": "L-10", "completed": "L-13"}

// DecidedBy names the requirements that decided an event of a claim of the kind (L-14); lane is the one that decided its lane, ""
// while nobody has judged, and late the one by which evidence came too late for it, "" where it did not (L-04).
func DecidedBy(event, kind, lane, late string, door bool) []string {
	rules := slices.Clone(decidedBy[event])
	switch {
	case door && slices.Contains([]string{"submitted", "awaiting_goods", "in_transit"}, event):
		rules = []string{"L-01"} // the carrier brings it back, and no time to send runs
	case lane != "" && slices.Contains([]string{"plan_offered", "plan_accepted", "plan_declined"}, event):
		rules = []string{lane} // paid after the month, free for a fault within it (L-05, L-06)
	case event == EventVerdict || event == "approved" || event == "negotiating":
		rules = []string{"L-07"}
		for _, rule := range []string{lane, late} {
			if rule != "" {
				rules = append(rules, rule)
			}
		}
	case elseKind[event] != "" && byKind[event][kind] != "":
		rules = []string{byKind[event][kind]}
	case elseKind[event] != "":
		rules = []string{elseKind[event]}
	}
	return rules
}
