package hooks_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/flow"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// slot is the first minute of a slot tomorrow, by the shop's wall.
func (s *shop) slot(hours int) time.Time {
	return s.Clock().Truncate(time.Hour).Add(time.Duration(24+hours) * time.Hour)
}

// full is a slot with both its bays taken.
func (s *shop) full(hours int) time.Time {
	at := s.slot(hours)
	s.Booked(at)
	s.Booked(at)
	return at
}

func TestAppointments(t *testing.T) {
	hold(t, []rule{
		{name: "B-02 a third car in a slot of two bays", code: "appointment.overbooked", field: "starts_at", try: func(s *shop) op {
			return step("advisor", s.Make("advisor", record.Appointments, s.AppointmentData(s.full(0))), "confirmed")
		}},
		{name: "B-02 moved into a full slot", code: "appointment.overbooked", field: "starts_at", try: func(s *shop) op {
			at := s.full(2)
			return patch("advisor", s.Booked(s.slot(5)), map[string]any{record.FieldStartsAt: record.Text(at)})
		}},
		{name: "B-02 made longer than the slot has room", code: "appointment.overbooked", field: "starts_at", try: func(s *shop) op {
			at := s.slot(7)
			s.Booked(at)
			return patch("advisor", s.Booked(at), map[string]any{record.FieldHands: 3})
		}},
		{name: "B-02 only a manager lets one more in", code: "flow.role", field: "overbook_reason", admin: "-", try: func(s *shop) op {
			return patch("advisor", s.Appointment(), map[string]any{record.FieldOverbookReason: "老客户"})
		}},
		{name: "B-02 who allowed it is not for others to write", code: "field.derived", field: "overbook_by", try: func(s *shop) op {
			return patch("manager", s.Appointment(), map[string]any{record.FieldOverbookBy: s.ID("manager")})
		}},
		{name: "B-02 capacity is the manager's", code: "flow.role", field: "id", admin: "-", try: func(s *shop) op {
			return create("advisor", record.Capacities, map[string]any{record.FieldRevision: 3, record.FieldFromDay: "2026-11-21", record.FieldWeekdays: "1"})
		}},
		{name: "B-02 a revision is added, not rewritten", code: "field.fixed", field: "bays", try: func(s *shop) op {
			c, err := s.App.FindFirstRecordByFilter(record.Capacities, "shop = {:shop}", dbx.Params{"shop": s.Shop})
			if err != nil {
				s.t.Fatal(err)
			}
			return patch("manager", c, map[string]any{record.FieldBays: 99})
		}},
		{name: "B-02 a day that is none", code: "field.invalid", field: "from_day", try: func(s *shop) op {
			return create("manager", record.Capacities, map[string]any{record.FieldRevision: 4, record.FieldFromDay: "2026-02-30", record.FieldWeekdays: "1",
				record.FieldOpens: 1, record.FieldCloses: 2, record.FieldSlotMinutes: 60, record.FieldBays: 1, record.FieldTechnicians: 1})
		}},
		{name: "B-03 a quote with a negative price", code: "appointment.lines", field: "lines", try: func(s *shop) op {
			return patch("advisor", s.Appointment(), map[string]any{record.FieldLines: []any{map[string]any{"work": "换油", "labour_fen": -1}}})
		}},
		{name: "B-03 a quote with a field nobody knows", code: "appointment.lines", field: "lines", try: func(s *shop) op {
			return patch("advisor", s.Appointment(), map[string]any{record.FieldLines: []any{map[string]any{"work": "换油", "discount": 1}}})
		}},
		{name: "B-03 the sum is derived", code: "field.derived", field: "total_fen", try: func(s *shop) op {
			return patch("advisor", s.Appointment(), map[string]any{record.FieldTotalFen: 1})
		}},
		{name: "B-04 a reminder while something is missing untold", code: "appointment.missing_untold", field: "state", try: func(s *shop) op {
			a := s.Booked(s.slot(9))
			line := s.Make("advisor", record.Preparations, map[string]any{record.FieldAppointment: a.Id, record.FieldKind: "parts"})
			s.Do("parts", line, map[string]any{record.FieldState: "missing", record.FieldMissingNote: "前刹车片缺货"})
			return step("advisor", a, "reminded")
		}},
		{name: "B-07 arrived without a reception", code: "appointment.no_reception", field: "state", try: func(s *shop) op {
			return step("advisor", s.Appointment(), "arrived")
		}},
		{name: "B-08 missed before the time", code: "appointment.not_yet", field: "state", try: func(s *shop) op {
			return step("advisor", s.Booked(s.slot(11)), "no_show")
		}},
		{name: "E-09 an estimate before the wishes were asked", code: "visit.wishes_unasked", field: "state", try: func(s *shop) op {
			visit := s.VisitInspected()
			s.Do("advisor", visit, map[string]any{record.FieldWash: ""})
			order := s.OrderDraft(visit)
			s.JobProposed(order, "更换前刹车片")
			return step("advisor", order, "presented")
		}},
		{name: "E-03 the customer's own part and no word that it is not guaranteed", code: "order.guarantee_unsaid", field: "state", try: func(s *shop) op {
			order := s.OrderDraft(s.VisitInspected())
			s.Do("advisor", s.JobProposed(order, "装雨刮片"), map[string]any{record.FieldParts: []map[string]any{{"name": "雨刮片", "number": "", "quantity_milli": 1000, "unit": "副",
				"unit_fen": 0, "origin": "customer", "grade": "aftermarket"}}})
			return step("advisor", order, "presented")
		}},
		{name: "E-03 approved before the customer knows that it is not guaranteed", code: "order.guarantee_unacknowledged", field: "not_guaranteed_acknowledged_at", try: func(s *shop) op {
			order := s.OrderDraft(s.VisitInspected())
			job := s.JobProposed(order, "装副厂刹车片")
			s.Do("advisor", job, map[string]any{record.FieldNotGuaranteed: true})
			s.Step("advisor", order, "presented")
			s.Make("advisor", record.Consents, s.SignedConsent("estimate", order))
			return step("advisor", job, "approved")
		}},
		{name: "E-06 a bare diagnosis the customer was not told of", code: "order.diagnosis_untold", field: "state", try: func(s *shop) op {
			order := s.OrderDraft(s.VisitInspected())
			s.Do("advisor", s.JobProposed(order, "异响诊断"), map[string]any{record.FieldDiagnosisOnly: true})
			return step("advisor", order, "presented")
		}},
		{name: "R-14 the car of no member fetched", code: "appointment.pickup_level", field: "pickup", try: func(s *shop) op {
			return patch("advisor", s.VisitOpen(), map[string]any{record.FieldPickup: "return", record.FieldPickupKm: 3})
		}},
		{name: "R-14 fetched from too far", code: "appointment.pickup_far", field: "pickup_km", try: func(s *shop) op {
			visit := s.VisitOpen()
			customer, err := s.App.FindRecordById(record.Customers, record.AsVisit(visit).Customer())
			if err != nil {
				s.t.Fatal(err)
			}
			s.Do("advisor", customer, map[string]any{record.FieldMemberLevel: "gold"})
			return patch("advisor", visit, map[string]any{record.FieldPickup: "return", record.FieldPickupKm: 21})
		}},
	})
}

