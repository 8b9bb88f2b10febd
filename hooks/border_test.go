package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

func TestShopBorder(t *testing.T) {
	hold(t, []rule{
		{name: "no row in another shop", code: "field.foreign", field: "shop", admin: "-", try: func(s *shop) op {
			return create("advisor", record.Customers, map[string]any{record.FieldName: "李", record.FieldShop: apptest.HZ})
		}},
		{name: "no relation to another shop's row", code: "field.foreign", field: "vehicle", try: func(s *shop) op {
			theirs := s.other.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "浙A11111"})
			return create("advisor", record.Visits, map[string]any{record.FieldNumber: "A1", record.FieldVehicle: theirs.Id,
				record.FieldPurpose: "repair", record.FieldArrivedAt: s.Now()})
		}},
		{name: "no relation to what does not exist", code: "field.foreign", field: "vehicle", try: func(s *shop) op {
			return create("advisor", record.Visits, map[string]any{record.FieldNumber: "A1", record.FieldVehicle: "abcdefghijklmno",
				record.FieldPurpose: "repair", record.FieldArrivedAt: s.Now()})
		}},
		{name: "no photo of another shop's row", code: "field.foreign", field: "subject_record", try: func(s *shop) op {
			data := s.harmless()
			data[record.FieldSubjectRecord] = s.other.VisitOpen().Id
			return create("advisor", record.Photos, data)
		}},
		{name: "no row moves to another shop", code: "field.foreign", field: "shop", admin: "-", try: func(s *shop) op {
			return patch("manager", s.People["advisor"], map[string]any{record.FieldShop: apptest.HZ})
		}},
		{name: "a job and its order are of one visit", code: "field.mismatch", field: "work_order", try: func(s *shop) op {
			data := s.JobData(s.OrderDraft(s.VisitHandedOver()), "保养")
			data[record.FieldVisit] = s.VisitOpen().Id
			return create("advisor", record.Jobs, data)
		}},
	})
}

func TestHeadOfficeMovesPeople(t *testing.T) {
	s := newShop(t)
	s.Do("head_office", s.People["second"], map[string]any{record.FieldShop: apptest.HZ})
	if got := s.Fresh(s.People["second"]).GetString(record.FieldShop); got != apptest.HZ {
		t.Errorf("still in %s", got)
	}
}

func TestNeighboursSeeNothing(t *testing.T) {
	s := newShop(t)
	car := s.VisitReady()
	theirs := s.house.Token(apptest.HZ, "advisor")
	headOffice := s.house.Token(apptest.HZ, "head_office")
	customer, err := s.App.FindRecordById(record.Customers, record.AsVisit(car.Visit).Customer())
	if err != nil {
		t.Fatal(err)
	}
	own, stranger := s.house.TokenOf(customer), s.house.TokenOf(s.Make("advisor", record.Customers, map[string]any{record.FieldName: "王芳"}))
	for _, collection := range []string{record.Visits, record.Jobs, record.Consents, record.WorkOrders, record.Findings, record.Vehicles, record.Concerns} {
		rows := len(s.list(s.tokenOf("advisor"), collection))
		if rows == 0 {
			t.Errorf("%s: the shop's own advisor sees nothing", collection)
		}
		if n := len(s.list(headOffice, collection)); n != rows {
			t.Errorf("%s: head office sees %d of %d", collection, n, rows)
		}
		if n := len(s.list(own, collection)); n != rows {
			t.Errorf("%s: the customer sees %d of %d own rows", collection, n, rows)
		}
		for name, token := range map[string]string{"the neighbour": theirs, "another customer": stranger, "a stranger": ""} {
			if n := len(s.list(token, collection)); n != 0 {
				t.Errorf("%s: %s sees %d rows", collection, name, n)
			}
		}
	}
	for _, collection := range []string{record.TimeEntries, record.QualityChecks, record.KeyTags, record.Policies, record.Staff, record.Devices} {
		if n := len(s.list(own, collection)); n != 0 {
			t.Errorf("%s: a customer sees %d rows", collection, n)
		}
	}
	path := "/api/collections/visits/records/" + car.Visit.Id
	if a := s.call(theirs, http.MethodPatch, path, map[string]any{record.FieldStorageBox: "3"}); a.Status != http.StatusNotFound || read(a).code != "access.not_found" {
		t.Errorf("the neighbour's edit: %d %v", a.Status, a.Body)
	}
	if a := s.call(own, http.MethodPatch, path, map[string]any{record.FieldStorageBox: "3"}); a.Status == http.StatusOK {
		t.Error("a customer edits")
	}
	if a := s.call(own, http.MethodPost, "/api/collections/concerns/records", map[string]any{"shop": s.Shop, "visit": car.Visit.Id, "words": "x"}); a.Status == http.StatusOK {
		t.Error("a customer creates")
	}
}

