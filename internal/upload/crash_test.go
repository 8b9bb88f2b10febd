package upload_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/record"
	"aftercare/internal/upload"
)

// mortal is a disk that does so many things and then nothing any more, as when the server dies in between.
type mortal struct {
	upload.Disk
	mu   sync.Mutex
	left int
}

var errDead = errors.New("dead")

func (d *mortal) step() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.left--; d.left < 0 {
		return errDead
	}
	return nil
}

func (d *mortal) Create(path string) (upload.File, error) {
	if err := d.step(); err != nil {
		return nil, err
	}
	return d.Disk.Create(path)
}

func (d *mortal) MakeFolder(path string) error {
	return errors.Join(d.step(), d.alive(func() error { return d.Disk.MakeFolder(path) }))
}

func (d *mortal) Rename(from, to string) error {
	return errors.Join(d.step(), d.alive(func() error { return d.Disk.Rename(from, to) }))
}

func (d *mortal) SyncFolder(path string) error {
	return errors.Join(d.step(), d.alive(func() error { return d.Disk.SyncFolder(path) }))
}

func (d *mortal) Remove(path string) error {
	return errors.Join(d.step(), d.alive(func() error { return d.Disk.Remove(path) }))
}

func (d *mortal) alive(do func() error) error {
	d.mu.Lock()
	dead := d.left < 0
	d.mu.Unlock()
	if dead {
		return nil
	}
	return do()
}

func TestDeath(t *testing.T) {
	jpg := phototest.JPEG(64, 48, 80, 5)
	sha := photo.Hash(jpg)
	for _, asked := range []bool{true, false} {
		name := "R-07 died at any step of putting a photo on the shelf: the next question brings it through"
		if !asked {
			name = "R-07 died at any step of putting a photo on the shelf, and nobody asks: the sweep brings it through"
		}
		t.Run(name, func(t *testing.T) {
			died := 0
			for left := 0; ; left++ {
				disk := &mortal{Disk: upload.System(), left: 1000}
				s := house{apptest.NewWith(t, app.Config{PhotoDisk: disk}), t}
				row := s.row(apptest.SH, "advisor", sha)
				c := s.tablet(apptest.SH, "advisor")
				path, _ := c.create(sha, photo.JPEG, int64(len(jpg)))
				disk.mu.Lock()
				disk.left = left
				disk.mu.Unlock()
				if c.patch(path, 0, jpg).Status == http.StatusNoContent {
					break
				}
				died++
				s.Shop = s.Restart()
				c.shop = s.Shop
				if asked {
					same(t, "offset", c.head(path).Header.Get("Upload-Offset"), len(jpg))
				} else {
					old := time.Now().Add(-2 * time.Minute)
					found, _ := filepath.Glob(filepath.Join(s.Dir, "photos", "uploads", "*", sha+"-*"))
					for _, f := range found {
						if err := os.Chtimes(f, old, old); err != nil {
							t.Fatal(err)
						}
					}
					sweep(t, s, 0)
				}
				same(t, "state", s.state(row).State(), upload.StateVerified)
				want(t, c.photo(http.MethodHead, sha, ""), http.StatusOK, "")
				s.Close()
			}
			if died < 8 {
				t.Errorf("it died %d times", died)
			}
		})
	}
	t.Run("R-07 died between noting a photo and telling its rows: the sweep tells them", func(t *testing.T) {
		s := newHouse(t)
		row := s.row(apptest.SH, "advisor", sha)
		s.App.OnRecordUpdate(record.Photos).BindFunc(func(*core.RecordEvent) error { return errDead })
		c := s.tablet(apptest.SH, "advisor")
		path, _ := c.create(sha, photo.JPEG, int64(len(jpg)))
		want(t, c.patch(path, 0, jpg), http.StatusServiceUnavailable, "upload.busy")
		same(t, "noted", s.count("photo_files", sha), 1)
		s.Shop = s.Restart()
		sweep(t, s, time.Minute)
		same(t, "state", s.state(row).State(), upload.StateVerified)
	})
	t.Run("R-07 bytes that a power cut has spoilt are asked for again, and nothing is refused", func(t *testing.T) {
		s := newHouse(t)
		row := s.row(apptest.SH, "advisor", sha)
		c := s.tablet(apptest.SH, "advisor")
		path, _ := c.create(sha, photo.JPEG, int64(len(jpg)))
		c.patch(path, 0, jpg[:900])
		found, _ := filepath.Glob(filepath.Join(s.Dir, "photos", "uploads", "*", sha+"-????????????????"))
		s.Close()
		spoilt := append(append([]byte(nil), jpg[:512]...), make([]byte, 388)...) // the length arrived, the last sector did not
		if err := os.WriteFile(found[0], spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		s.Clock.Advance(time.Minute)
		s.Shop = s.Restart()
		c.shop = s.Shop
		same(t, "offset", c.head(path).Header.Get("Upload-Offset"), 900)
		want(t, c.patch(path, 900, jpg[900:]), http.StatusNotFound, "upload.unknown")
		same(t, "state", s.state(row).State(), upload.StateUploading)
		c.must(jpg)
		same(t, "state", s.state(row).State(), upload.StateVerified)
	})
}

func TestAtOnce(t *testing.T) {
	t.Run("R-07 the same photo from several tablets at the same moment is stored once", func(t *testing.T) {
		disk := &counting{Disk: upload.System()}
		s := house{apptest.NewWith(t, app.Config{PhotoDisk: disk}), t}
		jpg := phototest.JPEG(320, 240, 85, 6)
		sha := photo.Hash(jpg)
		var wg sync.WaitGroup
		for _, role := range []string{"advisor", "technician", "manager", "inspector"} {
			c := s.tablet(apptest.SH, role)
			path, a := c.create(sha, photo.JPEG, int64(len(jpg)))
			want(t, a, http.StatusCreated, "")
			wg.Go(func() {
				if a := c.patch(path, 0, jpg); a.Status != http.StatusNoContent {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			})
		}
		wg.Wait()
		same(t, "put on the shelf", disk.renames, 1)
		same(t, "files", s.count("photo_files", sha), 1)
		same(t, "senders", s.count("photo_senders", sha), 4)
	})
}

// counting counts what was put in its place.
type counting struct {
	upload.Disk
	mu      sync.Mutex
	renames int
}

func (d *counting) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.renames++
	return d.Disk.Rename(from, to)
}

func TestLease(t *testing.T) {
	s := newHouse(t)
	jpg := phototest.JPEG(64, 48, 80, 7)
	sha := photo.Hash(jpg)
	s.tablet(apptest.SH, "advisor").must(jpg)
	dir := filepath.Join(s.Dir, "photos")
	release, err := upload.Lease(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("O-06 no photo is collected while the shelf is copied", func(t *testing.T) {
		same(t, "swept", sweep(t, s, 9*24*time.Hour).Photos, 0)
		same(t, "on disk", s.onDisk(sha), true)
	})
	t.Run("O-06 a copy that was killed keeps nothing for long", func(t *testing.T) {
		release()
		left := filepath.Join(dir, "copying")
		if err := os.WriteFile(left, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(left, old, old); err != nil {
			t.Fatal(err)
		}
		same(t, "swept", sweep(t, s, time.Hour).Photos, 1)
		same(t, "on disk", s.onDisk(sha), false)
	})
}
