package main

import (
	"bytes"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// listeners is how many tablets a change goes out to; shouts how many changes make a run.
const (
	listeners = 1000
	shouts    = 10
)

// crowd is the time until the last of 1,000 listeners has a change, and the memory both servers take with them.
func (b *bench) crowd() error {
	a, other, err := b.pair()
	if err != nil {
		return err
	}
	defer a.conn.Close()
	_ = other.conn.Close() // one of the thousand speaks, who hears it stands below
	a.tablet.version = b.ours.writer.version
	empty, err := b.ours.server.memory()
	if err != nil {
		return err
	}
	theirEmpty, err := b.peer.server.memory()
	if err != nil {
		return err
	}
	here, there := &audience{}, &audience{}
	defer here.leave()
	defer there.leave()
	if err := b.tablets(here); err != nil {
		return err
	}
	if err := b.streams(there); err != nil {
		return err
	}
	if err := b.shout(a, here, there); err != nil {
		return err
	}
	full, err := b.ours.server.memory()
	if err != nil {
		return err
	}
	theirFull, err := b.peer.server.memory()
	if err != nil {
		return err
	}
	b.compare("memory_1000", "MB", []float64{full}, []float64{theirFull})
	b.note("memory_1000", "resident; before they came: ours %.0f MB, the other's %.0f MB", empty, theirEmpty)
	return nil
}

func (b *bench) shout(a *line, here, there *audience) error {
	id := generate(1)[0].id
	var d delays
	for run := range b.runs {
		var mine, other []float64
		for i := range shouts {
			value := 700_000 + run*shouts + i
			took, err := here.reached(value, func() error {
				m, err := a.change(id, value)
				if err != nil {
					return err
				}
				return a.settled(m)
			})
			if err != nil {
				return err
			}
			mine = append(mine, took)
			took, err = there.reached(value, func() error { return b.peer.change(id, value) })
			if err != nil {
				return err
			}
			other = append(other, took)
		}
		d.add(mine, other)
	}
	b.delays("fanout", d)
	return nil
}

// audience is listeners that wait for a change of the odometer to a value.
type audience struct {
	wanted  atomic.Pointer[awaited]
	leaving []func() error
}

// awaited counts who has not heard yet; the last one says when.
type awaited struct {
	mark []byte
	left atomic.Int64
	last chan time.Time
}

// hear is told every message by the listener it came to.
func (a *audience) hear(message []byte) {
	w := a.wanted.Load()
	if w != nil && bytes.Contains(message, w.mark) && w.left.Add(-1) == 0 {
		w.last <- time.Now()
	}
}

// reached is the time from the change until the last listener has it.
func (a *audience) reached(value int, change func() error) (float64, error) {
	w := &awaited{mark: []byte(`"odometer_km":` + strconv.Itoa(value)), last: make(chan time.Time, 1)}
	w.left.Store(listeners)
	a.wanted.Store(w)
	began := time.Now()
	if err := change(); err != nil {
		return 0, err
	}
	select {
	case at := <-w.last:
		return float64(at.Sub(began).Microseconds()) / 1000, nil
	case <-time.After(30 * time.Second):
		return 0, fmt.Errorf("%d of %d listeners were not reached", w.left.Load(), listeners)
	}
}

func (a *audience) leave() {
	for _, leave := range a.leaving {
		_ = leave() // the measurement is over
	}
}

// tablets connects the listeners to our server.
func (b *bench) tablets(to *audience) error {
	lines := make([]*line, listeners)
	for i := range lines {
		t, err := b.ours.tablet()
		if err != nil {
			return err
		}
		lines[i] = &line{tablet: t}
	}
	g := errgroup.Group{}
	g.SetLimit(8) // sockets of one address that may wait without a hello are few
	for i := range lines {
		g.Go(func() (err error) {
			lines[i].tablet.client.http.CloseIdleConnections() // a tablet at rest holds its socket alone
			lines[i], err = b.ours.connect(lines[i].tablet)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, l := range lines {
		to.leaving = append(to.leaving, l.conn.Close)
		go func() {
			for {
				_, message, err := l.conn.ReadMessage()
				if err != nil {
					return
				}
				to.hear(message)
			}
		}()
	}
	return nil
}

// streams connects the listeners to the stock server.
func (b *bench) streams(to *audience) error {
	for range listeners {
		s, err := b.peer.listen()
		if err != nil {
			return err
		}
		to.leaving = append(to.leaving, s.close)
		go func() {
			for {
				message, err := s.event()
				if err != nil {
					return
				}
				to.hear(message)
			}
		}()
	}
	return nil
}
