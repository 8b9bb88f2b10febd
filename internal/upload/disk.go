package upload

import (
	"errors"
	"io"
	"os"
)

// Disk is what the shelf asks of the file system. Nothing it did is certain to outlive a power cut before it was
// synced: a file's bytes by the file, names by the folder they stand in.
type Disk interface {
	Create(path string) (File, error) // a file that is not there yet
	MakeFolder(path string) error     // one that is there already is fine
	Rename(from, to string) error
	SyncFolder(path string) error
	Remove(path string) error // with all that is in it; what is not there is fine
}

// File is one being written.
type File interface {
	io.WriteCloser
	Sync() error
}

// system is the Disk of the operating system.
type system struct{}

func (system) Create(path string) (File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}

func (system) MakeFolder(path string) error {
	if err := os.Mkdir(path, 0o700); !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}

func (system) Rename(from, to string) error { return os.Rename(from, to) }

func (system) SyncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (system) Remove(path string) error { return os.RemoveAll(path) }

// System is the disk of this machine.
func System() Disk { return system{} }
