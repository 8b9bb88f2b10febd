package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/spf13/cast"

	"aftercare/internal/fault"
	"aftercare/internal/scope"
	"aftercare/internal/wire"
)

var errClosed = errors.New("the server is going away")

// outgoing is one frame on its way to a device. Seq, when set, is how far the device has heard once it has it.
type outgoing struct {
	frame *websocket.PreparedMessage
	text  []byte
	seq   int64
}

// socket is one connected device.
type socket struct {
	hub     *Hub
	conn    *websocket.Conn
	lang    string
	queue   chan *outgoing
	closing chan struct{}
	gone    chan struct{}
	once    sync.Once
	code    int
	epoch   string // at hello
	brief   bool   // said hello so

	work    sync.Mutex // held while a push is under way
	mu      sync.Mutex // guards what follows
	session *scope.Session
	token   string
	user    string
	expiry  *time.Timer
}

// Serve takes over the connection, which lives on when Serve has returned: a thousand sockets need not hold a thousand
// handlers' stacks. Address is the client's, for the limit on sockets without a hello.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, address, lang string) error {
	if !websocket.IsWebSocketUpgrade(r) {
		return fault.New(fault.Invalid, "sync.malformed").On("Upgrade")
	}
	if !h.arrive(address) {
		return fault.New(fault.TooMany, "sync.busy")
	}
	greeted := sync.OnceFunc(func() { h.greeted(address) })
	var refusal error
	upgrader := h.upgrader
	upgrader.Error = func(_ http.ResponseWriter, _ *http.Request, status int, why error) { refusal = noSocket(status, why) }
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		greeted()
		return refusal // nil when the connection is gone
	}
	s := &socket{hub: h, conn: conn, lang: lang, queue: make(chan *outgoing, maxQueue), closing: make(chan struct{}), gone: make(chan struct{})}
	if !h.add(s) {
		greeted()
		return conn.Close()
	}
	go s.live(greeted)
	return nil
}

// live is the socket's life. Greeted is called once the hello is over.
func (s *socket) live(greeted func()) {
	defer close(s.gone)
	defer s.conn.Close()
	defer s.hub.leave(s)
	defer greeted()
	defer func() {
		if p := recover(); p != nil {
			s.hub.app.Logger().Error("a socket failed", "error", fmt.Sprint(p), "stack", string(debug.Stack()))
			s.end(websocket.CloseInternalServerErr)
		}
	}()
	writer := make(chan struct{})
	go func() { defer close(writer); s.write() }()
	if s.hello() {
		greeted()
		s.read()
	}
	s.end(websocket.CloseNormalClosure)
	<-writer
	s.hearOut()
}

// noSocket is why a handshake fails: a page of somebody else's, or no handshake at all.
func noSocket(status int, why error) error {
	if status == http.StatusForbidden {
		return fault.New(fault.Forbidden, "access.forbidden").On("Origin").Because(why)
	}
	return fault.New(fault.Invalid, "sync.malformed").On("Upgrade").Because(why)
}

// hearOut reads what the other end still sends, for a moment: a connection shut with bytes unread is reset, and the
// close code would be lost with it.
func (s *socket) hearOut() {
	_ = s.conn.SetReadDeadline(time.Now().Add(time.Second))
	for {
		if _, _, err := s.conn.NextReader(); err != nil {
			return
		}
	}
}

// hello is steps 1 and 2: who is it, and is its picture of this epoch and scope?
func (s *socket) hello() bool {
	_ = s.conn.SetReadDeadline(time.Now().Add(s.hub.Timing.Hello))
	text, code := s.frame(maxHello)
	if code != 0 {
		s.end(code)
		return false
	}
	var hello wire.Hello
	if json.Unmarshal(text, &hello) != nil || hello.Type != "hello" {
		s.end(closeMalformed)
		return false
	}
	s.brief = hello.Brief
	session, code := s.admit(hello.Token, hello.Device, hello.App)
	if code == 0 {
		code = s.positioned(hello.Cursor, session.Scope)
	}
	if code == 0 {
		code = codeOf(s.hub.devices.Bind(session))
	}
	if code != 0 {
		s.end(code)
		return false
	}
	s.conn.SetPongHandler(func(string) error { return s.conn.SetReadDeadline(time.Now().Add(s.hub.Timing.Silence)) })
	_ = s.conn.SetReadDeadline(time.Now().Add(s.hub.Timing.Silence))
	if err := s.hub.join(s, session.Scope); err != nil {
		s.end(websocket.CloseGoingAway)
		return false
	}
	return true
}

