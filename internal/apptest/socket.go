package apptest

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"aftercare/internal/wire"
)

// Socket is a device's live connection.
type Socket struct {
	Conn   *websocket.Conn
	device *Device
}

// Frame is any frame of the server.
type Frame struct {
	Type     string         `json:"type"`
	Epoch    string         `json:"epoch"`
	Cursor   string         `json:"cursor"`
	Prev     string         `json:"prev"`
	Ops      []wire.Change  `json:"ops"`
	Outcomes []wire.Outcome `json:"outcomes"`
	Seq      int64          `json:"seq"`
	Code     string         `json:"code"`
	Message  string         `json:"message"`
}

// Dial opens a socket without a hello. Headers come in pairs.
func (s *Shop) Dial(headers ...string) (*websocket.Conn, *http.Response, error) {
	header := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	dialer := websocket.Dialer{HandshakeTimeout: 10 * time.Second, NetDial: func(network, address string) (net.Conn, error) {
		conn, err := net.Dial(network, address)
		if tcp, ok := conn.(*net.TCPConn); ok && s.ReadBuffer > 0 {
			err = tcp.SetReadBuffer(s.ReadBuffer)
		}
		return conn, err
	}}
	return dialer.Dial(strings.Replace(s.URL(), "http", "ws", 1)+"/api/sync/live", header)
}

// Live connects the device and says hello with its token and cursor; the server's first frame is still to be read.
func (d *Device) Live() *Socket {
	d.shop.t.Helper()
	conn, _, err := d.shop.Dial("Accept-Language", "en")
	if err != nil {
		d.shop.t.Fatalf("dial: %v", err)
	}
	d.shop.t.Cleanup(func() { _ = conn.Close() })
	socket := &Socket{Conn: conn, device: d}
	socket.Say(wire.Hello{Type: "hello", Token: d.Token, Device: d.ID, Cursor: d.Cursor})
	return socket
}

// Ready is Live for a hello that has to be answered.
func (d *Device) Ready() *Socket {
	d.shop.t.Helper()
	socket := d.Live()
	if frame := socket.Next(); frame.Type != "ready" {
		d.shop.t.Fatalf("%+v", frame)
	}
	return socket
}

// Say sends a frame.
func (s *Socket) Say(frame any) {
	s.device.shop.t.Helper()
	if err := s.Conn.WriteJSON(frame); err != nil {
		s.device.shop.t.Fatalf("say: %v", err)
	}
}

// Next is the server's next frame, within ten seconds.
func (s *Socket) Next() Frame {
	s.device.shop.t.Helper()
	_ = s.Conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, text, err := s.Conn.ReadMessage()
	if err != nil {
		s.device.shop.t.Fatalf("next frame: %v", err)
	}
	var frame Frame
	if err := json.Unmarshal(text, &frame); err != nil {
		s.device.shop.t.Fatalf("frame %s: %v", text, err)
	}
	return frame
}

// Follow takes frames of changes as a tablet does, until its cursor is the one named.
func (s *Socket) Follow(cursor string) {
	s.device.shop.t.Helper()
	for s.device.Cursor != cursor {
		frame := s.Next()
		if frame.Type != "ops" {
			continue
		}
		if frame.Prev != s.device.Cursor {
			s.device.Pull(0)
			continue
		}
		for _, op := range frame.Ops {
			s.device.Apply(op)
		}
		s.device.Cursor = frame.Cursor
	}
}

// Closed reads to the end and returns the close code, 0 when there is none.
func (s *Socket) Closed() int { return CloseCode(s.Conn) }

// CloseCode reads a connection to its end, within ten seconds, and returns the close code.
func CloseCode(conn *websocket.Conn) int {
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		_, _, err := conn.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			return closed.Code
		}
		if err != nil {
			return 0
		}
	}
}
