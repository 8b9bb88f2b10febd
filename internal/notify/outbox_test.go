package notify_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/due"
	"aftercare/internal/notify"
	"aftercare/internal/record"
)

// hand is a gateway that answers what the test says and remembers what it was given.
type hand struct {
	dedupes bool
	answers []error // of the next attempts; then nil
	got     []notify.Parcel
	during  func()
}

func (h *hand) Dedupes() bool { return h.dedupes }

func (h *hand) Send(_ context.Context, p notify.Parcel) (string, error) {
	h.got = append(h.got, p)
	if h.during != nil {
		h.during()
	}
	if len(h.answers) > 0 {
		err := h.answers[0]
		h.answers = h.answers[1:]
		return "", err
	}
	return "prov-1", nil
}

type fixture struct {
	*apptest.Shop
	sms, mail *hand
	t         *testing.T
}

func newFixture(t *testing.T) *fixture {
	f := &fixture{sms: &hand{dedupes: true}, mail: &hand{}, t: t}
	f.Shop = apptest.NewWith(t, app.Config{Gateways: f.gateways})
	return f
}

func (f *fixture) gateways() map[string]notify.Gateway {
	return map[string]notify.Gateway{record.ChannelSMS: f.sms, record.ChannelMail: f.mail}
}

func (f *fixture) queue(change func(*notify.Message)) {
	f.t.Helper()
	m := notify.Message{Shop: apptest.SH, Key: "k1", Kind: "ready", Channel: "sms", To: "13800000000", Text: "您的车修好了"}
	if change != nil {
		change(&m)
	}
	if err := notify.Queue(f.App, m); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) drain() {
	f.t.Helper()
	if err := f.House.Outbox.Drain(context.Background()); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) message(key string) *record.Message {
	f.t.Helper()
	row, err := notify.Find(f.App, apptest.SH, key)
	if err != nil || row == nil {
		f.t.Fatal(key, err)
	}
	return record.AsMessage(row)
}

func (f *fixture) want(key, state, failure string, attempts int) {
	f.t.Helper()
	m := f.message(key)
	if m.State() != state || m.Failure() != failure || m.Attempts() != attempts {
		f.t.Errorf("%s is %s %q after %d attempts, want %s %q after %d", key, m.State(), m.Failure(), m.Attempts(), state, failure, attempts)
	}
}

func TestQueue(t *testing.T) {
	f := newFixture(t)
	t.Run("M-03 the same key is the same message, sent once", func(t *testing.T) {
		f.queue(nil)
		f.queue(func(m *notify.Message) { m.Text = "again" })
		f.drain()
		f.queue(nil)
		f.drain()
		if len(f.sms.got) != 1 || f.sms.got[0].Text != "您的车修好了" {
			t.Errorf("sent: %+v", f.sms.got)
		}
		f.want("k1", "sent", "", 1)
		if m := f.message("k1"); m.ProviderID() != "prov-1" || !m.SentAt().Equal(f.Clock.Now()) {
			t.Errorf("%s at %s", m.ProviderID(), m.SentAt())
		}
	})
	t.Run("M-03 restored from a backup that had not heard of it, the server queues it under the id that the gateway knows", func(t *testing.T) {
		restored := newFixture(t)
		restored.queue(nil)
		if a, b := f.message("k1").Id, restored.message("k1").Id; a != b {
			t.Errorf("%s, then %s", a, b)
		}
		restored.queue(func(m *notify.Message) { m.Key = "k2" })
		if restored.message("k2").Id == restored.message("k1").Id {
			t.Error("two messages under one id")
		}
	})
	t.Run("M-03 not before its time, and cancelled never", func(t *testing.T) {
		f.queue(func(m *notify.Message) { m.Key, m.NotBefore = "later", f.Clock.Now().Add(time.Hour) })
		f.queue(func(m *notify.Message) { m.Key, m.NotBefore = "never", f.Clock.Now().Add(time.Hour) })
		f.drain()
		f.want("later", "queued", "", 0)
		if err := notify.Cancel(f.App, apptest.SH, "never"); err != nil {
			t.Fatal(err)
		}
		f.Clock.Advance(time.Hour)
		f.drain()
		f.want("later", "sent", "", 1)
		f.want("never", "cancelled", "", 0)
	})
	t.Run("M-03 an address that cannot be one is refused when queued", func(t *testing.T) {
		for channel, to := range map[string]string{"sms": "home", "mail": "a@b\r\nBcc: c@d"} {
			err := notify.Queue(f.App, notify.Message{Shop: apptest.SH, Key: "bad", Kind: "x", Channel: channel, To: to, Text: "x"})
			if err == nil {
				t.Errorf("%s %q was queued", channel, to)
			}
		}
	})
	t.Run("M-03 what staff may not read is sent, kept from every row, and forgotten", func(t *testing.T) {
		f.queue(func(m *notify.Message) {
			m.Key, m.Text, m.Secret = "code", "验证码 ••••••", "验证码 482913"
		})
		f.drain()
		if last := f.sms.got[len(f.sms.got)-1]; last.Text != "验证码 482913" {
			t.Errorf("sent %q", last.Text)
		}
		var left int
		if err := f.App.DB().NewQuery("SELECT (SELECT COUNT(*) FROM notify_secrets) + (SELECT COUNT(*) FROM sync_changes WHERE data LIKE '%482913%')").Row(&left); err != nil || left != 0 {
			t.Errorf("the secret is still there: %d %v", left, err)
		}
	})
}

