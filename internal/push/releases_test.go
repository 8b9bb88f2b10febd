package push_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/security"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// event is a line of a recorded day (testdata/releases/README.md).
type event struct {
	At       time.Time
	Who      string
	Push     *wire.PushRequest
	Outcomes []wire.Outcome
	Verified string
	Stored   string
}

// release is a recorded day being played again.
type release struct {
	*apptest.Shop
	t       *testing.T
	cursors map[string]string // by device
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// openRelease is a house with the rows that the day needs.
func openRelease(t *testing.T, dir string) *release {
	r := &release{Shop: apptest.New(t), t: t, cursors: map[string]string{}}
	var rows map[string][]dbx.Params
	read(t, filepath.Join(dir, "shop.json"), &rows)
	for collection, all := range rows {
		for _, row := range all {
			if collection == record.Staff || collection == record.Customers {
				row["tokenKey"] = security.RandomString(50)
			}
			if _, err := r.App.DB().Insert(collection, row).Execute(); err != nil {
				t.Fatalf("%s: %v", collection, err)
			}
		}
	}
	return r
}

// verify does what an upload's end does, without the bytes.
func (r *release) verify(sha, stored string) {
	r.t.Helper()
	for table, row := range map[string]dbx.Params{
		"photo_files":   {"sha256": sha, "stored_sha256": stored, "state": "verified", "media": "image/jpeg", "created": record.Text(r.Clock.Now()), "referenced": record.Text(r.Clock.Now())},
		"photo_senders": {"sha256": sha, "sender": "replay", "shop": "", "sent": record.Text(r.Clock.Now())},
	} {
		if _, err := r.App.DB().Insert(table, row).Execute(); err != nil {
			r.t.Fatal(err)
		}
	}
	r.Clock.Advance(2 * time.Hour) // the ledger is compared with the rows once an hour
	if _, err := r.House.Photos.Sweep(r.Clock.Now()); err != nil {
		r.t.Fatal(err)
	}
}

func (r *release) token(who string) string {
	r.t.Helper()
	rec, err := r.App.FindRecordById(record.Staff, who)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.TokenOf(rec)
}

// push sends an event's mutations with the epoch of this house; change says which app sends them.
func (r *release) push(e event, change func(*wire.PushRequest)) []wire.Outcome {
	r.t.Helper()
	body := *e.Push
	body.Epoch = r.House.Log.Epoch()
	body.Mutations = append([]wire.Mutation{}, e.Push.Mutations...)
	change(&body)
	a := r.Do(http.MethodPost, "/api/sync/push", r.token(e.Who), body)
	var response wire.PushResponse
	if a.JSON(&response); a.Status != http.StatusOK {
		r.t.Fatalf("%d %s", a.Status, a.Body)
	}
	return response.Outcomes
}

// pull brings the device up to date, as it was when it made its next mutation.
func (r *release) pull(device, who string) {
	r.t.Helper()
	for more := true; more; {
		a := r.Do(http.MethodGet, "/api/sync/pull?device="+device+"&cursor="+r.cursors[device], r.token(who), nil)
		var page wire.PullResponse
		if a.JSON(&page); a.Status != http.StatusOK {
			r.t.Fatalf("%d %s", a.Status, a.Body)
		}
		r.cursors[device], more = page.Cursor, page.More
	}
}

// expected holds outcomes against the recorded ones: what became of it, why, and the versions that the rows have now.
func (r *release) expected(e event, got []wire.Outcome) {
	r.t.Helper()
	if len(got) != len(e.Outcomes) {
		r.t.Fatalf("%d outcomes, %d recorded", len(got), len(e.Outcomes))
	}
	for i, want := range e.Outcomes {
		have := wire.Outcome{Seq: got[i].Seq, Outcome: got[i].Outcome, Code: got[i].Code, Version: got[i].Version}
		if !reflect.DeepEqual(have, want) {
			r.t.Fatalf("%s: %+v, recorded %+v", e.Push.Mutations[i].Intent, got[i], want)
		}
	}
}

func TestReleases(t *testing.T) {
	dirs, err := filepath.Glob("testdata/releases/*/day.json")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no recorded release", err)
	}
	for _, path := range dirs {
		dir := filepath.Dir(path)
		version := filepath.Base(dir)
		plays := map[string]func(*wire.PushRequest){
			"as it was sent": func(*wire.PushRequest) {},
			"sent after the app was updated": func(b *wire.PushRequest) {
				b.App = "99.0.0"
				for i := range b.Mutations {
					b.Mutations[i].App = version
				}
			},
		}
		for how, change := range plays {
			t.Run("X-10 a day of app "+version+", "+how+", means what it meant", func(t *testing.T) {
				var day []event
				read(t, path, &day)
				r := openRelease(t, dir)
				r.play(day, change)
				after := r.rows()
				for _, e := range day { // all of it once more, by the app before or after its update
					if e.Push == nil {
						continue
					}
					for _, again := range plays {
						r.expected(e, r.push(e, again))
					}
				}
				if r.rows() != after {
					t.Error("X-02 sent again, it took effect again")
				}
			})
		}
	}
}

// rows are all rows but those of devices, which note by themselves when and by which app they were last heard of.
func (r *release) rows() string {
	return regexp.MustCompile(`(?m)^`+record.Devices+`/.*$`).ReplaceAllString(r.Snapshot(), "")
}

// play sends the day. The cursors in it were another house's: each gets the one that its device holds here.
func (r *release) play(day []event, change func(*wire.PushRequest)) {
	r.t.Helper()
	for _, e := range day {
		if late := e.At.Sub(r.Clock.Now()); late > 0 {
			r.Clock.Advance(late)
		}
		if e.Push == nil {
			r.verify(e.Verified, e.Stored)
			continue
		}
		for i := range e.Push.Mutations {
			if e.Push.Mutations[i].Seen != "" {
				e.Push.Mutations[i].Seen = r.cursors[e.Push.Device]
			}
		}
		r.expected(e, r.push(e, change))
		r.pull(e.Push.Device, e.Who)
	}
}
