//go:build unix

package command

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"aftercare/internal/apptest"
	"aftercare/internal/notify"
	"aftercare/internal/notify/notifytest"
	"aftercare/internal/record"
)

const killedMessages = 40 // of each channel

// The server is killed again and again while messages go out: each SMS ends as sent, under one id, however often the gateway
// was asked; no mail goes out twice, and one that may have gone is a person's.
func TestKillWhileSending(t *testing.T) {
	chance := rand.New(rand.NewPCG(5, 5))
	asked := &tally{of: map[string]int{}}
	gateway := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.add(r.Header.Get("Webhook-Id"))
		time.Sleep(20 * time.Millisecond)
	}))
	defer gateway.Close()
	t.Setenv(smsURL, gateway.URL)
	t.Setenv(smsSecret, "sixteen or more letters")
	post := notifytest.Serve(t, "", "")

	dir, s := data(t)
	queueMessages(t, s, post)
	token := s.Token(apptest.SH, "advisor")
	s.Close()
	c := serve(t, dir)
	for range 8 {
		time.Sleep(time.Duration(20+chance.IntN(150)) * time.Millisecond)
		c.kill()
		c.start()
	}
	states := waitSettled(t, c, token)
	c.kill()

	taken := map[string]int{}
	for len(post.Mails) > 0 {
		m, err := mail.ReadMessage(strings.NewReader(<-post.Mails))
		if err != nil {
			t.Fatal(err)
		}
		taken[strings.Trim(m.Header.Get("Message-Id"), "<>")]++
	}
	again, unsure := 0, 0
	for id, m := range states {
		switch {
		case m.channel == record.ChannelSMS && (m.state != record.MessageSent || asked.of[id] == 0):
			t.Errorf("M-03 the SMS %s is %s after %d calls", id, m.state, asked.of[id])
		case m.channel == record.ChannelMail && taken[id+"@example.com"] > 1:
			t.Errorf("M-03 the mail %s went %d times", id, taken[id+"@example.com"])
		case m.channel == record.ChannelMail && m.state == record.MessageSent && taken[id+"@example.com"] != 1:
			t.Errorf("M-03 the mail %s is called sent and never came", id)
		case m.channel == record.ChannelMail && m.state == record.MessageFailed:
			unsure++
		}
		again += max(asked.of[id]-1, 0)
	}
	t.Logf("M-03 killed 8 times: %d messages, %d SMS handed over again under their ids, %d mails left to a person", len(states), again, unsure)
}

type tally struct {
	mu sync.Mutex
	of map[string]int
}

func (c *tally) add(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[id]++
}

func queueMessages(t *testing.T, s *apptest.Shop, post *notifytest.SMTP) {
	t.Helper()
	settings := s.App.Settings()
	settings.SMTP.Enabled, settings.SMTP.Host, settings.SMTP.Port = true, post.Host, post.Port
	settings.Meta.SenderName, settings.Meta.SenderAddress = "售后", "shop@example.com"
	if err := s.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	awake := map[string]any{"quiet_from_minutes": 0, "quiet_to_minutes": 0} // whatever the hour of the test
	s.Day(apptest.SH).Make("manager", record.Policies, map[string]any{record.FieldKind: "service_lane", record.FieldRevision: 2,
		record.FieldData: awake, record.FieldActive: true})
	for n := range killedMessages {
		for channel, to := range map[string]string{record.ChannelSMS: "13800000000", record.ChannelMail: "li@example.com"} {
			err := notify.Queue(s.App, notify.Message{Shop: apptest.SH, Key: fmt.Sprint(channel, n), Kind: "ready", Channel: channel, To: to,
				Text: "您的车修好了", ExpiresAt: time.Now().Add(time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

type settled struct{ channel, state string }

// waitSettled asks the server until every message is sent or given up.
func waitSettled(t *testing.T, c *child, token string) map[string]settled {
	t.Helper()
	for began := time.Now(); time.Since(began) < 60*time.Second; time.Sleep(200 * time.Millisecond) {
		states, open := map[string]settled{}, 0
		var page struct {
			Items []struct{ ID, Channel, State string }
		}
		if err := c.get("/api/collections/messages/records?perPage=500&skipTotal=1", token, &page); err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Items {
			states[m.ID] = settled{m.Channel, m.State}
			if m.State != record.MessageSent && m.State != record.MessageFailed {
				open++
			}
		}
		if open == 0 && len(states) == 2*killedMessages {
			return states
		}
	}
	t.Fatal("the messages are not settled within a minute")
	return nil
}
