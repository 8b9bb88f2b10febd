//go:build unix

package powercut_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/photo/phototest"
	"aftercare/internal/powercut"
	"aftercare/internal/record"
	"aftercare/internal/upload"
	"aftercare/internal/wire"
)

const (
	devices   = 6
	pushes    = 16 // of each device in each life of the server
	mostOf    = 3  // mutations of a push, at most
	pictures  = 6  // photos, each sent by two tablets
	lives     = 2  // of the server: it is closed and started anew in between
	creations = 2  // rows of a mutation that creates
)

// place names a mutation.
type place struct {
	device string
	seq    int64
}

// load is what was done to a house under record, and what it answered.
type load struct {
	recorder *powercut.Recorder

	mu      sync.Mutex
	devices map[string]*apptest.Device
	sent    map[place]wire.Mutation
	answers []answer // in the order of their points
}

// answer is one acknowledgement: of a mutation, or of a photo's last byte.
type answer struct {
	point   int // events recorded before the answer was written
	place   place
	outcome wire.Outcome
	photo   string
}

// acked is the number of mutations acknowledged at a point.
func (l *load) acked(point int) (n int) {
	for _, a := range l.answers {
		if a.point <= point && a.photo == "" {
			n++
		}
	}
	return n
}

// underLoad runs a house under load on the connection and the disk and records what happens to its files.
func underLoad(t *testing.T, connect func(string) (*dbx.DB, error), on func(upload.Disk) upload.Disk) *load {
	t.Helper()
	dir := t.TempDir()
	apptest.Open(t, dir, apptest.Options{}).Close()
	recorder, err := powercut.Record(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer recorder.Stop()
	l := &load{recorder: recorder, devices: map[string]*apptest.Device{}, sent: map[place]wire.Mutation{}}
	disk := on(recorder.Disk(upload.System()))
	for life := range lives {
		s := apptest.Open(t, dir, apptest.Options{Connect: connect, Config: app.Config{PhotoDisk: disk}, Notes: true})
		s.Handler = l.listen(s.Handler)
		l.live(t, s, life)
		s.Close()
	}
	return l
}

// live is one life of the server: its devices push and its tablets send photos, all at once.
func (l *load) live(t *testing.T, s *apptest.Shop, life int) {
	url := s.URL()
	var wg sync.WaitGroup
	for n := range devices {
		d := s.Device(apptest.SH, "advisor")
		d.Push()
		l.devices[d.ID] = d
		wg.Go(func() {
			w := &worker{load: l, device: d, number: n}
			for range pushes {
				w.push(t, url)
			}
		})
	}
	for _, role := range []string{"advisor", "technician"} {
		token := s.Token(apptest.SH, role)
		wg.Go(func() {
			for n := range pictures {
				send(t, url, token, phototest.JPEG(64, 48, 80, uint64(life*pictures+n)))
			}
		})
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() { defer close(stopped); moving(t, s, stop) }()
	wg.Wait()
	close(stop)
	<-stopped
}

// moving moves the database's log into its file beside the commits, again and again: the server does it where the log is long,
// as this load's is not.
func moving(t *testing.T, s *apptest.Shop, stop chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(20 * time.Millisecond):
		}
		if _, err := s.App.ConcurrentDB().NewQuery("PRAGMA wal_checkpoint(PASSIVE)").Execute(); err != nil {
			t.Errorf("moving the log: %v", err)
			return
		}
	}
}

// worker is the person at one device: they enter customers, some without a name, and change the ones before.
type worker struct {
	load   *load
	device *apptest.Device
	number int
	last   string // row made last
	base   int64
}

func (w *worker) push(t *testing.T, url string) {
	var mutations []wire.Mutation
	for range 1 + int(w.device.Seq)%mostOf {
		mutations = append(mutations, w.mutation())
	}
	w.load.mu.Lock()
	for _, m := range mutations {
		w.load.sent[place{w.device.ID, m.Seq}] = m
	}
	w.load.mu.Unlock()
	body, err := json.Marshal(w.device.Body(mutations...))
	if err != nil {
		t.Error(err)
		return
	}
	status, answer := call(t, http.MethodPost, url+"/api/sync/push", w.device.Token, body, "Content-Type", "application/json")
	if status != http.StatusOK {
		t.Errorf("push: %d %s", status, answer)
	}
}

