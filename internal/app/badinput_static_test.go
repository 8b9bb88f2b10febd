package app_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// public stands for the built app.
var public = fstest.MapFS{
	"index.html":         {Data: []byte("<!doctype html><title>Aftercare</title>")},
	"sw.js":              {Data: []byte("self.skipWaiting()")},
	"assets/app-1234.js": {Data: []byte("export {}")},
}

func TestStaticFiles(t *testing.T) {
	s := newSite(t, app.Config{Public: public})
	get := func(method, path string) apptest.Answer { return s.Do(method, path, "", nil) }
	for path, cache := range map[string]string{"/": "no-cache", "/sw.js": "no-cache", "/assets/app-1234.js": "public, max-age=31536000, immutable"} {
		t.Run("X-01 "+path+" is there and says how long it lasts", func(t *testing.T) {
			a := get(http.MethodGet, path)
			if a.Status != http.StatusOK || a.Header.Get("Cache-Control") != cache || a.Header.Get("X-Content-Type-Options") != "nosniff" ||
				!strings.Contains(a.Header.Get("Content-Security-Policy"), "default-src 'self'") {
				t.Errorf("%d %v", a.Status, a.Header)
			}
		})
	}
	t.Run("X-02 what is not there is no page and is not kept", func(t *testing.T) {
		for _, path := range []string{"/assets/gone-9.js", "/assets/", "/assets/%2e%2e/index.html", "/assets/..%2findex.html", "/assets/%00", "/nothing", "/%00", "/%ff%fe",
			"/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%5c..%5cwindows", "/index.html%00.js", "/pb_data/data.db", "/data.db", "/.git/config", "/😀",
			"/" + strings.Repeat("x", 1<<20), "/assets/" + strings.Repeat("x/", 10_000)} {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete} {
				a := get(method, path)
				var p problem
				if a.Status != http.StatusNotFound || strings.Contains(a.Header.Get("Cache-Control"), "immutable") || bytes.Contains(a.Body, []byte("<html")) {
					t.Errorf("%s %.60s: %d %v", method, path, a.Status, a.Header)
				}
				if method != http.MethodHead && (json.Unmarshal(a.Body, &p) != nil || p.Status != 404) {
					t.Errorf("%s %.60s: %.200s", method, path, a.Body)
				}
			}
		}
	})
	t.Run("X-02 a path that climbs leads nowhere else", func(t *testing.T) {
		for _, path := range []string{"/assets/../index.html", "//evil.example/x", "/./././sw.js", "/assets/../../../../etc/passwd"} {
			a := get(http.MethodGet, path)
			if to := a.Header.Get("Location"); a.Status >= 500 || strings.HasPrefix(to, "//") || strings.Contains(to, "://") || bytes.Contains(a.Body, []byte("root:")) {
				t.Errorf("%s: %d to %s", path, a.Status, to)
			}
		}
	})
}

// TestMaintenance: the ways round the rules are shut to everybody, a superuser too, and nobody but a superuser goes
// through when they are open.
func TestMaintenance(t *testing.T) {
	ways := []call{
		{method: http.MethodPost, path: "/api/sql", body: map[string]any{"query": "UPDATE jobs SET state = 'passed'"}},
		{method: http.MethodPut, path: "/api/collections/import", body: map[string]any{"collections": []any{map[string]any{"name": "more", "type": "base",
			"fields": []any{map[string]any{"name": "x", "type": "text"}}}}}},
		{method: http.MethodPatch, path: "/api/collections/jobs", body: map[string]any{"listRule": ""}},
	}
	shut := newSite(t, app.Config{})
	open := newSite(t, app.Config{Maintenance: func() bool { return true }})
	for _, way := range ways {
		t.Run("S-01 without maintenance nobody goes round the rules by "+way.path, func(t *testing.T) {
			for _, way.caller = range []string{"superuser", "manager", "customer", "nobody", "neighbour"} {
				way.status, way.code = []int{403}, "access.maintenance"
				shut.refused(t, way)
			}
		})
		t.Run("S-01 with maintenance nobody but a superuser goes by "+way.path, func(t *testing.T) {
			for _, way.caller = range []string{"manager", "customer", "neighbour", "nobody", "expired", "forged"} {
				way.status, way.code = []int{401, 403}, ""
				open.refused(t, way)
			}
			if a := open.Do(way.method, way.path, open.callers["superuser"], way.body); a.Status >= 300 {
				t.Errorf("%d %.300s", a.Status, a.Body)
			}
		})
	}
	t.Run("S-01 a query that looks at views writes nothing, maintenance or not", func(t *testing.T) {
		for _, query := range []string{"DELETE FROM jobs RETURNING id", "SELECT 1 AS id); DELETE FROM jobs; --", "SELECT id FROM jobs; UPDATE jobs SET state = 'passed'",
			"WITH x AS (DELETE FROM jobs RETURNING id) SELECT id FROM x", "PRAGMA writable_schema = 1", "ATTACH DATABASE '/tmp/x.db' AS x"} {
			shut.untouched(t, query, func() {
				a := shut.Do(http.MethodPost, "/api/collections/meta/dry-run-view", shut.callers["superuser"], map[string]any{"query": query})
				if a.Status != http.StatusBadRequest {
					t.Errorf("%s: %d %.200s", query, a.Status, a.Body)
				}
			})
		}
	})
}