func TestQuietHours(t *testing.T) {
	f := newFixture(t) // 10:03 in Shanghai
	f.Clock.Advance(11 * time.Hour)
	f.queue(nil)
	f.queue(func(m *notify.Message) { m.Key, m.Urgent = "code", true })
	f.drain()
	t.Run("M-03 quiet hours are kept by the shop's time", func(t *testing.T) { f.want("k1", "queued", "", 0) })
	t.Run("M-03 a code the customer waits for goes at night, too", func(t *testing.T) { f.want("code", "sent", "", 1) })
	f.Clock.Advance(11 * time.Hour) // 8:03
	f.drain()
	t.Run("M-03 after them it goes", func(t *testing.T) { f.want("k1", "sent", "", 1) })
}

var broken = errors.New("line broken")

func TestMoot(t *testing.T) {
	f := newFixture(t)
	holds := true
	f.House.Outbox.Moot = func(_ core.App, m *record.Message) (bool, error) { return m.Key() == "k1" && !holds, nil }
	f.sms.answers = []error{wrap(notify.Unsent{})}
	f.queue(func(m *notify.Message) { m.Secret = "482913" })
	f.drain()
	f.queue(func(m *notify.Message) { m.Key = "other" })
	holds = false
	f.Clock.Advance(time.Hour)
	f.drain()
	t.Run("M-03 what holds no more at the next attempt is taken back, and what it said is forgotten; the others go", func(t *testing.T) {
		f.want("k1", "cancelled", "notify.unreachable", 1)
		f.want("other", "sent", "", 1)
		var secrets int
		if err := f.App.DB().NewQuery("SELECT COUNT(*) FROM notify_secrets").Row(&secrets); err != nil || secrets != 0 {
			t.Errorf("%d secrets, %v", secrets, err)
		}
	})
}

