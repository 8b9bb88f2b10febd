package hooks

import (
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/flow"
	"aftercare/internal/promise"
	"aftercare/internal/record"
)

const (
	needBooking      need = 1 << (24 + iota) // the row as a booking, and those about it
	needCapacities                           // the shop's active revisions
	needPreparations                         // of the appointment
	needCustomer                             // whom the row names
	needReception                            // the visit that grew out of the appointment
)

// reach is how long before a booking others may have begun that still take room beside it; flow.Occupies looks as far.
const reach = 21 * 24 * time.Hour

// zone is the time zone of the row's shop.
func (s *save) zone() (*time.Location, error) {
	shop, err := s.one(record.Shops, s.rec.GetString(record.FieldShop))
	if err != nil || shop == nil {
		return promise.Shanghai, err
	}
	return promise.Zone(record.AsShop(shop).TimeZone()), nil
}

// loadBooking is the appointment and every other that takes room between its first slot and its last, as they stand in
// this transaction: bookings of several tablets meet here one after the other (B-02).
func (s *save) loadBooking(f *flow.Facts) error {
	zone, err := s.zone()
	if err != nil {
		return err
	}
	own := record.AsAppointment(s.rec).Booking(zone)
	f.Booking = &own
	start := record.Time(own.StartsAt)
	var rows []struct {
		ID       string `db:"id"`
		StartsAt string `db:"starts_at"`
		Minutes  int    `db:"minutes"`
		Hands    int    `db:"hands"`
	}
	states := make([]any, len(flow.HoldingStates))
	for i, state := range flow.HoldingStates {
		states[i] = state
	}
	err = s.app.RecordQuery(record.Appointments).Select(record.FieldID, record.FieldStartsAt, record.FieldMinutes, record.FieldHands).
		AndWhere(dbx.HashExp{record.FieldShop: s.rec.GetString(record.FieldShop)}).AndWhere(dbx.In(record.FieldState, states...)).
		AndWhere(dbx.Between(record.FieldStartsAt, record.Text(start.Add(-reach)), record.Text(start.Add(reach)))).All(&rows)
	f.Bookings = []flow.Booking{}
	for _, r := range rows {
		if r.ID != s.rec.Id {
			f.Bookings = append(f.Bookings, record.BookingOf(r.ID, r.StartsAt, r.Minutes, r.Hands, zone))
		}
	}
	return err
}

func (s *save) loadCapacities(f *flow.Facts) error {
	rows, err := s.all(record.Capacities, dbx.HashExp{record.FieldShop: s.rec.GetString(record.FieldShop), record.FieldActive: true})
	f.Capacities = []flow.Capacity{}
	for _, row := range rows {
		f.Capacities = append(f.Capacities, record.AsCapacity(row).Facts())
	}
	return err
}

func (s *save) loadPreparations(f *flow.Facts) error {
	rows, err := s.all(record.Preparations, dbx.HashExp{record.FieldAppointment: s.rec.Id})
	f.Preparations = []flow.Preparation{}
	for _, row := range rows {
		f.Preparations = append(f.Preparations, record.AsPreparation(row).Facts())
	}
	return err
}

func (s *save) loadCustomer(f *flow.Facts) error {
	rec, err := s.one(record.Customers, s.rec.GetString(record.FieldCustomer))
	if rec != nil {
		f.Customer = &flow.Customer{ID: rec.Id, MemberLevel: rec.GetString(record.FieldMemberLevel)}
	}
	return err
}

func (s *save) loadReception(f *flow.Facts) error {
	rows, err := s.all(record.Visits, dbx.HashExp{record.FieldAppointment: s.rec.Id})
	if err == nil && len(rows) > 0 {
		f.Visit = record.AsVisit(rows[0]).Facts()
	}
	return err
}
