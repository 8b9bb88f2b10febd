//go:build unix

package powercut

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite reaches the disk through a table of functions, its VFS. Ours is a copy of the built-in one, whose files note
// each write, truncation and sync before or after they pass it on. It is made the process's default once; files
// outside a recorded folder are handed the built-in table and are not touched.
var vfs struct {
	once    sync.Once
	inner   sqlite3.Tsqlite3_vfs
	innerAt uintptr
	methods map[uintptr]methods // by the built-in table they stand for

	mu        sync.Mutex
	recorders []*Recorder
	open      map[uintptr]handle // by SQLite's file
}

// methods are a built-in table and its copy with our functions, both in SQLite's memory.
type methods struct{ inner, ours uintptr }

// handle is a recorded file that SQLite has open.
type handle struct {
	recorder *Recorder
	name     string
	inner    uintptr
	entry    bool // its first sync is to sync the folder, too
}

// watch makes the recorder see what SQLite does in its folder.
func watch(r *Recorder) {
	vfs.once.Do(install)
	vfs.mu.Lock()
	defer vfs.mu.Unlock()
	vfs.recorders = append(vfs.recorders, r)
}

func unwatch(r *Recorder) {
	vfs.mu.Lock()
	defer vfs.mu.Unlock()
	for i, other := range vfs.recorders {
		if other == r {
			vfs.recorders = append(vfs.recorders[:i:i], vfs.recorders[i+1:]...)
			return
		}
	}
}

func install() {
	tls := libc.NewTLS()
	vfs.innerAt = sqlite3.Xsqlite3_vfs_find(tls, 0)
	vfs.inner = *(*sqlite3.Tsqlite3_vfs)(pointer(vfs.innerAt))
	vfs.methods, vfs.open = map[uintptr]methods{}, map[uintptr]handle{}
	size := unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})
	at := libc.Xmalloc(tls, libc.Tsize_t(size))
	ours := (*sqlite3.Tsqlite3_vfs)(pointer(at))
	*ours = vfs.inner
	name, err := libc.CString("powercut")
	if err != nil {
		panic(err) // a few bytes of memory
	}
	ours.FzName, ours.FpNext = name, 0
	ours.FxOpen, ours.FxDelete = address(vfsOpen), address(vfsDelete)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, at, 1); rc != sqlite3.SQLITE_OK {
		panic("the recording VFS could not be registered")
	}
}

// pointer and address are how the driver itself passes between Go and SQLite's memory and functions.
func pointer(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

func address[F any](fn F) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ f F }{fn})) }

func function[F any](at uintptr) F { return *(*F)(unsafe.Pointer(&struct{ uintptr }{at})) }

type (
	openFunc     = func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32
	deleteFunc   = func(*libc.TLS, uintptr, uintptr, int32) int32
	fileFunc     = func(*libc.TLS, uintptr) int32
	writeFunc    = func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	truncateFunc = func(*libc.TLS, uintptr, int64) int32
	syncFunc     = func(*libc.TLS, uintptr, int32) int32
)

// recorderOf finds who records the path, and the name of the file there.
func recorderOf(path string) (*Recorder, string) {
	vfs.mu.Lock()
	defer vfs.mu.Unlock()
	for _, r := range vfs.recorders {
		if name, inside := strings.CutPrefix(path, r.root+string(filepath.Separator)); inside {
			return r, name
		}
	}
	return nil, ""
}

func vfsOpen(tls *libc.TLS, _, name, file uintptr, flags int32, outFlags uintptr) int32 {
	var r *Recorder
	var relative string
	if name != 0 {
		r, relative = recorderOf(libc.GoString(name))
	}
	isNew := false
	if r != nil {
		_, err := os.Stat(libc.GoString(name))
		isNew = os.IsNotExist(err)
	}
	rc := function[openFunc](vfs.inner.FxOpen)(tls, vfs.innerAt, name, file, flags, outFlags)
	table := (*sqlite3.Tsqlite3_file)(pointer(file)).FpMethods
	if rc != sqlite3.SQLITE_OK || r == nil || table == 0 {
		return rc
	}
	if isNew {
		r.create(relative)
	}
	vfs.mu.Lock()
	defer vfs.mu.Unlock()
	m, known := vfs.methods[table]
	if !known {
		m = methods{inner: table, ours: recording(tls, table)}
		vfs.methods[table] = m
	}
	entry := flags&sqlite3.SQLITE_OPEN_CREATE != 0 && flags&journals != 0
	vfs.open[file] = handle{r, relative, m.inner, entry}
	(*sqlite3.Tsqlite3_file)(pointer(file)).FpMethods = m.ours
	return rc
}

// recording copies a table of a file's functions and puts ours in.
func recording(tls *libc.TLS, table uintptr) uintptr {
	at := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
	ours := (*sqlite3.Tsqlite3_io_methods)(pointer(at))
	*ours = *(*sqlite3.Tsqlite3_io_methods)(pointer(table))
	ours.FxClose, ours.FxWrite = address(fileClose), address(fileWrite)
	ours.FxTruncate, ours.FxSync = address(fileTruncate), address(fileSync)
	return at
}

func handleOf(file uintptr) (handle, *sqlite3.Tsqlite3_io_methods) {
	vfs.mu.Lock()
	defer vfs.mu.Unlock()
	h := vfs.open[file]
	return h, (*sqlite3.Tsqlite3_io_methods)(pointer(h.inner))
}

func fileClose(tls *libc.TLS, file uintptr) int32 {
	h, inner := handleOf(file)
	vfs.mu.Lock()
	delete(vfs.open, file)
	vfs.mu.Unlock()
	(*sqlite3.Tsqlite3_file)(pointer(file)).FpMethods = h.inner
	return function[fileFunc](inner.FxClose)(tls, file)
}

func fileWrite(tls *libc.TLS, file, from uintptr, n int32, offset int64) int32 {
	h, inner := handleOf(file)
	h.recorder.write(h.name, offset, unsafe.Slice((*byte)(pointer(from)), n))
	return function[writeFunc](inner.FxWrite)(tls, file, from, n, offset)
}

func fileTruncate(tls *libc.TLS, file uintptr, size int64) int32 {
	h, inner := handleOf(file)
	h.recorder.truncate(h.name, size)
	return function[truncateFunc](inner.FxTruncate)(tls, file, size)
}

// journals are the files whose folder SQLite syncs with their first sync, when it may have created them.
const journals = sqlite3.SQLITE_OPEN_WAL | sqlite3.SQLITE_OPEN_MAIN_JOURNAL | sqlite3.SQLITE_OPEN_SUPER_JOURNAL

func fileSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	h, inner := handleOf(file)
	upto := h.recorder.Now()
	rc := function[syncFunc](inner.FxSync)(tls, file, flags)
	if rc != sqlite3.SQLITE_OK {
		return rc
	}
	h.recorder.synced(h.name, upto)
	if h.entry {
		h.recorder.folder(filepath.Dir(h.name), upto)
		h.entry = false
		vfs.mu.Lock()
		vfs.open[file] = h
		vfs.mu.Unlock()
	}
	return rc
}

func vfsDelete(tls *libc.TLS, _, name uintptr, syncFolder int32) int32 {
	path := libc.GoString(name)
	r, relative := recorderOf(path)
	_, err := os.Stat(path)
	rc := function[deleteFunc](vfs.inner.FxDelete)(tls, vfs.innerAt, name, syncFolder)
	if r != nil && err == nil && rc == sqlite3.SQLITE_OK {
		r.remove(relative, syncFolder != 0)
	}
	return rc
}
