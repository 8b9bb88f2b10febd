package consent

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"

	"aftercare/internal/price"
)

// Kinds of document a customer signs.
const (
	KindPrecheck   = "precheck"   // 预检问诊表
	KindEstimate   = "estimate"   // 估价 (S-01)
	KindSupplement = "supplement" // 追加项目 (S-05)
	KindDelivery   = "delivery"   // 交车确认单 (Q-04, D-05)
)

// Schema is the number of the documents' form; another form gets another number.
const Schema = 1

// Document is what the signer is shown: its canonical bytes, their hash, and the hash of every job in it.
type Document struct {
	Body   json.RawMessage
	SHA256 string
	Jobs   []JobLine
}

// JobLine is one job of a document with the hash of its content.
type JobLine struct {
	ID     string `json:"id"`
	SHA256 string `json:"sha256"`
}

// Shop, Visit, Vehicle, Customer and Order are the heads of a document. Missing text is "".
type Shop struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type Visit struct {
	ID         string `json:"id"`
	Number     string `json:"number"`
	OdometerKm int64  `json:"odometer_km"`
}

type Vehicle struct {
	ID    string `json:"id"`
	Plate string `json:"plate"`
	VIN   string `json:"vin"`
	Make  string `json:"make"`
	Model string `json:"model"`
}

type Customer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type Order struct {
	ID     string `json:"id"`
	Number string `json:"number"`
}

// Head stands at the top of every document.
type Head struct {
	Shop     Shop     `json:"shop"`
	Visit    Visit    `json:"visit"`
	Vehicle  Vehicle  `json:"vehicle"`
	Customer Customer `json:"customer"`
}

// OfferedJob is a job with what decides whether it stands in a document.
type OfferedJob struct {
	JobContent
	Origin   string `json:"origin"` // estimate | supplement
	State    string `json:"state"`
	Position int64  `json:"position"`
	Covered  bool   `json:"covered"` // a consent already covers it as it is
}

// Offer is the material of an estimate or a supplement. PromisedAt is a UTC text as stored, or "".
type Offer struct {
	Head
	Order      Order        `json:"work_order"`
	PromisedAt string       `json:"promised_at"`
	Jobs       []OfferedJob `json:"jobs"`
}

// EstimateDocument builds the document of an order as first offered: every job of the estimate that still stands.
func EstimateDocument(o Offer) (Document, error) {
	return offerDocument(KindEstimate, o, func(j OfferedJob) bool { return j.Origin == KindEstimate })
}

// SupplementDocument builds the document of what was found later and is not yet covered (S-05).
func SupplementDocument(o Offer) (Document, error) {
	return offerDocument(KindSupplement, o, func(j OfferedJob) bool { return j.Origin == KindSupplement && !j.Covered })
}

type jobInDocument struct {
	JobContent
	SHA256 string `json:"sha256"`
}

func offerDocument(kind string, o Offer, shown func(OfferedJob) bool) (Document, error) {
	jobs := slices.DeleteFunc(slices.Clone(o.Jobs), func(j OfferedJob) bool {
		return !shown(j) || j.State == "declined" || j.State == "cancelled"
	})
	slices.SortFunc(jobs, func(a, b OfferedJob) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	rows := make([]jobInDocument, len(jobs))
	lines := make([]JobLine, len(jobs))
	money := make([]price.Line, len(jobs))
	for i, j := range jobs {
		sum, err := JobHash(j.JobContent)
		if err != nil {
			return Document{}, err
		}
		rows[i] = jobInDocument{JobContent: j.settled(), SHA256: sum}
		lines[i] = JobLine{ID: j.ID, SHA256: sum}
		money[i] = price.Line{Payer: j.Payer, LabourFen: j.LabourFen, PartsFen: price.PartsFen(j.Parts)}
	}
	return document(map[string]any{
		"kind": kind, "schema": Schema,
		"shop": o.Shop, "visit": o.Visit, "vehicle": o.Vehicle, "customer": o.Customer,
		"work_order": o.Order, "promised_at": o.PromisedAt, "jobs": rows, "totals": price.Totals(money),
	}, lines)
}

func document(body map[string]any, lines []JobLine) (Document, error) {
	canonical, sum, err := sealed(body)
	return Document{Body: canonical, SHA256: sum, Jobs: lines}, err
}

// Concern is one concern in the customer's own words. Position orders them.
type Concern struct {
	ID        string `json:"id"`
	Words     string `json:"words"`
	Confirmed bool   `json:"confirmed"`
	Position  int64  `json:"position"` // not shown
}

// Finding is one answered item of the walk-around.
type Finding struct {
	Item   string `json:"item"`
	Result string `json:"result"`
	Level  int64  `json:"level"`
	Note   string `json:"note"`
}

// Mark is one damage mark. X and Y are 0–1 of the view; the document says them in thousandths.
type Mark struct {
	ID       string  `json:"id"`
	View     string  `json:"view"`
	X        float64 `json:"x"`
	Y        float64 `json:"y"`
	Zone     string  `json:"zone"`
	Kind     string  `json:"kind"`
	Severity string  `json:"severity"`
	Note     string  `json:"note"`
}

type concernInDocument struct {
	ID        string `json:"id"`
	Words     string `json:"words"`
	Confirmed bool   `json:"confirmed"`
}

type markInDocument struct {
	ID       string `json:"id"`
	View     string `json:"view"`
	XMilli   int64  `json:"x_milli"`
	YMilli   int64  `json:"y_milli"`
	Zone     string `json:"zone"`
	Kind     string `json:"kind"`
	Severity string `json:"severity"`
	Note     string `json:"note"`
}

// Belonging is one thing or paper that stays with the car.
type Belonging struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"`
	Place    string `json:"place"`
	Note     string `json:"note"`
}

