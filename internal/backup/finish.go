package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/database"
	"aftercare/internal/upload"
)

// KeptFor is how long photos that only the replaced data had are kept for the rows that tablets offer again: as long
// as tablets keep what was acknowledged. After it the usual week begins.
const KeptFor = 14 * 24 * time.Hour

// rename is the step by which everything here is done or not; a test stops it at any.
var rename = os.Rename

// finish puts a decided restore in place; nil when there is none. The caller owns the folder. Killed at any point, it is
// called again at the next start and goes on: each step is a renaming that is done or not.
func finish(dir string) (*Restored, error) {
	if !Pending(dir) {
		return nil, nil
	}
	p, err := readPlan(filepath.Join(dir, stageName, planName))
	if err != nil {
		return nil, err
	}
	fresh, aside := filepath.Join(dir, stageName, freshName), filepath.Join(dir, p.Aside)
	if _, err := os.Lstat(filepath.Join(aside, dataName)); err != nil {
		if err := alone(dir); err != nil {
			return nil, err
		}
	}
	if p.New == nil {
		if p.Kept, err = takeOver(dir, fresh); err != nil {
			return nil, err
		}
		if p.New, p.Old, err = moves(dir, fresh); err != nil {
			return nil, err
		}
		if err := p.write(dir); err != nil {
			return nil, err
		}
	}
	if err := os.Mkdir(aside, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := errors.Join(syncFolder(dir), moveAll(p.Old, dir, aside), syncFolder(aside), syncFolder(dir)); err != nil {
		return nil, err
	}
	if err := errors.Join(moveAll(p.New, fresh, dir), syncFolder(dir)); err != nil {
		return nil, err
	}
	// The plan goes to what it replaced: with that it is done, and the staging folder is empty paper.
	if err := rename(filepath.Join(dir, stageName, planName), filepath.Join(aside, planName)); err != nil {
		return nil, err
	}
	r := p.restored(dir)
	return &r, errors.Join(syncFolder(aside), syncFolder(filepath.Join(dir, stageName)), os.RemoveAll(filepath.Join(dir, stageName)))
}

// alone waits until nobody has the old databases open any more, and merges their logs into them: a program that closes
// a database whose file was moved would remove the log that by then lies under its name. A damaged database is open
// to nobody, and moved as it is.
func alone(dir string) error {
	for _, name := range []string{dataName, logsName} {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		for began := time.Now(); ; time.Sleep(lookEvery) {
			err := merge(path)
			if !isBusy(err) {
				break // merged, or damaged
			}
			if time.Since(began) > alonePatience {
				return fmt.Errorf("%s is in use by another program 数据库正被其他程序使用: %w", path, err)
			}
		}
	}
	return nil
}

// merge takes a database out of WAL mode, which succeeds for the only one who has it open.
func merge(path string) error {
	db, err := database.Open(path, "FULL")
	if err != nil {
		return err
	}
	_, err = db.NewQuery("PRAGMA journal_mode = DELETE").Execute()
	return errors.Join(err, db.Close())
}

// moves lists what is to come into the folder, and what has to leave it for that: the same names, and every file of the
// databases, also a log without which the old data would not be whole.
func moves(dir, fresh string) (in, out []string, err error) {
	entries, err := os.ReadDir(fresh)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		in = append(in, e.Name())
	}
	present, err := os.ReadDir(dir)
	for _, e := range present {
		if slices.Contains(in, e.Name()) || strings.HasPrefix(e.Name(), dataName) || strings.HasPrefix(e.Name(), logsName) {
			out = append(out, e.Name())
		}
	}
	return in, out, err
}

// moveAll moves each name that was not moved yet.
func moveAll(names []string, from, to string) error {
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(to, name)); err == nil {
			continue
		}
		err := rename(filepath.Join(from, name), filepath.Join(to, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) { // a log that was merged is gone
			return err
		}
	}
	return nil
}

