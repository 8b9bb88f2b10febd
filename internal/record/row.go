package record

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// row is what every proxy is made of: the record and the common fields.
type row struct{ core.BaseRecordProxy }

func wrap(rec *core.Record) row {
	var r row
	r.SetProxyRecord(rec)
	return r
}

func (r *row) Shop() string               { return r.GetString(FieldShop) }
func (r *row) SetShop(id string)          { r.Set(FieldShop, id) }
func (r *row) Version() int64             { return int64(r.GetInt(FieldVersion)) }
func (r *row) State() string              { return r.GetString(FieldState) }
func (r *row) SetState(s string)          { r.Set(FieldState, s) }
func (r *row) CreatedBy() string          { return r.GetString(FieldCreatedBy) }
func (r *row) Visit() string              { return r.GetString(FieldVisit) }
func (r *row) Created() time.Time         { return Time(r.moment(FieldCreated)) }
func (r *row) moment(field string) string { return Moment(r.Record, field) }

// Flag is something the server accepted but does not like: its code, and when it was raised (UTC).
type Flag struct {
	Code string `json:"code"`
	At   string `json:"at"`
}

// Flags of the row, oldest first.
func (r *row) Flags() []Flag {
	var flags []Flag
	_ = r.UnmarshalJSONField(FieldFlags, &flags) // an unreadable list is an empty one
	return flags
}

// AddFlag raises a flag once; raising it again keeps the first time.
func (r *row) AddFlag(code string, at time.Time) {
	flags := r.Flags()
	if slices.ContainsFunc(flags, func(f Flag) bool { return f.Code == code }) {
		return
	}
	r.Set(FieldFlags, append(flags, Flag{Code: code, At: Text(at)}))
}

// AddFlag raises a flag on any row.
func AddFlag(rec *core.Record, code string, at time.Time) {
	r := wrap(rec)
	r.AddFlag(code, at)
}

// Text is an instant as PocketBase stores it: "2026-11-21 02:03:04.005Z", UTC.
func Text(t time.Time) string { return t.UTC().Format(types.DefaultDateLayout) }

// Time reads what Text wrote; the zero time when it is empty or unreadable.
func Time(s string) time.Time {
	d, err := types.ParseDateTime(s)
	if err != nil {
		return time.Time{}
	}
	return d.Time()
}

// Moment is a date field as text, "" when it is not set.
func Moment(rec *core.Record, field string) string {
	d := rec.GetDateTime(field)
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// Values is the row as the wire and the guards see it: every field of the collection except the secrets of an
// account, dates as text, JSON decoded, numbers as float64.
func Values(rec *core.Record) map[string]any {
	values := map[string]any{FieldID: rec.Id}
	for _, f := range rec.Collection().Fields {
		if f.GetHidden() || isAccount(f.GetName()) {
			continue
		}
		values[f.GetName()] = Value(rec, f.GetName())
	}
	return values
}

// isAccount tells the fields of a login from those of a person.
func isAccount(field string) bool {
	switch field {
	case core.FieldNameEmail, core.FieldNameEmailVisibility, core.FieldNameVerified, core.FieldNamePassword, core.FieldNameTokenKey:
		return true
	}
	return false
}

// Value is one field as the wire sees it.
func Value(rec *core.Record, field string) any {
	switch v := rec.GetRaw(field).(type) {
	case types.DateTime:
		return Moment(rec, field)
	case types.JSONRaw:
		var decoded any
		if len(v) == 0 || json.Unmarshal(v, &decoded) != nil {
			return nil
		}
		return decoded
	case []string:
		list := make([]any, len(v))
		for i, s := range v {
			list[i] = s
		}
		return list
	default:
		return v
	}
}
