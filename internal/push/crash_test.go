package push_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

func TestCrash(t *testing.T) {
	t.Run("X-02 after a crash every acknowledged edit and its outcome are there, once", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		d.Pull(0)
		var sent []wire.Mutation
		for i := range 5 {
			sent = append(sent, d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer(fmt.Sprint(i)))))
		}
		rejected := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("")))
		first := d.Push(append(sent, rejected)...)
		again := s.Crash()
		d.At(again)
		second := d.Push(append(sent, rejected)...)
		for i, o := range second.Outcomes {
			if o.Outcome != first.Outcomes[i].Outcome || o.Commit != first.Outcomes[i].Commit || o.Code != first.Outcomes[i].Code {
				t.Fatalf("%+v, was %+v", o, first.Outcomes[i])
			}
		}
		if n := count(t, again, record.Customers); n != 5 {
			t.Fatalf("%d rows", n)
		}
		d.Pull(0)
		if d.Resets != 1 {
			t.Fatal("a restart without a restore gave a snapshot")
		}
	})
	t.Run("X-02 a server restored from a copy starts a new epoch and takes what it lacks, once", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
		a.Pull(0)
		b.Pull(0)
		early := a.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("早")))
		a.Push(early)
		s.Close()
		backup := s.Copy()

		later := apptest.Reopen(t, s.Dir)
		a.At(later).Pull(0)
		b.At(later).Pull(0)
		lost := a.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("晚")))
		a.Push(lost)
		a.Pull(0)
		later.Close()

		restored := apptest.Reopen(t, backup)
		old := a.Epoch
		resets := a.Resets
		a.At(restored).Pull(0)
		if a.Epoch == old || a.Resets != resets+1 {
			t.Fatalf("epoch %s, %d snapshots: the restore went unnoticed", a.Epoch, a.Resets)
		}
		b.At(restored)
		if answer := b.Send(); answer.Code() != "sync.epoch" {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		if got := a.Push(); got.Seq != 1 {
			t.Fatalf("the server expects %d", got.Seq)
		}
		got := a.Push(early, lost)
		expect(t, got.Outcomes[0], wire.Applied, "")
		expect(t, got.Outcomes[1], wire.Applied, "")
		if n := count(t, restored, record.Customers); n != 2 {
			t.Fatalf("%d rows", n)
		}
		a.Pull(0)
		b.Pull(0)
		if a.Store() != b.Store() {
			t.Fatal("stores differ")
		}
	})
	t.Run("X-02 edits offered again come in their old order across devices", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
		a.Pull(0)
		b.Pull(0)
		other := s.Device(apptest.SH, "agent")
		other.Push()
		id := apptest.NewID()
		made := a.Mutation(apptest.Create(record.Customers, id, customer("李明")))
		made.Commit = 100
		changed := b.Mutation(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldTitle: "先生"}))
		changed.Commit = 101

		hold := make(chan struct{}) // both pushes wait for the writer, the later edit first
		release := make(chan struct{})
		let := sync.OnceFunc(func() { close(release) })
		defer let()
		go func() {
			_ = s.App.RunInTransaction(func(core.App) error { close(hold); <-release; return nil })
		}()
		<-hold
		var wg sync.WaitGroup
		wg.Go(func() { other.Send(other.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("先")))) })
		waitFor(t, func() bool { return s.House.Push.Busy() })
		answers := make([]apptest.Answer, 2)
		wg.Go(func() { answers[1] = b.Send(changed) })
		waitFor(t, func() bool { return s.House.Push.Waiting() == 1 })
		wg.Go(func() { answers[0] = a.Send(made) })
		waitFor(t, func() bool { return s.House.Push.Waiting() == 2 })
		let()
		wg.Wait()
		for _, answer := range answers {
			var response wire.PushResponse
			answer.JSON(&response)
			expect(t, response.Outcomes[0], wire.Applied, "")
		}
	})
}

func waitFor(t *testing.T, happened func() bool) {
	t.Helper()
	for range 500 {
		if happened() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("waited in vain")
}

func TestTrouble(t *testing.T) {
	t.Run("X-02 passing trouble answers retry, however long, and nothing is lost", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		d.Push()
		id := s.App.OnRecordCreate(record.Customers).BindFunc(func(*recordEvent) error { return errors.New("database is locked (5) (SQLITE_BUSY)") })
		m := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
		after := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("王芳")))
		for range 12 {
			got := d.Push(m, after)
			expect(t, got.Outcomes[0], wire.Retry, "sync.busy")
			expect(t, got.Outcomes[1], wire.Retry, "sync.gap")
		}
		s.App.OnRecordCreate(record.Customers).Unbind(id)
		got := d.Push(m, after)
		expect(t, got.Outcomes[0], wire.Applied, "")
		expect(t, got.Outcomes[1], wire.Applied, "")
	})
	t.Run("X-02 a mutation the server cannot digest is retried, then put to the person, and blocks nobody", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		d.Push()
		s.App.OnRecordCreate(record.Customers).BindFunc(func(e *recordEvent) error {
			if e.Record.GetString(record.FieldName) == "毒" {
				panic("poison")
			}
			return e.Next()
		})
		m := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("好")), apptest.Create(record.Customers, apptest.NewID(), customer("毒")))
		after := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("王芳")))
		last := ""
		for range 10 {
			got := d.Push(m, after)
			if last = got.Outcomes[0].Outcome; last != wire.Retry {
				expect(t, got.Outcomes[0], wire.Rejected, "sync.unexpected")
				expect(t, got.Outcomes[1], wire.Applied, "")
				break
			}
		}
		if last != wire.Rejected || count(t, s, record.Customers) != 1 {
			t.Fatal(last)
		}
	})
	t.Run("X-02 pushes after the server began to close are told to come again", func(t *testing.T) {
		s := apptest.New(t)
		d := s.Device(apptest.SH, "advisor")
		d.Push()
		s.House.Push.Close()
		if answer := d.Send(d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))); answer.Status != 503 {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
	})
}

func TestGroup(t *testing.T) {
	t.Run("X-02 many devices at once: every edit lands once, one device's bad one harms nobody", func(t *testing.T) {
		s := apptest.New(t)
		var wg sync.WaitGroup
		const devices, edits = 8, 12
		for n := range devices {
			d := s.Device(apptest.SH, "advisor")
			wg.Go(func() {
				for i := range edits {
					name := fmt.Sprintf("%d-%d", n, i)
					second := customer(name + "b")
					if i%4 == 3 {
						second[record.FieldName] = "" // fails after the first op has written
					}
					answer := d.Send(d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer(name)),
						apptest.Create(record.Customers, apptest.NewID(), second)))
					var response wire.PushResponse
					answer.JSON(&response)
					want := wire.Applied
					if i%4 == 3 {
						want = wire.Rejected
					}
					if len(response.Outcomes) != 1 || response.Outcomes[0].Outcome != want {
						t.Errorf("%s: %d %s", name, answer.Status, answer.Body)
					}
				}
			})
		}
		wg.Wait()
		if n := count(t, s, record.Customers); n != devices*edits*3/4*2 {
			t.Fatalf("%d rows", n)
		}
		var twice int
		_ = s.App.DB().Select("COUNT(*)").From("sync_changes").Where(dbx.HashExp{"collection": record.Customers}).Row(&twice)
		if twice != devices*edits*3/4*2 {
			t.Fatalf("%d entries", twice)
		}
	})
}
