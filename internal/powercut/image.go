package powercut

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
)

// sector is what a disk writes whole or not at all.
const sector = 512

// node is a file's data: what is on disk for certain, and what was written since.
type node struct {
	folder  bool
	synced  []byte
	present []byte
	pending []event // writes and truncations since the last sync, with their number in upto
}

// entryChange is a change of the entries of a folder that was not synced yet.
type entryChange struct {
	at       int    // its number
	folder   string // whose entries
	name, to string
	node     *node // what name (or to) stands for afterwards; nil: removed
}

// Replay walks through a record, event by event, and makes images of the disk.
type Replay struct {
	events  []event
	at      int
	present map[string]*node // by name, as programs see it
	synced  map[string]*node // by name, as a disk holds it for certain
	changes []entryChange    // not synced
}

// Replay begins at the record's first event. The recorder must have come to rest.
func (r *Recorder) Replay() *Replay {
	p := &Replay{events: r.events, present: map[string]*node{}, synced: map[string]*node{}}
	for name, b := range r.base {
		n := &node{folder: b == nil, synced: append([]byte(nil), b...), present: append([]byte(nil), b...)}
		p.present[name], p.synced[name] = n, n
	}
	return p
}

// Step takes the next event; false at the end. Synced tells whether it made something certain that was not.
func (p *Replay) Step() (synced, more bool) {
	if p.at == len(p.events) {
		return false, false
	}
	e := p.events[p.at]
	p.at++
	switch e.kind {
	case write, truncate:
		e.upto = p.at - 1
		n := p.node(e.name)
		n.present = apply(n.present, e, nil)
		n.pending = append(n.pending, e)
	case syncFile:
		return p.node(e.name).sync(e.upto), true
	case create, makeFolder:
		n := &node{folder: e.kind == makeFolder}
		p.present[e.name] = n
		p.change(entryChange{name: e.name, node: n, folder: filepath.Dir(e.name)})
	case remove:
		drop(p.present, e.name)
		p.change(entryChange{name: e.name, folder: filepath.Dir(e.name)})
	case rename:
		n := p.present[e.name]
		move(p.present, e.name, e.to)
		p.change(entryChange{name: e.name, to: e.to, node: n, folder: filepath.Dir(e.to)})
	case syncFolder:
		return p.syncFolder(e.name, e.upto), true
	}
	return false, true
}

// Written is the write that was the last event: file, offset and bytes; no file when it was something else.
func (p *Replay) Written() (name string, offset int64, b []byte) {
	if p.at == 0 || p.events[p.at-1].kind != write {
		return "", 0, nil
	}
	e := p.events[p.at-1]
	return e.name, e.offset, e.data
}

// At is the number of events taken.
func (p *Replay) At() int { return p.at }

// node is the file of that name; one that was removed while open goes on without a name.
func (p *Replay) node(name string) *node {
	if n := p.present[name]; n != nil {
		return n
	}
	return &node{}
}

func (p *Replay) change(c entryChange) {
	c.at = p.at - 1
	p.changes = append(p.changes, c)
}

func (n *node) sync(upto int) (changed bool) {
	for len(n.pending) > 0 && n.pending[0].upto < upto {
		n.synced = apply(n.synced, n.pending[0], nil)
		n.pending, changed = n.pending[1:], true
	}
	return changed
}

func (p *Replay) syncFolder(name string, upto int) (changed bool) {
	rest := p.changes[:0:0]
	for _, c := range p.changes {
		if c.at < upto && c.folder == name {
			c.do(p.synced)
			changed = true
			continue
		}
		rest = append(rest, c)
	}
	p.changes = rest
	return changed
}

func (c entryChange) do(names map[string]*node) {
	switch {
	case c.to != "":
		names[c.name] = c.node
		move(names, c.name, c.to)
	case c.node != nil:
		names[c.name] = c.node
	default:
		drop(names, c.name)
	}
}

// within tells whether a name is the file or folder itself, or in it.
func within(name, of string) bool {
	return name == of || len(name) > len(of) && name[:len(of)+1] == of+string(filepath.Separator)
}

