package pull_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

func customer(name string) map[string]any {
	return map[string]any{record.FieldShop: apptest.SH, record.FieldName: name}
}

// made pushes n customers, a mutation each, and returns their ids.
func made(d *apptest.Device, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = apptest.NewID()
		d.Must(apptest.Create(record.Customers, ids[i], customer(fmt.Sprint(i))))
	}
	return ids
}

func same(t *testing.T, a, b *apptest.Device) {
	t.Helper()
	if a.Store() != b.Store() {
		t.Fatalf("stores differ:\n%s\n---\n%s", a.Store(), b.Store())
	}
}

func TestSnapshot(t *testing.T) {
	t.Run("X-03 a snapshot read in pages shows one moment, whatever is written meanwhile", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
		ids := made(a, 30)
		a.Pull(0)
		moment := ""
		page := b.PullPage(3)
		if !page.Reset || !page.More {
			t.Fatalf("%+v", page)
		}
		a.Pull(0)
		moment = a.Store() // all that b's snapshot may show: the device b itself was there before it
		for i := 0; page.More && b.Cursor != a.Cursor; i++ {
			id := ids[(i*7)%len(ids)]
			a.Pull(0)
			a.Must(apptest.Patch(record.Customers, id, a.Version(record.Customers, id), map[string]any{record.FieldTitle: fmt.Sprint(i)}))
			made(a, 1)
			page = b.PullPage(3)
			if page.Reset {
				t.Fatal("the snapshot began again")
			}
			if len(page.Ops) > 0 && page.Ops[0].Op != wire.Put {
				break // the log after the snapshot
			}
			if len(page.Ops) < 3 { // the last page of the snapshot
				if b.Store() != moment {
					t.Fatalf("not one moment:\n%s\n---\n%s", b.Store(), moment)
				}
			}
		}
		a.Pull(0)
		b.Pull(2)
		same(t, a, b)
		if b.Resets != 1 {
			t.Fatal(b.Resets)
		}
	})
	t.Run("X-03 a row deleted while a snapshot is read is gone at its end", func(t *testing.T) {
		s := apptest.New(t)
		visit := s.Day(apptest.SH).VisitOpen()
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
		var concerns []string
		for range 4 {
			id := apptest.NewID()
			a.Must(apptest.Create(record.Concerns, id, map[string]any{record.FieldShop: apptest.SH, record.FieldVisit: visit.Id, record.FieldWords: "x"}))
			concerns = append(concerns, id)
		}
		b.PullPage(2)
		for _, id := range concerns {
			a.Must(apptest.Delete(record.Concerns, id, 1))
		}
		a.Pull(0)
		b.Pull(2)
		same(t, a, b)
	})
	t.Run("X-03 O-06 what is deleted or moves away while a snapshot is read is in it: a server restored to before that has it still", func(t *testing.T) {
		s := apptest.New(t)
		day := s.Day(apptest.SH)
		visit := day.VisitOpen()
		staff, office := s.Device(apptest.SH, "advisor"), s.Device(apptest.HZ, "head_office") // who hold everything
		customers, concerns := made(staff, 6), make([]string, 4)
		for i := range concerns {
			concerns[i] = apptest.NewID()
			staff.Must(apptest.Create(record.Concerns, concerns[i], map[string]any{record.FieldShop: apptest.SH, record.FieldVisit: visit.Id, record.FieldWords: "x"}))
		}
		office.Pull(0)
		readers := []struct {
			d, whole *apptest.Device
			moment   string
		}{{d: s.Device(apptest.SH, "manager"), whole: staff}, {d: s.Device(apptest.HZ, "head_office"), whole: office}}
		for i := range readers { // the first is bound before head office's snapshot begins
			r := &readers[i]
			r.d.PullPage(2)
			r.whole.Pull(0)
			r.moment = r.whole.Store()
		}
		for _, id := range customers {
			row, err := s.App.FindRecordById(record.Customers, id)
			if err != nil {
				t.Fatal(err)
			}
			if err := day.PatchAs(record.System(""), row, map[string]any{record.FieldShop: apptest.HZ}); err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range concerns {
			staff.Must(apptest.Delete(record.Concerns, id, 1))
		}
		for _, r := range readers {
			for inside := true; inside; {
				r.d.PullPage(2)
				at, err := s.House.Log.Read(r.d.Cursor)
				if err != nil {
					t.Fatal(err)
				}
				inside = at.Reading()
			}
			if r.d.Store() != r.moment {
				t.Errorf("not the moment of the snapshot:\n%s\n---\n%s", r.d.Store(), r.moment)
			}
			r.d.Pull(2)
			r.whole.Pull(0)
			same(t, r.whole, r.d)
		}
	})
	t.Run("a page holds as many rows as asked for, at most 5,000", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		if page := d.PullPage(4); len(page.Ops) != 4 {
			t.Fatal(len(page.Ops))
		}
		for _, limit := range []string{"0", "-1", "many"} {
			if answer := s.Do(http.MethodGet, "/api/sync/pull?device="+d.ID+"&limit="+limit, d.Token, nil); answer.Status != 400 || answer.Code() != "sync.malformed" {
				t.Errorf("limit %s: %d %s", limit, answer.Status, answer.Body)
			}
		}
		if answer := s.Do(http.MethodGet, "/api/sync/pull?device="+d.ID+"&limit=99999", d.Token, nil); answer.Status != 200 {
			t.Errorf("%d", answer.Status)
		}
	})
}

