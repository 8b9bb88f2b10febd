package upload_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/record"
	"aftercare/internal/upload"
)

// sweep moves the clock on and sweeps.
func sweep(t *testing.T, s house, after time.Duration) upload.Swept {
	t.Helper()
	s.Clock.Advance(after)
	swept, err := s.House.Photos.Sweep(s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return swept
}

func TestSweep(t *testing.T) {
	jpg := phototest.JPEG(64, 48, 80, 4)
	sha := photo.Hash(jpg)
	t.Run("R-07 unfinished uploads go after a day", func(t *testing.T) {
		s := newHouse(t)
		c := s.tablet(apptest.SH, "advisor")
		path, _ := c.create(sha, photo.JPEG, int64(len(jpg)))
		c.patch(path, 0, jpg[:100])
		same(t, "swept early", sweep(t, s, 23*time.Hour), upload.Swept{})
		same(t, "swept", sweep(t, s, 2*time.Hour), upload.Swept{Uploads: 1})
		want(t, c.head(path), http.StatusNotFound, "")
		same(t, "files left", s.uploads(""), 0)
	})
	t.Run("R-07 photos that nothing names go after a week", func(t *testing.T) {
		s := newHouse(t)
		c := s.tablet(apptest.SH, "advisor")
		c.must(jpg)
		same(t, "swept early", sweep(t, s, 6*24*time.Hour).Photos, 0)
		want(t, c.photo(http.MethodHead, sha, ""), http.StatusOK, "")
		same(t, "swept", sweep(t, s, 25*time.Hour).Photos, 1)
		want(t, c.photo(http.MethodHead, sha, ""), http.StatusNotFound, "")
		same(t, "on disk", s.onDisk(sha), false)
		c.must(jpg) // may come again
	})
	t.Run("R-07 what a row names is never collected, and a week after the row at the earliest", func(t *testing.T) {
		s := newHouse(t)
		s.tablet(apptest.SH, "advisor").must(jpg)
		s.row(apptest.SH, "advisor", sha)
		for range 30 {
			same(t, "swept", sweep(t, s, 24*time.Hour).Photos, 0)
		}
		if _, err := s.App.DB().Delete(record.Photos, nil).Execute(); err != nil {
			t.Fatal(err)
		}
		same(t, "swept soon after", sweep(t, s, 5*24*time.Hour).Photos, 0)
		same(t, "swept", sweep(t, s, 4*24*time.Hour).Photos, 1)
	})
	t.Run("R-07 what a signed document names is never collected", func(t *testing.T) {
		s := newHouse(t)
		s.tablet(apptest.SH, "advisor").must(jpg)
		d := s.Day(apptest.SH)
		visit := d.VisitInspected()
		d.Make("advisor", record.Photos, map[string]any{record.FieldVisit: visit.Id, record.FieldSubjectCollection: record.Visits,
			record.FieldSubjectRecord: visit.Id, record.FieldSHA256: sha})
		d.HandOver(visit)
		if _, err := s.App.DB().Delete(record.Photos, nil).Execute(); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			same(t, "swept", sweep(t, s, 10*24*time.Hour).Photos, 0)
		}
		same(t, "on disk", s.onDisk(sha), true)
	})
	t.Run("R-07 a row that missed its verdict gets it", func(t *testing.T) {
		s := newHouse(t)
		s.tablet(apptest.SH, "advisor").must(jpg)
		row := s.row(apptest.SH, "advisor", sha)
		if _, err := s.App.DB().NewQuery("UPDATE photos SET state = 'uploading', stored_sha256 = ''").Execute(); err != nil {
			t.Fatal(err)
		}
		sweep(t, s, time.Hour)
		same(t, "state", s.state(row).State(), upload.StateVerified)
	})
	t.Run("R-07 a half-written photo is dropped at the next start", func(t *testing.T) {
		s := newHouse(t)
		junk := filepath.Join(s.Dir, "photos", "tmp", "junk")
		if err := os.MkdirAll(junk, 0o700); err != nil {
			t.Fatal(err)
		}
		s.Shop = s.Restart()
		if _, err := os.Stat(junk); !os.IsNotExist(err) {
			t.Error(err)
		}
	})
}

func TestRowsNotTold(t *testing.T) {
	t.Run("R-07 a row that could not be told, because the database was full just then, is told by the next sweep", func(t *testing.T) {
		jpg := phototest.JPEG(64, 48, 80, 5)
		sha := photo.Hash(jpg)
		s := newHouse(t)
		row := s.row(apptest.SH, "advisor", sha)
		sweep(t, s, time.Minute) // the first one heals anyway
		full := s.App.OnRecordUpdate(record.Photos).BindFunc(func(*core.RecordEvent) error { return errors.New("database or disk is full (13)") })
		c := s.tablet(apptest.SH, "advisor")
		if a := c.send(sha, photo.JPEG, jpg); a.Status != http.StatusServiceUnavailable {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		s.App.OnRecordUpdate(record.Photos).Unbind(full)
		want(t, c.photo(http.MethodHead, sha, ""), http.StatusOK, "")
		sweep(t, s, time.Minute)
		same(t, "state of the row", s.state(row).State(), upload.StateVerified)
	})
}

func TestPhotoState(t *testing.T) {
	t.Run("R-07 an unknown photo is uploading", func(t *testing.T) {
		s := newHouse(t)
		state, stored, refusal := upload.PhotoState(s.App, apptest.SH, "", strings.Repeat("0", 64))
		same(t, "state", []string{state, stored, refusal}, []string{upload.StateUploading, "", ""})
	})
}
