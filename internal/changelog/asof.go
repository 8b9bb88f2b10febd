package changelog

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/database"
	"aftercare/internal/record"
)

// AsOf is the row as it stood right after the seq, as JSON values; nil when it did not exist then. It is exact for
// every seq still kept.
func (l *Log) AsOf(app core.App, collection, id string, seq int64) (map[string]any, error) {
	object, err := l.objectAsOf(app, builder(app), collection, id, seq)
	if err != nil || object == nil {
		return nil, err
	}
	var row map[string]any
	return row, json.Unmarshal(object, &row)
}

// Object is the row as it stands, as the JSON object a device gets.
func (l *Log) Object(app core.App, collection, id string) (json.RawMessage, error) {
	s, v, err := l.stored(app, collection, id)
	if err != nil {
		return nil, err
	}
	return s.object(v, nil), nil
}

// objectAsOf is the row as it stood after the seq as a JSON object, nil when it was not there.
func (l *Log) objectAsOf(app core.App, db dbx.Builder, collection, id string, seq int64) ([]byte, error) {
	s, err := l.shape(app, collection)
	if err != nil {
		return nil, err
	}
	row, err := l.valuesAsOf(app, db, collection, id, seq)
	if err != nil || row == nil {
		return nil, err
	}
	return s.object(row, nil), nil
}

// valuesAsOf takes the present row and undoes what came after the seq, newest first.
func (l *Log) valuesAsOf(app core.App, db dbx.Builder, collection, id string, seq int64) (values, error) {
	s, err := l.shape(app, collection)
	if err != nil {
		return nil, err
	}
	row, err := s.read(db, id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	var later []struct {
		Op   string `db:"op"`
		Prev string `db:"prev"`
	}
	err = db.NewQuery(`SELECT [op], [prev] FROM sync_changes WHERE [record] = {:record} AND [collection] = {:collection}
		AND [seq] > {:seq} AND [op] NOT IN ('enter', 'leave') ORDER BY [seq] DESC`).
		Bind(dbx.Params{"record": id, "collection": collection, "seq": seq}).All(&later)
	if err != nil {
		return nil, err
	}
	for _, change := range later {
		if change.Op == opCreate {
			row = nil
			continue
		}
		if row == nil {
			row = make(values, len(s.columns))
		}
		if err := s.undo(row, change.Prev); err != nil {
			return nil, fmt.Errorf("%s/%s as of %d: %w", collection, id, seq, err)
		}
	}
	return row, nil
}

func (s *shape) undo(row values, prev string) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(prev), &fields); err != nil {
		return err
	}
	for name, value := range fields {
		if i, known := s.index[name]; known {
			row[i] = value
		}
	}
	for i := range row {
		if row[i] == nil {
			row[i] = appendCell(nil, s.columns[i].kind, nil) // a column younger than the entry
		}
	}
	return nil
}

// FieldChange is the last change of one field.
type FieldChange struct {
	Version int64
	Actor   string
	Device  string
}

// FieldsSince tells, for each field of the row changed above the version, its last change. Fields that move with
// every save are left out. Known is false when the log no longer reaches back to the version.
func (l *Log) FieldsSince(app core.App, collection, id string, version int64) (changes map[string]FieldChange, known bool, err error) {
	var entries []Entry
	err = app.DB().NewQuery(`SELECT [version], [data], [actor], [device] FROM sync_changes WHERE [record] = {:record} AND [collection] = {:collection}
		AND [version] > {:version} AND [op] IN ('create', 'update') ORDER BY [seq]`).
		Bind(dbx.Params{"record": id, "collection": collection, "version": version}).All(&entries)
	if err != nil {
		return nil, false, err
	}
	changes, known = map[string]FieldChange{}, len(entries) > 0
	for i, e := range entries {
		known = known && e.Version == version+1+int64(i)
		var fields map[string]json.RawMessage
		if err := json.Unmarshal([]byte(e.Data), &fields); err != nil {
			return nil, false, err
		}
		for name := range fields {
			if !bookkeeping[name] {
				changes[name] = FieldChange{Version: e.Version, Actor: e.Actor, Device: e.Device}
			}
		}
	}
	return changes, known, nil
}

// bookkeeping fields move with every save and say nothing about what people meant.
var bookkeeping = map[string]bool{
	record.FieldVersion: true, record.FieldUpdated: true, record.FieldUpdatedBy: true,
	record.FieldDevice: true, record.FieldCapturedAt: true,
}

// Deleted reports whether the row existed and was deleted: its tombstone is still kept.
func (l *Log) Deleted(app core.App, collection, id string) (bool, error) {
	var one int
	err := database.On(builder(app), `SELECT 1 FROM sync_changes WHERE [record] = {:record} AND [collection] = {:collection} AND [op] = 'delete' LIMIT 1`).
		Bind(dbx.Params{"record": id, "collection": collection}).Row(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Known reports whether the row exists, and whether one with its id was deleted.
func (l *Log) Known(app core.App, collection, id string) (there, gone bool, err error) {
	err = database.On(builder(app), "SELECT EXISTS (SELECT 1 FROM ["+collection+"] WHERE [id] = {:record}), EXISTS (SELECT 1 FROM sync_changes "+
		"WHERE [record] = {:record} AND [collection] = {:collection} AND [op] = 'delete')").
		Bind(dbx.Params{"record": id, "collection": collection}).Row(&there, &gone)
	return there, gone, err
}

func parseInt(b []byte) int64 {
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		return n
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0
	}
	return int64(f)
}
