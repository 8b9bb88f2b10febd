package upload

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"

	"aftercare/internal/photo"
)

// shelf is the folder of verified photos: ab/<sha256>/{original,1600.jpg,320.jpg}, named by the hash of the bytes as
// sent. A photo appears whole or not at all: it is written and synced aside, then renamed.
type shelf struct {
	dir  string
	disk Disk
}

const (
	nameOriginal = "original"
	nameLarge    = "1600.jpg"
	nameSmall    = "320.jpg"
	asideDir     = "tmp"
)

// openShelf makes the folders, and drops what a crash left half-written. That the shelf is there is synced, too: its
// photos would be lost with it.
func openShelf(dir string, disk Disk) (shelf, error) {
	s := shelf{dir, disk}
	aside := filepath.Join(dir, asideDir)
	if err := disk.Remove(aside); err != nil {
		return s, err
	}
	return s, errors.Join(disk.MakeFolder(dir), disk.MakeFolder(aside), disk.SyncFolder(filepath.Dir(dir)))
}

func (s shelf) path(sha string) string { return filepath.Join(s.dir, sha[:2], sha) }

func (s shelf) has(sha string) bool {
	_, err := os.Stat(filepath.Join(s.path(sha), nameOriginal))
	return err == nil
}

// put stores the photo under the hash; one that is there already is left alone. When it returns, everything is
// synced to disk, the folders' entries too: whoever put it there may have been killed before.
func (s shelf) put(sha string, p photo.Photo) (err error) {
	parent := filepath.Dir(s.path(sha))
	if s.has(sha) {
		return errors.Join(s.disk.SyncFolder(parent), s.disk.SyncFolder(s.dir))
	}
	aside, err := s.aside(sha[:8])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.disk.Remove(aside)) }()
	for name, b := range map[string][]byte{nameOriginal: p.Clean, nameLarge: p.Large, nameSmall: p.Small} {
		if err := s.write(filepath.Join(aside, name), b); err != nil {
			return err
		}
	}
	if err := s.disk.SyncFolder(aside); err != nil {
		return err
	}
	if err := s.disk.MakeFolder(parent); err != nil {
		return err
	}
	if err := s.disk.Rename(aside, s.path(sha)); err != nil {
		return err
	}
	return errors.Join(s.disk.SyncFolder(parent), s.disk.SyncFolder(s.dir))
}

// drop removes a photo: out of sight first, in one step.
func (s shelf) drop(sha string) error {
	aside, err := s.aside("gone")
	if err != nil {
		return err
	}
	err = s.disk.Rename(s.path(sha), filepath.Join(aside, sha))
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, s.disk.Remove(aside))
}

// aside makes a folder of its own for what is being written or removed.
func (s shelf) aside(name string) (string, error) {
	random := make([]byte, 8)
	rand.Read(random) // never fails
	path := filepath.Join(s.dir, asideDir, name+hex.EncodeToString(random))
	return path, s.disk.MakeFolder(path)
}

func (s shelf) write(path string, b []byte) error {
	f, err := s.disk.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// Open returns a photo that stands Here, in one of the sizes "320", "1600" and "original", with its media type and the
// hash of the original as kept. The caller closes it.
func (s *Service) Open(sha, size string) (f *os.File, media, stored string, err error) {
	e, _, err := s.find(sha)
	if err != nil {
		return nil, "", "", err
	}
	name, media := nameOriginal, e.Media
	switch size {
	case "1600":
		name, media = nameLarge, photo.JPEG
	case "320":
		name, media = nameSmall, photo.JPEG
	}
	f, err = os.Open(filepath.Join(s.files.path(sha), name))
	return f, media, e.Stored, err
}
