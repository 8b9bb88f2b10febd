package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"aftercare/internal/wire"
)

// line is a tablet's open socket.
type line struct {
	tablet   *tablet
	conn     *websocket.Conn
	down, up atomic.Int64
}

// heard is any frame of the server's.
type heard struct {
	Type   string `json:"type"`
	Cursor string `json:"cursor"`
	Ops    []struct {
		ID   string         `json:"id"`
		Data map[string]any `json:"data"`
	} `json:"ops"`
	wire.PushResponse
}

func (o *ours) connect(t *tablet) (*line, error) {
	l := &line{tablet: t}
	dialer := websocket.Dialer{NetDialContext: (&counting{down: &l.down, up: &l.up}).dial}
	conn, _, err := dialer.Dial("ws://"+o.server.address+"/api/sync/live", nil)
	if err != nil {
		return nil, err
	}
	l.conn = conn
	if err := conn.WriteJSON(wire.Hello{Type: "hello", Token: o.token, Device: t.id, Brief: true}); err != nil {
		return nil, err
	}
	var ready heard
	if err := conn.ReadJSON(&ready); err != nil || ready.Type != "ready" {
		return nil, fmt.Errorf("hello: %q %w", ready.Type, err)
	}
	t.cursor = ready.Cursor
	return l, nil
}

func (l *line) next() (*heard, error) {
	_ = l.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	var h heard
	err := l.conn.ReadJSON(&h)
	if h.Cursor != "" {
		l.tablet.cursor = h.Cursor
	}
	return &h, err
}

// change pushes one edit over the socket. It is not answered yet.
func (l *line) change(id string, value int) (wire.Mutation, error) {
	m := l.tablet.edit(id, "odometer_km", value)
	return m, l.conn.WriteJSON(struct {
		Type      string          `json:"type"`
		Mutations []wire.Mutation `json:"mutations"`
	}{"push", []wire.Mutation{m}})
}

// settled reads until the outcome of the mutation and its echo are here; other changes may come before.
func (l *line) settled(m wire.Mutation) error {
	for outcome, echo := false, false; !outcome || !echo; {
		h, err := l.next()
		if err != nil {
			return err
		}
		switch h.Type {
		case "": // brief: a change
			echo = echo || len(h.Ops) > 0 && h.Ops[len(h.Ops)-1].ID == m.Ops[0].ID
		case "outcomes":
			outcome = true
			if err := l.tablet.settle([]wire.Mutation{m}, &h.PushResponse); err != nil {
				return err
			}
		}
	}
	return nil
}

// stream is a listener of the stock server's realtime API.
type stream struct {
	body     *bufio.Reader
	close    func() error
	down, up atomic.Int64
}

func (p *peer) listen() (*stream, error) {
	s := &stream{}
	transport := &http.Transport{DialContext: (&counting{down: &s.down, up: &s.up}).dial}
	answer, err := (&http.Client{Transport: transport}).Get(p.server.url("/api/realtime"))
	if err != nil {
		return nil, err
	}
	s.body, s.close = bufio.NewReader(answer.Body), answer.Body.Close
	hello, err := s.event()
	if err != nil {
		return nil, err
	}
	var client struct {
		ID string `json:"clientId"`
	}
	if err := json.Unmarshal(hello, &client); err != nil {
		return nil, err
	}
	return s, p.client.ask(http.MethodPost, "/api/realtime", map[string]any{"clientId": client.ID, "subscriptions": []string{items + "/*"}}, nil)
}

// event is the data of the next event.
func (s *stream) event() ([]byte, error) {
	var data []byte
	for {
		text, err := s.body.ReadString('\n')
		if err != nil {
			return nil, err
		}
		if text == "\n" && data != nil {
			return data, nil
		}
		if rest, ok := strings.CutPrefix(text, "data:"); ok {
			data = []byte(strings.TrimSpace(rest))
		}
	}
}

// changes is how many edits one after the other make a run of the latency.
const changes = 200

// latencies is the time from A's edit until B has read it: over our socket, and over HTTP and SSE.
func (b *bench) latencies() error {
	a, to, s, end, err := b.duo()
	if err != nil {
		return err
	}
	defer end()
	records := generate(total)
	var d delays
	for run := range b.runs {
		var mine, other []float64
		for i := range changes {
			took, err := a.reach(to, records[run*changes+i].id, 500_000+i)
			if err != nil {
				return err
			}
			mine = append(mine, took)
			if took, err = b.peer.reach(s, records[run*changes+i].id, 500_000+i); err != nil {
				return err
			}
			other = append(other, took)
		}
		d.add(mine, other)
	}
	b.delays("latency", d)
	return nil
}

