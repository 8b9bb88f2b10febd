package sim

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing/synctest"
	"time"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
)

// house is the server: the real one, on files of its own, above a disk that may fail.
type house struct {
	w    *world
	shop *apptest.Shop
	disk *disk
	dir  string
	next string // where the files lay at the moment of death
}

// open starts a server on the files in dir.
func (w *world) open(dir string) {
	h := &house{w: w, dir: dir}
	var err error
	if h.disk, err = newDisk(h.die); err != nil {
		w.t.Fatal(err)
	}
	h.shop = apptest.Open(w.t, dir, apptest.Options{Clock: apptest.Following(time.Now), Connect: h.disk.connect, Notes: true,
		Config: app.Config{OldestApp: oldestApp}})
	h.shop.App.Cron().Remove("changelog") // it is pruned where the model can look: see season.go
	w.house = h
	w.opened++
}

// die is the moment of a kill -9: what lies on the disk is all that is left.
func (h *house) die() {
	h.next = h.w.folder()
	if err := copyTree(h.dir, h.next); err != nil {
		h.w.t.Fatal(err)
	}
}

// close ends the server in good order.
func (h *house) close() {
	h.shop.Close()
	synctest.Wait()
}

// restart opens a new server on what the last one left. The old files are of no use any more.
func (w *world) restart() { w.restartAfter(0) }

// restartAfter leaves the house closed for a while.
func (w *world) restartAfter(pause time.Duration) {
	h := w.house
	dir := h.dir
	h.close()
	if h.next != "" {
		dir = h.next
		_ = os.RemoveAll(h.dir)
	}
	time.Sleep(pause)
	w.open(dir)
	w.names()
}

// folder is a new empty folder of this seed.
func (w *world) folder() string {
	w.folders++
	dir := filepath.Join(w.base, fmt.Sprintf("h%d", w.folders))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.t.Fatal(err)
	}
	return dir
}

// copyTree copies the files of a server as they lie. Shared memory dies with the process.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // gone while we looked
			}
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o755)
		}
		if strings.HasSuffix(name, "-shm") {
			return nil
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), b, 0o644)
	})
}

// body is a request's body that may break off, and may take the server with it.
type body struct {
	io.Reader
	end func() error
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) && b.end != nil {
		err = b.end()
	}
	return n, err
}

func (*body) Close() error { return nil }

// do hands a request to the server and waits until everything it set off has come to rest. Cut is how many bytes of
// the body arrive (-1: all); kill ends the server when they have been read.
func (h *house) do(r *request, packed bool, cut int, kill bool) answer {
	a := h.serve(r, packed, cut, kill)
	synctest.Wait()
	return a
}

func (h *house) serve(r *request, packed bool, cut int, kill bool) answer {
	payload := r.body
	header := http.Header{"Accept-Language": {"en"}}
	if r.kind != "photo" {
		header.Set("Content-Type", "application/json")
	}
	if packed && len(payload) > 0 && r.kind == "push" {
		payload = pack(payload)
		header.Set("Content-Encoding", "gzip")
	}
	if packed {
		header.Set("Accept-Encoding", "gzip")
	}
	if r.auth != "" {
		header.Set("Authorization", r.auth)
	}
	for name, value := range r.header {
		header.Set(name, value)
	}
	from := &body{Reader: bytes.NewReader(payload)}
	if cut >= 0 && cut < len(payload) {
		from.Reader = bytes.NewReader(payload[:cut])
		from.end = func() error {
			if kill {
				h.disk.kill()
			}
			return io.ErrUnexpectedEOF
		}
	}
	request := httptest.NewRequest(r.method, r.path, from)
	request.ContentLength, request.Header = int64(len(payload)), header
	ctx, over := context.WithCancel(context.Background()) // as a server ends it when the answer is written
	defer over()
	request = request.WithContext(ctx)
	recorder := httptest.NewRecorder()
	h.shop.Handler.ServeHTTP(recorder, request)
	return readAnswer(recorder)
}

func pack(b []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

func readAnswer(recorder *httptest.ResponseRecorder) answer {
	b := recorder.Body.Bytes()
	if recorder.Header().Get("Content-Encoding") == "gzip" {
		if z, err := gzip.NewReader(bytes.NewReader(b)); err == nil {
			b, _ = io.ReadAll(z)
		}
	}
	a := answer{status: recorder.Code, body: b, json: strings.Contains(recorder.Header().Get("Content-Type"), "json"), header: map[string]string{}}
	for name := range recorder.Header() {
		a.header[name] = recorder.Header().Get(name)
	}
	return a
}

// backup is the files of the server as somebody once copied them.
type backup struct {
	dir    string
	at     time.Time
	people map[string]string
	bound  map[string]bool
	lost   map[string]bool
	pruned *oracle // what the log had forgotten by then
}
