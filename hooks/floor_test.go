package hooks_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

func codes(rec *core.Record) []string {
	out := []string{}
	for _, f := range record.AsVisit(rec).Flags() {
		out = append(out, f.Code)
	}
	return out
}

func flagged(t *testing.T, rec *core.Record, code string) {
	t.Helper()
	for _, c := range codes(rec) {
		if c == code {
			return
		}
	}
	t.Errorf("%s/%s has flags %v, want %s", rec.Collection().Name, rec.Id, codes(rec), code)
}

// patchOp is a patch as a tablet sends it, on the version it last received.
func patchOp(rec *core.Record, version int64, data map[string]any) wire.Op {
	return apptest.Patch(rec.Collection().Name, rec.Id, version, data)
}

func TestWorkBegunOnAConsentThatWasValid(t *testing.T) {
	t.Run("X-06 a start on a consent that was valid as far as the tablet had heard is accepted and flagged", func(t *testing.T) {
		s := newShop(t)
		car, given := signedDispatched(s)
		tablet := s.tablet("technician")
		tablet.Pull(0)
		void(s, given)
		s.house.Clock.Advance(time.Minute)
		entry := apptest.NewID()
		data := s.EntryData(car.Job)
		data[record.FieldShop] = s.Shop
		tablet.Must(patchOp(car.Job, tablet.Version(record.Jobs, car.Job.Id), map[string]any{record.FieldState: "in_progress"}),
			apptest.Create(record.TimeEntries, entry, data))
		job := s.Fresh(car.Job)
		if got := record.AsJob(job).State(); got != "in_progress" {
			t.Errorf("state %s", got)
		}
		flagged(t, job, "consent.void_unseen")
		row, err := s.App.FindRecordById(record.TimeEntries, entry)
		if err != nil {
			t.Fatal(err)
		}
		flagged(t, row, "consent.void_unseen")
	})
	t.Run("X-06 also when the job was taken back meanwhile", func(t *testing.T) {
		s := newShop(t)
		car, given := signedDispatched(s)
		tablet := s.tablet("technician")
		tablet.Pull(0)
		base := tablet.Version(record.Jobs, car.Job.Id)
		void(s, given)
		s.Step("advisor", car.Job, "proposed")
		out := tablet.Do(patchOp(car.Job, base, map[string]any{record.FieldState: "in_progress"}))
		if out.Outcome == wire.Rejected {
			t.Fatalf("refused with %s", out.Code)
		}
		flagged(t, s.Fresh(car.Job), "consent.void_unseen")
	})
	t.Run("X-06 a tablet that had heard of the void is refused", func(t *testing.T) {
		s := newShop(t)
		car, given := signedDispatched(s)
		void(s, given)
		tablet := s.tablet("technician")
		tablet.Pull(0)
		out := tablet.Do(patchOp(car.Job, tablet.Version(record.Jobs, car.Job.Id), map[string]any{record.FieldState: "in_progress"}))
		if out.Outcome != wire.Rejected || out.Code != "consent.void" {
			t.Errorf("%s %s", out.Outcome, out.Code)
		}
	})
	t.Run("X-06 a tablet that never heard of a consent is refused", func(t *testing.T) {
		s := newShop(t)
		tablet := s.tablet("technician")
		tablet.Pull(0)
		car, given := signedDispatched(s)
		void(s, given)
		out := tablet.Do(patchOp(car.Job, record.AsJob(s.Fresh(car.Job)).Version(), map[string]any{record.FieldState: "in_progress"}))
		if out.Outcome != wire.Rejected || out.Code != "consent.void" {
			t.Errorf("%s %s", out.Outcome, out.Code)
		}
	})
}