func TestFollow(t *testing.T) {
	t.Run("X-03 a page ends where an act ends, even when the act is longer than the page", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
		a.Push()
		b.Pull(0)
		var ops []wire.Op
		for range 6 {
			ops = append(ops, apptest.Create(record.Customers, apptest.NewID(), customer("x")))
		}
		made(a, 2)
		a.Must(ops...)
		made(a, 1)
		sizes := []int{}
		for more := true; more; {
			page := b.PullPage(4)
			sizes = append(sizes, len(page.Ops))
			more = page.More
		}
		if fmt.Sprint(sizes) != "[2 6 1]" {
			t.Fatal(sizes)
		}
	})
	t.Run("X-03 a patch carries only what changed; several of one row come as one", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
		id := made(a, 1)[0]
		b.Pull(0)
		a.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldTitle: "先生"}))
		a.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldTitle: "女士", record.FieldWishes: "茶"}))
		page := b.PullPage(0)
		if len(page.Ops) != 1 || page.Ops[0].Op != wire.Patch || page.Ops[0].Version != 3 {
			t.Fatalf("%+v", page.Ops)
		}
		data := string(page.Ops[0].Data)
		if !strings.Contains(data, "女士") || !strings.Contains(data, "茶") || strings.Contains(data, record.FieldAddress) {
			t.Fatal(data)
		}
	})
	t.Run("X-03 a row made and changed within a page comes whole, one made and deleted goes", func(t *testing.T) {
		s := apptest.New(t)
		visit := s.Day(apptest.SH).VisitOpen()
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
		a.Push()
		b.Pull(0)
		kept, gone := apptest.NewID(), apptest.NewID()
		words := map[string]any{record.FieldShop: apptest.SH, record.FieldVisit: visit.Id, record.FieldWords: "x"}
		a.Must(apptest.Create(record.Concerns, kept, words), apptest.Create(record.Concerns, gone, words))
		a.Must(apptest.Patch(record.Concerns, kept, 1, map[string]any{record.FieldPosition: 3}), apptest.Delete(record.Concerns, gone, 1))
		page := b.PullPage(0)
		if len(page.Ops) != 2 || page.Ops[0].Op != wire.Put || page.Ops[1].Op != wire.Delete {
			t.Fatalf("%+v", page.Ops)
		}
		if b.Rows["concerns/"+kept][record.FieldPosition] != 3.0 || b.Rows["concerns/"+gone] != nil {
			t.Fatal(b.Store())
		}
	})
	t.Run("X-03 nothing new: the cursor stays as it is", func(t *testing.T) {
		s := apptest.New(t)
		a, hz := s.Device(apptest.SH, "advisor"), s.Device(apptest.HZ, "advisor")
		hz.Push()
		a.Pull(0)
		before := a.Cursor
		hz.Must(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.HZ, record.FieldName: "杭"}))
		if page := a.PullPage(0); page.Cursor != before || len(page.Ops) != 0 || page.More || page.Reset {
			t.Fatalf("%+v", page)
		}
	})
	t.Run("X-03 away for longer than tombstones are kept: a snapshot", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
		a.Push()
		b.Pull(0)
		made(a, 3)
		s.Clock.Advance(91 * 24 * time.Hour)
		made(a, 1)
		s.House.Log.Prune(s.App, s.App.Logger())
		b.Pull(0)
		a.Pull(0)
		if b.Resets != 2 {
			t.Fatal(b.Resets)
		}
		same(t, a, b)
	})
	t.Run("X-03 pruned below a quiet shop's cursor: it still follows", func(t *testing.T) {
		s := apptest.New(t)
		a, hz := s.Device(apptest.SH, "advisor"), s.Device(apptest.HZ, "advisor")
		hz.Pull(0)
		made(a, 3)
		s.Clock.Advance(91 * 24 * time.Hour)
		made(a, 2)
		s.House.Log.Prune(s.App, s.App.Logger())
		hz.Pull(0)
		if hz.Resets != 1 {
			t.Fatal(hz.Resets)
		}
	})
	t.Run("X-03 a quiet shop whose every change was pruned: who missed them takes a snapshot, who saw them follows", func(t *testing.T) {
		s := apptest.New(t)
		sh, away, here := s.Device(apptest.SH, "advisor"), s.Device(apptest.HZ, "manager"), s.Device(apptest.HZ, "advisor")
		away.Pull(0)
		here.Pull(0)
		away.Pull(0) // sees that the other device was bound
		id := apptest.NewID()
		here.Must(apptest.Create(record.Customers, id, map[string]any{record.FieldShop: apptest.HZ, record.FieldName: "杭"}))
		here.Pull(0)
		made(sh, 3) // so that the newest of what is old is another shop's
		s.Clock.Advance(91 * 24 * time.Hour)
		made(sh, 1)
		s.House.Log.Prune(s.App, s.App.Logger())
		away.Pull(0)
		here.Pull(0)
		if away.Rows["customers/"+id] == nil || away.Resets != 2 || here.Resets != 1 {
			t.Fatal(away.Rows["customers/"+id], away.Resets, here.Resets)
		}
		same(t, away, here)
	})
}

