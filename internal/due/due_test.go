package due_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/due"
	"aftercare/internal/notify"
	"aftercare/internal/record"
)

// sink is a gateway that takes everything, unless it fails.
type sink struct {
	mu    sync.Mutex
	got   []notify.Parcel
	fails error
}

func (s *sink) Dedupes() bool { return true }
func (s *sink) Send(_ context.Context, p notify.Parcel) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails != nil {
		return "", s.fails
	}
	s.got = append(s.got, p)
	return "", nil
}

type lane struct {
	*apptest.Day
	house *apptest.Shop
	sms   *sink
	t     *testing.T
}

func newLane(t *testing.T) *lane {
	l := &lane{sms: &sink{}, t: t}
	l.house = apptest.NewWith(t, app.Config{Gateways: func() map[string]notify.Gateway {
		return map[string]notify.Gateway{record.ChannelSMS: l.sms, record.ChannelMail: l.sms}
	}})
	l.Day = l.house.Day(apptest.SH)
	return l
}

// after moves the clock and lets scheduler and outbox go round twice: the second round changes nothing.
func (l *lane) after(d time.Duration) {
	l.t.Helper()
	l.house.Clock.Advance(d)
	for range 2 {
		if err := l.house.House.Due.Round(context.Background()); err != nil {
			l.t.Fatal(err)
		}
		if err := l.house.House.Outbox.Drain(context.Background()); err != nil {
			l.t.Fatal(err)
		}
	}
}

func (l *lane) in(d time.Duration) string { return record.Text(l.house.Clock.Now().Add(d)) }

// items of a kind, by state.
func (l *lane) items(kind string) (list []string) {
	l.t.Helper()
	for _, row := range l.rows(record.DueItems, dbx.HashExp{record.FieldKind: kind}) {
		list = append(list, record.AsDueItem(row).State())
	}
	return list
}

func (l *lane) rows(collection string, where dbx.HashExp) []*core.Record {
	l.t.Helper()
	rows := []*core.Record{}
	if err := l.App.RecordQuery(collection).AndWhere(where).OrderBy(record.FieldCreated, record.FieldID).All(&rows); err != nil {
		l.t.Fatal(err)
	}
	return rows
}

func (l *lane) want(kind string, states ...string) {
	l.t.Helper()
	if got := l.items(kind); strings.Join(got, " ") != strings.Join(states, " ") {
		l.t.Errorf("%s: %v, want %v", kind, got, states)
	}
}

func (l *lane) sent(texts ...string) {
	l.t.Helper()
	if len(l.sms.got) != len(texts) {
		l.t.Fatalf("sent %d messages, want %d: %+v", len(l.sms.got), len(texts), l.sms.got)
	}
	for i, text := range texts {
		if !strings.Contains(l.sms.got[i].Text, text) {
			l.t.Errorf("message %d: %s, want %q in it", i, l.sms.got[i].Text, text)
		}
	}
}

// working is a car in work whose customer has a phone, promised in so many hours: 10:03 plus.
func (l *lane) working(hours int) apptest.Service {
	l.t.Helper()
	s := l.JobApprovedUntil(time.Duration(hours) * time.Hour)
	l.Dispatch(s.Job)
	s.Entry = l.Start(s.Job)
	l.Step("technician", s.Order, "in_progress")
	l.Step("technician", s.Visit, "working")
	customer, err := l.App.FindRecordById(record.Customers, record.AsVisit(s.Visit).Customer())
	if err != nil {
		l.t.Fatal(err)
	}
	l.Do("advisor", customer, map[string]any{record.FieldPhone: "13800000000"})
	return s
}

// JobApprovedUntil is a signed job whose order was promised.
func (l *lane) JobApprovedUntil(d time.Duration) apptest.Service {
	l.t.Helper()
	s := l.JobPresented()
	l.Do("advisor", s.Order, map[string]any{record.FieldPromisedAt: l.in(d)})
	l.Sign(consent.KindEstimate, s.Order)
	s.Job = l.Fresh(s.Job)
	return s
}

