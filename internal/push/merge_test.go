package push_test

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

type recordEvent = core.RecordEvent

// conflicts are the open conflicts of a field.
func conflicts(t *testing.T, s *apptest.Shop, field string) []*core.Record {
	t.Helper()
	rows, err := s.App.FindAllRecords(record.Conflicts, dbx.HashExp{record.FieldField: field})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// pair is two tablets that both hold one customer at version 1.
func pair(t *testing.T) (s *apptest.Shop, a, b *apptest.Device, id string) {
	t.Helper()
	s = apptest.New(t)
	a, b = s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
	id = apptest.NewID()
	a.Must(apptest.Create(record.Customers, id, map[string]any{record.FieldShop: apptest.SH, record.FieldName: "李明",
		record.FieldPhone: "13800000000", record.FieldExternalID: "C1", record.FieldAddress: "浦东"}))
	return s, a, b, id
}

func TestMerge(t *testing.T) {
	t.Run("X-05 different fields both win", func(t *testing.T) {
		s, a, b, id := pair(t)
		expect(t, a.Do(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldTitle: "先生"})), wire.Applied, "")
		o := b.Do(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldWishes: "安静"}))
		expect(t, o, wire.Merged, "")
		row, _ := s.App.FindRecordById(record.Customers, id)
		if row.GetString(record.FieldTitle) != "先生" || row.GetString(record.FieldWishes) != "安静" || o.Version["customers/"+id] != 3 {
			t.Fatal(row)
		}
		if o.Server["customers/"+id][record.FieldTitle] != "先生" {
			t.Fatalf("what others did is not shown: %+v", o.Server)
		}
	})
	t.Run("X-05 last: the later arrival stands, the other value is kept", func(t *testing.T) {
		s, a, b, id := pair(t)
		a.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldAddress: "静安"}))
		expect(t, b.Do(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldAddress: "徐汇"})), wire.Merged, "")
		met := conflicts(t, s, record.FieldAddress)
		if len(met) != 1 || met[0].GetString(record.FieldKept) != `"徐汇"` || met[0].GetString(record.FieldOther) != `"静安"` ||
			met[0].GetString(record.FieldByDevice) != b.ID || met[0].GetString(record.FieldOtherDevice) != a.ID || met[0].GetString(record.FieldState) != "open" {
			t.Fatalf("%+v", met)
		}
		row, _ := s.App.FindRecordById(record.Customers, id)
		if row.GetString(record.FieldAddress) != "徐汇" {
			t.Fatal(row)
		}
	})
	t.Run("X-05 first: the server's stands, the tablet's is kept", func(t *testing.T) {
		s, a, b, id := pair(t)
		a.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldExternalID: "C2"}))
		expect(t, b.Do(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldExternalID: "C3"})), wire.Merged, "")
		met := conflicts(t, s, record.FieldExternalID)
		if len(met) != 1 || met[0].GetString(record.FieldKept) != `"C2"` || met[0].GetString(record.FieldOther) != `"C3"` {
			t.Fatalf("%+v", met)
		}
	})
	t.Run("X-05 ask: the server's stands until a person decides; the way out is a push", func(t *testing.T) {
		s, a, b, id := pair(t)
		a.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldPhone: "13900000000"}))
		b.Pull(0)
		expect(t, b.Do(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldPhone: "13700000000"})), wire.Merged, "")
		met := conflicts(t, s, record.FieldPhone)
		if len(met) != 1 || met[0].GetString(record.FieldKept) != `"13900000000"` || met[0].GetString(record.FieldOther) != `"13700000000"` {
			t.Fatalf("%+v", met)
		}
		a.Pull(0)
		card := a.Rows["conflicts/"+met[0].Id]
		if card[record.FieldKept] != "13900000000" || card[record.FieldOther] != "13700000000" {
			t.Fatalf("not on both tablets: %v", card)
		}
		expect(t, a.Do(
			apptest.Patch(record.Conflicts, met[0].Id, 1, map[string]any{record.FieldState: "resolved", record.FieldResolution: "other"}),
			apptest.Patch(record.Customers, id, a.Version(record.Customers, id), map[string]any{record.FieldPhone: "13700000000"})), wire.Applied, "")
	})
	t.Run("X-05 the same value again is applied and meets nothing", func(t *testing.T) {
		s, a, b, id := pair(t)
		a.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldPhone: "13900000000"}))
		expect(t, b.Do(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldPhone: "13900000000"})), wire.Applied, "")
		if len(conflicts(t, s, record.FieldPhone)) != 0 {
			t.Fatal("a conflict with oneself")
		}
	})
	t.Run("X-05 a device's own changes since the base never conflict with itself", func(t *testing.T) {
		s, a, b, id := pair(t)
		for i, phone := range []string{"131", "132", "133"} {
			o := a.Do(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldPhone: phone}))
			expect(t, o, wire.Applied, "")
			if o.Version["customers/"+id] != int64(i+2) {
				t.Fatal(o.Version)
			}
		}
		b.Must(apptest.Patch(record.Customers, id, 4, map[string]any{record.FieldPhone: "140"}))
		expect(t, a.Do(apptest.Patch(record.Customers, id, 4, map[string]any{record.FieldPhone: "134"})), wire.Merged, "")
		expect(t, a.Do(apptest.Patch(record.Customers, id, 4, map[string]any{record.FieldPhone: "134"})), wire.Merged, "")
		if n := len(conflicts(t, s, record.FieldPhone)); n != 1 {
			t.Fatalf("%d cards for one clash", n)
		}
	})
	t.Run("X-05 where the log no longer reaches, every differing field is a clash", func(t *testing.T) {
		s, a, b, id := pair(t)
		forgetBase(s, a, id)
		expect(t, b.Do(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldPhone: "137"})), wire.Merged, "")
		if len(conflicts(t, s, record.FieldPhone)) != 1 {
			t.Fatal("a value was lost")
		}
	})
	t.Run("X-05 where the log no longer reaches, nobody is told to have met themselves", func(t *testing.T) {
		s, a, _, id := pair(t)
		forgetBase(s, a, id)
		expect(t, a.Do(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldName: "李鸣"})), wire.Merged, "")
		met := conflicts(t, s, record.FieldName)
		if len(met) != 1 || met[0].GetString(record.FieldByDevice) != a.ID || met[0].GetString(record.FieldOtherDevice) != "" || met[0].GetString(record.FieldOtherBy) != "" {
			t.Fatalf("%v", met)
		}
	})
	t.Run("X-05 JSON that looks like a number stays what it was", func(t *testing.T) {
		s, a, b, id := pair(t)
		a.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldPhones: "12"}))
		b.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldPhones: "34"}))
		a.Pull(0)
		if a.Rows["customers/"+id][record.FieldPhones] != "34" {
			t.Fatal(a.Rows["customers/"+id])
		}
		if met := conflicts(t, s, record.FieldPhones); len(met) != 1 || met[0].GetString(record.FieldOther) != `"12"` {
			t.Fatalf("%v", met)
		}
	})
}

