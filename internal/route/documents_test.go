package route_test

import (
	"net/http"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

func TestFlowIsPublished(t *testing.T) {
	s := apptest.New(t)
	answer := s.Do(http.MethodGet, "/api/flow", "", nil)
	var got struct {
		Version  string
		Entities map[string]struct {
			States      []string
			Transitions []flow.Transition
		}
		Codes map[string]fault.Text
	}
	answer.JSON(&got)
	if answer.Status != http.StatusOK || got.Version != flow.Table().Version || len(got.Entities["job"].Transitions) == 0 {
		t.Fatalf("%d %s", answer.Status, answer.Body[:min(200, len(answer.Body))])
	}
	if got.Codes["consent.missing"].Zh == "" || got.Codes["consent.missing"].En == "" {
		t.Error("consent.missing has no sentences")
	}
}

type shown struct {
	Document struct {
		Kind string
		Jobs []struct{ ID, SHA256 string }
	}
	SHA256 string
}

func TestDocuments(t *testing.T) {
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	car := day.JobInProgress()
	advisor := s.Token(apptest.SH, "advisor")
	get := func(kind, id, token string) (apptest.Answer, shown) {
		answer := s.Do(http.MethodGet, "/api/documents/"+kind+"/"+id, token, nil)
		var d shown
		answer.JSON(&d)
		return answer, d
	}
	t.Run("S-02 the estimate is what a consent must carry", func(t *testing.T) {
		answer, d := get("estimate", car.Order.Id, advisor)
		if answer.Status != http.StatusOK || len(d.Document.Jobs) != 1 || d.Document.Jobs[0].SHA256 != record.AsJob(day.Fresh(car.Job)).SHA256() {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		if d.SHA256 != day.Offer(consent.KindEstimate, car.Order).SHA256 {
			t.Error("another hash than the builder's")
		}
	})
	t.Run("S-05 the supplement shows what is not yet covered", func(t *testing.T) {
		job := day.Make("technician", record.Jobs, map[string]any{record.FieldVisit: car.Visit.Id, record.FieldWorkOrder: car.Order.Id,
			record.FieldOrigin: consent.KindSupplement, record.FieldWork: "更换制动盘", record.FieldPayer: "customer"})
		answer, d := get("supplement", car.Order.Id, advisor)
		if answer.Status != http.StatusOK || len(d.Document.Jobs) != 1 || d.Document.Jobs[0].ID != job.Id {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
	})
	t.Run("R-12 the pre-check sheet comes by order and by visit", func(t *testing.T) {
		_, byOrder := get("precheck", car.Order.Id, advisor)
		_, byVisit := get("precheck", car.Visit.Id, advisor)
		if byOrder.SHA256 == "" || byOrder.SHA256 != byVisit.SHA256 || byVisit.Document.Kind != "precheck" {
			t.Errorf("%q and %q", byOrder.SHA256, byVisit.SHA256)
		}
	})
	t.Run("only inside the caller's scope", func(t *testing.T) {
		customer, err := s.App.FindRecordById(record.Customers, record.AsVisit(car.Visit).Customer())
		if err != nil {
			t.Fatal(err)
		}
		own, stranger := s.TokenOf(customer), s.TokenOf(day.Make("advisor", record.Customers, map[string]any{record.FieldName: "王芳"}))
		for name, c := range map[string]struct {
			kind, id, token string
			status          int
		}{
			"the customer":         {"estimate", car.Order.Id, own, http.StatusOK},
			"head office":          {"estimate", car.Order.Id, s.Token(apptest.HZ, "head_office"), http.StatusOK},
			"the superuser":        {"estimate", car.Order.Id, s.Superuser(), http.StatusOK},
			"another customer":     {"estimate", car.Order.Id, stranger, http.StatusNotFound},
			"the neighbour":        {"precheck", car.Visit.Id, s.Token(apptest.HZ, "advisor"), http.StatusNotFound},
			"nobody":               {"estimate", car.Order.Id, "", http.StatusUnauthorized},
			"an unknown kind":      {"claim", car.Order.Id, advisor, http.StatusNotFound},
			"an unknown order":     {"estimate", "abcdefghijklmno", advisor, http.StatusNotFound},
			"an estimate by visit": {"estimate", car.Visit.Id, advisor, http.StatusNotFound},
		} {
			answer, _ := get(c.kind, c.id, c.token)
			if answer.Status != c.status || c.status != http.StatusOK && !strings.HasPrefix(answer.Code(), "access.") {
				t.Errorf("%s: %d %s", name, answer.Status, answer.Body)
			}
		}
	})
}

func TestCorrections(t *testing.T) {
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	vehicle := day.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "沪A12345", record.FieldVIN: "LSVAA4182E2184847"})
	post := func(role string, body any) apptest.Answer {
		return s.Do(http.MethodPost, "/api/corrections", s.Token(apptest.SH, role), body)
	}
	body := func(collection, id string, fields map[string]any, reason string) map[string]any {
		return map[string]any{"collection": collection, "record": id, "fields": fields, "reason": reason}
	}
	vin := map[string]any{"vin": "LSVAA4182E2184848"}
	answer := post("manager", body("vehicles", vehicle.Id, vin, "抄错一位"))
	var row struct {
		Before     map[string]any
		Created_by string
		Reason     string
	}
	answer.JSON(&row)
	if answer.Status != http.StatusOK || row.Before["vin"] != "LSVAA4182E2184847" || row.Created_by != day.ID("manager") {
		t.Fatalf("%d %s", answer.Status, answer.Body)
	}
	if got := record.AsVehicle(day.Fresh(vehicle)).VIN(); got != "LSVAA4182E2184848" {
		t.Errorf("VIN is %s", got)
	}
	if answer := s.Do(http.MethodPost, "/api/corrections", s.Superuser(), body("vehicles", vehicle.Id, map[string]any{"odometer_km": 7}, "表坏")); answer.Status != http.StatusOK {
		t.Errorf("superuser: %d %s", answer.Status, answer.Body)
	}
	theirs := s.Day(apptest.HZ).Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "浙A1"})
	for name, c := range map[string]struct {
		role string
		body any
		code string
	}{
		"an advisor":           {"advisor", body("vehicles", vehicle.Id, vin, "x"), "flow.role"},
		"no reason":            {"manager", body("vehicles", vehicle.Id, vin, ""), "field.required"},
		"a consent":            {"manager", body("consents", vehicle.Id, map[string]any{"signer_name": "x"}, "x"), "field.not_correctable"},
		"a field off the list": {"manager", body("vehicles", vehicle.Id, map[string]any{"note": "x"}, "x"), "field.not_correctable"},
		"a wrong type":         {"manager", body("vehicles", vehicle.Id, map[string]any{"odometer_km": "far"}, "x"), "field.invalid"},
		"out of range":         {"manager", body("vehicles", vehicle.Id, map[string]any{"odometer_km": -1}, "x"), "field.range"},
		"another shop's row":   {"manager", body("vehicles", theirs.Id, vin, "x"), "access.not_found"},
		"no such row":          {"manager", body("vehicles", "abcdefghijklmno", vin, "x"), "access.not_found"},
		"nothing":              {"manager", body("vehicles", vehicle.Id, nil, "x"), "field.required"},
		"no JSON":              {"manager", []byte("{"), "field.invalid"},
		"an unknown key":       {"manager", map[string]any{"evil": 1}, "field.invalid"},
	} {
		if answer := post(c.role, c.body); answer.Status < 400 || answer.Status >= 500 || answer.Code() != c.code {
			t.Errorf("%s: %d %s", name, answer.Status, answer.Body)
		}
	}
}
