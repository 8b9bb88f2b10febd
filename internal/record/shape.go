package record

import (
	"encoding/json"
	"math"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
)

// defaultText is PocketBase's limit for a text field that names none, in characters.
const defaultText = 5000

// carried are keys that PocketBase's own clients send along with a row and that say nothing about it.
var carried = []string{FieldID, "collectionId", "collectionName", "expand"}

// signIn are the fields of a login; PocketBase itself judges them.
var signIn = []string{core.FieldNameEmail, core.FieldNameEmailVisibility, core.FieldNameVerified, core.FieldNamePassword,
	"passwordConfirm", "oldPassword"}

// Shape judges what a client sent for one row before anything is made of it: every name known, every value of its
// type, in its list and within its limits. Codes field.unknown, field.invalid, field.range, each on its field.
func Shape(e *flow.Entity, body map[string]any) error {
	names := make([]string, 0, len(body))
	for name := range body {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if slices.Contains(carried, name) || e.Auth && slices.Contains(signIn, name) {
			continue
		}
		f, known := e.Fields[name]
		if !known {
			return wrong("field.unknown", name)
		}
		if refusal := ShapeOf(e, name, f, body[name]); refusal != nil {
			return refusal
		}
	}
	return nil
}

// ShapeOf judges one value of a field; null and "" are "not set" for every type. Nil when it is right.
func ShapeOf(e *flow.Entity, name string, f flow.Field, v any) *fault.Fault {
	if v == nil || v == "" {
		return nil
	}
	switch f.Type {
	case "text":
		return textShape(name, f, v)
	case "int", "number":
		return numberShape(name, f, v)
	case "bool":
		if _, ok := v.(bool); !ok {
			return wrong("field.invalid", name)
		}
	case "date":
		if s, ok := v.(string); !ok || !isDate(s) {
			return wrong("field.invalid", name)
		}
	case "select", "relation":
		return listShape(e, name, f, v)
	}
	return nil
}

func wrong(code, name string) *fault.Fault {
	return fault.New(fault.Invalid, code).On(name).With("field", name)
}

func textShape(name string, f flow.Field, v any) *fault.Fault {
	s, ok := v.(string)
	if !ok || !utf8.ValidString(s) || strings.ContainsRune(s, 0) { // SQLite's own functions end a text at NUL
		return wrong("field.invalid", name)
	}
	limit := defaultText
	if f.Max != nil {
		limit = int(*f.Max)
	}
	if utf8.RuneCountInString(s) > limit {
		return wrong("field.range", name).With("min", 0).With("max", limit)
	}
	if f.Pattern != nil && !f.Pattern.Matches(s) {
		return wrong(f.Pattern.Code, name)
	}
	return nil
}

func numberShape(name string, f flow.Field, v any) *fault.Fault {
	n, ok := number(v)
	if !ok || math.IsNaN(n) || math.IsInf(n, 0) || (f.Type == "int" && (n != math.Trunc(n) || math.Abs(n) > 1<<53)) {
		return wrong("field.invalid", name)
	}
	// 0 is "not set" in the database, and stays so when the smallest figure is 1.
	if (f.Min != nil && n < *f.Min && n != 0) || (f.Max != nil && n > *f.Max) {
		refusal := wrong("field.range", name).With("min", "−∞").With("max", "∞")
		if f.Min != nil {
			refusal = refusal.With("min", *f.Min)
		}
		if f.Max != nil {
			refusal = refusal.With("max", int64(*f.Max))
		}
		return refusal
	}
	return nil
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}

// listShape is for fields that name one or several of a list: values of a select, ids of a relation.
func listShape(e *flow.Entity, name string, f flow.Field, v any) *fault.Fault {
	named, ok := names(v)
	if !ok || (!f.Multiple && len(named) > 1) {
		return wrong("field.invalid", name)
	}
	allowed := f.Values
	if name == FieldState && len(e.States) > 0 {
		allowed = e.States
	}
	for _, one := range named {
		if f.Type == "select" && !slices.Contains(allowed, one) || f.Type == "relation" && len(one) != 15 {
			return wrong("field.invalid", name)
		}
	}
	return nil
}

func names(v any) ([]string, bool) {
	switch v := v.(type) {
	case string:
		return []string{v}, true
	case []string:
		return v, true
	case []any:
		list := make([]string, len(v))
		for i, one := range v {
			s, ok := one.(string)
			if !ok {
				return nil, false
			}
			list[i] = s
		}
		return list, true
	}
	return nil, false
}

// dateLayouts are the ways a date may be written: RFC 3339, and PocketBase's own.
var dateLayouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05", "2006-01-02"}

func isDate(s string) bool {
	for _, layout := range dateLayouts {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}
