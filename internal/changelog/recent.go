package changelog

import "sync"

const (
	recentEntries = 1000
	recentBytes   = 1 << 20 // of their data
)

// recent is the end of the log as the last commits wrote it, without a gap: who follows the log need not read it.
type recent struct {
	mu      sync.Mutex
	entries []Entry
	bytes   int
}

// add takes what a transaction has committed. Commits may be told in another order than they were made: what does not join
// the end begins anew, and what lies behind it leaves nothing at hand.
func (r *recent) add(committed []Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.entries); n > 0 {
		end := r.entries[n-1].Seq
		if committed[0].Seq != end+1 {
			r.entries, r.bytes = nil, 0
		}
		if committed[0].Seq <= end {
			return
		}
	}
	for i := range committed {
		r.bytes += committed[i].weight()
	}
	r.entries = append(r.entries, committed...)
	drop := 0
	for r.bytes > recentBytes || len(r.entries)-drop > recentEntries {
		r.bytes -= r.entries[drop].weight()
		r.entries[drop] = Entry{} // its texts go, its place when the slice grows
		drop++
	}
	r.entries = r.entries[drop:]
}

func (e *Entry) weight() int { return len(e.Data) + len(e.Prev) }

// since are the entries after the seq; false when not all of them are at hand.
func (r *recent) since(after int64) ([]Entry, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.entries) == 0 || r.entries[0].Seq > after+1 {
		return nil, false
	}
	first := max(0, len(r.entries)-int(max(0, r.entries[len(r.entries)-1].Seq-after)))
	return append([]Entry(nil), r.entries[first:]...), true
}
