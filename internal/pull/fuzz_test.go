package pull_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/scope"
	"aftercare/internal/wire"
)

// FuzzPull: whatever cursor comes, forged, bent, or sealed by us for a place that is none, the answer is a page of the
// caller's own rows or a refusal, and the cursor it hands out can be followed to its end.
func FuzzPull(f *testing.F) {
	s := apptest.New(f)
	s.Day(apptest.SH).JobInProgress()
	s.Day(apptest.HZ).JobInProgress()
	d := s.Device(apptest.SH, "advisor")
	d.Push()
	d.PullPage(3)
	inside := d.Cursor
	d.Pull(0)
	mark := scope.Scope{Shop: apptest.SH}.Mark()
	f.Add(byte(0), "", int64(0), int64(0), 10)
	f.Add(byte(1), "AAAA", int64(3), int64(1), 0)
	f.Add(byte(2), "x", int64(5), int64(255), 1)
	f.Add(byte(3), "abcdefghijklmno", int64(40), int64(3), 2)
	f.Add(byte(4), "", int64(40), int64(0), 5000)
	f.Add(byte(5), "zzzzzzzzzzzzzzz", int64(7), int64(21), 3)
	f.Fuzz(func(t *testing.T, kind byte, text string, n, m int64, limit int) {
		s.Under(t)
		cursor := text
		switch kind % 6 {
		case 1: // one of ours, cut and lengthened
			cursor = d.Cursor[:uint64(n)%uint64(len(d.Cursor))] + text
		case 2: // one of ours, a bit turned
			raw, err := base64.RawURLEncoding.DecodeString(inside)
			if err != nil {
				t.Fatal(err)
			}
			raw[uint64(n)%uint64(len(raw))] ^= byte(m)
			cursor = base64.RawURLEncoding.EncodeToString(raw)
		case 3: // sealed by us, for any place inside a snapshot
			cursor = s.House.Log.Within(mark, n&0xffff, placeOf(m), text)
		case 4: // sealed by us, for any seq, also one that never was: a restored server
			cursor = s.House.Log.At(mark, n)
		case 5: // of another scope
			cursor = s.House.Log.Within(scope.Scope{Shop: apptest.HZ}.Mark(), n&0xff, placeOf(m), text)
		}
		if strings.ContainsRune(text, 0) && kind%6 == 0 {
			cursor = strings.ReplaceAll(text, "\x00", "A")
		}
		if limit > 0 {
			limit = max(limit, 10) // a whole shop row by row takes its time
		}
		follow(t, s, d, cursor, limit)
	})
}

// follow pulls from the cursor to the end.
func follow(t *testing.T, s *apptest.Shop, d *apptest.Device, cursor string, limit int) {
	t.Helper()
	seen := map[string]bool{}
	for more, began := true, cursor; more; began = cursor {
		query := url.Values{"device": {d.ID}, "cursor": {cursor}, "limit": {strconv.Itoa(limit)}}
		a := s.Do(http.MethodGet, "/api/sync/pull?"+query.Encode(), d.Token, nil)
		if a.Status != http.StatusOK {
			if a.Status != http.StatusBadRequest || a.Code() != "sync.cursor" && a.Code() != "sync.malformed" || len(seen) > 0 {
				t.Fatalf("%d %s for %q", a.Status, a.Body, cursor)
			}
			return
		}
		if strings.Contains(string(a.Body), apptest.HZ) || strings.Contains(string(a.Body), apptest.HZ[:2]+"manager") {
			t.Fatalf("rows of the neighbour's for %q: %s", cursor, a.Body)
		}
		var page wire.PullResponse
		if a.JSON(&page); page.Cursor == "" || page.Epoch != s.House.Log.Epoch() {
			t.Fatalf("%s", a.Body)
		}
		cursor, more = page.Cursor, page.More
		if more && seen[cursor] {
			t.Fatalf("the cursor turns in a circle from %q", began)
		}
		seen[cursor] = true
	}
}

// placeOf is the name of a snapshot's collection, or of none.
func placeOf(m int64) string {
	if m = m & 0xff; m < int64(len(scope.Collections)) {
		return scope.Collections[m]
	}
	return "none"
}
