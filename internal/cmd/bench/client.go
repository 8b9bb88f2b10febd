package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// client speaks HTTP on connections of its own that count what crosses the wire.
type client struct {
	base, token string
	http        *http.Client
	down, up    atomic.Int64 // bytes of the connections, headers and framing included
}

func newClient(s *server, token string) *client {
	c := &client{base: "http://" + s.address, token: token}
	transport := &http.Transport{MaxIdleConnsPerHost: 32, MaxIdleConns: 32}
	transport.DialContext = (&counting{down: &c.down, up: &c.up}).dial
	c.http = &http.Client{Transport: transport, Timeout: 5 * time.Minute}
	return c
}

// ask sends body as JSON, if any, and reads the answer into it.
func (c *client) ask(method, path string, body, into any) error {
	var payload io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		payload = bytes.NewReader(b)
	}
	return c.send(method, path, payload, into)
}

// send sends a body of JSON, if any, and reads the answer into it.
func (c *client) send(method, path string, payload io.Reader, into any) error {
	return c.open(method, path, payload).read(into)
}

// answer is one whose head is here and whose body is still to be read.
type answer struct {
	head http.Header
	body io.ReadCloser
	err  error
}

func (c *client) open(method, path string, payload io.Reader) answer {
	request, err := http.NewRequest(method, c.base+path, payload)
	if err != nil {
		return answer{err: err}
	}
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("Authorization", c.token)
	}
	got, err := c.http.Do(request)
	if err != nil {
		return answer{err: err}
	}
	if got.StatusCode/100 != 2 {
		defer got.Body.Close()
		b, _ := io.ReadAll(io.LimitReader(got.Body, 300)) // for the message
		return answer{err: fmt.Errorf("%s %s: %d %s", method, path, got.StatusCode, b)}
	}
	return answer{head: got.Header, body: got.Body}
}

func (a answer) read(into any) error {
	if a.err != nil {
		return a.err
	}
	defer a.body.Close()
	b, err := io.ReadAll(a.body)
	if err != nil || into == nil || len(b) == 0 {
		return err // nobody asked what it says
	}
	return json.Unmarshal(b, into)
}

// signIn trades a password for a token.
func signIn(s *server, collection, identity, password string) (string, error) {
	var answer struct {
		Token string `json:"token"`
	}
	err := newClient(s, "").ask(http.MethodPost, "/api/collections/"+collection+"/auth-with-password",
		map[string]string{"identity": identity, "password": password}, &answer)
	return answer.Token, err
}