func (l *lane) finish(s apptest.Service) {
	l.t.Helper()
	l.Finish(s.Job, s.Entry)
	l.Step("technician", s.Order, "qc")
	l.Checked(s.Order)
	l.Step("inspector", s.Job, "passed")
	l.Do("inspector", s.Order, map[string]any{record.FieldState: "ready", record.FieldAdviceNone: true})
	l.Step("inspector", s.Visit, "ready")
}

func TestPromiseConsent(t *testing.T) {
	l := newLane(t)
	s := l.working(4)
	t.Run("S-07 later on the same day asks for nothing", func(t *testing.T) {
		l.Do("advisor", s.Order, map[string]any{record.FieldPromisedAt: l.in(9 * time.Hour)})
		l.after(time.Minute)
		l.want(due.KindConsent)
	})
	t.Run("S-07 another day is a task, and stops no job", func(t *testing.T) {
		l.Do("advisor", s.Order, map[string]any{record.FieldPromisedAt: l.in(30 * time.Hour)})
		l.after(time.Minute)
		l.want(due.KindConsent, "open")
		l.Step("technician", s.Job, "done")
	})
	t.Run("S-07 taken back, the task is gone", func(t *testing.T) {
		l.Do("advisor", s.Order, map[string]any{record.FieldPromisedAt: l.in(5 * time.Hour)})
		l.after(time.Minute)
		l.want(due.KindConsent, "cancelled")
	})
	t.Run("S-07 the customer's consent to the new day settles it, though nothing else is to be signed", func(t *testing.T) {
		l.Do("advisor", s.Order, map[string]any{record.FieldPromisedAt: l.in(50 * time.Hour)})
		l.after(time.Minute)
		l.want(due.KindConsent, "cancelled", "open")
		l.Make("advisor", record.Consents, l.SignedConsent(consent.KindSupplement, s.Order))
		l.after(time.Minute)
		l.want(due.KindConsent, "cancelled", "done")
		if items := l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindConsent, record.FieldState: "done"}); record.AsDueItem(items[0]).Note() != due.NoteSettled {
			t.Errorf("closed with %q", record.AsDueItem(items[0]).Note())
		}
	})
	t.Run("S-07 later still is another task", func(t *testing.T) {
		l.Do("advisor", s.Order, map[string]any{record.FieldPromisedAt: l.in(80 * time.Hour)})
		l.after(time.Minute)
		l.want(due.KindConsent, "cancelled", "done", "open")
	})
}

func TestMoved(t *testing.T) {
	l := newLane(t)
	s := l.working(4)
	seat := l.Make("advisor", record.Belongings, map[string]any{record.FieldVisit: s.Visit.Id, record.FieldKind: "item", record.FieldName: "儿童座椅",
		record.FieldPlace: "in_car", record.FieldNote: "左侧有划痕"})
	l.after(time.Minute)
	l.want(due.KindMoved)
	t.Run("W-07 what had to be moved is the advisor's to know, with where it is, and told by them", func(t *testing.T) {
		l.Do("technician", seat, map[string]any{record.FieldMovedAt: l.in(0), record.FieldMovedBy: l.ID("technician"), record.FieldMovedNote: "放在工具车上层"})
		l.after(2 * time.Minute)
		l.want(due.KindMoved, "open")
		row := l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindMoved})[0]
		item := record.AsDueItem(row)
		if item.Owner() != l.ID("advisor") || item.Data()["thing"] != "儿童座椅" || item.Data()["note"] != "放在工具车上层" {
			t.Errorf("the item says %v to %s", item.Data(), item.Owner())
		}
		if note := l.Fresh(seat).GetString(record.FieldNote); note != "左侧有划痕" {
			t.Errorf("what was signed now reads %q", note)
		}
		l.Do("advisor", row, map[string]any{record.FieldState: "done", record.FieldNote: "已告知客户"})
		l.after(time.Minute)
		l.want(due.KindMoved, "done")
	})
	t.Run("W-07 moved again, told again", func(t *testing.T) {
		l.Do("technician", seat, map[string]any{record.FieldMovedAt: l.in(0), record.FieldMovedNote: "放回后座"})
		l.after(time.Minute)
		l.want(due.KindMoved, "done", "open")
	})
	t.Run("W-07 a car that has left asks nothing", func(t *testing.T) {
		visit := l.VisitOpen()
		l.Make("advisor", record.Belongings, map[string]any{record.FieldVisit: visit.Id, record.FieldKind: "item", record.FieldName: "雨伞", record.FieldPlace: "in_car",
			record.FieldMovedAt: l.in(0), record.FieldMovedNote: "副驾"})
		l.after(time.Minute)
		l.want(due.KindMoved, "done", "open", "open")
		l.Step("advisor", visit, "left")
		l.after(time.Minute)
		l.want(due.KindMoved, "done", "open", "cancelled")
	})
}

