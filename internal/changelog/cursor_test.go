package changelog

import (
	"testing"
	"time"
)

func logWithKey() *Log {
	l := New(time.Now)
	l.meta.key, l.meta.epoch, l.meta.boots = []byte("0123456789abcdef"), "e1", []boot{{ID: "0a0b0c0d"}}
	return l
}

// FuzzCursor: only what this server sealed opens, and it opens to what was sealed.
func FuzzCursor(f *testing.F) {
	l := logWithKey()
	f.Add(l.At([4]byte{1, 2, 3, 4}, 300), int64(7), "jobs", "abcdefghijklmno")
	f.Add(l.Within([4]byte{1}, 70000, "visits", "abc"), int64(1)<<40, "", "")
	f.Add("AAAA", int64(0), "", "")
	f.Fuzz(func(t *testing.T, text string, seq int64, collection, id string) {
		if c, err := l.Read(text); err == nil {
			again := l.At(c.Scope, c.Seq)
			if c.Reading() {
				again = l.Within(c.Scope, c.Snapshot, c.Collection, c.ID)
			}
			if again != text && l.Current(c) && c.Boot == l.bootID() {
				t.Fatalf("%q opens as %+v, which is sealed as %q", text, c, again)
			}
		}
		if seq < 0 || len(collection)+len(id) > 60 {
			return
		}
		c, err := l.Read(l.Within([4]byte{9}, seq, collection, id))
		if err != nil || c.Snapshot != seq || c.Collection != collection || c.ID != id {
			t.Fatalf("%+v %v", c, err)
		}
		if c, err := l.Read(l.At([4]byte{9}, seq)); err != nil || c.Seq != seq || c.Reading() {
			t.Fatalf("%+v %v", c, err)
		}
	})
}

func TestCursorOfAnother(t *testing.T) {
	a, b := logWithKey(), logWithKey()
	b.meta.key = []byte("another server's")
	if _, err := b.Read(a.At([4]byte{}, 5)); err == nil {
		t.Fatal("X-03 a cursor of another server opens")
	}
}
