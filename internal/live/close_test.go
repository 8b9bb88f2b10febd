package live_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

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
	t.Run("O-03 a revoked device hears nothing of what was committed with it", func(t *testing.T) {
		d := s.Device(apptest.SH, "guard")
		d.Pull(0)
		socket := d.Ready()
		device, err := s.App.FindRecordById(record.Devices, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.App.RunInTransaction(func(tx core.App) error {
			day := *s.Day(apptest.SH)
			day.App = tx
			day.Do("manager", device, map[string]any{record.FieldRevoked: true})
			day.Make("advisor", record.Customers, map[string]any{record.FieldName: "不该看见"})
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for _, text, err := socket.Conn.ReadMessage(); err == nil; _, text, err = socket.Conn.ReadMessage() {
			if strings.Contains(string(text), "不该看见") {
				t.Fatalf("told %s", text)
			}
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
		phone.Token = s.TokenOf(rec)
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
