package record

import (
	"github.com/pocketbase/pocketbase/core"
)

// Collections of what repairs teach, and of claims on the manufacturer.
const (
	QualityReports = "quality_reports"
	FaultCases     = "fault_cases"
	WarrantyClaims = "warranty_claims"
)

// Their fields.
const (
	FieldVehicleModel = "vehicle_model"
	FieldFault        = "fault"
	FieldOccurrences  = "occurrences"
	FieldSubmittedBy  = "submitted_by"
	FieldSubmittedAt  = "submitted_at"
	FieldAnsweredBy   = "answered_by"
	FieldAnsweredAt   = "answered_at"
	FieldReport       = "report"
	FieldSymptom      = "symptom"
	FieldRemedy       = "remedy"
	FieldDiagnosis    = "diagnosis"
	FieldClaimedFen   = "claimed_fen"
	FieldApprovedFen  = "approved_fen"
	FieldPaidFen      = "paid_fen"
	FieldPaidAt       = "paid_at"
	FieldReturnDueAt  = "return_due_at"
	FieldSentNote     = "sent_note"
)

var (
	_ core.RecordProxy = (*QualityReport)(nil)
	_ core.RecordProxy = (*WarrantyClaim)(nil)
)

// QualityReport is a row of quality_reports 质量信息报告 (W-08).
type QualityReport struct{ row }

// AsQualityReport wraps a row of quality_reports.
func AsQualityReport(rec *core.Record) *QualityReport { return &QualityReport{wrap(rec)} }

// SetSubmitted says who sent the report in, and when (UTC).
func (r *QualityReport) SetSubmitted(by, utc string) {
	r.Set(FieldSubmittedBy, by)
	r.Set(FieldSubmittedAt, utc)
}

// SetAnswered says who answered the report, and when (UTC).
func (r *QualityReport) SetAnswered(by, utc string) {
	r.Set(FieldAnsweredBy, by)
	r.Set(FieldAnsweredAt, utc)
}

// WarrantyClaim is a row of warranty_claims 索赔 (E-10).
type WarrantyClaim struct{ row }

// AsWarrantyClaim wraps a row of warranty_claims.
func AsWarrantyClaim(rec *core.Record) *WarrantyClaim { return &WarrantyClaim{wrap(rec)} }

func (c *WarrantyClaim) Number() string               { return c.GetString(FieldNumber) }
func (c *WarrantyClaim) Label() string                { return c.GetString(FieldLabel) }
func (c *WarrantyClaim) Place() string                { return c.GetString(FieldPlace) }
func (c *WarrantyClaim) ReturnDueAt() string          { return c.moment(FieldReturnDueAt) }
func (c *WarrantyClaim) SentBackAt() string           { return c.moment(FieldSentBackAt) }
func (c *WarrantyClaim) SetReturnDueAt(utc string)    { c.Set(FieldReturnDueAt, utc) }
func (c *WarrantyClaim) SetReached(field, utc string) { c.Set(field, utc) }
