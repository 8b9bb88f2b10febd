package live

import (
	"encoding/json"
	"time"

	"github.com/gorilla/websocket"
)

func (s *socket) say(message any) {
	text, err := json.Marshal(message)
	if err != nil {
		s.hub.app.Logger().Error("encoding a frame failed", "error", err)
		s.end(websocket.CloseInternalServerErr)
		return
	}
	s.send(&outgoing{text: text})
}

// send queues a frame. It never waits: a reader too slow for its queue is let go, and pulls.
func (s *socket) send(o *outgoing) {
	select {
	case s.queue <- o:
	default:
		s.end(closeTooSlow)
	}
}

// end begins to close the socket with the code; the first call decides.
func (s *socket) end(code int) {
	s.once.Do(func() {
		s.code = code
		close(s.closing)
	})
}

// ending reports whether the socket has begun to close: it is told nothing new.
func (s *socket) ending() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}

// write is the only writer of the connection.
func (s *socket) write() {
	ping := time.NewTicker(s.hub.Timing.Ping)
	defer ping.Stop()
	defer s.farewell()
	for {
		select {
		case <-s.closing:
			s.drain()
			return
		case o := <-s.queue:
			if s.put(o) != nil {
				s.end(websocket.CloseAbnormalClosure)
				return
			}
		case <-ping.C:
			if s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(s.hub.Timing.Write)) != nil {
				s.end(websocket.CloseAbnormalClosure)
				return
			}
		}
	}
}

// drain sends what is known before the door closes, the outcomes of a push under way too; none is begun any more.
func (s *socket) drain() {
	if s.code == closeTooSlow {
		return
	}
	s.work.Lock()
	defer s.work.Unlock()
	for {
		select {
		case o := <-s.queue:
			if s.put(o) != nil {
				return
			}
		default:
			return
		}
	}
}

func (s *socket) put(o *outgoing) error {
	_ = s.conn.SetWriteDeadline(time.Now().Add(s.hub.Timing.Write))
	if o.frame == nil {
		return s.conn.WriteMessage(websocket.TextMessage, o.text)
	}
	if err := s.conn.WritePreparedMessage(o.frame); err != nil {
		return err
	}
	s.mu.Lock()
	device := s.session.Device
	s.mu.Unlock()
	s.hub.devices.Deliver(device, o.seq, false)
	return nil
}

// farewell sends the close code; the reader ends with the other end's answer, or a moment later without.
func (s *socket) farewell() {
	s.mu.Lock()
	if s.expiry != nil {
		s.expiry.Stop()
	}
	s.mu.Unlock()
	if s.code != websocket.CloseAbnormalClosure {
		_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(s.code, ""), time.Now().Add(time.Second))
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(time.Second))
}