// TestSignInIsSlowed: the limit that a shop's server runs with, which other tests switch off.
func TestSignInIsSlowed(t *testing.T) {
	s := newSite(t, app.Config{})
	s.App.Settings().RateLimits.Enabled = true
	defer func() { s.App.Settings().RateLimits.Enabled = false }()
	c := call{method: http.MethodPost, path: "/api/collections/staff/auth-with-password", caller: "nobody", body: map[string]any{"identity": "SH-advisor", "password": "guess"}}
	for range 100 {
		if a := s.Do(c.method, c.path, "", c.body); a.Status == http.StatusTooManyRequests {
			break
		}
	}
	t.Run("O-02 a hundred guesses a minute are too many", func(t *testing.T) {
		c.status, c.code = []int{429}, "access.too_many"
		s.refused(t, c)
	})
	t.Run("X-02 work is not slowed with them", func(t *testing.T) {
		if a := s.tablet.Send(); a.Status != http.StatusOK {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
}

// listener is a client of PocketBase's realtime; heard holds the ids it is told of.
type listener struct {
	id    string
	heard chan string
}

func (s *site) listen(t *testing.T, caller string, topics ...string) *listener {
	t.Helper()
	response, err := http.Get(s.URL() + "/api/realtime")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	l := &listener{heard: make(chan string, 100)}
	lines := bufio.NewScanner(response.Body)
	for l.id == "" && lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data:"); ok {
			var connected struct{ ClientID string }
			_ = json.Unmarshal([]byte(data), &connected)
			l.id = connected.ClientID
		}
	}
	body, _ := json.Marshal(map[string]any{"clientId": l.id, "subscriptions": topics})
	request, _ := http.NewRequest(http.MethodPost, s.URL()+"/api/realtime", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", s.callers[caller])
	answer, err := http.DefaultClient.Do(request)
	if err != nil || answer.StatusCode != http.StatusNoContent {
		t.Fatalf("%s subscribes: %v %v", caller, answer, err)
	}
	_ = answer.Body.Close()
	go func() {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data:"); ok {
				l.heard <- data
			}
		}
	}()
	return l
}

func TestRealtime(t *testing.T) {
	s := newSite(t, app.Config{})
	vehicle := record.AsVisit(s.theirs.Visit).Vehicle()
	topics := []string{"vehicles/*", "vehicles/" + vehicle, `vehicles/*?options={"query":{"filter":"shop='` + apptest.HZ + `' || id!=''","expand":"customer"}}`,
		"staff/*", "_superusers/*", "@oauth2", "customers/*"}
	deaf := map[string]*listener{}
	for _, caller := range []string{"nobody", "expired", "forged", "dismissed", "customer", "advisor"} {
		deaf[caller] = s.listen(t, caller, topics...)
	}
	own := s.listen(t, "neighbour", topics...)
	s.Day(apptest.HZ).Do("advisor", s.find(record.Vehicles, vehicle), map[string]any{record.FieldNote: "西湖边"})
	t.Run("X-03 the neighbour hears of the neighbour's car", func(t *testing.T) {
		select {
		case <-own.heard:
		case <-time.After(10 * time.Second):
			t.Fatal("nothing heard")
		}
	})
	for caller, l := range deaf {
		t.Run("X-03 "+caller+" hears nothing of it", func(t *testing.T) {
			select {
			case told := <-l.heard:
				t.Errorf("%.300s", told)
			case <-time.After(100 * time.Millisecond):
			}
		})
	}
	for name, body := range map[string]any{
		"no client":              map[string]any{"subscriptions": []string{"jobs/*"}},
		"a client of a megabyte": map[string]any{"clientId": strings.Repeat("x", 1<<20)},
		"2,000 topics":           map[string]any{"clientId": "x", "subscriptions": make([]string, 2000)},
		"a topic of 9,000":       map[string]any{"clientId": "x", "subscriptions": []string{strings.Repeat("x", 9000)}},
		"topics that are none":   map[string]any{"clientId": "x", "subscriptions": "jobs/*"},
	} {
		t.Run("X-02 a subscription with "+name, func(t *testing.T) {
			s.refused(t, call{method: http.MethodPost, path: "/api/realtime", caller: "advisor", body: body, status: []int{400}})
		})
	}
	t.Run("X-03 another person's client", func(t *testing.T) {
		s.refused(t, call{method: http.MethodPost, path: "/api/realtime", caller: "advisor", body: map[string]any{"clientId": own.id, "subscriptions": []string{"jobs/*"}},
			status: []int{400, 403, 404}})
	})
}
