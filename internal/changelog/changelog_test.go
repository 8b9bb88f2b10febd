package changelog_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

type line struct {
	Seq     int64  `db:"seq"`
	Unit    int64  `db:"unit"`
	Op      string `db:"op"`
	Version int64  `db:"version"`
	Data    string `db:"data"`
	Prev    string `db:"prev"`
	Actor   string `db:"actor"`
}

// lines are the entries about a row, oldest first.
func lines(t *testing.T, s *apptest.Shop, id string) (all []line) {
	t.Helper()
	err := s.App.DB().Select("seq", "unit", "op", "version", "data", "prev", "actor").From("sync_changes").
		Where(dbx.HashExp{"record": id}).OrderBy("seq").All(&all)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestDoors(t *testing.T) {
	t.Run("X-02 PocketBase's API: row, version and entry in one, with who did it", func(t *testing.T) {
		s := apptest.New(t)
		visit := s.Day(apptest.SH).VisitOpen()
		answer := s.Do(http.MethodPatch, "/api/collections/visits/records/"+visit.Id, s.Token(apptest.SH, "advisor"), map[string]any{record.FieldWash: "yes"})
		if answer.Status != 200 {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		all := lines(t, s, visit.Id)
		last := all[len(all)-1]
		if len(all) != 2 || last.Op != "update" || last.Version != 2 || last.Actor != apptest.Person(apptest.SH, "advisor") ||
			last.Data != `{"wash":"yes","version":2}` && last.Data == "" {
			t.Fatalf("%+v", all)
		}
	})
	t.Run("X-02 a batch is one act; one bad request in it leaves no trace", func(t *testing.T) {
		s := apptest.New(t)
		token := s.Token(apptest.SH, "advisor")
		a, b := apptest.NewID(), apptest.NewID()
		post := func(id, name string) map[string]any {
			return map[string]any{"method": "POST", "url": "/api/collections/customers/records",
				"body": map[string]any{"id": id, record.FieldShop: apptest.SH, record.FieldName: name}}
		}
		if answer := s.Do(http.MethodPost, "/api/batch", token, map[string]any{"requests": []any{post(a, "甲"), post(b, "")}}); answer.Status != 400 {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		if len(lines(t, s, a)) != 0 {
			t.Fatal("an entry without its row")
		}
		if answer := s.Do(http.MethodPost, "/api/batch", token, map[string]any{"requests": []any{post(a, "甲"), post(b, "乙")}}); answer.Status != 200 {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		la, lb := lines(t, s, a), lines(t, s, b)
		if len(la) != 1 || len(lb) != 1 || la[0].Unit != lb[0].Unit {
			t.Fatalf("%+v %+v", la, lb)
		}
	})
	t.Run("X-02 an error after the write takes the entry back with the row", func(t *testing.T) {
		s := apptest.New(t)
		s.App.OnRecordCreate(record.Customers).BindFunc(func(e *core.RecordEvent) error {
			if err := e.Next(); err != nil {
				return err
			}
			return errors.New("too late")
		})
		before, _ := s.House.Log.Head(s.App)
		if _, err := s.Day(apptest.SH).Create("advisor", record.Customers, map[string]any{record.FieldName: "x"}); err == nil {
			t.Fatal("saved")
		}
		after, _ := s.House.Log.Head(s.App)
		if n, _ := s.App.CountRecords(record.Customers); after != before || n != 0 {
			t.Fatal(before, after, n)
		}
	})
	t.Run("X-02 after-hooks run after the commit, with the app outside the transaction", func(t *testing.T) {
		s := apptest.New(t)
		ran := false
		s.App.OnRecordAfterCreateSuccess(record.Customers).BindFunc(func(e *core.RecordEvent) error {
			ran = !e.App.IsTransactional()
			return e.Next()
		})
		s.Day(apptest.SH).Make("advisor", record.Customers, map[string]any{record.FieldName: "x"})
		if !ran {
			t.Fatal("still inside")
		}
	})
	t.Run("X-02 a delete leaves a tombstone with the whole row", func(t *testing.T) {
		s := apptest.New(t)
		day := s.Day(apptest.SH)
		visit := day.VisitOpen()
		concern := day.Make("advisor", record.Concerns, map[string]any{record.FieldVisit: visit.Id, record.FieldWords: "异响"})
		if answer := s.Do(http.MethodDelete, "/api/collections/concerns/records/"+concern.Id, s.Token(apptest.SH, "advisor"), nil); answer.Status != 204 {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		all := lines(t, s, concern.Id)
		if last := all[len(all)-1]; last.Op != "delete" || last.Data != "" || last.Version != 2 {
			t.Fatalf("%+v", last)
		}
		then, err := s.House.Log.AsOf(s.App, record.Concerns, concern.Id, all[0].Seq)
		if err != nil || then[record.FieldWords] != "异响" {
			t.Fatal(then, err)
		}
	})
	t.Run("X-02 acts within one transaction stay apart", func(t *testing.T) {
		s := apptest.New(t)
		day := s.Day(apptest.SH)
		a := day.Make("advisor", record.Customers, map[string]any{record.FieldName: "a"})
		b := day.Make("advisor", record.Customers, map[string]any{record.FieldName: "b"})
		err := s.App.RunInTransaction(func(tx core.App) error {
			for _, rec := range []*core.Record{a, b} {
				commit, err := s.House.Log.Write(tx, func(tx core.App) error {
					rec.Set(record.FieldTitle, "先生")
					return tx.Save(rec)
				})
				if err != nil || commit == 0 {
					return errors.Join(err, errors.New("no commit"))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		la, lb := lines(t, s, a.Id), lines(t, s, b.Id)
		if la[1].Unit == lb[1].Unit || lb[1].Seq != la[1].Seq+1 {
			t.Fatalf("%+v %+v", la, lb)
		}
	})
}

func TestPrune(t *testing.T) {
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	customer := day.Make("advisor", record.Customers, map[string]any{record.FieldName: "a"})
	head, _ := s.House.Log.Head(s.App)
	t.Run("X-03 what is younger than 90 days stays", func(t *testing.T) {
		s.Clock.Advance(89 * 24 * 3600e9)
		s.House.Log.Prune(s.App, s.App.Logger())
		if floor, _ := s.House.Log.Floor(s.App); floor != 0 {
			t.Fatal(floor)
		}
	})
	t.Run("X-03 older entries go, the newest never, and seq goes on", func(t *testing.T) {
		s.Clock.Advance(48 * 3600e9)
		s.House.Log.Prune(s.App, s.App.Logger())
		floor, _ := s.House.Log.Floor(s.App)
		if floor != head-1 {
			t.Fatal(floor, head)
		}
		day.Do("advisor", customer, map[string]any{record.FieldTitle: "先生"})
		if after, _ := s.House.Log.Head(s.App); after != head+1 {
			t.Fatal(after)
		}
	})
}
