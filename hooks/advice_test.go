package hooks_test

import (
	"encoding/json"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// advised is a finished car whose order has something to say, with its delivery prepared and signed.
func advised(s *shop) (apptest.Service, map[string]any) {
	car := s.OrderPassed()
	s.Do("inspector", car.Order, map[string]any{record.FieldState: "ready", record.FieldAdvice: "两千公里后复查刹车片", record.FieldCautions: "新刹车片磨合 200 km"})
	s.Step("inspector", car.Visit, "ready")
	return car, with(s.DeliveryData(car.Visit), s.Signature())
}

// deliverySheet is the customer's signature under the order's delivery sheet.
func deliverySheet(s *shop, car apptest.Service) map[string]any {
	handover, err := record.Handover(s.App, s.Fresh(car.Order))
	if err != nil {
		s.t.Fatal(err)
	}
	paper, err := consent.DeliveryDocument(handover)
	if err != nil {
		s.t.Fatal(err)
	}
	return with(map[string]any{record.FieldVisit: car.Visit.Id, record.FieldWorkOrder: car.Order.Id, record.FieldKind: "signature", record.FieldState: "given",
		record.FieldDocumentKind: consent.KindDelivery, record.FieldDocument: json.RawMessage(paper.Body), record.FieldSHA256: paper.SHA256}, s.Signature())
}

func TestAdviceRules(t *testing.T) {
	hold(t, []rule{
		{name: "Q-04 no order passes without its advice considered", code: "quality.advice_unconsidered", field: "advice", try: func(s *shop) op {
			return step("inspector", s.OrderPassed().Order, "ready")
		}},
		{name: "Q-04 no car is taken back with advice that nobody signed for", code: "delivery.advice_unsigned", field: "strokes", try: func(s *shop) op {
			_, data := advised(s)
			return step("advisor", s.Make("advisor", record.Deliveries, data), "accepted")
		}},
		{name: "Q-04 a technician writes no advice", code: "flow.role", field: "cautions", admin: "-", try: func(s *shop) op {
			return patch("technician", s.OrderPassed().Order, map[string]any{record.FieldCautions: "x"})
		}},
	})
}

func TestAdviceSigned(t *testing.T) {
	s := newShop(t)
	car, data := advised(s)
	given := s.Make("advisor", record.Consents, deliverySheet(s, car))
	t.Run("Q-04 S-03 the delivery sheet is what the server shows, and is sealed", func(t *testing.T) {
		shown := s.call(s.tokenOf("advisor"), "GET", "/api/documents/delivery/"+car.Order.Id, nil)
		if shown.Status != 200 || shown.Body["sha256"] != record.AsConsent(given).SHA256() {
			t.Errorf("%d %v", shown.Status, shown.Body)
		}
		if document, _ := shown.Body["document"].(map[string]any); document["cautions"] != "新刹车片磨合 200 km" {
			t.Errorf("%v", document)
		}
		if _, sealed := record.AsConsent(s.Fresh(given)).Seal(); !sealed {
			t.Error("not sealed")
		}
	})
	t.Run("Q-04 then the car is taken back", func(t *testing.T) {
		s.Step("advisor", s.Make("advisor", record.Deliveries, data), "accepted")
	})
}
