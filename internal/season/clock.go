package season

import (
	"container/heap"
	"sync"
	"time"
)

// Clock is the season's time, UTC. It stands still until the season moves it, and never goes back.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock stands at the instant.
func NewClock(at time.Time) *Clock { return &Clock{now: at.UTC()} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move takes the clock to a later time; an earlier one leaves it where it is.
func (c *Clock) Move(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if to.After(c.now) {
		c.now = to.UTC().Truncate(time.Millisecond)
	}
}

// event is something that happens at a time; what was planned first comes first.
type event struct {
	at    time.Time
	order int
	do    func()
}

type schedule []event

func (q schedule) Len() int { return len(q) }
func (q schedule) Less(i, j int) bool {
	return q[i].at.Before(q[j].at) || q[i].at.Equal(q[j].at) && q[i].order < q[j].order
}
func (q schedule) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *schedule) Push(x any)   { *q = append(*q, x.(event)) }
func (q *schedule) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

// at plans for a time, rounded up to the millisecond that the clock knows.
func (s *Season) at(t time.Time, do func()) {
	s.serial++
	t = t.Add(time.Millisecond - 1).Truncate(time.Millisecond)
	heap.Push(&s.events, event{at: t, order: s.serial, do: do})
}

func (s *Season) after(d time.Duration, do func()) { s.at(s.now().Add(d), do) }
