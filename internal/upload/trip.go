package upload

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"aftercare/internal/fault"
	"aftercare/internal/photo"
)

// trip is one request on its way through tusd: who makes it, and the fault one of our callbacks met.
type trip struct {
	who   Caller
	still func() error // whether they still may; nil: yes
	fault *fault.Fault
}

type tripKey struct{}

func (t *trip) in(ctx context.Context) context.Context { return context.WithValue(ctx, tripKey{}, t) }

// tripOf never fails: without a request (a test of the store alone) it is a trip of nobody.
func tripOf(ctx context.Context) *trip {
	if t, ok := ctx.Value(tripKey{}).(*trip); ok {
		return t
	}
	return &trip{}
}

// fail notes the fault for Serve's caller and gives tusd the error that stops the request.
func (t *trip) fail(err error) error {
	f, ok := fault.From(err)
	if !ok {
		f = busy(err)
	}
	t.fault = f
	return errors.New(f.Code)
}

// errorless passes good answers on and holds back tusd's error pages, which are plain text in English: the caller of
// Serve answers in the house's own shape and language.
type errorless struct {
	http.ResponseWriter
	status int
	body   strings.Builder
}

// Unwrap lets deadlines through.
func (w *errorless) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *errorless) WriteHeader(status int) {
	if status < http.StatusBadRequest {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.status = status
	w.Header().Del("Content-Type")
	w.Header().Del("Content-Length")
}

func (w *errorless) Write(b []byte) (int, error) {
	if w.status == 0 {
		return w.ResponseWriter.Write(b)
	}
	if w.body.Len() < 200 {
		w.body.Write(b)
	}
	return len(b), nil
}

// fault is what the answer held back stands for; nil when there was none.
func (w *errorless) fault(t *trip, log *slog.Logger) error {
	switch {
	case w.status == 0:
		return nil
	case t.fault != nil:
		if t.fault.Kind == fault.Unavailable {
			log.Error("upload", "error", t.fault.Error())
		}
		return t.fault
	}
	name, _, _ := strings.Cut(w.body.String(), ":")
	if f, ok := tusFaults[name]; ok {
		return f
	}
	switch {
	case w.status == http.StatusNotFound:
		return unknown()
	case w.status >= http.StatusInternalServerError && w.status != http.StatusNotImplemented:
		err := busy(errors.New(w.body.String()))
		log.Error("upload", "error", err.Error())
		return err
	}
	return protocol(strings.ToLower(strings.TrimPrefix(name, "ERR_")))
}

// tusFaults are tusd's errors that deserve more than "malformed".
var tusFaults = map[string]*fault.Fault{
	"ERR_UPLOAD_NOT_FOUND":     unknown(),
	"ERR_MISMATCHED_OFFSET":    fault.New(fault.Conflict, "upload.offset").On("upload_offset"),
	"ERR_MAX_SIZE_EXCEEDED":    fault.New(fault.TooLarge, photo.CodeTooLarge).On("size"),
	"ERR_UPLOAD_SIZE_EXCEEDED": fault.New(fault.TooLarge, "upload.protocol").On("size").With("reason", "more bytes than announced"),
	"ERR_UPLOAD_LOCKED":        busy(nil),
	"ERR_LOCK_TIMEOUT":         busy(nil),
	"ERR_SERVER_SHUTDOWN":      busy(nil),
	"ERR_UPLOAD_INTERRUPTED":   interrupted(),
	"ERR_UNEXPECTED_EOF":       interrupted(),
	"ERR_READ_TIMEOUT":         interrupted(),
	"ERR_CONNECTION_RESET":     interrupted(),
}

func unknown() *fault.Fault { return fault.New(fault.NotFound, "upload.unknown").On("upload") }

func interrupted() *fault.Fault {
	return fault.New(fault.Unavailable, "upload.interrupted").On("upload")
}

func busy(err error) *fault.Fault {
	return fault.New(fault.Unavailable, "upload.busy").On("upload").Because(err)
}

func protocol(reason string) *fault.Fault {
	return fault.New(fault.Invalid, "upload.protocol").On("upload").With("reason", strings.ReplaceAll(reason, "_", " ")).
		Because(fmt.Errorf("%s", reason))
}