// Key is one key tag.
type Key struct {
	Tag  string `json:"tag"`
	Keys int64  `json:"keys"`
	Hook string `json:"hook"`
}

// Covers are the protective covers fitted.
type Covers struct {
	Pieces int64 `json:"pieces"`
	Rear   bool  `json:"rear"`
}

// Precheck is the material of the pre-check sheet 预检问诊表. Photos are the SHA-256 of the bytes taken.
type Precheck struct {
	Head
	Concerns     []Concern   `json:"concerns"`
	AnythingElse string      `json:"anything_else"`
	Findings     []Finding   `json:"findings"`
	Marks        []Mark      `json:"marks"`
	Photos       []string    `json:"photos"`
	Belongings   []Belonging `json:"belongings"`
	Keys         []Key       `json:"keys"`
	Covers       Covers      `json:"covers"`
	OdometerKm   int64       `json:"odometer_km"`
	EnergyLevel  int64       `json:"energy_level"`
}

// PrecheckDocument builds the sheet that customer and advisor sign before the car leaves reception.
func PrecheckDocument(p Precheck) (Document, error) {
	concerns := make([]concernInDocument, len(p.Concerns))
	for i, c := range sorted(p.Concerns, func(a, b Concern) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	}) {
		concerns[i] = concernInDocument{c.ID, c.Words, c.Confirmed}
	}
	marks := make([]markInDocument, len(p.Marks))
	for i, m := range p.Marks {
		marks[i] = markInDocument{m.ID, m.View, milli(m.X), milli(m.Y), m.Zone, m.Kind, m.Severity, m.Note}
	}
	photos := slices.Compact(slices.Sorted(slices.Values(p.Photos)))
	if photos == nil {
		photos = []string{}
	}
	return document(map[string]any{
		"kind": KindPrecheck, "schema": Schema,
		"shop": p.Shop, "visit": p.Visit, "vehicle": p.Vehicle, "customer": p.Customer,
		"concerns": concerns, "anything_else": p.AnythingElse,
		"findings": sorted(p.Findings, func(a, b Finding) int {
			return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Result, b.Result), cmp.Compare(a.Level, b.Level), cmp.Compare(a.Note, b.Note))
		}),
		"marks":      sorted(marks, func(a, b markInDocument) int { return cmp.Compare(a.ID, b.ID) }),
		"photos":     photos,
		"belongings": sorted(p.Belongings, func(a, b Belonging) int { return cmp.Compare(a.ID, b.ID) }),
		"keys": sorted(p.Keys, func(a, b Key) int {
			return cmp.Or(cmp.Compare(a.Tag, b.Tag), cmp.Compare(a.Hook, b.Hook), cmp.Compare(a.Keys, b.Keys))
		}),
		"covers": p.Covers, "odometer_km": p.OdometerKm, "energy_level": p.EnergyLevel,
	}, []JobLine{})
}

// Handover is the material of the delivery sheet 交车确认单: what the passed order tells the customer, and what is given back
// with the car. NextServiceAt is a UTC text as stored, or "".
type Handover struct {
	Head
	Order         Order       `json:"work_order"`
	Advice        string      `json:"advice"`
	Cautions      string      `json:"cautions"`
	Belongings    []Belonging `json:"belongings"`
	NextServiceAt string      `json:"next_service_at"`
	NextServiceKm int64       `json:"next_service_km"`
}

// DeliveryDocument builds the sheet the customer signs on taking the car back: advice and cautions of the order, the
// next service and the belongings (D-03, D-05).
func DeliveryDocument(h Handover) (Document, error) {
	return document(map[string]any{
		"kind": KindDelivery, "schema": Schema,
		"shop": h.Shop, "visit": h.Visit, "vehicle": h.Vehicle, "customer": h.Customer, "work_order": h.Order,
		"advice": h.Advice, "cautions": h.Cautions,
		"belongings":      sorted(h.Belongings, func(a, b Belonging) int { return cmp.Compare(a.ID, b.ID) }),
		"next_service_at": h.NextServiceAt, "next_service_km": h.NextServiceKm,
	}, []JobLine{})
}

// sorted copies and orders a list; a missing one becomes [].
func sorted[T any](list []T, order func(a, b T) int) []T {
	out := append([]T{}, list...)
	slices.SortStableFunc(out, order)
	return out
}

func milli(share float64) int64 { return int64(math.Floor(share*1000 + 0.5)) }
