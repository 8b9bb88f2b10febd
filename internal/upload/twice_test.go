package upload_test

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/record"
	"aftercare/internal/upload"
)

func TestTwice(t *testing.T) {
	jpg := phototest.JPEG(320, 240, 85, 9)
	sha := photo.Hash(jpg)
	t.Run("R-07 the same photo from four tablets at the same moment lies on the shelf once, and every row is verified", func(t *testing.T) {
		s := newHouse(t)
		rows := map[string]string{}
		answers := make(chan apptest.Answer)
		for _, role := range []string{"advisor", "technician", "second", "leader"} {
			rows[role] = s.row(apptest.SH, role, sha).Id
			c := s.tablet(apptest.SH, role)
			path, _ := c.create(sha, photo.JPEG, int64(len(jpg)))
			c.patch(path, 0, jpg[:100])
			go func() { answers <- c.patch(path, 100, jpg[100:]) }()
		}
		for range rows {
			want(t, <-answers, http.StatusNoContent, "")
		}
		for role, id := range rows {
			rec, err := s.App.FindRecordById(record.Photos, id)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "the row of the "+role, record.AsPhoto(rec).State(), upload.StateVerified)
		}
		same(t, "entries", s.count("photo_files", sha), 1)
		same(t, "senders", s.count("photo_senders", sha), 4)
		found, err := filepath.Glob(filepath.Join(s.Dir, "photos", sha[:2], "*"))
		same(t, "folders on the shelf", len(found), 1)
		same(t, "error", err, nil)
		same(t, "left in the making", len(glob(t, s, "tmp", "*")), 0)
	})
	t.Run("R-07 one tablet sends other bytes under the name while another sends the right ones: only these count", func(t *testing.T) {
		s := newHouse(t)
		liar, honest := s.tablet(apptest.SH, "second"), s.tablet(apptest.SH, "advisor")
		row := s.row(apptest.SH, "advisor", sha)
		path, _ := honest.create(sha, photo.JPEG, int64(len(jpg)))
		other := phototest.JPEG(320, 240, 85, 10)
		want(t, liar.send(sha, photo.JPEG, other), http.StatusUnprocessableEntity, "photo.hash")
		same(t, "the honest row", s.state(row).State(), upload.StateUploading)
		want(t, honest.patch(path, 0, jpg), http.StatusNoContent, "")
		same(t, "the honest row", s.state(row).State(), upload.StateVerified)
		want(t, liar.send(sha, photo.JPEG, other), http.StatusUnprocessableEntity, "photo.hash")
		same(t, "the honest row", s.state(row).State(), upload.StateVerified)
	})
	t.Run("R-07 the quota of a day's bytes ends with the day, and is each sender's own", func(t *testing.T) {
		s := newHouse(t)
		_, err := s.App.DB().Insert("photo_senders", dbx.Params{"sha256": photo.Hash(nil), "shop": apptest.SH, "bytes": 10<<30 - 10,
			"sender": "staff-" + apptest.Person(apptest.SH, "technician"), "sent": record.Text(s.Clock.Now())}).Execute()
		same(t, "error", err, nil)
		c := s.tablet(apptest.SH, "technician")
		want(t, c.send(sha, photo.JPEG, jpg), http.StatusTooManyRequests, "upload.quota")
		s.tablet(apptest.SH, "second").must(jpg)
		s.Clock.Advance(24*time.Hour + time.Second)
		c.must(jpg)
	})
}

func glob(t *testing.T, s house, parts ...string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(append([]string{s.Dir, "photos"}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return found
}
