package due_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/notify"
	"aftercare/internal/record"
)

const address = "https://care.example.com"

// newDesk is a lane whose server knows its own address.
func newDesk(t *testing.T) *lane {
	l := newLane(t)
	l.App.Settings().Meta.AppURL = address
	return l
}

// heard is what the gateway got since the last time, in whatever order, checked to be what customers may be sent.
func (l *lane) heard(parts ...string) {
	l.t.Helper()
	if len(l.sms.got) != len(parts) {
		l.t.Errorf("sent %d messages, want %d", len(l.sms.got), len(parts))
	}
	for _, part := range parts {
		if !slices.ContainsFunc(l.sms.got, func(m notify.Parcel) bool { return strings.Contains(m.Text, part) }) {
			l.t.Errorf("no message with %q in %+v", part, l.sms.got)
		}
	}
	for i, m := range l.sms.got {
		if long := utf8.RuneCountInString(strings.Split(m.Text, "http")[0]); strings.ContainsAny(m.Text, "{}<>\n") || m.Lang == "zh" && long > 100 || long > 200 {
			l.t.Errorf("message %d, %d characters before the address: %s", i, long, m.Text)
		}
	}
	l.sms.got = nil
}

func (l *lane) number(c *core.Record) string { return record.AsClaim(c).Number() }

func (l *lane) messages(c *core.Record) (list []string) {
	l.t.Helper()
	for _, row := range l.rows(record.Messages, dbx.HashExp{record.FieldSubjectRecord: c.Id}) {
		m := record.AsMessage(row)
		list = append(list, m.Kind()+" "+m.State())
	}
	return list
}

func (l *lane) wantMessages(c *core.Record, want ...string) {
	l.t.Helper()
	if got := l.messages(c); strings.Join(got, ", ") != strings.Join(want, ", ") {
		l.t.Errorf("messages %v, want %v", got, want)
	}
}

func TestClaimApprovedIsTold(t *testing.T) {
	t.Run("L-08 L-14 approved: who pays, by when and where, once; a day before the time is up once more, and never again", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimApproved("return", nil)
		l.after(time.Minute)
		l.heard(fmt.Sprintf("退货申请 %s 已批准。请在 11月23日10:03 前交给快递，运费公司付，逾期不收。退货单和地址见 %s/claim#/slip/%s", l.number(c), address, c.Id))
		l.after(23*time.Hour + 58*time.Minute)
		l.heard()
		l.after(time.Minute)
		l.heard("还没有寄出，请在 11月23日10:03 前交给快递")
		l.after(5 * time.Hour)
		l.heard()
		if row := record.AsMessage(l.rows(record.Messages, dbx.HashExp{record.FieldSubjectRecord: c.Id})[0]); row.To() != "13800138001" || row.CreatedBy() != "" {
			t.Errorf("to %s by %q", row.To(), row.CreatedBy())
		}
	})
	t.Run("M-03 a server that dies in between, and one that starts anew, tells nothing twice", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimApproved("return", nil)
		l.after(time.Minute)
		l.heard("已批准")
		after := l.house.Crash()
		for range 2 {
			if err := after.House.Due.Round(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if err := record.SetMark(after.App, record.MarkClaimNews+l.Shop, "0"); err != nil { // as if it had died before it wrote down how far it was
			t.Fatal(err)
		}
		if err := after.House.Due.Round(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n, err := after.App.CountRecords(record.Messages, dbx.HashExp{record.FieldSubjectRecord: c.Id}); err != nil || n != 1 {
			t.Errorf("%d messages, %v", n, err)
		}
	})
	t.Run("L-08 who has sent the goods is not reminded", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimApproved("return", nil)
		l.after(time.Minute)
		l.heard("已批准")
		l.Make("warehouse", record.Shipments, l.ParcelData(c, "in"))
		l.Step("warehouse", c, "in_transit")
		l.after(26 * time.Hour)
		l.heard()
	})
	t.Run("L-08 extended: the new time, and the reminder of that one", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimApproved("return", nil)
		l.after(time.Minute)
		l.Do("supervisor", c, map[string]any{record.FieldExtendedUntil: "2026-11-24 16:00:00.000Z", record.FieldExtensionReason: "台风停运"})
		l.after(time.Minute)
		l.heard("已批准", "期限已延到 11月24日24:00")
		l.after(26 * time.Hour)
		l.heard()
		l.after(32*time.Hour + 50*time.Minute) // 20:55 of the 23rd
		l.heard()
		l.after(4 * time.Minute)
		l.heard("还没有寄出，请在 11月24日24:00 前")
	})
	t.Run("L-08 an extension shorter than the reminder's lead says it all", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimApproved("return", nil)
		l.after(time.Minute)
		l.after(24 * time.Hour)
		l.heard("已批准", "还没有寄出")
		l.after(22 * time.Hour) // two hours before
		l.Do("supervisor", c, map[string]any{record.FieldExtendedUntil: "2026-11-23 05:00:00.000Z", record.FieldExtensionReason: "客户出差"})
		l.after(time.Minute)
		l.heard("期限已延到 11月23日13:00")
		l.after(3 * time.Hour)
		l.heard()
	})
	t.Run("L-08 the manager's figure says how long before, 0 reminds nobody", func(t *testing.T) {
		l := newDesk(t)
		l.Make("manager", record.Policies, map[string]any{record.FieldKind: record.ServiceLane, record.FieldRevision: 9, record.FieldActive: true, record.FieldData: map[string]any{"ship_back_remind_hours": 0}})
		l.ClaimApproved("return", nil)
		l.after(time.Minute)
		l.after(47 * time.Hour)
		l.heard("已批准")
	})
	t.Run("L-01 a parcel refused at the door: nothing is to be sent", func(t *testing.T) {
		l := newDesk(t)
		l.ClaimAtDoor("size")
		l.after(time.Minute)
		l.heard("由快递退回，您不用寄")
		l.after(47 * time.Hour)
		l.heard()
	})
}

