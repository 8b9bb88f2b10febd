package demo

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/photo"
	"aftercare/internal/record"
	"aftercare/internal/season"
	"aftercare/internal/testclock"
	"aftercare/internal/upload"
)

func TestLoad(t *testing.T) {
	s := apptest.Reopen(t, t.TempDir())
	now := time.Date(2026, 11, 21, 17, 0, 0, 0, time.UTC) // one in the morning of the next day in Shanghai
	s.Clock.Advance(now.Sub(s.Clock.Now()))
	if err := Load(s.App, now); err != nil {
		t.Fatal(err)
	}
	t.Run("the morning has a car at every stage, each brought there through the rules", func(t *testing.T) {
		for collection, states := range map[string][]string{
			record.Visits:     {"open", "inspected", "handed_over", "working", "ready", "left"},
			record.WorkOrders: {"presented", "authorised", "in_progress", "qc", "ready"},
			record.Jobs:       {"proposed", "approved", "dispatched", "in_progress", "paused", "done", "passed"},
		} {
			for _, state := range states {
				if n, err := s.App.CountRecords(collection, dbx.HashExp{"state": state}); err != nil || n == 0 {
					t.Errorf("no %s in state %s (%v)", collection, state, err)
				}
			}
		}
	})
	t.Run("B-02 B-04 today and tomorrow are booked, some of it prepared, something missing", func(t *testing.T) {
		for collection, states := range map[string][]string{
			record.Appointments: {"requested", "confirmed", "arrived", "no_show", "cancelled"},
			record.Preparations: {"open", "ready", "missing"},
		} {
			for _, state := range states {
				if n, err := s.App.CountRecords(collection, dbx.HashExp{"state": state}); err != nil || n == 0 {
					t.Errorf("no %s in state %s (%v)", collection, state, err)
				}
			}
		}
	})
	t.Run("L-02 L-03 orders sold online go on coming, all of them adding up, in every window of the law of claims", func(t *testing.T) {
		shop, err := s.App.FindFirstRecordByData(record.Shops, record.FieldCode, "SH")
		if err != nil {
			t.Fatal(err)
		}
		if err := sell(s.App, shop.Id, now, fewOrders, 360); err != nil {
			t.Fatal(err)
		}
		once, stop := context.WithCancel(t.Context())
		time.AfterFunc(0, stop) // at the first pause it is told to end
		if err := SellRest(once, s.App, now, time.Hour); err != nil {
			t.Fatal(err)
		}
		for what, where := range map[string]string{
			"all": "1=1", "placed": "state = 'placed'", "cancelled": "state = 'cancelled'", "on their way": "received_at = ''", "evidence in time": "received_at > '2026-11-19 17:00'",
			"within seven days": "received_at > '2026-11-14 17:00' AND received_at < '2026-11-19 17:00'", "within the month": "received_at > '2026-10-22' AND received_at < '2026-11-10'", "after it": "received_at != '' AND received_at < '2026-10-20'",
		} {
			n, err := s.App.CountRecords(record.SalesOrders, dbx.NewExp(where))
			if err != nil || n < 4 || what == "all" && n > 400 {
				t.Errorf("%s: %d, %v", what, n, err)
			}
		}
		lines, err := s.App.CountRecords(record.SalesItems, dbx.NewExp("product_line IN ('leather', 'furniture', 'electronics')"))
		if err != nil || lines < 200 {
			t.Errorf("%d lines of a product line of their own, %v", lines, err)
		}
	})
	t.Run("P-03 P-04 make-up parts stand at every stage, one of them charged, one out of a box", func(t *testing.T) {
		for what, where := range map[string]string{"asked for": "state = 'requested'", "listed": "state = 'gathered'", "out of a box": "state = 'approved' AND source = 'unbox'", "made": "state = 'ordered'", "charged": "state = 'received' AND charge_fen > 0"} {
			if n, err := s.App.CountRecords(record.MakeupParts, dbx.NewExp(where)); err != nil || n == 0 {
				t.Errorf("none %s (%v)", what, err)
			}
		}
	})
	t.Run("L-01 L-03 L-06 L-08 claims lie on every desk, each brought there through the rules", func(t *testing.T) {
		for state, want := range map[string]int64{"submitted": 4, "evidence_needed": 1, "negotiating": 1, "approved": 1, "awaiting_goods": 1, "in_transit": 1, "received": 1, "accepted": 1,
			"awaiting_payment": 1, "exchange_pending": 1, "refund_pending": 1, "returned": 1, "completed": 1, "plan_offered": 1, "plan_accepted": 1, "plan_declined": 1, "repairing": 2} {
			if n, err := s.App.CountRecords(record.Claims, dbx.HashExp{record.FieldState: state}); err != nil || n != want {
				t.Errorf("%d claims in state %s (%v)", n, state, err)
			}
		}
	})
	t.Run("S-01 no clock of the demo ran without a consent", func(t *testing.T) {
		entries, err := s.App.FindAllRecords(record.TimeEntries)
		if err != nil || len(entries) == 0 {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		for _, e := range entries {
			if flags := e.GetString(record.FieldFlags); !slices.Contains([]string{"", "null", "[]"}, flags) {
				t.Errorf("entry %s carries flags %s", e.Id, e.GetString(record.FieldFlags))
			}
		}
	})
	t.Run("R-07 every photo of the demo can be looked at", func(t *testing.T) {
		photos, err := s.App.FindAllRecords(record.Photos)
		if err != nil || len(photos) < 20 {
			t.Fatalf("%d photos, %v", len(photos), err)
		}
		of := map[string]bool{}
		for _, row := range photos {
			p := record.AsPhoto(row)
			of[p.SubjectCollection()] = true
			folder := upload.Place(filepath.Join(s.App.DataDir(), "photos"), p.SHA256())
			kept, err := os.ReadFile(filepath.Join(folder, upload.Original))
			if err != nil || p.State() != upload.StateVerified || photo.Hash(kept) != p.StoredSHA256() {
				t.Errorf("%s of %s: %s, %v", p.Slot(), p.SubjectCollection(), p.State(), err)
			}
		}
		for _, collection := range []string{record.DamageMarks, record.Jobs, record.Claims} {
			if !of[collection] {
				t.Errorf("no photo of %s", collection)
			}
		}
	})
	t.Run("O-04 an order's number carries the day of the shop", func(t *testing.T) {
		orders, err := s.App.FindAllRecords(record.WorkOrders)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range orders {
			if record.AsWorkOrder(o).State() == "released" { // a car of three weeks ago
				continue
			}
			if number := record.AsWorkOrder(o).Number(); !strings.HasPrefix(number, "SH-261122-") {
				t.Errorf("order %s on 22 November in Shanghai", number)
			}
		}
	})
	t.Run("C-01 D-08 a car that was mended here may come back under warranty; W-08 E-10 what it taught is there", func(t *testing.T) {
		order, err := s.App.FindFirstRecordByData(record.WorkOrders, record.FieldState, "released")
		if err != nil {
			t.Fatal(err)
		}
		w := record.AsWorkOrder(order).Warranty()
		if w == nil || len(w.Lines) != 2 || w.FromDay != "2026-11-01" || !w.Lines[0].Stands("2026-11-22", w.FromKm+100) {
			t.Errorf("%+v", w)
		}
		for collection, want := range map[string]int64{record.QualityReports: 1, record.FaultCases: 4, record.WarrantyClaims: 1} {
			if n, err := s.App.CountRecords(collection); err != nil || n != want {
				t.Errorf("%d %s (%v)", n, collection, err)
			}
		}
	})
	t.Run("a database with a shop is left alone", func(t *testing.T) {
		before, _ := s.App.CountRecords(record.Vehicles)
		if err := Load(s.App, now); !errors.Is(err, ErrNotEmpty) {
			t.Fatalf("got %v", err)
		}
		if after, _ := s.App.CountRecords(record.Vehicles); after != before {
			t.Fatalf("%d vehicles became %d", before, after)
		}
	})
	t.Run("every printed login signs in", func(t *testing.T) {
		var out bytes.Buffer
		PrintLogins(&out)
		for _, people := range staff {
			for _, p := range people {
				r, err := s.App.FindFirstRecordByData(record.Staff, record.FieldUsername, p.Username)
				// One password is tried: they are all set alike, and each trial costs what a login costs.
				if err != nil || p.Username == "chen" && !r.ValidatePassword(Password) || !strings.Contains(out.String(), p.Username) {
					t.Errorf("%s: %v", p.Username, err)
				}
			}
		}
	})
}

// TestLoadWeek: the seven days before the morning were played by the rules, each at its own time, and the morning comes after them.
func TestLoadWeek(t *testing.T) {
	clock := &testclock.Clock{}
	s := apptest.ReopenWith(t, t.TempDir(), app.Config{TestClock: clock})
	now := time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)
	clock.Set(now)
	told := []int{}
	if err := LoadWeek(s.App, clock.Now(), Before{Follow: clock.Follow, Played: func(day, of int) { told = append(told, of-day) }}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(told, []int{6, 5, 4, 3, 2, 1, 0}) {
		t.Errorf("told %v days still to play", told)
	}
	if after := clock.Now(); after.Before(now) || after.Sub(now) > time.Hour {
		t.Errorf("the clock came back to %s", after)
	}
	shop, err := s.App.FindFirstRecordByData(record.Shops, record.FieldCode, "SH")
	if err != nil {
		t.Fatal(err)
	}
	visits, err := s.App.FindAllRecords(record.Visits, dbx.HashExp{record.FieldState: "released"})
	if err != nil {
		t.Fatal(err)
	}
	days := map[string]bool{}
	for _, v := range visits {
		days[record.Moment(v, record.FieldCreated)[:10]] = true
	}
	if len(visits) < 30 || len(days) < 7 {
		t.Errorf("%d cars went out, received on %d days", len(visits), len(days))
	}
	t.Run("D-07 P-01 D-06 S-03 what the week promised holds", func(t *testing.T) {
		found, err := season.Check(s.App, season.Scope{Shop: shop.Id})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range found {
			// The morning is written at one instant in the name of earlier ones: its clocks began before the rows they stand on were there,
			// and one technician's stretches of it lie over each other.
			if !slices.Contains([]string{season.PromiseWork, season.PromiseIssue, season.PromiseClocks}, v.Promise) {
				t.Error(v)
			}
		}
	})
}