// admit checks a token and takes it for the socket's.
func (s *socket) admit(token, device, app string) (*scope.Session, int) {
	auth, err := s.hub.app.FindAuthRecordByToken(token, core.TokenTypeAuth)
	if err != nil {
		return nil, closeSignedOut
	}
	session, err := s.hub.devices.Admit(auth, device, scope.Told{App: app})
	if err != nil {
		return nil, codeOf(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session, s.token, s.user = session, token, auth.Id
	if s.expiry != nil {
		s.expiry.Stop()
	}
	s.expiry = time.AfterFunc(time.Until(expiryOf(token)), func() { s.end(closeSignedOut) })
	return session, 0
}

// expiryOf is when a token that has been verified ends.
func expiryOf(token string) time.Time {
	claims, err := security.ParseUnverifiedJWT(token)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(cast.ToInt64(claims["exp"]), 0)
}

func codeOf(err error) int {
	f, ok := fault.From(err)
	switch {
	case err == nil:
		return 0
	case !ok:
		return websocket.CloseInternalServerErr
	case f.Kind == fault.Unauthorised:
		return closeSignedOut
	case f.Kind == fault.Forbidden:
		return closeForeign
	case f.Kind == fault.TooMany:
		return closeTooSlow
	}
	return closeMalformed
}

// positioned: a cursor of another scope or epoch asks for a snapshot, which only a pull gives. An old one is fine.
func (s *socket) positioned(cursor string, sc scope.Scope) int {
	if cursor == "" {
		return 0
	}
	at, err := s.hub.log.Open(s.hub.app, cursor)
	if err != nil {
		if _, malformed := fault.From(err); malformed {
			return closeMalformed
		}
		return websocket.CloseInternalServerErr
	}
	if !s.hub.log.Current(at) || at.Scope != sc.Mark() {
		s.hub.Poke()
		return closeMoved
	}
	return 0
}

// read takes the device's frames in order until the socket ends.
func (s *socket) read() {
	for {
		text, code := s.frame(maxFrame)
		if code != 0 {
			s.end(code)
			return
		}
		if err := wire.CheckText(text, maxFrame); err != nil {
			s.end(codeOfFrame(err))
			return
		}
		if code := s.take(text); code != 0 {
			s.end(code)
			return
		}
	}
}

func codeOfFrame(err error) int {
	if f, ok := fault.From(err); ok && f.Kind == fault.TooLarge {
		return closeTooLarge
	}
	return closeMalformed
}

// frame reads one text frame of at most limit bytes.
func (s *socket) frame(limit int64) ([]byte, int) {
	kind, from, err := s.conn.NextReader()
	if err != nil {
		return nil, websocket.CloseNormalClosure
	}
	if kind != websocket.TextMessage {
		return nil, closeMalformed
	}
	text, err := io.ReadAll(io.LimitReader(from, limit+1))
	if int64(len(text)) > limit {
		return nil, closeTooLarge
	}
	if err != nil {
		return nil, websocket.CloseNormalClosure
	}
	return text, 0
}

func (s *socket) take(text []byte) int {
	var frame wire.Frame
	if json.Unmarshal(text, &frame) != nil {
		return closeMalformed
	}
	switch frame.Type {
	case "push":
		return s.push(&frame)
	case "auth":
		return s.renew(frame.Token)
	}
	return closeMalformed
}

// push is step 7: the device and the epoch are the socket's, unless the frame names an epoch.
func (s *socket) push(frame *wire.Frame) int {
	mutations, err := wire.ParseMutations(frame.Mutations)
	if err != nil {
		return codeOfFrame(err)
	}
	s.work.Lock()
	defer s.work.Unlock()
	if s.ending() {
		return 0 // not taken: it is sent again
	}
	s.mu.Lock()
	session := s.session
	s.mu.Unlock()
	epoch := frame.Epoch
	if epoch == "" {
		epoch = s.epoch
	}
	response, err := s.hub.push.Push(session, epoch, mutations, s.lang)
	if err != nil {
		s.say(s.failure(err))
		return 0
	}
	if s.brief && response.Epoch == s.epoch {
		response.Epoch = ""
	}
	s.say(wire.Outcomes{Type: "outcomes", PushResponse: *response})
	return 0
}

// failure answers a push that was not taken as a whole, as PocketBase's error would.
func (s *socket) failure(err error) wire.Outcomes {
	f, ok := fault.From(err)
	if !ok {
		s.hub.app.Logger().Warn("a push by socket failed", "error", err)
		f = fault.New(fault.Unavailable, "sync.busy")
	}
	settled, _ := f.Details["seq"].(int64) // 0 where it is not told
	return wire.Outcomes{Type: "outcomes", Code: f.Code, Message: f.Message(s.lang),
		PushResponse: wire.PushResponse{Epoch: s.hub.log.Epoch(), Seq: settled, Outcomes: []wire.Outcome{}}}
}

// renew takes a new token of the same user before the old one ends.
func (s *socket) renew(token string) int {
	s.mu.Lock()
	device, before, app := s.session.Device, s.session.Scope, s.session.App
	s.mu.Unlock()
	session, code := s.admit(token, device, app)
	if code == 0 && session.Scope != before {
		code = closeMoved
	}
	return code
}