func TestUnknownAndMalformed(t *testing.T) {
	s := newShop(t)
	car := s.JobPresented()
	token := s.tokenOf("advisor")
	if a := s.call(token, http.MethodPost, "/api/collections/nonsense/records", map[string]any{"a": 1}); a.Status != http.StatusNotFound {
		t.Errorf("unknown collection: %d", a.Status)
	}
	job := "/api/collections/jobs/records/" + car.Job.Id
	for name, c := range map[string]struct {
		data        map[string]any
		code, field string
	}{
		"unknown field":         {map[string]any{"sate": "approved"}, "field.unknown", "sate"},
		"text for a number":     {map[string]any{record.FieldLabourFen: "many"}, "field.invalid", "labour_fen"},
		"a broken number":       {map[string]any{record.FieldLabourFen: 1.5}, "field.invalid", "labour_fen"},
		"a number out of range": {map[string]any{record.FieldLabourMinutes: 60001}, "field.range", "labour_minutes"},
		"below the range":       {map[string]any{record.FieldLabourFen: -1}, "field.range", "labour_fen"},
		"a value of no list":    {map[string]any{record.FieldPayer: "nobody"}, "field.invalid", "payer"},
		"a state of no table":   {map[string]any{record.FieldState: "eaten"}, "field.invalid", "state"},
		"no date":               {map[string]any{record.FieldPricedAt: "yesterday"}, "field.invalid", "priced_at"},
		"no id":                 {map[string]any{record.FieldTechnicians: []string{"../../etc"}}, "field.invalid", "technicians"},
		"a text too long":       {map[string]any{record.FieldWork: strings.Repeat("长", 401)}, "field.range", "work"},
		"nothing required":      {map[string]any{record.FieldWork: ""}, "field.required", "work"},
		"parts of another form": {map[string]any{record.FieldParts: []any{map[string]any{"price": 3}}}, "field.invalid", "parts"},
		"parts that cost minus": {map[string]any{record.FieldParts: []any{map[string]any{"name": "x", "quantity_milli": 1000, "unit_fen": -5, "origin": "shop", "grade": "genuine"}}}, "price.part", "parts"},
	} {
		for admin, who := range map[string]string{"advisor": token, "superuser": s.super} {
			if got := read(s.call(who, http.MethodPatch, job, c.data)); got.code != c.code || got.field != c.field || got.status != http.StatusBadRequest {
				t.Errorf("%s as %s: got %q on %q (%d), want %q on %q", name, admin, got.code, got.field, got.status, c.code, c.field)
			}
		}
	}
	for _, body := range []any{[]byte("{"), []byte(`[1,2]`), []byte(`"x"`), []byte("\x00\xff")} {
		if a := s.call(token, http.MethodPatch, job, body); a.Status != http.StatusBadRequest || read(a).code != "access.unreadable" {
			t.Errorf("%q: %d %v", body, a.Status, a.Body)
		}
	}
	if a := s.call("no.such.token", http.MethodPatch, job, map[string]any{record.FieldDetail: "x"}); a.Status != http.StatusNotFound && a.Status != http.StatusUnauthorized {
		t.Errorf("a stale login: %d", a.Status)
	}
}

func TestWaysRoundTheRulesAreClosed(t *testing.T) {
	s := newShop(t)
	for _, way := range []struct{ method, path string }{
		{http.MethodPost, "/api/sql"},
		{http.MethodPut, "/api/collections/import"},
		{http.MethodPost, "/api/collections"},
		{http.MethodPatch, "/api/collections/jobs"},
		{http.MethodDelete, "/api/collections/jobs"},
		{http.MethodDelete, "/api/collections/jobs/truncate"},
		{http.MethodPost, "/api/backups/upload"},
		{http.MethodPost, "/api/backups/x.zip/restore"},
	} {
		got := read(s.call(s.super, way.method, way.path, map[string]any{"query": "UPDATE jobs SET state='passed'"}))
		if got.status != http.StatusForbidden || got.code != "access.maintenance" {
			t.Errorf("%s %s: %d %q", way.method, way.path, got.status, got.code)
		}
	}
}

func TestMaintenanceOpensThem(t *testing.T) {
	house := apptest.NewWith(t, app.Config{Maintenance: func() bool { return true }})
	if a := house.Do(http.MethodPost, "/api/sql", house.Superuser(), map[string]any{"query": "SELECT 1"}); a.Status != http.StatusOK {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := house.Do(http.MethodPost, "/api/sql", house.Token(apptest.SH, "head_office"), map[string]any{"query": "SELECT 1"}); a.Status != http.StatusForbidden {
		t.Errorf("staff: %d", a.Status)
	}
}

func TestNumbersReadAloudAreTakenOnce(t *testing.T) {
	hold(t, []rule{{name: "O-04 an order's number is taken once", code: "field.taken", field: "number", try: func(s *shop) op {
		order := s.OrderDraft(s.VisitHandedOver())
		return create("advisor", record.WorkOrders, map[string]any{record.FieldVisit: record.AsWorkOrder(order).Visit(),
			record.FieldNumber: record.AsWorkOrder(order).Number()})
	}}})
}

func TestDeletion(t *testing.T) {
	hold(t, []rule{
		{name: "a signature is not deleted", code: "flow.delete", field: "id", try: func(s *shop) op {
			_, given := signedDispatched(s)
			return remove("advisor", given)
		}},
		{name: "nobody deletes another's draft", code: "flow.delete", field: "id", admin: "-", try: func(s *shop) op {
			return remove("manager", s.OrderDraft(s.VisitHandedOver()))
		}},
		{name: "a finding stays once the walk-around is complete", code: "flow.delete", field: "id", try: func(s *shop) op {
			visit := s.VisitInspected()
			finding, err := s.App.FindFirstRecordByData(record.Findings, record.FieldVisit, visit.Id)
			if err != nil {
				s.t.Fatal(err)
			}
			return remove("advisor", finding)
		}},
		{name: "a vehicle stays", code: "flow.delete", field: "id", try: func(s *shop) op {
			return remove("advisor", s.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "沪D1"}))
		}},
		{name: "a visit with rows of its own stays", code: "flow.delete", field: "id", try: func(s *shop) op {
			return remove("advisor", s.VisitOpen())
		}},
		{name: "time stays", code: "flow.delete", field: "id", try: func(s *shop) op {
			return remove("technician", s.JobInProgress().Entry)
		}},
	})
	s := newShop(t)
	order := s.OrderDraft(s.VisitHandedOver())
	if got := s.rest(s.tokenOf("advisor"), remove("advisor", order)); got.status != http.StatusNoContent {
		t.Errorf("own draft: %d %q", got.status, got.code)
	}
}
