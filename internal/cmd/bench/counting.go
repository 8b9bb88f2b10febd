package main

import (
	"context"
	"net"
	"sync/atomic"
)

// counting dials connections that add up what they carry.
type counting struct{ down, up *atomic.Int64 }

func (c *counting) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return counted{conn, c}, nil
}

// counted is a connection that counts.
type counted struct {
	net.Conn
	by *counting
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.by.down.Add(int64(n))
	return n, err
}

func (c counted) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.by.up.Add(int64(n))
	return n, err
}
