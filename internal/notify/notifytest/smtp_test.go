package notifytest

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestOnlyAWholeMailIsTaken(t *testing.T) {
	const before = "EHLO shop\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n"
	for text, taken := range map[string]bool{
		"":                                  false,
		"Subject: ready\r\n":                false,
		"Subject: ready\r\n\r\nyour car":    false,
		"Subject: ready\r\n\r\nit is\r\n":   false,
		"Subject: ready\r\n\r\nit\r\n.\r\n": true,
	} {
		post := Serve(t, "", "")
		conn, err := net.Dial("tcp", fmt.Sprint(post.Host, ":", post.Port))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, before+text); err != nil {
			t.Fatal(err)
		}
		_ = conn.(*net.TCPConn).CloseWrite() // the sender is gone
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		said, err := io.ReadAll(conn)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(post.Mails) == 1; got != taken || strings.Contains(string(said), "250 taken") != taken {
			t.Errorf("M-03 %q taken: %v, said %q", text, got, said)
		}
	}
}
