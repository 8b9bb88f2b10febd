package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// A page is written by hand, a field at a time: none is forgotten.
func TestPageWritten(t *testing.T) {
	page := PullResponse{Epoch: "e1", Boot: "0a0b0c0d", Cursor: "c\"1", More: true, Reset: true, Letter: "A",
		Ops: []Change{{Op: "put", Collection: "visits", ID: "v1", Version: 3, Data: json.RawMessage(`{"state":"open"}`)}}}
	value := reflect.ValueOf(page)
	for i := range value.NumField() {
		if name := value.Type().Field(i).Name; value.Field(i).IsZero() && name != "Tables" { // which have a test of their own
			t.Errorf("%s is not tried", name)
		}
	}
	var b bytes.Buffer
	if _, err := page.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	var again PullResponse
	if err := json.Unmarshal(b.Bytes(), &again); err != nil || !reflect.DeepEqual(again, page) {
		t.Errorf("%v\n got %+v\nwant %+v", err, again, page)
	}
}
