package hooks_test

import (
	"net/http"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// shop is a house with a day in its Shanghai shop, and the Hangzhou shop as the neighbour.
type shop struct {
	*apptest.Day
	t       *testing.T
	house   *apptest.Shop
	other   *apptest.Day
	super   string
	tokens  map[string]string
	tablets map[string]*apptest.Device
}

func newShop(t *testing.T) *shop {
	t.Helper()
	house := apptest.New(t)
	return &shop{Day: house.Day(apptest.SH), t: t, house: house, other: house.Day(apptest.HZ), super: house.Superuser(),
		tokens: map[string]string{}, tablets: map[string]*apptest.Device{}}
}

// answer is what the server said.
type answer struct {
	Status int
	Body   map[string]any
}

// call makes one HTTP request with a token.
func (s *shop) call(token, method, path string, body any) answer {
	s.t.Helper()
	got := s.house.Do(method, path, token, body)
	a := answer{Status: got.Status}
	got.JSON(&a.Body)
	return a
}

// tokenOf is the token of the person with the role; "superuser" is the admin.
func (s *shop) tokenOf(role string) string {
	if role == "superuser" {
		return s.super
	}
	if s.tokens[role] == "" {
		s.tokens[role] = s.house.Token(apptest.SH, role)
	}
	return s.tokens[role]
}

// tablet is the device of the person with the role.
func (s *shop) tablet(role string) *apptest.Device {
	if s.tablets[role] == nil {
		s.tablets[role] = s.house.Device(apptest.SH, role)
	}
	return s.tablets[role]
}

// list is the ids that a person sees in a collection.
func (s *shop) list(token, collection string) map[string]bool {
	s.t.Helper()
	a := s.call(token, http.MethodGet, "/api/collections/"+collection+"/records?perPage=500", nil)
	seen := map[string]bool{}
	items, _ := a.Body["items"].([]any)
	for _, item := range items {
		row, _ := item.(map[string]any)
		id, _ := row[record.FieldID].(string)
		seen[id] = true
	}
	return seen
}
