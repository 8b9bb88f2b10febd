// Package live tells connected devices of every change within a moment. It promises that frames come in seq order,
// that a device which missed one can tell (its cursor is not the frame's prev) and pulls, that a change is encoded
// once for all devices of a scope, and that one slow reader delays nobody. It keeps nothing: what a device misses, it
// pulls. The numbered steps are those of DESIGN.md.
package live

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/changelog"
	"aftercare/internal/pull"
	"aftercare/internal/push"
	"aftercare/internal/scope"
	"aftercare/internal/wire"
)

// Close codes.
const (
	closeMalformed = 4400
	closeSignedOut = 4401
	closeForeign   = 4403
	closeMoved     = 4409 // epoch or scope changed: pull
	closeTooLarge  = 4413
	closeTooSlow   = 4429 // pull
)

const (
	maxFrame      = 1 << 20
	maxHello      = 4 << 10
	maxGreeting   = 16   // sockets of one address that have not said hello
	maxQueue      = 256  // frames waiting for one device
	entriesAtOnce = 2000 // read from the log for one frame
	socketBuffer  = 1024 // bytes; most frames are shorter, and a socket holds one for reading all its life
)

// Timing is how long a hub waits: for the hello, between pings, for an answer to them (without one the other end is
// gone), and for a frame to be taken.
type Timing struct {
	Hello, Ping, Silence, Write time.Duration
}

var usual = Timing{Hello: 10 * time.Second, Ping: 25 * time.Second, Silence: 60 * time.Second, Write: 10 * time.Second}

// Config of a Hub. Origins are further hosts whose pages may connect; the server's own always may, and so may clients
// that name no origin.
type Config struct {
	Origins []string
}

// Hub is the sockets of one server.
type Hub struct {
	Timing Timing // set before the first socket comes

	app      core.App
	log      *changelog.Log
	devices  *scope.Devices
	pull     *pull.Reader
	push     *push.Engine
	config   Config
	upgrader websocket.Upgrader

	poke    chan struct{}
	done    chan struct{}
	checked int64 // of Run: the log up to here has been looked through for people and devices

	mu       sync.Mutex
	groups   map[scope.Scope]*group
	greeting map[string]int // sockets before hello, by address
	sockets  map[*socket]bool
	epoch    string
	closed   bool
}

// group is the devices of one scope. They hold the same cursor.
type group struct {
	scope   scope.Scope
	seq     int64
	cursor  string
	members map[*socket]bool

	following bool // of Run: it has been told all that Run has seen
}

// New returns a hub; Run must be running for it to tell anything.
func New(app core.App, log *changelog.Log, devices *scope.Devices, reader *pull.Reader, engine *push.Engine, config Config) *Hub {
	h := &Hub{Timing: usual, app: app, log: log, devices: devices, pull: reader, push: engine, config: config,
		poke: make(chan struct{}, 1), done: make(chan struct{}),
		groups: map[scope.Scope]*group{}, greeting: map[string]int{}, sockets: map[*socket]bool{}}
	h.upgrader = websocket.Upgrader{HandshakeTimeout: usual.Hello, CheckOrigin: h.originAllowed,
		ReadBufferSize: socketBuffer, WriteBufferSize: socketBuffer, WriteBufferPool: &sync.Pool{}}
	log.OnCommit(h.Poke)
	return h
}

// Poke says that the log may have grown. It never waits.
func (h *Hub) Poke() {
	select {
	case h.poke <- struct{}{}:
	default:
	}
}

// Run tells the groups what the log says, until the context ends; then it closes every socket.
func (h *Hub) Run(ctx context.Context) {
	defer close(h.done)
	if head, err := h.log.Head(h.app); err == nil {
		h.checked = head // sockets come later, and are looked at when they come
	}
	for {
		select {
		case <-ctx.Done():
			h.closeAll(websocket.CloseGoingAway)
			return
		case <-h.poke:
			h.tell()
		}
	}
}

// Wait returns when Run has ended and every socket is closed.
func (h *Hub) Wait() { <-h.done }

func (h *Hub) originAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true // no browser page
	}
	from, err := url.Parse(origin)
	if err != nil {
		return false
	}
	return strings.EqualFold(from.Host, r.Host) || slices.ContainsFunc(h.config.Origins, func(allowed string) bool {
		return strings.EqualFold(allowed, origin) || strings.EqualFold(allowed, from.Host)
	})
}

// tell is step 4: each group gets one frame for what its scope saw since the last one.
func (h *Hub) tell() {
	h.mu.Lock()
	moved := h.epoch != "" && h.epoch != h.log.Epoch()
	groups := make([]*group, 0, len(h.groups))
	for _, g := range h.groups {
		groups = append(groups, g)
	}
	h.mu.Unlock()
	if moved { // step 5: everyone's picture is of another life
		h.closeAll(closeMoved)
		h.mu.Lock()
		h.epoch = h.log.Epoch()
		h.mu.Unlock()
		return
	}
	tail, whole, err := h.log.Tail(h.app, h.checked, entriesAtOnce)
	if whole = whole && err == nil; whole {
		h.recheck(tail)
	} else {
		err = h.recheckPage()
	}
	if err != nil {
		h.app.Logger().Warn("looking for revoked devices failed; it is tried again with the next change", "error", err)
	}
	for _, g := range groups {
		err := h.tellGroup(g, tail, whole)
		if g.following = err == nil; err != nil {
			h.app.Logger().Warn("telling a scope's devices failed; they pull", "error", err)
			h.closeGroup(g, closeMoved)
		}
	}
}

