package live_test

import (
	"fmt"
	"sync"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// TestStorm: tablets push, pull and listen all at once; each ends with the same store, by frames alone or
// with a pull wherever a frame did not fit. Run with -race.
func TestStorm(t *testing.T) {
	s := apptest.New(t)
	const tablets, edits = 6, 15
	all := make([]*apptest.Device, tablets)
	sockets := make([]*apptest.Socket, tablets)
	for i := range all {
		all[i] = s.Device(apptest.SH, "advisor")
		all[i].Push()
	}
	shared := apptest.NewID()
	all[0].Must(apptest.Create(record.Customers, shared, customer("共同")))
	for i, d := range all {
		d.Pull(0)
		sockets[i] = d.Ready()
	}
	var pushes sync.WaitGroup
	for i := range all {
		pushes.Go(func() {
			d := *all[i] // the outbox; the store belongs to the listener
			d.Rows = map[string]map[string]any{}
			for n := range edits {
				d.Send(d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer(fmt.Sprintf("%d-%d", i, n))),
					apptest.Patch(record.Customers, shared, 1, map[string]any{record.FieldAddress: fmt.Sprintf("%d-%d", i, n)})))
				if n%5 == 0 {
					d.Cursor = ""
					d.Pull(10)
				}
			}
		})
	}
	pushes.Wait()
	judge := s.Device(apptest.SH, "advisor")
	judge.Pull(0)
	judge.Pull(0)
	cursor := judge.Cursor
	for i, socket := range sockets {
		socket.Follow(cursor)
		if all[i].Store() != judge.Store() {
			t.Fatalf("tablet %d differs:\n%s\n---\n%s", i, all[i].Store(), judge.Store())
		}
	}
}
