package upload_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/record"
)

// tablet is a tus client in somebody's hands: what the app's own does, by hand.
type tablet struct {
	t     testing.TB
	shop  *apptest.Shop
	token string
}

func (s house) tablet(shop, role string) tablet { return tablet{s.t, s.Shop, s.Token(shop, role)} }

// house is a shop whose photos a test can look at.
type house struct {
	*apptest.Shop
	t testing.TB
}

func newHouse(t testing.TB) house { return house{apptest.New(t), t} }

// onDisk says whether the photo lies on the shelf.
func (s house) onDisk(sha string) bool {
	found, _ := filepath.Glob(filepath.Join(s.Dir, "photos", sha[:2], sha, "original"))
	return len(found) == 1
}

// uploads counts the files of uploads under way or done.
func (s house) uploads(suffix string) int {
	found, _ := filepath.Glob(filepath.Join(s.Dir, "photos", "uploads", "*", "*"+suffix))
	return len(found)
}

// row makes a photos row as the person with the role.
func (s house) row(shop, role, sha string) *core.Record {
	s.t.Helper()
	d := s.Day(shop)
	return d.Make(role, record.Photos, map[string]any{record.FieldSubjectCollection: record.Vehicles,
		record.FieldSubjectRecord: apptest.NewID(), record.FieldSHA256: sha, record.FieldMedia: photo.JPEG})
}

func (s house) state(rec *core.Record) *record.Photo {
	s.t.Helper()
	fresh, err := s.App.FindRecordById(record.Photos, rec.Id)
	if err != nil {
		s.t.Fatal(err)
	}
	return record.AsPhoto(fresh)
}

func (s house) count(table, sha string) int {
	s.t.Helper()
	var n int
	if err := s.App.DB().Select("count(*)").From(table).Where(dbx.HashExp{"sha256": sha}).Row(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func metadata(sha, media string) string {
	enc := base64.StdEncoding.EncodeToString
	return "sha256 " + enc([]byte(sha)) + ",type " + enc([]byte(media)) + ",creator " + enc([]byte("somebody else"))
}

func (c tablet) create(sha, media string, size int64) (path string, a apptest.Answer) {
	c.t.Helper()
	a = c.shop.Do(http.MethodPost, "/api/uploads/", c.token, []byte{}, "Tus-Resumable", "1.0.0",
		"Upload-Length", strconv.FormatInt(size, 10), "Upload-Metadata", metadata(sha, media))
	_, path, _ = strings.Cut(a.Header.Get("Location"), "example.com")
	return path, a
}

func (c tablet) patch(path string, offset int, b []byte) apptest.Answer {
	c.t.Helper()
	return c.shop.Do(http.MethodPatch, path, c.token, b, "Tus-Resumable", "1.0.0",
		"Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream")
}

func (c tablet) head(path string) apptest.Answer {
	c.t.Helper()
	return c.shop.Do(http.MethodHead, path, c.token, nil, "Tus-Resumable", "1.0.0")
}

// send uploads b under the name sha in one piece and returns the last answer.
func (c tablet) send(sha, media string, b []byte) apptest.Answer {
	c.t.Helper()
	path, a := c.create(sha, media, int64(len(b)))
	if a.Status != http.StatusCreated {
		return a
	}
	return c.patch(path, 0, b)
}

// must uploads b under its own hash.
func (c tablet) must(b []byte) (sha string) {
	c.t.Helper()
	sha = photo.Hash(b)
	media := photo.JPEG
	if bytes.HasPrefix(b, []byte("\x89PNG")) {
		media = photo.PNG
	}
	if a := c.send(sha, media, b); a.Status != http.StatusNoContent {
		c.t.Fatalf("upload: %d %s", a.Status, a.Body)
	}
	return sha
}

func (c tablet) photo(method, sha, size string) apptest.Answer {
	c.t.Helper()
	path := "/api/photos/" + sha
	if size != "" {
		path += "?size=" + size
	}
	return c.shop.Do(method, path, c.token, nil)
}

func want(t testing.TB, a apptest.Answer, status int, code string) {
	t.Helper()
	if a.Status != status || a.Code() != code {
		t.Fatalf("%d %s, want %d %q", a.Status, a.Body, status, code)
	}
}

func same(t testing.TB, what string, got, wanted any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(wanted) {
		t.Errorf("%s: %v, want %v", what, got, wanted)
	}
}
