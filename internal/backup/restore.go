package backup

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"aftercare/internal/changelog"
	"aftercare/internal/database"
)

// Restored is what became of a restore.
type Restored struct {
	Head  Head
	Epoch string // the new life of the database
	Aside string // where the replaced data lies; "" when there was none
	Kept  int    // photos of the replaced data that the backup did not have, and that were taken over
}

// ErrPending says that a backup is being made, or a restore prepared or waiting to be put in place.
var ErrPending = errors.New("another backup or restore of this data folder is under way 该数据目录正在进行另一次备份或恢复")

// Restore puts the backup in the place of the folder's data. Without a server it does so itself; a running one notices
// what was prepared, ends, and puts it in place before it starts anew. Errors: ErrCut and ErrAltered, with nothing
// touched; ErrPending; ErrInUse when the server has not taken it over within a minute, then it is at its next start.
func Restore(dir, archive string, now time.Time) (Restored, error) {
	if _, err := Verify(archive); err != nil {
		return Restored{}, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Restored{}, err
	}
	staging, err := takeStaging(dir)
	if err != nil {
		return Restored{}, err
	}
	defer staging.Release()
	p, err := stage(dir, archive, now)
	if err != nil {
		return Restored{}, errors.Join(err, os.RemoveAll(filepath.Join(dir, stageName)))
	}
	for began := time.Now(); Pending(dir); time.Sleep(lookEvery) {
		if err := finishUnowned(dir); err != nil && (!errors.Is(err, ErrInUse) || time.Since(began) > swapPatience) {
			return Restored{}, fmt.Errorf("%w (恢复已就绪，下次启动服务时继续 the restore is ready and goes on when the server starts next)", err)
		}
	}
	return outcome(dir, p)
}

// finishUnowned puts the restore in place when no server owns the folder. Errors: ErrInUse.
func finishUnowned(dir string) error {
	owner, err := lock(dir, holdName)
	if err != nil {
		return err
	}
	defer owner.Release()
	_, err = finish(dir)
	return err
}

// outcome reads what whoever put the data in place has noted beside what it replaced.
func outcome(dir string, p plan) (Restored, error) {
	done, err := readPlan(filepath.Join(dir, p.Aside, planName))
	if err != nil {
		return Restored{}, err
	}
	return done.restored(dir), nil
}

// stage unpacks the backup beside the data, under a new epoch, and syncs it. With the plan's name, its last step, the
// restore is decided: before it, nothing counts; after it, whoever opens the folder next finishes.
func stage(dir, archive string, now time.Time) (plan, error) {
	root := filepath.Join(dir, stageName)
	fresh := filepath.Join(root, freshName)
	if err := errors.Join(os.RemoveAll(root), os.MkdirAll(fresh, 0o700)); err != nil {
		return plan{}, err
	}
	head, err := read(archive, func(name string, size int64, from io.Reader) error {
		return unpackFile(filepath.Join(fresh, name), from)
	})
	if err != nil {
		return plan{}, err
	}
	epoch, err := renew(filepath.Join(fresh, dataName), lives(filepath.Join(dir, dataName)))
	if err != nil {
		return plan{}, err
	}
	if err := syncTree(fresh); err != nil {
		return plan{}, err
	}
	p := plan{Head: head, Epoch: epoch, Aside: asidePrefix + now.Format("20060102-150405") + "-" + epoch[:4]}
	return p, errors.Join(syncFolder(dir), p.write(dir))
}

func unpackFile(path string, from io.Reader) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if plain, packed := strings.CutSuffix(path, packed); packed && isDatabase(filepath.Base(plain)) {
		unpacked, err := gzip.NewReader(from)
		if err != nil {
			return err
		}
		path, from = plain, unpacked
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Sync(), f.Close())
}

func isDatabase(name string) bool { return name == dataName || name == logsName }

// renew checks the database and gives it a new epoch, so that each device offers again what it was told is done. Lost
// are the epochs of the data it replaces.
func renew(path string, lost []string) (epoch string, err error) {
	if err := whole(path); err != nil {
		return "", err
	}
	db, err := database.Open(path, "OFF")
	if err != nil {
		return "", err
	}
	epoch, err = changelog.Renew(db, lost)
	_, journal := db.NewQuery("PRAGMA journal_mode = DELETE").Execute()
	return epoch, errors.Join(err, journal, db.Close())
}

// lives are the epochs of the data that is to be replaced. Without it, or when it is too damaged to tell, there are
// none: the first device that comes from there gives the restore away then, which costs a snapshot and loses nothing.
func lives(path string) []string {
	if _, err := os.Stat(path); err != nil {
		return nil // opening it would make it
	}
	db, err := database.Open(path, "FULL")
	if err != nil {
		return nil
	}
	defer db.Close()
	known, _ := changelog.Lives(db)
	return known
}

// syncTree syncs a folder with all that is in it: renaming it must not come to the disk before its content.
func syncTree(root string) error {
	return filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return syncFolder(path) // a file opened for reading is synced as well
	})
}

// plan is a restore that is decided: what is to be moved where. It lies in the staging folder until all is moved.
type plan struct {
	Head  Head   `json:"backup"`
	Epoch string `json:"epoch"`
	Aside string `json:"aside"` // folder for what is replaced
	// Old are the names to be moved aside, New those to be moved in; both are written down before the first is moved.
	Old  []string `json:"old,omitempty"`
	New  []string `json:"new,omitempty"`
	Kept int      `json:"kept"`
}

const (
	planName  = "plan.json"
	freshName = "new"
)

// Pending tells whether a restore was prepared in the folder and waits to be put in place.
func Pending(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, stageName, planName))
	return err == nil
}

func readPlan(path string) (p plan, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(b, &p); err != nil || !strings.HasPrefix(p.Aside, asidePrefix) {
		return p, fmt.Errorf("the plan of a restore is damaged 恢复计划已损坏: %s: %w", path, err)
	}
	return p, nil
}

// write puts the plan in its place in one step, synced.
func (p plan) write(dir string) error {
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, stageName, planName)
	f, err := os.Create(path + ".tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return errors.Join(rename(path+".tmp", path), syncFolder(filepath.Dir(path)))
}

func (p plan) restored(dir string) Restored {
	r := Restored{Head: p.Head, Epoch: p.Epoch, Kept: p.Kept}
	if len(p.Old) > 0 {
		r.Aside = filepath.Join(dir, p.Aside)
	}
	return r
}
