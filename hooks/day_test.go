package hooks_test

import (
	"testing"

	"aftercare/internal/record"
)

// The whole day goes through the real rules, from the open visit to the finished car.
func TestAWholeDay(t *testing.T) {
	s := newShop(t)
	car := s.VisitReady()
	if got := record.AsVisit(s.Fresh(car.Visit)).State(); got != "ready" {
		t.Fatalf("visit is %s", got)
	}
	entry := record.AsTimeEntry(s.Fresh(car.Entry))
	if got := entry.GetInt(record.FieldMinutes); got != 4 {
		t.Errorf("W-03 worked %d minutes, want 4", got)
	}
	if got := len(entry.Flags()); got != 0 {
		t.Errorf("flags %v", entry.Flags())
	}
}
