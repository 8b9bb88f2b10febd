package changelog_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"pgregory.net/rapid"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// TestHistory: X-06 whatever is done to rows, every row can be read as it stood after every change.
func TestHistory(t *testing.T) {
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	visit := day.VisitOpen()
	rapid.Check(t, func(rt *rapid.T) {
		moments := map[int64]map[string]map[string]any{} // by seq: concerns by id
		var live []*core.Record
		made := map[string]bool{}
		for range rapid.IntRange(1, 12).Draw(rt, "changes") {
			switch pick := rapid.IntRange(0, 3).Draw(rt, "what"); {
			case pick == 0 || len(live) == 0:
				live = append(live, day.Make("advisor", record.Concerns, map[string]any{record.FieldVisit: visit.Id,
					record.FieldWords: rapid.StringN(1, 20, 60).Filter(printable).Draw(rt, "words")}))
				made[live[len(live)-1].Id] = true
			case pick == 3:
				i := rapid.IntRange(0, len(live)-1).Draw(rt, "which")
				day.Remove("advisor", live[i])
				live = append(live[:i], live[i+1:]...)
			default:
				i := rapid.IntRange(0, len(live)-1).Draw(rt, "which")
				day.Do("advisor", live[i], map[string]any{record.FieldPosition: rapid.IntRange(0, 9).Draw(rt, "position"),
					record.FieldIsFault: rapid.Bool().Draw(rt, "fault")})
			}
			head, _ := s.House.Log.Head(s.App)
			moments[head] = concerns(rt, s, made)
		}
		for seq, rows := range moments {
			for id, row := range rows {
				then, err := s.House.Log.AsOf(s.App, record.Concerns, id, seq)
				if err != nil || !reflect.DeepEqual(then, row) {
					rt.Fatalf("as of %d: %v\nwas %v\n%v", seq, then, row, err)
				}
			}
			for _, rec := range live {
				if _, there := rows[rec.Id]; there {
					continue
				}
				if then, err := s.House.Log.AsOf(s.App, record.Concerns, rec.Id, seq); err != nil || then != nil {
					rt.Fatalf("as of %d %s is not there yet: %v", seq, rec.Id, then)
				}
			}
		}
	})
}

func printable(s string) bool {
	for _, c := range s {
		if c < ' ' || c == 0xfffd {
			return false
		}
	}
	return true
}

// concerns are the named rows as the wire shows them, by id.
func concerns(t *rapid.T, s *apptest.Shop, ids map[string]bool) map[string]map[string]any {
	out := map[string]map[string]any{}
	for id := range ids {
		object, err := s.House.Log.Object(s.App, record.Concerns, id)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		var values map[string]any
		if err := json.Unmarshal(object, &values); err != nil {
			t.Fatal(fmt.Errorf("%s: %w", object, err))
		}
		out[id] = values
	}
	return out
}
