package app_test

import (
	"net/http"
	"reflect"
	"sort"
	"strings"
	"testing"
	"unsafe"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/flow"
	"aftercare/internal/record"
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
func TestPatterns(t *testing.T) { t.Log(strings.Join(patterns(t), "\n")) }

// door is one route with a request that its rightful caller could make.
type door struct {
	pattern, path string
	body          any
	headers       []string
}

func doors(s *site) []door {
	vehicle := record.AsVisit(s.car.Visit).Vehicle()
	jobs := "/api/collections/jobs/records"
	sha := strings.Repeat("ab", 32)
	tus := []string{"Tus-Resumable", "1.0.0"}
	staff := "/api/collections/staff"
	list := []door{
		{"GET " + "/api/collections/{collection}/records", jobs, nil, nil},
		{"GET /api/collections/{collection}/records/{id}", jobs + "/" + s.car.Job.Id, nil, nil},
		{"POST /api/collections/{collection}/records", "/api/collections/vehicles/records", map[string]any{"shop": apptest.SH, "plate": "沪B1"}, nil},
		{"PATCH /api/collections/{collection}/records/{id}", "/api/collections/vehicles/records/" + vehicle, map[string]any{"note": "x"}, nil},
		{"DELETE /api/collections/{collection}/records/{id}", jobs + "/" + s.car.Job.Id, nil, nil},
		{"POST /api/batch", "/api/batch", map[string]any{"requests": []any{map[string]any{"method": "PATCH",
			"url": "/api/collections/vehicles/records/" + vehicle, "body": map[string]any{"note": "x"}}}}, nil},
		{"GET /api/realtime", "/api/realtime", nil, nil},
		{"POST /api/realtime", "/api/realtime", map[string]any{"clientId": "nobody", "subscriptions": []string{"jobs/*"}}, nil},
		{"POST /api/files/token", "/api/files/token", nil, nil},
		{"GET /api/files/{collection}/{recordId}/{filename}", "/api/files/photos/" + vehicle + "/x.jpg", nil, nil},

		{"POST /api/sync/push", "/api/sync/push", s.tablet.Body(), nil},
		{"GET /api/sync/pull", "/api/sync/pull?device=" + s.tablet.ID, nil, nil},
		{"GET /api/sync/live", "/api/sync/live", nil, nil},
		{"POST /api/uploads", "/api/uploads", []byte{}, append(tus, "Upload-Length", "9")},
		{"POST /api/uploads/{path...}", "/api/uploads/", []byte{}, append(tus, "Upload-Length", "9")},
		{"GET /api/uploads", "/api/uploads", nil, tus},
		{"GET /api/uploads/{path...}", "/api/uploads/staff-x/" + sha + "-0123456789abcdef", nil, tus},
		{"PATCH /api/uploads", "/api/uploads", []byte{}, tus},
		{"PATCH /api/uploads/{path...}", "/api/uploads/staff-x/" + sha + "-0123456789abcdef", []byte{}, tus},
		{"DELETE /api/uploads", "/api/uploads", nil, tus},
		{"DELETE /api/uploads/{path...}", "/api/uploads/staff-x/" + sha + "-0123456789abcdef", nil, tus},
		{"GET /api/photos/{sha256}", "/api/photos/" + sha, nil, nil},
		{"GET /api/documents/{kind}/{id}", "/api/documents/estimate/" + s.car.Order.Id, nil, nil},
		{"POST /api/corrections", "/api/corrections", map[string]any{"collection": "vehicles", "record": vehicle,
			"fields": map[string]any{"plate": "沪A2"}, "reason": "x"}, nil},
		{"POST /api/import/{kind}", "/api/import/vehicles", []byte("x"), []string{"Content-Type", "multipart/form-data; boundary=x"}},
		{"GET /api/flow", "/api/flow", nil, nil},
		{"GET /api/health", "/api/health", nil, nil},

		{"GET /api/collections/{collection}/auth-methods", staff + "/auth-methods", nil, nil},
		{"POST /api/collections/{collection}/auth-refresh", staff + "/auth-refresh", nil, nil},
		{"POST /api/collections/{collection}/auth-with-password", staff + "/auth-with-password", map[string]any{"identity": "SH-advisor", "password": "wrong"}, nil},
		{"POST /api/collections/{collection}/auth-with-oauth2", staff + "/auth-with-oauth2", map[string]any{"provider": "google", "code": "x", "redirectURL": "http://x"}, nil},
		{"POST /api/collections/{collection}/auth-with-otp", staff + "/auth-with-otp", map[string]any{"otpId": "abcdefghijklmno", "password": "123456"}, nil},
		{"POST /api/collections/{collection}/request-otp", staff + "/request-otp", map[string]any{"email": "sh.advisor@aftercare.test"}, nil},
		{"POST /api/collections/{collection}/request-password-reset", staff + "/request-password-reset", map[string]any{"email": "x@y.z"}, nil},
		{"POST /api/collections/{collection}/confirm-password-reset", staff + "/confirm-password-reset", map[string]any{"token": "x", "password": "12345678", "passwordConfirm": "12345678"}, nil},
		{"POST /api/collections/{collection}/request-verification", staff + "/request-verification", map[string]any{"email": "x@y.z"}, nil},
		{"POST /api/collections/{collection}/confirm-verification", staff + "/confirm-verification", map[string]any{"token": "x"}, nil},
		{"POST /api/collections/{collection}/request-email-change", staff + "/request-email-change", map[string]any{"newEmail": "x"}, nil},
		{"POST /api/collections/{collection}/confirm-email-change", staff + "/confirm-email-change", map[string]any{"token": "x", "password": "x"}, nil},
		{"POST /api/collections/{collection}/impersonate/{id}", staff + "/impersonate/" + apptest.Person(apptest.SH, "manager"), map[string]any{"duration": 0}, nil},
		{"GET /api/oauth2-redirect", "/api/oauth2-redirect", nil, nil},
		{"POST /api/oauth2-redirect", "/api/oauth2-redirect", nil, nil},
	}
	return append(list, adminDoors()...)
}

// adminDoors are PocketBase's doors for superusers.
func adminDoors() []door {
	return []door{
		{"GET /api/collections", "/api/collections", nil, nil},
		{"GET /api/collections/{collection}", "/api/collections/jobs", nil, nil},
		{"GET /api/collections/meta/oauth2-providers", "/api/collections/meta/oauth2-providers", nil, nil},
		{"GET /api/collections/meta/scaffolds", "/api/collections/meta/scaffolds", nil, nil},
		{"POST /api/collections/meta/dry-run-view", "/api/collections/meta/dry-run-view", map[string]any{"query": "SELECT id FROM jobs"}, nil},
		{"GET /api/crons", "/api/crons", nil, nil},
		{"POST /api/crons/{id}", "/api/crons/none", nil, nil},
		{"GET /api/logs", "/api/logs", nil, nil},
		{"GET /api/logs/stats", "/api/logs/stats", nil, nil},
		{"GET /api/logs/{id}", "/api/logs/none", nil, nil},
		{"GET /api/settings", "/api/settings", nil, nil},
		{"PATCH /api/settings", "/api/settings", map[string]any{"meta": map[string]any{"appName": ""}}, nil},
		{"POST /api/settings/apple/generate-client-secret", "/api/settings/apple/generate-client-secret", map[string]any{}, nil},
		{"POST /api/settings/test/email", "/api/settings/test/email", map[string]any{}, nil},
		{"POST /api/settings/test/s3", "/api/settings/test/s3", map[string]any{}, nil},
		{"GET /api/backups", "/api/backups", nil, nil},
		{"POST /api/backups", "/api/backups", map[string]any{"name": "../x"}, nil},
		{"GET /api/backups/{key}", "/api/backups/x.zip", nil, nil},
		{"DELETE /api/backups/{key}", "/api/backups/x.zip", nil, nil},
		{"POST /api/backups/upload", "/api/backups/upload", map[string]any{}, nil},
		{"POST /api/backups/{key}/restore", "/api/backups/x.zip/restore", nil, nil},
		{"POST /api/sql", "/api/sql", map[string]any{"query": "DELETE FROM jobs"}, nil},
		{"POST /api/collections", "/api/collections", map[string]any{"name": "more", "type": "base"}, nil},
		{"PATCH /api/collections/{collection}", "/api/collections/jobs", map[string]any{"listRule": ""}, nil},
		{"DELETE /api/collections/{collection}", "/api/collections/jobs", nil, nil},
		{"DELETE /api/collections/{collection}/truncate", "/api/collections/jobs/truncate", nil, nil},
		{"PUT /api/collections/import", "/api/collections/import", map[string]any{"collections": []any{}, "deleteMissing": true}, nil},
	}
}
