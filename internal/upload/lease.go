package upload

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// A lease is a file that whoever copies the shelf from another process keeps fresh: while it is, no photo is
// collected, so that what the copied database names is still there when its turn comes. It holds no lock: one left
// behind by a process that was killed counts for nothing after a while. Its time is the file system's.
const (
	leaseName  = "copying"
	leaseFresh = 2 * time.Minute
	leaseEvery = 20 * time.Second
)

// Lease keeps every photo of the shelf in dir until the returned function is called. Take it before the database is
// read: then whatever that reading shows as named stays.
func Lease(dir string) (release func(), err error) {
	path := filepath.Join(dir, leaseName)
	refresh := func() error { return os.WriteFile(path, nil, 0o600) }
	if err := errors.Join(refresh(), touch(path)); err != nil {
		return nil, err
	}
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-end:
				return
			case <-time.After(leaseEvery):
				_ = touch(path) // a shelf that is gone has nothing left to keep
			}
		}
	}()
	return sync.OnceFunc(func() {
		close(end)
		<-ended
		_ = os.Remove(path)
	}), nil
}

func touch(path string) error {
	now := time.Now()
	return os.Chtimes(path, now, now)
}

// leased says whether somebody is copying the shelf.
func (s shelf) leased() bool {
	info, err := os.Stat(filepath.Join(s.dir, leaseName))
	return err == nil && time.Since(info.ModTime()) < leaseFresh
}

// Original is the name of the photo itself in its folder, beside its smaller copies.
const Original = nameOriginal

// Place is the folder of a verified photo in the shelf in dir.
func Place(dir, sha string) string { return shelf{dir: dir}.path(sha) }
