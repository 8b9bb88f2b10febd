package buyer_test

import (
	"strings"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// walk is a claim of the buyer's that staff and phone take on in turns.
type walk struct {
	*desk
	phone *apptest.Device
	in    login
}

func newWalk(t *testing.T) *walk {
	d := newDesk(t)
	in := d.signIn("DD-77", phone)
	return &walk{d, d.phoneOf(in), in}
}

// filed is a new claim of the kind with the photos.
func (w *walk) filed(kind string, more map[string]any, slots ...string) string {
	w.t.Helper()
	id, ops := w.claimOps(w.in, kind, more, slots...)
	w.phone.Must(ops...)
	return id
}

// patch is the phone's op on a row as it last saw it.
func (w *walk) patch(collection, id string, data map[string]any) wire.Op {
	return apptest.Patch(collection, id, w.phone.Version(collection, id), data)
}

func (w *walk) staff(role, id string, data map[string]any) {
	w.t.Helper()
	w.day.Do(role, w.find(record.Claims, id), data)
	w.phone.Pull(0)
}

func (w *walk) state(id string) string {
	w.t.Helper()
	return record.AsClaim(w.find(record.Claims, id)).State()
}

func to(state string) map[string]any { return map[string]any{record.FieldState: state} }

func (w *walk) parcel(id string) wire.Op {
	return apptest.Create(record.Shipments, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldClaim: id, record.FieldDirection: "in", record.FieldCarrier: "顺丰",
		record.FieldTrackingNumber: "SF1", record.FieldSentAt: "2026-01-01 00:00:00.000Z"})
}

func TestBuyersSteps(t *testing.T) {
	w := newWalk(t)
	t.Run("L-04 evidence that was wanted is shown, and only then the claim goes on", func(t *testing.T) {
		id := w.filed("repair", nil, "whole")
		w.staff("agent", id, map[string]any{record.FieldEvidenceWanted: "标签和近照"})
		w.staff("agent", id, to("evidence_needed"))
		if o := w.phone.Do(w.patch(record.Claims, id, to("submitted"))); o.Code != "claim.evidence_missing" {
			t.Errorf("%+v", o)
		}
		w.phone.Must(photoOp(id, "close", strings.Repeat("a", 64)), photoOp(id, "label", strings.Repeat("b", 64)),
			photoOp(id, "packaging", strings.Repeat("c", 64)), w.patch(record.Claims, id, to("submitted")))
		if got := w.state(id); got != "submitted" {
			t.Error(got)
		}
	})
	t.Run("L-06 a plan is accepted with its price, plan and claim in one act", func(t *testing.T) {
		id := w.filed("repair", nil)
		w.staff("agent", id, apptest.Judged("none"))
		data := w.day.PlanData(w.find(record.Claims, id))
		plan := w.day.Make("agent", record.RepairPlans, data).Id
		w.staff("agent", id, to("plan_offered"))
		w.phone.Must(w.patch(record.RepairPlans, plan, to("accepted")), w.patch(record.Claims, id, to("plan_accepted")))
		row := record.AsRepairPlan(w.find(record.RepairPlans, plan))
		if row.AgreedFen() != 5000 || w.state(id) != "plan_accepted" {
			t.Errorf("%d %s", row.AgreedFen(), w.state(id))
		}
		history := record.AsClaim(w.find(record.Claims, id)).History()
		if last := history[len(history)-1]; last.Event != "plan_accepted" || last.Role != "customer" || last.Name != "林小雨" {
			t.Errorf("L-14 %+v", last)
		}
	})
	t.Run("L-08 the parcel goes on its way in one act with the claim, and the server's time is when it was sent", func(t *testing.T) {
		id := w.filed("return", nil)
		w.staff("agent", id, apptest.Judged("quality"))
		w.staff("agent", id, to("approved"))
		w.Clock.Advance(47*time.Hour + 59*time.Minute)
		w.phone.Must(w.patch(record.Claims, id, to("awaiting_goods")), w.parcel(id), w.patch(record.Claims, id, to("in_transit")))
		row, err := w.App.FindFirstRecordByData(record.Shipments, record.FieldClaim, id)
		if err != nil || record.AsShipment(row).Facts().SentAt != w.day.Now() || w.state(id) != "in_transit" {
			t.Errorf("%v %v %s", row, err, w.state(id))
		}
		if o := w.phone.Do(w.patch(record.Claims, id, to("cancelled"))); o.Outcome == wire.Applied {
			t.Errorf("withdrawn after it was sent: %+v", o)
		}
	})
	t.Run("L-08 sent a minute too late it is refused, whatever the phone's clock says", func(t *testing.T) {
		id := w.filed("repair", nil)
		w.staff("agent", id, apptest.Judged("quality"))
		w.staff("agent", id, to("approved"))
		w.staff("agent", id, to("awaiting_goods"))
		w.Clock.Advance(48 * time.Hour)
		m := w.phone.Mutation(w.parcel(id), w.patch(record.Claims, id, to("in_transit")))
		m.At = "2026-11-21T02:03:04.005Z"
		if o := w.phone.Push(m).Outcomes[0]; o.Code != "shipment.late" {
			t.Errorf("%+v", o)
		}
	})
}
