package database_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/database"
)

// pagesOf are the pages in the log of a database and those of them that are in the file, too.
func pagesOf(t *testing.T, db *dbx.DB) (pages, moved int) {
	t.Helper()
	var busy int
	if err := db.NewQuery("PRAGMA wal_checkpoint(NOOP)").Row(&busy, &pages, &moved); err != nil {
		t.Fatal(err)
	}
	return pages, moved
}

// fill commits so many pages, in pieces of 256 KB.
func fill(t *testing.T, db *dbx.DB, pages int) {
	t.Helper()
	for range pages / 64 {
		if _, err := db.NewQuery("INSERT INTO t (b) VALUES (zeroblob(64 * 4096))").Execute(); err != nil {
			t.Fatal(err)
		}
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

func TestCheckpoint(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	open := func() *dbx.DB {
		db, err := database.Open(path, "FULL")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	db, reader := open(), open()
	if _, err := db.NewQuery("CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB)").Execute(); err != nil {
		t.Fatal(err)
	}
	t.Run("X-02 no commit moves the log into the file while there is little of it", func(t *testing.T) {
		fill(t, db, 3000)
		time.Sleep(300 * time.Millisecond) // it is looked at every 100 ms
		if pages, moved := pagesOf(t, db); pages < 3000 || moved != 0 {
			t.Fatalf("%d of %d pages were moved", moved, pages)
		}
	})
	t.Run("X-02 what waits is moved beside the commits, and the log begins anew", func(t *testing.T) {
		fill(t, db, 1500)
		eventually(t, "the pages were not moved", func() bool { pages, moved := pagesOf(t, db); return moved == pages })
		fill(t, db, 64)
		if pages, _ := pagesOf(t, db); pages > 200 {
			t.Errorf("the log goes on at %d pages", pages)
		}
	})
	t.Run("X-02 a reader that stays does not let the log grow for ever", func(t *testing.T) {
		tx, err := reader.Begin()
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if err := tx.NewQuery("SELECT COUNT(*) FROM t").Row(&n); err != nil {
			t.Fatal(err)
		}
		fill(t, db, 5000)
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		fill(t, db, 64)
		eventually(t, "the pages were not moved once the reader had gone", func() bool { pages, moved := pagesOf(t, db); return moved == pages })
	})
	t.Run("X-02 the last to close leaves the file whole and no log", func(t *testing.T) {
		fill(t, db, 64)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := reader.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path + "-wal"); !os.IsNotExist(err) {
			t.Errorf("the log is still there: %v", err)
		}
		if err := reader.Close(); err != nil { // as PocketBase may
			t.Error(err)
		}
		again := open()
		var verdict string
		if err := again.NewQuery("PRAGMA integrity_check").Row(&verdict); err != nil || verdict != "ok" {
			t.Errorf("%s %v", verdict, err)
		}
	})
}

// TestCheckpointWithin: X-02 without the other one, commits bound the log themselves.
func TestCheckpointWithin(t *testing.T) {
	db, err := database.Open(filepath.Join(t.TempDir(), "data.db"), "NORMAL")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var most int
	if err := db.NewQuery("PRAGMA wal_autocheckpoint").Row(&most); err != nil || most < 4000 || most > 20_000 {
		t.Fatalf("commits move the log's pages from %d on: %v", most, err)
	}
}
