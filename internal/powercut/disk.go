package powercut

import (
	"os"
	"path/filepath"

	"aftercare/internal/upload"
)

// Disk is a disk for photos that notes in the record what it does. Of a folder outside the record it notes nothing.
func (r *Recorder) Disk(inner upload.Disk) upload.Disk { return disk{inner, r} }

type disk struct {
	inner upload.Disk
	r     *Recorder
}

func (d disk) name(path string) string {
	name, err := filepath.Rel(d.r.root, path)
	if err != nil {
		return path
	}
	return name
}

func (d disk) Create(path string) (upload.File, error) {
	f, err := d.inner.Create(path)
	if err != nil {
		return nil, err
	}
	d.r.create(d.name(path))
	return &file{File: f, disk: d, name: d.name(path)}, nil
}

func (d disk) MakeFolder(path string) error {
	_, missing := os.Stat(path)
	err := d.inner.MakeFolder(path)
	if err == nil && missing != nil {
		d.r.add(event{kind: makeFolder, name: d.name(path)})
	}
	return err
}

func (d disk) Rename(from, to string) error {
	err := d.inner.Rename(from, to)
	if err == nil {
		d.r.add(event{kind: rename, name: d.name(from), to: d.name(to)})
	}
	return err
}

func (d disk) SyncFolder(path string) error {
	upto := d.r.Now()
	err := d.inner.SyncFolder(path)
	if err == nil {
		d.r.folder(d.name(path), upto)
	}
	return err
}

func (d disk) Remove(path string) error {
	err := d.inner.Remove(path)
	if err == nil {
		d.r.remove(d.name(path), false)
	}
	return err
}

// file is one being written; its events carry its name, which changes only after it was closed.
type file struct {
	upload.File
	disk   disk
	name   string
	offset int64
}

func (f *file) Write(b []byte) (int, error) {
	f.disk.r.write(f.name, f.offset, b)
	n, err := f.File.Write(b)
	f.offset += int64(n)
	return n, err
}

func (f *file) Sync() error {
	upto := f.disk.r.Now()
	err := f.File.Sync()
	if err == nil {
		f.disk.r.synced(f.name, upto)
	}
	return err
}
