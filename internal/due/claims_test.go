package due_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

func TestClaimsOfCustomers(t *testing.T) {
	state := func(l *lane, c *core.Record) string { return record.AsClaim(l.Fresh(c)).State() }
	t.Run("L-08 approved and not sent within 48 h expires, once, and frees the order's return", func(t *testing.T) {
		l := newLane(t)
		c := l.ClaimApproved("return", nil)
		l.after(47 * time.Hour)
		l.want("claim_ship_back", "open")
		if got := state(l, c); got != "awaiting_goods" {
			t.Fatal(got)
		}
		l.after(time.Hour)
		l.want("claim_ship_back", "cancelled")
		if got := state(l, c); got != "expired" {
			t.Fatal(got)
		}
		order, err := l.App.FindRecordById(record.SalesOrders, record.AsClaim(c).Order())
		if err != nil {
			t.Fatal(err)
		}
		l.Make("agent", record.Claims, l.ClaimKindData(order, "return"))
	})
	t.Run("L-08 what was sent in time does not expire, and what was extended waits", func(t *testing.T) {
		l := newLane(t)
		sent, extended := l.ClaimApproved("return", nil), l.ClaimApproved("return", nil)
		l.Make("warehouse", record.Shipments, l.ParcelData(sent, "in"))
		l.Do("supervisor", extended, map[string]any{record.FieldExtendedUntil: l.in(72 * time.Hour), record.FieldExtensionReason: "台风停运"})
		l.after(50 * time.Hour)
		if a, b := state(l, sent), state(l, extended); a != "awaiting_goods" || b != "awaiting_goods" {
			t.Fatal(a, b)
		}
		l.after(22 * time.Hour)
		if got := state(l, extended); got != "expired" {
			t.Fatal(got)
		}
	})
	t.Run("L-01 a parcel refused at the door is answered in time, and the item says by when", func(t *testing.T) {
		l := newLane(t)
		order, line := l.Sale("DD-DOOR")
		l.Do("manager", order, map[string]any{record.FieldReceivedAt: ""})
		c := l.ClaimOn(order, line, "return", map[string]any{record.FieldRefusedParcel: true, record.FieldMismatch: "size"})
		l.after(time.Minute)
		l.want("claim_answer", "open")
		l.Do("agent", c, map[string]any{record.FieldVerdict: "quality", record.FieldVerdictReason: "尺码发错"})
		l.Step("agent", c, "approved")
		l.after(time.Minute)
		l.want("claim_answer", "done")
		l.Step("agent", c, "awaiting_goods")
		l.after(72 * time.Hour)
		l.want("claim_ship_back")
		if got := state(l, c); got != "awaiting_goods" {
			t.Fatal("the customer has nothing to send", got)
		}
	})
}
