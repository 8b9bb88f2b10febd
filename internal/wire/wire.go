// Package wire holds the messages of the three doors of sync as they cross the network: push, pull and live.
// It parses and limits, and decides nothing. Field order is the order on the wire.
package wire

import (
	"encoding/json"
	"io"
	"strconv"
)

// Limits of one push. Over any of them: 413 sync.too_large.
const (
	MaxBody      = 8 << 20 // bytes, unpacked
	MaxMutations = 1000
	MaxOps       = 200
	MaxNesting   = 16 // counted from the body
	MaxPage      = 5000
)

// Kinds of Op in a mutation and in a pull.
const (
	Create = "create"
	Patch  = "patch"
	Delete = "delete"
	Put    = "put"
	Leave  = "leave"
)

// Outcomes of a mutation.
const (
	Applied  = "applied"
	Merged   = "merged"
	Rejected = "rejected"
	Retry    = "retry"
)

// PushRequest is the body of POST /api/sync/push. App is the version of the app that speaks, Tablet the id of the
// installation, which the devices of all its people share (O-03). Credential asks for a new push-only credential.
type PushRequest struct {
	Device     string     `json:"device"`
	Epoch      string     `json:"epoch"`
	App        string     `json:"app"`
	Tablet     string     `json:"tablet,omitempty"`
	Credential bool       `json:"credential,omitempty"`
	Mutations  []Mutation `json:"mutations"`
}

// Mutation is one act of one person, applied whole or not at all. At is the device's clock, RFC 3339 in UTC. App is the
// version of the app that made it, "" for the one that sends it. Commit is the log seq it was once acknowledged with,
// when a restored server is offered it again.
type Mutation struct {
	Seq    int64  `json:"seq"`
	ID     string `json:"id"`
	Intent string `json:"intent"`
	At     string `json:"at"`
	Seen   string `json:"seen"`
	Ops    []Op   `json:"ops"`
	App    string `json:"app,omitempty"`
	Commit int64  `json:"commit,omitempty"`

	Hash   string `json:"-"` // of the canonical content; the same mutation sent again has the same
	Broken bool   `json:"-"` // not of this form, but its seq could be read
}

// Op is one row's change. Base is the version the user saw (patch, delete).
type Op struct {
	Op         string                     `json:"op"`
	Collection string                     `json:"collection"`
	ID         string                     `json:"id"`
	Base       *int64                     `json:"base,omitempty"`
	Data       map[string]json.RawMessage `json:"data,omitempty"`
}

// PushResponse answers a push. Credential appears once, with the device's first push or when it was asked for (O-02).
type PushResponse struct {
	Epoch      string    `json:"epoch,omitempty"`
	Seq        int64     `json:"seq"`
	Outcomes   []Outcome `json:"outcomes"`
	Credential string    `json:"credential,omitempty"`
	Letter     string    `json:"letter,omitempty"`
}

// Outcome of one mutation. Version is keyed "collection/id"; After is a pause in ms before a retry.
type Outcome struct {
	Seq     int64                     `json:"seq"`
	Outcome string                    `json:"outcome"`
	Commit  int64                     `json:"commit,omitempty"`
	Version map[string]int64          `json:"version,omitempty"`
	Code    string                    `json:"code,omitempty"`
	Message string                    `json:"message,omitempty"`
	Said    map[string]string         `json:"said,omitempty"` // the message in each language, by "zh" and "en"
	Fields  map[string]FieldFault     `json:"fields,omitempty"`
	Server  map[string]map[string]any `json:"server,omitempty"`
	Since   map[string][]Touch        `json:"since,omitempty"`
	After   int64                     `json:"after,omitempty"`
	First   *Outcome                  `json:"first,omitempty"` // with sync.reused: what became of the caller's own mutation of this id
}

// Touch is one change that somebody else made to a row since the version a refused op was made on.
type Touch struct {
	By     string                     `json:"by"`
	Device string                     `json:"device,omitempty"`
	At     string                     `json:"at"` // server's time, UTC
	Op     string                     `json:"op"` // create, update, delete
	Data   map[string]json.RawMessage `json:"data,omitempty"`
}

// FieldFault is one field's refusal, as in PocketBase's error body.
type FieldFault struct {
	Code    string            `json:"code"`
	Message string            `json:"message"`
	Said    map[string]string `json:"said,omitempty"`
}

// PullResponse answers GET /api/sync/pull. Letter is the device's letter for numbers made offline (O-04). Tables come
// to who asked for them, in place of puts and before Ops.
type PullResponse struct {
	Epoch  string   `json:"epoch"`
	Boot   string   `json:"boot"` // of the server's last start: no restore is without one
	Cursor string   `json:"cursor"`
	More   bool     `json:"more"`
	Reset  bool     `json:"reset"`
	Letter string   `json:"letter,omitempty"`
	Tables []*Table `json:"tables,omitempty"`
	Ops    []Change `json:"ops"`
}