// tellGroup tells a group what is new. A whole tail holds all of it for who has followed so far; for who has not, or fell
// behind, the log is read page by page.
func (h *Hub) tellGroup(g *group, tail []changelog.Entry, whole bool) error {
	if whole && g.following {
		entries, end := changelog.Share(tail, g.scope, g.seq)
		return h.tellEntries(g, entries, end)
	}
	for more := true; more; {
		var entries []changelog.Entry
		var end int64
		var err error
		if entries, end, more, err = h.log.Page(h.app, g.scope, g.seq, entriesAtOnce); err != nil {
			return err
		}
		if err := h.tellEntries(g, entries, end); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hub) tellEntries(g *group, entries []changelog.Entry, end int64) error {
	if end == g.seq {
		return nil
	}
	ops, err := h.log.Ops(h.app, entries, end)
	if err != nil {
		return err
	}
	return h.hand(g, ops, end, h.log.At(g.scope.Mark(), end))
}

// frames is what is said to a group of devices: encoded at most once in each form, and shared by all who get it.
type frames struct {
	prev, cursor string
	ops          []wire.Change
	seq          int64
	whole, brief *outgoing
}

func (f *frames) of(s *socket) (*outgoing, error) {
	form := &f.whole
	if s.brief {
		form = &f.brief
	}
	if *form != nil {
		return *form, nil
	}
	frame, err := websocket.NewPreparedMessage(websocket.TextMessage, f.encode(s.brief))
	*form = &outgoing{frame: frame, seq: f.seq}
	return *form, err
}

// encode encodes a frame. One that would be too long names the cursor it leads to as its prev, so that every device pulls
// instead.
func (f *frames) encode(brief bool) []byte {
	b := wire.BriefOpsFrame(f.cursor, f.ops)
	if !brief {
		b = wire.OpsFrame(f.prev, f.cursor, f.ops)
	}
	if len(b) > maxFrame {
		return wire.OpsFrame(f.cursor, f.cursor, nil)
	}
	return b
}

func (h *Hub) hand(g *group, ops []wire.Change, seq int64, cursor string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := frames{prev: g.cursor, cursor: cursor, ops: ops, seq: seq}
	g.seq, g.cursor = seq, cursor
	for member := range g.members {
		if member.ending() {
			continue
		}
		frame, err := f.of(member)
		if err != nil {
			return err
		}
		member.send(frame)
	}
	return nil
}

// join is step 3: the socket is told where its scope stands, and gets every frame of it from there on.
func (h *Hub) join(s *socket, sc scope.Scope) (err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return errClosed
	}
	if h.epoch == "" {
		h.epoch = h.log.Epoch()
	}
	g := h.groups[sc]
	if g == nil {
		g = &group{scope: sc, members: map[*socket]bool{}}
		if g.cursor, g.seq, err = h.pull.Cursor(sc); err != nil {
			return err
		}
		h.groups[sc] = g
	}
	s.epoch = h.epoch
	s.say(wire.Ready{Type: "ready", Epoch: h.epoch, Cursor: g.cursor})
	g.members[s] = true
	return nil
}

func (h *Hub) leave(s *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.sockets, s)
	for key, g := range h.groups {
		delete(g.members, s)
		if len(g.members) == 0 {
			delete(h.groups, key)
		}
	}
}

func (h *Hub) closeGroup(g *group, code int) {
	h.mu.Lock()
	members := make([]*socket, 0, len(g.members))
	for s := range g.members {
		members = append(members, s)
	}
	h.mu.Unlock()
	for _, s := range members {
		s.end(code)
	}
}

func (h *Hub) closeAll(code int) {
	h.mu.Lock()
	if code == websocket.CloseGoingAway {
		h.closed = true
	}
	all := make([]*socket, 0, len(h.sockets))
	for s := range h.sockets {
		all = append(all, s)
	}
	h.mu.Unlock()
	for _, s := range all {
		s.end(code)
	}
	for _, s := range all {
		<-s.gone
	}
}

// arrive counts a socket that has not said hello, and refuses one too many from an address.
func (h *Hub) arrive(address string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.greeting[address] >= maxGreeting {
		return false
	}
	h.greeting[address]++
	return true
}

func (h *Hub) greeted(address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.greeting[address]--; h.greeting[address] <= 0 {
		delete(h.greeting, address)
	}
}

func (h *Hub) add(s *socket) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.sockets[s] = true
	return true
}

// Sockets is the number of connected devices.
func (h *Hub) Sockets() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.sockets)
}
