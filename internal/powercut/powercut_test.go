//go:build unix

package powercut_test

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/command"
	"aftercare/internal/database"
	"aftercare/internal/upload"
)

// seed of what arrives and what does not.
const seed = 20261121

// budget bounds the time spent on images: a slow machine tries fewer, never none.
const budget = 20 * time.Second

func TestPowerCut(t *testing.T) {
	l := underLoad(t, command.OpenDB, whole)
	c := &checker{load: l, dir: t.TempDir()}
	chance := rand.New(rand.NewPCG(seed, seed))
	began, houses, prefixes := time.Now(), 0, 0
	total := l.recorder.Now()
	replay := l.recorder.Replay()
	seen, due := -1, map[int]bool{}
	for range 25 { // points at which a whole house is opened on the disk
		due[chance.IntN(total)] = true
	}
	var log walWriter
	for more := true; more && !t.Failed(); {
		var synced bool
		synced, more = replay.Step()
		point := replay.At()
		if acked := l.acked(point); synced || acked != seen {
			seen = acked
			c.check(t, "only what was synced", point, replay.Synced())
		}
		// As many as the time allows, spread over the whole record.
		ahead := time.Since(began)*time.Duration(total) < budget*time.Duration(point)
		switch same := log.same(replay.Written()); {
		case same:
			prefixes++
		case ahead:
			prefixes++
			c.check(t, "in order", point, replay.InOrder())
		}
		if ahead {
			c.check(t, "torn", point, replay.Torn(chance))
		}
		if due[point] {
			houses++
			c.house(t, point, replay.Torn(chance))
		}
	}
	c.house(t, total, replay.Synced())
	if l.acked(total) < 200 || c.images < 200 || c.photos == 0 {
		t.Fatalf("X-02 too little was tried: %d acknowledged, %d images, %d photos", l.acked(total), c.images, c.photos)
	}
	t.Logf("X-02 crash points %d, tried in order %d, acknowledged mutations %d, images %d, opened by a whole house %d, %s",
		total, prefixes, l.acked(total), c.images, houses+1, time.Since(began).Round(time.Millisecond))
}

// walWriter follows the frames of SQLite's log. Until the last byte of a frame that commits is written, the log says
// what it said before, and so does an image in order: its bytes differ only in what recovery passes over.
type walWriter struct{ commits bool }

const (
	walHeader   = 32
	frameHeader = 24
	page        = 4096
)

func (w *walWriter) same(name string, offset int64, b []byte) bool {
	if name != "data.db-wal" || offset < walHeader {
		return false
	}
	switch (offset - walHeader) % (frameHeader + page) {
	case 0: // the second word is the size of the database after the commit, 0 in a frame that does not commit
		w.commits = len(b) == frameHeader && binary.BigEndian.Uint32(b[4:]) != 0
		return len(b) == frameHeader
	case frameHeader:
		return !w.commits && len(b) == page
	}
	return false
}

// The proof can fail: without a sync at each commit, and without syncs of a photo's folders, it finds what is lost.
func TestPowerCutIsSeen(t *testing.T) {
	t.Run("X-02 with synchronous NORMAL acknowledged pushes are lost", func(t *testing.T) {
		l := underLoad(t, func(path string) (*dbx.DB, error) { return database.Open(path, "NORMAL") }, whole)
		if lost := lost(t, l); lost == 0 {
			t.Fatal("nothing was found lost")
		}
	})
	t.Run("R-07 without a sync of the folders acknowledged photos are lost", func(t *testing.T) {
		l := underLoad(t, command.OpenDB, func(d upload.Disk) upload.Disk { return careless{d} })
		if lost := lost(t, l); lost == 0 {
			t.Fatal("nothing was found lost")
		}
	})
}

// lost counts the points at which a disk that holds only what was synced lacks something acknowledged.
func lost(t *testing.T, l *load) (n int) {
	t.Helper()
	c := &checker{load: l, dir: t.TempDir()}
	replay, seen := l.recorder.Replay(), 0
	for more := true; more && n == 0; {
		_, more = replay.Step()
		if acked := l.acked(replay.At()); acked != seen {
			seen = acked
			if c.examine(replay.At(), replay.Synced()) != nil {
				n++
			}
		}
	}
	return n
}

// careless is a disk whose folders are never synced.
type careless struct{ upload.Disk }

func (careless) SyncFolder(string) error { return nil }

func whole(d upload.Disk) upload.Disk { return d }
