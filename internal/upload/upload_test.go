package upload_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/record"
	"aftercare/internal/upload"
)

func TestUpload(t *testing.T) {
	jpg := phototest.JPEG(640, 480, 85, 1)
	sha := photo.Hash(jpg)

	t.Run("R-07 a photo is verified whether its row comes before or after the bytes", func(t *testing.T) {
		s := newHouse(t)
		before := s.row(apptest.SH, "advisor", sha)
		same(t, "state before the bytes", s.state(before).State(), upload.StateUploading)
		s.tablet(apptest.SH, "advisor").must(jpg)
		after := s.row(apptest.SH, "technician", sha)
		for _, rec := range []*record.Photo{s.state(before), s.state(after)} {
			same(t, "state", rec.State(), upload.StateVerified)
			same(t, "stored", rec.StoredSHA256(), sha)
		}
		same(t, "version of the row told later", s.state(before).Version(), 2)
	})
	t.Run("R-07 the verdict reaches other tablets by sync", func(t *testing.T) {
		s := newHouse(t)
		d := s.Device(apptest.SH, "advisor")
		other := s.Device(apptest.SH, "technician")
		d.Pull(0)
		id := apptest.NewID()
		d.Must(apptest.Create(record.Photos, id, map[string]any{record.FieldShop: apptest.SH, record.FieldSubjectCollection: record.Vehicles,
			record.FieldSubjectRecord: apptest.NewID(), record.FieldSHA256: sha}))
		other.Pull(0)
		s.tablet(apptest.SH, "advisor").must(jpg)
		other.Pull(0)
		same(t, "state", other.Rows[record.Photos+"/"+id][record.FieldState], upload.StateVerified)
	})
	t.Run("R-07 sending goes on at any byte, also after the server was started anew", func(t *testing.T) {
		s := newHouse(t)
		c := s.tablet(apptest.SH, "advisor")
		path, a := c.create(sha, photo.JPEG, int64(len(jpg)))
		want(t, a, http.StatusCreated, "")
		sent := 0
		for _, cut := range []int{1, 7, 8, 1000, len(jpg) - 1} {
			want(t, c.patch(path, sent, jpg[sent:cut]), http.StatusNoContent, "")
			sent = cut
			s.Shop = s.Restart()
			c.shop = s.Shop
			same(t, "offset after the restart", c.head(path).Header.Get("Upload-Offset"), sent)
		}
		want(t, c.patch(path, 5, jpg[5:]), http.StatusConflict, "upload.offset")
		want(t, c.patch(path, sent, jpg[sent:]), http.StatusNoContent, "")
		want(t, c.photo(http.MethodHead, sha, ""), http.StatusOK, "")
	})
	t.Run("R-07 killed between the last byte and the verdict: the next question brings the verdict", func(t *testing.T) {
		s := newHouse(t)
		c := s.tablet(apptest.SH, "advisor")
		row := s.row(apptest.SH, "advisor", sha)
		path, _ := c.create(sha, photo.JPEG, int64(len(jpg)))
		leave(t, s, jpg)
		same(t, "offset", c.head(path).Header.Get("Upload-Offset"), len(jpg))
		same(t, "state", s.state(row).State(), upload.StateVerified)
	})
	t.Run("R-07 killed there and nobody asks: the sweep brings the verdict", func(t *testing.T) {
		s := newHouse(t)
		row := s.row(apptest.SH, "advisor", sha)
		s.tablet(apptest.SH, "advisor").create(sha, photo.JPEG, int64(len(jpg)))
		old := time.Now().Add(-2 * time.Minute)
		if err := os.Chtimes(leave(t, s, jpg), old, old); err != nil {
			t.Fatal(err)
		}
		sweep(t, s, 0)
		same(t, "state", s.state(row).State(), upload.StateVerified)
	})
	t.Run("R-07 whoever lost the last answer learns that nothing needs to be sent again", func(t *testing.T) {
		s := newHouse(t)
		c := s.tablet(apptest.SH, "advisor")
		path, _ := c.create(sha, photo.JPEG, int64(len(jpg)))
		c.patch(path, 0, jpg)
		a := c.head(path)
		want(t, a, http.StatusOK, "")
		same(t, "offset", a.Header.Get("Upload-Offset"), len(jpg))
		want(t, c.patch(path, len(jpg), nil), http.StatusNoContent, "")
		same(t, "bytes kept twice", s.uploads(".info"), 1)
	})
	t.Run("R-07 the same bytes from two tablets are stored once, and both have sent them", func(t *testing.T) {
		s := newHouse(t)
		s.tablet(apptest.SH, "advisor").must(jpg)
		s.tablet(apptest.SH, "technician").must(jpg)
		s.tablet(apptest.HZ, "advisor").must(jpg)
		same(t, "files", s.count("photo_files", sha), 1)
		same(t, "senders", s.count("photo_senders", sha), 3)
	})
	t.Run("R-07 everything in one request, and many at once", func(t *testing.T) {
		s := newHouse(t)
		done := make(chan apptest.Answer)
		for i := range 8 {
			b := phototest.JPEG(320, 240, 85, uint64(100+i))
			go func() {
				c := s.tablet(apptest.SH, "advisor")
				done <- c.shop.Do(http.MethodPost, "/api/uploads", c.token, b, "Tus-Resumable", "1.0.0", "Upload-Length", fmt.Sprint(len(b)),
					"Upload-Metadata", metadata(photo.Hash(b), photo.JPEG), "Content-Type", "application/offset+octet-stream")
			}()
		}
		for range 8 {
			want(t, <-done, http.StatusCreated, "")
		}
	})
	t.Run("R-07 an upload can be given up", func(t *testing.T) {
		s := newHouse(t)
		c := s.tablet(apptest.SH, "advisor")
		path, _ := c.create(sha, photo.JPEG, int64(len(jpg)))
		c.patch(path, 0, jpg[:100])
		want(t, c.shop.Do(http.MethodDelete, path, c.token, nil, "Tus-Resumable", "1.0.0"), http.StatusNoContent, "")
		want(t, c.patch(path, 100, jpg[100:]), http.StatusNotFound, "upload.unknown")
		same(t, "files left", s.uploads(""), 0)
	})
	t.Run("R-07 a client can ask what the server can do", func(t *testing.T) {
		s := newHouse(t)
		a := s.Do(http.MethodOptions, "/api/uploads/", "", nil)
		same(t, "status", a.Status, http.StatusNoContent)
		same(t, "extensions", a.Header.Get("Tus-Extension"), "creation,creation-with-upload,termination")
	})
}