// forgetBase changes the row's phone and prunes that change from the log; the row's last change is a's too.
func forgetBase(s *apptest.Shop, a *apptest.Device, id string) {
	a.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldPhone: "139"}))
	a.Must(apptest.Patch(record.Customers, id, 2, map[string]any{record.FieldTitle: "女士"}))
	s.Clock.Advance(91 * 24 * time.Hour)
	a.Must(apptest.Patch(record.Customers, id, 3, map[string]any{record.FieldTitle: "先生"}))
	s.House.Log.Prune(s.App, s.App.Logger())
}

func TestFacts(t *testing.T) {
	t.Run("X-06 a pause after the job was finished by another is merged, flagged, and never refused", func(t *testing.T) {
		s := apptest.New(t)
		day := s.Day(apptest.SH)
		service := day.JobInProgress()
		d := s.Device(apptest.SH, "technician")
		d.Pull(0)
		base := d.Version(record.Jobs, service.Job.Id)
		day.Finish(service.Job, service.Entry)
		o := d.Do(apptest.Patch(record.Jobs, service.Job.Id, base, map[string]any{record.FieldState: "paused", record.FieldPauseReason: "part"}))
		expect(t, o, wire.Merged, "")
		job := day.Fresh(service.Job)
		if record.AsJob(job).State() != "done" || len(record.AsJob(job).Flags()) == 0 {
			t.Fatalf("%s %v", record.AsJob(job).State(), record.AsJob(job).Flags())
		}
	})
	t.Run("X-06 a decision that no longer fits is refused, with the row as it stands", func(t *testing.T) {
		s := apptest.New(t)
		day := s.Day(apptest.SH)
		order := day.OrderDraft(day.VisitHandedOver())
		day.JobProposed(order, "更换机油")
		d := s.Device(apptest.SH, "advisor")
		d.Pull(0)
		day.Step("manager", order, "cancelled")
		o := d.Do(apptest.Patch(record.WorkOrders, order.Id, 1, map[string]any{record.FieldState: "presented"}))
		expect(t, o, wire.Rejected, "flow.transition")
		if o.Server["work_orders/"+order.Id][record.FieldState] != "cancelled" {
			t.Fatalf("%+v", o.Server)
		}
	})
	t.Run("X-06 a step that still fits from where others took the row is judged from there", func(t *testing.T) {
		s := apptest.New(t)
		day := s.Day(apptest.SH)
		order := day.OrderDraft(day.VisitHandedOver())
		day.JobProposed(order, "更换机油")
		d := s.Device(apptest.SH, "advisor")
		d.Pull(0)
		day.Step("manager", order, "presented")
		expect(t, d.Do(apptest.Patch(record.WorkOrders, order.Id, 1, map[string]any{record.FieldState: "cancelled"})), wire.Merged, "")
	})
}

