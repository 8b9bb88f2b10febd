package flow

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"aftercare/internal/vectortest"
)

func TestWorked(t *testing.T) {
	for _, c := range vectortest.Read[[]struct {
		Name    string    `json:"name"`
		Start   string    `json:"start"`
		End     string    `json:"end"`
		Now     time.Time `json:"now"`
		Minutes int64     `json:"minutes"`
		Suspect bool      `json:"suspect"`
	}](t, "testdata/vectors/clock.json") {
		t.Run(c.Name, func(t *testing.T) {
			if minutes, suspect := Worked(c.Start, c.End, c.Now); minutes != c.Minutes || suspect != c.Suspect {
				t.Errorf("got %d %v, want %d %v", minutes, suspect, c.Minutes, c.Suspect)
			}
		})
	}
}

func TestPublished(t *testing.T) {
	b, err := json.Marshal(Published())
	if err != nil {
		t.Fatal(err)
	}
	var body struct {
		Version  string `json:"version"`
		Entities map[string]struct {
			States      []string                 `json:"states"`
			Transitions []map[string]any         `json:"transitions"`
			Fields      map[string]any           `json:"fields"`
			Create      struct{ Roles []string } `json:"create"`
		} `json:"entities"`
		Codes map[string]struct{ Zh, En string } `json:"codes"`
	}
	if err := json.Unmarshal(b, &body); err != nil {
		t.Fatal(err)
	}
	job := body.Entities["job"]
	if body.Version == "" || len(job.States) != 10 || job.Fields["shop"] == nil || len(job.Create.Roles) == 0 || body.Codes["consent.missing"].En == "" {
		t.Errorf("the published table lacks something: %+v", job)
	}
	for name, e := range body.Entities {
		if e.States == nil || e.Transitions == nil {
			t.Errorf("%s publishes null for a list", name)
		}
		for _, step := range e.Transitions {
			for _, key := range []string{"name", "from", "to", "roles", "guards"} {
				if step[key] == nil {
					t.Errorf("%s %v publishes no %s", name, step["name"], key)
				}
			}
		}
	}
}

// TestEndsTakeNothing: whoever was let in took all time from their start on, so that no end, wherever a clock puts it,
// can run into another entry; the end of work is never asked (W-03, X-06).
func TestEndsTakeNothing(t *testing.T) {
	minute := func(n int) string {
		return time.Date(2026, 11, 21, 1, n, 0, 0, time.UTC).Format("2006-01-02 15:04:05.000Z")
	}
	rapid.Check(t, func(t *rapid.T) {
		f := &Facts{Now: time.Date(2026, 11, 21, 1, 30, 0, 0, time.UTC)}
		ended := func(e Entry, at int) Entry {
			e.EndedAt = minute(at)
			e.Minutes, _ = Worked(e.StartedAt, e.EndedAt, f.Now)
			return e
		}
		for i := range rapid.IntRange(2, 8).Draw(t, "entries") {
			e := Entry{ID: fmt.Sprint(i), Job: fmt.Sprint(i % 3), Technician: "tech1", StartedAt: minute(rapid.IntRange(0, 59).Draw(t, "start"))}
			if rapid.Bool().Draw(t, "ended") {
				e = ended(e, rapid.IntRange(0, 59).Draw(t, "end"))
			}
			f.After = Values{"id": e.ID, "job": e.Job, "technician": "tech1", "started_at": e.StartedAt, "ended_at": e.EndedAt}
			if entryClockFree(f) == nil {
				f.Entries = append(f.Entries, e)
			}
		}
		for i, e := range f.Entries {
			if e.EndedAt == "" {
				f.Entries[i] = ended(e, rapid.IntRange(0, 59).Draw(t, "end"))
			}
		}
		for i, e := range f.Entries {
			for _, other := range f.Entries[:i] {
				if e.stretch().meets(other.stretch()) {
					t.Fatalf("W-03 %+v and %+v take the same time", e, other)
				}
			}
		}
	})
}