// leave puts all bytes of the one upload under way in place, as a server does that dies before it has judged them.
func leave(t *testing.T, s house, b []byte) (path string) {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(s.Dir, "photos", "uploads", "*", "*.info"))
	if len(found) != 1 {
		t.Fatalf("uploads: %v", found)
	}
	path = strings.TrimSuffix(found[0], ".info")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func sweep(t *testing.T, s house, after time.Duration) upload.Swept {
	t.Helper()
	s.Clock.Advance(after)
	swept, err := s.House.Photos.Sweep(s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return swept
}

func TestCutConnection(t *testing.T) {
	t.Run("R-07 of a request that is cut, the server keeps what arrived and asks for the rest only", func(t *testing.T) {
		s := newHouse(t)
		c := s.tablet(apptest.SH, "advisor")
		jpg := phototest.JPEG(1200, 900, 90, 2)
		path, _ := c.create(photo.Hash(jpg), photo.JPEG, int64(len(jpg)))
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		half := len(jpg) / 2
		fmt.Fprintf(conn, "PATCH %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"+
			"Content-Type: application/offset+octet-stream\r\nContent-Length: %d\r\n\r\n", path, c.token, len(jpg))
		w := bufio.NewWriter(conn)
		w.Write(jpg[:half])
		w.Flush()
		time.Sleep(50 * time.Millisecond)
		conn.Close()
		offset := 0
		for range 100 {
			fmt.Sscan(c.head(path).Header.Get("Upload-Offset"), &offset)
			if offset == half {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		same(t, "offset", offset, half)
		want(t, c.patch(path, offset, jpg[offset:]), http.StatusNoContent, "")
		want(t, c.photo(http.MethodHead, photo.Hash(jpg), ""), http.StatusOK, "")
	})
}

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
		ownToken, err1 := owner.NewAuthToken()
		otherToken, err2 := stranger.NewAuthToken()
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
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

func TestPhotoState(t *testing.T) {
	t.Run("R-07 an unknown photo is uploading", func(t *testing.T) {
		s := newHouse(t)
		state, stored, refusal := upload.PhotoState(s.App, apptest.SH, strings.Repeat("0", 64))
		same(t, "state", []string{state, stored, refusal}, []string{upload.StateUploading, "", ""})
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

// BenchmarkUpload is one 12 megapixel photo from the first request to the verdict, in process.
func BenchmarkUpload(b *testing.B) {
	s := newHouse(b)
	c := s.tablet(apptest.SH, "advisor")
	base := phototest.JPEG(4000, 3000, 88, 1)
	n := 0
	for b.Loop() {
		n++
		unlike := append(bytes.Clone(base[:2]), phototest.Segment(nil, 0xFE, fmt.Appendf(nil, "%d", n))...)
		c.must(append(unlike, base[2:]...))
	}
}
