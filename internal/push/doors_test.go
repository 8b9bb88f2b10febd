package push_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

func TestDevices(t *testing.T) {
	s := apptest.New(t)
	a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
	a.Push()
	b.Push()
	hz := s.Device(apptest.HZ, "advisor")
	hz.Push()
	t.Run("O-04 every device of a shop has a letter of its own", func(t *testing.T) {
		if a.Letter != "A" || b.Letter != "B" || hz.Letter != "A" {
			t.Fatal(a.Letter, b.Letter, hz.Letter)
		}
		last := ""
		for range 23 { // 24 letters: I and O are read as digits
			d := s.Device(apptest.SH, "technician")
			d.Push()
			last = d.Letter
		}
		if last != "AA" {
			t.Fatal(last)
		}
	})
	t.Run("X-02 a device serves one user: another's token with it is refused at push and pull", func(t *testing.T) {
		thief := *a
		thief.Token = s.Token(apptest.SH, "technician")
		if answer := thief.Send(); answer.Status != http.StatusForbidden || answer.Code() != "device.foreign" {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		answer := s.Do(http.MethodGet, "/api/sync/pull?device="+a.ID, thief.Token, nil)
		if answer.Status != http.StatusForbidden || answer.Code() != "device.foreign" {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
	})
	t.Run("X-02 without a login nothing is taken and the code says what to do", func(t *testing.T) {
		for _, token := range []string{"", "nonsense", s.Superuser(), "Device ", "Device wrong"} {
			d := *a
			d.Token = token
			if answer := d.Send(); answer.Status != http.StatusUnauthorized || answer.Code() != "device.signed_out" {
				t.Errorf("%q: %d %s", token, answer.Status, answer.Body)
			}
		}
	})
	t.Run("O-02 what a user left behind is still sent by the device's push-only credential", func(t *testing.T) {
		left := s.Device(apptest.SH, "technician")
		left.Push()
		if left.Credential == "" {
			t.Fatal("no credential at first use")
		}
		var stored string
		if err := s.App.DB().NewQuery("SELECT group_concat(credential) FROM sync_devices").Row(&stored); err != nil || strings.Contains(stored, left.Credential) {
			t.Fatal("the credential is stored as it is", err)
		}
		left.Token = "Device " + left.Credential
		if o := left.Do(apptest.Create(record.Customers, apptest.NewID(), customer("李明"))); o.Code != "flow.role" {
			t.Fatalf("not judged as the technician: %+v", o)
		}
		if answer := s.Do(http.MethodGet, "/api/sync/pull?device="+left.ID, left.Token, nil); answer.Status != http.StatusUnauthorized {
			t.Fatalf("a push-only credential pulls: %d", answer.Status)
		}
		if answer := s.Do(http.MethodGet, "/api/collections/jobs/records", left.Token, nil); bytes.Contains(answer.Body, []byte(`"items":[{`)) {
			t.Fatal("a push-only credential reads")
		}
	})
	t.Run("O-02 a device that lost its credential asks for another; the old one ends", func(t *testing.T) {
		d := s.Device(apptest.SH, "technician")
		d.Push()
		old := d.Credential
		body := d.Body()
		body.Credential = true
		var response wire.PushResponse
		s.Do(http.MethodPost, "/api/sync/push", d.Token, body).JSON(&response)
		if response.Credential == "" || response.Credential == old {
			t.Fatal("no new one")
		}
		if answer := s.Do(http.MethodPost, "/api/sync/push", "Device "+old, d.Body()); answer.Status != http.StatusUnauthorized {
			t.Fatal("the old one still works")
		}
	})
	t.Run("O-03 a revoked device is turned away, its credential too", func(t *testing.T) {
		lost := s.Device(apptest.SH, "technician")
		lost.Push()
		b.Pull(0)
		b.Must(apptest.Patch(record.Devices, lost.ID, 1, map[string]any{record.FieldRevoked: true}))
		if answer := lost.Send(); answer.Status != http.StatusUnauthorized {
			t.Errorf("the token lives on: %d %s", answer.Status, answer.Body)
		}
		for _, token := range []string{s.Token(apptest.SH, "technician"), "Device " + lost.Credential} {
			lost.Token = token
			if answer := lost.Send(); answer.Status != http.StatusForbidden || answer.Code() != "device.revoked" {
				t.Errorf("%d %s", answer.Status, answer.Body)
			}
		}
	})
	t.Run("X-02 somebody dismissed no longer syncs; what is unsent stays on the tablet", func(t *testing.T) {
		d := s.Device(apptest.SH, "cashier")
		d.Push()
		day := s.Day(apptest.SH)
		day.Do("manager", s.Staff(apptest.SH, "cashier"), map[string]any{record.FieldActive: false})
		if answer := d.Send(); answer.Status != http.StatusUnauthorized {
			t.Fatalf("%d", answer.Status)
		}
	})
	t.Run("a device id that is none", func(t *testing.T) {
		d := s.Device(apptest.SH, "advisor")
		d.ID = "DROP TABLE"
		if answer := d.Send(); answer.Status != http.StatusBadRequest || answer.Code() != "device.malformed" {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
	})
}

func TestBadBodies(t *testing.T) {
	s := apptest.New(t)
	d := s.Device(apptest.SH, "advisor")
	d.Push()
	m := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
	good, err := json.Marshal(d.Body(m))
	if err != nil {
		t.Fatal(err)
	}
	many := func(n, ops int) []byte {
		mutations := make([]wire.Mutation, n)
		for i := range mutations {
			mutations[i] = wire.Mutation{Seq: int64(i + 1), ID: apptest.NewID(), Ops: make([]wire.Op, ops)}
		}
		b, _ := json.Marshal(d.Body(mutations...))
		return b
	}
	nested := bytes.Replace(good, []byte(`"name":"李明"`), []byte(`"phones":`+strings.Repeat("[", 12)+strings.Repeat("]", 12)), 1)
	cases := []struct {
		name     string
		body     []byte
		encoding string
		status   int
		code     string
	}{
		{"nothing", nil, "", 400, "sync.malformed"},
		{"not JSON", []byte("<html>"), "", 400, "sync.malformed"},
		{"cut off", good[:len(good)-3], "", 400, "sync.malformed"},
		{"more after the end", append(bytes.Clone(good), '}'), "", 400, "sync.malformed"},
		{"not UTF-8", bytes.Replace(good, []byte("李明"), []byte{0xff, 0xfe}, 1), "", 400, "sync.malformed"},
		{"a mutation without seq", bytes.Replace(good, []byte(`"seq":1`), []byte(`"seq":0`), 1), "", 400, "sync.malformed"},
		{"mutations that are none", []byte(`{"device":"` + d.ID + `","mutations":"all"}`), "", 400, "sync.malformed"},
		{"1,001 mutations", many(1001, 1), "", 413, "sync.too_large"},
		{"201 ops", many(1, 201), "", 413, "sync.too_large"},
		{"nested deeper than 16", nested, "", 413, "sync.too_large"},
		{"over 8 MiB", bytes.Repeat([]byte(" "), wire.MaxBody+1), "", 413, "sync.too_large"},
		{"a gzip bomb", zip(bytes.Repeat([]byte(" "), 64<<20)), "gzip", 413, "sync.too_large"},
		{"gzip that is none", good, "gzip", 400, "sync.malformed"},
		{"gzip cut off", zip(good)[:40], "gzip", 400, "sync.malformed"},
		{"an unknown packing", good, "br", 400, "sync.malformed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			answer := s.Do(http.MethodPost, "/api/sync/push", d.Token, c.body, "Content-Encoding", c.encoding)
			if answer.Status != c.status || answer.Code() != c.code {
				t.Fatalf("%d %s", answer.Status, answer.Body)
			}
		})
	}
	if n := count(t, s, record.Customers); n != 0 {
		t.Fatalf("%d rows from bad bodies", n)
	}
	t.Run("the same body, well packed, is taken", func(t *testing.T) {
		answer := s.Do(http.MethodPost, "/api/sync/push", d.Token, zip(good), "Content-Encoding", "gzip", "Accept-Encoding", "gzip")
		r, err := gzip.NewReader(bytes.NewReader(answer.Body))
		if err != nil {
			t.Fatalf("%d %v", answer.Status, err)
		}
		var response wire.PushResponse
		if err := json.NewDecoder(r).Decode(&response); err != nil || response.Outcomes[0].Outcome != wire.Applied {
			t.Fatalf("%v %+v", err, response)
		}
	})
}

// next is the device's next seq as text.
func next(d *apptest.Device) string {
	d.Seq++
	return strconv.FormatInt(d.Seq, 10)
}

func zip(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// TestBadOps: each refused with code and field, the whole mutation undone, nothing else touched, the next one fine.
func TestBadOps(t *testing.T) {
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	visit := day.VisitOpen()
	foreign := s.Day(apptest.HZ).VisitOpen()
	d := s.Device(apptest.SH, "advisor")
	d.Push() // tells the app's version, so that the device's row stays as it is
	d.Pull(0)
	customerID := visit.GetString(record.FieldCustomer)
	create := func(collection string, data map[string]any) wire.Op {
		if _, ok := data[record.FieldShop]; !ok {
			data[record.FieldShop] = apptest.SH
		}
		return apptest.Create(collection, apptest.NewID(), data)
	}
	visitData := func(change map[string]any) map[string]any {
		data := map[string]any{record.FieldNumber: "A99", record.FieldVehicle: visit.GetString(record.FieldVehicle),
			record.FieldPurpose: "repair", record.FieldState: "open", record.FieldArrivedAt: day.Now()}
		for name, value := range change {
			data[name] = value
		}
		return data
	}
	cases := []struct {
		name, code, field string
		op                wire.Op
	}{
		{"unknown collection", "sync.collection", "collection", create("secrets", map[string]any{})},
		{"PocketBase's own collection", "sync.collection", "collection", create("_superusers", map[string]any{})},
		{"unknown field", "field.unknown", "sate", create(record.Visits, visitData(map[string]any{"sate": "open"}))},
		{"a login's secret", "field.unknown", "password", create(record.Customers, map[string]any{record.FieldName: "x", "password": "12345678"})},
		{"unknown operation", "sync.operation", "op", wire.Op{Op: "upsert", Collection: record.Customers, ID: apptest.NewID()}},
		{"an id that is none", "sync.malformed", "id", apptest.Create(record.Customers, "../../etc", customer("x"))},
		{"an id in the data that is another", "field.fixed", "id", create(record.Customers, map[string]any{"id": "another", record.FieldName: "x"})},
		{"text that is a number", "field.invalid", record.FieldName, create(record.Customers, map[string]any{record.FieldName: 5})},
		{"a number that is text", "field.invalid", record.FieldOdometerKm, create(record.Visits, visitData(map[string]any{record.FieldOdometerKm: "12"}))},
		{"half a kilometre", "field.invalid", record.FieldOdometerKm, create(record.Visits, visitData(map[string]any{record.FieldOdometerKm: 1.5}))},
		{"a number out of range", "field.range", record.FieldEnergyLevel, create(record.Visits, visitData(map[string]any{record.FieldEnergyLevel: 101}))},
		{"a date that is none", "field.invalid", record.FieldArrivedAt, create(record.Visits, visitData(map[string]any{record.FieldArrivedAt: "yesterday"}))},
		{"a value not in the list", "field.invalid", record.FieldPurpose, create(record.Visits, visitData(map[string]any{record.FieldPurpose: "party"}))},
		{"a state to begin with that is none", "flow.initial", record.FieldState, create(record.Visits, visitData(map[string]any{record.FieldState: "ready"}))},
		{"text too long", "field.range", record.FieldName, create(record.Customers, map[string]any{record.FieldName: strings.Repeat("长", 121)})},
		{"missing what is required", "field.required", record.FieldName, create(record.Customers, map[string]any{})},
		{"a derived field", "field.derived", record.FieldVersion, create(record.Customers, map[string]any{record.FieldName: "x", record.FieldVersion: 7})},
		{"another shop's row", "field.foreign", record.FieldShop, create(record.Customers, map[string]any{record.FieldName: "x", record.FieldShop: apptest.HZ})},
		{"a relation to another shop", "field.foreign", record.FieldVehicle, create(record.Visits, visitData(map[string]any{record.FieldVehicle: foreign.GetString(record.FieldVehicle)}))},
		{"a relation to nothing", "field.foreign", record.FieldVehicle, create(record.Visits, visitData(map[string]any{record.FieldVehicle: apptest.NewID()}))},
		{"a patch of another shop's row", "sync.not_found", "id", apptest.Patch(record.Visits, foreign.Id, 1, map[string]any{record.FieldPurpose: "body"})},
		{"a delete of another shop's row", "sync.not_found", "id", apptest.Delete(record.Visits, foreign.Id, 1)},
		{"a patch of nothing", "sync.not_found", "id", apptest.Patch(record.Visits, apptest.NewID(), 1, map[string]any{record.FieldPurpose: "body"})},
		{"a fixed field", "field.fixed", record.FieldNumber, apptest.Patch(record.Visits, visit.Id, 1, map[string]any{record.FieldNumber: "Z1"})},
		{"a state without a way", "flow.transition", record.FieldState, apptest.Patch(record.Visits, visit.Id, 1, map[string]any{record.FieldState: "released"})},
		{"a role without the right", "flow.role", "id", create(record.Policies, map[string]any{record.FieldKind: "service_lane", record.FieldRevision: 2, record.FieldData: map[string]any{"labour_range_percent": 5}})},
		{"a conflict made by hand", "flow.role", "id", create(record.Conflicts, map[string]any{record.FieldCollection: "x", record.FieldRecord: "y", record.FieldField: "z", record.FieldMerge: "ask", record.FieldState: "open"})},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := s.Snapshot()
			o := d.Do(apptest.Patch(record.Customers, customerID, d.Version(record.Customers, customerID), map[string]any{record.FieldTitle: "先生"}), c.op)
			if o.Outcome != wire.Rejected || o.Code != c.code || o.Fields[c.field].Code != c.code || o.Fields[c.field].Message == "" {
				t.Fatalf("%+v", o)
			}
			if s.Snapshot() != before {
				t.Fatal("something was touched")
			}
		})
	}
	t.Run("mutations of a wrong form are answered one by one and hold up nothing", func(t *testing.T) {
		body := `{"device":"` + d.ID + `","epoch":"` + d.Epoch + `","mutations":[` +
			`{"seq":` + next(d) + `,"id":"` + apptest.NewID() + `","ops":"none"},` +
			`{"seq":` + next(d) + `,"id":7,"ops":[]},` +
			`{"seq":` + next(d) + `,"id":"` + apptest.NewID() + `","at":"teatime","ops":[{"op":"delete","collection":"visits","id":"` + visit.Id + `","base":1}]},` +
			`{"seq":` + next(d) + `,"id":"` + apptest.NewID() + `","ops":[]}]}`
		var response wire.PushResponse
		answer := s.Do(http.MethodPost, "/api/sync/push", d.Token, []byte(body))
		answer.JSON(&response)
		if len(response.Outcomes) != 4 {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		for _, o := range response.Outcomes {
			expect(t, o, wire.Rejected, "sync.malformed")
		}
	})
	t.Run("after all that the next good one is applied", func(t *testing.T) {
		d.Must(create(record.Customers, map[string]any{record.FieldName: "王芳"}))
	})
}

func TestCustomers(t *testing.T) {
	s := apptest.New(t)
	visit := s.Day(apptest.SH).VisitOpen()
	rec, err := s.App.FindRecordById(record.Customers, visit.GetString(record.FieldCustomer))
	if err != nil {
		t.Fatal(err)
	}
	d := s.Device(apptest.SH, "advisor")
	d.Token = s.TokenOf(rec)
	d.Push() // tells the app's version, so that the device's row stays as it is
	d.Pull(0)
	before := s.Snapshot()
	expect(t, d.Do(apptest.Patch(record.Visits, visit.Id, 1, map[string]any{record.FieldWash: "yes"})), wire.Rejected, "access.read_only")
	expect(t, d.Do(apptest.Create(record.TimeEntries, apptest.NewID(), map[string]any{})), wire.Rejected, "sync.collection")
	if s.Snapshot() != before {
		t.Fatal("X-03 a customer wrote")
	}
}

func TestOldApp(t *testing.T) {
	s := apptest.NewWith(t, app.Config{OldestApp: "0.9.10"})
	d := s.Device(apptest.SH, "advisor")
	for version, status := range map[string]int{"0.9.9": 426, "0.9": 426, "": 426, "x": 426, "0.9.10": 200, "0.10.0": 200, "1.0.0": 200} {
		body := d.Body()
		body.App = version
		if answer := s.Do(http.MethodPost, "/api/sync/push", d.Token, body); answer.Status != status {
			t.Errorf("X-10 app %q: %d %s", version, answer.Status, answer.Body)
		}
	}
}
