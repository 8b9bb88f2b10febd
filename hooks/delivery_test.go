package hooks_test

import (
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// refusedEstimate is a car whose owner signed for the estimate's fee and refused the rest; it is about to leave.
func refusedEstimate(s *shop) apptest.Service {
	s.t.Helper()
	visit := s.VisitHandedOver()
	order := s.OrderDraft(visit)
	fee := s.JobData(order, "估价")
	fee["diagnosis_only"], fee[record.FieldParts], fee[record.FieldLabourFen] = true, []any{}, 8000
	fee[record.FieldDiagnosisToldAt] = s.Now()
	job := s.Make("advisor", record.Jobs, fee)
	repair := s.JobProposed(order, "更换变速箱")
	s.Step("advisor", order, "presented")
	s.Make("advisor", record.Consents, s.SignedConsent(consent.KindEstimate, order, repair.Id))
	s.Step("advisor", job, "approved")
	s.Do("advisor", repair, map[string]any{record.FieldState: "declined", record.FieldDeclinedAt: s.Now(), record.FieldDeclinedToldBy: s.ID("advisor")})
	s.Step("advisor", order, "declined")
	s.Step("advisor", visit, "left")
	return apptest.Service{Visit: visit, Order: order, Job: job}
}

func TestDeliveryRules(t *testing.T) {
	without := func(field string) func(s *shop) op {
		return func(s *shop) op {
			visit := s.VisitReady().Visit
			s.Do("advisor", visit, map[string]any{record.FieldWash: "yes", record.FieldOldParts: "show", record.FieldCoversFittedAt: s.Now()})
			data := s.DeliveryData(visit)
			delete(data, field)
			delivery := s.Make("advisor", record.Deliveries, with(data, s.Signature()))
			return step("advisor", delivery, "accepted")
		}
	}
	hold(t, []rule{
		{name: "D-01 no delivery before the car was washed", code: "delivery.unprepared", field: "state", try: without(record.FieldWashedAt)},
		{name: "D-01 no delivery without a parking place", code: "delivery.unprepared", field: "state", try: without(record.FieldParking)},
		{name: "D-01 no delivery without the keys", code: "delivery.unprepared", field: "state", try: without(record.FieldKeysAt)},
		{name: "D-03 the old parts are shown", code: "delivery.unshown", field: "state", try: without(record.FieldOldPartsAt)},
		{name: "D-03 the reception marks are compared", code: "delivery.unshown", field: "state", try: without(record.FieldComparedAt)},
		{name: "D-04 the follow-up call is asked", code: "delivery.follow_up_unasked", field: "follow_up_when", try: without(record.FieldFollowUpWhen)},
		{name: "D-05 the covers come off before the customer", code: "delivery.unreturned", field: "state", try: without(record.FieldCoversOffAt)},
		{name: "D-05 the belongings are counted", code: "delivery.unreturned", field: "state", try: without(record.FieldBelongingsAt)},
		{name: "D-05 car and belongings are accepted by signature", code: "delivery.unsigned", field: "strokes", try: func(s *shop) op {
			return step("advisor", s.Make("advisor", record.Deliveries, s.DeliveryData(s.VisitReady().Visit)), "accepted")
		}},
		{name: "D-05 what was accepted stays", code: "delivery.accepted", field: "parking", try: func(s *shop) op {
			delivery := s.Make("advisor", record.Deliveries, with(s.DeliveryData(s.VisitReady().Visit), s.Signature()))
			s.Step("advisor", delivery, "accepted")
			return patch("advisor", delivery, map[string]any{record.FieldParking: "C1"})
		}},
	})
}
