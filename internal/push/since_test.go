package push_test

import (
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

func TestSince(t *testing.T) {
	t.Run("X-04 a refusal tells everybody who touched the row since, with what and when, not only the last", func(t *testing.T) {
		_, a, b, id := pair(t)
		a.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldTitle: "先生"}))
		b.Must(apptest.Patch(record.Customers, id, 2, map[string]any{record.FieldWishes: "安静", record.FieldAddress: strings.Repeat("长", 200)}))
		a.Must(apptest.Patch(record.Customers, id, 3, map[string]any{record.FieldMemberLevel: "金卡"}))
		o := b.Do(wire.Op{Op: wire.Delete, Collection: record.Customers, ID: id, Base: base(1)})
		if o.Outcome != wire.Rejected {
			t.Fatalf("%+v", o)
		}
		since := o.Since["customers/"+id]
		if len(since) != 2 || since[0].Device != a.ID || since[1].Device != a.ID || since[0].By == "" || since[0].At >= since[1].At && since[0].At == "" {
			t.Fatalf("what others did: %+v", since)
		}
		if string(since[0].Data[record.FieldTitle]) != `"先生"` || len(since[0].Data) != 1 {
			t.Fatalf("only what was changed: %s", since[0].Data)
		}
		c := a.Do(wire.Op{Op: wire.Delete, Collection: record.Customers, ID: id, Base: base(1)})
		if told := c.Since["customers/"+id]; len(told) != 1 || string(told[0].Data[record.FieldAddress]) != "null" {
			t.Fatalf("a long value is told as null: %+v", told)
		}
	})
	t.Run("X-03 what lies outside the device's sight is not told", func(t *testing.T) {
		s, a, _, id := pair(t)
		a.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldTitle: "先生"}))
		foreign := s.Device(apptest.HZ, "manager")
		o := foreign.Do(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldTitle: "女士"}))
		expect(t, o, wire.Rejected, "sync.not_found")
		if len(o.Since)+len(o.Server) != 0 {
			t.Fatalf("told: %+v", o)
		}
	})
}

func base(version int64) *int64 { return &version }
