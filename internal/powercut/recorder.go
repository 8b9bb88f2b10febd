// Package powercut proves what a power cut leaves behind. A Recorder notes every write, truncation, sync, creation,
// renaming and removal in a folder, in their order; an Image replays the record up to any point as a disk could hold it
// then: everything that was asked for, only what was synced, or an arbitrary part of what was not, in sectors of 512
// bytes. It promises that the record is complete for what goes through SQLite and through Disk; it knows nothing of
// what the files mean. It is for tests.
package powercut

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// kind says what an event did.
type kind int

const (
	write      kind = iota // data at offset
	truncate               // to offset
	syncFile               // of the file's data, as far as written before event `upto`
	create                 // name
	remove                 // name
	rename                 // name to `to`
	syncFolder             // of the entries of the folder `name`, as far as made before event `upto`
	makeFolder             // name
)

type event struct {
	kind   kind
	name   string
	to     string
	offset int64
	data   []byte
	upto   int
}

// Recorder notes what happens to the files in one folder. Its methods may be called from many goroutines.
type Recorder struct {
	root string

	mu     sync.Mutex
	base   map[string][]byte // the files, all synced, when the record began
	events []event
}

// Record begins a record of the folder. Files lying there count as synced. End it with Stop.
func Record(root string) (*Recorder, error) {
	r := &Recorder{root: root, base: map[string][]byte{}}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil || name == "." {
			return err
		}
		if d.IsDir() {
			r.base[name] = nil
			return nil
		}
		b, err := os.ReadFile(path)
		if b == nil {
			b = []byte{}
		}
		r.base[name] = b
		return err
	})
	if err != nil {
		return nil, err
	}
	watch(r)
	return r, nil
}

// Stop ends the record of files that SQLite opens from now on.
func (r *Recorder) Stop() { unwatch(r) }

// Do runs fn at a point of the record: no event falls into it. fn gets the number of events so far.
func (r *Recorder) Do(fn func(point int)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fn(len(r.events))
}

// Now is the point the record has reached: the number of events so far.
func (r *Recorder) Now() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.events)
}

func (r *Recorder) add(e event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

func (r *Recorder) create(name string) { r.add(event{kind: create, name: name}) }

func (r *Recorder) write(name string, offset int64, b []byte) {
	r.add(event{kind: write, name: name, offset: offset, data: append([]byte(nil), b...)})
}

func (r *Recorder) truncate(name string, size int64) {
	r.add(event{kind: truncate, name: name, offset: size})
}

// synced notes that a file's data is on disk as far as it was written before event upto, folder that a folder's
// entries are.
func (r *Recorder) synced(name string, upto int) {
	r.add(event{kind: syncFile, name: name, upto: upto})
}

func (r *Recorder) folder(name string, upto int) {
	r.add(event{kind: syncFolder, name: name, upto: upto})
}

func (r *Recorder) remove(name string, entry bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, event{kind: remove, name: name})
	if entry {
		r.events = append(r.events, event{kind: syncFolder, name: filepath.Dir(name), upto: len(r.events)})
	}
}
