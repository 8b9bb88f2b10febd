//go:build unix

package command

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/upload"
)

// camera sends photos one after the other through a server that keeps dying, piece by piece, asking after each death
// how far it has come, as a tus client does.
type camera struct {
	token string
	sent  []string // hashes of photos whose last byte was acknowledged
	taken atomic.Int64
	goes  int // pieces sent
}

// photograph sends one photo until it is acknowledged whole.
func (m *camera) photograph(c *child, chance *rand.Rand, b []byte) error {
	sha := photo.Hash(b)
	at, acked := "", 0
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(5 * time.Millisecond) {
		if at == "" {
			if at = m.create(c, sha, len(b)); at == "" {
				continue
			}
		}
		offset, known := m.offset(c, at)
		if !known {
			continue // killed
		}
		if offset < acked {
			return fmt.Errorf("photo %s: %d bytes were acknowledged, the server has %d", sha, acked, offset)
		}
		if acked = offset; offset == len(b) {
			m.sent = append(m.sent, sha)
			m.taken.Add(1)
			return nil
		}
		piece := b[offset:min(len(b), offset+1+chance.IntN(len(b)/3))]
		response, _, err := c.do(http.MethodPatch, c.url(at), m.token, piece, "Tus-Resumable", "1.0.0",
			"Upload-Offset", fmt.Sprint(offset), "Content-Type", "application/offset+octet-stream")
		if err == nil && response.StatusCode == http.StatusNoContent {
			acked, m.goes = offset+len(piece), m.goes+1
		}
	}
	return fmt.Errorf("photo %s was never taken", sha)
}

func (m *camera) create(c *child, sha string, length int) (path string) {
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	response, _, err := c.do(http.MethodPost, c.url(upload.BasePath), m.token, nil, "Tus-Resumable", "1.0.0",
		"Upload-Length", fmt.Sprint(length), "Upload-Metadata", "sha256 "+encode(sha)+",type "+encode(photo.JPEG))
	if err != nil || response.StatusCode != http.StatusCreated {
		return ""
	}
	location, err := url.Parse(response.Header.Get("Location"))
	if err != nil {
		return ""
	}
	return location.Path
}

func (m *camera) offset(c *child, path string) (offset int, known bool) {
	response, _, err := c.do(http.MethodHead, c.url(path), m.token, nil, "Tus-Resumable", "1.0.0")
	if err != nil || response.StatusCode != http.StatusOK {
		return 0, false
	}
	offset, err = strconv.Atoi(response.Header.Get("Upload-Offset"))
	return offset, err == nil
}

// shoot sends photos until it is told to end.
func (m *camera) shoot(t *testing.T, c *child, stop chan struct{}) {
	chance := rand.New(rand.NewPCG(5, 5))
	for n := uint64(0); !closed(stop); n++ {
		if err := m.photograph(c, chance, phototest.JPEG(160, 120, 80, 500+n)); err != nil {
			t.Error("R-07 ", err)
			return
		}
	}
}

// verify: every photo is on the shelf whole, once.
func (m *camera) verify(t *testing.T, s *apptest.Shop) {
	t.Helper()
	for _, sha := range m.sent {
		var stored string
		err := s.App.DB().NewQuery("SELECT stored_sha256 FROM photo_files WHERE state = 'verified' AND sha256 = '" + sha + "'").Row(&stored)
		b, read := os.ReadFile(filepath.Join(upload.Place(filepath.Join(s.Dir, "photos"), sha), upload.Original))
		if err != nil || read != nil || photo.Hash(b) != stored {
			t.Errorf("R-07 photo %s was acknowledged: %v %v", sha, err, read)
		}
	}
	if len(m.sent) < enoughPhotos {
		t.Errorf("R-07 %d photos", len(m.sent))
	}
	t.Logf("R-07 through the same kills: %d photos in %d pieces, no acknowledged byte lost", len(m.sent), m.goes)
}
