package due_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/due"
	"aftercare/internal/notify"
	"aftercare/internal/record"
)

func TestClaimTellByPerson(t *testing.T) {
	t.Run("L-14 V-02 who wants to be called is an agent's, with the words; no longer so, the item is dropped", func(t *testing.T) {
		l := newDesk(t)
		buyer := l.Make("agent", record.Customers, map[string]any{record.FieldName: "林小雨", record.FieldPhone: "13800138001", record.FieldPreferredChannel: "phone"})
		c := l.ClaimApproved("return", map[string]any{record.FieldCustomer: buyer.Id})
		l.after(time.Minute)
		l.heard()
		l.want(due.KindClaimTell, "open")
		item := record.AsDueItem(l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindClaimTell})[0])
		if text := fmt.Sprint(item.Data()["text"]); item.Role() != "agent" || !strings.Contains(text, "11月23日10:03") {
			t.Errorf("%s: %s", item.Role(), text)
		}
		l.Make("warehouse", record.Shipments, l.ParcelData(c, "in"))
		l.Step("warehouse", c, "in_transit")
		l.after(time.Minute)
		l.want(due.KindClaimTell, "cancelled")
	})
	t.Run("L-14 by mail to whom it suits, in the language in which the customer signed in", func(t *testing.T) {
		l := newDesk(t)
		buyer := l.Make("agent", record.Customers, map[string]any{record.FieldName: "Lin", record.FieldPhone: "13800138001", "email": "lin@example.com", record.FieldPreferredChannel: "mail"})
		order, line := l.Sale("DD-EN")
		for n, lang := range []string{"zh", "en"} {
			err := notify.Queue(l.App, notify.Message{Shop: l.Shop, Key: fmt.Sprintf("%s%d", notify.CodeKey(order.Id), n), Kind: "code", Channel: record.ChannelSMS, To: "13800138001", Lang: lang, Text: "code"})
			if err != nil {
				t.Fatal(err)
			}
		}
		l.after(time.Minute)
		l.sms.got = nil
		c := l.ClaimOn(order, line, "return", map[string]any{record.FieldCustomer: buyer.Id})
		l.Do("agent", c, apptest.Judged("quality"))
		l.Step("agent", c, "approved")
		l.after(time.Minute)
		l.heard("Your return " + l.number(c) + " is approved. Hand it to a carrier before 23 Nov 10:04; freight: we pay.")
		if m := record.AsMessage(l.rows(record.Messages, dbx.HashExp{record.FieldSubjectRecord: c.Id})[0]); m.Channel() != record.ChannelMail || m.To() != "lin@example.com" || !strings.Contains(m.Title(), "return "+l.number(c)) {
			t.Errorf("%s to %s: %s", m.Channel(), m.To(), m.Title())
		}
	})
	t.Run("M-03 a message about a claim that could not be sent is an agent's to tell", func(t *testing.T) {
		l := newDesk(t)
		l.sms.fails = notify.NeverSent(errors.New("no such number"))
		c := l.ClaimApproved("return", nil)
		l.after(time.Minute)
		l.after(time.Minute)
		l.want("message_failed", "open")
		if item := record.AsDueItem(l.rows(record.DueItems, dbx.HashExp{record.FieldKind: "message_failed"})[0]); item.Role() != "agent" {
			t.Errorf("it is the %s's", item.Role())
		}
		l.Make("warehouse", record.Shipments, l.ParcelData(c, "in"))
		l.after(time.Minute)
		l.want("message_failed", "cancelled")
	})
	t.Run("L-14 a claim that cannot be read stops no other, and is told once it can be, across a restart", func(t *testing.T) {
		l := newDesk(t)
		broken := l.ClaimApproved("return", nil)
		fine := l.ClaimApproved("return", nil)
		order := record.AsClaim(broken).Order()
		lose := func(s *apptest.Shop, to string) {
			t.Helper()
			if _, err := s.App.NonconcurrentDB().NewQuery("UPDATE claims SET sales_order = {:to} WHERE id = {:id}").Bind(dbx.Params{"to": to, "id": broken.Id}).Execute(); err != nil {
				t.Fatal(err)
			}
		}
		lose(l.house, "nowhere00000000")
		for range 2 {
			if err := l.house.House.Due.Round(context.Background()); err == nil || !strings.Contains(err.Error(), broken.Id) {
				t.Fatalf("the round says %v", err)
			}
		}
		l.wantMessages(fine, "claim_approved queued")
		after := l.house.Crash()
		lose(after, order)
		if err := after.House.Due.Round(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, c := range []*core.Record{broken, fine} {
			if n, err := after.App.CountRecords(record.Messages, dbx.HashExp{record.FieldSubjectRecord: c.Id}); err != nil || n != 1 {
				t.Errorf("%d messages, %v", n, err)
			}
		}
		if left, err := record.Mark(after.App, record.MarkClaimNews+l.Shop); err != nil || strings.Contains(left, broken.Id) {
			t.Errorf("still to be looked at: %q, %v", left, err)
		}
	})
	t.Run("L-14 a server that begins to tell, or was away for long, says what customers are waited for, and of the rest what is not yet stale", func(t *testing.T) {
		l := newDesk(t)
		rejected := map[string]any{record.FieldVerdict: "none", record.FieldVerdictReason: "正常磨损", record.FieldRejection: "正常磨损", record.FieldState: "rejected"}
		old, _ := l.ClaimFiled("return", nil)
		l.Do("agent", old, rejected)
		waiting, _ := l.ClaimFiled("return", nil)
		l.Do("agent", waiting, map[string]any{record.FieldEvidenceWanted: "还差标签", record.FieldState: "evidence_needed"})
		l.house.Clock.Advance(25 * time.Hour)
		fresh, _ := l.ClaimFiled("return", nil)
		l.Do("agent", fresh, rejected)
		l.after(time.Minute)
		l.heard(l.number(waiting)+" 请补充", l.number(fresh)+" 没有通过")
		l.wantMessages(old)
	})
}
