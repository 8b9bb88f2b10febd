package app_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// hostileIDs are ids that nobody's row has. As parts of a path they are escaped, so that they reach the route.
var hostileIDs = []string{"..", "../../staff/records/x", "a/b", "%2e%2e%2f", "\x00", "\xff\xfe", "😀🚗", "' OR 1=1 --", "x' UNION SELECT * FROM staff --",
	"*", "%", "_______________", "null", "undefined", "NaN", "-1", "0", " ", "ABCDEFGHIJKLMNO", "abcdefghijklmno\n", "<script>",
	strings.Repeat("9", 40), strings.Repeat("x", 1<<20)}

func rows(collection string) string { return "/api/collections/" + collection + "/records" }

// TestNeighboursRows goes to every row of the neighbour's, in every collection, by every way that names it.
func TestNeighboursRows(t *testing.T) {
	s := newSite(t, app.Config{})
	for collection, ids := range s.foreign {
		t.Run("X-03 the neighbour's "+collection, func(t *testing.T) {
			for i, id := range ids {
				if i == 3 {
					break // like the first
				}
				for _, caller := range []string{"advisor", "manager", "customer"} {
					none := call{name: "the neighbour's row", path: rows(collection) + "/" + id, caller: caller, body: map[string]any{"shop": apptest.SH},
						status: []int{404}, code: "access.not_found"}
					for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodDelete} {
						none.method = method
						s.refused(t, none)
					}
					s.batched(t, collection, id, caller)
				}
				s.seesOnlyOwn(t, collection, id)
			}
		})
	}
}

// batched tries the same from inside a batch, an upsert among it: what is there is not found, and nothing is replaced.
func (s *site) batched(t *testing.T, collection, id, caller string) {
	t.Helper()
	for _, one := range []map[string]any{
		{"method": "PATCH", "url": rows(collection) + "/" + id, "body": map[string]any{"shop": apptest.SH}},
		{"method": "DELETE", "url": rows(collection) + "/" + id},
		{"method": "PUT", "url": rows(collection), "body": map[string]any{"id": id, "shop": apptest.SH}},
	} {
		s.refused(t, call{name: "in a batch", method: http.MethodPost, path: "/api/batch", caller: caller, status: []int{400},
			body: map[string]any{"requests": []any{one}}})
	}
}

// seesOnlyOwn asks for the row together with one's own: a filter, a sort and an expand show no more than the list does.
func (s *site) seesOnlyOwn(t *testing.T, collection, id string) {
	t.Helper()
	for _, query := range []string{"filter=" + url.QueryEscape(`id = "`+id+`" || id != ""`), "sort=-shop,shop.name", "expand=shop,visit,vehicle,customer,staff_via_shop",
		"filter=" + url.QueryEscape(`shop = "`+apptest.HZ+`" || id != ""`)} {
		c := call{method: http.MethodGet, path: rows(collection) + "?perPage=500&" + query, caller: "manager"}
		a := s.Do(c.method, c.path, s.callers[c.caller], nil)
		if a.Status != http.StatusOK && a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d %.200s", c.label(), a.Status, a.Body)
		}
		c.path = "" // the filter named it, the answer still must not
		s.discreet(t, c, a)
	}
}

