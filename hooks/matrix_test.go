package hooks_test

import (
	"context"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// rows is one stored row of every collection, in whatever state.
func rows(s *shop) map[string]*core.Record {
	s.t.Helper()
	out := map[string]*core.Record{}
	for collection, data := range samples(s) {
		role := "system"
		if collection == record.TimeEntries || collection == record.QualityChecks {
			continue // taken from the car below: their guards look at who made them
		}
		if collection == record.Consents {
			role = "advisor"
		}
		out[collection] = s.Make(role, collection, data)
	}
	own := map[string]string{record.TimeEntries: "id != ''", record.Shops: "id = '" + s.Shop + "'"}
	for collection, filter := range own {
		rec, err := s.App.FindFirstRecordByFilter(collection, filter)
		if err != nil {
			s.t.Fatal(err)
		}
		out[collection] = rec
	}
	return out
}

// trial runs a write that is taken back, whatever came of it.
func trial(s *shop, prepare string, o op) (got refusal) {
	s.t.Helper()
	_ = s.App.RunInTransaction(func(tx core.App) error {
		if prepare != "" {
			if _, err := tx.DB().NewQuery(prepare).Execute(); err != nil {
				s.t.Fatal(err)
			}
		}
		day := *s.Day
		day.App = tx
		try := *s
		try.Day = &day
		got = try.direct(o)
		return context.Canceled
	})
	return got
}

func holds(s *shop, role string, roles []string) bool {
	return slices.Contains(roles, "*") || slices.ContainsFunc(s.Actor(role).Roles, func(r string) bool { return slices.Contains(roles, r) })
}

// Every step of the table, by every role: flow.role for those who may not, never for those who may.
func TestRolesStepWhatTheTableSays(t *testing.T) {
	s := newShop(t)
	all := rows(s)
	for name, e := range flow.Table().Entities {
		for _, step := range e.Transitions {
			rec := all[e.Collection]
			prepare := "UPDATE " + e.Collection + " SET state = '" + step.From + "' WHERE id = '" + rec.Id + "'"
			for _, role := range apptest.Roles {
				o := patch(role, rec, map[string]any{record.FieldState: step.To})
				got := trial(s, prepare, o)
				may := holds(s, role, step.Roles)
				derived := e.Fields[record.FieldState].Derived && got.code == "field.derived"
				if refused := got.code == "flow.role" || derived; refused == may {
					t.Errorf("%s %s (%s → %s) as %s: got %q, allowed %v", name, step.Name, step.From, step.To, role, got.code, may)
				}
			}
		}
	}
}

// unsaid takes back what is said once and then stays: the end of a clock, a countersignature.
var unsaid = map[string]string{
	record.TimeEntries: "UPDATE time_entries SET ended_at = ''",
	record.Consents:    "UPDATE consents SET countersigned_by = '', countersigned_at = ''",
}

// Every field of the table, by one role that may edit it and one that may not; derived and fixed ones by nobody.
func TestRolesEditWhatTheTableSays(t *testing.T) {
	s := newShop(t)
	for collection, rec := range rows(s) {
		e := flow.Table().ByCollection(collection)
		for name, f := range e.Fields {
			value, ok := another(s, rec, name, f)
			if !ok {
				continue
			}
			roles := f.By
			if len(roles) == 0 {
				roles = e.Edit.Roles
			}
			for _, role := range sampleRoles(s, roles) {
				got := trial(s, unsaid[collection], patch(role, rec, map[string]any{name: value}))
				want := ""
				switch {
				case f.Derived:
					want = "field.derived"
				case f.Write == "create":
					want = "field.fixed"
				case !holds(s, role, roles):
					want = "flow.role"
				}
				if name == record.FieldShop {
					want = "field.foreign"
				}
				if want != "" && got.code != want || want == "" && slices.Contains([]string{"flow.role", "field.fixed", "field.derived", "field.unknown"}, got.code) {
					t.Errorf("%s.%s as %s: got %q on %q, want %q", collection, name, role, got.code, got.field, want)
				}
			}
		}
	}
}

// sampleRoles is one role of the list and one that is not on it; head office is left out, for it moves rows between
// shops.
func sampleRoles(s *shop, roles []string) []string {
	var in, out string
	for _, role := range apptest.Roles {
		switch {
		case role == record.RoleHeadOffice:
		case holds(s, role, roles):
			in = role
		default:
			out = role
		}
	}
	return slices.DeleteFunc([]string{in, out}, func(role string) bool { return role == "" })
}

// another is a well-formed value of the field that differs from the stored one; false for states, which only steps
// change, and for JSON with a form of its own.
func another(s *shop, rec *core.Record, name string, f flow.Field) (any, bool) {
	switch {
	case name == record.FieldState:
		return nil, false
	case name == record.FieldShop:
		return apptest.HZ, true
	}
	switch f.Type {
	case "text":
		value := "z9"
		if f.Pattern != nil { // the only pattern there is: a VIN's
			value = "LSVAA418XE2184848"
		}
		return value, rec.GetString(name) != value
	case "int":
		return float64(rec.GetInt(name) + 1), true
	case "number":
		return 0.25, true
	case "bool":
		return !rec.GetBool(name), true
	case "date":
		return "2026-01-02 03:04:05.000Z", true
	case "select":
		for _, v := range f.Values {
			if v != rec.GetString(name) && !f.Multiple {
				return v, true
			}
		}
	case "relation":
		filter, visit := "id != {:id} && shop = {:shop}", rec.GetString(record.FieldVisit)
		if target := flow.Table().ByCollection(f.To); target != nil && target.Fields[record.FieldVisit].Type != "" && visit != "" {
			filter += " && visit = {:visit}" // of another visit it would be refused as such
		}
		other, err := s.App.FindFirstRecordByFilter(f.To, filter, map[string]any{"id": rec.GetString(name), "shop": s.Shop, "visit": visit})
		return recordID(other), err == nil && f.To != record.Visits && f.To != record.WorkOrders && f.To != record.Vehicles
	case "json":
		return map[string]any{"z": 1.0}, f.Write == "create" && name != "items"
	}
	return nil, false
}

func recordID(rec *core.Record) string {
	if rec == nil {
		return ""
	}
	return rec.Id
}
