package route

import (
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
)

// limit is how often one address may ask at a public door: burst times at once, then once every interval. It counts in
// the server's real time, as logins do.
type limit struct {
	burst    int
	interval time.Duration

	mu    sync.Mutex
	spent map[string]spent
	swept time.Time
}

type spent struct {
	tokens float64
	at     time.Time
}

func newLimit(burst int, interval time.Duration) *limit {
	return &limit{burst: burst, interval: interval, spent: map[string]spent{}}
}

// allow takes one token of the key.
func (l *limit) allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	s, known := l.spent[key]
	if !known {
		s = spent{tokens: float64(l.burst), at: now}
	}
	s.tokens = min(float64(l.burst), s.tokens+now.Sub(s.at).Seconds()/l.interval.Seconds())
	s.at = now
	ok := s.tokens >= 1
	if ok {
		s.tokens--
	}
	l.spent[key] = s
	return ok
}

// sweep forgets who has been quiet for long enough to be fresh again.
func (l *limit) sweep(now time.Time) {
	full := l.interval * time.Duration(l.burst)
	if now.Sub(l.swept) < full {
		return
	}
	l.swept = now
	for key, s := range l.spent {
		if now.Sub(s.at) >= full {
			delete(l.spent, key)
		}
	}
}

// limited answers 429 access.too_many to an address that asks too often.
func limited(l *limit) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		if !l.allow(e.RealIP(), time.Now()) {
			e.Response.Header().Set("Retry-After", "60")
			return Fail(e, fault.New(fault.TooMany, "access.too_many"))
		}
		return e.Next()
	}
}
