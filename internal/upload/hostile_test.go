package upload_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/upload"
)

func TestHostile(t *testing.T) {
	jpg := phototest.JPEG(64, 48, 80, 1)
	pic := phototest.PNG(64, 48, 1)
	cases := []struct {
		name  string
		media string
		bytes []byte
		code  string
	}{
		{"progressive bomb of 14,000²", photo.JPEG, phototest.ProgressiveBomb(), photo.CodeTooLarge},
		{"PNG bomb of 12,000²", photo.PNG, phototest.PNGBomb(), photo.CodeTooLarge},
		{"HTML", photo.JPEG, phototest.HTML, photo.CodeType},
		{"SVG", photo.PNG, phototest.SVG, photo.CodeType},
		{"GIF", photo.JPEG, phototest.GIF, photo.CodeType},
		{"TIFF", photo.JPEG, phototest.TIFF, photo.CodeType},
		{"WebP", photo.JPEG, phototest.WebP, photo.CodeType},
		{"GIF announced as GIF", "image/gif", phototest.GIF, photo.CodeType},
		{"HTML announced as HTML", "text/html", phototest.HTML, photo.CodeType},
		{"PNG announced as JPEG", photo.JPEG, pic, photo.CodeType},
		{"truncated JPEG", photo.JPEG, jpg[:len(jpg)-30], photo.CodeBroken},
		{"truncated PNG", photo.PNG, pic[:len(pic)/2], photo.CodeBroken},
	}
	for _, c := range cases {
		t.Run("R-07 refused, its row told, and shown to nobody: "+c.name, func(t *testing.T) {
			s := newHouse(t)
			sha := photo.Hash(c.bytes)
			row := s.row(apptest.SH, "advisor", sha)
			tab := s.tablet(apptest.SH, "advisor")
			want(t, tab.send(sha, c.media, c.bytes), http.StatusUnprocessableEntity, c.code)
			same(t, "state", s.state(row).State(), upload.StateRefused)
			same(t, "refusal", s.state(row).Refusal(), c.code)
			want(t, tab.photo(http.MethodGet, sha, ""), http.StatusNotFound, "photo.unknown")
			same(t, "on disk", s.onDisk(sha), false)
			same(t, "files left", s.uploads(""), 0)
		})
	}
	t.Run("R-07 a row that comes after a refusal is told at once", func(t *testing.T) {
		s := newHouse(t)
		bad := jpg[:len(jpg)-30]
		s.tablet(apptest.SH, "advisor").send(photo.Hash(bad), photo.JPEG, bad)
		same(t, "refusal", s.state(s.row(apptest.SH, "advisor", photo.Hash(bad))).Refusal(), photo.CodeBroken)
	})
	t.Run("R-07 what is no picture is stopped at its first bytes", func(t *testing.T) {
		s := newHouse(t)
		c := s.tablet(apptest.SH, "advisor")
		path, _ := c.create(photo.Hash(jpg), photo.JPEG, 20<<20)
		want(t, c.patch(path, 0, phototest.HTML), http.StatusUnprocessableEntity, photo.CodeType)
		want(t, c.head(path), http.StatusNotFound, "")
	})
	t.Run("R-07 other bytes than announced: only the sender's rows are told, and good bytes heal them", func(t *testing.T) {
		s := newHouse(t)
		sha := photo.Hash(jpg)
		own, others := s.row(apptest.SH, "advisor", sha), s.row(apptest.SH, "technician", sha)
		other := phototest.JPEG(64, 48, 80, 99)
		want(t, s.tablet(apptest.SH, "advisor").send(sha, photo.JPEG, other), http.StatusUnprocessableEntity, "photo.hash")
		same(t, "own row", s.state(own).State(), upload.StateRefused)
		same(t, "another's row", s.state(others).State(), upload.StateUploading)
		s.tablet(apptest.SH, "advisor").must(jpg)
		same(t, "own row", s.state(own).State(), upload.StateVerified)
		same(t, "another's row", s.state(others).State(), upload.StateVerified)
		want(t, s.tablet(apptest.SH, "advisor").send(sha, photo.JPEG, other), http.StatusUnprocessableEntity, "photo.hash")
		same(t, "a verified row stays", s.state(own).State(), upload.StateVerified)
	})
	t.Run("R-07 no place, camera or comment is served, in any size and orientation", func(t *testing.T) {
		s := newHouse(t)
		c := s.tablet(apptest.SH, "advisor")
		for o := 1; o <= 8; o++ {
			sent := phototest.Polyglot(phototest.WithMetadata(phototest.JPEG(400, 300, 85, uint64(o)), o), phototest.ZIP)
			sha := c.must(sent)
			for _, size := range []string{"", "1600", "320"} {
				a := c.photo(http.MethodGet, sha, size)
				for _, mark := range []string{phototest.PlaceMark, phototest.CameraMark, phototest.CommentMark, "PK\x03\x04"} {
					if a.Status != http.StatusOK || bytes.Contains(a.Body, []byte(mark)) {
						t.Errorf("orientation %d size %q: %d, %q leaks", o, size, a.Status, mark)
					}
				}
			}
			original := c.photo(http.MethodGet, sha, "original")
			same(t, "stored hash", original.Header.Get("X-Stored-Sha256"), photo.Hash(original.Body))
			if original.Header.Get("X-Stored-Sha256") == sha {
				t.Error("a file that had to be cleaned kept its hash")
			}
			same(t, "stored hash of the row", s.state(s.row(apptest.SH, "advisor", sha)).StoredSHA256(), photo.Hash(original.Body))
		}
	})
}

