package command

import (
	"errors"
	"net/mail"
	"net/url"
	"os"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"aftercare/internal/notify"
	"aftercare/internal/record"
)

// Where the SMS gateway is, and what our calls to it are signed with. The secret stands in the environment, so that no list
// of processes shows it.
const (
	smsURL    = "AFTERCARE_SMS_URL"
	smsSecret = "AFTERCARE_SMS_SECRET"
)

// gateways are the ways out of this server, by channel: the webhook of the environment, the mail server of PocketBase's
// settings, and in a demo a sink in the place of each that is missing.
type gateways struct {
	app   core.App
	serve *serveFlags
}

func (g *gateways) all() map[string]notify.Gateway {
	ways := map[string]notify.Gateway{}
	if hook := g.sms(); hook != nil {
		ways[record.ChannelSMS] = hook
	} else if g.serve.demo {
		ways[record.ChannelSMS] = &notify.Sink{App: g.app, Clock: g.serve.clock.Now, Channel: record.ChannelSMS}
	}
	if s := g.app.Settings(); s.SMTP.Enabled {
		ways[record.ChannelMail] = &notify.Mail{Host: s.SMTP.Host, Port: s.SMTP.Port, Username: s.SMTP.Username, Password: s.SMTP.Password,
			Login: s.SMTP.AuthMethod == mailer.SMTPAuthLogin, TLS: s.SMTP.TLS, LocalName: s.SMTP.LocalName,
			From: mail.Address{Name: s.Meta.SenderName, Address: s.Meta.SenderAddress}, Now: time.Now}
	} else if g.serve.demo {
		ways[record.ChannelMail] = &notify.Sink{App: g.app, Clock: g.serve.clock.Now, Channel: record.ChannelMail}
	}
	return ways
}

func (g *gateways) sms() notify.Gateway {
	address, secret := os.Getenv(smsURL), os.Getenv(smsSecret)
	if address == "" {
		return nil
	}
	return &notify.Webhook{URL: address, Secret: []byte(secret), Now: time.Now}
}

// sink says whether messages end in the demo's sink.
func (g *gateways) sink() bool {
	return g.serve.demo && (os.Getenv(smsURL) == "" || !g.app.Settings().SMTP.Enabled)
}

// checkGateway refuses to start with a gateway that could not work.
func checkGateway() error {
	address := os.Getenv(smsURL)
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New(smsURL + " is no http(s) address")
	}
	if len(os.Getenv(smsSecret)) < 16 {
		return errors.New(smsSecret + " must have at least 16 characters")
	}
	return nil
}