// duo is a pair that edits what is there already, and a listener of the other server. end closes their lines.
func (b *bench) duo() (a, to *line, s *stream, end func(), err error) {
	if a, to, err = b.pair(); err != nil {
		return nil, nil, nil, nil, err
	}
	hangUp := func() {
		_ = a.conn.Close() // the measurement is over
		_ = to.conn.Close()
	}
	if s, err = b.peer.listen(); err != nil {
		hangUp()
		return nil, nil, nil, nil, err
	}
	a.tablet.version = b.ours.writer.version
	return a, to, s, func() { _ = s.close(); hangUp() }, nil
}

// pair is two new tablets with their sockets. Both are made before either connects: a new device is a change, too.
func (b *bench) pair() (a, to *line, err error) {
	one, err := b.ours.tablet()
	if err != nil {
		return nil, nil, err
	}
	other, err := b.ours.tablet()
	if err != nil {
		return nil, nil, err
	}
	if a, err = b.ours.connect(one); err != nil {
		return nil, nil, err
	}
	to, err = b.ours.connect(other)
	return a, to, err
}

// reach is the time from the edit until the other tablet has read it.
func (l *line) reach(to *line, id string, value int) (float64, error) {
	arrived := make(chan error, 1)
	began := time.Now()
	var took float64
	go func() {
		for {
			h, err := to.next()
			took = ms(began)
			if err == nil && h.Type != "" {
				continue
			}
			if err == nil && (len(h.Ops) != 1 || h.Ops[0].ID != id || h.Ops[0].Data["odometer_km"] != float64(value)) {
				err = errors.New("another change came")
			}
			arrived <- err
			return
		}
	}()
	m, err := l.change(id, value)
	if err != nil {
		return 0, err
	}
	if err := <-arrived; err != nil {
		return 0, err
	}
	return took, l.settled(m)
}

func (p *peer) reach(to *stream, id string, value int) (float64, error) {
	arrived := make(chan error, 1)
	began := time.Now()
	var took float64
	go func() {
		data, err := to.event()
		var change struct {
			Record map[string]any `json:"record"`
		}
		if err == nil {
			err = json.Unmarshal(data, &change)
		}
		took = ms(began)
		if err == nil && (change.Record["id"] != id || change.Record["odometer_km"] != float64(value)) {
			err = errors.New("another change came")
		}
		arrived <- err
	}()
	if err := p.change(id, value); err != nil {
		return 0, err
	}
	err := <-arrived
	return took, err
}

// change edits one field by the API.
func (p *peer) change(id string, value int) error {
	return p.client.ask(http.MethodPatch, "/api/collections/"+items+"/records/"+id, map[string]any{"odometer_km": value}, nil)
}

// frames is what one changed field weighs: A's frame up, what A gets besides the change itself, what B gets.
func (b *bench) frames() error {
	a, to, s, end, err := b.duo()
	if err != nil {
		return err
	}
	defer end()
	records := generate(total)
	var up, down, toB, theirUp, theirDown, theirToB []float64
	for i := range b.runs {
		id := records[total-1-i].id
		aUp, aDown, bDown := a.up.Load(), a.down.Load(), to.down.Load()
		if _, err := a.reach(to, id, 600_000+i); err != nil {
			return err
		}
		change := float64(to.down.Load() - bDown)
		up, down, toB = append(up, float64(a.up.Load()-aUp)), append(down, float64(a.down.Load()-aDown)-change), append(toB, change)

		aUp, aDown, bDown = b.peer.client.up.Load(), b.peer.client.down.Load(), s.down.Load()
		if _, err := b.peer.reach(s, id, 600_000+i); err != nil {
			return err
		}
		theirUp, theirDown = append(theirUp, float64(b.peer.client.up.Load()-aUp)), append(theirDown, float64(b.peer.client.down.Load()-aDown))
		theirToB = append(theirToB, float64(s.down.Load()-bDown))
	}
	b.compare("wire_up", "B", up, theirUp)
	b.compare("wire_down", "B", down, theirDown)
	b.compare("wire_to_b", "B", toB, theirToB)
	return nil
}