func TestOverbookingAllowed(t *testing.T) {
	s := newShop(t)
	at := s.full(0)
	third := s.Make("advisor", record.Appointments, s.AppointmentData(at))
	allowed := map[string]any{record.FieldOverbookReason: "救护车，停不得", record.FieldOverbookSlot: record.Text(at) + "/60/1"}
	t.Run("B-02 with a manager's reason the third car comes in, and who allowed it is kept", func(t *testing.T) {
		s.Do("manager", third, allowed)
		s.Step("advisor", third, "confirmed")
		if by := third.GetString(record.FieldOverbookBy); by != s.ID("manager") {
			t.Errorf("allowed by %q", by)
		}
	})
	t.Run("B-02 the permission does not travel to another slot", func(t *testing.T) {
		other := s.full(4)
		if err := s.Patch("advisor", third, map[string]any{record.FieldStartsAt: record.Text(other)}); err == nil {
			t.Error("moved into a full slot on an old permission")
		}
	})
	t.Run("B-02 whoever cancels makes room", func(t *testing.T) {
		at := s.slot(8)
		first := s.Booked(at)
		s.Booked(at)
		s.Do("advisor", first, map[string]any{record.FieldState: "cancelled", record.FieldCancelReason: "客户出差"})
		s.Booked(at)
	})
}

// Tablets that were out of reach come back at once and push their confirmations in any order: two get the two bays.
func TestTabletsBookOffline(t *testing.T) {
	s := newShop(t)
	at := s.slot(1)
	roles := []string{"advisor", "manager", "agent"}
	type booked struct {
		device *apptest.Device
		op     wire.Op
	}
	var all []booked
	for _, role := range roles {
		tablet := s.tablet(role)
		for range 3 {
			rec := s.Make("advisor", record.Appointments, s.AppointmentData(at))
			all = append(all, booked{tablet, apptest.Patch(record.Appointments, rec.Id, 1, map[string]any{record.FieldState: "confirmed"})})
		}
	}
	var wait sync.WaitGroup
	var lock sync.Mutex
	results := map[string]int{}
	for i := range roles {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for _, b := range all[i*3 : i*3+3] {
				outcome := b.device.Do(b.op)
				code := ""
				for _, f := range outcome.Fields {
					code = f.Code
				}
				lock.Lock()
				results[string(outcome.Outcome)+" "+code]++
				lock.Unlock()
			}
		}()
	}
	wait.Wait()
	t.Run("B-02 of nine bookings pushed at once two are confirmed, seven refused with the reason", func(t *testing.T) {
		if results["applied "] != 2 || results["rejected appointment.overbooked"] != 7 {
			t.Errorf("%v", results)
		}
	})
	t.Run("B-02 no slot holds more than its room", func(t *testing.T) { s.holdRoom(t) })
}

