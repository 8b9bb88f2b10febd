package due_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/due"
	"aftercare/internal/record"
)

const aDay = 24 * time.Hour

// shown is a claim of which an agent wants to see more.
func (l *lane) shown() *core.Record {
	l.t.Helper()
	c, _ := l.ClaimFiled("return", nil)
	l.Do("agent", c, map[string]any{record.FieldEvidenceWanted: "还差标签", record.FieldState: "evidence_needed"})
	return c
}

// calls are the items of calls there are, oldest first.
func (l *lane) calls() (list []*record.DueItem) {
	l.t.Helper()
	for _, row := range l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindClaimWaits}) {
		list = append(list, record.AsDueItem(row))
	}
	return list
}

// wait has a manager say after how many days a silent customer is called.
func (l *lane) wait(day *apptest.Day, revision, days int) {
	l.t.Helper()
	day.Make("manager", record.Policies, map[string]any{record.FieldKind: record.ServiceLane, record.FieldRevision: revision, record.FieldActive: true, record.FieldData: map[string]any{"claim_wait_days": days}})
}

func TestClaimWaits(t *testing.T) {
	t.Run("L-14 after seven days without a word an agent calls: once, at the claim, with what is waited for", func(t *testing.T) {
		l := newLane(t)
		c := l.shown()
		due7 := l.house.Clock.Now().Add(7 * aDay)
		l.after(7*aDay - time.Minute)
		l.want(due.KindClaimWaits)
		l.after(time.Minute)
		l.after(time.Hour)
		l.want(due.KindClaimWaits, "open")
		item := l.calls()[0]
		if !item.DueAt().Equal(due7) || item.Role() != "agent" || item.SubjectRecord() != c.Id || item.GetString(record.FieldSubjectCollection) != record.Claims {
			t.Errorf("%v, due %v", item.Record.PublicExport(), due7)
		}
		if said := fmt.Sprint(item.Data()["number"], item.Data()["waits"], item.Data()["phone"]); said != l.number(c)+"evidence13800138001" {
			t.Errorf("data %s", said)
		}
	})
	t.Run("L-14 closed by whatever happens on the claim, and asked anew when it is silent again", func(t *testing.T) {
		l := newLane(t)
		c := l.shown()
		l.after(7 * aDay)
		l.Do("agent", c, map[string]any{record.FieldEvidenceWanted: "还差标签和近照"})
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done")
		if note := l.calls()[0].Note(); note != due.NoteSettled {
			t.Errorf("closed by %q", note)
		}
		l.after(7*aDay - 2*time.Minute)
		l.want(due.KindClaimWaits, "done")
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done", "open")
		l.Do("agent", c, map[string]any{record.FieldVerdict: "none", record.FieldVerdictReason: "正常磨损", record.FieldRejection: "正常磨损", record.FieldState: "rejected"})
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done", "done")
		l.after(30 * aDay)
		l.want(due.KindClaimWaits, "done", "done")
	})
	t.Run("L-14 the customer was called and stays silent: another call after as many days, never two at once", func(t *testing.T) {
		l := newLane(t)
		l.shown()
		l.after(8 * aDay)
		first := l.calls()[0]
		l.Do("agent", first.Record, map[string]any{record.FieldNote: "没人接", record.FieldState: "done"})
		called := l.house.Clock.Now()
		l.after(7*aDay - time.Minute)
		l.want(due.KindClaimWaits, "done")
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done", "open")
		second := l.calls()[1]
		if !second.DueAt().Equal(called.Add(7*aDay)) || !strings.HasSuffix(second.Key(), ":2") {
			t.Errorf("%s due %v", second.Key(), second.DueAt())
		}
		l.Step("supervisor", first.Record, "open")
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done", "open")
		l.Do("agent", second.Record, map[string]any{record.FieldNote: "说明天寄", record.FieldState: "done"})
		l.after(7 * aDay)
		l.want(due.KindClaimWaits, "done", "done", "open")
	})
	t.Run("L-14 cancelled, there is nobody to call", func(t *testing.T) {
		l := newLane(t)
		c := l.shown()
		l.after(7 * aDay)
		l.Do("agent", c, map[string]any{record.FieldState: "cancelled", record.FieldWithdrawalReason: "客户来电撤回"})
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "cancelled")
		if note := l.calls()[0].Note(); note != due.NoteMoot {
			t.Errorf("closed by %q", note)
		}
	})
	t.Run("L-14 each shop by its own figure: 0 asks nobody, and takes back what was asked", func(t *testing.T) {
		l := newLane(t)
		hz := l.house.Day(apptest.HZ)
		l.wait(hz, 8, 3)
		l.shown()
		other, _ := hz.ClaimFiled("return", nil)
		hz.Do("agent", other, map[string]any{record.FieldEvidenceWanted: "还差标签", record.FieldState: "evidence_needed"})
		l.after(3 * aDay)
		if calls := l.calls(); len(calls) != 1 || calls[0].Shop() != apptest.HZ {
			t.Fatalf("%v", l.items(due.KindClaimWaits))
		}
		l.wait(hz, 9, 0)
		l.after(4 * aDay)
		if calls := l.calls(); len(calls) != 2 || calls[0].State() != "cancelled" || calls[1].Shop() != apptest.SH {
			t.Errorf("%v", l.items(due.KindClaimWaits))
		}
	})
	t.Run("L-14 a shop in which nobody is waited for is quiet: what is ours, what was sent, what is over", func(t *testing.T) {
		l := newLane(t)
		l.ClaimFiled("return", nil)
		talked, _ := l.ClaimFiled("return", nil)
		l.Do("agent", talked, map[string]any{record.FieldVerdict: "none", record.FieldVerdictReason: "照片上商品完好", record.FieldInsisted: true})
		l.Step("agent", talked, "negotiating")
		l.ClaimApproved("return", nil)
		l.ClaimAccepted("return", nil)
		paid := l.ClaimOwing("exchange")
		l.Do("finance", paid, map[string]any{record.FieldCollectedFen: 3000, record.FieldCollectedReference: "WX1"})
		l.after(30 * aDay)
		l.want(due.KindClaimWaits)
	})
}

