package apptest_test

import (
	"net/http"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

func TestHouse(t *testing.T) {
	s := apptest.New(t)
	t.Run("every role of both shops can sign in", func(t *testing.T) {
		for _, shop := range []string{apptest.SH, apptest.HZ} {
			for _, role := range apptest.Roles {
				answer := s.Do(http.MethodGet, "/api/collections/staff/records/"+apptest.Person(shop, role), s.Token(shop, role), nil)
				if answer.Status != http.StatusOK {
					t.Errorf("%s %s: %d %s", shop, role, answer.Status, answer.Body)
				}
			}
		}
	})
	t.Run("the password is everybody's", func(t *testing.T) {
		answer := s.Do(http.MethodPost, "/api/collections/staff/auth-with-password", "",
			map[string]any{"identity": "SH-advisor", "password": apptest.Password})
		if answer.Status != http.StatusOK {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
	})
	t.Run("the clock stands until it is moved", func(t *testing.T) {
		s.Clock.Advance(time.Hour)
		if got := s.Clock.Now().Sub(apptest.Morning); got != time.Hour {
			t.Fatal(got)
		}
	})
	t.Run("a day can be played in it", func(t *testing.T) {
		if visit := s.Day(apptest.SH).VisitOpen(); record.AsVisit(visit).State() != "open" {
			t.Fatal(visit)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	apptest.New(b)
	for b.Loop() {
		apptest.New(b).Close()
	}
}
