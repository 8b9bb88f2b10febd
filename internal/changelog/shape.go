package changelog

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// kind is how a column becomes JSON.
type kind int

const (
	text    kind = iota // "" and up
	number              // as stored
	boolean             // 0 and 1 become false and true
	raw                 // JSON already; NULL becomes null
	list                // JSON array already; empty becomes []
)

type column struct {
	name string
	key  []byte // `"name":`
	kind kind
}

// shape is how the rows of a collection are read and written as JSON: its id and the fields the flow table names, in
// the collection's order. Secrets and login names of accounts are in no flow table and so never on the wire.
type shape struct {
	name    string
	columns []column
	names   []string // of the columns
	selects string   // SELECT of the columns, without WHERE
	one     string   // of one row, by id
	packed  packed   // of many rows
	index   map[string]int

	fields []core.Field // every column of the row, the secret ones too
	whole  string       // SELECT of them, of one row, by id
}

// Synced reports whether the collection's rows are logged and sent to devices.
func Synced(collection string) bool { return flow.Table().ByCollection(collection) != nil }

func (l *Log) shape(app core.App, collection string) (*shape, error) {
	c, err := app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, fmt.Errorf("collection %s: %w", collection, err)
	}
	if s, ok := l.shapes.Load(c); ok {
		return s.(*shape), nil
	}
	entity := flow.Table().ByCollection(c.Name)
	if entity == nil {
		return nil, fmt.Errorf("collection %s is not in the flow table", collection)
	}
	s := newShape(c, entity)
	l.shapes.Store(c, s)
	return s, nil
}

func newShape(c *core.Collection, entity *flow.Entity) *shape {
	s := &shape{name: c.Name, index: map[string]int{}}
	names, all := []string{}, []string{}
	for _, f := range c.Fields {
		name := f.GetName()
		s.fields, all = append(s.fields, f), append(all, "["+name+"]")
		if _, known := entity.Fields[name]; (!known && name != record.FieldID) || f.GetHidden() {
			continue
		}
		s.index[name] = len(s.columns)
		s.names = append(s.names, name)
		s.columns = append(s.columns, column{name: name, key: append(quote(nil, name), ':'), kind: kindOf(f)})
		names = append(names, "["+name+"]")
	}
	s.selects = "SELECT " + strings.Join(names, ", ") + " FROM [" + c.Name + "]"
	s.one = s.selects + " WHERE [id] = {:id}"
	s.whole = "SELECT " + strings.Join(all, ", ") + " FROM [" + c.Name + "] WHERE [id] = {:id}"
	s.packed = s.pack()
	return s
}

func kindOf(f core.Field) kind {
	switch f := f.(type) {
	case *core.NumberField:
		return number
	case *core.BoolField:
		return boolean
	case *core.JSONField, *core.GeoPointField:
		return raw
	case *core.SelectField:
		if f.IsMultiple() {
			return list
		}
	case *core.RelationField:
		if f.IsMultiple() {
			return list
		}
	case *core.FileField:
		if f.IsMultiple() {
			return list
		}
	}
	return text
}

// values are the JSON values of one row, in the order of the shape's columns.
type values [][]byte

// scanner reads rows of one shape, reusing its buffers.
type scanner struct {
	shape *shape
	cells []sql.RawBytes
	into  []any
}

func (s *shape) scanner() *scanner {
	sc := &scanner{shape: s, cells: make([]sql.RawBytes, len(s.columns)), into: make([]any, len(s.columns))}
	for i := range sc.cells {
		sc.into[i] = &sc.cells[i]
	}
	return sc
}

type scannable interface{ Scan(into ...any) error }

// values returns the row's JSON values in memory of their own.
func (sc *scanner) values(rows scannable) (values, error) {
	if err := rows.Scan(sc.into...); err != nil {
		return nil, err
	}
	v := make(values, len(sc.cells))
	for i := range sc.cells {
		v[i] = appendCell(nil, sc.shape.columns[i].kind, sc.cells[i])
	}
	return v, nil
}

func appendCell(b []byte, k kind, cell sql.RawBytes) []byte {
	switch k {
	case number:
		if len(cell) == 0 {
			return append(b, '0')
		}
		return append(b, cell...)
	case boolean:
		if len(cell) > 0 && (cell[0] == '1' || cell[0] == 't') {
			return append(b, "true"...)
		}
		return append(b, "false"...)
	case raw:
		if len(cell) == 0 {
			return append(b, "null"...)
		}
		return append(b, cell...)
	case list:
		if len(cell) == 0 {
			return append(b, "[]"...)
		}
		return append(b, cell...)
	}
	return quote(b, string(cell))
}

// quote appends s as a JSON string.
func quote(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c == 0x7f {
			return quoteSlow(b, s)
		}
	}
	if !utf8.ValidString(s) {
		return quoteSlow(b, s)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func quoteSlow(b []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil {
		return append(b, `""`...) // a string always marshals
	}
	return append(b, quoted...)
}

// object is the named subset of a row's values as a JSON object; nil keeps all.
func (s *shape) object(v values, keep func(i int) bool) []byte {
	b := []byte{'{'}
	for i := range s.columns {
		if keep != nil && !keep(i) {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(b, s.columns[i].key...)
		b = append(b, v[i]...)
	}
	return append(b, '}')
}

// text is one text value of the row, unquoted; "" when the shape has no such column.
func (s *shape) text(v values, field string) string {
	i, ok := s.index[field]
	if !ok || v == nil {
		return ""
	}
	var out string
	if json.Unmarshal(v[i], &out) != nil {
		return ""
	}
	return out
}

func equal(a, b []byte) bool { return bytes.Equal(a, b) }
