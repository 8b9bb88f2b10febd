package app_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/record"
)

// meanwhile is a reader that runs an act before it ends, as a body from a tablet on a bad link.
type meanwhile func()

func (m meanwhile) Read([]byte) (int, error) {
	m()
	return 0, io.EOF
}

// slowly sends the bytes of an upload and lets something happen between the first and the last of them.
func (l lost) slowly(path, authorization string, b []byte, between func()) apptest.Answer {
	body := io.MultiReader(bytes.NewReader(b[:100]), meanwhile(between), bytes.NewReader(b[100:]))
	r := httptest.NewRequest(http.MethodPatch, path, body)
	r.ContentLength = int64(len(b))
	for name, value := range map[string]string{"Authorization": authorization, "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
		"Content-Type": "application/offset+octet-stream"} {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	l.Handler.ServeHTTP(w, r)
	return apptest.Answer{Status: w.Code, Body: w.Body.Bytes(), Header: w.Header()}
}

func TestBytesOnTheWay(t *testing.T) {
	senders := map[string]func(l lost) string{
		"token":      func(l lost) string { return l.tablet.Token },
		"credential": func(l lost) string { return "Device " + l.tablet.ID + "." + l.tablet.Credential },
	}
	ends := map[string]func(t *testing.T, l lost){
		"the device is revoked": func(t *testing.T, l lost) {
			revoking["push"](t, l, record.Devices, l.tablet.ID, record.FieldRevoked, true)
		},
		"the person is dismissed": func(t *testing.T, l lost) {
			revoking["push"](t, l, record.Staff, apptest.Person(apptest.SH, "technician"), record.FieldActive, false)
		},
	}
	for by, sender := range senders {
		for when, end := range ends {
			t.Run("O-03 a photo sent by "+by+" is refused when "+when+" before its last byte", func(t *testing.T) {
				l := lose(t)
				b := phototest.JPEG(320, 240, 80, 7)
				authorization := sender(l)
				a := l.Do(http.MethodPost, "/api/uploads/", authorization, []byte{}, "Tus-Resumable", "1.0.0",
					"Upload-Length", strconv.Itoa(len(b)), "Upload-Metadata", uploadOf(b))
				_, path, _ := strings.Cut(a.Header.Get("Location"), "example.com")
				if a.Status != http.StatusCreated {
					t.Fatalf("%d %s", a.Status, a.Body)
				}
				a = l.slowly(path, authorization, b, func() { end(t, l) })
				if a.Status != http.StatusUnauthorized && a.Status != http.StatusForbidden || a.Code() == "" {
					t.Fatalf("%d %s", a.Status, a.Body)
				}
				if left, _ := filepath.Glob(filepath.Join(l.Dir, "photos", "uploads", "*", "*")); len(left) != 0 {
					t.Errorf("bytes are kept: %v", left)
				}
				if _, err := l.House.Photos.Sweep(l.Clock.Now()); err != nil {
					t.Fatal(err)
				}
				sum := sha256.Sum256(b)
				name := hex.EncodeToString(sum[:])
				if kept, _ := filepath.Glob(filepath.Join(l.Dir, "photos", name[:2], name, "*")); len(kept) != 0 {
					t.Errorf("the photo is on the shelf: %v", kept)
				}
			})
		}
	}
}
