package upload_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/record"
	"aftercare/internal/upload"
)

func TestWhoMaySee(t *testing.T) {
	jpg := phototest.JPEG(320, 240, 85, 3)
	sha := photo.Hash(jpg)

	t.Run("R-07 an upload exists for its creator only", func(t *testing.T) {
		s := newHouse(t)
		path, _ := s.tablet(apptest.SH, "advisor").create(sha, photo.JPEG, int64(len(jpg)))
		for _, other := range []tablet{s.tablet(apptest.SH, "technician"), s.tablet(apptest.HZ, "advisor"), {t, s.Shop, s.Superuser()}} {
			want(t, other.head(path), http.StatusNotFound, "")
			want(t, other.patch(path, 0, jpg), http.StatusNotFound, "upload.unknown")
			want(t, s.Do(http.MethodDelete, path, other.token, nil, "Tus-Resumable", "1.0.0"), http.StatusNotFound, "upload.unknown")
		}
	})
	t.Run("R-07 under way, here, and not here", func(t *testing.T) {
		s := newHouse(t)
		c := s.tablet(apptest.SH, "advisor")
		colleague, stranger := s.tablet(apptest.SH, "technician"), s.tablet(apptest.HZ, "manager")
		want(t, c.photo(http.MethodHead, sha, ""), http.StatusNotFound, "")
		path, _ := c.create(sha, photo.JPEG, int64(len(jpg)))
		want(t, c.photo(http.MethodHead, sha, ""), http.StatusAccepted, "")
		want(t, colleague.photo(http.MethodHead, sha, ""), http.StatusNotFound, "")
		s.row(apptest.SH, "advisor", sha)
		want(t, colleague.photo(http.MethodHead, sha, ""), http.StatusAccepted, "")
		c.patch(path, 0, jpg)
		for _, who := range []tablet{c, colleague, {t, s.Shop, s.Superuser()}, s.tablet(apptest.HZ, "head_office")} {
			want(t, who.photo(http.MethodGet, sha, "320"), http.StatusOK, "")
		}
		want(t, stranger.photo(http.MethodGet, sha, ""), http.StatusNotFound, "photo.unknown")
	})
	t.Run("R-07 naming another shop's hash in a row grants nothing and tells nothing", func(t *testing.T) {
		s := newHouse(t)
		s.tablet(apptest.SH, "advisor").must(jpg)
		s.row(apptest.SH, "advisor", sha)
		row := s.row(apptest.HZ, "advisor", sha)
		same(t, "state of the row", s.state(row).State(), upload.StateUploading)
		same(t, "stored hash", s.state(row).StoredSHA256(), "")
		thief := s.tablet(apptest.HZ, "advisor")
		want(t, thief.photo(http.MethodHead, sha, ""), http.StatusNotFound, "")
		thief.must(jpg) // who has the bytes may send them
		same(t, "state of the row", s.state(row).State(), upload.StateVerified)
		want(t, s.tablet(apptest.HZ, "technician").photo(http.MethodHead, sha, ""), http.StatusOK, "")
	})
	t.Run("R-07 who changes shop between the row and the bytes still completes the photo, for the former shop alone", func(t *testing.T) {
		s := newHouse(t)
		row := s.row(apptest.SH, "advisor", sha)
		named := s.row(apptest.SH, "technician", sha)
		day := s.Day(apptest.HZ)
		if err := day.PatchAs(record.System(""), s.Staff(apptest.SH, "advisor"), map[string]any{record.FieldShop: apptest.HZ}); err != nil {
			t.Fatal(err)
		}
		s.tablet(apptest.SH, "advisor").must(jpg)
		same(t, "state of the row", s.state(row).State(), upload.StateVerified)
		same(t, "state of a row somebody else wrote", s.state(named).State(), upload.StateUploading)
		want(t, s.tablet(apptest.SH, "leader").photo(http.MethodGet, sha, ""), http.StatusOK, "")
		want(t, s.tablet(apptest.HZ, "technician").photo(http.MethodHead, sha, ""), http.StatusNotFound, "")
	})
	t.Run("R-07 a customer sees the photos of their own visit only", func(t *testing.T) {
		s := newHouse(t)
		d := s.Day(apptest.SH)
		visit := d.VisitOpen()
		d.Make("advisor", record.Photos, map[string]any{record.FieldVisit: visit.Id, record.FieldSubjectCollection: record.Visits,
			record.FieldSubjectRecord: visit.Id, record.FieldSHA256: sha})
		s.tablet(apptest.SH, "advisor").must(jpg)
		owner, err := s.App.FindRecordById(record.Customers, record.AsVisit(visit).Customer())
		if err != nil {
			t.Fatal(err)
		}
		stranger := d.Make("advisor", record.Customers, map[string]any{record.FieldName: "王芳", record.FieldPhone: "13900139000"})
		ownToken, otherToken := s.TokenOf(owner), s.TokenOf(stranger)
		want(t, tablet{t, s.Shop, ownToken}.photo(http.MethodGet, sha, "1600"), http.StatusOK, "")
		want(t, tablet{t, s.Shop, otherToken}.photo(http.MethodGet, sha, "1600"), http.StatusNotFound, "photo.unknown")
		mine := phototest.JPEG(64, 64, 80, 77)
		tablet{t, s.Shop, otherToken}.must(mine)
		want(t, tablet{t, s.Shop, otherToken}.photo(http.MethodHead, photo.Hash(mine), ""), http.StatusOK, "")
	})
	t.Run("O-02 what somebody left on a shared tablet is sent by the push-only credential, which reads nothing", func(t *testing.T) {
		s := newHouse(t)
		d := s.Device(apptest.SH, "advisor")
		d.Pull(0)
		d.Push()
		left := tablet{t, s.Shop, "Device " + d.ID + "." + d.Credential}
		left.must(jpg)
		want(t, left.photo(http.MethodHead, sha, ""), http.StatusOK, "")
		want(t, left.photo(http.MethodGet, sha, ""), http.StatusForbidden, "upload.not_allowed")
		want(t, s.tablet(apptest.SH, "advisor").photo(http.MethodGet, sha, ""), http.StatusOK, "")
		colleagues := phototest.JPEG(64, 64, 80, 55)
		s.tablet(apptest.SH, "technician").must(colleagues)
		s.row(apptest.SH, "technician", photo.Hash(colleagues))
		want(t, left.photo(http.MethodHead, photo.Hash(colleagues), ""), http.StatusNotFound, "")
		left.token += "x"
		want(t, left.photo(http.MethodHead, sha, ""), http.StatusUnauthorized, "")
	})
	t.Run("R-07 photos are served so that they can only be looked at", func(t *testing.T) {
		s := newHouse(t)
		c := s.tablet(apptest.SH, "advisor")
		c.must(jpg)
		a := c.photo(http.MethodGet, sha, "")
		if !bytes.Equal(a.Body, jpg) {
			t.Error("clean bytes did not come back identical")
		}
		for name, value := range map[string]string{"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, max-age=31536000, immutable",
			"X-Stored-Sha256": sha, "Cross-Origin-Resource-Policy": "same-origin"} {
			same(t, name, a.Header.Get(name), value)
		}
		if !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
			t.Error("no Content-Disposition")
		}
		same(t, "Vary", strings.Contains(strings.Join(a.Header.Values("Vary"), ","), "Authorization"), true)
	})
}
