// Package claim says what becomes of goods that come back 退换货 (L-01 … L-16): in which lane a claim runs, until when, who
// pays the freight, what has to be shown, and which rule decided each. The figures are a Policy, data of one product line;
// time is counted by package calendar. It reads no clock and knows no rows: a claim's states are package flow's, which may
// ask this package and is not asked by it. The customer's phone and the tablet run the same rules in
// pb_public/src/rules/claim.ts; testdata/vectors hold both to the same answers. Money is integer fen.
package claim

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"unicode/utf8"

	"aftercare/internal/calendar"
	"aftercare/internal/fault"
)

// Payer is who bears the freight 运费.
type Payer string

// The payers. By agreement: case by case, written down (L-05).
const (
	Company   Payer = "company"
	Customer  Payer = "customer"
	Agreement Payer = "agreement"
)

// Verdict is what after-sales says of the goods (L-07); a customer is never asked to decide it.
type Verdict string

// The verdicts: a fault of quality 质量问题, or none.
const (
	Quality Verdict = "quality"
	NoFault Verdict = "none"
)

// Verdicts is every verdict there is.
var Verdicts = []Verdict{Quality, NoFault}

// Where late evidence of a quality fault leads (L-04): to a local store, where there is one, or always to an agent's review.
const (
	LateToStore = "store"
	LateToAgent = "agent"
)

// When a refund includes what the customer paid for shipping (L-13): with the last unit of the order, always, or never.
const (
	ShippingWhole  = "whole"
	ShippingAlways = "always"
	ShippingNever  = "never"
)

// Policy is the figures of one product line. Return, Repair and DoorAnswer end as L-16 counts; Evidence and ShipBack are
// hours, which run flat.
type Policy struct {
	Line         string              `json:"line"`
	Return       calendar.Period     `json:"return"`        // L-03
	Repair       calendar.Period     `json:"repair"`        // L-05, after which repair is paid (L-06)
	Evidence     calendar.Period     `json:"evidence"`      // L-04
	ShipBack     calendar.Period     `json:"ship_back"`     // L-08
	DoorAnswer   calendar.Period     `json:"door_answer"`   // L-01
	LateEvidence string              `json:"late_evidence"` // L-04
	Freight      Freight             `json:"freight"`
	Shipping     map[Verdict]string  `json:"shipping"`     // L-13
	Needs        map[string][]string `json:"needs"`        // what has to be shown, by "quality", "none", "repair" (L-02)
	Completeness []Item              `json:"completeness"` // L-09
	Exemptions   []Item              `json:"exemptions"`   // L-15
	// Carrier 指定快递 is whom the goods are handed to where the company pays the freight (L-03, L-05); "": the agent tells it.
	Carrier string `json:"carrier,omitempty"`
}

// Freight is who pays the way back, by phase and verdict (L-03, L-05, L-06); for exempt goods without fault (L-15); and for
// goods that are sent back to the customer, being late, unapproved or incomplete (L-08, L-09).
type Freight struct {
	Return   map[Verdict]Payer `json:"return"`
	Month    map[Verdict]Payer `json:"month"`
	After    map[Verdict]Payer `json:"after"`
	Exempt   Payer             `json:"exempt"`
	SentBack Payer             `json:"sent_back"`
}

// Item is a line of a list that people read.
type Item struct {
	Code  string     `json:"code"`
	Label fault.Text `json:"label"`
}

// cases are those that something has to be shown for: the verdicts within the month, and repair after it.
var cases = []string{"quality", "none", "repair"}

// DefaultLine is the product line of goods that name none.
const DefaultLine = "default"

//go:embed policy.json
var policyJSON []byte

// Shipped is the policy that came with the product, for the default line.
var Shipped = sync.OnceValue(func() Policy {
	p, refused := ParsePolicy(policyJSON)
	if refused != nil {
		panic(fmt.Errorf("shipped policy of claims: %w", refused))
	}
	return p
})

// ParsePolicy reads a policy as a manager saves it. Code: policy.claims with {field}.
func ParsePolicy(raw []byte) (Policy, *fault.Fault) {
	var p Policy
	in := json.NewDecoder(bytes.NewReader(raw))
	in.DisallowUnknownFields()
	if err := in.Decode(&p); err != nil {
		return Policy{}, unfit("data").Because(err)
	}
	if _, err := in.Token(); err != io.EOF {
		return Policy{}, unfit("data")
	}
	if field := p.unfit(); field != "" {
		return Policy{}, unfit(field)
	}
	return p, nil
}

func unfit(field string) *fault.Fault {
	return fault.New(fault.Invalid, "policy.claims").On("data").With("field", field)
}

// span is what a period of a policy may be.
type span struct {
	field  string
	period calendar.Period
	units  []calendar.Unit
	most   int
}

// unfit is the first field that a policy cannot have, "" when there is none.
func (p Policy) unfit() string {
	if p.Line == "" {
		return "line"
	}
	days := []calendar.Unit{calendar.Workday, calendar.Day}
	for _, s := range []span{
		{"return", p.Return, days, 366}, {"repair", p.Repair, []calendar.Unit{calendar.Month}, 120},
		{"evidence", p.Evidence, []calendar.Unit{calendar.Hour}, 8784}, {"ship_back", p.ShipBack, []calendar.Unit{calendar.Hour}, 8784},
		{"door_answer", p.DoorAnswer, days, 366},
	} {
		if !slices.Contains(s.units, s.period.Unit) || s.period.Count < 1 || s.period.Count > s.most {
			return s.field
		}
	}
	if p.LateEvidence != LateToStore && p.LateEvidence != LateToAgent {
		return "late_evidence"
	}
	return p.unfitParts()
}

func (p Policy) unfitParts() string {
	payers := []Payer{Company, Customer, Agreement}
	for _, by := range []map[Verdict]Payer{p.Freight.Return, p.Freight.Month, p.Freight.After} {
		if len(by) != len(Verdicts) || !slices.Contains(payers, by[Quality]) || !slices.Contains(payers, by[NoFault]) {
			return "freight"
		}
	}
	if !slices.Contains(payers, p.Freight.Exempt) || !slices.Contains(payers, p.Freight.SentBack) {
		return "freight"
	}
	rules := []string{ShippingWhole, ShippingAlways, ShippingNever}
	if len(p.Shipping) != len(Verdicts) || !slices.Contains(rules, p.Shipping[Quality]) || !slices.Contains(rules, p.Shipping[NoFault]) {
		return "shipping"
	}
	if len(p.Needs) != len(cases) {
		return "needs"
	}
	for _, of := range cases {
		if list, named := p.Needs[of]; !named || !distinct(list) {
			return "needs"
		}
	}
	if len(p.Completeness) == 0 || !distinct(codes(p.Completeness)) {
		return "completeness"
	}
	if !distinct(codes(p.Exemptions)) {
		return "exemptions"
	}
	if utf8.RuneCountInString(p.Carrier) > mostCarrier {
		return "carrier"
	}
	return ""
}

// mostCarrier is how long a carrier's name may be, in characters, as a parcel keeps it.
const mostCarrier = 60

// distinct says whether all codes are there and none is there twice.
func distinct(list []string) bool {
	for i, code := range list {
		if code == "" || slices.Contains(list[:i], code) {
			return false
		}
	}
	return true
}

func codes(items []Item) []string {
	list := make([]string, 0, len(items))
	for _, item := range items {
		list = append(list, item.Code)
	}
	return list
}