// Change is one row's change towards a device: put (whole row), patch (changed fields), delete, leave (no longer yours).
type Change struct {
	Op         string          `json:"op"`
	Collection string          `json:"collection"`
	ID         string          `json:"id"`
	Version    int64           `json:"version"`
	Data       json.RawMessage `json:"data,omitempty"`
}

// WriteTo writes the response as JSON, a table at a time. Row data is copied as it is: it is JSON already, and long.
func (p *PullResponse) WriteTo(w io.Writer) (n int64, err error) {
	b := append([]byte(`{"epoch":`), text(p.Epoch)...)
	b = append(append(b, `,"boot":`...), text(p.Boot)...)
	b = append(append(b, `,"cursor":`...), text(p.Cursor)...)
	b = strconv.AppendBool(append(b, `,"more":`...), p.More)
	b = strconv.AppendBool(append(b, `,"reset":`...), p.Reset)
	if p.Letter != "" {
		b = append(append(b, `,"letter":`...), text(p.Letter)...)
	}
	for i, t := range p.Tables {
		if i == 0 {
			b = append(b, `,"tables":[`...)
		} else {
			b = append(b, ',')
		}
		b = t.AppendTo(b)
		if len(b) > 64<<10 {
			m, err := w.Write(b)
			if n += int64(m); err != nil {
				return n, err
			}
			b = b[:0]
		}
	}
	if len(p.Tables) > 0 {
		b = append(b, ']')
	}
	b = appendChanges(append(b, `,"ops":`...), p.Ops, false)
	m, err := w.Write(append(b, '}'))
	return n + int64(m), err
}

// Spread turns the tables into puts, for who did not ask for them.
func (p *PullResponse) Spread() {
	var ops []Change
	for _, t := range p.Tables {
		ops = append(ops, t.Changes()...)
	}
	p.Tables, p.Ops = nil, append(ops, p.Ops...)
}

// appendChanges appends the changes as a JSON array; briefly as BriefOpsFrame says.
func appendChanges(b []byte, ops []Change, briefly bool) []byte {
	b = append(b, '[')
	for i := range ops {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		data := ops[i].Data
		if briefly && ops[i].Op == Patch {
			data = brief(data)
		} else {
			b = append(append(append(b, `"op":"`...), ops[i].Op...), `",`...)
		}
		b = append(append(b, `"collection":"`...), ops[i].Collection...)
		b = append(append(b, `","id":`...), text(ops[i].ID)...)
		b = strconv.AppendInt(append(b, `,"version":`...), ops[i].Version, 10)
		if len(data) > 0 {
			b = append(append(b, `,"data":`...), data...)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

func text(s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil {
		return []byte(`""`) // a string always marshals
	}
	return quoted
}

// Hello is the first frame of a socket. App is the version of the app, as in a push. Brief asks for frames that leave out
// what the device knows (BriefOpsFrame, and outcomes without the socket's epoch).
type Hello struct {
	Type   string `json:"type"`
	Token  string `json:"token"`
	Device string `json:"device"`
	Cursor string `json:"cursor"`
	App    string `json:"app,omitempty"`
	Brief  bool   `json:"brief,omitempty"`
}

// Ready answers a hello: where the device's scope stands. A device with another cursor pulls.
type Ready struct {
	Type   string `json:"type"`
	Epoch  string `json:"epoch"`
	Cursor string `json:"cursor"`
}

// Frame is any later frame of a device: "push" or "auth".
type Frame struct {
	Type      string            `json:"type"`
	Token     string            `json:"token"`
	Epoch     string            `json:"epoch"`
	Mutations []json.RawMessage `json:"mutations"`
}

// Outcomes answers a push frame. Code is set when the push was refused as a whole.
type Outcomes struct {
	Type    string `json:"type"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	PushResponse
}

// OpsFrame is a frame of changes: a device whose cursor is prev applies them and holds cursor; any other pulls.
func OpsFrame(prev, cursor string, ops []Change) []byte {
	b := append([]byte(`{"type":"ops","prev":`), text(prev)...)
	b = append(append(b, `,"cursor":`...), text(cursor)...)
	b = appendChanges(append(b, `,"ops":`...), ops, false)
	return append(b, '}')
}

// BriefOpsFrame is the same for a device that said so in its hello. What it knows by itself is left out: the type; prev,
// which is the cursor of the frame before on this socket; op where it is patch, and the version among a patch's data.
func BriefOpsFrame(cursor string, ops []Change) []byte {
	b := append([]byte(`{"cursor":`), text(cursor)...)
	return append(appendChanges(append(b, `,"ops":`...), ops, true), '}')
}

// brief is a patch's data without what its head says.
func brief(patch json.RawMessage) json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(patch, &fields) != nil {
		return patch
	}
	delete(fields, "version")
	data, err := json.Marshal(fields)
	if err != nil {
		return patch
	}
	return data
}
