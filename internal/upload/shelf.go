package upload

import (
	"errors"
	"os"
	"path/filepath"

	"aftercare/internal/photo"
)

// shelf is the folder of verified photos: ab/<sha256>/{original,1600.jpg,320.jpg}, named by the hash of the bytes as
// sent. A photo appears whole or not at all: it is written and synced aside, then renamed.
type shelf struct{ dir string }

const (
	nameOriginal = "original"
	nameLarge    = "1600.jpg"
	nameSmall    = "320.jpg"
	asideDir     = "tmp"
)

// openShelf makes the folders, and drops what a crash left half-written.
func openShelf(dir string) (shelf, error) {
	aside := filepath.Join(dir, asideDir)
	if err := os.RemoveAll(aside); err != nil {
		return shelf{}, err
	}
	return shelf{dir}, os.MkdirAll(aside, 0o700)
}

func (s shelf) path(sha string) string { return filepath.Join(s.dir, sha[:2], sha) }

func (s shelf) has(sha string) bool {
	_, err := os.Stat(filepath.Join(s.path(sha), nameOriginal))
	return err == nil
}

// put stores the photo under the hash; one that is there already is left alone. When it returns, everything is
// synced to disk, the folders' entries too.
func (s shelf) put(sha string, p photo.Photo) (err error) {
	if s.has(sha) {
		return nil
	}
	aside, err := os.MkdirTemp(filepath.Join(s.dir, asideDir), sha[:8])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(aside)) }()
	for name, b := range map[string][]byte{nameOriginal: p.Clean, nameLarge: p.Large, nameSmall: p.Small} {
		if err := writeSynced(filepath.Join(aside, name), b); err != nil {
			return err
		}
	}
	if err := syncDir(aside); err != nil {
		return err
	}
	parent := filepath.Dir(s.path(sha))
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return err
	}
	if err := os.Rename(aside, s.path(sha)); err != nil {
		return err
	}
	return errors.Join(syncDir(parent), syncDir(s.dir))
}

// drop removes a photo: out of sight first, in one step.
func (s shelf) drop(sha string) error {
	aside, err := os.MkdirTemp(filepath.Join(s.dir, asideDir), "gone")
	if err != nil {
		return err
	}
	err = os.Rename(s.path(sha), filepath.Join(aside, sha))
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, os.RemoveAll(aside))
}

func writeSynced(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
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
