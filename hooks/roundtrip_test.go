package hooks_test

import (
	"bytes"
	"net/http"
	"testing"

	"aftercare/internal/record"
)

// PocketBase's clients and its admin screens read a row, change a field and send the whole row back: what the server
// itself wrote must not be held against them.
func TestARowSentBackWholeIsAccepted(t *testing.T) {
	s := newShop(t)
	for collection, rec := range rows(s) {
		for who, token := range map[string]string{"superuser": s.super, "manager": s.tokenOf("manager")} {
			path := "/api/collections/" + collection + "/records/" + rec.Id
			body := s.call(token, http.MethodGet, path, nil)
			if body.Status != http.StatusOK {
				t.Errorf("%s as %s: reading: %d", collection, who, body.Status)
				continue
			}
			if collection == record.TimeEntries && who == "manager" {
				continue // a manager stops nobody's clock
			}
			if a := s.call(token, http.MethodPatch, path, body.Body); a.Status != http.StatusOK {
				t.Errorf("%s as %s: %d %v", collection, who, a.Status, a.Body)
			}
		}
	}
}

func TestTooLargeABody(t *testing.T) {
	s := newShop(t)
	huge := append(append([]byte(`{"note":"`), bytes.Repeat([]byte("x"), 33<<20)...), []byte(`"}`)...)
	for _, path := range []string{"/api/collections/vehicles/records", "/api/batch"} {
		if a := s.call(s.tokenOf("advisor"), http.MethodPost, path, huge); a.Status < 400 || a.Status >= 500 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := s.call(s.tokenOf("advisor"), http.MethodPost, "/api/batch", map[string]any{"requests": []any{
		map[string]any{"method": "GET", "url": "/api/health"}}}); a.Status < 400 || a.Status >= 500 {
		t.Errorf("an unknown batch action: %d", a.Status)
	}
}
