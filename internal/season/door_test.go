package season

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/database"
	"aftercare/internal/scope"
	"aftercare/internal/wire"
)

// tablets are the devices of the shop's people, each person's own. What they send is read as a push from the wire is, and
// goes through the same register of devices and the same writer; only the HTTP around it is left out.
type tablets struct {
	shop    *apptest.Shop
	devices map[string]*tablet // by person
}

type tablet struct {
	session *scope.Session
	seq     int64
}

func (t *tablets) Act(by *Person, at time.Time, intent string, ops []wire.Op) (wire.Outcome, error) {
	d := t.devices[by.ID]
	if d == nil {
		row, err := t.shop.App.FindRecordById("staff", by.ID)
		if err != nil {
			return wire.Outcome{}, err
		}
		session, err := t.shop.House.Devices.Admit(row, apptest.NewID(), scope.Told{App: "1.0.0"})
		if err != nil {
			return wire.Outcome{}, err
		}
		d = &tablet{session: session}
		t.devices[by.ID] = d
	}
	d.seq++
	body, err := json.Marshal(wire.PushRequest{Device: d.session.Device, App: "1.0.0", Mutations: []wire.Mutation{{Seq: d.seq, ID: apptest.NewID(), Intent: intent,
		At: at.UTC().Format("2006-01-02T15:04:05.000Z"), Ops: ops}}})
	if err != nil {
		return wire.Outcome{}, err
	}
	request, err := wire.ParsePush(body)
	if err != nil {
		return wire.Outcome{}, err
	}
	answer, err := t.shop.House.Push.Push(d.session, request.Epoch, request.Mutations, "en")
	if err != nil {
		return wire.Outcome{}, err
	}
	if len(answer.Outcomes) != 1 {
		return wire.Outcome{}, fmt.Errorf("%d outcomes of one mutation", len(answer.Outcomes))
	}
	return answer.Outcomes[0], nil
}

// asServed opens the database as the binary does: what was answered is on the disk.
func asServed(path string) (*dbx.DB, error) { return database.Open(path, "FULL") }

// scratch is a folder in memory where there is one, unless the disk is what is asked for.
func scratch(t testing.TB, disk bool) string {
	t.Helper()
	if info, err := os.Stat("/dev/shm"); !disk && err == nil && info.IsDir() {
		if dir, err := os.MkdirTemp("/dev/shm", "aftercare-season-"); err == nil {
			t.Cleanup(func() { _ = os.RemoveAll(dir) })
			return dir
		}
	}
	return t.TempDir()
}

// house is a season's shop in a house of its own, played up to nothing yet.
func house(t testing.TB, dir string, seed uint64, perDay int, options apptest.Options) (*apptest.Shop, *Season) {
	t.Helper()
	day, err := time.Parse(time.DateOnly, *first)
	if err != nil {
		t.Fatal(err)
	}
	clock := NewClock(day.Add(-21 * time.Hour))
	options.Clock, options.Config = apptest.Following(clock.Now), app.Config{}
	s := apptest.Open(t, dir, options)
	shop, err := Open(s.App, "SN")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.House.Seals.Publish(s.App); err != nil {
		t.Fatal(err)
	}
	season, err := New(s.App, &tablets{shop: s, devices: map[string]*tablet{}}, clock, shop, Options{Seed: seed, PerDay: perDay, First: day, Code: "SN", Tempt: 4})
	if err != nil {
		t.Fatal(err)
	}
	return s, season
}