func TestRequests(t *testing.T) {
	s := newHouse(t)
	c := s.tablet(apptest.SH, "advisor")
	jpg := phototest.JPEG(64, 48, 80, 1)
	sha := photo.Hash(jpg)
	post := func(headers ...string) apptest.Answer {
		return s.Do(http.MethodPost, "/api/uploads/", c.token, nil, append([]string{"Tus-Resumable", "1.0.0"}, headers...)...)
	}
	t.Run("R-07 signed out", func(t *testing.T) {
		nobody := tablet{t, s.Shop, ""}
		_, a := nobody.create(sha, photo.JPEG, 10)
		want(t, a, http.StatusUnauthorized, "upload.signed_out")
		want(t, nobody.photo(http.MethodGet, sha, ""), http.StatusUnauthorized, "upload.signed_out")
	})
	t.Run("R-07 without or with a malformed hash or type", func(t *testing.T) {
		for _, m := range []string{"", "sha256", "sha256 !!!", "type aW1hZ2UvanBlZw==", metadata("abc", photo.JPEG), metadata(strings.ToUpper(sha), photo.JPEG), metadata(sha, "")} {
			want(t, post("Upload-Length", "10", "Upload-Metadata", m), http.StatusBadRequest, "upload.metadata")
		}
	})
	t.Run("R-07 too large is refused before a byte is sent", func(t *testing.T) {
		_, a := c.create(sha, photo.JPEG, photo.MaxBytes+1)
		want(t, a, http.StatusRequestEntityTooLarge, photo.CodeTooLarge)
		_, a = c.create(sha, photo.JPEG, 0)
		want(t, a, http.StatusUnprocessableEntity, photo.CodeBroken)
	})
	t.Run("R-07 malformed requests", func(t *testing.T) {
		path, _ := c.create(sha, photo.JPEG, int64(len(jpg)))
		want(t, post("Upload-Length", "-1", "Upload-Metadata", metadata(sha, photo.JPEG)), http.StatusBadRequest, "upload.protocol")
		want(t, post("Upload-Defer-Length", "1", "Upload-Metadata", metadata(sha, photo.JPEG)), http.StatusBadRequest, "upload.protocol")
		want(t, s.Do(http.MethodPost, "/api/uploads/", c.token, nil, "Upload-Length", "10"), http.StatusBadRequest, "upload.protocol")
		want(t, s.Do(http.MethodGet, path, c.token, nil), http.StatusBadRequest, "upload.protocol")
		want(t, s.Do(http.MethodPatch, path, c.token, jpg, "Tus-Resumable", "1.0.0", "Upload-Offset", "0"), http.StatusBadRequest, "upload.protocol")
		want(t, c.patch(path, 0, append(bytes.Clone(jpg), 0)), http.StatusRequestEntityTooLarge, "upload.protocol")
		for _, p := range []string{"x", "..%2f..%2fdata.db", "staff-x/y", "staff-x%2f..%2f..%2fy", strings.Repeat("a", 300)} {
			if a := c.head("/api/uploads/" + p); a.Status != http.StatusNotFound && a.Status != http.StatusTemporaryRedirect {
				t.Errorf("%s: %d", p, a.Status)
			}
		}
	})
	t.Run("R-07 a malformed name or size of a photo", func(t *testing.T) {
		want(t, c.photo(http.MethodGet, "abc", ""), http.StatusBadRequest, "photo.name")
		want(t, c.photo(http.MethodGet, sha, "9000"), http.StatusBadRequest, "photo.size")
	})
	t.Run("R-07 the quota of unfinished uploads", func(t *testing.T) {
		other := s.tablet(apptest.SH, "second")
		for range 200 {
			_, a := other.create(sha, photo.JPEG, 1000)
			want(t, a, http.StatusCreated, "")
		}
		_, a := other.create(sha, photo.JPEG, 1000)
		want(t, a, http.StatusTooManyRequests, "upload.quota")
		_, a = c.create(sha, photo.JPEG, 1000)
		want(t, a, http.StatusCreated, "")
	})
	t.Run("R-07 the quota of announced bytes", func(t *testing.T) {
		other := s.tablet(apptest.SH, "leader")
		last := apptest.Answer{}
		for range 45 {
			_, last = other.create(sha, photo.JPEG, 25<<20)
		}
		want(t, last, http.StatusTooManyRequests, "upload.quota")
	})
}

// FuzzMetadata: whatever stands in the header, an announcement is accepted only with a hash and a type.
func FuzzMetadata(f *testing.F) {
	f.Add("a", "image/jpeg")
	f.Add(strings.Repeat("0", 64), "image/png")
	f.Add(strings.Repeat("0", 63)+"\n", "text/html")
	f.Fuzz(func(t *testing.T, sha, media string) {
		a, err := upload.ParseMetadata(map[string]string{"sha256": sha, "type": media})
		if err == nil && (len(a.SHA256) != 64 || strings.Trim(a.SHA256, "0123456789abcdef") != "" || a.Media == "") {
			t.Fatalf("accepted %q %q", sha, media)
		}
	})
}