func (s *shop) holdRoom(t *testing.T) {
	t.Helper()
	var capacities []flow.Capacity
	rows, err := s.App.FindAllRecords(record.Capacities, dbx.HashExp{record.FieldShop: s.Shop})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		capacities = append(capacities, record.AsCapacity(row).Facts())
	}
	var bookings []flow.Booking
	all, err := s.App.FindAllRecords(record.Appointments, dbx.HashExp{record.FieldShop: s.Shop, record.FieldState: []any{"confirmed", "reminded", "arrived"}})
	if err != nil {
		t.Fatal(err)
	}
	zone, _ := time.LoadLocation("Asia/Shanghai")
	for _, row := range all {
		bookings = append(bookings, record.AsAppointment(row).Booking(zone))
	}
	for key, load := range flow.Loads(capacities, bookings) {
		if load.Over() {
			t.Errorf("slot %s: %+v", key, load)
		}
	}
}

// arrival is what a tablet writes in one act when a booked customer is here.
func (s *shop) arrival(appointment, vehicle, customer *core.Record) []wire.Op {
	visit, order := apptest.NewID(), apptest.NewID()
	return []wire.Op{
		apptest.Create(record.Visits, visit, map[string]any{record.FieldShop: s.Shop, record.FieldNumber: "T01", record.FieldVehicle: vehicle.Id, record.FieldCustomer: customer.Id,
			record.FieldAppointment: appointment.Id, record.FieldAdvisor: s.ID("advisor"), record.FieldPurpose: "comeback", record.FieldState: "open", record.FieldArrivedAt: s.Now()}),
		apptest.Create(record.Inspections, apptest.NewID(), map[string]any{record.FieldShop: s.Shop, record.FieldVisit: visit, record.FieldTemplate: s.Walkaround().Id}),
		apptest.Create(record.Concerns, apptest.NewID(), map[string]any{record.FieldShop: s.Shop, record.FieldVisit: visit, record.FieldWords: "该保养了，顺便看看刹车。", record.FieldPosition: 1}),
		apptest.Create(record.WorkOrders, order, map[string]any{record.FieldShop: s.Shop, record.FieldVisit: visit, record.FieldNumber: "SH-261121-T01", record.FieldState: "draft"}),
		apptest.Create(record.Jobs, apptest.NewID(), map[string]any{record.FieldShop: s.Shop, record.FieldVisit: visit, record.FieldWorkOrder: order, record.FieldOrigin: "estimate",
			record.FieldState: "proposed", record.FieldWork: "30,000 km 保养", record.FieldLabourFen: 18000, record.FieldPayer: "customer", record.FieldPricedAt: s.Now(), record.FieldParts: []any{}}),
		apptest.Patch(record.Appointments, appointment.Id, 2, map[string]any{record.FieldState: "arrived", record.FieldVehicle: vehicle.Id, record.FieldCustomer: customer.Id}),
	}
}

func TestArrival(t *testing.T) {
	s := newShop(t)
	customer := s.Make("advisor", record.Customers, map[string]any{record.FieldName: "王芳"})
	vehicle := s.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "沪C20001", record.FieldCustomer: customer.Id})
	appointment := s.Booked(s.slot(3))
	ops := s.arrival(appointment, vehicle, customer)
	outcome := s.tablet("advisor").Do(ops...)
	t.Run("B-07 one mutation makes reception, concerns, order and jobs of an appointment", func(t *testing.T) {
		if outcome.Outcome != wire.Applied {
			t.Fatalf("%+v", outcome)
		}
		if state := record.AsAppointment(s.Fresh(appointment)).State(); state != "arrived" {
			t.Errorf("the appointment is %s", state)
		}
	})
	t.Run("R-02 C-01 a comeback opens its own kind of order", func(t *testing.T) {
		order, err := s.App.FindFirstRecordByData(record.WorkOrders, record.FieldNumber, "SH-261121-T01")
		if err != nil || order.GetString(record.FieldKind) != "comeback" {
			t.Errorf("kind %q, %v", order.GetString(record.FieldKind), err)
		}
	})
	t.Run("B-07 half of it never happens: a refused last op leaves no reception", func(t *testing.T) {
		other := s.Booked(s.slot(6))
		s.Do("advisor", other, map[string]any{record.FieldState: "cancelled", record.FieldCancelReason: "改天"})
		before, _ := s.App.CountRecords(record.Visits)
		refused := s.tablet("advisor").Do(s.arrival(other, vehicle, customer)...)
		after, _ := s.App.CountRecords(record.Visits)
		if refused.Outcome != wire.Rejected || before != after {
			t.Errorf("%s, %d visits became %d", refused.Outcome, before, after)
		}
	})
	t.Run("B-03 the sums of the quote are the server's, in fen", func(t *testing.T) {
		a := s.Fresh(appointment)
		got := fmt.Sprint(a.GetInt(record.FieldLabourFen), a.GetInt(record.FieldPartsFen), a.GetInt(record.FieldTotalFen))
		if got != "18000 44100 62100" {
			t.Errorf("labour, parts, total: %s", got)
		}
	})
}
