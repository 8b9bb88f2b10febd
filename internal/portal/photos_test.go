package portal_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/record"
)

// picture sends a photo as the technician's tablet does, and names it in a row of the subject; it returns the photo's hash.
func (l *lane) picture(of *core.Record, seed uint64, arrives bool) string {
	l.t.Helper()
	b := phototest.JPEG(64, 48, 80, seed)
	sum := sha256.Sum256(b)
	sha := hex.EncodeToString(sum[:])
	if arrives {
		said := []string{}
		for key, value := range map[string]string{"sha256": sha, "type": "image/jpeg"} {
			said = append(said, key+" "+base64.StdEncoding.EncodeToString([]byte(value)))
		}
		token := l.Token(apptest.SH, "technician")
		a := l.Do(http.MethodPost, "/api/uploads/", token, []byte{}, "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(b)), "Upload-Metadata", strings.Join(said, ","))
		_, path, _ := strings.Cut(a.Header.Get("Location"), "example.com")
		if a.Status == http.StatusCreated {
			a = l.Do(http.MethodPatch, path, token, b, "Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream")
		}
		if a.Status != http.StatusNoContent {
			l.t.Fatalf("upload: %d %s", a.Status, a.Body)
		}
	}
	l.day.Make("technician", record.Photos, map[string]any{record.FieldVisit: of.GetString(record.FieldVisit), record.FieldSubjectCollection: of.Collection().Name,
		record.FieldSubjectRecord: of.Id, record.FieldSHA256: sha})
	return sha
}

func (l *lane) shown(token, sha string) int {
	return l.Do(http.MethodGet, "/api/portal/photos/"+sha+"?size=320", "", nil, "Link-Token", token).Status
}

func TestPhotos(t *testing.T) {
	l := newLane(t)
	own, onTheWay := l.picture(l.found, 1, true), l.picture(l.found, 2, false)
	signed, other := l.picture(l.car.Job, 3, true), l.day.JobApproved()
	others := l.picture(other.Job, 4, true)
	_, s := l.send(map[string]any{"hand": true})
	_, p := l.post("open", map[string]any{"token": s.Token})
	t.Run("S-05 the page names the photos of what it asks about, and no others", func(t *testing.T) {
		if len(p.Jobs) != 1 || !slices.Equal(p.Jobs[0].Photos, []string{own}) {
			t.Errorf("%+v", p.Jobs)
		}
	})
	t.Run("S-05 they are shown to whoever has the link", func(t *testing.T) {
		a := l.Do(http.MethodGet, "/api/portal/photos/"+own+"?size=320", "", nil, "Link-Token", s.Token)
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "image/jpeg" || len(a.Body) == 0 {
			t.Errorf("%d %s", a.Status, a.Header.Get("Content-Type"))
		}
	})
	for what, sha := range map[string]string{"of a line that is not asked about": signed, "of another car": others, "that has not arrived": onTheWay, "nobody has": strings.Repeat("ab", 32)} {
		t.Run("S-05 O-03 a photo "+what+" is not there", func(t *testing.T) {
			if status := l.shown(s.Token, sha); status != http.StatusNotFound {
				t.Errorf("%d", status)
			}
		})
	}
	t.Run("S-05 without the link's token, or with another one, there are no photos", func(t *testing.T) {
		for _, token := range []string{"", strings.Repeat("x", len(s.Token))} {
			if status := l.shown(token, own); status != http.StatusNotFound {
				t.Errorf("%q: %d", token, status)
			}
		}
	})
	t.Run("S-05 a link that is over shows none", func(t *testing.T) {
		l.Clock.Advance(30 * 24 * time.Hour)
		if status := l.shown(s.Token, own); status != http.StatusNotFound {
			t.Errorf("%d", status)
		}
	})
}
