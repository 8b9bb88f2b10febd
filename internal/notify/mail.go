package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// Mail hands mails to the SMTP server of the settings. It speaks net/smtp itself, because it must know how far it got: up
// to the end of the text nothing has been sent, after it nobody can know unless the server says so.
type Mail struct {
	Host               string
	Port               int
	Username, Password string
	Login              bool // AUTH LOGIN instead of PLAIN
	TLS                bool // from the first byte; else STARTTLS where the server offers it
	LocalName          string
	From               mail.Address
	Now                func() time.Time // real time, for the Date header
	Roots              *tls.Config      // nil: the system's
}

// Dedupes: SMTP has no key by which a server would know a mail again.
func (m *Mail) Dedupes() bool { return false }

// Send hands the mail over. The provider's id is its Message-ID.
func (m *Mail) Send(ctx context.Context, p Parcel) (string, error) {
	id := p.ID + "@" + domain(m.From.Address)
	client, err := m.connect(ctx)
	if err != nil {
		return "", Unsent{error: err}
	}
	defer client.Close()
	body, err := m.begin(client, p, id)
	if err != nil {
		return "", before(err)
	}
	if err := body(); err != nil {
		return "", after(err)
	}
	_ = client.Quit() // it has been taken
	return id, nil
}

// before is an error with nothing sent: the server's no is final at 5xx, anything else may pass.
func before(err error) error {
	var said *textproto.Error
	if errors.As(err, &said) && said.Code >= 500 {
		return Refused{err}
	}
	return Unsent{error: err}
}

// after is an error once the text's end was on its way: only the server's own word says that it did not take it.
func after(err error) error {
	var said *textproto.Error
	if errors.As(err, &said) {
		return before(err)
	}
	return Unknown{err}
}

func (m *Mail) connect(ctx context.Context) (*smtp.Client, error) {
	dialer := &net.Dialer{}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(m.Host, strconv.Itoa(m.Port)))
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	if m.TLS {
		conn = tls.Client(conn, m.security())
	}
	client, err := smtp.NewClient(conn, m.Host)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	if err := m.greet(client); err != nil {
		_ = client.Close()
		return nil, err
	}
	return client, nil
}

func (m *Mail) security() *tls.Config {
	if m.Roots != nil {
		c := m.Roots.Clone()
		c.ServerName = m.Host
		return c
	}
	return &tls.Config{ServerName: m.Host, MinVersion: tls.VersionTLS12}
}

func (m *Mail) greet(client *smtp.Client) error {
	if m.LocalName != "" {
		if err := client.Hello(m.LocalName); err != nil {
			return err
		}
	}
	if offered, _ := client.Extension("STARTTLS"); offered && !m.TLS {
		if err := client.StartTLS(m.security()); err != nil {
			return err
		}
	}
	if m.Username == "" && m.Password == "" {
		return nil
	}
	if m.Login {
		return client.Auth(&loginAuth{m.Username, m.Password})
	}
	return client.Auth(smtp.PlainAuth("", m.Username, m.Password, m.Host))
}

// begin says all but the end of the text; end says that and waits for the server's word.
func (m *Mail) begin(client *smtp.Client, p Parcel, id string) (end func() error, err error) {
	if err := client.Mail(m.From.Address); err != nil {
		return nil, err
	}
	if err := client.Rcpt(p.To); err != nil {
		return nil, err
	}
	w, err := client.Data()
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(m.compose(p, id)); err != nil {
		return nil, err
	}
	return w.Close, nil
}

func (m *Mail) compose(p Parcel, id string) []byte {
	var b bytes.Buffer
	to := mail.Address{Address: p.To}
	title := p.Title
	if title == "" {
		title = m.From.Name
	}
	for _, header := range [][2]string{
		{"From", m.From.String()}, {"To", to.String()}, {"Subject", mime.BEncoding.Encode("utf-8", oneLine(title))},
		{"Date", m.Now().UTC().Format(time.RFC1123Z)}, {"Message-ID", "<" + id + ">"}, {"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "base64"}, {"Auto-Submitted", "auto-generated"},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", header[0], header[1])
	}
	b.WriteString("\r\n")
	for text := base64.StdEncoding.EncodeToString([]byte(p.Text)); text != ""; {
		n := min(76, len(text))
		b.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
	return b.Bytes()
}

// oneLine keeps a title from ending its header.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' {
			return ' '
		}
		return r
	}, s)
}

func domain(address string) string {
	if i := strings.LastIndexByte(address, '@'); i >= 0 && i < len(address)-1 {
		return address[i+1:]
	}
	return "localhost"
}

// loginAuth is AUTH LOGIN, which some servers know instead of PLAIN; over an encrypted line or to this machine only.
type loginAuth struct{ username, password string }

func (a *loginAuth) Start(server *smtp.ServerInfo) (string, []byte, error) {
	local := server.Name == "localhost" || server.Name == "127.0.0.1" || server.Name == "::1"
	if !server.TLS && !local {
		return "", nil, errors.New("the line to the mail server is not encrypted")
	}
	return "LOGIN", nil, nil
}

func (a *loginAuth) Next(asked []byte, more bool) ([]byte, error) {
	switch question := strings.ToLower(string(asked)); {
	case !more:
		return nil, nil
	case strings.HasPrefix(question, "username"):
		return []byte(a.username), nil
	case strings.HasPrefix(question, "password"):
		return []byte(a.password), nil
	}
	return nil, fmt.Errorf("the mail server asked %q", asked)
}