// TestHostileIDs: an id is looked for, never read as anything else.
func TestHostileIDs(t *testing.T) {
	s := newSite(t, app.Config{Public: public})
	for _, id := range hostileIDs {
		escaped := url.PathEscape(id)
		if id == ".." {
			escaped = "%2e%2e"
		}
		t.Run("X-02 "+escaped[:min(len(escaped), 30)], func(t *testing.T) {
			for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodDelete} {
				s.refused(t, call{method: method, path: rows("jobs") + "/" + escaped, caller: "advisor", body: map[string]any{}, status: []int{404}, code: "access.not_found"})
				s.refused(t, call{method: method, path: "/api/collections/" + escaped + "/records/" + s.car.Job.Id, caller: "advisor", body: map[string]any{},
					status: []int{404}, code: "access.not_found"})
			}
			s.refused(t, call{method: http.MethodPost, path: "/api/collections/" + escaped + "/records", caller: "advisor", body: map[string]any{}, status: []int{404}})
			for _, path := range []string{"/api/documents/estimate/" + escaped, "/api/documents/" + escaped + "/" + s.car.Order.Id, "/api/uploads/" + escaped,
				"/api/files/" + escaped + "/x/y", "/api/files/photos/" + escaped + "/y", "/api/files/photos/x/" + escaped} {
				s.refused(t, call{method: http.MethodGet, path: path, caller: "advisor", headers: []string{"Tus-Resumable", "1.0.0"}, status: []int{404}})
			}
			s.refused(t, call{method: http.MethodGet, path: "/api/photos/" + escaped, caller: "advisor", status: []int{400}, code: "photo.name", field: "sha256"})
			s.refused(t, call{method: http.MethodPost, path: "/api/import/" + escaped, caller: "manager", body: []byte("x"), status: []int{400}, code: "import.kind", field: "kind"})
			s.refused(t, call{method: http.MethodGet, path: "/api/backups/" + escaped, caller: "superuser", status: []int{403, 404}})
			body := map[string]any{"id": id, "shop": apptest.SH, "plate": "沪X1"}
			s.refused(t, call{method: http.MethodPost, path: rows("vehicles"), caller: "advisor", body: body, status: []int{400}, field: "id"})
			s.refused(t, call{method: http.MethodPost, path: "/api/corrections", caller: "manager", status: []int{400, 404, 413},
				body: map[string]any{"collection": "vehicles", "record": id, "fields": map[string]any{"plate": "x"}, "reason": "x"}})
		})
	}
}

// filters try to say more than a filter may: other tables, secrets of a login, statements.
var filters = []string{`'`, `"`, `(`, `id='x' OR 1=1`, `' OR '1'='1`, `id = (SELECT id FROM staff)`, `1=1; DROP TABLE jobs`, `id = "x"; --`, "id=\x00",
	`id ~ "%" UNION SELECT`, `tokenKey != ""`, `password != ""`, `shop.staff_via_shop.tokenKey ~ "a"`, `@collection.staff.tokenKey ~ "a"`,
	`@collection.visits.shop = "` + apptest.HZ + `"`, `@request.headers.authorization != ""`, `@request.auth.tokenKey != ""`, `geoDistance(1,2)`, `:each`, `a.b.c.d.e.f.g.h = 1`,
	strings.Repeat("(", 3000), strings.Repeat(`id="x"||`, 3000) + `id="x"`, "😀 = 1", `id = 1e999`, `*:excerpt(-1)`, `id:excerpt(99999999999999999999)`, `*:nothing()`, `_rowid_ > 0 && sqlite_version() != ""`}

// TestFilters: what is no filter is refused, what is one shows no more than the list without.
func TestFilters(t *testing.T) {
	s := newSite(t, app.Config{})
	for collection := range s.foreign {
		t.Run("X-03 filters over "+collection, func(t *testing.T) {
			for _, filter := range filters {
				for _, key := range []string{"filter", "sort", "expand", "fields"} {
					c := call{name: key, method: http.MethodGet, path: rows(collection) + "?" + key + "=" + url.QueryEscape(filter), caller: "manager",
						status: []int{400, 403}}
					a := s.Do(c.method, c.path, s.callers[c.caller], nil)
					c.path = ""
					s.discreet(t, c, a)
					if strings.Contains(string(a.Body), `"tokenKey"`) || strings.Contains(string(a.Body), `"password"`) {
						t.Errorf("%s %q: %.200s", key, filter, a.Body)
					}
					if why := spoken(a, c, "en"); a.Status != http.StatusOK && why != "" {
						t.Errorf("%s %q: %s: %d %.200s", key, filter, why, a.Status, a.Body)
					}
				}
			}
		})
	}
	s.refused(t, call{name: "X-02 fields that are none, of no collection", method: http.MethodGet, path: "/api/health?fields=*:excerpt(-1)", caller: "nobody",
		status: []int{400}, code: "access.unreadable", field: "fields"})
	for _, page := range []string{"page=-1", "page=99999999999999999999", "page=9223372036854775807&perPage=500", "page=x", "perPage=-5", "perPage=1e9", "skipTotal=maybe", "page=%00"} {
		a := s.Do(http.MethodGet, rows("jobs")+"?"+page, s.callers["manager"], nil)
		if a.Status != http.StatusOK && a.Status != http.StatusBadRequest {
			t.Errorf("X-02 %s: %d %.200s", page, a.Status, a.Body)
		}
	}
}

