package record

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/price"
)

var (
	_ core.RecordProxy = (*Capacity)(nil)
	_ core.RecordProxy = (*Appointment)(nil)
	_ core.RecordProxy = (*Preparation)(nil)
)

// Capacity is a row of capacities 产能 (B-02).
type Capacity struct{ row }

// AsCapacity wraps a row of capacities.
func AsCapacity(rec *core.Record) *Capacity { return &Capacity{wrap(rec)} }

// Facts is the revision as the rule sees it.
func (c *Capacity) Facts() flow.Capacity {
	return flow.Capacity{ID: c.Id, Revision: c.GetInt(FieldRevision), FromDay: c.GetString(FieldFromDay), UntilDay: c.GetString(FieldUntilDay),
		Weekdays: c.GetString(FieldWeekdays), Opens: c.GetInt(FieldOpens), Closes: c.GetInt(FieldCloses), SlotMinutes: c.GetInt(FieldSlotMinutes),
		Bays: c.GetInt(FieldBays), Technicians: c.GetInt(FieldTechnicians), BookablePercent: c.GetInt(FieldBookablePercent)}
}

// QuoteLine is one line of an appointment's quote: it becomes a job of the order on arrival (B-03, B-07). Money in fen.
type QuoteLine struct {
	Work          string       `json:"work"`
	Detail        string       `json:"detail"`
	LabourMinutes int64        `json:"labour_minutes"`
	LabourFen     int64        `json:"labour_fen"`
	Parts         []price.Part `json:"parts"`
	Method        string       `json:"method"`
	StandardTime  string       `json:"standard_time"`
	JobClass      string       `json:"job_class"`
	RiskFen       int64        `json:"risk_fen"`
	CameBackFrom  string       `json:"came_back_from"`
}

// Appointment is a row of appointments 预约.
type Appointment struct{ row }

// AsAppointment wraps a row of appointments.
func AsAppointment(rec *core.Record) *Appointment { return &Appointment{wrap(rec)} }

func (a *Appointment) Customer() string    { return a.GetString(FieldCustomer) }
func (a *Appointment) Advisor() string     { return a.GetString(FieldAdvisor) }
func (a *Appointment) StartsAt() string    { return a.moment(FieldStartsAt) }
func (a *Appointment) CallerName() string  { return a.GetString(FieldCallerName) }
func (a *Appointment) CallerPhone() string { return a.GetString(FieldCallerPhone) }

// Documents are the codes of the papers the customer is asked to bring.
func (a *Appointment) Documents() []string {
	var codes []string
	_ = a.UnmarshalJSONField(FieldDocuments, &codes) // anything else names no paper
	return codes
}

// OverbookSlot is what a manager's permission is for (flow.SlotMark).
func (a *Appointment) OverbookSlot() string { return a.GetString(FieldOverbookSlot) }

// SetSums sets the derived totals of the quote, in fen.
func (a *Appointment) SetSums(labour, parts int64) {
	a.Set(FieldLabourFen, labour)
	a.Set(FieldPartsFen, parts)
	a.Set(FieldTotalFen, labour+parts)
}

// Booking is the appointment as capacity sees it, its start in the shop's zone.
func (a *Appointment) Booking(zone *time.Location) flow.Booking {
	return BookingOf(a.Id, a.StartsAt(), a.GetInt(FieldMinutes), a.GetInt(FieldHands), zone)
}

// BookingOf places a stored start (UTC) on the clock on the shop's wall. Without hands given it has one.
func BookingOf(id, startsAt string, minutes, hands int, zone *time.Location) flow.Booking {
	local := Time(startsAt).In(zone)
	return flow.Booking{ID: id, Day: local.Format(time.DateOnly), Minute: local.Hour()*60 + local.Minute(), Minutes: minutes,
		Hands: max(1, hands), StartsAt: startsAt}
}

// Preparation is a row of preparations 准备工作 (B-04).
type Preparation struct{ row }

// AsPreparation wraps a row of preparations.
func AsPreparation(rec *core.Record) *Preparation { return &Preparation{wrap(rec)} }

func (p *Preparation) Appointment() string { return p.GetString(FieldAppointment) }

func (p *Preparation) MissingNote() string { return p.GetString(FieldMissingNote) }
func (p *Preparation) CheckedAt() string   { return p.moment(FieldCheckedAt) }

// Check writes who looked and when.
func (p *Preparation) Check(by, at string) {
	p.Set(FieldCheckedBy, by)
	p.Set(FieldCheckedAt, at)
}

// Untell forgets that the customer was told: it is missing anew.
func (p *Preparation) Untell() {
	p.Set(FieldToldAt, "")
	p.Set(FieldToldNote, "")
}

// Facts is the line as the guards see it.
func (p *Preparation) Facts() flow.Preparation {
	return flow.Preparation{Kind: p.GetString(FieldKind), State: p.State(), Told: p.moment(FieldToldAt)}
}