func TestFile(t *testing.T) {
	l := newLane(t)
	car := l.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "沪C11111"})
	visit := l.Make("advisor", record.Visits, map[string]any{record.FieldNumber: "A77", record.FieldVehicle: car.Id, record.FieldPurpose: "consultation",
		record.FieldArrivedAt: l.in(0), record.FieldAdvisor: l.ID("advisor")})
	l.after(time.Minute)
	t.Run("V-04 a consultation without a complete file is on the list, due in two days", func(t *testing.T) {
		l.want(due.KindFile, "open")
		item := record.AsDueItem(l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindFile})[0])
		want := record.Time(record.AsVisit(visit).ArrivedAt()).Add(48 * time.Hour)
		if !item.DueAt().Equal(want) || item.Owner() != l.ID("advisor") {
			t.Errorf("due %s, want %s, owner %s", item.DueAt(), want, item.Owner())
		}
	})
	t.Run("V-04 the complete file settles it by itself", func(t *testing.T) {
		l.Do("advisor", car, map[string]any{record.FieldVIN: "LSVAA4182E2123456", record.FieldMake: "大众", record.FieldModel: "帕萨特"})
		l.after(time.Minute)
		l.want(due.KindFile, "open")
		owner := l.Make("advisor", record.Customers, map[string]any{record.FieldName: "李明", record.FieldPhone: "13800000000"})
		l.Do("advisor", visit, map[string]any{record.FieldCustomer: owner.Id})
		l.after(20 * 24 * time.Hour)
		l.want(due.KindFile, "done")
	})
}

func TestDeviceFile(t *testing.T) {
	l := newLane(t)
	device := l.Make("advisor", record.Assets, map[string]any{record.FieldKind: "device", record.FieldName: "料理机", record.FieldModel: "Y1", record.FieldSerial: "SN1"})
	l.Make("advisor", record.Assets, map[string]any{record.FieldKind: "goods", record.FieldName: "衣柜", record.FieldOrderNumber: "TB1"})
	l.after(time.Minute)
	t.Run("V-04 a device without a complete file is on the list of who opened it, due in two hours", func(t *testing.T) {
		l.want(due.KindDeviceFile, "open")
		item := record.AsDueItem(l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindDeviceFile})[0])
		want := device.GetDateTime(record.FieldCreated).Time().Add(2 * time.Hour)
		if !item.DueAt().Equal(want) || item.Owner() != l.ID("advisor") {
			t.Errorf("due %s, want %s, owner %s", item.DueAt(), want, item.Owner())
		}
	})
	t.Run("V-04 V-07 the complete file settles it by itself", func(t *testing.T) {
		owner := l.Make("advisor", record.Customers, map[string]any{record.FieldName: "李明", record.FieldPhone: "13800000000"})
		l.Do("advisor", device, map[string]any{record.FieldBrand: "九阳", record.FieldCustomer: owner.Id})
		l.after(time.Minute)
		l.want(due.KindDeviceFile, "done")
	})
}

func TestTwoShops(t *testing.T) {
	l := newLane(t)
	l.working(4)
	l.after(4 * time.Hour)
	for _, row := range l.rows(record.DueItems, dbx.HashExp{record.FieldShop: apptest.HZ}) {
		t.Errorf("W-06 the other shop got %s", row.GetString(record.FieldKey))
	}
}
