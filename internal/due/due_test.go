package due_test

import (
	"context"
	"strings"
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

// sink is a gateway that takes everything.
type sink struct{ got []notify.Parcel }

func (s *sink) Dedupes() bool { return true }
func (s *sink) Send(_ context.Context, p notify.Parcel) (string, error) {
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
	for _, stage := range []string{"self", "leader", "final"} {
		l.Make(apptest.Checkers[stage], record.QualityChecks, l.CheckData(s.Order, stage))
	}
	l.Step("inspector", s.Job, "passed")
	l.Do("inspector", s.Order, map[string]any{record.FieldState: "ready", record.FieldAdviceNone: true})
	l.Step("inspector", s.Visit, "ready")
}

func TestProgressCheck(t *testing.T) {
	t.Run("W-06 asked once at three quarters of the way, and no more when work is over", func(t *testing.T) {
		l := newLane(t)
		s := l.working(4)
		l.Do("technician", s.Job, map[string]any{record.FieldState: "paused", record.FieldPauseReason: "part"}) // its own plan is not used up
		l.Do("technician", s.Entry, map[string]any{record.FieldEndedAt: l.in(0), record.FieldEndReason: "part"})
		l.after(2*time.Hour + 59*time.Minute)
		l.want(due.KindProgress)
		l.after(2 * time.Minute)
		l.want(due.KindProgress, "open")
		l.after(10 * time.Minute)
		l.want(due.KindProgress, "open")
		s.Entry = l.Start(s.Job)
		l.finish(s)
		l.after(time.Minute)
		l.want(due.KindProgress, "cancelled")
	})
	t.Run("W-06 asked earlier when a job has used three quarters of its plan", func(t *testing.T) {
		l := newLane(t)
		l.working(5) // 60 planned minutes
		l.after(44 * time.Minute)
		l.want(due.KindProgress)
		l.after(time.Minute)
		l.want(due.KindProgress, "open")
	})
	t.Run("W-06 another promise is another check", func(t *testing.T) {
		l := newLane(t)
		s := l.working(4)
		l.after(50 * time.Minute)
		l.Do("advisor", s.Order, map[string]any{record.FieldPromisedAt: l.in(6 * time.Hour)})
		l.after(time.Minute)
		l.want(due.KindProgress, "cancelled", "open")
	})
	t.Run("W-06 late tells the advisor", func(t *testing.T) {
		l := newLane(t)
		s := l.working(6)
		l.after(50 * time.Minute)
		l.want(due.KindDelay)
		check := l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindProgress})[0]
		l.Do("leader", check, map[string]any{record.FieldState: "done", record.FieldAnswer: "late", record.FieldNote: "轴承锈死，要多两小时"})
		if d := record.AsDueItem(check); d.DoneBy() != l.ID("leader") || !d.DoneAt().Equal(l.house.Clock.Now()) {
			t.Errorf("done by %s at %s", d.DoneBy(), d.DoneAt())
		}
		l.after(time.Minute)
		l.want(due.KindDelay, "open")
		item := record.AsDueItem(l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindDelay})[0])
		if item.Owner() != l.ID("advisor") || item.Data()["note"] != "轴承锈死，要多两小时" || item.Visit() != s.Visit.Id {
			t.Errorf("owner %s, data %v", item.Owner(), item.Data())
		}
		l.sent()
	})
	t.Run("W-06 on time tells nobody", func(t *testing.T) {
		l := newLane(t)
		l.working(6)
		l.after(50 * time.Minute)
		check := l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindProgress})[0]
		l.Do("leader", check, map[string]any{record.FieldState: "done", record.FieldAnswer: "on_time", record.FieldNote: "好"})
		l.after(time.Hour)
		l.want(due.KindDelay)
		l.want(due.KindProgress, "done")
	})
}

