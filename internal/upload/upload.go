// Package upload takes photos in, piece by piece, and keeps them (R-07; DESIGN.md beside this file is the
// specification). It promises: bytes acknowledged once need never be sent again, also after the server was killed; a
// photo is called verified only when the server's own hash of what arrived equals the one the tablet named, the
// picture has passed package photo, and everything is on disk and synced; the same bytes sent twice are stored once;
// an upload exists for its creator only; nothing that a row or a signed document names is ever collected.
//
// It does not decide who may sign in or see a photo: package route tells it who calls, and asks Standing.
package upload

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog"

	"aftercare/internal/photo"
)

// BasePath is where the tus endpoint is mounted.
const BasePath = "/api/uploads/"

// Ages at which things are collected.
const (
	UnfinishedFor   = 24 * time.Hour     // an upload, from its creation
	UnreferencedFor = 7 * 24 * time.Hour // a photo, from when it came or was last named by a row
)

// atDesk is how many photos are judged at once; the others wait on disk.
const atDesk = 4

// Caller is who uploads. Shop is "" for those who work in every shop.
type Caller struct {
	Collection string
	ID         string
	Shop       string
}

// key names the caller in paths and in photo_senders; ids are unique within a collection only.
func (c Caller) key() string { return c.Collection + "-" + c.ID }

// Config of a Service. Dir is where photos live (inside the data folder); Clock is the server's time; Disk is where
// verified photos are written, this machine's when nil.
type Config struct {
	App   core.App
	Dir   string
	Clock func() time.Time
	Disk  Disk
}

// Service is the tus endpoint and the store behind it. Make it with New.
type Service struct {
	app     core.App
	clock   func() time.Time
	files   shelf
	parts   string // folder of uploads under way
	tus     http.Handler
	storing [64]sync.Mutex // by hash: one at a time puts or removes a photo
	desk    chan struct{}  // as many photos are being judged at once: each lies in memory whole
	started time.Time      // by the clock
	healed  atomic.Int64   // when rows were last compared with the ledger, Unix seconds of the clock
}

// New opens the store, making its folders, and removes what a crash left half-written.
func New(cfg Config) (*Service, error) {
	s := &Service{app: cfg.App, clock: cfg.Clock, parts: filepath.Join(cfg.Dir, "uploads"), desk: make(chan struct{}, atDesk), started: cfg.Clock()}
	if cfg.Disk == nil {
		cfg.Disk = System()
	}
	var err error
	if s.files, err = openShelf(cfg.Dir, cfg.Disk); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.parts, 0o700); err != nil {
		return nil, err
	}
	composer := handler.NewStoreComposer()
	store := intake{files: filestore.New(s.parts), service: s}
	composer.UseCore(store)
	composer.UseTerminater(store)
	composer.UseLocker(memorylocker.New())
	tus, err := handler.NewHandler(handler.Config{
		StoreComposer:             composer,
		BasePath:                  BasePath,
		DisableDownload:           true, // what is not verified is shown to nobody
		RespectForwardedHeaders:   true, // only the Location header is made of them
		Cors:                      &handler.CorsConfig{Disable: true},
		Logger:                    slog.New(slog.NewTextHandler(io.Discard, nil)), // what matters comes back from Serve
		PreUploadCreateCallback:   s.begin,
		PreFinishResponseCallback: s.complete,
		NetworkTimeout:            30 * time.Second,
		AcquireLockTimeout:        10 * time.Second,
	})
	if err != nil {
		return nil, err
	}
	s.tus = tus
	return s, nil
}

// Serve answers one tus request of the caller. What it cannot do it returns as a fault, with nothing written to w
// but the protocol's own headers. Still is asked when the last byte has arrived, which may be long after the first:
// its fault refuses the photo, whose bytes are then thrown away.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, who Caller, still func() error) error {
	id, err := uploadID(r.URL.Path)
	if err != nil {
		return err
	}
	if id != "" && !owns(who, id) {
		return unknown()
	}
	t := &trip{who: who, still: still}
	answer := &errorless{ResponseWriter: w}
	inner := r.Clone(t.in(r.Context()))
	inner.URL.Path = id
	s.tus.ServeHTTP(answer, inner)
	return answer.fault(t, s.app.Logger())
}

// Capabilities are the headers of an OPTIONS answer, by which a tus client learns what this server can do.
func Capabilities(h http.Header) {
	h.Set("Tus-Resumable", "1.0.0")
	h.Set("Tus-Version", "1.0.0")
	h.Set("Tus-Extension", "creation,creation-with-upload,termination")
	h.Set("Tus-Max-Size", fmt.Sprint(photo.MaxBytes))
}

var idPattern = regexp.MustCompile(`^[a-z_]+-[A-Za-z0-9]+/[0-9a-f]{64}-[0-9a-f]{16}$`)

// uploadID is the part of the path that names an upload, "" for the endpoint itself.
func uploadID(path string) (string, error) {
	if len(path) <= len(BasePath) {
		return "", nil
	}
	id := path[len(BasePath):]
	if !idPattern.MatchString(id) {
		return "", unknown()
	}
	return id, nil
}

func owns(who Caller, id string) bool { return filepath.Dir(id) == who.key() }

// guard returns the lock under which the photo of that hash is put, verified or removed.
func (s *Service) guard(sha string) *sync.Mutex {
	n, err := strconv.ParseUint(sha[:2], 16, 8)
	if err != nil {
		n = 0 // not a hash: any lock will do
	}
	return &s.storing[n%uint64(len(s.storing))]
}
