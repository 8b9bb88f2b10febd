package record

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/claim"
	"aftercare/internal/fault"
	"aftercare/internal/flow"
)

var (
	_ core.RecordProxy = (*Claim)(nil)
	_ core.RecordProxy = (*ClaimItem)(nil)
	_ core.RecordProxy = (*Shipment)(nil)
	_ core.RecordProxy = (*RepairPlan)(nil)
	_ core.RecordProxy = (*Refund)(nil)
)

// Claim is a row of claims 退换修 (L-01 … L-15).
type Claim struct{ row }

// AsClaim wraps a row of claims.
func AsClaim(rec *core.Record) *Claim { return &Claim{wrap(rec)} }

func (c *Claim) Order() string         { return c.GetString(FieldSalesOrder) }
func (c *Claim) Customer() string      { return c.GetString(FieldCustomer) }
func (c *Claim) Number() string        { return c.GetString(FieldNumber) }
func (c *Claim) Kind() string          { return c.GetString(FieldKind) }
func (c *Claim) RefusedParcel() bool   { return c.GetBool(FieldRefusedParcel) }
func (c *Claim) ProductLine() string   { return c.GetString(FieldProductLine) }
func (c *Claim) FaultClaimed() bool    { return c.GetBool(FieldFaultClaimed) }
func (c *Claim) InvoiceNumber() string { return c.GetString(FieldInvoiceNumber) }
func (c *Claim) Verdict() string       { return c.GetString(FieldVerdict) }
func (c *Claim) StoreNear() bool       { return c.GetBool(FieldStoreNear) }
func (c *Claim) CaptureAccepted() bool { return c.GetBool(FieldCaptureAccepted) }
func (c *Claim) CapturedAt() string    { return c.moment(FieldCapturedAt) }
func (c *Claim) FiledAt() string       { return c.moment(FieldFiledAt) }
func (c *Claim) ReceivedAt() string    { return c.moment(FieldReceivedAt) }
func (c *Claim) PolicyKept() string    { return c.GetString(FieldPolicy) }
func (c *Claim) ShipBackDueAt() string { return c.moment(FieldShipBackDueAt) }
func (c *Claim) ExtendedUntil() string { return c.moment(FieldExtendedUntil) }
func (c *Claim) Replacement() string   { return c.GetString(FieldReplacement) }
func (c *Claim) ReplacementFen() int64 { return int64(c.GetInt(FieldReplacementFen)) }
func (c *Claim) CollectedFen() int64   { return int64(c.GetInt(FieldCollectedFen)) }
func (c *Claim) ArrivedAt() string     { return c.moment(FieldArrivedAt) }

// SendBy is the first instant at which it is too late to send the goods: the time after the approval, or what it was extended
// to (L-08); zero where no time runs.
func (c *Claim) SendBy() time.Time {
	due := c.Due(FieldShipBackDueAt)
	if extended := c.Due(FieldExtendedUntil); !due.IsZero() && extended.After(due) {
		return extended
	}
	return due
}

// OwedFen is the difference of an exchange that the customer pays first (L-10).
func (c *Claim) OwedFen() int64 { return int64(c.GetInt(FieldOwedFen)) }

func (c *Claim) Lane() string        { return c.GetString(FieldLane) }
func (c *Claim) Freight() string     { return c.GetString(FieldFreight) }
func (c *Claim) Insist() bool        { return c.GetBool(FieldInsist) }
func (c *Claim) BestEffort() bool    { return c.GetBool(FieldBestEffort) }
func (c *Claim) VerdictBy() string   { return c.GetString(FieldVerdictBy) }
func (c *Claim) RefundDueFen() int64 { return int64(c.GetInt(FieldRefundDueFen)) }

// Rules names the requirement that decided each answer (L-14).
func (c *Claim) Rules() map[string]string {
	rules := map[string]string{}
	_ = c.UnmarshalJSONField(FieldRules, &rules)
	return rules
}

// ClaimEvent is one line of a claim's history (L-14): at by the server's clock (UTC), a state reached or one of the events of
// package claim, who in which role, the text that explained it then, and the requirements that decided it.
type ClaimEvent struct {
	At    string   `json:"at"`
	Event string   `json:"event"`
	By    string   `json:"by"`
	Name  string   `json:"name"`
	Role  string   `json:"role"`
	Value string   `json:"value,omitempty"`
	Note  string   `json:"note,omitempty"`
	Rules []string `json:"rules"`
}

// History is what happened to the claim, oldest first.
func (c *Claim) History() []ClaimEvent {
	events := []ClaimEvent{}
	_ = c.UnmarshalJSONField(FieldHistory, &events)
	return events
}

// AddEvent writes down what happens now.
func (c *Claim) AddEvent(e ClaimEvent) { c.Set(FieldHistory, append(c.History(), e)) }

