package live_test

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/database"
	"aftercare/internal/record"
	"aftercare/internal/wire"

	"github.com/pocketbase/dbx"
)

// durable opens the files as the server does: every commit waits for the disk.
func durable(path string) (*dbx.DB, error) { return database.Open(path, "FULL") }

// BenchmarkEdit is one changed field, from A's frame until B has read it and A has its outcome, the commit on the disk.
func BenchmarkEdit(b *testing.B) {
	s := apptest.Open(b, b.TempDir(), apptest.Options{Connect: durable})
	one, other := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "technician")
	one.Pull(0)
	other.Pull(0)
	id := apptest.NewID()
	one.Must(apptest.Create(record.Vehicles, id, map[string]any{record.FieldShop: apptest.SH, record.FieldPlate: "沪A00001"}))
	from, to := one.Live(), other.Live()
	from.Next()
	to.Next()
	var reached []float64
	n := int64(0)
	before := worked(b)
	for b.Loop() {
		n++
		m := one.Mutation(apptest.Patch(record.Vehicles, id, n, map[string]any{record.FieldOdometerKm: n}))
		began := time.Now()
		from.Say(map[string]any{"type": "push", "mutations": []wire.Mutation{m}})
		for !tells(to.Next(), id) {
		}
		reached = append(reached, float64(time.Since(began).Microseconds()))
		for told, answered := false, false; !told || !answered; {
			frame := from.Next()
			told = told || tells(frame, id)
			if frame.Type == "outcomes" {
				if answered = true; frame.Outcomes[0].Outcome != wire.Applied {
					b.Fatalf("%+v", frame)
				}
			}
		}
	}
	b.ReportMetric(float64((worked(b)-before).Microseconds())/float64(n), "cpu-µs/op")
	slices.Sort(reached)
	b.ReportMetric(reached[len(reached)/2], "p50-µs")
	b.ReportMetric(reached[len(reached)*99/100], "p99-µs")
}

// tells reports whether the frame is of the row, perhaps beside another change: that a device was here is one, too.
func tells(frame apptest.Frame, id string) bool {
	return slices.ContainsFunc(frame.Ops, func(op wire.Change) bool { return op.ID == id })
}

func worked(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
