package changelog_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/apptest"
	"aftercare/internal/changelog"
	"aftercare/internal/database"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// asked is SQLite with a list of the statements it was given.
type asked struct {
	plain driver.Driver
	mu    sync.Mutex
	texts map[string]bool
}

type askedConn struct {
	database.Connection
	asked *asked
}

func (a *asked) Open(name string) (driver.Conn, error) {
	c, err := a.plain.Open(name)
	if err != nil {
		return nil, err
	}
	return askedConn{c.(database.Connection), a}, nil
}

func (c askedConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	c.asked.mu.Lock()
	c.asked.texts[text] = true
	c.asked.mu.Unlock()
	return c.Connection.PrepareContext(ctx, text)
}

type askedFile struct {
	driver driver.Driver
	name   string
}

func (f askedFile) Connect(context.Context) (driver.Conn, error) { return f.driver.Open(f.name) }
func (f askedFile) Driver() driver.Driver                        { return f.driver }

// TestEveryPlan: every question that push, pull, snapshots, conflicts and pruning ask of the log and of the outcomes is
// answered through an index, and no index is there that answers none.
func TestEveryPlan(t *testing.T) {
	plain, err := sql.Open("sqlite", "")
	if err != nil {
		t.Fatal(err)
	}
	a := &asked{plain: plain.Driver(), texts: map[string]bool{}}
	s := apptest.Open(t, t.TempDir(), apptest.Options{Connect: func(path string) (*dbx.DB, error) {
		name := path + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(ON)&_pragma=synchronous(OFF)"
		return dbx.NewFromDB(sql.OpenDB(askedFile{database.Wrap(a), name}), "sqlite"), nil
	}})
	work(t, s)
	used := map[string]bool{}
	tables := []string{"sync_changes", "sync_outcomes"}
	questions := 0
	for text := range a.texts {
		if !strings.Contains(text, tables[0]) && !strings.Contains(text, tables[1]) || strings.HasPrefix(text, "INSERT") {
			continue
		}
		questions++
		var steps []struct {
			Detail string `db:"detail"`
		}
		literal := strings.ReplaceAll(text, "?", "'x'")
		if err := s.App.DB().NewQuery("EXPLAIN QUERY PLAN " + literal).All(&steps); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, step := range steps {
			if strings.HasPrefix(step.Detail, "SCAN sync_") || strings.HasPrefix(step.Detail, "SCAN o") || strings.Contains(step.Detail, "TEMP B-TREE") {
				t.Errorf("%s: %s", text, step.Detail)
			}
			if strings.Contains(text, "[record] = ") && strings.HasPrefix(step.Detail, "SEARCH sync_changes") && !strings.Contains(step.Detail, "idx_sync_changes_record") {
				t.Errorf("%s: of one row's changes all are read that %s finds", text, step.Detail)
			}
			for _, word := range strings.Fields(step.Detail) {
				used[word] = true
			}
		}
	}
	var indexes []string
	if err := s.App.DB().NewQuery("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('sync_changes', 'sync_outcomes')").Column(&indexes); err != nil {
		t.Fatal(err)
	}
	for _, index := range indexes {
		if !used[index] {
			t.Errorf("no question needs the index %s", index)
		}
	}
	if questions < 12 || len(indexes) < 4 {
		t.Errorf("only %d questions were asked, of %d indexes", questions, len(indexes))
	}
	t.Logf("%d questions, indexes %v", questions, indexes)
}

// work asks everything at least once.
func work(t *testing.T, s *apptest.Shop) {
	t.Helper()
	s.Day(apptest.SH).VisitReady()
	one, other := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "technician")
	one.Pull(0)
	other.Pull(0)
	cursor := one.Cursor
	id := apptest.NewID()
	create := one.Mutation(apptest.Create(record.Vehicles, id, map[string]any{record.FieldShop: apptest.SH, record.FieldPlate: "沪A00001"}))
	one.Push(create)
	one.Push(create) // again
	other.Must(apptest.Patch(record.Vehicles, id, 1, map[string]any{record.FieldOdometerKm: 10}))
	one.Push(one.Mutation(apptest.Patch(record.Vehicles, id, 1, map[string]any{record.FieldOdometerKm: 20}))) // two values meet
	refused := one.Mutation(apptest.Patch(record.Vehicles, id, 1, map[string]any{record.FieldOdometerKm: -1}))
	one.Push(refused)
	if outcome := one.Push(one.Mutation(apptest.Patch(record.Vehicles, apptest.NewID(), 1, map[string]any{}))).Outcomes[0].Outcome; outcome != wire.Rejected {
		t.Fatal(outcome)
	}
	reused := one.Mutation(apptest.Patch(record.Vehicles, id, 2, map[string]any{record.FieldOdometerKm: 30}))
	reused.ID = create.ID
	one.Push(reused) // which settles nothing
	for _, after := range []string{cursor, ""} {
		s.Do("GET", "/api/sync/pull?device="+one.ID+"&cursor="+after, one.Token, nil)
	}
	log := s.House.Log
	head, err := log.Head(s.App)
	if err != nil {
		t.Fatal(err)
	}
	customer := ""
	if err := s.App.DB().NewQuery("SELECT id FROM customers LIMIT 1").Row(&customer); err != nil {
		t.Fatal(err)
	}
	for _, view := range []view{{}, {"shop", apptest.SH}, {"customer", customer}} {
		for _, limit := range []int{1, 1000} {
			if _, _, _, err := log.Page(s.App, view, 0, limit); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := log.LastSeen(s.App, view, head); err != nil {
			t.Fatal(err)
		}
		if _, err := log.Since(s.App, view, record.Vehicles, id, 1, one.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := log.AsOf(s.App, record.Vehicles, id, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := log.Deleted(s.App, record.Vehicles, id); err != nil {
		t.Fatal(err)
	}
	if _, _, err := log.Tail(s.App, 0, 1); err != nil {
		t.Fatal(err)
	}
	if _, _, err := changelog.Touched(s.App, apptest.SH, 0, 10, record.Visits); err != nil {
		t.Fatal(err)
	}
	s.Clock.Advance(changelog.Keep + 24*time.Hour)
	log.Prune(s.App, slog.Default())
}

// view is everything an owner has.
type view [2]string

func (v view) Owner() (column, value string) { return v[0], v[1] }
func (v view) Sees(string) bool              { return true }
