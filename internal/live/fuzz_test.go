package live_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"aftercare/internal/apptest"
	"aftercare/internal/wire"
)

// closings are the codes a socket may be closed with for what a device says.
var closings = []int{4400, 4401, 4403, 4409, 4413, 4429, websocket.CloseNormalClosure}

// FuzzSocket: whatever frames come, before and after the hello, each is answered or the socket is closed with a code that
// says why; what the server says is JSON of a known type; and the device can come again at once.
func FuzzSocket(f *testing.F) {
	s := apptest.New(f)
	d := s.Device(apptest.SH, "advisor")
	d.Push()
	d.Pull(0)
	good, err := json.Marshal(wire.Hello{Type: "hello", Token: d.Token, Device: d.ID, Cursor: d.Cursor})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("", `{"type":"hello"}`, `{}`)
	f.Add("hello", `{"type":"push","mutations":[]}`, `{"type":"auth","token":"x"}`)
	f.Add("hello", `{"type":"push","epoch":"e","mutations":[{"seq":1,"id":"abcdefghijklmno","ops":[]}]}`, "\x00")
	f.Add("hello", `{"type":"push","mutations":[{"seq":1,"id":"abcdefghijklmnp","ops":[{"op":"create","collection":"customers","id":"abcdefghijklmnq","data":{"name":"x"}}]}]}`, `{"type":"push","mutations":null}`)
	f.Add("[[[[[[[[[[[[[[[[[[", "", "\xff")
	f.Add("hello", `{"type":"hello","type":"push","mutations":[{}]}`, `{"TYPE":"push"}`)
	f.Fuzz(func(t *testing.T, hello, first, second string) {
		s.Under(t)
		conn, _, err := s.Dial()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if hello == "hello" {
			hello = string(good)
		}
		for i, text := range []string{hello, strings.ReplaceAll(first, "DEVICE", d.ID), second} {
			kind := websocket.TextMessage
			if i > 0 && len(text) > 0 && text[0] == 1 {
				kind = websocket.BinaryMessage
			}
			if conn.WriteMessage(kind, []byte(text)) != nil {
				break // closed already
			}
		}
		_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
		heard(t, conn, hello, first, second)
		d.Ready().Conn.Close()
	})
}

// heard reads what the server says until it closes.
func heard(t *testing.T, conn *websocket.Conn, said ...string) {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	for {
		_, text, err := conn.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			if !slices.Contains(closings, closed.Code) {
				t.Fatalf("closed with %d for %q", closed.Code, said)
			}
			return
		}
		if err != nil {
			t.Fatalf("%v for %q", err, said)
		}
		var frame apptest.Frame
		if err := json.Unmarshal(text, &frame); err != nil || !slices.Contains([]string{"ready", "ops", "outcomes"}, frame.Type) {
			t.Fatalf("%s for %q", text, said)
		}
		for _, o := range frame.Outcomes {
			if o.Code == "sync.unexpected" || o.Outcome == wire.Retry && o.Code != "sync.gap" {
				t.Fatalf("%+v for %q", o, said)
			}
		}
	}
}
