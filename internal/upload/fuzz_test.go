package upload_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/photo/phototest"
)

// methods of the tus endpoint, and of what is none.
var methods = []string{http.MethodPost, http.MethodPatch, http.MethodHead, http.MethodDelete, http.MethodGet, http.MethodOptions, http.MethodPut}

// FuzzHeaders: whatever stands in the headers of the tus endpoint, however long the body says it is, the answer is the
// protocol's or a refusal with a code; nothing appears outside the sender's folder, and nothing is verified that was not sent.
func FuzzHeaders(f *testing.F) {
	s := newHouse(f)
	c := s.tablet(apptest.SH, "technician")
	theirs := s.tablet(apptest.SH, "second")
	good := phototest.JPEG(16, 16, 60, 1)
	sha := photo.Hash(good)
	begun, _ := c.create(sha, photo.JPEG, int64(len(good)))
	foreign, _ := theirs.create(sha, photo.JPEG, int64(len(good)))
	paths := func() []string {
		if s.uploads(filepath.Base(begun)+".info") == 0 { // the input before has ended it
			begun, _ = c.create(sha, photo.JPEG, int64(len(good)))
		}
		return []string{"/api/uploads/", begun, foreign, "/api/uploads/../../x", begun + "/..", "/api/uploads/staff-x/" + sha + "-0123456789abcdef", "/api/uploads"}
	}
	f.Add(byte(0), byte(0), "100", "", metadata(sha, photo.JPEG), "1.0.0", "", "", int64(0), []byte(nil))
	f.Add(byte(0), byte(0), "100", "0", metadata(sha, photo.JPEG), "1.0.0", "application/offset+octet-stream", "", int64(100), []byte("\xff\xd8"))
	f.Add(byte(1), byte(1), "", "0", "", "1.0.0", "application/offset+octet-stream", "", int64(5), []byte("\xff\xd8\xff\xe0 not a photo"))
	f.Add(byte(1), byte(1), "", "18446744073709551616", "", "1.0.0", "application/offset+octet-stream", "", int64(-1), []byte("x"))
	f.Add(byte(1), byte(2), "-1", "-1", "sha256,type", "0.2.2", "text/plain", "DELETE", int64(1), []byte("x"))
	f.Add(byte(2), byte(3), "1e3", "1.5", "sha256 ====,type %%%", "", "", "PATCH", int64(1)<<40, []byte(nil))
	f.Add(byte(0), byte(0), "9223372036854775807", "", "sha256 "+strings.Repeat("A", 5000), "1.0.0", "", "", int64(0), []byte(nil))
	f.Add(byte(3), byte(1), "", "", "", "1.0.0", "", "", int64(0), []byte(nil))
	f.Fuzz(func(t *testing.T, method, path byte, length, offset, meta, version, kind, instead string, announced int64, body []byte) {
		s.Under(t)
		s.t, c.t = t, t
		all := paths()
		r := httptest.NewRequest(methods[int(method)%len(methods)], all[int(path)%len(all)], bytes.NewReader(body))
		r.Header.Set("Authorization", c.token)
		for name, value := range map[string]string{"Upload-Length": length, "Upload-Offset": offset, "Upload-Metadata": meta,
			"Tus-Resumable": version, "Content-Type": kind, "X-HTTP-Method-Override": instead} {
			if strings.ContainsFunc(value, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) {
				return // no server hands such a header on
			}
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		if announced >= -1 { // what the client says of its body; the connection ends when the body does
			r.ContentLength = announced
		}
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		held(t, apptest.Answer{Status: w.Code, Body: w.Body.Bytes(), Header: w.Header()}, r.Method)
		tidy(t, s, sha, begun, foreign)
	})
}

// held holds an answer of the endpoint to what every answer keeps to.
func held(t *testing.T, a apptest.Answer, method string) {
	t.Helper()
	known := []int{200, 201, 204, 301, 307, 400, 401, 404, 405, 409, 410, 412, 413, 415, 422, 429, 503}
	if !slices.Contains(known, a.Status) {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a.Status >= 400 && method != http.MethodHead && (a.Code() == "" || !json.Valid(a.Body)) {
		t.Fatalf("no code: %d %s", a.Status, a.Body)
	}
}

// tidy looks at what is on the disk, and clears the sender's folder of what this input left.
func tidy(t *testing.T, s house, sha string, keep ...string) {
	t.Helper()
	if s.onDisk(sha) {
		t.Fatal("a photo is on the shelf that nobody has sent")
	}
	creators, err := os.ReadDir(filepath.Join(s.Dir, "photos", "uploads"))
	if err != nil {
		t.Fatal(err)
	}
	for _, creator := range creators {
		if !slices.Contains([]string{"staff-" + apptest.Person(apptest.SH, "technician"), "staff-" + apptest.Person(apptest.SH, "second")}, creator.Name()) {
			t.Fatalf("a folder of nobody's: %s", creator.Name())
		}
		found, err := filepath.Glob(filepath.Join(s.Dir, "photos", "uploads", creator.Name(), "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			if !slices.ContainsFunc(keep, func(kept string) bool { return strings.HasPrefix(filepath.Base(path), filepath.Base(kept)) }) {
				_ = os.Remove(path)
			}
		}
	}
}
