package live_test

import (
	"fmt"
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
		a.Pull(0)
		if a.Cursor != fa.Cursor {
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

func TestCloseCodes(t *testing.T) {
	s := apptest.New(t)
	a := s.Device(apptest.SH, "advisor")
	a.Pull(0)
	manager := s.Device(apptest.SH, "manager")
	manager.Pull(0)
	other := s.Device(apptest.HZ, "advisor")
	other.Pull(0)
	hello := wire.Hello{Type: "hello", Token: a.Token, Device: a.ID, Cursor: a.Cursor}
	with := func(change func(*wire.Hello)) wire.Hello { h := hello; change(&h); return h }
	expired, err := s.Staff(apptest.SH, "advisor").NewStaticAuthToken(time.Second)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	cases := []struct {
		name  string
		frame any
		code  int
	}{
		{"not JSON", "hello", 4400},
		{"not a hello", map[string]any{"type": "push"}, 4400},
		{"a malformed cursor", with(func(h *wire.Hello) { h.Cursor = "x" }), 4400},
		{"a device id that is none", with(func(h *wire.Hello) { h.Device = "?" }), 4400},
		{"no token", with(func(h *wire.Hello) { h.Token = "" }), 4401},
		{"a token that has ended", with(func(h *wire.Hello) { h.Token = expired }), 4401},
		{"another user's device", with(func(h *wire.Hello) { h.Token = manager.Token }), 4403},
		{"another scope's cursor", with(func(h *wire.Hello) { h.Cursor = other.Cursor }), 4409},
		{"a hello over 4 KB", with(func(h *wire.Hello) { h.Token = strings.Repeat("x", 5000) }), 4413},
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("X-02 %s closes with %d", c.name, c.code), func(t *testing.T) {
			conn, _, err := s.Dial()
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.WriteJSON(c.frame); err != nil {
				t.Fatal(err)
			}
			if code := apptest.CloseCode(conn); code != c.code {
				t.Fatal(code)
			}
		})
	}
	t.Run("X-02 a binary frame closes with 4400", func(t *testing.T) {
		sa := a.Ready()
		_ = sa.Conn.WriteMessage(websocket.BinaryMessage, []byte("{}"))
		if code := sa.Closed(); code != 4400 {
			t.Fatal(code)
		}
	})
	t.Run("X-02 a frame over 1 MB or nested too deep closes with 4413", func(t *testing.T) {
		for _, text := range []string{strings.Repeat(" ", 1<<20+1), strings.Repeat("[", 17) + strings.Repeat("]", 17)} {
			sa := a.Ready()
			_ = sa.Conn.WriteMessage(websocket.TextMessage, []byte(text))
			if code := sa.Closed(); code != 4413 {
				t.Fatal(code)
			}
		}
	})
	t.Run("O-03 revoking a device closes its socket at once", func(t *testing.T) {
		lost := s.Device(apptest.SH, "technician")
		lost.Pull(0)
		socket := lost.Ready()
		manager.Pull(0)
		manager.Must(apptest.Patch(record.Devices, lost.ID, manager.Version(record.Devices, lost.ID), map[string]any{record.FieldRevoked: true}))
		if code := socket.Closed(); code != 4403 {
			t.Fatal(code)
		}
	})
	t.Run("O-03 a customer's phone is let go, too, though nobody of the shop is connected", func(t *testing.T) {
		s := apptest.New(t)
		visit := s.Day(apptest.SH).VisitOpen()
		rec, err := s.App.FindRecordById(record.Customers, visit.GetString(record.FieldCustomer))
		if err != nil {
			t.Fatal(err)
		}
		phone := s.Device(apptest.SH, "advisor")
		if phone.Token, err = rec.NewAuthToken(); err != nil {
			t.Fatal(err)
		}
		phone.Pull(0)
		socket := phone.Ready()
		device, err := s.App.FindRecordById(record.Devices, phone.ID)
		if err != nil {
			t.Fatal(err)
		}
		s.Day(apptest.SH).Do("manager", device, map[string]any{record.FieldRevoked: true})
		if code := socket.Closed(); code != 4403 {
			t.Fatal(code)
		}
	})
	t.Run("X-03 who moves to another shop has to pull anew", func(t *testing.T) {
		d := s.Device(apptest.SH, "parts")
		d.Pull(0)
		socket := d.Ready()
		day := s.Day(apptest.SH)
		if err := day.PatchAs(record.System(""), s.Staff(apptest.SH, "parts"), map[string]any{record.FieldShop: apptest.HZ}); err != nil {
			t.Fatal(err)
		}
		if code := socket.Closed(); code != 4409 {
			t.Fatal(code)
		}
	})
	t.Run("X-02 somebody dismissed is signed out", func(t *testing.T) {
		d := s.Device(apptest.SH, "cashier")
		d.Pull(0)
		socket := d.Ready()
		s.Day(apptest.SH).Do("manager", s.Staff(apptest.SH, "cashier"), map[string]any{record.FieldActive: false})
		if code := socket.Closed(); code != 4401 {
			t.Fatal(code)
		}
	})
	t.Run("X-02 a socket ends with its token, unless it was renewed", func(t *testing.T) {
		d := s.Device(apptest.SH, "leader")
		d.Pull(0)
		d.Token, err = s.Staff(apptest.SH, "leader").NewStaticAuthToken(2 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		ends, stays := d.Ready(), d.Ready()
		stays.Say(map[string]any{"type": "auth", "token": s.Token(apptest.SH, "leader")})
		if code := ends.Closed(); code != 4401 {
			t.Fatal(code)
		}
		d.Token = s.Token(apptest.SH, "leader")
		stays.Say(map[string]any{"type": "push", "mutations": []any{}})
		for stays.Next().Type != "outcomes" { // what the closed one's row changes told comes first
		}
	})
	t.Run("X-02 a new epoch asks everyone to pull", func(t *testing.T) {
		sa := a.Ready()
		if err := s.House.Log.NewEpoch(s.App); err != nil {
			t.Fatal(err)
		}
		if code := sa.Closed(); code != 4409 {
			t.Fatal(code)
		}
	})
	t.Run("X-02 a server that stops says that it goes away", func(t *testing.T) {
		a.Pull(0)
		sa := a.Ready()
		done := make(chan int)
		go func() { done <- sa.Closed() }()
		s.House.Close()
		if code := <-done; code != websocket.CloseGoingAway {
			t.Fatal(code)
		}
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
		a, slow, quick := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "technician"), s.Device(apptest.SH, "manager")
		a.Pull(0)
		slow.Pull(0)
		quick.Pull(0)
		s.ReadBuffer = 4 << 10
		slow.Ready() // and reads no more
		s.ReadBuffer = 0
		sq := quick.Ready()
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
		row[record.FieldPhones] = strings.Repeat("长", 20000)
		id := apptest.NewID()
		a.Must(apptest.Create(record.Customers, id, row))
		for i := range 400 {
			a.Must(apptest.Patch(record.Customers, id, int64(i+1), map[string]any{record.FieldPhones: fmt.Sprint(i) + strings.Repeat("长", 20000)}))
		}
		a.Pull(0)
		for cursor := range got {
			if cursor == a.Cursor {
				break
			}
		}
		for range 300 {
			if s.House.Live.Sockets() == 1 {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatal("the slow one is still there")
	})
}
