package apptest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"sort"
	"sync/atomic"

	"aftercare/internal/wire"
)

// Device is a tablet reduced to its store and its outbox's number: what a person did on it goes out by Push, what
// others did comes in by Pull. It knows nothing but what the server told it.
type Device struct {
	ID, Token, Epoch, Cursor, Letter, Credential string

	Seq    int64
	Rows   map[string]map[string]any // "collection/id" → row
	Resets int                       // snapshots begun
	Left   []string                  // rows purged by leave

	shop *Shop
}

var minted atomic.Int64

// NewID mints a 15-character id.
func NewID() string { return fmt.Sprintf("t%014d", minted.Add(1)) }

// Device signs a shop's person in on a new tablet.
func (s *Shop) Device(shop, role string) *Device {
	s.t.Helper()
	return &Device{ID: NewID(), Token: s.Token(shop, role), Rows: map[string]map[string]any{}, shop: s}
}

// At moves the device to another house, as a tablet meets a restarted server.
func (d *Device) At(s *Shop) *Device {
	d.shop = s
	return d
}

// Create, Patch and Delete are the ops of a mutation.
func Create(collection, id string, data map[string]any) wire.Op {
	return wire.Op{Op: wire.Create, Collection: collection, ID: id, Data: raw(data)}
}

// Patch changes fields of the row as of the base version.
func Patch(collection, id string, base int64, data map[string]any) wire.Op {
	return wire.Op{Op: wire.Patch, Collection: collection, ID: id, Base: &base, Data: raw(data)}
}

// Delete removes the row as of the base version.
func Delete(collection, id string, base int64) wire.Op {
	return wire.Op{Op: wire.Delete, Collection: collection, ID: id, Base: &base}
}

func raw(data map[string]any) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for name, value := range data {
		b, err := json.Marshal(value)
		if err != nil {
			panic(err) // test data
		}
		out[name] = b
	}
	return out
}

// Mutation takes the device's next seq.
func (d *Device) Mutation(ops ...wire.Op) wire.Mutation {
	d.Seq++
	return wire.Mutation{Seq: d.Seq, ID: NewID(), Intent: "test", At: "2026-11-21T02:03:04.005Z", Seen: d.Cursor, Ops: ops}
}

// Send pushes mutations and returns the whole answer.
func (d *Device) Send(mutations ...wire.Mutation) Answer {
	return d.shop.Do(http.MethodPost, "/api/sync/push", d.Token, d.Body(mutations...))
}

// Body is the push of the mutations.
func (d *Device) Body(mutations ...wire.Mutation) wire.PushRequest {
	if mutations == nil {
		mutations = []wire.Mutation{}
	}
	return wire.PushRequest{Device: d.ID, Epoch: d.Epoch, App: "1.0.0", Mutations: mutations}
}

// Push pushes mutations; anything but 200 fails the test.
func (d *Device) Push(mutations ...wire.Mutation) wire.PushResponse {
	d.shop.t.Helper()
	answer := d.Send(mutations...)
	if answer.Status != http.StatusOK {
		d.shop.t.Fatalf("push: %d %s", answer.Status, answer.Body)
	}
	var response wire.PushResponse
	answer.JSON(&response)
	if response.Credential != "" {
		d.Credential = response.Credential
	}
	d.Letter = response.Letter
	return response
}

// Do pushes one mutation of the ops and returns its outcome.
func (d *Device) Do(ops ...wire.Op) wire.Outcome {
	d.shop.t.Helper()
	return d.Push(d.Mutation(ops...)).Outcomes[0]
}

// Must is Do for what has to end as applied or merged.
func (d *Device) Must(ops ...wire.Op) wire.Outcome {
	d.shop.t.Helper()
	o := d.Do(ops...)
	if o.Outcome != wire.Applied && o.Outcome != wire.Merged {
		d.shop.t.Fatalf("%s %s: %+v", o.Outcome, o.Code, o)
	}
	return o
}

// Pull follows the server until nothing more comes, in pages of the limit (0: the server's default).
func (d *Device) Pull(limit int) {
	d.shop.t.Helper()
	for more := true; more; {
		more = d.PullPage(limit).More
	}
}

// PullPage takes one page.
func (d *Device) PullPage(limit int) wire.PullResponse {
	d.shop.t.Helper()
	query := url.Values{"device": {d.ID}}
	if d.Cursor != "" {
		query.Set("cursor", d.Cursor)
	}
	if limit > 0 {
		query.Set("limit", fmt.Sprint(limit))
	}
	answer := d.shop.Do(http.MethodGet, "/api/sync/pull?"+query.Encode(), d.Token, nil)
	if answer.Status != http.StatusOK {
		d.shop.t.Fatalf("pull: %d %s", answer.Status, answer.Body)
	}
	var page wire.PullResponse
	if err := json.Unmarshal(answer.Body, &page); err != nil {
		d.shop.t.Fatalf("pull: %v in %s", err, answer.Body)
	}
	d.Take(page)
	return page
}

// Take applies a page to the store, as the tablet does in one transaction.
func (d *Device) Take(page wire.PullResponse) {
	if page.Reset {
		d.Rows = map[string]map[string]any{}
		d.Resets++
	}
	for _, op := range page.Ops {
		d.Apply(op)
	}
	d.Epoch, d.Cursor = page.Epoch, page.Cursor
	if page.Letter != "" {
		d.Letter = page.Letter
	}
}

// Apply does one op of a page or a frame.
func (d *Device) Apply(op wire.Change) {
	key := op.Collection + "/" + op.ID
	var data map[string]any
	_ = json.Unmarshal(op.Data, &data)
	switch op.Op {
	case wire.Put:
		d.Rows[key] = data
	case wire.Patch:
		row := maps.Clone(d.Rows[key])
		if row == nil {
			row = map[string]any{"patched": "nothing"} // shows up in every comparison
		}
		maps.Copy(row, data)
		d.Rows[key] = row
	case wire.Leave:
		d.Left = append(d.Left, key)
		delete(d.Rows, key)
	case wire.Delete:
		delete(d.Rows, key)
	}
}

// Version is the version of a row in the store, 0 when it is not there.
func (d *Device) Version(collection, id string) int64 {
	v, _ := d.Rows[collection+"/"+id]["version"].(float64)
	return int64(v)
}

// Store is the whole store as text, equal for equal stores.
func (d *Device) Store() string {
	keys := make([]string, 0, len(d.Rows))
	for key := range d.Rows {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	out := ""
	for _, key := range keys {
		b, err := json.Marshal(d.Rows[key])
		if err != nil {
			panic(err) // came from JSON
		}
		out += key + " " + string(b) + "\n"
	}
	return out
}