func TestCursor(t *testing.T) {
	s := apptest.New(t)
	d := s.Device(apptest.SH, "advisor")
	d.Pull(0)
	get := func(cursor string) apptest.Answer {
		return s.Do(http.MethodGet, "/api/sync/pull?device="+d.ID+"&cursor="+cursor, d.Token, nil)
	}
	t.Run("X-03 a cursor this server never made is malformed", func(t *testing.T) {
		forged := []byte(d.Cursor)
		forged[len(forged)/2] ^= 1
		for _, cursor := range []string{"x", "%20", string(forged), d.Cursor[:len(d.Cursor)-1], d.Cursor + "A", strings.Repeat("A", 400), "bnVsbA"} {
			if answer := get(cursor); answer.Status != 400 || answer.Code() != "sync.cursor" {
				t.Errorf("%q: %d %s", cursor, answer.Status, answer.Body)
			}
		}
	})
	t.Run("X-03 another scope's cursor gives a snapshot of one's own", func(t *testing.T) {
		hz := s.Device(apptest.HZ, "advisor")
		hz.Cursor = d.Cursor
		if page := hz.PullPage(0); !page.Reset {
			t.Fatal("rows of another shop would have been kept")
		}
	})
	t.Run("X-03 another epoch's cursor gives a snapshot", func(t *testing.T) {
		if err := s.House.Log.NewEpoch(s.App); err != nil {
			t.Fatal(err)
		}
		page := d.PullPage(0)
		if !page.Reset || page.Epoch != s.House.Log.Epoch() {
			t.Fatalf("%+v", page)
		}
	})
	t.Run("X-02 without a login: 401", func(t *testing.T) {
		if answer := s.Do(http.MethodGet, "/api/sync/pull?device="+d.ID, "", nil); answer.Status != 401 || answer.Code() != "device.signed_out" {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
	})
	t.Run("the answer is packed for who asks", func(t *testing.T) {
		answer := s.Do(http.MethodGet, "/api/sync/pull?device="+d.ID, d.Token, nil, "Accept-Encoding", "gzip")
		r, err := gzip.NewReader(bytes.NewReader(answer.Body))
		if err != nil {
			t.Fatal(err)
		}
		var page wire.PullResponse
		if err := json.NewDecoder(r).Decode(&page); err != nil || len(page.Ops) == 0 {
			t.Fatal(err)
		}
	})
}