// start is the mutation by which a technician begins a job.
func start(d *apptest.Device, day *apptest.Day, job *core.Record) wire.Mutation {
	return d.Mutation(
		apptest.Patch(record.Jobs, job.Id, d.Version(record.Jobs, job.Id), map[string]any{record.FieldState: "in_progress"}),
		apptest.Create(record.TimeEntries, apptest.NewID(), day.EntryData(job)))
}

func TestSeen(t *testing.T) {
	// voided is a dispatched job whose consent is voided after the technician's tablet last heard of it.
	voided := func(t *testing.T) (*apptest.Shop, *apptest.Day, apptest.Service, *apptest.Device) {
		s := apptest.New(t)
		day := s.Day(apptest.SH)
		service := day.JobDispatched()
		d := s.Device(apptest.SH, "technician")
		d.Pull(0)
		consents, err := s.App.FindAllRecords(record.Consents, dbx.HashExp{record.FieldDocumentKind: "estimate"})
		if err != nil || len(consents) != 1 {
			t.Fatal(consents, err)
		}
		day.Do("advisor", consents[0], map[string]any{record.FieldState: "void", record.FieldVoidReason: "客户改主意"})
		return s, day, service, d
	}
	t.Run("X-06 a start on a consent that was valid as far as the tablet had heard is accepted and flagged", func(t *testing.T) {
		_, day, service, d := voided(t)
		o := d.Push(start(d, day, service.Job)).Outcomes[0]
		if o.Outcome != wire.Applied && o.Outcome != wire.Merged {
			t.Fatalf("%+v", o)
		}
		flags := record.AsJob(day.Fresh(service.Job)).Flags()
		if len(flags) != 1 || flags[0].Code != "consent.void_unseen" {
			t.Fatalf("%v", flags)
		}
	})
	t.Run("X-06 once the tablet has heard, the start is refused", func(t *testing.T) {
		_, day, service, d := voided(t)
		d.Pull(0)
		expect(t, d.Push(start(d, day, service.Job)).Outcomes[0], wire.Rejected, "consent.void")
	})
	t.Run("X-06 a cursor that was never handed to this device proves nothing", func(t *testing.T) {
		s, day, service, d := voided(t)
		liar := s.Device(apptest.SH, "technician")
		liar.Rows = d.Rows
		m := start(liar, day, service.Job)
		m.Seen = d.Cursor
		expect(t, liar.Push(m).Outcomes[0], wire.Rejected, "consent.void")
	})
	t.Run("X-06 what a device has heard survives an orderly restart", func(t *testing.T) {
		s, day, service, d := voided(t)
		again := s.Restart()
		d.At(again)
		o := d.Push(start(d, day, service.Job)).Outcomes[0]
		if o.Outcome == wire.Rejected {
			t.Fatalf("%+v", o)
		}
	})
}
