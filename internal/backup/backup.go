// Package backup makes one file of everything a shop's server has, while it runs, and puts such a file back in its
// place, while it runs (O-06; DESIGN.md beside this file is the specification). It promises: a backup is one moment of
// the database, with the bytes of every photo that moment names, and was read back before it counts as made; a file
// that was cut or altered is refused before anything is touched; whenever a process is killed or the power is cut, the
// data folder holds the old data or the restored, never a mixture; what a restore replaces is kept; a restored
// database begins a new epoch, so that tablets offer again what it lacks.
//
// Not in a backup: photos still on their way (tablets keep them until they are verified), and the file's own secrecy: it
// holds all a shop has, and is not encrypted.
package backup

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"aftercare/internal/database"
	"aftercare/internal/upload"
)

// The databases of a data folder. The second holds logs, and may be missing.
const (
	dataName = "data.db"
	logsName = "auxiliary.db"
	packed   = ".gz" // in an archive
	photos   = "photos"
)

// Made is what a backup turned out as.
type Made struct {
	Path    string
	Bytes   int64
	Photos  int
	Missing []string // photos the database names whose bytes are damaged or gone, by hash
}

// Name is the file a backup goes to by default, in the data folder.
func Name(dir string, now time.Time) string {
	return filepath.Join(dir, backupsName, "aftercare-"+now.Format("20060102-150405")+".tar")
}

// Make writes a backup of the data folder to path, which must not be there yet. A server may run on the folder.
func Make(dir, path string, now time.Time) (Made, error) {
	if _, err := os.Stat(filepath.Join(dir, dataName)); err != nil {
		return Made{}, fmt.Errorf("no data to back up 没有可备份的数据: %w", err)
	}
	if _, err := os.Lstat(path); err == nil {
		return Made{}, fmt.Errorf("%s is there already; a backup replaces nothing 文件已存在", path)
	}
	staging, err := takeStaging(dir) // no restore may move the database away while it is open here
	if err != nil {
		return Made{}, err
	}
	defer staging.Release()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return Made{}, err
	}
	removeUnfinished(path)
	work, err := os.MkdirTemp(filepath.Dir(path), filepath.Base(path)+workInfix)
	if err != nil {
		return Made{}, err
	}
	defer os.RemoveAll(work)
	b := &maker{dir: dir, work: work, target: path, head: Head{Format: format, Made: now.UTC().Truncate(time.Second)}}
	return b.make()
}

// staleAfter is when what an unfinished backup has left is nobody's any more: one at work writes all the time.
const staleAfter = 10 * time.Minute

func removeUnfinished(path string) {
	left, _ := filepath.Glob(path + workInfix + "*") // a strange name matches nothing
	for _, work := range left {
		newest := time.Time{}
		_ = filepath.WalkDir(work, func(_ string, d fs.DirEntry, err error) error {
			if err == nil {
				if info, err := d.Info(); err == nil && info.ModTime().After(newest) {
					newest = info.ModTime()
				}
			}
			return nil
		})
		if time.Since(newest) > staleAfter {
			_ = os.RemoveAll(work)
		}
	}
}

type maker struct {
	dir, work, target string
	head              Head
	made              Made
}

func (b *maker) make() (Made, error) {
	// Before the database is read: what it names then is kept until it is copied.
	if _, err := os.Stat(filepath.Join(b.dir, photos)); err == nil {
		release, err := upload.Lease(filepath.Join(b.dir, photos))
		if err != nil {
			return Made{}, err
		}
		defer release()
	}
	named, err := b.databases()
	if err != nil {
		return Made{}, err
	}
	archive := filepath.Join(b.work, "archive")
	if err := b.write(archive, named); err != nil {
		return Made{}, err
	}
	if _, err := Verify(archive); err != nil {
		return Made{}, fmt.Errorf("reading the backup again 复核备份: %w", err)
	}
	info, err := os.Stat(archive)
	if err != nil {
		return Made{}, err
	}
	// A link and not a renaming: nothing that appeared under the name meanwhile is replaced.
	if err := os.Link(archive, b.target); errors.Is(err, os.ErrExist) {
		return Made{}, fmt.Errorf("%s has appeared meanwhile 文件已存在", b.target)
	} else if err != nil {
		if err := os.Rename(archive, b.target); err != nil {
			return Made{}, err
		}
	}
	b.made.Path, b.made.Bytes = b.target, info.Size()
	return b.made, syncFolder(filepath.Dir(b.target))
}

