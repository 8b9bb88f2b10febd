package due_test

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"aftercare/internal/due"
	"aftercare/internal/record"
)

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