func TestClaimWaitsForEach(t *testing.T) {
	asked := func(l *lane, c *core.Record, want string) {
		l.t.Helper()
		l.after(7*aDay - time.Minute)
		l.want(due.KindClaimWaits)
		l.after(time.Minute)
		calls := l.calls()
		if len(calls) != 1 || calls[0].State() != "open" || calls[0].SubjectRecord() != c.Id || calls[0].Data()["waits"] != want {
			l.t.Fatalf("calls %v, want one for %s", l.items(due.KindClaimWaits), want)
		}
	}
	t.Run("L-03 L-14 whether the customer insists; insisting settles it", func(t *testing.T) {
		l := newLane(t)
		c, _ := l.ClaimFiled("return", nil)
		l.Do("agent", c, map[string]any{record.FieldVerdict: "none", record.FieldVerdictReason: "照片上商品完好"})
		l.Step("agent", c, "negotiating")
		asked(l, c, "insist")
		l.Do("agent", c, map[string]any{record.FieldInsisted: true})
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done")
	})
	t.Run("L-10 L-14 the difference of an exchange; paid, it is settled", func(t *testing.T) {
		l := newLane(t)
		c := l.ClaimOwing("exchange")
		asked(l, c, "payment")
		l.Do("finance", c, map[string]any{record.FieldCollectedFen: 3000, record.FieldCollectedReference: "WX1"})
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done")
	})
	t.Run("L-10 L-14 given up, the dock is waited for and nobody is called; taken back, the customer is again", func(t *testing.T) {
		l := newLane(t)
		c := l.ClaimOwing("exchange")
		asked(l, c, "payment")
		l.Do("agent", c, map[string]any{record.FieldWithdrawalReason: "电话说不付了"})
		l.after(time.Minute)
		l.after(14 * aDay)
		l.want(due.KindClaimWaits, "done")
		l.Do("agent", c, map[string]any{record.FieldWithdrawalReason: ""})
		l.after(7 * aDay)
		l.want(due.KindClaimWaits, "done", "open")
	})
	t.Run("L-06 L-12 L-14 the word on a plan, the money for it, and the word on what was found at work", func(t *testing.T) {
		l := newLane(t)
		c := l.ClaimReceived("repair", nil)
		l.Do("warehouse", c, map[string]any{record.FieldComparedAt: l.Now()})
		plan := l.Make("technician", record.RepairPlans, l.PlanData(c))
		l.Step("technician", c, "plan_offered")
		asked(l, c, "plan")
		l.Step("agent", plan, "accepted")
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done")
		l.Step("agent", c, "plan_accepted")
		l.Step("technician", c, "repairing")
		l.Step("technician", plan, "in_progress")
		l.after(14 * aDay)
		l.want(due.KindClaimWaits, "done")
		l.Do("technician", plan, map[string]any{record.FieldSurprise: "里衬破了", record.FieldSurpriseFen: 2000, record.FieldSurpriseDays: 1})
		l.Step("technician", plan, "paused")
		l.after(7*aDay - time.Minute)
		l.want(due.KindClaimWaits, "done")
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done", "open")
		if waits := l.calls()[1].Data()["waits"]; waits != "surprise" {
			t.Errorf("waits for %v", waits)
		}
		l.Do("agent", plan, map[string]any{record.FieldSurpriseAgreedAt: l.Now(), record.FieldSurpriseAgreedHow: "电话"})
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done", "done")
		l.Step("technician", plan, "in_progress")
		l.Step("technician", plan, "done")
		l.after(7 * aDay)
		l.want(due.KindClaimWaits, "done", "done", "open")
		if waits := l.calls()[2].Data()["waits"]; waits != "payment" {
			t.Errorf("waits for %v", waits)
		}
		l.Do("finance", c, map[string]any{record.FieldCollectedFen: record.AsRepairPlan(l.Fresh(plan)).AgreedFen(), record.FieldCollectedReference: "WX1"})
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done", "done", "done")
	})
	t.Run("L-12 L-14 the word on what came otherwise than on the photos", func(t *testing.T) {
		l := newLane(t)
		c := l.ClaimReceived("repair", nil)
		l.Do("warehouse", c, map[string]any{record.FieldComparedAt: l.Now(), record.FieldArrivalNote: "外壳还有一处裂纹"})
		asked(l, c, "difference")
		l.Do("agent", c, map[string]any{record.FieldDifferenceAgreedAt: l.Now()})
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done")
	})
	t.Run("L-06 L-14 the price of a repair, by its plan", func(t *testing.T) {
		l := newLane(t)
		c := l.ClaimOwing("repair")
		asked(l, c, "payment")
		l.Do("finance", c, map[string]any{record.FieldCollectedFen: 5000, record.FieldCollectedReference: "WX1"})
		l.after(time.Minute)
		l.want(due.KindClaimWaits, "done")
	})
}
