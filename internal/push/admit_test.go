package push_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/scope"
	"aftercare/internal/wire"
)

// bound says whether the register knows the device.
func bound(t *testing.T, s *apptest.Shop, device string) bool {
	t.Helper()
	_, err := s.App.FindRecordById(record.Devices, device)
	return err == nil
}

func TestEpochTold(t *testing.T) {
	s := apptest.New(t)
	d := s.Device(apptest.SH, "technician")
	d.Push()
	d.Pull(0)
	d.Do(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
	d.Do(apptest.Create(record.Customers, apptest.NewID(), customer("王芳")))
	if err := s.House.Log.NewEpoch(s.App); err != nil {
		t.Fatal(err)
	}
	told := func(t *testing.T, token string) {
		t.Helper()
		var refusal struct {
			Data struct {
				Epoch struct {
					Code, Message, Epoch string
					Seq                  int64
				}
			}
		}
		a := s.Do(http.MethodPost, "/api/sync/push", token, d.Body())
		a.JSON(&refusal)
		got := refusal.Data.Epoch
		if a.Status != http.StatusConflict || got.Code != "sync.epoch" || got.Message == "" || got.Epoch != s.House.Log.Epoch() || got.Seq != 2 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	t.Run("X-02 a device of an older epoch is told the present one and its seq", func(t *testing.T) { told(t, d.Token) })
	t.Run("O-02 so is a departed person's, which may push but not pull, and it goes on by itself", func(t *testing.T) {
		token := "Device " + d.Credential
		told(t, token)
		departed := *d
		departed.Token, departed.Epoch = token, s.House.Log.Epoch()
		if r := departed.Push(departed.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("赵强")))); r.Seq != 3 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("X-02 nobody else is told", func(t *testing.T) {
		for _, token := range []string{"", "Device x", s.Token(apptest.SH, "advisor")} {
			if a := s.Do(http.MethodPost, "/api/sync/push", token, d.Body()); strings.Contains(string(a.Body), s.House.Log.Epoch()) {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
	})
	t.Run("X-02 by socket the outcomes carry both", func(t *testing.T) {
		d.Pull(0)
		socket := d.Ready()
		socket.Say(map[string]any{"type": "push", "epoch": "another", "mutations": []any{}})
		if f := socket.Next(); f.Type != "outcomes" || f.Code != "sync.epoch" || f.Epoch != s.House.Log.Epoch() || f.Seq != 3 {
			t.Fatalf("%+v", f)
		}
	})
}

func TestBinding(t *testing.T) {
	s := apptest.NewWith(t, app.Config{OldestApp: "0.9.0"})
	d := s.Device(apptest.SH, "technician")
	push := func(change func(*wire.PushRequest)) apptest.Answer {
		body := d.Body()
		change(&body)
		return s.Do(http.MethodPost, "/api/sync/push", d.Token, body)
	}
	refused := map[string]func() int{
		"another epoch": func() int { return push(func(r *wire.PushRequest) { r.Epoch = "another" }).Status },
		"an old app":    func() int { return push(func(r *wire.PushRequest) { r.App = "0.8.9" }).Status },
		"too much": func() int {
			return push(func(r *wire.PushRequest) { r.Mutations = make([]wire.Mutation, wire.MaxMutations+1) }).Status
		},
		"no tablet id": func() int { return push(func(r *wire.PushRequest) { r.Tablet = "x" }).Status },
		"no cursor": func() int {
			return s.Do(http.MethodGet, "/api/sync/pull?cursor=x&device="+d.ID, d.Token, nil).Status
		},
		"no limit": func() int {
			return s.Do(http.MethodGet, "/api/sync/pull?limit=x&device="+d.ID, d.Token, nil).Status
		},
		"no cursor of a socket": func() int {
			d.Cursor = "x"
			defer func() { d.Cursor = "" }()
			return d.Live().Closed() / 10
		},
	}
	for name, call := range refused {
		t.Run("X-02 a call refused for "+name+" binds no device", func(t *testing.T) {
			if status := call(); status < 400 || status > 499 {
				t.Fatal(status)
			}
			if bound(t, s, d.ID) {
				t.Fatal("bound")
			}
		})
	}
	t.Run("X-02 one user binds so many devices a day and no more; the others go on, and so does the next day", func(t *testing.T) {
		s := apptest.New(t)
		s.House.Devices.PerDay = 3
		first := s.Device(apptest.SH, "technician")
		first.Push()
		for range 2 {
			s.Device(apptest.SH, "technician").Push()
		}
		more := s.Device(apptest.SH, "technician")
		if a := more.Send(); a.Status != http.StatusTooManyRequests || a.Code() != "device.too_many" || bound(t, s, more.ID) {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if a := s.Do(http.MethodGet, "/api/sync/pull?device="+more.ID, more.Token, nil); a.Status != http.StatusTooManyRequests {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if code := more.Live().Closed(); code != 4429 {
			t.Fatal(code)
		}
		first.Push()
		s.Device(apptest.SH, "second").Push()
		s.Clock.Advance(24*time.Hour + time.Second)
		more.Token = s.Token(apptest.SH, "technician")
		more.Push()
	})
	t.Run("X-02 two users who bind the same id at once: one has it", func(t *testing.T) {
		a, b := s.Device(apptest.SH, "technician"), s.Device(apptest.SH, "second")
		b.ID = a.ID
		answers := make(chan int, 2)
		for _, d := range []*apptest.Device{a, b} {
			go func() { answers <- d.Send().Status }()
		}
		if one, two := <-answers, <-answers; one+two != 200+403 {
			t.Fatal(one, two)
		}
	})
}

func TestRevokedWhileWaiting(t *testing.T) {
	s := apptest.New(t)
	lost, manager := s.Device(apptest.SH, "advisor"), s.Device(apptest.SH, "manager")
	lost.Push()
	manager.Pull(0)
	// The push has been let in at the door; it is still on its way to the writer when the device is revoked.
	session, err := s.House.Devices.ByCredential(lost.ID, lost.Credential, scope.Told{})
	if err != nil {
		t.Fatal(err)
	}
	manager.Must(apptest.Patch(record.Devices, lost.ID, manager.Version(record.Devices, lost.ID), map[string]any{record.FieldRevoked: true}))
	m := lost.Mutation(apptest.Create(record.Customers, apptest.NewID(), customer("李明")))
	if _, err := s.House.Push.Push(session, "", []wire.Mutation{m}, "en"); err == nil || !strings.Contains(err.Error(), "device.revoked") {
		t.Fatalf("O-03 %v", err)
	}
	if n := count(t, s, record.Customers); n != 0 {
		t.Fatal("O-03 a revoked device wrote")
	}
}
