package backup

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"time"

	"aftercare/internal/database"
)

// Names in the data folder that are ours, not data: no archive holds them and no restore replaces them.
const (
	holdName    = ".in-use"     // who has it locked owns the folder: a server, or a restore that puts data in place
	stagingName = ".restoring"  // who has it locked prepares a restore, or makes a backup
	stageName   = "restore"     // a restore's data until it is put in place
	asidePrefix = "replaced-"   // data that a restore has replaced
	backupsName = "backups"     // where backups go by default
	workInfix   = ".unfinished" // a backup being made
)

// ErrInUse says that another process owns the data folder.
var ErrInUse = errors.New("another server runs on this data folder 该数据目录已有服务在运行")

// Hold is the ownership of a data folder. It ends with Release or with the process, however that ends: it is SQLite's
// lock on an empty file, which works wherever the database does.
type Hold struct {
	db   *sql.DB
	conn *sql.Conn
}

// lock takes the lock of that name in the folder, or returns ErrInUse at once.
func lock(dir, name string) (*Hold, error) {
	db, err := sql.Open(database.Driver, filepath.Join(dir, name)+"?_pragma=busy_timeout(0)")
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(context.Background())
	if err == nil {
		if _, err = conn.ExecContext(context.Background(), "BEGIN EXCLUSIVE"); err == nil {
			return &Hold{db, conn}, nil
		}
		_ = conn.Close()
	}
	_ = db.Close()
	if isBusy(err) {
		return nil, ErrInUse
	}
	return nil, err
}

// takeStaging makes the caller the one that prepares a backup or a restore of the folder. Errors: ErrPending, also while
// a restore waits to be put in place.
func takeStaging(dir string) (*Hold, error) {
	h, err := lock(dir, stagingName)
	if errors.Is(err, ErrInUse) || err == nil && Pending(dir) {
		h.Release()
		return nil, ErrPending
	}
	return h, err
}

// Release gives the folder free.
func (h *Hold) Release() {
	if h == nil {
		return
	}
	_, _ = h.conn.ExecContext(context.Background(), "ROLLBACK") // ends with the connection otherwise
	_ = h.conn.Close()
	_ = h.db.Close()
}

// busyCode is SQLITE_BUSY.
const busyCode = 5

func isBusy(err error) bool {
	var coded interface{ Code() int }
	return errors.As(err, &coded) && coded.Code()&0xff == busyCode
}

// Times of waiting: for a restore that another process puts in place, for programs that still have the old database
// open, and for a server that is just ending.
const (
	swapPatience  = time.Minute
	alonePatience = 30 * time.Second
	endPatience   = 3 * time.Second
	lookEvery     = 100 * time.Millisecond
)

// Take makes the caller the owner of the folder, which is made when there is none, and finishes a restore that waits there. Errors: ErrInUse.
func Take(dir string) (*Hold, *Restored, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	for began := time.Now(); ; time.Sleep(lookEvery) {
		h, err := lock(dir, holdName)
		if err == nil {
			restored, err := finish(dir)
			if err != nil {
				h.Release()
				return nil, nil, err
			}
			removeStaged(dir)
			return h, restored, nil
		}
		patience := endPatience
		if Pending(dir) {
			patience = swapPatience
		}
		if !errors.Is(err, ErrInUse) || time.Since(began) > patience {
			return nil, nil, err
		}
	}
}

// Settle finishes a restore that waits in the folder, or waits until its owner has, for a program that will open the
// database beside a server. It owns nothing afterwards.
func Settle(dir string) error {
	if !Pending(dir) {
		return nil
	}
	h, _, err := Take(dir)
	if errors.Is(err, ErrInUse) && !Pending(dir) {
		return nil
	}
	h.Release()
	return err
}

// removeStaged removes what a restore that was killed has prepared and not decided.
func removeStaged(dir string) {
	if _, err := os.Stat(filepath.Join(dir, stageName)); err != nil {
		return
	}
	if staging, err := lock(dir, stagingName); err == nil {
		if !Pending(dir) {
			_ = os.RemoveAll(filepath.Join(dir, stageName)) // paper: the next restore removes it, too
		}
		staging.Release()
	}
}
