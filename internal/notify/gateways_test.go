package notify_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/notify"
	"aftercare/internal/notify/notifytest"
	"aftercare/internal/record"
)

var parcel = notify.Parcel{ID: "abcdefghijklmno", Shop: apptest.SH, Kind: "ready", To: "13800000000", Lang: "zh", Title: "您的车", Text: "修好了"}

func kind(err error) string {
	var refused notify.Refused
	var unsent notify.Unsent
	var unknown notify.Unknown
	switch {
	case err == nil:
		return "sent"
	case errors.As(err, &refused):
		return "refused"
	case errors.As(err, &unsent):
		return fmt.Sprint("unsent ", unsent.After)
	case errors.As(err, &unknown):
		return "unknown"
	}
	return "?"
}

func TestWebhook(t *testing.T) {
	secret := []byte("sixteen or more letters")
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter)
		want   string
	}{
		"M-03 taken":                    {func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"id":"prov9"}`) }, "sent"},
		"M-03 had it already":           {func(w http.ResponseWriter) { w.WriteHeader(http.StatusConflict) }, "sent"},
		"M-03 too many":                 {func(w http.ResponseWriter) { w.Header().Set("Retry-After", "90"); w.WriteHeader(429) }, "unsent 1m30s"},
		"M-03 out of order":             {func(w http.ResponseWriter) { w.WriteHeader(503) }, "unsent 0s"},
		"M-03 a no":                     {func(w http.ResponseWriter) { w.WriteHeader(422) }, "refused"},
		"M-03 sent elsewhere":           {func(w http.ResponseWriter) { w.Header().Set("Location", "/"); w.WriteHeader(302) }, "refused"},
		"M-03 breaks off in mid-answer": {func(w http.ResponseWriter) { panic(http.ErrAbortHandler) }, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if calls++; r.Header.Get("Webhook-Id") != parcel.ID || r.Header.Get("Idempotency-Key") != parcel.ID ||
					r.Header.Get("Webhook-Signature") != notify.Signature(secret, parcel.ID, r.Header.Get("Webhook-Timestamp"), body) {
					t.Errorf("headers %v", r.Header)
				}
				if !strings.Contains(string(body), `"text":"修好了"`) {
					t.Errorf("%s", body)
				}
				c.answer(w)
			}))
			server.Config.ErrorLog = nil
			defer server.Close()
			hook := &notify.Webhook{URL: server.URL, Secret: secret, Now: time.Now}
			id, err := hook.Send(context.Background(), parcel)
			if got := kind(err); got != c.want || c.want == "sent" && calls != 1 {
				t.Errorf("%s (%v) after %d calls, want %s", got, err, calls, c.want)
			}
			if name == "M-03 taken" && id != "prov9" {
				t.Errorf("id %q", id)
			}
		})
	}
	t.Run("M-03 a signature is over id, time and body", func(t *testing.T) {
		good := notify.Signature(secret, "a", "1", []byte("x"))
		for _, other := range []string{notify.Signature(secret, "b", "1", []byte("x")), notify.Signature(secret, "a", "2", []byte("x")),
			notify.Signature(secret, "a", "1", []byte("y")), notify.Signature([]byte("another one"), "a", "1", []byte("x"))} {
			if other == good {
				t.Error("one of them does not count")
			}
		}
	})
}

// gateway sends through a test's server.
func gateway(s *notifytest.SMTP) *notify.Mail {
	return &notify.Mail{Host: s.Host, Port: s.Port, From: mail.Address{Name: "售后", Address: "shop@example.com"}, Now: time.Now}
}

func TestMail(t *testing.T) {
	p := parcel
	p.To, p.Title = "li@example.com", "您的车\r\nBcc: thief@example.com"
	t.Run("M-03 a mail arrives as it was written", func(t *testing.T) {
		s := notifytest.Serve(t, "", "")
		id, err := gateway(s).Send(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := mail.ReadMessage(strings.NewReader(<-s.Mails))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(base64.NewDecoder(base64.StdEncoding, got.Body))
		subject, _ := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		if string(body) != "修好了" || subject != "您的车  Bcc: thief@example.com" || got.Header.Get("Bcc") != "" ||
			got.Header.Get("Message-Id") != "<"+p.ID+"@example.com>" || id != p.ID+"@example.com" {
			t.Errorf("%q %q %v %s", body, subject, got.Header, id)
		}
	})
	for name, c := range map[string]struct{ at, say, want string }{
		"M-03 the greeting breaks off: not sent":          {"HELO", "", "unsent 0s"},
		"M-03 an address the server has not: refused":     {"RCPT", "550 no such user", "refused"},
		"M-03 a greylist: later":                          {"RCPT", "451 come again", "unsent 0s"},
		"M-03 breaks off before the text: not sent":       {"DATA", "", "unsent 0s"},
		"M-03 says no after the text: refused":            {"END", "554 spam", "refused"},
		"M-03 full after the text: later":                 {"END", "452 full", "unsent 0s"},
		"M-03 breaks off after the text: nobody can know": {"END", "", "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			s := notifytest.Serve(t, c.at, c.say)
			_, err := gateway(s).Send(context.Background(), p)
			if got := kind(err); got != c.want {
				t.Errorf("%s (%v), want %s", got, err, c.want)
			}
		})
	}
	t.Run("M-03 no server: not sent", func(t *testing.T) {
		g := &notify.Mail{Host: "127.0.0.1", Port: 1, Now: time.Now}
		if _, err := g.Send(context.Background(), p); kind(err) != "unsent 0s" {
			t.Error(err)
		}
	})
	t.Run("M-03 a server that says nothing is not waited for", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		address := listener.Addr().(*net.TCPAddr)
		s := &notifytest.SMTP{Host: address.IP.String(), Port: address.Port}
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		if _, err := gateway(s).Send(ctx, p); kind(err) != "unsent 0s" {
			t.Error(err)
		}
	})
}

func TestSink(t *testing.T) {
	s := apptest.New(t)
	sink := &notify.Sink{App: s.App, Clock: s.Clock.Now, Channel: record.ChannelSMS}
	for range 2 {
		if _, err := sink.Send(context.Background(), parcel); err != nil {
			t.Fatal(err)
		}
	}
	list, err := notify.InSink(s.App, apptest.SH, 10)
	if err != nil || len(list) != 1 || list[0].Text != "修好了" {
		t.Errorf("M-03 the sink keeps a message once: %+v %v", list, err)
	}
	if other, err := notify.InSink(s.App, apptest.HZ, 10); err != nil || len(other) != 0 {
		t.Errorf("M-03 another shop sees %+v %v", other, err)
	}
}

func TestRestored(t *testing.T) {
	f := newFixture(t)
	f.drain() // an epoch in which the outbox has run
	f.queue(func(m *notify.Message) { m.NotBefore = f.Clock.Now().Add(time.Hour) })
	f.queue(func(m *notify.Message) {
		m.Key, m.Channel, m.To, m.NotBefore = "mail", "mail", "li@example.com", f.Clock.Now().Add(time.Hour)
	})
	if err := f.House.Log.NewEpoch(f.App); err != nil {
		t.Fatal(err)
	}
	f.drain()
	t.Run("M-03 after a restore a mail that may have gone is a person's", func(t *testing.T) { f.want("mail", "failed", "notify.unknown", 0) })
	t.Run("M-03 after a restore an SMS goes again under its id", func(t *testing.T) { f.want("k1", "queued", "", 0) })
}
