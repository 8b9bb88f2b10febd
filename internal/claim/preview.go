package claim

import (
	"slices"
	"time"

	"aftercare/internal/calendar"
	"aftercare/internal/fault"
)

// Phase is how long ago the goods were received; a later filing never has an earlier phase.
type Phase string

// The phases: within the return window (L-03), up to the month (L-05), after it (L-06).
const (
	InReturn Phase = "return"
	InMonth  Phase = "month"
	After    Phase = "after"
)

// Lane is what a claim can come to.
type Lane string

// The lanes: return or exchange; to be talked over first; repair by a plan that is paid.
const (
	ReturnExchange Lane = "return_exchange"
	Negotiate      Lane = "negotiate"
	PaidRepair     Lane = "paid_repair"
)

// Route is where the goods are looked at (L-04).
type Route string

// The routes.
const (
	Online Route = "online"
	Store  Route = "store"
	Agent  Route = "agent"
	Door   Route = "door" // refused on delivery (L-01)
)

// Case is what a claim's lane hangs on. Received is when the goods were accepted, Filed when the server received the claim,
// Traits what the goods are that may exempt them ("made_to_order"), StoreNear whether there is a local store.
type Case struct {
	Received  time.Time `json:"received"`
	Filed     time.Time `json:"filed"`
	Verdict   Verdict   `json:"verdict"`
	Traits    []string  `json:"traits"`
	StoreNear bool      `json:"store_near"`
}

// Preview is what would become of a case. Due times are the first instants that are too late, UTC; Until is the one that
// ends the present phase, zero after the month. Insist: the customer may have it against advice. Assumed: a due time hangs on
// a day that nobody has published.
type Preview struct {
	Phase        Phase     `json:"phase"`
	Lane         Lane      `json:"lane"`
	Insist       bool      `json:"insist"`
	Freight      Payer     `json:"freight"`
	Route        Route     `json:"route"`
	Needs        []string  `json:"needs"`
	ReturnDue    time.Time `json:"return_due"`
	RepairDue    time.Time `json:"repair_due"`
	EvidenceDue  time.Time `json:"evidence_due"`
	EvidenceLate bool      `json:"evidence_late"`
	Until        time.Time `json:"until,omitzero"`
	Assumed      bool      `json:"assumed"`
	Rules        Rules     `json:"rules"`
}

// Rules names the requirement that decided each answer, for the timeline (L-14).
type Rules struct {
	Lane    string `json:"lane"`
	Freight string `json:"freight"`
	Route   string `json:"route"`
	Due     string `json:"due"`
}

// Preview says what becomes of a case under a policy, in a shop's zone. Codes: claim.filed_before_received,
// claim.verdict_unknown.
func (p Policy) Preview(k Case, c calendar.Calendar, zone *time.Location) (Preview, *fault.Fault) {
	if !slices.Contains(Verdicts, k.Verdict) {
		return Preview{}, fault.New(fault.Invalid, "claim.verdict_unknown").On("verdict")
	}
	if k.Filed.Before(k.Received) {
		return Preview{}, fault.New(fault.Invalid, "claim.filed_before_received").On("filed")
	}
	returns, repairs := c.Window(k.Received, p.Return, zone), c.Window(k.Received, p.Repair, zone)
	evidence := c.Window(k.Received, p.Evidence, zone)
	v := Preview{ReturnDue: returns.Due, RepairDue: repairs.Due, EvidenceDue: evidence.Due, EvidenceLate: !evidence.Contains(k.Filed),
		Assumed: returns.Assumed || repairs.Assumed, Route: Online, Needs: p.Needs[string(k.Verdict)]}
	switch {
	case returns.Contains(k.Filed):
		v.Phase, v.Until = InReturn, returns.Due
	case repairs.Contains(k.Filed):
		v.Phase, v.Until = InMonth, repairs.Due
	default:
		v.Phase = After
	}
	p.decide(&v, k)
	return v, nil
}

// decide fills in lane, payer, route and what has to be shown.
func (p Policy) decide(v *Preview, k Case) {
	quality := k.Verdict == Quality
	switch {
	case v.Phase == After:
		v.Lane, v.Freight, v.Needs = PaidRepair, p.Freight.After[k.Verdict], p.Needs["repair"]
		v.Rules = Rules{Lane: "L-06", Freight: "L-06", Route: "L-06"}
	case v.Phase == InReturn && quality:
		v.Lane, v.Freight, v.Rules = ReturnExchange, p.Freight.Return[k.Verdict], Rules{Lane: "L-03", Freight: "L-03", Route: "L-04"}
	case quality:
		v.Lane, v.Freight, v.Rules = ReturnExchange, p.Freight.Month[k.Verdict], Rules{Lane: "L-05", Freight: "L-05", Route: "L-04"}
	case p.exempts(k.Traits):
		v.Lane, v.Freight, v.Rules = Negotiate, p.Freight.Exempt, Rules{Lane: "L-15", Freight: "L-15", Route: "L-15"}
	case v.Phase == InReturn:
		v.Lane, v.Insist, v.Freight = Negotiate, true, p.Freight.Return[k.Verdict]
		v.Rules = Rules{Lane: "L-03", Freight: "L-03", Route: "L-03"}
	default:
		v.Lane, v.Freight, v.Rules = Negotiate, p.Freight.Month[k.Verdict], Rules{Lane: "L-05", Freight: "L-05", Route: "L-05"}
	}
	v.Rules.Due = "L-16"
	if v.Lane == ReturnExchange && v.EvidenceLate {
		v.Route = p.lateRoute(k.StoreNear)
	}
}

// exempts says whether goods with these traits are taken from the return without fault (L-15).
func (p Policy) exempts(traits []string) bool {
	return slices.ContainsFunc(p.Exemptions, func(e Item) bool { return slices.Contains(traits, e.Code) })
}

func (p Policy) lateRoute(storeNear bool) Route {
	if p.LateEvidence == LateToStore && storeNear {
		return Store
	}
	return Agent
}

// AtDoor is what becomes of a parcel that was refused on delivery (L-01): what does not match the order goes back at the
// company's expense; what does match, as goods without a fault in the return window.
func (p Policy) AtDoor(verdict Verdict, seen Preview) Preview {
	seen.Route, seen.EvidenceLate, seen.Insist = Door, false, verdict == NoFault
	seen.Lane, seen.Freight = ReturnExchange, p.Freight.Return[verdict]
	if verdict == NoFault {
		seen.Lane = Negotiate
	}
	seen.Rules = Rules{Lane: "L-01", Freight: "L-01", Route: "L-01", Due: "L-16"}
	return seen
}
