package push_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/fault"
	"aftercare/internal/push"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// eachOp runs change over the ops of a collection; what it returns takes the op's place.
func eachOp(collection string, change func(wire.Op) []wire.Op) func(*wire.Mutation) error {
	return func(m *wire.Mutation) error {
		var ops []wire.Op
		for _, op := range m.Ops {
			if op.Collection != collection {
				ops = append(ops, op)
				continue
			}
			ops = append(ops, change(op)...)
		}
		m.Ops = ops
		return nil
	}
}

// Releases that never were: in 0.3.0 a customer's "salutation" became "title", in 0.4.0 a vehicle came to be made with
// its owner in one op of each, in 0.5.0 a customer needs a name, "未留名" if none was taken.
var imagined = []push.Step{
	{Before: "0.3.0", Upgrade: eachOp(record.Customers, func(op wire.Op) []wire.Op {
		if value, ok := op.Data["salutation"]; ok {
			op.Data[record.FieldTitle] = value
			delete(op.Data, "salutation")
		}
		return []wire.Op{op}
	})},
	{Before: "0.4.0", Upgrade: eachOp(record.Vehicles, func(op wire.Op) []wire.Op {
		owner, ok := op.Data["owner_name"]
		if !ok {
			return []wire.Op{op}
		}
		id := strings.ReplaceAll(op.ID, "t", "o") // the same each time
		delete(op.Data, "owner_name")
		op.Data[record.FieldCustomer] = json.RawMessage(`"` + id + `"`)
		return []wire.Op{{Op: wire.Create, Collection: record.Customers, ID: id,
			Data: map[string]json.RawMessage{record.FieldShop: op.Data[record.FieldShop], record.FieldName: owner}}, op}
	})},
	{Before: "0.5.0", Upgrade: eachOp(record.Customers, func(op wire.Op) []wire.Op {
		if _, ok := op.Data[record.FieldName]; !ok && op.Op == wire.Create {
			op.Data[record.FieldName] = json.RawMessage(`"未留名"`)
		}
		return []wire.Op{op}
	})},
	{Before: "0.6.0", Upgrade: func(m *wire.Mutation) error {
		switch m.Intent {
		case "gone":
			return fault.New(fault.Refused, "sync.outdated").On("app")
		case "broken":
			panic("a step with a mistake in it")
		}
		return nil
	}},
}

