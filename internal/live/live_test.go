package live_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

func customer(name string) map[string]any {
	return map[string]any{record.FieldShop: apptest.SH, record.FieldName: name}
}

func TestLive(t *testing.T) {
	t.Run("X-08 a change reaches the other tablets and the sender's too; their cursors stay equal", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "technician")
		a.Pull(0)
		b.Pull(0)
		a.Pull(0)
		sa, sb := a.Ready(), b.Ready()
		began := time.Now()
		id := apptest.NewID()
		a.Must(apptest.Create(record.Customers, id, customer("李明")))
		fa, fb := sa.Next(), sb.Next()
		if fb.Type != "ops" || fb.Prev != b.Cursor || fb.Cursor != fa.Cursor || len(fb.Ops) != 1 || fb.Ops[0].Op != wire.Put || fb.Ops[0].ID != id {
			t.Fatalf("%+v", fb)
		}
		if took := time.Since(began); took > time.Second {
			t.Fatalf("took %v", took)
		}
		// the house may have noted meanwhile that the device was here
		page := a.PullPage(0)
		noted := slices.ContainsFunc(page.Ops, func(c wire.Change) bool { return c.Collection == record.Devices })
		if a.Cursor != fa.Cursor && !noted {
			t.Fatal("a pull and a frame of the same change leave different cursors")
		}
	})
	t.Run("X-08 changes by PocketBase's own API are told, too", func(t *testing.T) {
		s := apptest.New(t)
		visit := s.Day(apptest.SH).VisitOpen()
		b := s.Device(apptest.SH, "technician")
		b.Pull(0)
		sb := b.Ready()
		answer := s.Do("PATCH", "/api/collections/visits/records/"+visit.Id, s.Token(apptest.SH, "advisor"), map[string]any{record.FieldWash: "yes"})
		if answer.Status != 200 {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
		frame := sb.Next()
		if len(frame.Ops) != 1 || frame.Ops[0].Op != wire.Patch || !strings.Contains(string(frame.Ops[0].Data), `"wash":"yes"`) {
			t.Fatalf("%+v", frame)
		}
	})
	t.Run("X-03 another shop's change is not told", func(t *testing.T) {
		s := apptest.New(t)
		a, hz := s.Device(apptest.SH, "advisor"), s.Device(apptest.HZ, "advisor")
		a.Pull(0)
		hz.Pull(0)
		sa := a.Ready()
		hz.Must(apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.HZ, record.FieldName: "杭"}))
		a.Must(apptest.Create(record.Customers, apptest.NewID(), customer("沪")))
		frame := sa.Next()
		if frame.Prev != a.Cursor || len(frame.Ops) != 1 || !strings.Contains(string(frame.Ops[0].Data), "沪") {
			t.Fatalf("%+v", frame)
		}
	})
	t.Run("X-08 pushes by socket are answered in order and told", func(t *testing.T) {
		s := apptest.New(t)
		a := s.Device(apptest.SH, "advisor")
		a.Pull(0)
		sa := a.Ready()
		first := a.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
		second := a.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("")))
		sa.Say(map[string]any{"type": "push", "mutations": []wire.Mutation{first, second}})
		told, outcomes := false, apptest.Frame{}
		for !told || outcomes.Type == "" {
			switch frame := sa.Next(); frame.Type {
			case "ops":
				told = true
			case "outcomes":
				outcomes = frame
			}
		}
		if outcomes.Seq != 2 || outcomes.Outcomes[0].Outcome != wire.Applied || outcomes.Outcomes[1].Code != "field.required" {
			t.Fatalf("%+v", outcomes)
		}
	})
	t.Run("X-02 a wrong epoch in a push frame answers sync.epoch", func(t *testing.T) {
		s := apptest.New(t)
		a := s.Device(apptest.SH, "advisor")
		a.Pull(0)
		sa := a.Ready()
		sa.Say(map[string]any{"type": "push", "epoch": "another", "mutations": []wire.Mutation{a.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("x")))}})
		if frame := sa.Next(); frame.Type != "outcomes" || frame.Code != "sync.epoch" || len(frame.Outcomes) != 0 {
			t.Fatalf("%+v", frame)
		}
	})
	t.Run("X-03 a device behind gets ready, sees that its cursor is not the one, and pulls", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "technician")
		b.Pull(0)
		a.Must(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
		sb := b.Live()
		ready := sb.Next()
		if ready.Type != "ready" || ready.Epoch == "" || ready.Cursor == b.Cursor {
			t.Fatalf("%+v", ready)
		}
		b.Pull(0)
		if b.Cursor != ready.Cursor {
			t.Fatal("a pull does not lead to where ready said")
		}
	})
	t.Run("X-03 an act too long for a frame asks every device to pull", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "technician")
		a.Push()
		b.Pull(0)
		sb := b.Ready()
		var ops []wire.Op
		for range 150 {
			row := customer("x")
			row[record.FieldPhones] = strings.Repeat("长", 3000)
			ops = append(ops, apptest.Create(record.Customers, apptest.NewID(), row))
		}
		a.Must(ops...)
		frame := sb.Next()
		if len(frame.Ops) != 0 || frame.Prev == b.Cursor {
			t.Fatalf("%d ops, prev %s", len(frame.Ops), frame.Prev)
		}
		b.Pull(0)
		if b.Cursor != frame.Cursor {
			t.Fatal("the pull leads elsewhere")
		}
	})
	t.Run("X-06 what was told by socket counts as heard", func(t *testing.T) {
		s := apptest.New(t)
		a := s.Device(apptest.SH, "advisor")
		a.Pull(0)
		sa := a.Ready()
		before, _, _ := s.House.Devices.Delivered(a.ID)
		a.Must(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
		sa.Next()
		for range 100 {
			if after, _, _ := s.House.Devices.Delivered(a.ID); after > before {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatal("not noted")
	})
}

func TestStrangers(t *testing.T) {
	s := apptest.NewWith(t, app.Config{Origins: []string{"https://tablet.example"}})
	for origin, ok := range map[string]bool{"": true, s.URL(): true, "https://tablet.example": true, "https://evil.example": false, "null": false} {
		t.Run("X-02 a page of "+origin, func(t *testing.T) {
			headers := []string{}
			if origin != "" {
				headers = []string{"Origin", origin}
			}
			conn, response, err := s.Dial(headers...)
			if err == nil {
				_ = conn.Close()
			}
			if (err == nil) != ok {
				t.Fatal(err, response.Status)
			}
		})
	}
	t.Run("X-02 few sockets of an address may wait without a hello", func(t *testing.T) {
		refused := 0
		for range 40 {
			conn, response, err := s.Dial()
			if err == nil {
				defer conn.Close()
			} else if response != nil && response.StatusCode == 429 {
				refused++
			}
		}
		if refused == 0 {
			t.Fatal("all let in")
		}
	})
	t.Run("a call that is no socket", func(t *testing.T) {
		if answer := s.Do("GET", "/api/sync/live", "", nil); answer.Status != 400 || answer.Code() != "sync.malformed" {
			t.Fatalf("%d %s", answer.Status, answer.Body)
		}
	})
}

func TestSlow(t *testing.T) {
	t.Run("X-08 a reader too slow is let go with 4429 and delays nobody", func(t *testing.T) {
		s := apptest.New(t)
		s.House.Live.Timing.Write, s.House.Live.Timing.Silence = time.Hour, time.Hour // only a full queue lets it go, however slow the machine is
		a, slow, quick := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "technician"), s.Device(apptest.SH, "manager")
		a.Pull(0)
		slow.Pull(0)
		quick.Pull(0)
		s.ReadBuffer = 256 << 10
		ss := slow.Ready() // and reads no more
		s.ReadBuffer = 0
		sq := quick.Ready()
		_ = sq.Conn.SetReadDeadline(time.Time{}) // reads on for as long as it takes
		got := make(chan string, 1000)
		go func() {
			defer close(got)
			for {
				var frame apptest.Frame
				if sq.Conn.ReadJSON(&frame) != nil {
					return
				}
				got <- frame.Cursor
			}
		}()
		row := customer("x")
		noise := rand.New(rand.NewPCG(4, 429)) // does not compress away: the frames must fill what lies between
		long := func() string {
			b := make([]byte, 60000)
			for i := range b {
				b[i] = byte('!' + noise.IntN(90))
			}
			return strings.NewReplacer("\"", "a", "\\", "b").Replace(string(b))
		}
		row[record.FieldPhones] = long()
		id := apptest.NewID()
		a.Must(apptest.Create(record.Customers, id, row))
		for i := range 450 { // more than the queue and what the system keeps between the two hold
			a.Must(apptest.Patch(record.Customers, id, int64(i+1), map[string]any{record.FieldPhones: long()}))
		}
		a.Pull(0)
		for cursor := range got {
			if cursor == a.Cursor {
				break
			}
		}
		_ = ss.Conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		var err error
		for err == nil { // reads at last
			_, _, err = ss.Conn.ReadMessage()
		}
		if !websocket.IsCloseError(err, 4429) {
			t.Fatalf("the slow one is not told that it has to pull: %v", err)
		}
		for range 100 {
			if s.House.Live.Sockets() == 1 {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("the slow one is still there: %d sockets", s.House.Live.Sockets())
	})
}

func TestBrief(t *testing.T) {
	t.Run("X-08 brief frames leave a tablet with the very rows that whole ones do, and outcomes without the epoch", func(t *testing.T) {
		s := apptest.New(t)
		a, b := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
		a.Pull(0)
		b.Pull(0)
		a.Pull(0)
		conn, _, err := s.Dial()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		say := func(frame any) {
			if err := conn.WriteJSON(frame); err != nil {
				t.Fatal(err)
			}
		}
		hear := func() (frame apptest.Frame) {
			_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
			if err := conn.ReadJSON(&frame); err != nil {
				t.Fatal(err)
			}
			return frame
		}
		say(wire.Hello{Type: "hello", Token: b.Token, Device: b.ID, Cursor: b.Cursor, Brief: true})
		if ready := hear(); ready.Type != "ready" || ready.Cursor != b.Cursor {
			t.Fatalf("%+v", ready)
		}
		follow := func() {
			for { // an outcome and its echo come in either order
				frame := hear()
				if frame.Type == "outcomes" {
					if frame.Epoch != "" || len(frame.Outcomes) != 1 || frame.Outcomes[0].Outcome != wire.Applied {
						t.Fatalf("%+v", frame)
					}
					continue
				}
				if frame.Type != "" || frame.Prev != "" {
					t.Fatalf("%+v", frame)
				}
				for _, op := range frame.Ops {
					if op.Op == "" {
						op.Op = wire.Patch
						op.Data = append([]byte(`{"version":`+strconv.FormatInt(op.Version, 10)+","), op.Data[1:]...)
					}
					b.Apply(op)
				}
				b.Cursor = frame.Cursor
				return
			}
		}
		id := apptest.NewID()
		a.Must(apptest.Create(record.Customers, id, customer("李明")))
		follow()
		a.Must(apptest.Patch(record.Customers, id, 1, map[string]any{record.FieldTitle: "先生"}))
		follow()
		say(struct {
			Type      string          `json:"type"`
			Mutations []wire.Mutation `json:"mutations"`
		}{"push", []wire.Mutation{b.Mutation(apptest.Patch(record.Customers, id, 2, map[string]any{record.FieldAddress: "延安路 1 号"}))}})
		follow()
		a.Pull(0)
		if a.Cursor != b.Cursor || a.Store() != b.Store() {
			t.Fatalf("%s\n---\n%s", a.Store(), b.Store())
		}
	})
}