// ofClaims are the collections in which a customer's own case is kept.
var ofClaims = []string{record.Claims, record.ClaimItems, record.Shipments, record.RepairPlans, record.Refunds}

// TestEveryCollectionRefuses: unknown fields, derived values, an id that is taken, the neighbour's shop.
func TestEveryCollectionRefuses(t *testing.T) {
	s := newSite(t, app.Config{})
	for name, entity := range flow.Table().Entities {
		path := rows(entity.Collection)
		make := call{method: http.MethodPost, path: path, caller: "manager", status: []int{400}}
		t.Run("X-02 "+name+" with a field that is none", func(t *testing.T) {
			for _, field := range []string{"sate", "ID", "shop ", "__proto__", "tokenKey", "state; --", strings.Repeat("f", 100_000), "很"} {
				c := make
				c.body, c.code, c.field = map[string]any{field: "x"}, "field.unknown", field
				s.refused(t, c)
			}
		})
		t.Run("X-02 "+name+" that counts its own versions", func(t *testing.T) {
			c := make
			c.body = map[string]any{"shop": apptest.SH, "version": 7, "name": "x"}
			s.refused(t, c)
		})
		t.Run("X-03 "+name+" in the neighbour's shop, or with the id of the neighbour's", func(t *testing.T) {
			c := make
			c.body = map[string]any{"shop": apptest.HZ}
			s.refused(t, c)
			c.body = map[string]any{"id": s.foreign[entity.Collection][0], "shop": apptest.SH}
			s.refused(t, c)
		})
		t.Run("X-02 "+name+" by nobody and by a customer", func(t *testing.T) {
			for _, caller := range append([]string{"customer"}, strangers...) {
				c := make
				c.caller, c.code, c.body = caller, "access.forbidden", map[string]any{"shop": apptest.SH}
				if caller == "customer" && slices.Contains(ofClaims, entity.Collection) {
					c.code = "" // customers claim themselves; these claim for nobody and of nothing
				}
				s.refused(t, c)
			}
		})
	}
}

// TestPocketBasesOwnCollections hold logins and their secrets: they are shut to everybody but superusers.
func TestPocketBasesOwnCollections(t *testing.T) {
	s := newSite(t, app.Config{})
	for _, collection := range []string{"_superusers", "_authOrigins", "_externalAuths", "_mfas", "_otps", "_params", "_migrations", "_collections",
		"sync_changes", "sync_outcomes", "sync_devices", "sync_meta", "sqlite_master", "photo_files"} {
		t.Run("X-03 "+collection, func(t *testing.T) {
			for caller := range s.callers {
				if caller == "superuser" {
					continue
				}
				a := s.Do(http.MethodGet, rows(collection), s.callers[caller], nil)
				var list struct{ Items []json.RawMessage }
				if a.JSON(&list); len(list.Items) > 0 || a.Status >= 500 {
					t.Errorf("%s lists: %d %.200s", caller, a.Status, a.Body)
				}
				c := call{path: rows(collection), caller: caller, status: []int{400, 403, 404},
					body: map[string]any{"email": "x@y.cn", "password": "correct horse", "passwordConfirm": "correct horse", "key": "epoch", "value": "x"}}
				c.method = http.MethodPost
				s.refused(t, c)
				for _, c.method = range []string{http.MethodPatch, http.MethodDelete, http.MethodGet} {
					c.path = rows(collection) + "/" + record.Shops + "0000000000"
					s.refused(t, c)
				}
			}
		})
	}
}
