package changelog

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/database"
	"aftercare/internal/record"
)

// Record is PocketBase's FindRecordById for a transaction that asks for thousands of rows: its statement is prepared once,
// and when the row is saved with record.WithRead it need not be read again. No such row: sql.ErrNoRows.
func (l *Log) Record(tx core.App, collection, id string) (*core.Record, error) {
	c, err := tx.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, fmt.Errorf("collection %s: %w", collection, err)
	}
	s, err := l.shape(tx, collection)
	if err != nil {
		return nil, err
	}
	rows, err := database.On(builder(tx), s.whole).Bind(dbx.Params{"id": id}).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, errors.Join(sql.ErrNoRows, rows.Err())
	}
	cells, into := make([]sql.RawBytes, len(s.fields)), make([]any, len(s.fields))
	for i := range cells {
		into[i] = &cells[i]
	}
	if err := rows.Scan(into...); err != nil {
		return nil, err
	}
	row, stands := core.NewRecord(c), make(values, len(s.columns))
	faithful := true // written again, every column would stand as it does
	var again []byte
	for i, f := range s.fields {
		var cell any
		if cells[i] != nil {
			cell = string(cells[i])
		}
		value, err := f.PrepareValue(row, cell)
		if err != nil {
			return nil, err
		}
		row.SetRaw(f.GetName(), value)
		if at, shown := s.index[f.GetName()]; shown {
			stands[at] = appendCell(nil, s.columns[at].kind, cells[i])
			again, _ = s.cell(again[:0], row, f, at)
			faithful = faithful && string(again) == string(stands[at])
		}
	}
	if faithful {
		l.remember(tx, row, stands)
	}
	return row, row.PostScan()
}

// remember keeps what Record has read for the save of this very record.
func (l *Log) remember(tx core.App, row *core.Record, stands values) {
	if !tx.IsTransactional() {
		return
	}
	l.mu.Lock()
	p := l.open[tx.TxInfo()]
	l.mu.Unlock()
	if p != nil {
		p.row, p.stands = row, stands
	}
}

// forget drops what Record has read of the row: it was written since, by a rule perhaps on the way of that very save.
func (p *position) forget(collection, id string) {
	if p.row != nil && p.row.Id == id && p.row.Collection().Name == collection {
		p.row, p.stands = nil, nil
	}
}

// before is the row as it stands: as Record has read it when the save says that nobody has written since, else read now.
func (l *Log) before(e *core.RecordEvent) (s *shape, v values, read bool, err error) {
	if record.JustRead(e.Context, e.Record) {
		p, err := l.position(e.App)
		if err != nil {
			return nil, nil, false, err
		}
		if p.row == e.Record {
			s, err := l.shape(e.App, e.Record.Collection().Name)
			v, p.row, p.stands = p.stands, nil, nil
			return s, v, true, err
		}
	}
	s, v, err = l.stored(e.App, e.Record.Collection().Name, e.Record.Id)
	return s, v, false, err
}

// after is the row as it was just written. Stood is how it stood when Record read it, nil for a row that is new or was read
// elsewhere.
func (l *Log) after(e *core.RecordEvent, stood values) (*shape, values, error) {
	s, err := l.shape(e.App, e.Record.Collection().Name)
	if err != nil {
		return nil, nil, err
	}
	if stood != nil || e.Type == core.ModelEventTypeCreate {
		if v, sure := s.written(e.Record, stood); sure {
			return s, v, nil
		}
	}
	return l.stored(e.App, s.name, e.Record.Id)
}

// written is the row as PocketBase has just written it from the record, without reading it: every column, or of a row that
// stood the columns that differ. Sure is false when a value may be stored in another form than it was given in.
func (s *shape) written(row *core.Record, stood values) (v values, sure bool) {
	v = make(values, len(s.columns))
	var cell []byte
	for _, f := range s.fields {
		i, shown := s.index[f.GetName()]
		if !shown {
			continue
		}
		cell, sure = s.cell(cell[:0], row, f, i)
		switch {
		case stood != nil && string(cell) == string(stood[i]):
			v[i] = stood[i]
		case !sure:
			return nil, false
		default:
			v[i] = slices.Clone(cell)
		}
	}
	return v, true
}

// cell appends the JSON value of the i-th column as the record has it.
func (s *shape) cell(b []byte, row *core.Record, f core.Field, i int) (cell []byte, sure bool) {
	value, err := driverValue(row, f)
	if err != nil {
		return b, false
	}
	return appendStored(b, s.columns[i].kind, value)
}

// driverValue is what PocketBase binds for a field.
func driverValue(row *core.Record, f core.Field) (value any, err error) {
	if own, ok := f.(core.DriverValuer); ok {
		value, err = own.DriverValue(row)
	} else {
		value = row.GetRaw(f.GetName())
	}
	if valuer, ok := value.(driver.Valuer); ok && err == nil {
		value, err = valuer.Value()
	}
	return value, err
}

// appendStored appends a bound value of the kind as it will be read. Sure is false when SQLite may store it in another form:
// numbers that are not whole, JSON that is a number (the column's affinity is numeric), texts that are none.
func appendStored(b []byte, k kind, value any) (cell []byte, sure bool) {
	switch x := value.(type) {
	case float64:
		if k != number || x != math.Trunc(x) || math.Abs(x) > 1<<53 {
			return strconv.AppendFloat(b, x, 'g', -1, 64), false
		}
		return strconv.AppendInt(b, int64(x), 10), true
	case bool:
		return strconv.AppendBool(b, x), k == boolean
	case string:
		switch k {
		case text:
			return quote(b, x), utf8.ValidString(x) && strings.IndexByte(x, 0) < 0
		case raw, list:
			b = appendCell(b, k, sql.RawBytes(x))
			return b, strings.IndexByte(`{["tfn`, b[0]) >= 0
		}
	case nil:
		return appendCell(b, k, nil), k == raw
	}
	return b, false
}
