// Package wire holds the messages of the three doors of sync as they cross the network: push, pull and live.
// It parses and limits, and decides nothing. Field order is the order on the wire.
package wire

import (
	"encoding/json"
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

// PushRequest is the body of POST /api/sync/push. Credential asks for a new push-only credential.
type PushRequest struct {
	Device     string     `json:"device"`
	Epoch      string     `json:"epoch"`
	App        string     `json:"app"`
	Credential bool       `json:"credential,omitempty"`
	Mutations  []Mutation `json:"mutations"`
}

// Mutation is one act of one person, applied whole or not at all. At is the device's clock, RFC 3339 in UTC. Commit is
// the log seq it was once acknowledged with, when a restored server is offered it again.
type Mutation struct {
	Seq    int64  `json:"seq"`
	ID     string `json:"id"`
	Intent string `json:"intent"`
	At     string `json:"at"`
	Seen   string `json:"seen"`
	Ops    []Op   `json:"ops"`
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
	Epoch      string    `json:"epoch"`
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
	Fields  map[string]FieldFault     `json:"fields,omitempty"`
	Server  map[string]map[string]any `json:"server,omitempty"`
	After   int64                     `json:"after,omitempty"`
}

// FieldFault is one field's refusal, as in PocketBase's error body.
type FieldFault struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// PullResponse answers GET /api/sync/pull. Letter is the device's letter for numbers made offline (O-04).
type PullResponse struct {
	Epoch  string   `json:"epoch"`
	Cursor string   `json:"cursor"`
	More   bool     `json:"more"`
	Reset  bool     `json:"reset"`
	Letter string   `json:"letter,omitempty"`
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

// Encode is the response as JSON. Row data is copied as it is: it is JSON already, and long.
func (p *PullResponse) Encode() []byte {
	b := append([]byte(`{"epoch":`), text(p.Epoch)...)
	b = append(append(b, `,"cursor":`...), text(p.Cursor)...)
	b = strconv.AppendBool(append(b, `,"more":`...), p.More)
	b = strconv.AppendBool(append(b, `,"reset":`...), p.Reset)
	if p.Letter != "" {
		b = append(append(b, `,"letter":`...), text(p.Letter)...)
	}
	b = AppendChanges(append(b, `,"ops":`...), p.Ops)
	return append(b, '}')
}

// AppendChanges appends the changes as a JSON array.
func AppendChanges(b []byte, ops []Change) []byte {
	b = append(b, '[')
	for i := range ops {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, `{"op":"`...), ops[i].Op...)
		b = append(append(b, `","collection":"`...), ops[i].Collection...)
		b = append(append(b, `","id":`...), text(ops[i].ID)...)
		b = strconv.AppendInt(append(b, `,"version":`...), ops[i].Version, 10)
		if len(ops[i].Data) > 0 {
			b = append(append(b, `,"data":`...), ops[i].Data...)
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

// Hello is the first frame of a socket.
type Hello struct {
	Type   string `json:"type"`
	Token  string `json:"token"`
	Device string `json:"device"`
	Cursor string `json:"cursor"`
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
	b = AppendChanges(append(b, `,"ops":`...), ops)
	return append(b, '}')
}
