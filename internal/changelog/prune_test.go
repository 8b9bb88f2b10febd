package changelog_test

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/apptest"
	"aftercare/internal/changelog"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// oldEntries is long enough for a prune in one piece to be felt, short enough for every test run.
const oldEntries = 60_000

func TestPruneLong(t *testing.T) {
	s := apptest.New(t)
	d := s.Device(apptest.SH, "advisor")
	d.Pull(0)
	d.Must(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldName: "今"}))
	fill(t, s, oldEntries)
	d.Must(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldName: "今"}))
	s.Clock.Advance(changelog.Keep + time.Hour)
	d.Must(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldName: "今"}))

	began, ended := time.Now(), make(chan time.Duration)
	go func() {
		s.House.Log.Prune(s.App, s.App.Logger())
		ended <- time.Since(began)
	}()
	longest, took, pushes := time.Duration(0), time.Duration(0), 0
	for ; took == 0; pushes++ {
		asked := time.Now()
		d.Must(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldName: "今"}))
		longest = max(longest, time.Since(asked))
		select {
		case took = <-ended:
			t.Logf("X-03 pruned %d entries in %s; of %d pushes meanwhile the longest took %s", oldEntries, took.Round(time.Millisecond),
				pushes+1, longest.Round(time.Millisecond))
		default:
		}
	}
	if longest > took/3 { // in one piece a push would wait for nearly all of it, on a machine of any speed
		t.Errorf("X-03 a push took %s while the log was pruned in %s", longest, took)
	}
	var left int
	if err := s.App.DB().NewQuery("SELECT COUNT(*) FROM sync_changes WHERE actor = 'old'").Row(&left); err != nil || left > 60 {
		t.Errorf("X-03 %d old entries are left (%v)", left, err)
	}
}

// fill appends entries of rows that are long gone, of fifty customers, as a busy year would leave them.
func fill(t *testing.T, s *apptest.Shop, n int) {
	t.Helper()
	_, err := s.App.NonconcurrentDB().NewQuery(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:n})
		INSERT INTO sync_changes (seq, unit, at, shop, customer, collection, record, version, op, data, prev, actor, device, mutation)
		SELECT head + i, head + i, {:at}, {:shop}, printf('customer%07d', i % 50), 'jobs', lower(hex(randomblob(7))), 1 + i % 9, 'update',
			json_object('note', hex(randomblob(60))), json_object('note', hex(randomblob(60))), 'old', '', '' FROM n, (SELECT MAX(seq) AS head FROM sync_changes)`).
		Bind(dbx.Params{"n": n, "at": changelog.Stamp(s.Clock.Now()), "shop": apptest.SH}).Execute()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAwayForLong(t *testing.T) {
	s := apptest.New(t)
	here, away := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
	here.Pull(0)
	visit := s.Day(apptest.SH).VisitOpen()
	ids := map[string]string{}
	for _, name := range []string{"kept", "edited", "same"} {
		ids[name] = apptest.NewID()
		here.Must(apptest.Create(record.Customers, ids[name], map[string]any{record.FieldShop: apptest.SH, record.FieldName: name}))
	}
	gone := apptest.NewID()
	here.Must(apptest.Create(record.Concerns, gone, map[string]any{record.FieldShop: apptest.SH, record.FieldVisit: visit.Id, record.FieldWords: "异响"}))
	away.Pull(0)

	// Offline from here: edits made before anybody else's, and sent a hundred days later.
	edit := func(name, field string, value any) wire.Mutation {
		return away.Mutation(apptest.Patch(record.Customers, ids[name], 1, map[string]any{field: value}))
	}
	offline := []wire.Mutation{edit("kept", record.FieldTitle, "女士"),
		away.Mutation(apptest.Patch(record.Concerns, gone, 1, map[string]any{record.FieldPosition: 3})), edit("edited", record.FieldTitle, "女士"), edit("same", record.FieldAddress, "离线"),
		away.Mutation(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldName: "new"}))}

	here.Must(apptest.Patch(record.Customers, ids["edited"], 1, map[string]any{record.FieldAddress: "在店"}))
	here.Must(apptest.Patch(record.Customers, ids["same"], 1, map[string]any{record.FieldAddress: "在店"}))
	here.Must(apptest.Delete(record.Concerns, gone, 1))
	s.Clock.Advance(100 * 24 * time.Hour)
	here.Token, away.Token = s.Token(apptest.SH, "advisor"), s.Token(apptest.SH, "manager")
	here.Must(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldName: "later"}))
	s.House.Log.Prune(s.App, s.App.Logger())

	got := away.Push(offline...)
	t.Run("X-02 every edit made offline ends with an outcome and a reason", func(t *testing.T) {
		want := []string{wire.Applied, wire.Rejected, wire.Merged, wire.Merged, wire.Applied}
		for i, o := range got.Outcomes {
			if o.Outcome != want[i] || o.Outcome == wire.Rejected && (o.Code == "" || o.Message == "") {
				t.Errorf("edit %d: %+v, want %s", i, o, want[i])
			}
		}
	})
	t.Run("X-03 an old cursor gets a snapshot, and what was deleted stays deleted", func(t *testing.T) {
		resets := away.Resets
		away.Pull(0)
		here.Pull(0)
		if away.Resets != resets+1 || away.Rows[record.Concerns+"/"+gone] != nil {
			t.Error(away.Resets, away.Rows[record.Concerns+"/"+gone])
		}
		if _, err := s.App.FindRecordById(record.Concerns, gone); err == nil {
			t.Error("it has risen again")
		}
		for range 5 { // the house's own clockwork may write between the two
			if away.Cursor == here.Cursor {
				break
			}
			away.Pull(0)
			here.Pull(0)
		}
		if away.Store() != here.Store() {
			t.Error("the stores differ")
		}
	})
}
