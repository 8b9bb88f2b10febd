package push_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// Restored by copying files, which nobody tells the server: the cursors do.
func TestCopiedBack(t *testing.T) {
	create := func(d *apptest.Device, name string) wire.Mutation {
		return d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer(name)))
	}
	// split is a house that went on after it was copied, closed, and the copy.
	split := func(t *testing.T) (copied string, d *apptest.Device, early, late wire.Mutation) {
		first := apptest.New(t)
		d = first.Device(apptest.SH, "advisor")
		d.Pull(0)
		early = create(d, "早")
		d.Push(early)
		d.Pull(0)
		first.Close()
		copied = first.Copy()
		s := apptest.Reopen(t, first.Dir)
		late = create(d.At(s), "晚")
		d.Push(late)
		d.Pull(0)
		s.Close()
		return copied, d, early, late
	}
	// healed offers everything again and looks that it is there once.
	healed := func(t *testing.T, s *apptest.Shop, d *apptest.Device, rows int64, again ...wire.Mutation) {
		t.Helper()
		d.Pull(0)
		for _, o := range d.Push(again...).Outcomes {
			expect(t, o, wire.Applied, "")
		}
		if n := count(t, s, record.Customers); n != rows {
			t.Fatalf("%d rows", n)
		}
	}
	t.Run("X-02 a device that pushes first is told, and nothing it based on the lost life is judged", func(t *testing.T) {
		copied, d, early, late := split(t)
		s := apptest.Reopen(t, copied)
		epoch := d.Epoch
		next := d.At(s).Mutation(apptest.Patch(record.Customers, late.Ops[0].ID, 1, map[string]any{record.FieldTitle: "先生"}))
		if answer := d.Send(next); answer.Status != 409 || answer.Code() != "sync.epoch" {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		healed(t, s, d, 2, early, late, next)
		if d.Epoch == epoch {
			t.Fatal("no new epoch")
		}
	})
	t.Run("X-02 restored again to the same copy, a device that holds the life in between gives it away, and only once", func(t *testing.T) {
		copied, d, _, _ := split(t)
		again := t.TempDir()
		for _, name := range []string{"data.db", "auxiliary.db"} {
			b, err := os.ReadFile(filepath.Join(copied, name))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(again, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		between := apptest.Reopen(t, copied)
		first := d.Epoch
		d.At(between).Pull(0) // its cursor shows the restore: the epoch in between begins
		other := between.Device(apptest.SH, "manager")
		other.Pull(0)
		between.Close()
		s := apptest.Reopen(t, again) // holds the first epoch's name again
		d.At(s).Pull(0)
		second := d.Epoch
		if second == first || second == other.Epoch {
			t.Fatal("an epoch that was over has come back")
		}
		other.At(s).Pull(0)
		if other.Epoch != second {
			t.Fatal("each device that comes from the lost life begins another epoch")
		}
	})
	t.Run("X-02 all tablets come at once and tell of the same restore: one epoch begins, not one for each", func(t *testing.T) {
		copied, d, _, _ := split(t)
		s := apptest.Reopen(t, copied)
		told := make(chan string)
		for range 8 {
			go func() {
				_, err := s.House.Log.Open(s.App, d.Cursor)
				told <- fmt.Sprint(s.House.Log.Epoch(), err)
			}()
		}
		first := <-told
		for range 7 {
			if epoch := <-told; epoch != first || epoch == fmt.Sprint(d.Epoch, nil) {
				t.Fatal("another epoch for the same restore:", first, epoch)
			}
		}
	})
	t.Run("X-02 the copy was started, used and stopped in between", func(t *testing.T) {
		copied, d, early, late := split(t)
		other := apptest.Reopen(t, copied)
		b := other.Device(apptest.SH, "manager")
		b.Pull(0)
		for range 5 { // its log grows beyond where the lost life had come
			b.Push(create(b, "其间"))
		}
		b.Pull(0)
		other.Close()
		s := apptest.Reopen(t, copied)
		epoch := d.Epoch
		healed(t, s, d.At(s), 7, early, late)
		if d.Epoch == epoch {
			t.Fatal("no new epoch")
		}
		b.At(s).Pull(0)
		d.Pull(0)
		if b.Resets != 2 || b.Store() != d.Store() {
			t.Fatalf("%d snapshots, or the stores differ", b.Resets)
		}
	})
	t.Run("X-02 copied back twice", func(t *testing.T) {
		copied, d, early, late := split(t)
		second := filepath.Join(t.TempDir(), "second")
		if err := os.CopyFS(second, os.DirFS(copied)); err != nil {
			t.Fatal(err)
		}
		for _, dir := range []string{copied, second} {
			s := apptest.Reopen(t, dir)
			epoch := d.Epoch
			healed(t, s, d.At(s), 2, early, late)
			d.Pull(0)
			s.Close()
			if d.Epoch == epoch {
				t.Fatal("no new epoch")
			}
		}
	})
}
