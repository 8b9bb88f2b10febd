package changelog_test

import (
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/changelog"
	"aftercare/internal/record"
)

func TestTouched(t *testing.T) {
	s := apptest.New(t)
	day, other := s.Day(apptest.SH), s.Day(apptest.HZ)
	claim := day.ClaimApproved("return", nil)
	theirs := other.ClaimApproved("return", nil)
	before, err := s.House.Log.Head(s.App)
	if err != nil {
		t.Fatal(err)
	}
	day.Make("warehouse", record.Shipments, day.ParcelData(claim, "in"))
	t.Run("L-14 what has changed in a shop since, of the collections that are asked for", func(t *testing.T) {
		rows, end, err := changelog.Touched(s.App, apptest.SH, before, 100, record.Claims, record.Shipments)
		if err != nil || len(rows) != 1 || rows[0].Collection != record.Shipments || end != rows[0].Seq {
			t.Errorf("%+v up to %d, %v", rows, end, err)
		}
		if rows, again, err := changelog.Touched(s.App, apptest.SH, end, 100, record.Claims); err != nil || len(rows) != 0 || again != end {
			t.Errorf("%+v up to %d, %v", rows, again, err)
		}
	})
	t.Run("L-14 read piece by piece, the log is the same, and another shop's is not in it", func(t *testing.T) {
		found, at := map[string]int{}, int64(0)
		for {
			rows, end, err := changelog.Touched(s.App, apptest.SH, at, 2, record.Claims)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				found[row.Record]++
			}
			if end == at {
				break
			}
			at = end
		}
		if len(found) != 1 || found[claim.Id] != 4 || found[theirs.Id] != 0 { // filed, judged, approved, told where to send it
			t.Errorf("%v", found)
		}
	})
}
