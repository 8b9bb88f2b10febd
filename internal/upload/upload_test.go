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