func TestClaimNewsAtNight(t *testing.T) {
	t.Run("M-03 told in the morning what was approved at night; a reminder that would fall into the night goes before it", func(t *testing.T) {
		l := newDesk(t)
		l.house.Clock.Advance(12 * time.Hour) // 22:03
		c := l.ClaimApproved("return", nil)
		l.after(time.Minute)
		l.heard()
		l.wantMessages(c, "claim_approved queued")
		l.after(10 * time.Hour)
		l.heard("请在 11月23日22:03 前")
		l.after(12*time.Hour + 53*time.Minute) // 20:57
		l.heard()
		l.after(2 * time.Minute)
		l.heard("还没有寄出")
	})
	t.Run("M-03 L-11 what was so in the evening and is not in the morning is never sent, though only the outbox looks", func(t *testing.T) {
		l := newDesk(t)
		l.house.Clock.Advance(12 * time.Hour)
		c := l.ClaimApproved("return", nil)
		l.after(time.Minute)
		l.Do("agent", c, map[string]any{record.FieldState: "cancelled", record.FieldWithdrawalReason: "客户来电撤回。"})
		l.house.Clock.Advance(11 * time.Hour)
		if err := l.house.House.Outbox.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		l.heard()
		l.wantMessages(c, "claim_approved cancelled")
		l.after(time.Minute)
		l.heard("已撤销：客户来电撤回。详情见")
	})
	t.Run("M-03 L-08 nor is a reminder that the gateway did not take, once the parcel is on its way", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimApproved("return", nil)
		l.after(time.Minute)
		l.heard("已批准")
		l.sms.fails = notify.NotSent(errors.New("line broken"))
		l.after(24 * time.Hour)
		l.Make("warehouse", record.Shipments, l.ParcelData(c, "in"))
		l.sms.fails = nil
		l.house.Clock.Advance(time.Hour)
		if err := l.house.House.Outbox.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		l.heard()
		l.wantMessages(c, "claim_approved sent", "claim_remind cancelled")
	})
}