// takeOver gives the restored data the photos that only the replaced data has: their bytes are here, tablets do not
// keep them once they are verified, and the rows naming them are offered again. Replaced data that cannot be read
// gives none; that it cannot is why one restores.
func takeOver(dir, fresh string) (taken int, err error) {
	shelf := filepath.Join(fresh, photos)
	if err := os.MkdirAll(shelf, 0o700); err != nil {
		return 0, err
	}
	old := ledger(filepath.Join(dir, dataName))
	if len(old.files) == 0 {
		return 0, nil
	}
	db, err := database.Open(filepath.Join(fresh, dataName), "OFF")
	if err != nil {
		return 0, err
	}
	err = db.Transactional(func(tx *dbx.Tx) error {
		for _, file := range old.files {
			added, err := addPhoto(tx, file, filepath.Join(dir, photos), shelf)
			if err != nil {
				return err
			}
			if added {
				taken++
			}
		}
		for _, sender := range old.senders {
			if _, err := tx.Insert("photo_senders", sender).Execute(); err != nil && !isTaken(err) {
				return err
			}
		}
		return nil
	})
	_, journal := db.NewQuery("PRAGMA journal_mode = DELETE").Execute()
	return taken, errors.Join(err, journal, db.Close(), syncTree(fresh))
}

// books are the two tables about photos, row by row.
type books struct{ files, senders []dbx.Params }

func ledger(path string) (b books) {
	if _, err := os.Stat(path); err != nil {
		return b
	}
	db, err := database.Open(path, "NORMAL")
	if err != nil {
		return b
	}
	defer db.Close()
	b.files = rowsOf(db, "SELECT * FROM photo_files WHERE state = 'verified'")
	b.senders = rowsOf(db, "SELECT s.* FROM photo_senders s JOIN photo_files f ON f.sha256 = s.sha256 WHERE f.state = 'verified'")
	return b
}

func rowsOf(db *dbx.DB, query string) (out []dbx.Params) {
	rows, err := db.NewQuery(query).Rows()
	if err != nil {
		return nil
	}
	defer rows.Close()
	for rows.Next() {
		m := dbx.NullStringMap{}
		if err := rows.ScanMap(m); err != nil {
			return out
		}
		p := dbx.Params{}
		for name, value := range m {
			p[name] = value.String
		}
		out = append(out, p)
	}
	return out
}

// addPhoto links a photo's files into the restored shelf and enters it there, if it is not there yet.
func addPhoto(tx *dbx.Tx, file dbx.Params, from, to string) (added bool, err error) {
	sha, _ := file["sha256"].(string)
	if len(sha) != 64 {
		return false, nil
	}
	source, target := upload.Place(from, sha), upload.Place(to, sha)
	if _, err := os.Stat(filepath.Join(source, upload.Original)); err != nil {
		return false, nil
	}
	if err := linkFolder(source, target); err != nil {
		return false, err
	}
	file["referenced"] = time.Now().UTC().Add(KeptFor).Format("2006-01-02 15:04:05.000Z")
	_, err = tx.Insert("photo_files", file).Execute()
	if isTaken(err) {
		return false, nil
	}
	return err == nil, err
}

// linkFolder makes the files of one folder appear in another, sharing the bytes where the disk can.
func linkFolder(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		source, target := filepath.Join(from, e.Name()), filepath.Join(to, e.Name())
		if _, err := os.Lstat(target); err == nil {
			continue
		}
		if err := os.Link(source, target); err == nil {
			continue
		}
		b, err := os.ReadFile(source)
		if err == nil {
			err = os.WriteFile(target+".tmp", b, 0o600)
		}
		if err := errors.Join(err, rename(target+".tmp", target)); err != nil {
			return err
		}
	}
	return nil
}

// constraintCode is SQLITE_CONSTRAINT.
const constraintCode = 19

func isTaken(err error) bool {
	var coded interface{ Code() int }
	return errors.As(err, &coded) && coded.Code()&0xff == constraintCode
}