// LateForOnline reports whether evidence of a fault came too late for the online way, so that a store or an agent looks at the
// goods (L-04).
func (c *Claim) LateForOnline() bool {
	route := claim.Route(c.GetString(FieldRoute))
	return route == claim.Store || route == claim.Agent
}

// Differs is what of a parcel refused at the door does not match the order, as after-sales has judged; "" for nothing (L-01).
func (c *Claim) Differs() string {
	if !c.RefusedParcel() || c.Verdict() != string(claim.Quality) {
		return ""
	}
	return c.GetString(FieldMismatch)
}

// Says reports whether something stands in a field that is said once: a date, a choice, a sum, a yes.
func (c *Claim) Says(field string) bool { return flow.Given(Value(c.Record, field)) }

// Due is the time in one of the claim's columns, UTC.
func (c *Claim) Due(field string) time.Time { return Time(c.moment(field)) }

// Expired is the row as it stands once its time is up (L-08).
func (c *Claim) Expired() *core.Record {
	c.Set(FieldState, "expired")
	return c.Record
}

// SetFiled keeps what a claim was filed with: when the server received it (UTC), the policy it is judged by, the product
// line, and when the goods had been received.
func (c *Claim) SetFiled(at, policy, line, received string) {
	c.Set(FieldFiledAt, at)
	c.Set(FieldPolicy, policy)
	c.Set(FieldProductLine, line)
	c.Set(FieldReceivedAt, received)
}

// SetPreview keeps what the policy says of the claim as it is known now; lane and payer only once after-sales has judged.
func (c *Claim) SetPreview(p claim.Preview, counted string) {
	c.Set(FieldCountedAt, counted)
	c.Set(FieldNeeds, p.Needs)
	c.Set(FieldAssumed, p.Assumed)
	c.Set(FieldReturnDueAt, Text(p.ReturnDue))
	c.Set(FieldRepairDueAt, Text(p.RepairDue))
	c.Set(FieldEvidenceDueAt, Text(p.EvidenceDue))
	c.Set(FieldEvidenceLate, p.EvidenceLate)
	lane, freight, insist := "", "", false
	if c.Verdict() != "" {
		lane, freight, insist = string(p.Lane), string(p.Freight), p.Insist
	}
	c.Set(FieldLane, lane)
	c.Set(FieldFreight, freight)
	c.Set(FieldInsist, insist)
	c.Set(FieldRoute, string(p.Route))
	c.Set(FieldRules, p.Rules)
}

// SetReached writes when a step was taken, or until when the next one is due (UTC).
func (c *Claim) SetReached(field, utc string) { c.Set(field, utc) }

// SetBy writes who did what the field names.
func (c *Claim) SetBy(field, staff string) { c.Set(field, staff) }

// SetFen writes an amount the server has computed.
func (c *Claim) SetFen(field string, fen int64) { c.Set(field, fen) }

// SetBestEffort marks a repair without proof of purchase (L-12).
func (c *Claim) SetBestEffort(yes bool) { c.Set(FieldBestEffort, yes) }

// ClaimItem is a row of claim_items: goods of the order that the claim is about.
type ClaimItem struct{ row }

// AsClaimItem wraps a row of claim_items.
func AsClaimItem(rec *core.Record) *ClaimItem { return &ClaimItem{wrap(rec)} }

func (i *ClaimItem) Item() string    { return i.GetString(FieldSalesItem) }
func (i *ClaimItem) Quantity() int64 { return int64(i.GetInt(FieldQuantity)) }

// Shipment is a row of shipments: a parcel on its way to us or to the customer.
type Shipment struct{ row }

// AsShipment wraps a row of shipments.
func AsShipment(rec *core.Record) *Shipment { return &Shipment{wrap(rec)} }

func (s *Shipment) Direction() string { return s.GetString(FieldDirection) }

// Parcel is carrier and number, as people read them to each other.
func (s *Shipment) Parcel() string {
	return strings.TrimSpace(s.GetString(FieldCarrier) + " " + s.GetString(FieldTrackingNumber))
}

// SetSentAt writes when the parcel was handed to the carrier (UTC).
func (s *Shipment) SetSentAt(utc string) { s.Set(FieldSentAt, utc) }

// Facts is the parcel as the guards see it.
func (s *Shipment) Facts() flow.Shipment {
	return flow.Shipment{ID: s.Id, Direction: s.GetString(FieldDirection), SentAt: s.moment(FieldSentAt)}
}

// RepairPlan is a row of repair_plans 维修方案.
type RepairPlan struct{ row }

// AsRepairPlan wraps a row of repair_plans.
func AsRepairPlan(rec *core.Record) *RepairPlan { return &RepairPlan{wrap(rec)} }

