package due_test

import (
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/due"
	"aftercare/internal/record"
)

func TestMakeupParts(t *testing.T) {
	t.Run("P-03 each step is asked for by its due time, once, and settles when it was taken", func(t *testing.T) {
		l := newLane(t)
		part := l.MakeupRequested(nil)
		l.after(time.Minute)
		l.want(due.KindMakeupStep, "open")
		l.Do("parts", part, map[string]any{record.FieldOwner: l.ID("parts")})
		l.after(time.Minute)
		item, err := l.App.FindFirstRecordByData(record.DueItems, record.FieldKind, due.KindMakeupStep)
		if err != nil || record.AsDueItem(item).Owner() != l.ID("parts") {
			t.Error("the item is not whose took the step", err)
		}
		l.Do("parts", part, map[string]any{record.FieldListNumber: "BJ-1", record.FieldState: "gathered"})
		l.after(time.Minute)
		l.want(due.KindMakeupStep, "done", "open")
		l.Do("supervisor", part, map[string]any{record.FieldReason: "客户取消订单", record.FieldState: "cancelled"})
		l.after(time.Minute)
		l.want(due.KindMakeupStep, "done", "cancelled")
	})
	t.Run("P-04 an opened box is asked for until it is full again, whatever became of the part", func(t *testing.T) {
		l := newLane(t)
		part := l.MakeupApproved(nil)
		l.Do("parts", part, apptest.Unboxing(l.in(240*time.Hour)))
		l.after(time.Minute)
		l.want(due.KindMakeupRefill)
		l.Do("supervisor", part, map[string]any{record.FieldUnboxApproval: "approved"})
		l.Do("warehouse", part, map[string]any{record.FieldUnboxMark: "C-01", record.FieldState: "received"})
		l.Do("supervisor", part, map[string]any{record.FieldReason: "客户退货", record.FieldState: "cancelled"})
		l.after(time.Minute)
		l.want(due.KindMakeupRefill, "open")
		l.Do("warehouse", part, map[string]any{record.FieldRefilledAt: l.Now(), record.FieldRefillNote: "补件 BJ-2 已装回"})
		l.after(time.Minute)
		l.want(due.KindMakeupRefill, "done")
	})
}
