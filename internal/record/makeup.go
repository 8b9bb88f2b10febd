package record

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// The collection of make-up parts 补件: what a customer lacks, from the request to the parcel (P-03, P-04).
const (
	MakeupParts = "makeup_parts"
)

// Its fields. Amounts are integer fen, times UTC.
const (
	FieldPartName        = "part_name"
	FieldCauseNote       = "cause_note"
	FieldUrgentReason    = "urgent_reason"
	FieldWantedAt        = "wanted_at"
	FieldUrgentApproval  = "urgent_approval"
	FieldUrgentDecidedBy = "urgent_decided_by"
	FieldUrgentDecidedAt = "urgent_decided_at"
	FieldListNumber      = "list_number"   // the list 补件清单 it was gathered into
	FieldStepAt          = "step_at"       // since when it stands in its state
	FieldReadyFromAt     = "ready_from_at" // the earliest it may be here, by its class
	FieldReadyDueAt      = "ready_due_at"  // the latest
	FieldUnboxProduct    = "unbox_product" // the boxed product it is taken from 拆包
	FieldUnboxReason     = "unbox_reason"
	FieldUnboxApproval   = "unbox_approval"
	FieldUnboxDecidedBy  = "unbox_decided_by"
	FieldUnboxDecidedAt  = "unbox_decided_at"
	FieldUnboxMark       = "unbox_mark" // on the opened box
	FieldRefillDueAt     = "refill_due_at"
	FieldRefilledAt      = "refilled_at"
	FieldRefillNote      = "refill_note"
	FieldChargeFen       = "charge_fen"
	FieldDeliveryOn      = "delivery_on" // the customer's next delivery
	FieldDeliveryNumber  = "delivery_number"
	FieldGatheredAt      = "gathered_at"
)

var _ core.RecordProxy = (*MakeupPart)(nil)

// MakeupPart is a row of makeup_parts.
type MakeupPart struct{ row }

// AsMakeupPart wraps a row of makeup_parts.
func AsMakeupPart(rec *core.Record) *MakeupPart { return &MakeupPart{wrap(rec)} }

func (m *MakeupPart) Number() string        { return m.GetString(FieldNumber) }
func (m *MakeupPart) PartName() string      { return m.GetString(FieldPartName) }
func (m *MakeupPart) Class() string         { return m.GetString(FieldClass) }
func (m *MakeupPart) Claim() string         { return m.GetString(FieldClaim) }
func (m *MakeupPart) Order() string         { return m.GetString(FieldSalesOrder) }
func (m *MakeupPart) Customer() string      { return m.GetString(FieldCustomer) }
func (m *MakeupPart) Owner() string         { return m.GetString(FieldOwner) }
func (m *MakeupPart) Role() string          { return m.GetString(FieldRole) }
func (m *MakeupPart) Policy() string        { return m.GetString(FieldPolicy) }
func (m *MakeupPart) UnboxProduct() string  { return m.GetString(FieldUnboxProduct) }
func (m *MakeupPart) UnboxMark() string     { return m.GetString(FieldUnboxMark) }
func (m *MakeupPart) StepAt() time.Time     { return Time(m.moment(FieldStepAt)) }
func (m *MakeupPart) DueAt() time.Time      { return Time(m.moment(FieldDueAt)) }
func (m *MakeupPart) RefillDue() time.Time  { return Time(m.moment(FieldRefillDueAt)) }
func (m *MakeupPart) CollectedFen() int64   { return int64(m.GetInt(FieldCollectedFen)) }
func (m *MakeupPart) Reached(f string) bool { return m.moment(f) != "" }

// SetReached writes down when (UTC) something was reached; "" takes it back.
func (m *MakeupPart) SetReached(field, utc string) { m.Set(field, utc) }

// SetFor says whom the part is for.
func (m *MakeupPart) SetFor(order, customer string) {
	m.Set(FieldSalesOrder, order)
	m.Set(FieldCustomer, customer)
}

// SetPolicy keeps the revision of the figures that the request began with.
func (m *MakeupPart) SetPolicy(id string) { m.Set(FieldPolicy, id) }

// SetDecided says who decided and when (UTC); both "" where the decision was taken back.
func (m *MakeupPart) SetDecided(byField, atField, by, utc string) {
	m.Set(byField, by)
	m.Set(atField, utc)
}

// SetApprovedBy is who reviewed the request.
func (m *MakeupPart) SetApprovedBy(by string) { m.Set(FieldApprovedBy, by) }

// SetStep begins the step of the present state: whose it is by role, nobody's by name, since when (UTC).
func (m *MakeupPart) SetStep(role, utc string) {
	m.Set(FieldRole, role)
	m.Set(FieldStepAt, utc)
}

// SetOwner names who has the step; "" leaves it to the role.
func (m *MakeupPart) SetOwner(id string) { m.Set(FieldOwner, id) }

// SetDue writes the due time of the step and when the part should be here; zero times are none. assumed: the end hangs on a
// year that nobody has published.
func (m *MakeupPart) SetDue(due, readyFrom, readyDue time.Time, assumed bool) {
	for field, at := range map[string]time.Time{FieldDueAt: due, FieldReadyFromAt: readyFrom, FieldReadyDueAt: readyDue} {
		if at.IsZero() {
			m.Set(field, "")
			continue
		}
		m.Set(field, Text(at))
	}
	m.Set(FieldAssumed, assumed)
}
