//go:build unix

package command

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

const (
	kills   = 12 // and more, until there was work enough between them
	tablets = 5

	enoughMutations = 100
	enoughPhotos    = 3
)

// tablet pushes until it is told to end, each batch again until it is answered, as the app does.
type tablet struct {
	device *apptest.Device
	number int
	made   int            // customers entered
	acked  []wire.Outcome // by seq
	count  atomic.Int64   // of them
}

func (b *tablet) batch(chance *rand.Rand) (out []wire.Mutation) {
	for range 1 + chance.IntN(4) {
		var ops []wire.Op
		for range 1 + chance.IntN(2) {
			b.made++
			ops = append(ops, apptest.Create(record.Customers, apptest.NewID(), customer(fmt.Sprintf("%d/%d", b.number, b.made))))
		}
		out = append(out, b.device.Mutation(ops...))
	}
	return out
}

// send pushes a batch until it is acknowledged.
func (b *tablet) send(c *child, batch []wire.Mutation) error {
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(30 * time.Millisecond) {
		got, err := c.push(b.device, batch...)
		if err != nil || len(got.Outcomes) != len(batch) {
			continue // killed, or not there yet
		}
		for _, o := range got.Outcomes {
			if o.Outcome != wire.Applied {
				return fmt.Errorf("%+v", o)
			}
		}
		b.acked = append(b.acked, got.Outcomes...)
		b.count.Add(int64(len(got.Outcomes)))
		return nil
	}
	return fmt.Errorf("device %s was never answered", b.device.ID)
}

func TestKill(t *testing.T) {
	chance := rand.New(rand.NewPCG(9, 9)) // when the server is killed
	dir, s := data(t)
	var all []*tablet
	for n := range tablets {
		all = append(all, &tablet{device: s.Device(apptest.SH, "advisor"), number: n})
	}
	lens := &camera{token: s.Token(apptest.SH, "technician")}
	s.Close()
	c := serve(t, dir)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { lens.shoot(t, c, stop) })
	for n, b := range all {
		wg.Go(func() {
			own := rand.New(rand.NewPCG(uint64(n), 9))
			for !closed(stop) {
				if err := b.send(c, b.batch(own)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	enough := func() bool {
		acked := int64(0)
		for _, b := range all {
			acked += b.count.Load()
		}
		return acked >= enoughMutations && lens.taken.Load() >= enoughPhotos
	}
	killed, began := 0, time.Now()
	for killed < kills || !enough() && time.Since(began) < 2*time.Minute { // a busy machine gets less done between two of them
		time.Sleep(time.Duration(50+chance.IntN(400)) * time.Millisecond)
		c.kill()
		c.start()
		killed++
	}
	close(stop)
	wg.Wait()
	c.kill()
	t.Logf("killed %d times", killed)
	after := apptest.Reopen(t, dir)
	verifyKilled(t, after, all)
	lens.verify(t, after)
}

// verifyKilled: every acknowledged mutation is there once, with the outcome it was answered, in its device's order.
func verifyKilled(t *testing.T, s *apptest.Shop, all []*tablet) {
	t.Helper()
	order := map[int][]int{}
	for _, name := range names(s, t) {
		var device, n int
		if _, err := fmt.Sscanf(name, "%d/%d", &device, &n); err != nil {
			t.Fatal(err)
		}
		order[device] = append(order[device], n)
	}
	acked := 0
	for n, b := range all {
		acked += len(b.acked)
		if len(order[n]) != b.made {
			t.Errorf("X-02 device %d entered %d customers, %d are there", n, b.made, len(order[n]))
		}
		for i, got := range order[n] {
			if got != i+1 {
				t.Fatalf("X-02 device %d: customer %d stands at place %d", n, got, i+1)
			}
		}
		last := int64(0)
		for i, o := range b.acked {
			if o.Seq != int64(i+1) || o.Commit <= last {
				t.Fatalf("X-02 device %d: %+v after commit %d", n, o, last)
			}
			last = o.Commit
		}
	}
	var stored int
	if err := s.App.DB().NewQuery("SELECT COUNT(*) FROM sync_outcomes").Row(&stored); err != nil || stored != acked || acked < enoughMutations {
		t.Errorf("X-02 %d acknowledged mutations, %d stored outcomes (%v)", acked, stored, err)
	}
	t.Logf("X-02 %d mutations acknowledged, each there once", acked)
}
