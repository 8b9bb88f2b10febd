package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// said is one message of PocketBase's realtime.
type said struct {
	Action string
	Record map[string]any
}

// all listens until so many messages came, and then whether one more does. PocketBase hands each to a goroutine of its
// own: in which order they come is not promised.
func (l *listener) all(t *testing.T, count int) (all []said) {
	t.Helper()
	patience := 10 * time.Second
	for {
		select {
		case text := <-l.heard:
			var one said
			if err := json.Unmarshal([]byte(text), &one); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if all = append(all, one); len(all) >= count {
				patience = 100 * time.Millisecond
			}
		case <-time.After(patience):
			return all
		}
	}
}

// TestRealtimeOfPushes: users of PocketBase's SDK are told of what a push did as of any other change.
func TestRealtimeOfPushes(t *testing.T) {
	s := newSite(t, app.Config{})
	mine := s.listen(t, "advisor", "customers/*")
	theirs := s.listen(t, "neighbour", "customers/*")
	nobody := s.listen(t, "nobody", "customers/*")
	named := func(name string) map[string]any {
		return map[string]any{record.FieldShop: apptest.SH, record.FieldName: name}
	}
	kept, undone, last := apptest.NewID(), apptest.NewID(), apptest.NewID()
	first := s.tablet.Mutation(apptest.Create(record.Customers, kept, named("李明")))
	refused := s.tablet.Mutation(apptest.Create(record.Customers, undone, named("王芳")),
		apptest.Create(record.Customers, apptest.NewID(), named(""))) // fails after the row before was written: the group is rolled back and run again
	again := s.tablet.Mutation(apptest.Patch(record.Customers, kept, 1, map[string]any{record.FieldTitle: "先生"}))
	end := s.tablet.Mutation(apptest.Create(record.Customers, last, named("赵强")))
	push := []wire.Mutation{first, refused, again, end}
	for i, o := range s.tablet.Push(push...).Outcomes {
		if wanted := []string{wire.Applied, wire.Rejected, wire.Applied, wire.Applied}[i]; o.Outcome != wanted {
			t.Fatalf("%+v", o)
		}
	}
	s.tablet.Push(push...) // sent again, as after a lost answer
	marker := s.Day(apptest.SH).Make("advisor", record.Customers, named("完"))

	t.Run("X-08 each change is told once, with the row as it then is; what was rolled back is not", func(t *testing.T) {
		var heard []string
		wanted := []string{"create " + kept + " 1 ", "update " + kept + " 2 先生", "create " + last + " 1 ", "create " + marker.Id + " 1 "}
		for _, one := range mine.all(t, len(wanted)) {
			heard = append(heard, fmt.Sprint(one.Action, " ", one.Record["id"], " ", one.Record[record.FieldVersion], " ", one.Record[record.FieldTitle]))
		}
		slices.Sort(wanted)
		slices.Sort(heard)
		if !slices.Equal(heard, wanted) {
			t.Errorf("%q", heard)
		}
	})
	t.Run("X-03 only to whom the rules show it", func(t *testing.T) {
		for name, l := range map[string]*listener{"the neighbour": theirs, "nobody": nobody} {
			select {
			case text := <-l.heard:
				t.Errorf("%s hears %s", name, text)
			case <-time.After(100 * time.Millisecond):
			}
		}
	})
	t.Run("O-03 a lost tablet's subscription falls silent with the revocation", func(t *testing.T) {
		day := s.Day(apptest.SH)
		day.Do("manager", s.find(record.Devices, s.tablet.ID), map[string]any{record.FieldRevoked: true})
		day.Make("advisor", record.Customers, named("不该听见"))
		select {
		case text := <-mine.heard:
			t.Errorf("hears %s", text)
		case <-time.After(200 * time.Millisecond):
		}
	})
}
