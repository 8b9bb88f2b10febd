package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
)

// peer is the stock server with one collection of the twelve fields and one user who may read and write it.
type peer struct {
	server *server
	client *client
}

const (
	items     = "items"
	admin     = "admin@bench.test"
	user      = "user@bench.test"
	perPage   = 1000
	batchPath = "/api/batch"
)

func openPeer(dir string) (*peer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	out, err := exec.Command(self, stockCommand, "superuser", "upsert", admin, password, "--dir="+dir).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("superuser: %w: %s", err, out)
	}
	p := &peer{}
	if p.server, err = serve(self, stockCommand, "serve", "--dir="+dir); err != nil {
		return nil, err
	}
	if err := p.prepare(); err != nil {
		p.server.stop()
		return nil, err
	}
	return p, nil
}

// prepare makes the collection and the user, and lets a batch be as long as it likes.
func (p *peer) prepare() error {
	token, err := signIn(p.server, "_superusers", admin, password)
	if err != nil {
		return err
	}
	super := newClient(p.server, token)
	columns := []map[string]any{}
	for _, name := range fields {
		kind := "text"
		if numeric[name] {
			kind = "number"
		}
		columns = append(columns, map[string]any{"name": name, "type": kind})
	}
	columns = append(columns, map[string]any{"name": "photo", "type": "file", "maxSelect": 1, "maxSize": 30 << 20, "thumbs": []string{"320x0"}})
	rule := `@request.auth.id != ""`
	steps := []struct {
		method, path string
		body         any
	}{
		{http.MethodPatch, "/api/settings", map[string]any{"batch": map[string]any{"enabled": true, "maxRequests": 10_000, "timeout": 300, "maxBodySize": 128 << 20}}},
		{http.MethodPost, "/api/collections", map[string]any{"name": items, "type": "base", "fields": columns,
			"listRule": rule, "viewRule": rule, "createRule": rule, "updateRule": rule}},
		{http.MethodPost, "/api/collections/users/records", map[string]any{"email": user, "password": password, "passwordConfirm": password}},
	}
	for _, s := range steps {
		if err := super.ask(s.method, s.path, s.body, nil); err != nil {
			return err
		}
	}
	if token, err = signIn(p.server, "users", user, password); err != nil {
		return err
	}
	p.client = newClient(p.server, token)
	return nil
}

// request is one of a batch.
type request struct {
	Method string         `json:"method"`
	URL    string         `json:"url"`
	Body   map[string]any `json:"body"`
}

func (p *peer) create(records []one) error {
	requests := make([]request, len(records))
	for i, r := range records {
		body := map[string]any{"id": r.id}
		for name, value := range r.values {
			body[name] = value
		}
		requests[i] = request{http.MethodPost, "/api/collections/" + items + "/records", body}
	}
	return p.batch(requests)
}

// batch sends requests that must all be answered with success.
func (p *peer) batch(requests []request) error {
	var answers []struct {
		Status int            `json:"status"`
		Body   map[string]any `json:"body"`
	}
	body, err := json.Marshal(map[string]any{"requests": requests})
	if err != nil {
		return err
	}
	if err := p.client.send(http.MethodPost, batchPath, bytes.NewReader(body), &answers); err != nil {
		return err
	}
	if len(answers) != len(requests) {
		return fmt.Errorf("%d answers to %d requests", len(answers), len(requests))
	}
	for _, a := range answers {
		if a.Status != http.StatusOK {
			return fmt.Errorf("batch: %d %v", a.Status, a.Body)
		}
	}
	return nil
}

func (p *peer) fill(records []one) error {
	for len(records) > 0 {
		n := min(len(records), 1000)
		if err := p.create(records[:n]); err != nil {
			return err
		}
		records = records[n:]
	}
	return nil
}

// list reads every record as the SDK's getFullList does: pages of 1,000 without the total. The number of pages is
// known here, which saves it the last, empty one.
func (p *peer) list() (map[string]map[string]any, error) {
	rows := make(map[string]map[string]any, total)
	for n := 1; n <= total/perPage; n++ {
		var page struct {
			Items []map[string]any `json:"items"`
		}
		path := "/api/collections/" + items + "/records?skipTotal=1&perPage=" + strconv.Itoa(perPage) + "&page=" + strconv.Itoa(n)
		if err := p.client.ask(http.MethodGet, path, nil, &page); err != nil {
			return nil, err
		}
		for _, row := range page.Items {
			id, _ := row["id"].(string)
			rows[id] = row
		}
	}
	return rows, nil
}
