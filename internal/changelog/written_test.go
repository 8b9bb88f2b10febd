package changelog_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"aftercare/internal/apptest"
	"aftercare/internal/changelog"
	"aftercare/internal/record"
)

// asLogged compares every row that the log speaks of with what the log's entries, one over the other, make of it, byte for
// byte. It returns the collections that had rows.
func asLogged(t *testing.T, s *apptest.Shop) map[string]bool {
	t.Helper()
	entries, whole, err := s.House.Log.Tail(s.App, 0, 1_000_000)
	if err != nil || !whole {
		t.Fatal(whole, err)
	}
	type key struct{ collection, id string }
	rows := map[key]map[string]json.RawMessage{}
	for _, e := range entries {
		k := key{e.Collection, e.Record}
		switch e.Op {
		case "create":
			rows[k] = map[string]json.RawMessage{}
		case "delete":
			delete(rows, k)
		}
		if e.Data != "" && rows[k] != nil {
			if err := json.Unmarshal([]byte(e.Data), ref(rows[k])); err != nil {
				t.Fatalf("%s: %v", e.Data, err)
			}
		}
	}
	seen := map[string]bool{}
	for k, logged := range rows {
		object, err := s.House.Log.Object(s.App, k.collection, k.id)
		if err != nil {
			t.Fatal(err)
		}
		var row map[string]json.RawMessage
		if err := json.Unmarshal(object, &row); err != nil {
			t.Fatal(err)
		}
		seen[k.collection] = true
		if len(row) != len(logged) {
			t.Errorf("%s/%s: %d fields in the log, %d in the row", k.collection, k.id, len(logged), len(row))
		}
		for name, value := range row {
			if string(logged[name]) != string(value) {
				t.Errorf("%s/%s: %s is %s in the log, %s in the row", k.collection, k.id, name, logged[name], value)
			}
		}
	}
	return seen
}

// TestWritten: what the log says of a row is, byte for byte, what a snapshot says of it, although the row was not read again.
func TestWritten(t *testing.T) {
	s := apptest.New(t)
	d := s.Device(apptest.SH, "manager")
	d.Pull(0)
	holds := func(collection, id string) {
		t.Helper()
		object, err := s.House.Log.Object(s.App, collection, id)
		if err != nil {
			t.Fatal(err)
		}
		var row, said map[string]json.RawMessage
		if err := json.Unmarshal(object, &row); err != nil {
			t.Fatal(err)
		}
		var data string
		err = s.App.DB().NewQuery("SELECT [data] FROM sync_changes WHERE [record] = {:id} ORDER BY [seq] DESC LIMIT 1").Bind(dbx.Params{"id": id}).Row(&data)
		if err != nil || json.Unmarshal([]byte(data), &said) != nil || len(said) == 0 {
			t.Fatalf("%s %v", data, err)
		}
		for name, value := range said {
			if string(row[name]) != string(value) {
				t.Errorf("%s: %s in the log, %s in the row", name, value, row[name])
			}
		}
	}
	visit := s.Day(apptest.SH).VisitOpen()
	t.Run("X-08 a new row's entry is the row", func(t *testing.T) {
		holds(record.Visits, visit.Id)
	})
	id := apptest.NewID()
	d.Must(apptest.Create(record.Vehicles, id, map[string]any{record.FieldShop: apptest.SH, record.FieldPlate: "沪A00001",
		record.FieldNote: "a \"b\" \\ \n\u007f\u2028 <&>"}))
	holds(record.Vehicles, id)
	t.Run("X-08 so is the entry of an edit", func(t *testing.T) {
		for i, edit := range []map[string]any{
			{record.FieldOdometerKm: 120_000}, {record.FieldOdometerKm: 0}, {record.FieldOdometerKm: 9_007_199}, {record.FieldNote: ""},
			{record.FieldNote: "\t12"}, {record.FieldNote: "1.0", record.FieldPlate: "0012"}, {record.FieldNote: "龍\U0001F697"},
		} {
			d.Must(apptest.Patch(record.Vehicles, id, int64(i+1), edit))
			holds(record.Vehicles, id)
		}
	})
}
