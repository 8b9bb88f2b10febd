package due_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// booked is a confirmed appointment in so long.
func (l *lane) booked(in time.Duration) *core.Record {
	l.t.Helper()
	return l.Booked(l.house.Clock.Now().Truncate(time.Hour).Add(in))
}

func (l *lane) state(rec *core.Record) string { return record.AsAppointment(l.Fresh(rec)).State() }

func TestReminders(t *testing.T) {
	t.Run("B-05 a day before and again half an hour before, each once", func(t *testing.T) {
		l := newLane(t)
		noon(l)
		a := l.booked(30 * time.Hour)
		l.after(time.Hour)
		l.sent()
		l.after(6 * time.Hour)
		l.sent("您预约了")
		if got := l.state(a); got != "reminded" {
			t.Errorf("state %s", got)
		}
		l.after(22 * time.Hour)
		l.sent("您预约了")
		l.after(40 * time.Minute)
		l.sent("您预约了", "您预约了")
		l.after(5 * time.Minute)
		l.sent("您预约了", "您预约了")
	})
	t.Run("B-05 moved, the customer is reminded of the new time", func(t *testing.T) {
		l := newLane(t)
		noon(l)
		a := l.booked(23 * time.Hour)
		l.after(time.Minute)
		l.sent("您预约了")
		l.Do("advisor", a, map[string]any{record.FieldStartsAt: l.in(26 * time.Hour)})
		l.after(25*time.Hour + 40*time.Minute)
		l.sent("您预约了", "您预约了")
	})
	t.Run("B-05 who wants to be called is a person's to remind, and done when they are", func(t *testing.T) {
		l := newLane(t)
		noon(l)
		customer := l.Make("advisor", record.Customers, map[string]any{record.FieldName: "王芳", record.FieldPhone: "13900000000", record.FieldPreferredChannel: "phone"})
		a := l.booked(23 * time.Hour)
		l.Do("advisor", a, map[string]any{record.FieldCustomer: customer.Id})
		l.after(time.Minute)
		l.sent()
		l.want("appointment_remind", "open")
		l.Step("advisor", a, "reminded")
		l.after(time.Minute)
		l.want("appointment_remind", "done")
	})
	t.Run("B-05 cancelled, nobody is reminded", func(t *testing.T) {
		l := newLane(t)
		noon(l)
		a := l.booked(30 * time.Hour)
		l.Do("advisor", a, map[string]any{record.FieldState: "cancelled", record.FieldCancelReason: "改天"})
		l.after(29 * time.Hour)
		l.sent()
	})
}

// noon puts the clock to noon of the next day in Shanghai, far from the quiet hours.
func noon(l *lane) {
	now := l.house.Clock.Now().UTC()
	next := time.Date(now.Year(), now.Month(), now.Day()+1, 4, 0, 0, 0, time.UTC)
	l.house.Clock.Advance(next.Sub(now))
}

func TestMissingForAppointment(t *testing.T) {
	l := newLane(t)
	noon(l)
	a := l.booked(23 * time.Hour)
	line := l.Make("advisor", record.Preparations, map[string]any{record.FieldAppointment: a.Id, record.FieldKind: "parts"})
	l.Do("parts", line, map[string]any{record.FieldState: "missing", record.FieldMissingNote: "前刹车片周五才到"})
	t.Run("B-04 what is missing is the advisor's to tell, and no reminder goes out before", func(t *testing.T) {
		l.after(time.Minute)
		l.want("appointment_missing", "open")
		l.sent()
		if got := l.state(a); got != "confirmed" {
			t.Errorf("state %s", got)
		}
	})
	t.Run("B-04 told, the item is settled and the reminder goes", func(t *testing.T) {
		l.Do("advisor", line, map[string]any{record.FieldToldAt: l.Now(), record.FieldToldNote: "客户改带旧片来"})
		l.after(time.Minute)
		l.want("appointment_missing", "done")
		l.sent("您预约了")
	})
	t.Run("B-04 missing again is another item; found, it settles", func(t *testing.T) {
		l.Do("parts", line, map[string]any{record.FieldState: "ready"})
		l.house.Clock.Advance(time.Second)
		l.Do("parts", line, map[string]any{record.FieldState: "missing", record.FieldMissingNote: "少一套"})
		l.after(time.Minute)
		l.want("appointment_missing", "done", "open")
		l.Do("parts", line, map[string]any{record.FieldState: "ready"})
		l.after(time.Minute)
		l.want("appointment_missing", "done", "done")
	})
}

func TestNoShows(t *testing.T) {
	l := newLane(t)
	noon(l)
	a := l.booked(2 * time.Hour)
	t.Run("B-08 an hour after the time (policy) who has not come is missed, not a minute earlier", func(t *testing.T) {
		l.after(time.Minute)
		l.after(2*time.Hour + 58*time.Minute)
		if got := l.state(a); got != "reminded" {
			t.Errorf("state %s", got)
		}
		l.after(time.Minute)
		if got := l.state(a); got != "no_show" {
			t.Errorf("state %s", got)
		}
	})
	t.Run("B-08 the workshop lead is told the same day, once", func(t *testing.T) {
		l.after(3 * time.Hour)
		l.want("appointment_day", "open")
		row := l.rows(record.DueItems, dbx.HashExp{record.FieldKind: "appointment_day"})[0]
		if role := record.AsDueItem(row).Role(); role != record.RoleLeader {
			t.Errorf("it is the %s's", role)
		}
		data := row.GetString(record.FieldData)
		for _, want := range []string{`"booked":1`, `"missed":1`, `"kept":0`} {
			if !strings.Contains(strings.ReplaceAll(data, " ", ""), want) {
				t.Errorf("%s lacks %s", data, want)
			}
		}
	})
}