func drop(names map[string]*node, name string) {
	for n := range names {
		if within(n, name) {
			delete(names, n)
		}
	}
}

// move renames a file, or a folder with what is in it.
func move(names map[string]*node, from, to string) {
	for name, n := range names {
		if within(name, from) {
			delete(names, name)
			names[to+name[len(from):]] = n
		}
	}
}

// apply does a write or a truncation; only the sectors that keep says yes to, all when it is nil.
func apply(b []byte, e event, keep func() bool) []byte {
	if e.kind == truncate {
		if keep != nil && !keep() {
			return b
		}
		return resize(b, int(e.offset))
	}
	for done := 0; done < len(e.data); {
		at := int(e.offset) + done
		n := min(sector-at%sector, len(e.data)-done)
		if keep == nil {
			n = len(e.data) - done
		}
		if keep == nil || keep() {
			if at+n > len(b) {
				b = resize(b, at+n)
			}
			copy(b[at:], e.data[done:done+n])
		}
		done += n
	}
	return b
}

func resize(b []byte, size int) []byte {
	if size <= len(b) {
		return b[:size]
	}
	if size <= cap(b) {
		old := len(b)
		b = b[:size]
		clear(b[old:])
		return b
	}
	larger := make([]byte, size, size+size/4+1<<16)
	copy(larger, b)
	return larger
}

// Image is what a disk holds: a name for each file, nil for a folder. It is good until the replay's next step.
type Image map[string][]byte

// InOrder is the disk on which everything that was asked for so far has arrived.
func (p *Replay) InOrder() Image {
	return image(p.present, func(n *node) []byte { return n.present })
}

// Synced is the disk on which nothing has arrived that was not synced.
func (p *Replay) Synced() Image {
	return image(p.synced, func(n *node) []byte { return n.synced })
}

// Torn is a disk on which an arbitrary part of what was not synced has arrived: any sectors of any writes, in order of
// the writes or not, and any first part of the changes of each folder's entries.
func (p *Replay) Torn(chance *rand.Rand) Image {
	names := map[string]*node{}
	for name, n := range p.synced {
		names[name] = n
	}
	share := chance.Float64()
	stopped := map[string]bool{}
	for _, c := range p.changes {
		stopped[c.folder] = stopped[c.folder] || chance.Float64() > share
		if !stopped[c.folder] {
			c.do(names)
		}
	}
	return image(names, func(n *node) []byte {
		b := append([]byte(nil), n.synced...)
		pending := append([]event(nil), n.pending...)
		share, whole := chance.Float64(), chance.IntN(2) == 0
		if chance.IntN(4) == 0 {
			chance.Shuffle(len(pending), func(i, j int) { pending[i], pending[j] = pending[j], pending[i] })
		}
		for _, e := range pending {
			arrived := chance.Float64() < share
			b = apply(b, e, func() bool {
				if whole {
					return arrived
				}
				return chance.Float64() < share
			})
		}
		return b
	})
}

func image(names map[string]*node, data func(*node) []byte) Image {
	out := Image{}
	ordered := make([]string, 0, len(names)) // chance is asked in a fixed order
	for name := range names {
		ordered = append(ordered, name)
	}
	sort.Strings(ordered)
	for _, name := range ordered {
		n := names[name]
		if n.folder {
			out[name] = nil
			continue
		}
		if out[name] = data(n); out[name] == nil {
			out[name] = []byte{}
		}
	}
	return out
}

// Write lays the image out in an empty folder. An entry whose folder is not there is lost with it.
func (i Image) Write(dir string) error {
	names := make([]string, 0, len(i))
	for name := range i {
		names = append(names, name)
	}
	sort.Strings(names) // folders before what is in them
	for _, name := range names {
		path := filepath.Join(dir, name)
		if i[name] == nil {
			if _, err := os.Stat(filepath.Dir(path)); err != nil {
				continue
			}
			if err := os.Mkdir(path, 0o700); err != nil {
				return err
			}
			continue
		}
		if err := os.WriteFile(path, i[name], 0o600); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}
