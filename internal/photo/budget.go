package photo

import (
	"context"
	"runtime/debug"

	"golang.org/x/sync/semaphore"
)

// budget is the memory all pictures being worked on may take together, in bytes: each is weighed by what its header
// says it will need, so that sixteen tablets' snapshots go through side by side and one huge picture goes alone.
var budget = semaphore.NewWeighted(MaxMemory)

// worthReturning is the size from which a picture's memory is given back to the system at once: two huge ones in a
// row would otherwise stand in memory together until the next collection.
const worthReturning = 128 << 20

func reserve(ctx context.Context, memory int64) (release func(), err error) {
	if err := budget.Acquire(ctx, memory); err != nil {
		return nil, err
	}
	return func() {
		if memory > worthReturning {
			debug.FreeOSMemory()
		}
		budget.Release(memory)
	}, nil
}
