// Package notifytest is a mail server for tests: real SMTP on this machine, with trouble where the test wants it.
package notifytest

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
)

// SMTP is a mail server that says what a test wants at one moment and keeps the mails it has taken.
type SMTP struct {
	Host  string
	Port  int
	Mails chan string // as they came, headers and body

	at  string // the verb it fails at: HELO, MAIL, RCPT, DATA, END (of the text)
	say string // what it says then; "" breaks off
}

// Serve starts a server on this machine for the length of the test. At the verb it says something else than yes.
func Serve(t testing.TB, at, say string) *SMTP {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().(*net.TCPAddr)
	s := &SMTP{Host: address.IP.String(), Port: address.Port, at: at, say: say, Mails: make(chan string, 1000)}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.talk(conn)
		}
	}()
	return s
}

func (s *SMTP) talk(conn net.Conn) {
	defer conn.Close()
	answer := func(verb, fine string) bool {
		if verb == s.at && s.say == "" {
			return false
		}
		if verb == s.at {
			fine = s.say
		}
		_, _ = io.WriteString(conn, fine+"\r\n")
		return true
	}
	lines := bufio.NewScanner(conn)
	_, _ = io.WriteString(conn, "220 test\r\n")
	for lines.Scan() {
		verb := strings.ToUpper(strings.SplitN(lines.Text(), " ", 2)[0])
		switch verb {
		case "EHLO", "HELO":
			verb = "HELO"
		case "QUIT":
			_, _ = io.WriteString(conn, "221 bye\r\n")
			return
		}
		if verb != "DATA" {
			if !answer(verb, "250 ok") {
				return
			}
			continue
		}
		if !answer("DATA", "354 go on") {
			return
		}
		text, whole := mail(lines)
		if !whole {
			return
		}
		if s.at != "END" || s.say == "" {
			s.Mails <- text
		}
		if !answer("END", "250 taken") {
			return
		}
	}
}

// mail reads a text to the dot that ends it. What breaks off before the dot is not delivered (RFC 5321, 4.1.1.4).
func mail(lines *bufio.Scanner) (text string, whole bool) {
	var b strings.Builder
	for lines.Scan() {
		if lines.Text() == "." {
			return b.String(), true
		}
		b.WriteString(lines.Text() + "\r\n")
	}
	return "", false
}