func TestTrouble(t *testing.T) {
	for name, c := range map[string]struct {
		channel        string
		err            error
		state, failure string
	}{
		"M-03 certainly not sent: again later":                    {"sms", notify.Unsent{}, "queued", "notify.unreachable"},
		"M-03 perhaps sent, gateway knows its id: again later":    {"sms", notify.Unknown{}, "queued", "notify.unreachable"},
		"M-03 perhaps sent, and nobody can know: never by itself": {"mail", notify.Unknown{}, "failed", "notify.unknown"},
		"M-03 a mail that was certainly not sent: again later":    {"mail", notify.Unsent{}, "queued", "notify.unreachable"},
		"M-03 refused: given up":                                  {"sms", notify.Refused{}, "failed", "notify.refused"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.queue(func(m *notify.Message) {
				if m.Channel = c.channel; c.channel == "mail" {
					m.To = "li@example.com"
				}
			})
			f.sms.answers, f.mail.answers = []error{wrap(c.err)}, []error{wrap(c.err)}
			f.drain()
			f.want("k1", c.state, c.failure, 1)
			f.drain() // its pause is not over
			f.want("k1", c.state, c.failure, 1)
			f.Clock.Advance(31 * time.Second)
			f.drain()
			if c.state == "queued" {
				f.want("k1", "sent", "", 2)
			} else {
				f.want("k1", c.state, c.failure, 1)
			}
		})
	}
	t.Run("M-03 too late is given up, and a person is asked", func(t *testing.T) {
		f := newFixture(t)
		f.queue(func(m *notify.Message) { m.ExpiresAt = f.Clock.Now().Add(time.Hour) })
		f.sms.answers = []error{wrap(notify.Unsent{}), wrap(notify.Unsent{})}
		f.drain()
		f.Clock.Advance(time.Hour)
		f.drain()
		f.want("k1", "failed", "notify.expired", 1)
		for range 2 {
			if err := f.House.Due.Round(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		id := f.message("k1").Id
		item, err := due.Find(f.App, apptest.SH, "message_failed:"+id)
		if err != nil || item == nil || record.AsDueItem(item).State() != "open" {
			t.Fatalf("no due item: %v %v", item, err)
		}
		day := f.Day(apptest.SH)
		row := f.message("k1").ProxyRecord()
		day.Step("advisor", row, "queued") // taken up again by a person: begun anew
		f.sms.answers = nil
		f.drain()
		f.want("k1", "sent", "", 1)
		if err := f.House.Due.Round(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := record.AsDueItem(day.Fresh(item)).State(); got != "done" {
			t.Errorf("the item is %s", got)
		}
	})
}

func wrap(kind error) error {
	switch kind.(type) {
	case notify.Unsent:
		return errors.Join(broken, notify.NotSent(broken))
	case notify.Unknown:
		return errors.Join(broken, notify.PerhapsSent(broken))
	}
	return notify.NeverSent(broken)
}

func TestCrash(t *testing.T) {
	for channel, want := range map[string]string{"sms": "queued", "mail": "failed"} {
		t.Run("M-03 a server that dies while sending by "+channel, func(t *testing.T) {
			f := newFixture(t)
			to := map[string]string{"sms": "13800000000", "mail": "li@example.com"}[channel]
			f.queue(func(m *notify.Message) { m.Channel, m.To = channel, to })
			var after *apptest.Shop
			h := map[string]*hand{"sms": f.sms, "mail": f.mail}[channel]
			h.during = func() { after = f.Crash() } // as the files lie while the gateway works
			f.drain()
			f.want("k1", "sent", "", 1)
			if len(h.got) != 1 {
				t.Fatal(h.got)
			}
			next := notify.New(after.App, after.Clock.Now, after.House.Log.Epoch, f.gateways)
			if err := next.Recover(); err != nil {
				t.Fatal(err)
			}
			row, err := notify.Find(after.App, apptest.SH, "k1")
			if err != nil {
				t.Fatal(err)
			}
			if got := record.AsMessage(row).State(); got != want {
				t.Fatalf("it is %s, want %s", got, want)
			}
			h.during = nil
			after.Clock.Advance(time.Minute)
			if err := next.Drain(context.Background()); err != nil {
				t.Fatal(err)
			}
			if channel == "mail" && len(h.got) != 1 || channel == "sms" && (len(h.got) != 2 || h.got[0].ID != h.got[1].ID) {
				t.Errorf("handed over: %+v", h.got)
			}
		})
	}
}
