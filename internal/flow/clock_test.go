package flow

import (
	"encoding/json"
	"testing"
	"time"
)

func TestWorked(t *testing.T) {
	for _, c := range readJSON[[]struct {
		Name    string    `json:"name"`
		Start   string    `json:"start"`
		End     string    `json:"end"`
		Now     time.Time `json:"now"`
		Minutes int64     `json:"minutes"`
		Suspect bool      `json:"suspect"`
	}](t, "clock.json") {
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