func (w *worker) mutation() wire.Mutation {
	n := w.device.Seq
	customer := func(name string) map[string]any {
		return map[string]any{record.FieldShop: apptest.SH, record.FieldName: name}
	}
	switch {
	case n%5 == 4: // refused after its first row was written
		return w.device.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("好")),
			apptest.Create(record.Customers, apptest.NewID(), customer("")))
	case n%3 == 2 && w.last != "":
		m := w.device.Mutation(apptest.Patch(record.Customers, w.last, w.base, map[string]any{record.FieldTitle: fmt.Sprint(n)}))
		w.base++
		return m
	}
	var ops []wire.Op
	for range creations {
		w.last, w.base = apptest.NewID(), 1
		ops = append(ops, apptest.Create(record.Customers, w.last, customer(fmt.Sprintf("%d-%d", w.number, n))))
	}
	return w.device.Mutation(ops...)
}

// send is a tus client that sends a photo in two pieces.
func send(t *testing.T, url, token string, b []byte) {
	sha, media := photo.Hash(b), photo.JPEG
	base64Of := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	header := []string{"Tus-Resumable", "1.0.0", "Upload-Length", fmt.Sprint(len(b)),
		"Upload-Metadata", "sha256 " + base64Of(sha) + ",type " + base64Of(media)}
	r, err := http.NewRequest(http.MethodPost, url+upload.BasePath, nil)
	if err != nil {
		t.Error(err)
		return
	}
	set(r, token, header)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return
	}
	_ = response.Body.Close()
	place := response.Header.Get("Location")
	if _, after, found := strings.Cut(place, upload.BasePath); found {
		place = url + upload.BasePath + after
	}
	half := len(b) / 2
	for _, piece := range [][2]int{{0, half}, {half, len(b)}} {
		status, answer := call(t, http.MethodPatch, place, token, b[piece[0]:piece[1]], "Tus-Resumable", "1.0.0",
			"Upload-Offset", fmt.Sprint(piece[0]), "Content-Type", "application/offset+octet-stream")
		if status != http.StatusNoContent {
			t.Errorf("photo: %d %s", status, answer)
		}
	}
}

func call(t *testing.T, method, url, token string, body []byte, headers ...string) (int, []byte) {
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	set(r, token, headers)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return response.StatusCode, answer
}

func set(r *http.Request, token string, headers []string) {
	r.Header.Set("Authorization", token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
}

// listen notes each acknowledgement at the point of the record where its answer is about to be written.
func (l *load) listen(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sha := ""
		if _, after, found := strings.Cut(r.URL.Path, upload.BasePath); found && r.Method == http.MethodPatch && r.Header.Get("Upload-Offset") != "0" {
			_, name, _ := strings.Cut(after, "/")
			sha, _, _ = strings.Cut(name, "-")
		}
		if sha == "" && r.URL.Path != "/api/sync/push" {
			handler.ServeHTTP(w, r)
			return
		}
		r.Header.Del("Accept-Encoding") // the answer is read here, too
		asked, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(asked))
		held := httptest.NewRecorder()
		handler.ServeHTTP(held, r)
		l.note(asked, held, sha)
		for name, values := range held.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(held.Code)
		_, _ = w.Write(held.Body.Bytes()) // a client that has gone was not told
	})
}

func (l *load) note(asked []byte, held *httptest.ResponseRecorder, sha string) {
	var request wire.PushRequest
	var response wire.PushResponse
	if sha == "" && held.Code == http.StatusOK {
		_, _ = json.Unmarshal(asked, &request), json.Unmarshal(held.Body.Bytes(), &response)
	}
	l.recorder.Do(func(point int) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if sha != "" && held.Code == http.StatusNoContent {
			l.answers = append(l.answers, answer{point: point, photo: sha})
		}
		for _, o := range response.Outcomes {
			if o.Outcome != wire.Retry {
				l.answers = append(l.answers, answer{point: point, place: place{request.Device, o.Seq}, outcome: o})
			}
		}
	})
}
