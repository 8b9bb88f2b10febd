package testclock_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/testclock"
)

var at = time.Date(2026, 12, 24, 9, 0, 0, 0, time.UTC)

func TestRefusesARealDatabase(t *testing.T) {
	s := apptest.New(t)
	var c testclock.Clock
	if err := c.Begin(s.App, at); !errors.Is(err, testclock.ErrNotEmpty) || c.Movable() {
		t.Fatalf("O-06 a shop's database was taken for a test: %v", err)
	}
	if test, err := record.IsTest(s.App); err != nil || test {
		t.Errorf("it was marked: %v", err)
	}
	if a := s.Do(http.MethodPost, "/api/test/clock", s.Superuser(), map[string]any{"now": at}); a.Status != http.StatusNotFound {
		t.Errorf("without --test-clock the clock moves: %d %s", a.Status, a.Body)
	}
	var said struct{ Test, Moved bool }
	s.Do(http.MethodGet, "/api/test/clock", "", nil).JSON(&said)
	if said.Test || said.Moved {
		t.Errorf("%+v", said)
	}
}

func TestMarkedOnceAlwaysATest(t *testing.T) {
	s := apptest.New(t)
	if err := record.SetMark(s.App, record.MarkTest, "2026-11-01T00:00:00Z"); err != nil { // as it was empty then
		t.Fatal(err)
	}
	var c testclock.Clock
	if err := c.Begin(s.App, at); err != nil || !c.Movable() {
		t.Fatal(err)
	}
	s.Close()
	moving := apptest.Open(t, s.Dir, apptest.Options{Config: app.Config{TestClock: &c}})
	said := func() (answer struct {
		Test, Moved bool
		Now         time.Time
	}) {
		moving.Do(http.MethodGet, "/api/test/clock", "", nil).JSON(&answer)
		return answer
	}
	if got := said(); !got.Test || !got.Moved || got.Now.Sub(at) > time.Minute || got.Now.Before(at) {
		t.Errorf("%+v", got)
	}
	move := map[string]any{"now": at.Add(48 * time.Hour)}
	for who, token := range map[string]string{"a manager": moving.Token(apptest.SH, "manager"), "a stranger": ""} {
		if a := moving.Do(http.MethodPost, "/api/test/clock", token, move); a.Status != http.StatusForbidden {
			t.Errorf("%s moves the clock: %d", who, a.Status)
		}
	}
	if a := moving.Do(http.MethodPost, "/api/test/clock", moving.Superuser(), []byte(`{"now":"tomorrow"}`)); a.Status != http.StatusBadRequest {
		t.Errorf("a time that is none: %d", a.Status)
	}
	if a := moving.Do(http.MethodPost, "/api/test/clock", moving.Superuser(), move); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if got := said(); got.Now.Sub(at) < 48*time.Hour {
		t.Errorf("it did not move: %s", got.Now)
	}
	// Logins stay on real time: a token of now is good, whatever the clock says.
	if a := moving.Do(http.MethodGet, "/api/collections/visits/records", moving.Token(apptest.SH, "advisor"), nil); a.Status != http.StatusOK {
		t.Errorf("signed out by the clock: %d", a.Status)
	}
}