func TestSteps(t *testing.T) {
	s := apptest.New(t)
	s.House.Push.SetSteps(imagined)
	d := s.Device(apptest.SH, "advisor")
	d.Push()
	send := func(t *testing.T, request string, m wire.Mutation) wire.Outcome {
		t.Helper()
		body := d.Body(m)
		body.App = request
		var response wire.PushResponse
		if a := s.Do(http.MethodPost, "/api/sync/push", d.Token, body); a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		} else {
			a.JSON(&response)
		}
		return response.Outcomes[0]
	}
	person := func(data map[string]any) wire.Op {
		data[record.FieldShop] = apptest.SH
		return apptest.Create(record.Customers, apptest.NewID(), data)
	}
	field := func(t *testing.T, collection, id, name string) string {
		t.Helper()
		rec, err := s.App.FindRecordById(collection, id)
		if err != nil {
			t.Fatal(err)
		}
		return rec.GetString(name)
	}
	cases := []struct {
		name, request, made, code string
		op                        func() wire.Op
		check                     func(t *testing.T, op wire.Op) bool
	}{
		{"a field renamed two releases ago", "0.2.0", "", "", func() wire.Op { return person(map[string]any{record.FieldName: "李明", "salutation": "先生"}) },
			func(t *testing.T, op wire.Op) bool {
				return field(t, record.Customers, op.ID, record.FieldTitle) == "先生"
			}},
		{"the former name from an app that should know better", "0.3.0", "", "field.unknown", func() wire.Op { return person(map[string]any{record.FieldName: "李明", "salutation": "先生"}) }, nil},
		{"all steps on the way, in order", "0.1.0", "", "", func() wire.Op { return person(map[string]any{"salutation": "女士"}) },
			func(t *testing.T, op wire.Op) bool {
				return field(t, record.Customers, op.ID, record.FieldTitle) == "女士" && field(t, record.Customers, op.ID, record.FieldName) == "未留名"
			}},
		{"an op that is two now", "0.3.9", "", "", func() wire.Op {
			return apptest.Create(record.Vehicles, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldPlate: "沪A12345", "owner_name": "王芳"})
		}, func(t *testing.T, op wire.Op) bool {
			return field(t, record.Customers, field(t, record.Vehicles, op.ID, record.FieldCustomer), record.FieldName) == "王芳"
		}},
		{"the default of what is required now", "0.4.0", "", "", func() wire.Op { return person(map[string]any{}) },
			func(t *testing.T, op wire.Op) bool {
				return field(t, record.Customers, op.ID, record.FieldName) == "未留名"
			}},
		{"no default for the present app", "0.6.0", "", "field.required", func() wire.Op { return person(map[string]any{}) }, nil},
		{"made before the update, sent after it", "0.6.0", "0.2.0", "", func() wire.Op { return person(map[string]any{"salutation": "先生"}) },
			func(t *testing.T, op wire.Op) bool {
				return field(t, record.Customers, op.ID, record.FieldTitle) == "先生"
			}},
		{"a newer app than the server", "9.0.0", "", "", func() wire.Op { return person(map[string]any{record.FieldName: "李明"}) },
			func(t *testing.T, op wire.Op) bool {
				return field(t, record.Customers, op.ID, record.FieldName) == "李明"
			}},
		{"an app that does not say", "", "", "", func() wire.Op { return person(map[string]any{"salutation": "先生"}) },
			func(t *testing.T, op wire.Op) bool {
				return field(t, record.Customers, op.ID, record.FieldTitle) == "先生"
			}},
	}
	for _, c := range cases {
		t.Run("X-10 "+c.name, func(t *testing.T) {
			op := c.op()
			m := d.Mutation(op)
			m.App = c.made
			o := send(t, c.request, m)
			if o.Code != c.code || c.check != nil && !c.check(t, op) {
				t.Fatalf("%+v", o)
			}
			if m.App = c.made; c.made == "" {
				m.App = c.request
			}
			again := send(t, "7.0.0", m) // the app was updated before it heard the answer
			if again.Outcome != o.Outcome || again.Commit != o.Commit || again.Code != o.Code {
				t.Fatalf("X-02 answered twice: %+v, then %+v", o, again)
			}
		})
	}
	t.Run("X-10 what a step refuses is rejected, by itself", func(t *testing.T) {
		m := d.Mutation(person(map[string]any{record.FieldName: "李明"}))
		m.Intent = "gone"
		expect(t, send(t, "0.5.9", m), wire.Rejected, "sync.outdated")
	})
	t.Run("X-10 a step with a mistake in it holds up nothing", func(t *testing.T) {
		m := d.Mutation(person(map[string]any{record.FieldName: "李明"}))
		m.Intent = "broken"
		for range 7 {
			expect(t, send(t, "0.5.9", m), wire.Retry, "sync.busy")
		}
		expect(t, send(t, "0.5.9", m), wire.Rejected, "sync.unexpected")
		d.Must(person(map[string]any{record.FieldName: "王芳"}))
	})
	t.Run("X-10 by socket the hello says which app it is", func(t *testing.T) {
		d.Pull(0)
		conn, _, err := s.Dial()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		m := d.Mutation(person(map[string]any{record.FieldName: "李明", "salutation": "先生"}))
		for _, frame := range []any{wire.Hello{Type: "hello", Token: d.Token, Device: d.ID, Cursor: d.Cursor, App: "0.2.0"},
			map[string]any{"type": "push", "mutations": []wire.Mutation{m}}} {
			if err := conn.WriteJSON(frame); err != nil {
				t.Fatal(err)
			}
		}
		for {
			var f apptest.Frame
			if err := conn.ReadJSON(&f); err != nil {
				t.Fatal(err)
			}
			if f.Type == "outcomes" {
				expect(t, f.Outcomes[0], wire.Applied, "")
				return
			}
		}
	})
}

func TestOutdated(t *testing.T) {
	s := apptest.NewWith(t, app.Config{OldestApp: "0.2.0"})
	d := s.Device(apptest.SH, "advisor")
	d.Push()
	d.Pull(0)
	m := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
	t.Run("X-10 an app below the oldest is told to update; its queue is as it was", func(t *testing.T) {
		body := d.Body(m)
		body.App = "0.1.9"
		if a := s.Do(http.MethodPost, "/api/sync/push", d.Token, body); a.Status != http.StatusUpgradeRequired || a.Code() != "sync.upgrade" {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		socket := d.Ready() // says no version
		socket.Say(map[string]any{"type": "push", "mutations": []wire.Mutation{m}})
		if f := socket.Next(); f.Code != "sync.upgrade" || len(f.Outcomes) != 0 {
			t.Fatalf("%+v", f)
		}
	})
	t.Run("X-10 once updated, what it made before is rejected by itself, and the rest goes on", func(t *testing.T) {
		old := m
		old.App = "0.1.9"
		fresh := d.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("王芳")))
		outcomes := d.Push(old, fresh).Outcomes
		expect(t, outcomes[0], wire.Rejected, "sync.outdated")
		expect(t, outcomes[1], wire.Applied, "")
	})
}

func TestReleasedSteps(t *testing.T) {
	if !slices.IsSortedFunc(push.Released, func(a, b push.Step) int {
		if wire.Older(a.Before, b.Before) {
			return -1
		}
		return 1
	}) {
		t.Error("X-10 the steps are not in the order of their releases")
	}
}
