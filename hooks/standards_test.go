package hooks_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// policy is a revision of the shop's figures, in force.
func (s *shop) policy() *core.Record {
	s.t.Helper()
	return s.Make("manager", record.Policies, map[string]any{record.FieldKind: "service_lane", record.FieldRevision: 7,
		record.FieldData: map[string]any{"labour_range_percent": 5}, record.FieldActive: true})
}

func (s *shop) end(standard *core.Record) {
	s.t.Helper()
	s.Do("manager", standard, map[string]any{record.FieldActive: false})
}

// visitData is a second car of the day, under a revision of the shop's figures.
func (s *shop) visitData(visit, policy *core.Record) map[string]any {
	return map[string]any{record.FieldNumber: "B77", record.FieldVehicle: record.AsVisit(visit).Vehicle(), record.FieldPurpose: "repair",
		record.FieldState: "open", record.FieldArrivedAt: s.Now(), record.FieldPolicy: policy.Id}
}

func TestStandardsInForce(t *testing.T) {
	hold(t, []rule{
		{name: "S-07 no visit begins under figures that have ended", code: "visit.policy_ended", field: "policy", try: func(s *shop) op {
			policy := s.policy()
			s.end(policy)
			return create("advisor", record.Visits, s.visitData(s.VisitOpen(), policy))
		}},
		{name: "R-15 no inspection begins with a checklist that has ended", code: "visit.template_ended", field: "template", try: func(s *shop) op {
			visit, template := s.VisitOpen(), s.Walkaround()
			s.end(template)
			return create("advisor", record.Inspections, map[string]any{record.FieldVisit: visit.Id, record.FieldTemplate: template.Id})
		}},
	})
	t.Run("X-06 a reception out of reach goes by what its tablet had heard of", func(t *testing.T) {
		s := newShop(t)
		visit, policy := s.VisitOpen(), s.policy()
		tablet := s.tablet("advisor")
		tablet.Pull(0)
		s.end(policy)
		data := s.visitData(visit, policy)
		data[record.FieldShop] = s.Shop
		tablet.Must(apptest.Create(record.Visits, apptest.NewID(), data))
		tablet.Pull(0)
		data[record.FieldNumber] = "B78"
		if out := tablet.Do(apptest.Create(record.Visits, apptest.NewID(), data)); out.Outcome != wire.Rejected || out.Code != "visit.policy_ended" {
			t.Errorf("having heard of its end: %s %s", out.Outcome, out.Code)
		}
	})
}

func TestVehicleNumbers(t *testing.T) {
	rules := []rule{{name: "V-06 a VIN is not changed into what is none", code: "vehicle.vin", field: "vin", try: func(s *shop) op {
		vehicle := s.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "沪A00001", record.FieldVIN: "LSVAA4182E2184847"})
		return patch("advisor", vehicle, map[string]any{record.FieldVIN: "LSVAA4182E2I84847"})
	}}}
	for name, vin := range map[string]string{"an I": "LSVAA4182E2I84847", "an O": "LSVAA4182E218484O", "a Q": "QSVAA4182E2184847",
		"16 characters": "LSVAA4182E218484", "small letters": "lsvaa4182e2184847", "a blank": "LSVAA4182 2184847", "a line end": "LSVAA4182E218484\n"} {
		rules = append(rules, rule{name: "V-06 no VIN with " + name, code: "vehicle.vin", field: "vin", try: func(*shop) op {
			return create("advisor", record.Vehicles, map[string]any{record.FieldPlate: "沪A00001", record.FieldVIN: vin})
		}})
	}
	hold(t, rules)
	t.Run("V-06 a wrong check digit blocks nothing, and a car may have no VIN yet", func(t *testing.T) {
		s := newShop(t)
		s.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "沪A00001", record.FieldVIN: "LSVAA418XE2184847"})
		s.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "沪A00002"})
	})
}
