package app_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
	"testing/fstest"
	"unsafe"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"aftercare/internal/app"
	"aftercare/internal/flow"
)

func collections() (names []string) {
	for _, entity := range flow.Table().Entities {
		names = append(names, entity.Collection)
	}
	sort.Strings(names)
	return names
}

// patterns are all the routes that the house mounts, as the mux knows them.
func patterns(t *testing.T) []string {
	t.Helper()
	base := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	house, err := app.Bind(base, app.Config{Public: public})
	if err != nil {
		t.Fatal(err)
	}
	if err := base.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	if err := base.RunAllMigrations(); err != nil {
		t.Fatal(err)
	}
	base.Settings().Logs.MaxDays = 0
	t.Cleanup(func() { house.Close(); _ = base.ResetBootstrapState() })
	r, err := apis.NewRouter(base)
	if err != nil {
		t.Fatal(err)
	}
	event := &core.ServeEvent{Router: r, Server: &http.Server{}}
	event.App = base
	var found []string
	err = base.OnServe().Trigger(event, func(e *core.ServeEvent) error {
		found = walk(e.Router.RouterGroup, "")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(found)
	return found
}

// walk lists the routes of a group: PocketBase does not tell them, so its private list is read.
func walk(group *router.RouterGroup[*core.RequestEvent], prefix string) (found []string) {
	prefix += group.Prefix
	field := reflect.ValueOf(group).Elem().FieldByName("children")
	children := *(*[]any)(unsafe.Pointer(field.UnsafeAddr()))
	for _, child := range children {
		switch c := child.(type) {
		case *router.RouterGroup[*core.RequestEvent]:
			found = append(found, walk(c, prefix)...)
		case *router.Route[*core.RequestEvent]:
			found = append(found, strings.TrimSpace(c.Method+" "+prefix+c.Path))
		}
	}
	return found
}

// TestEveryRouteHasItsStrangers goes through the mux itself: a route that somebody adds without saying here who is
// turned away from it fails the test.
func TestEveryRouteHasItsStrangers(t *testing.T) {
	s := newSite(t, app.Config{Public: public})
	known := map[string]bool{}
	for _, d := range doors(s) {
		known[d.pattern] = true
	}
	for _, pattern := range patterns(t) {
		if !known[pattern] && !elsewhere[pattern] {
			t.Errorf("%s: nobody has said who is turned away from it", pattern)
		}
	}
	for _, d := range doors(s) {
		t.Run("X-02 X-03 "+d.pattern, func(t *testing.T) { d.turnAway(t, s) })
	}
}

// elsewhere are routes with tests of their own in this package.
var elsewhere = map[string]bool{
	"GET /api/realtime": true, "GET /{path...}": true, "GET /assets/{path...}": true, "GET /_/extensions.js": true,
	"GET /portal": true, "GET /claim": true, "GET /verify": true, "GET /verify/{code}": true,
	"OPTIONS /api/uploads": true, "OPTIONS /api/uploads/{path...}": true,
}

// turnAway has everybody call who has no business there.
func (d door) turnAway(t *testing.T, s *site) {
	method, _, _ := strings.Cut(d.pattern, " ")
	for caller, want := range d.turned {
		callers := []string{caller}
		if caller == "nobody" {
			callers = strangers
		}
		for _, one := range callers {
			c := call{name: "turned away", method: method, path: d.path, caller: one, body: d.body, headers: d.headers}
			if want == empty {
				s.seesNothing(t, c)
				continue
			}
			status := 0
			if _, err := fmt.Sscan(want, &status, &c.code); err != nil {
				t.Fatal(err)
			}
			c.status = []int{status}
			s.refused(t, c)
		}
	}
}

// seesNothing is for lists: PocketBase answers whoever may see none of the rows with a list of none.
func (s *site) seesNothing(t *testing.T, c call) {
	t.Helper()
	s.untouched(t, c.label(), func() {
		a := s.Do(c.method, c.path, s.callers[c.caller], c.body, c.headers...)
		s.discreet(t, c, a)
		var list struct{ Items []map[string]any }
		for a.JSON(&list); len(list.Items) > 0 || a.Status != http.StatusOK; {
			t.Fatalf("%s: %d %.300s", c.label(), a.Status, a.Body)
		}
	})
}

// TestWrongMethods: a route called by a verb it does not have is no route.
func TestWrongMethods(t *testing.T) {
	s := newSite(t, app.Config{Public: public})
	verbs, samples := map[string][]string{}, map[string]string{}
	for _, d := range doors(s) {
		method, path, _ := strings.Cut(d.pattern, " ")
		verbs[path], samples[path] = append(verbs[path], method), d.path
	}
	for path, known := range verbs {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"} {
			if slices.Contains(known, method) {
				continue
			}
			t.Run("X-02 "+method+" "+path, func(t *testing.T) {
				s.refused(t, call{method: method, path: samples[path], caller: "manager", body: map[string]any{}, status: []int{404, 403, 400}})
			})
		}
	}
}

// TestCustomersPages: the pages behind a link and behind a printed code are for reading, whoever asks.
func TestCustomersPages(t *testing.T) {
	s := newSite(t, app.Config{Public: fstest.MapFS{"index.html": {Data: []byte("app")}, "portal.html": {Data: []byte("portal")}, "claim.html": {Data: []byte("claim")}, "verify.html": {Data: []byte("verify")}}})
	for path, page := range map[string]string{"/portal": "portal", "/claim": "claim", "/verify": "verify", "/verify/" + strings.Repeat("ab", 16): "verify"} {
		t.Run("S-03 S-05 "+path, func(t *testing.T) {
			for _, caller := range append(slices.Clone(strangers), "customer", "advisor") {
				if a := s.Do(http.MethodGet, path, s.callers[caller], nil); a.Status != http.StatusOK || string(a.Body) != page {
					t.Errorf("GET by %s: %d %.100s", caller, a.Status, a.Body)
				}
			}
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
				if a := s.Do(method, path, s.callers["manager"], nil); a.Status != http.StatusNotFound {
					t.Errorf("%s: %d %.100s", method, a.Status, a.Body)
				}
			}
		})
	}
}
