//go:build unix

package powercut_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/database"
	"aftercare/internal/photo"
	"aftercare/internal/powercut"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// checker holds images against what was acknowledged.
type checker struct {
	load   *load
	dir    string
	images int
	photos int // seen whole
}

func (c *checker) check(t *testing.T, how string, point int, image powercut.Image) {
	t.Helper()
	if err := c.examine(point, image); err != nil {
		t.Errorf("X-02 power cut after event %d, %s: %v", point, how, err)
	}
}

// examine opens the database of the image and reads: whole, all that was acknowledged, once, nothing half.
func (c *checker) examine(point int, image powercut.Image) (err error) {
	c.images++
	dir := filepath.Join(c.dir, "image")
	if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700)); err != nil {
		return err
	}
	data := powercut.Image{}
	for name, b := range image {
		if strings.HasPrefix(name, "data.db") {
			data[name] = b
		}
	}
	if err := data.Write(dir); err != nil {
		return err
	}
	db, err := sql.Open(database.Driver, filepath.Join(dir, "data.db")+"?_pragma=mmap_size(268435456)") // read without a call for each page
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		return fmt.Errorf("integrity: %s %w", verdict, err)
	}
	if err := c.mutations(db, point); err != nil {
		return err
	}
	return c.shelf(db, image, point)
}

// mutations compares outcomes, rows and change log.
func (c *checker) mutations(db *sql.DB, point int) error {
	outcomes, err := outcomesOf(db)
	if err != nil {
		return err
	}
	for _, a := range c.load.answers {
		if a.point > point || a.photo != "" {
			continue
		}
		if got, there := outcomes[a.place]; !there || got.Outcome != a.outcome.Outcome || got.Commit != a.outcome.Commit {
			return fmt.Errorf("%v was answered %+v, and is %+v", a.place, a.outcome, got)
		}
	}
	rows, err := counts(db, "SELECT id, 1 FROM "+record.Customers)
	if err != nil {
		return err
	}
	changes, err := counts(db, "SELECT mutation || ' ' || record, COUNT(*) FROM sync_changes WHERE mutation != '' GROUP BY 1")
	if err != nil {
		return err
	}
	made := map[string]bool{}
	for at, o := range outcomes {
		m := c.load.sent[at]
		for _, op := range m.Ops {
			key := m.ID + " " + op.ID
			if o.Outcome == wire.Rejected && op.Op == wire.Create && rows[op.ID]+changes[key] > 0 {
				return fmt.Errorf("%v was rejected, and half of it stands", at)
			}
			if o.Outcome == wire.Applied && (rows[op.ID] != 1 || changes[key] != 1) {
				return fmt.Errorf("%v was applied: %d rows, %d entries of %s", at, rows[op.ID], changes[key], op.ID)
			}
			delete(changes, key)
			if op.Op == wire.Create {
				made[op.ID] = true
			}
		}
	}
	for id := range rows {
		if !made[id] {
			return fmt.Errorf("row %s has no outcome", id)
		}
	}
	if len(changes) > 0 {
		return fmt.Errorf("entries without an outcome: %v", changes)
	}
	return settled(db, outcomes)
}

func outcomesOf(db *sql.DB) (map[place]wire.Outcome, error) {
	list, err := db.Query("SELECT device, seq, outcome FROM sync_outcomes")
	if err != nil {
		return nil, err
	}
	defer list.Close()
	out := map[place]wire.Outcome{}
	for list.Next() {
		var at place
		var text string
		var o wire.Outcome
		if err := list.Scan(&at.device, &at.seq, &text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			return nil, err
		}
		out[at] = o
	}
	return out, list.Err()
}

func counts(db *sql.DB, query string) (map[string]int, error) {
	list, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer list.Close()
	out := map[string]int{}
	for list.Next() {
		var name string
		var n int
		if err := list.Scan(&name, &n); err != nil {
			return nil, err
		}
		out[name] += n
	}
	return out, list.Err()
}

// settled: a device's last seq is that of its last outcome, and none is missing before it.
func settled(db *sql.DB, outcomes map[place]wire.Outcome) error {
	number := map[string]int{}
	for at := range outcomes {
		number[at.device]++
	}
	last, err := counts(db, "SELECT device, settled FROM sync_devices")
	if err != nil {
		return err
	}
	for device, n := range last {
		if n != number[device] {
			return fmt.Errorf("device %s has settled %d, and %d outcomes", device, n, number[device])
		}
	}
	return nil
}

// shelf: a photo the database calls verified, or whose last byte was acknowledged, is there whole.
func (c *checker) shelf(db *sql.DB, image powercut.Image, point int) error {
	verified := map[string]bool{}
	list, err := db.Query("SELECT sha256, stored_sha256 FROM photo_files WHERE state = 'verified'")
	if err != nil {
		return err
	}
	defer list.Close()
	for list.Next() {
		var sha, stored string
		if err := list.Scan(&sha, &stored); err != nil {
			return err
		}
		folder := filepath.Join("photos", sha[:2], sha)
		if photo.Hash(image[filepath.Join(folder, "original")]) != stored || len(image[filepath.Join(folder, "320.jpg")]) == 0 ||
			len(image[filepath.Join(folder, "1600.jpg")]) == 0 {
			return fmt.Errorf("photo %s is verified, and not there whole", sha)
		}
		for at := folder; at != "."; at = filepath.Dir(at) {
			if b, there := image[at]; !there || b != nil {
				return fmt.Errorf("photo %s is verified, and folder %s is not there", sha, at)
			}
		}
		verified[sha] = true
		c.photos++
	}
	for _, a := range c.load.answers {
		if a.point <= point && a.photo != "" && !verified[a.photo] {
			return fmt.Errorf("photo %s was acknowledged, and is not there", a.photo)
		}
	}
	return list.Err()
}

// house starts a house on the image and sends everything acknowledged again.
func (c *checker) house(t *testing.T, point int, image powercut.Image) {
	t.Helper()
	dir := t.TempDir()
	if err := image.Write(dir); err != nil {
		t.Fatal(err)
	}
	s := apptest.Reopen(t, dir)
	defer s.Close()
	before := customers(s)
	for _, d := range c.load.devices {
		var mutations []wire.Mutation
		var wanted []wire.Outcome
		for _, a := range c.load.answers {
			if a.point <= point && a.place.device == d.ID {
				mutations, wanted = append(mutations, c.load.sent[a.place]), append(wanted, a.outcome)
			}
		}
		answer := s.Do(http.MethodPost, "/api/sync/push", d.Token, wire.PushRequest{Device: d.ID, App: "1.0.0", Mutations: mutations})
		var got wire.PushResponse
		answer.JSON(&got)
		if answer.Status != http.StatusOK || len(got.Outcomes) != len(wanted) {
			if len(wanted) > 0 {
				t.Errorf("X-02 after event %d, sent again: %d %s", point, answer.Status, answer.Body)
			}
			continue
		}
		for i, o := range got.Outcomes {
			if o.Outcome != wanted[i].Outcome || o.Commit != wanted[i].Commit || o.Code != wanted[i].Code {
				t.Errorf("X-02 after event %d, sent again: %+v, was %+v", point, o, wanted[i])
			}
		}
	}
	if before != customers(s) {
		t.Errorf("X-02 after event %d: sending again changed rows", point)
	}
}

// customers are the rows the load made, as text.
func customers(s *apptest.Shop) string {
	var out strings.Builder
	for line := range strings.Lines(s.Snapshot()) {
		if strings.HasPrefix(line, record.Customers+"/") {
			out.WriteString(line)
		}
	}
	return out.String()
}
