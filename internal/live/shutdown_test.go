package live_test

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/live"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

func TestShutdown(t *testing.T) {
	t.Run("X-02 a server that stops answers the pushes under way, and then says that it goes away", func(t *testing.T) {
		s := apptest.New(t)
		a := s.Device(apptest.SH, "advisor")
		a.Pull(0)
		socket := a.Ready()
		held, release := make(chan bool), make(chan bool)
		go func() { // somebody holds the database while the push waits for it
			_ = s.App.RunInTransaction(func(core.App) error {
				close(held)
				<-release
				return nil
			})
		}()
		<-held
		socket.Say(map[string]any{"type": "push", "mutations": []wire.Mutation{a.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))}})
		for !s.House.Push.Busy() {
			time.Sleep(time.Millisecond)
		}
		ended := make(chan bool)
		go func() { s.House.Close(); close(ended) }()
		time.Sleep(50 * time.Millisecond) // the hub has begun to close
		close(release)
		answered := false
		for {
			_ = socket.Conn.SetReadDeadline(time.Now().Add(10 * time.Second))
			var frame apptest.Frame
			err := socket.Conn.ReadJSON(&frame)
			if websocket.IsCloseError(err, websocket.CloseGoingAway) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			answered = answered || frame.Type == "outcomes" && frame.Outcomes[0].Outcome == wire.Applied
		}
		if !answered {
			t.Error("the outcome of a push that was applied was not told")
		}
		<-ended
	})
}

func TestTiming(t *testing.T) {
	quick := func(t *testing.T) (*apptest.Shop, *apptest.Device) {
		s := apptest.New(t)
		s.House.Live.Timing = live.Timing{Hello: 300 * time.Millisecond, Ping: 100 * time.Millisecond, Silence: 500 * time.Millisecond, Write: time.Second}
		d := s.Device(apptest.SH, "advisor")
		d.Pull(0)
		return s, d
	}
	t.Run("X-08 a device that answers the pings stays, however long it is quiet", func(t *testing.T) {
		s, d := quick(t)
		socket := d.Ready()
		time.AfterFunc(1500*time.Millisecond, func() {
			_ = socket.Conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
		})
		began := time.Now()
		if code := socket.Closed(); code != websocket.CloseNormalClosure || time.Since(began) < 1400*time.Millisecond {
			t.Fatalf("%d after %v", code, time.Since(began))
		}
		gone(t, s)
	})
	t.Run("X-08 one that does not is let go", func(t *testing.T) {
		s, d := quick(t)
		socket := d.Ready()
		socket.Conn.SetPingHandler(func(string) error { return nil })
		socket.Closed()
		gone(t, s)
	})
	t.Run("X-02 so is one that never says hello", func(t *testing.T) {
		s, _ := quick(t)
		conn, _, err := s.Dial()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		apptest.CloseCode(conn)
		gone(t, s)
	})
}

// gone waits until the server holds no socket any more.
func gone(t *testing.T, s *apptest.Shop) {
	t.Helper()
	for range 100 {
		if s.House.Live.Sockets() == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%d sockets are held", s.House.Live.Sockets())
}
