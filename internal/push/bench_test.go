package push_test

import (
	"bytes"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// batch is n mutations that each make one row.
func batch(d *apptest.Device, n int) []wire.Mutation {
	mutations := make([]wire.Mutation, n)
	for i := range mutations {
		mutations[i] = d.Mutation(apptest.Create(record.Vehicles, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH,
			record.FieldPlate: fmt.Sprintf("沪A%05d", i), record.FieldMake: "大众", record.FieldModel: "帕萨特", record.FieldColour: "白"}))
	}
	return mutations
}

// working runs the loop and reports the processor time it took: unlike the wall clock it means something on a busy machine.
func working(b *testing.B, once func()) {
	before := used(b)
	n := 0
	for b.Loop() {
		once()
		n++
	}
	b.ReportMetric(float64((used(b)-before).Milliseconds())/float64(n), "cpu-ms/op")
}

func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPush is 1,000 new rows in one push.
func BenchmarkPush(b *testing.B) {
	s := apptest.New(b)
	d := s.Device(apptest.SH, "advisor")
	d.Push()
	working(b, func() {
		for _, o := range d.Push(batch(d, 1000)...).Outcomes {
			if o.Outcome != wire.Applied {
				b.Fatalf("%+v", o)
			}
		}
	})
}

// BenchmarkEdit is 1,000 changes of rows in one push.
func BenchmarkEdit(b *testing.B) {
	s := apptest.New(b)
	d := s.Device(apptest.SH, "advisor")
	d.Push()
	made := batch(d, 1000)
	d.Push(made...)
	n := int64(0)
	working(b, func() {
		n++
		edits := make([]wire.Mutation, len(made))
		for i := range edits {
			edits[i] = d.Mutation(apptest.Patch(record.Vehicles, made[i].Ops[0].ID, n, map[string]any{record.FieldOdometerKm: n}))
		}
		for _, o := range d.Push(edits...).Outcomes {
			if o.Outcome != wire.Applied {
				b.Fatalf("%+v", o)
			}
		}
	})
}

// BenchmarkPull is a first pull of 10,000 rows in pages of 5,000.
func BenchmarkPull(b *testing.B) {
	s := apptest.New(b)
	d := s.Device(apptest.SH, "advisor")
	d.Push()
	for range 10 {
		d.Push(batch(d, 1000)...)
	}
	fresh := s.Device(apptest.SH, "manager")
	fresh.Push()
	working(b, func() {
		cursor, more := "", true
		for more {
			answer := s.Do("GET", "/api/sync/pull?tables=1&limit=5000&device="+fresh.ID+"&cursor="+cursor, fresh.Token, nil)
			tail := answer.Body
			cursor, more = cut(tail, `"cursor":"`), cut(tail, `"more":`) == "true"
			b.SetBytes(int64(len(tail)))
		}
	})
}

// cut is the text after the mark, up to the next quote or comma.
func cut(body []byte, mark string) string {
	rest := string(body[bytes.Index(body, []byte(mark))+len(mark):][:100])
	return rest[:strings.IndexAny(rest, `",`)]
}