func TestFactsAreNeverRefused(t *testing.T) {
	t.Run("X-06 a pause without its reason is kept and flagged", func(t *testing.T) {
		s := newShop(t)
		car := s.JobInProgress()
		s.Step("technician", car.Job, "paused")
		flagged(t, s.Fresh(car.Job), "job.pause_unexplained")
	})
	t.Run("X-06 a pause that arrives after the end keeps the state and says so", func(t *testing.T) {
		s := newShop(t)
		car := s.JobInProgress()
		tablet := s.tablet("technician")
		tablet.Pull(0)
		base := tablet.Version(record.Jobs, car.Job.Id)
		s.Finish(car.Job, car.Entry)
		out := tablet.Do(patchOp(car.Job, base, map[string]any{record.FieldState: "paused", record.FieldPauseReason: "part"}))
		if out.Outcome != wire.Merged {
			t.Errorf("outcome %s %s", out.Outcome, out.Code)
		}
		job := s.Fresh(car.Job)
		if got := record.AsJob(job).State(); got != "done" {
			t.Errorf("state %s", got)
		}
		flagged(t, job, "flow.overtaken")
	})
	t.Run("X-06 but nobody finishes what was never begun", func(t *testing.T) {
		s := newShop(t)
		car := s.JobDispatched()
		if got := s.direct(step("technician", car.Job, "done")); got.code != "flow.transition" {
			t.Errorf("got %q", got.code)
		}
	})
	t.Run("X-06 a signature whose job has changed is stored and covers nothing", func(t *testing.T) {
		s := newShop(t)
		car := s.JobPresented()
		signed := s.SignedConsent(consent.KindEstimate, car.Order)
		s.Do("advisor", car.Job, map[string]any{record.FieldLabourFen: 30000})
		s.Make("advisor", record.Consents, signed)
		if got := s.direct(step("advisor", car.Job, "approved")); got.code != "consent.changed" {
			t.Errorf("got %q", got.code)
		}
	})
	t.Run("X-06 a finding comes in whatever the visit's state", func(t *testing.T) {
		s := newShop(t)
		car := s.VisitReady()
		inspection, err := s.App.FindFirstRecordByData(record.Inspections, record.FieldVisit, car.Visit.Id)
		if err != nil {
			t.Fatal(err)
		}
		s.Make("advisor", record.Findings, map[string]any{record.FieldVisit: car.Visit.Id, record.FieldInspection: inspection.Id,
			record.FieldItem: "outside.tyres", record.FieldResult: "bad"})
	})
	t.Run("W-03 a clock that cannot be right is kept and flagged", func(t *testing.T) {
		s := newShop(t)
		car := s.JobInProgress()
		s.Do("technician", car.Entry, map[string]any{record.FieldEndedAt: record.Text(s.Clock().Add(-time.Hour)), record.FieldEndReason: "part"})
		entry := s.Fresh(car.Entry)
		flagged(t, entry, "clock.suspect")
		if got := entry.GetInt(record.FieldMinutes); got != 0 {
			t.Errorf("%d minutes", got)
		}
	})
	t.Run("W-03 paused time is no working time", func(t *testing.T) {
		s := newShop(t)
		car := s.JobInProgress()
		s.house.Clock.Advance(20 * time.Minute)
		s.Do("technician", car.Entry, map[string]any{record.FieldEndedAt: s.Now(), record.FieldEndReason: "part"})
		s.Do("technician", car.Job, map[string]any{record.FieldState: "paused", record.FieldPauseReason: "part"})
		s.house.Clock.Advance(time.Hour)
		second := s.Start(car.Job)
		s.house.Clock.Advance(10 * time.Minute)
		s.Do("technician", second, map[string]any{record.FieldEndedAt: s.Now(), record.FieldEndReason: "finished"})
		if a, b := s.Fresh(car.Entry).GetInt(record.FieldMinutes), second.GetInt(record.FieldMinutes); a != 20 || b != 10 {
			t.Errorf("%d and %d minutes", a, b)
		}
	})
}

// PocketBase loads a row before the transaction begins and writes all of it: what others changed meanwhile must stay.
func TestAStaleRowUndoesNobodysEdit(t *testing.T) {
	s := newShop(t)
	visit := s.VisitOpen()
	stale := s.Fresh(visit)
	s.Do("advisor", visit, map[string]any{record.FieldStorageBox: "7"})
	stale.Set(record.FieldStays, "lounge")
	if err := s.App.Save(stale); err != nil {
		t.Fatal(err)
	}
	fresh := s.Fresh(visit)
	if fresh.GetString(record.FieldStorageBox) != "7" || fresh.GetString(record.FieldStays) != "lounge" {
		t.Errorf("box %q, stays %q", fresh.GetString(record.FieldStorageBox), fresh.GetString(record.FieldStays))
	}
}

func TestWhoAndWhenAreTheServers(t *testing.T) {
	s := newShop(t)
	a := s.call(s.tokenOf("advisor"), "POST", "/api/collections/vehicles/records", map[string]any{"shop": s.Shop, "plate": "沪E1"})
	if a.Status != 200 {
		t.Fatalf("%d %v", a.Status, a.Body)
	}
	want := map[string]any{"created_by": s.ID("advisor"), "updated_by": s.ID("advisor"), "version": 1.0, "created": s.Now(), "captured_at": s.Now()}
	for field, v := range want {
		if a.Body[field] != v {
			t.Errorf("%s is %v, want %v", field, a.Body[field], v)
		}
	}
	captured := a.Body["captured_at"]
	s.house.Clock.Advance(time.Hour)
	a = s.call(s.tokenOf("manager"), "PATCH", "/api/collections/vehicles/records/"+a.Body["id"].(string), map[string]any{"plate": "沪E2"})
	if a.Status != 200 || a.Body["captured_at"] != captured || a.Body["updated"] == captured || a.Body["updated_by"] != s.ID("manager") {
		t.Errorf("an edit moves the time of capture or not its own: %d %v", a.Status, a.Body)
	}
}

func TestAVisitKeepsItsPolicy(t *testing.T) {
	t.Run("S-07 a running case keeps the figures it began with", func(t *testing.T) {
		s := newShop(t)
		visit := s.VisitHandedOver()
		s.Make("manager", record.Policies, map[string]any{record.FieldKind: "service_lane", record.FieldRevision: 2, record.FieldActive: true,
			record.FieldData: map[string]any{"labour_range_percent": 25, "three_people": false}})
		old := s.JobProposed(s.OrderDraft(visit), "保养")
		if got := old.GetInt(record.FieldLabourRangePercent); got != 10 {
			t.Errorf("range %d, want 10", got)
		}
		fresh := s.JobProposed(s.OrderDraft(s.VisitHandedOver()), "保养")
		if got := fresh.GetInt(record.FieldLabourRangePercent); got != 25 {
			t.Errorf("range %d, want 25", got)
		}
	})
}