func (p *RepairPlan) PriceFen() int64    { return int64(p.GetInt(FieldPriceFen)) }
func (p *RepairPlan) AgreedFen() int64   { return int64(p.GetInt(FieldAgreedFen)) }
func (p *RepairPlan) SurpriseFen() int64 { return int64(p.GetInt(FieldSurpriseFen)) }
func (p *RepairPlan) Days() int          { return p.GetInt(FieldDays) }
func (p *RepairPlan) SurpriseDays() int  { return p.GetInt(FieldSurpriseDays) }

// Waits reports whether work is paused for something that was found and that the customer has not agreed to yet (L-12).
func (p *RepairPlan) Waits() bool {
	return p.State() == "paused" && p.moment(FieldSurpriseAgreedAt) == ""
}

// SetAgreed writes what the customer has accepted in all, in fen.
func (p *RepairPlan) SetAgreed(fen int64) { p.Set(FieldAgreedFen, fen) }

// StoppedFen is what was done of work that was stopped, in fen.
func (p *RepairPlan) StoppedFen() int64 { return int64(p.GetInt(FieldStoppedFen)) }

// SetReached writes when a step was taken (UTC); "" takes it back.
func (p *RepairPlan) SetReached(field, utc string) { p.Set(field, utc) }

// Surprise is something that was found during a repair and agreed to (L-12): when, what, for how much and how many days more, how
// an agent heard it, and who said so. Fen, UTC.
type Surprise struct {
	At    string `json:"at"`
	Found string `json:"found"`
	Fen   int64  `json:"fen"`
	Days  int64  `json:"days"`
	How   string `json:"how"`
	Name  string `json:"name"`
	Role  string `json:"role"`
}

// Surprises is all that was agreed to, in its order.
func (p *RepairPlan) Surprises() []Surprise {
	list := []Surprise{}
	_ = p.UnmarshalJSONField(FieldSurprises, &list) // written by AddSurprise alone
	return list
}

// AddSurprise keeps the present one as it was agreed to: the next is written over it.
func (p *RepairPlan) AddSurprise(name, role string) {
	p.Set(FieldSurprises, append(p.Surprises(), Surprise{At: p.moment(FieldSurpriseAgreedAt), Found: p.GetString(FieldSurprise), Fen: p.SurpriseFen(), Days: int64(p.GetInt(FieldSurpriseDays)),
		How: p.GetString(FieldSurpriseAgreedHow), Name: name, Role: role}))
}

// Facts is the plan as the guards see it.
func (p *RepairPlan) Facts() flow.RepairPlan {
	return flow.RepairPlan{ID: p.Id, State: p.State(), PriceFen: p.PriceFen(), AgreedFen: p.AgreedFen()}
}

// Refund is a row of refunds 退款, a ledger: no entry is ever changed.
type Refund struct{ row }

// AsRefund wraps a row of refunds.
func AsRefund(rec *core.Record) *Refund { return &Refund{wrap(rec)} }

func (r *Refund) Counters() string { return r.GetString(FieldCounters) }
func (r *Refund) Method() string   { return r.GetString(FieldMethod) }

// SetPaidBy writes who of finance made the entry.
func (r *Refund) SetPaidBy(staff string) { r.Set(FieldPaidBy, staff) }

// Facts is the entry as the guards see it.
func (r *Refund) Facts() flow.ClaimRefund {
	return flow.ClaimRefund{ID: r.Id, Kind: r.GetString(FieldKind), Fen: int64(r.GetInt(FieldFen)), Counters: r.Counters()}
}

// SetCustomer writes whose claim the row belongs to: it decides which customer sees the row.
func SetCustomer(rec *core.Record, customer string) { rec.Set(FieldCustomer, customer) }

// ClaimPolicyKept is the policy a claim was filed under, by the "id@revision" it keeps.
func ClaimPolicyKept(app core.App, kept string) (claim.Policy, error) {
	if kept == ShippedClaimPolicy {
		return claim.Shipped(), nil
	}
	id, revision, found := strings.Cut(kept, "@")
	number, err := strconv.Atoi(revision)
	if !found || err != nil {
		return claim.Policy{}, errors.New("no policy " + kept)
	}
	rows := []*core.Record{}
	err = app.RecordQuery(Policies).AndWhere(dbx.HashExp{FieldID: id, FieldRevision: number, FieldKind: ClaimLine}).Limit(1).All(&rows)
	if err != nil {
		return claim.Policy{}, err
	}
	if len(rows) == 0 {
		return claim.Policy{}, fault.New(fault.Invalid, "claim.line_unknown").On("policy").With("line", kept)
	}
	p, refused := AsPolicy(rows[0]).Claims()
	if refused != nil {
		return claim.Policy{}, refused
	}
	return p, nil
}
