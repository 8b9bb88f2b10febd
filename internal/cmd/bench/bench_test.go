package main

import (
	"reflect"
	"testing"
)

// TestGenerator: the records of the comparison are always the same, and what is said of them is so.
func TestGenerator(t *testing.T) {
	records := generate(2000)
	if again := generate(2000); !reflect.DeepEqual(records, again) {
		t.Error("another row of records")
	}
	bytes, ids := 0, map[string]bool{}
	for _, r := range records {
		bytes += size(r)
		ids[r.id] = true
		for _, name := range fields {
			if _, ok := r.values[name]; !ok || len(r.values) != 12 {
				t.Fatalf("%v", r.values)
			}
		}
	}
	if mean := bytes / len(records); mean < 470 || mean > 490 || len(ids) != len(records) {
		t.Errorf("%d bytes a record, %d ids", mean, len(ids))
	}
}

func TestPercentile(t *testing.T) {
	values := []float64{9, 1, 5, 3, 7, 11}
	if median(values) != 6 || percentile(values, 99) != 11 || percentile(values[:1], 50) != 9 {
		t.Error(median(values), percentile(values, 99), percentile(values[:1], 50))
	}
}

func TestTableSpreads(t *testing.T) {
	rows := map[string]map[string]any{}
	(&table{Rows: 2, Same: map[string]any{"shop": "s"}, Columns: map[string][]any{"id": {"a", "b"}, "n": {1.0, 2.0}}}).spread(rows)
	want := map[string]map[string]any{"a": {"id": "a", "shop": "s", "n": 1.0}, "b": {"id": "b", "shop": "s", "n": 2.0}}
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("%v", rows)
	}
}