// databases copies both databases and packs them; it returns the photos the data names.
func (b *maker) databases() ([]photo, error) {
	for _, name := range []string{dataName, logsName} {
		from := filepath.Join(b.dir, name)
		if _, err := os.Stat(from); err != nil {
			continue // no logs
		}
		if err := copyDatabase(from, filepath.Join(b.work, name)); err != nil {
			return nil, fmt.Errorf("copying %s 复制数据库: %w", name, err)
		}
	}
	db, err := database.Open(filepath.Join(b.work, dataName), "OFF")
	if err != nil {
		return nil, err
	}
	named, err := b.named(db)
	// The copy stands alone in the archive: no log beside it.
	_, journal := db.NewQuery("PRAGMA journal_mode = DELETE").Execute()
	if err := errors.Join(err, journal, db.Close()); err != nil {
		return nil, err
	}
	for _, name := range []string{dataName, logsName} {
		if err := pack(filepath.Join(b.work, name)); err != nil {
			return nil, err
		}
	}
	return named, nil
}

// write makes the archive: the databases, the photos, and every other file of the folder that is data.
func (b *maker) write(path string, named []photo) error {
	b.head.Photos = len(named)
	w, err := newWriter(path, b.head)
	if err != nil {
		return err
	}
	for _, name := range []string{dataName, logsName} {
		err := w.addFile(name+packed, filepath.Join(b.work, name+packed), io.Discard)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return errors.Join(err, w.file.Close())
		}
	}
	if err := errors.Join(b.addOthers(w), b.addPhotos(w, named)); err != nil {
		return errors.Join(err, w.file.Close())
	}
	return w.close()
}

func (b *maker) addPhotos(w *writer, named []photo) error {
	for _, p := range named {
		folder := upload.Place(filepath.Join(b.dir, photos), p.SHA256)
		files, err := os.ReadDir(folder)
		if err != nil {
			return fmt.Errorf("photo %s 照片: %w", p.SHA256, err)
		}
		relative, err := filepath.Rel(b.dir, folder)
		if err != nil {
			return err
		}
		for _, f := range files {
			sum := sha256.New()
			if err := w.addFile(filepath.Join(relative, f.Name()), filepath.Join(folder, f.Name()), sum); err != nil {
				return err
			}
			if f.Name() == upload.Original && hex.EncodeToString(sum.Sum(nil)) != p.Stored {
				b.made.Missing = append(b.made.Missing, p.SHA256)
			}
		}
	}
	b.made.Photos = len(named)
	return nil
}

// addOthers appends what else lies in the folder: the local authority, certificates, keys, files of records.
func (b *maker) addOthers(w *writer) error {
	target, err := filepath.Abs(b.target)
	if err != nil {
		return err
	}
	return filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(b.dir, path)
		if err != nil || name == "." {
			return err
		}
		if !isOther(name) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if full, err := filepath.Abs(path); err != nil || strings.HasPrefix(full, target) || !d.Type().IsRegular() {
			return err // this backup, a folder (made by its files), a socket
		}
		if err := w.addFile(name, path, io.Discard); !errors.Is(err, os.ErrNotExist) { // gone meanwhile
			return err
		}
		return nil
	})
}

// isOther tells a file or folder of the data folder that is copied as it lies.
func isOther(name string) bool {
	top, _, _ := strings.Cut(filepath.ToSlash(name), "/")
	switch top {
	case photos, backupsName, stageName, ".pb_temp_to_delete", ".notify", "types.d.ts": // the last three are PocketBase's scratch
		return false
	}
	return !strings.HasPrefix(top, dataName) && !strings.HasPrefix(top, logsName) && !strings.HasPrefix(top, asidePrefix) &&
		!strings.HasPrefix(top, holdName) && !strings.HasPrefix(top, stagingName) && !strings.Contains(top, workInfix)
}

// pack compresses a file; one that is not there stays so.
func pack(path string) (err error) {
	from, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.Create(path + packed)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	w, err := gzip.NewWriterLevel(to, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, from); err != nil {
		return err
	}
	return errors.Join(w.Close(), os.Remove(path))
}
