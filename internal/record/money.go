package record

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/price"
)

// Collections of settling, delivery and the gate.
const (
	Settlements = "settlements"
	Payments    = "payments"
	Invoices    = "invoices"
	GatePasses  = "gate_passes"
	GateUses    = "gate_uses"
	Deliveries  = "deliveries"
)

// Fields of settling, delivery and the gate.
const (
	FieldCorrects           = "corrects"
	FieldDiscountAllowedFen = "discount_allowed_fen"
	FieldDiscountAllowedBy  = "discount_allowed_by"
	FieldCustomerFen        = "customer_fen"
	FieldPoints             = "points"
	FieldIssuedAt           = "issued_at"
	FieldSettledAt          = "settled_at"
	FieldSettlement         = "settlement"
	FieldPayerName          = "payer_name"
	FieldFen                = "fen"
	FieldReference          = "reference"
	FieldTaxNumber          = "tax_number"
	FieldToken              = "token"
	FieldOffline            = "offline"
	FieldReplaces           = "replaces"
	FieldUsedAt             = "used_at"
	FieldUsedBy             = "used_by"
	FieldVoidedBy           = "voided_by"
	FieldPass               = "pass"
	FieldHandedInAt         = "handed_in_at"
	FieldKeysAt             = "keys_at"
	FieldPapersAt           = "papers_at"
	FieldParking            = "parking"
	FieldResultShownAt      = "result_shown_at"
	FieldOldPartsAt         = "old_parts_at"
	FieldSpareToolsAt       = "spare_tools_at"
	FieldComparedAt         = "compared_at"
	FieldNextServiceAt      = "next_service_at"
	FieldFollowUpWhen       = "follow_up_when"
	FieldCoversOffAt        = "covers_off_at"
	FieldWashedAt           = "washed_at"
	FieldHandedInBy         = "handed_in_by"
	FieldOldPartsLabels     = "old_parts_labels"
	FieldCompareNote        = "compare_note"
	FieldBelongingsNote     = "belongings_note"
)

var (
	_ core.RecordProxy = (*Settlement)(nil)
	_ core.RecordProxy = (*Payment)(nil)
	_ core.RecordProxy = (*Invoice)(nil)
	_ core.RecordProxy = (*GatePass)(nil)
	_ core.RecordProxy = (*GateUse)(nil)
)

// Settlement is a row of settlements 结算单.
type Settlement struct{ row }

// AsSettlement wraps a row of settlements.
func AsSettlement(rec *core.Record) *Settlement { return &Settlement{wrap(rec)} }

func (s *Settlement) WorkOrder() string              { return s.GetString(FieldWorkOrder) }
func (s *Settlement) Number() string                 { return s.GetString(FieldNumber) }
func (s *Settlement) Kind() string                   { return s.GetString(FieldKind) }
func (s *Settlement) MemberLevel() string            { return s.GetString(FieldMemberLevel) }
func (s *Settlement) SetMemberLevel(level string)    { s.Set(FieldMemberLevel, level) }
func (s *Settlement) SetSHA256(sum string)           { s.Set(FieldSHA256, sum) }
func (s *Settlement) SetLines(lines []price.Charge)  { s.Set(FieldLines, lines) }
func (s *Settlement) SetDiscountAllowedBy(id string) { s.Set(FieldDiscountAllowedBy, id) }
func (s *Settlement) SetReached(field, utc string)   { s.Set(field, utc) }
func (s *Settlement) SetTotals(total, customer, points int64) {
	s.Set(FieldTotalFen, total)
	s.Set(FieldCustomerFen, customer)
	s.Set(FieldPoints, points)
}

// Lines are the lines of the settlement.
func (s *Settlement) Lines() []price.Charge {
	lines := []price.Charge{}
	_ = s.UnmarshalJSONField(FieldLines, &lines) // shape is held when the settlement is saved
	return lines
}

// Facts is the settlement as the guards see it.
func (s *Settlement) Facts() flow.Settlement {
	return flow.Settlement{ID: s.Id, WorkOrder: s.WorkOrder(), Number: s.Number(), Kind: s.Kind(), State: s.State(), Lines: s.Lines(),
		DiscountAllowedFen: int64(s.GetInt(FieldDiscountAllowedFen)), MemberLevel: s.MemberLevel()}
}

// Payment is a row of payments, the ledger of money that came and went.
type Payment struct{ row }

// AsPayment wraps a row of payments.
func AsPayment(rec *core.Record) *Payment { return &Payment{wrap(rec)} }

func (p *Payment) SetReceivedBy(id string) { p.Set(FieldReceivedBy, id) }

// Reference is the number of its receipt or of the bank's entry.
func (p *Payment) Reference() string { return p.GetString(FieldReference) }

// Facts is the payment as the guards see it.
func (p *Payment) Facts() flow.Payment {
	return flow.Payment{ID: p.Id, WorkOrder: p.GetString(FieldWorkOrder), Kind: p.GetString(FieldKind), Payer: p.GetString(FieldPayer),
		Fen: int64(p.GetInt(FieldFen))}
}

// Invoice is a row of invoices 发票.
type Invoice struct{ row }

// AsInvoice wraps a row of invoices.
func AsInvoice(rec *core.Record) *Invoice { return &Invoice{wrap(rec)} }

// Facts is the invoice as the guards see it.
func (i *Invoice) Facts() flow.Invoice {
	return flow.Invoice{ID: i.Id, Settlement: i.GetString(FieldSettlement), Kind: i.GetString(FieldKind), Payer: i.GetString(FieldPayer),
		Fen: int64(i.GetInt(FieldFen))}
}

// GatePass is a row of gate_passes 出厂放行条.
type GatePass struct{ row }

// AsGatePass wraps a row of gate_passes.
func AsGatePass(rec *core.Record) *GatePass { return &GatePass{wrap(rec)} }

func (p *GatePass) Number() string         { return p.GetString(FieldNumber) }
func (p *GatePass) Plate() string          { return p.GetString(FieldPlate) }
func (p *GatePass) IssuedAt() string       { return p.moment(FieldIssuedAt) }
func (p *GatePass) ValidUntil() string     { return p.moment(FieldValidUntil) }
func (p *GatePass) Token() string          { return p.GetString(FieldToken) }
func (p *GatePass) SetToken(token string)  { p.Set(FieldToken, token) }
func (p *GatePass) SetOffline(yes bool)    { p.Set(FieldOffline, yes) }
func (p *GatePass) SetUsed(utc, by string) { p.Set(FieldUsedAt, utc); p.Set(FieldUsedBy, by) }
func (p *GatePass) SetVoid(utc, by string) { p.Set(FieldVoidedAt, utc); p.Set(FieldVoidedBy, by) }

// Facts is the pass as the guards see it.
func (p *GatePass) Facts() flow.GatePass {
	return flow.GatePass{ID: p.Id, Number: p.Number(), State: p.State()}
}

// GateUse is a row of gate_uses: a pass was shown and the barrier opened.
type GateUse struct{ row }

// AsGateUse wraps a row of gate_uses.
func AsGateUse(rec *core.Record) *GateUse { return &GateUse{wrap(rec)} }

func (u *GateUse) Pass() string   { return u.GetString(FieldPass) }
func (u *GateUse) Plate() string  { return u.GetString(FieldPlate) }
func (u *GateUse) Token() string  { return u.GetString(FieldToken) }
func (u *GateUse) UsedAt() string { return u.moment(FieldUsedAt) }

// Facts is the use as the guards see it.
func (u *GateUse) Facts() flow.GateUse { return flow.GateUse{ID: u.Id, Pass: u.Pass()} }
