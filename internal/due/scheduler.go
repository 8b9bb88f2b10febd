package due

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// Job is one thing the scheduler looks after in one shop. It must be idempotent: it makes rows by Ensure, Settle, Drop and
// notify.Queue, each a transaction of its own, and may be called at any time, again and again. It reads outside of any
// transaction, so that a round never keeps a tablet's push waiting.
type Job struct {
	Name string
	Run  func(app core.App, shop *record.Shop, now time.Time) error
}

// look is how often the scheduler asks its clock whether a minute has passed. A test clock that was moved is noticed
// within it.
const look = 5 * time.Second

// Scheduler runs the jobs for every shop each minute of its clock.
type Scheduler struct {
	app   core.App
	clock func() time.Time
	jobs  []Job
	wake  chan struct{}
	round sync.Mutex
	last  time.Time // minute of the last round
}

// New returns a scheduler of the jobs.
func New(app core.App, clock func() time.Time, jobs ...Job) *Scheduler {
	return &Scheduler{app: app, clock: clock, jobs: jobs, wake: make(chan struct{}, 1)}
}

// Poke makes Run look at once, whatever the minute.
func (s *Scheduler) Poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run goes round until ctx ends.
func (s *Scheduler) Run(ctx context.Context) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if minute := s.clock().UTC().Truncate(time.Minute); !minute.Equal(s.last) {
			s.last = minute
			if err := s.Round(ctx); err != nil && !errors.Is(err, context.Canceled) {
				s.app.Logger().Error("scheduler", slog.String("error", err.Error()))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.wake:
			s.last = time.Time{}
		}
	}
}

// Round runs every job for every shop once. A job that fails stops no other; the errors are joined.
func (s *Scheduler) Round(ctx context.Context) error {
	s.round.Lock()
	defer s.round.Unlock()
	shops, err := s.app.FindAllRecords(record.Shops)
	if err != nil {
		return err
	}
	var failures []error
	for _, shop := range shops {
		for _, job := range s.jobs {
			if ctx.Err() != nil {
				return errors.Join(append(failures, ctx.Err())...)
			}
			if err := job.Run(s.app, record.AsShop(shop), s.clock().UTC()); err != nil {
				failures = append(failures, fmt.Errorf("%s in %s: %w", job.Name, shop.Id, err))
			}
		}
	}
	return errors.Join(failures...)
}
