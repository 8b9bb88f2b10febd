package record

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
)

// Every collection and field of the flow table has its constant, and no constant is left over.
func TestNamesAreTheTables(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	named, fields := map[string]bool{}, map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^\t(\w+) += "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
			named[m[2]] = true
			if strings.HasPrefix(m[1], "Field") {
				fields[m[2]] = true
			}
		}
	}
	want := map[string]bool{FieldID: true}
	for _, e := range flow.Table().Entities {
		want[e.Collection] = true
		for name := range e.Fields {
			want[name] = true
		}
	}
	for name := range want {
		if !named[name] {
			t.Errorf("%s has no constant", name)
		}
	}
	for name := range fields {
		if !want[name] {
			t.Errorf("constant %q is in no table", name)
		}
	}
}

func TestShape(t *testing.T) {
	job := flow.Table().Entity("job")
	for name, c := range map[string]struct {
		field string
		value any
		code  string
	}{
		"a number":               {FieldLabourFen, 24000.0, ""},
		"a number as JSON wrote": {FieldLabourFen, json.Number("24000"), ""},
		"not set":                {FieldLabourFen, nil, ""},
		"no number":              {FieldLabourFen, "24000", "field.invalid"},
		"not a whole number":     {FieldLabourFen, 1.5, "field.invalid"},
		"not a number":           {FieldLabourFen, math.NaN(), "field.invalid"},
		"too much":               {FieldLabourFen, 1e11, "field.range"},
		"beyond what JSON holds": {FieldPosition, 1e17, "field.invalid"},
		"bytes that are no text": {FieldWork, "\xff", "field.invalid"},
		"a truth":                {FieldSafety, true, ""},
		"half a truth":           {FieldSafety, "true", "field.invalid"},
		"RFC 3339":               {FieldPricedAt, "2026-11-21T02:03:04.005Z", ""},
		"PocketBase's date":      {FieldPricedAt, "2026-11-21 02:03:04.005Z", ""},
		"no date":                {FieldPricedAt, "21.11.2026", "field.invalid"},
		"one of the list":        {FieldPayer, "customer", ""},
		"none of the list":       {FieldPayer, "me", "field.invalid"},
		"two where one fits":     {FieldPayer, []any{"customer", "insurer"}, "field.invalid"},
		"several":                {FieldTechnicians, []any{"abcdefghijklmno"}, ""},
		"a list of numbers":      {FieldTechnicians, []any{1.0}, "field.invalid"},
		"an unknown field":       {"sate", "approved", "field.unknown"},
	} {
		err := Shape(job, map[string]any{c.field: c.value})
		f, _ := fault.From(err)
		if c.code == "" && err != nil || c.code != "" && (f == nil || f.Code != c.code || f.Field != c.field) {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

func TestActor(t *testing.T) {
	if !Superuser("", "", DoorREST).Is(RoleManager) || Superuser("", "", DoorREST).Is(RoleSystem) {
		t.Error("a superuser holds every role of people and no other")
	}
	if System("shop").AllShops() || !System("").AllShops() {
		t.Error("the system acts for one shop unless it acts for none")
	}
}