func TestDelay(t *testing.T) {
	t.Run("D-02 what nobody told is told by the server at the notice, with reason and apology, once", func(t *testing.T) {
		l := newLane(t)
		s := l.working(4)
		l.Do("technician", s.Job, map[string]any{record.FieldState: "paused", record.FieldPauseReason: "part"})
		l.after(2*time.Hour + 31*time.Minute)
		l.want(due.KindDelay, "open") // half an hour before the notice
		l.sent()
		l.after(30 * time.Minute)
		l.sent("非常抱歉")
		l.sent("所需配件尚未到店")
		l.sent("11月21日14:03")
		l.after(3 * time.Hour)
		l.sent("非常抱歉")
		l.want(due.KindDelay, "open")
		l.Do("advisor", l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindDelay})[0], map[string]any{record.FieldState: "done", record.FieldNote: "已电话道歉，18 点取车"})
		l.after(time.Minute)
		l.want(due.KindDelay, "done")
	})
	t.Run("D-02 what the advisor told is not told again", func(t *testing.T) {
		l := newLane(t)
		s := l.working(4)
		l.after(2*time.Hour + 31*time.Minute)
		key := record.AsDueItem(l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindDelay})[0]).Key()
		l.Make("advisor", record.Messages, map[string]any{record.FieldKey: key + ":a", record.FieldKind: due.MessageDelay, record.FieldChannel: "phone",
			record.FieldState: "told", record.FieldLang: "zh", record.FieldText: "抱歉，晚一小时", record.FieldVisit: s.Visit.Id})
		l.after(time.Minute)
		l.want(due.KindDelay, "done")
		l.after(time.Hour)
		l.sent()
	})
	t.Run("D-02 a car that gets ready in time needs no apology", func(t *testing.T) {
		l := newLane(t)
		s := l.working(4)
		l.after(2*time.Hour + 31*time.Minute)
		l.finish(s)
		l.after(time.Minute)
		l.want(due.KindDelay, "cancelled")
		l.sent()
	})
	t.Run("D-02 of longer work it is told four hours before", func(t *testing.T) {
		l := newLane(t)
		l.working(54) // 16:03 in two days
		l.after(49*time.Hour + 29*time.Minute)
		l.want(due.KindDelay)
		l.after(2 * time.Minute)
		l.want(due.KindDelay, "open")
		l.after(29 * time.Minute)
		l.sent("非常抱歉")
	})
	t.Run("D-02 a promise nobody kept long ago is a person's", func(t *testing.T) {
		l := newLane(t)
		l.working(4)
		l.after(40 * time.Hour)
		l.want(due.KindDelay, "open")
		l.sent()
	})
}

func TestReady(t *testing.T) {
	t.Run("D-02 one hour before the promised time, exactly once", func(t *testing.T) {
		l := newLane(t)
		s := l.working(4)
		l.finish(s)
		l.after(2*time.Hour + 59*time.Minute)
		l.sent()
		l.after(2 * time.Minute)
		l.sent("已完工并通过质检")
		l.after(2 * time.Hour)
		l.Do("advisor", s.Order, map[string]any{record.FieldPromisedAt: l.in(time.Hour)})
		l.after(time.Hour)
		l.sent("已完工并通过质检")
	})
	t.Run("D-02 ready after the notice: a delay was told, then at once that it is ready", func(t *testing.T) {
		l := newLane(t)
		s := l.working(4)
		l.after(3*time.Hour + time.Minute)
		l.finish(s)
		l.after(time.Minute)
		l.sent("非常抱歉", "已完工")
	})
	t.Run("D-02 back to work takes a notice back that has not gone; ready again, it goes", func(t *testing.T) {
		l := newLane(t)
		s := l.working(14) // 00:03; the notice would be at 23:03, so it is at 20:59
		l.finish(s)
		l.after(11*time.Hour + 10*time.Minute) // 21:13: quiet
		l.sent()
		l.Step("inspector", s.Visit, "working")
		l.after(time.Minute)
		if m := record.AsMessage(l.rows(record.Messages, dbx.HashExp{record.FieldKind: due.MessageReady})[0]); m.State() != "cancelled" {
			t.Errorf("the notice is %s", m.State())
		}
		l.Step("inspector", s.Visit, "ready")
		l.after(11 * time.Hour)
		l.sent("已完工")
	})
	t.Run("D-02 who wants to be called, or has no number, is the advisor's", func(t *testing.T) {
		l := newLane(t)
		s := l.working(4)
		customer, err := l.App.FindRecordById(record.Customers, record.AsVisit(s.Visit).Customer())
		if err != nil {
			t.Fatal(err)
		}
		l.Do("advisor", customer, map[string]any{record.FieldPreferredChannel: "phone"})
		l.finish(s)
		l.after(3*time.Hour + time.Minute)
		l.sent()
		l.want(due.KindReady, "open")
	})
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

func TestTwoShops(t *testing.T) {
	l := newLane(t)
	l.working(4)
	l.after(4 * time.Hour)
	for _, row := range l.rows(record.DueItems, dbx.HashExp{record.FieldShop: apptest.HZ}) {
		t.Errorf("W-06 the other shop got %s", row.GetString(record.FieldKey))
	}
}
