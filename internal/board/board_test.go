package board_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/board"
	"aftercare/internal/record"
)

func TestMaskPlate(t *testing.T) {
	for plate, want := range map[string]string{"浙A12345": "浙A·1**45", "沪A·D12345": "沪A·D***45", "沪AD12345": "沪A·D***45", "使123": "使1·2*",
		"": "", "A": "A", "AB": "A*", "WOB ZK 295": "W*****95", "粤Z1234港": "粤Z·1**4港"} {
		if got := board.MaskPlate(plate); got != want {
			t.Errorf("W-05 %q is shown as %q, want %q", plate, got, want)
		}
	}
}

func TestLounge(t *testing.T) {
	s := apptest.New(t)
	day := s.Day(apptest.SH)
	day.VisitOpen()
	day.JobPresented()
	day.VisitReady()
	s.Clock.Advance(10 * time.Minute)
	working := day.JobInProgress()
	day.Do("advisor", working.Order, map[string]any{record.FieldPromisedAt: record.Text(s.Clock.Now().Add(-time.Minute))})
	s.Clock.Advance(10 * time.Minute)
	day.Finish(working.Job, working.Entry)
	day.Step("technician", working.Order, "qc")
	day.JobInProgress()
	s.Day(apptest.HZ).JobInProgress()
	cars, err := board.Lounge(s.App, apptest.SH, s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	stages := map[string]int{}
	for _, c := range cars {
		stages[c.Stage]++
		if c.Plate != "沪A·1**45" {
			t.Errorf("W-05 a plate is shown as %s", c.Plate)
		}
	}
	if len(cars) != 5 || stages[board.Reception] != 1 || stages[board.Waiting] != 1 || stages[board.Quality] != 1 || stages[board.Working] != 1 || stages[board.Ready] != 1 {
		t.Errorf("W-05 %v", stages)
	}
	if !cars[0].Late || cars[0].Stage != board.Quality {
		t.Errorf("W-05 the late car is not first: %+v", cars)
	}
}

func TestLoungeLink(t *testing.T) {
	s := apptest.New(t)
	s.Day(apptest.SH).JobInProgress()
	link := func(role string) (token string, status int) {
		answer := s.Do(http.MethodPost, "/api/boards/lounge", s.Token(apptest.SH, role), nil)
		var said struct{ Token string }
		answer.JSON(&said)
		return said.Token, answer.Status
	}
	for _, role := range []string{"advisor", "guard", "technician"} {
		if _, status := link(role); status != http.StatusForbidden {
			t.Errorf("W-05 %s makes a link: %d", role, status)
		}
	}
	token, _ := link("manager")
	see := func(token string) apptest.Answer { return s.Do(http.MethodGet, "/api/boards/lounge/"+token, "", nil) }
	answer := see(token)
	if len(token) < 26 || answer.Status != http.StatusOK || !strings.Contains(string(answer.Body), "沪A·1**45") {
		t.Fatalf("W-05 %d %s", answer.Status, answer.Body)
	}
	for _, secret := range []string{"沪A12345", "李明", "13800138000", "刹车", "LSVAA4182E2184847"} {
		if strings.Contains(string(answer.Body), secret) {
			t.Errorf("W-05 the lounge is told %s", secret)
		}
	}
	if got := see("wrong").Status; got != http.StatusNotFound {
		t.Errorf("W-05 a wrong link: %d", got)
	}
	again, _ := link("manager")
	if see(token).Status != http.StatusNotFound || see(again).Status != http.StatusOK {
		t.Error("W-05 a new link does not end the one before")
	}
}
