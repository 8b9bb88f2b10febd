package changelog_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/changelog"
	"aftercare/internal/record"
)

// asLogged compares every row that the log speaks of with what the log's entries, one over the other, make of it, byte for
// byte. It returns the collections that had rows.
func asLogged(t *testing.T, s *apptest.Shop) map[string]bool {
	t.Helper()
	var seen map[string]bool
	// in one transaction: the house notes by itself which devices were here, and may do so between two looks
	if err := s.App.RunInTransaction(func(tx core.App) error {
		seen = compareLog(t, s.House.Log, tx)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return seen
}

func compareLog(t *testing.T, log *changelog.Log, app core.App) map[string]bool {
	t.Helper()
	entries, whole, err := log.Tail(app, -1, 1_000_000) // from before the first entry: the table, not what is kept of its end
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
		if row := rows[k]; e.Data != "" && row != nil {
			if err := json.Unmarshal([]byte(e.Data), &row); err != nil { // into the map that is there
				t.Fatalf("%s: %v", e.Data, err)
			}
		}
	}
	seen := map[string]bool{}
	for k, logged := range rows {
		object, err := log.Object(app, k.collection, k.id)
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

// TestWritten: what the log says of a row is what a snapshot says of it, although the row was not read again.
func TestWritten(t *testing.T) {
	s := apptest.New(t)
	t.Run("X-08 after a day in two shops the log is the rows", func(t *testing.T) {
		for _, shop := range []string{apptest.SH, apptest.HZ} {
			s.Day(shop).VisitReady()
		}
		seen := asLogged(t, s)
		for _, collection := range []string{record.Visits, record.WorkOrders, record.Jobs, record.Customers, record.Vehicles, record.Consents} {
			if !seen[collection] {
				t.Errorf("no row of %s was compared", collection)
			}
		}
	})
	d := s.Device(apptest.SH, "manager")
	d.Pull(0)
	id := apptest.NewID()
	d.Must(apptest.Create(record.Vehicles, id, map[string]any{record.FieldShop: apptest.SH, record.FieldPlate: "沪A00001",
		record.FieldNote: "a \"b\" \\ \n\u007f\u2028 <&>"}))
	t.Run("X-08 whatever the text or the number, through push and through the API", func(t *testing.T) {
		asLogged(t, s)
		version := int64(0)
		for _, edit := range []map[string]any{
			{record.FieldOdometerKm: 120_000}, {record.FieldOdometerKm: 0}, {record.FieldOdometerKm: 9_007_199}, {record.FieldNote: ""},
			{record.FieldNote: "\t12"}, {record.FieldNote: "1.0", record.FieldPlate: "0012"}, {record.FieldNote: "龍\U0001F697"},
		} {
			version++
			d.Must(apptest.Patch(record.Vehicles, id, version, edit))
			asLogged(t, s)
		}
		if answer := s.Do("PATCH", "/api/collections/vehicles/records/"+id, d.Token, map[string]any{record.FieldNote: "e1", record.FieldOdometerKm: 9_999_998}); answer.Status != 200 {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		asLogged(t, s)
	})
	t.Run("X-08 a rule that writes the row while it is being saved is in the log, too", func(t *testing.T) {
		row, err := s.App.FindRecordById(record.Vehicles, id)
		if err != nil {
			t.Fatal(err)
		}
		before := row.GetInt(record.FieldVersion)
		_, err = s.House.Log.Write(s.App, func(tx core.App) error {
			read, err := s.House.Log.Record(tx, record.Vehicles, id)
			if err != nil {
				return err
			}
			other, err := tx.FindRecordById(record.Vehicles, id)
			if err != nil {
				return err
			}
			system := record.WithActor(context.Background(), record.System(apptest.SH))
			other.Set(record.FieldNote, "by a rule")
			if err := tx.SaveWithContext(system, other); err != nil {
				return err
			}
			read.Set(record.FieldPlate, "沪A00002")
			return tx.SaveNoValidateWithContext(record.WithRead(system, read), read)
		})
		if err != nil {
			t.Fatal(err)
		}
		asLogged(t, s)
		if row, err = s.App.FindRecordById(record.Vehicles, id); err != nil || row.GetInt(record.FieldVersion) != before+2 || row.GetString(record.FieldNote) != "by a rule" {
			t.Errorf("version %d after %d, note %q: %v", row.GetInt(record.FieldVersion), before, row.GetString(record.FieldNote), err)
		}
	})
	t.Run("X-08 what was rolled back is not at hand", func(t *testing.T) {
		head, err := s.House.Log.Head(s.App)
		if err != nil {
			t.Fatal(err)
		}
		no := errors.New("no")
		_, err = s.House.Log.Write(s.App, func(tx core.App) error {
			row, err := tx.FindRecordById(record.Vehicles, id)
			if err != nil {
				return err
			}
			row.Set(record.FieldNote, "never")
			if err := tx.SaveWithContext(record.WithActor(context.Background(), record.System(apptest.SH)), row); err != nil {
				return err
			}
			return no
		})
		if !errors.Is(err, no) {
			t.Fatal(err)
		}
		entries, whole, err := s.House.Log.Tail(s.App, head, 10)
		if err != nil || !whole {
			t.Fatal(whole, err)
		}
		for _, e := range entries {
			if e.Record == id {
				t.Errorf("seq %d of what was rolled back: %s", e.Seq, e.Data)
			}
		}
	})
}
