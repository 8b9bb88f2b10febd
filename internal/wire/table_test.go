package wire_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"aftercare/internal/wire"
)

// table has columns that never vary, vary from the first row on, and vary late.
func table(rows int) *wire.Table {
	t := wire.NewTable("vehicles", []string{"id", "shop", "note", "version"})
	for row := range rows {
		cells := []string{fmt.Sprintf(`"id%d"`, row), `"sh"`, `""`, "3"}
		if row == rows-1 && rows > 2 {
			cells[2] = `"late"`
		}
		t.Append(func(b []byte, i int) []byte { return append(b, cells[i]...) })
	}
	return t
}

func TestTable(t *testing.T) {
	for _, rows := range []int{0, 1, 2, 7} {
		t.Run(fmt.Sprintf("X-03 %d rows come out of a table as they went in", rows), func(t *testing.T) {
			sent := table(rows)
			b, err := json.Marshal(sent)
			if err != nil {
				t.Fatal(err)
			}
			var got wire.Table
			if err := json.Unmarshal(b, &got); err != nil {
				t.Fatalf("%v in %s", err, b)
			}
			changes := got.Changes()
			if len(changes) != rows {
				t.Fatalf("%d rows of %d in %s", len(changes), rows, b)
			}
			for i, c := range changes {
				note := ""
				if i == rows-1 && rows > 2 {
					note = "late"
				}
				want := map[string]any{"id": fmt.Sprintf("id%d", i), "shop": "sh", "note": note, "version": 3.0}
				var data map[string]any
				if err := json.Unmarshal(c.Data, &data); err != nil || !reflect.DeepEqual(data, want) || c.Op != wire.Put || c.ID != want["id"] || c.Version != 3 {
					t.Errorf("%+v %s, want %v", c, c.Data, want)
				}
			}
		})
	}
	t.Run("X-03 a column that is not as long as its table is refused", func(t *testing.T) {
		var got wire.Table
		if json.Unmarshal([]byte(`{"collection":"x","rows":2,"same":{},"columns":{"id":["a"]}}`), &got) == nil {
			t.Fatal("taken")
		}
	})
}

func TestBriefFrame(t *testing.T) {
	got := string(wire.BriefOpsFrame("CURSOR", []wire.Change{
		{Op: wire.Patch, Collection: "jobs", ID: "a", Version: 8, Data: json.RawMessage(`{"price":5,"version":8,"note":{"version":8}}`)},
		{Op: wire.Put, Collection: "jobs", ID: "b", Version: 1, Data: json.RawMessage(`{"id":"b","version":1}`)},
		{Op: wire.Delete, Collection: "jobs", ID: "c", Version: 4}}))
	want := `{"cursor":"CURSOR","ops":[{"collection":"jobs","id":"a","version":8,"data":{"note":{"version":8},"price":5}},` +
		`{"op":"put","collection":"jobs","id":"b","version":1,"data":{"id":"b","version":1}},{"op":"delete","collection":"jobs","id":"c","version":4}]}`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
