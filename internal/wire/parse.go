package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
	"unicode/utf8"

	"aftercare/internal/fault"
)

// ParsePush reads the body of a push. Over a limit: sync.too_large. Not JSON, not UTF-8, or a mutation without a seq:
// sync.malformed. A mutation of a wrong form with a readable seq is marked Broken, so that it can be answered and
// does not hold up the ones after it.
func ParsePush(body []byte) (*PushRequest, error) {
	if err := CheckText(body, MaxBody); err != nil {
		return nil, err
	}
	var raw struct {
		Device     string            `json:"device"`
		Epoch      string            `json:"epoch"`
		App        string            `json:"app"`
		Tablet     string            `json:"tablet"`
		Credential bool              `json:"credential"`
		Mutations  []json.RawMessage `json:"mutations"`
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, malformed("").Because(err)
	}
	mutations, err := ParseMutations(raw.Mutations)
	if err != nil {
		return nil, err
	}
	return &PushRequest{Device: raw.Device, Epoch: raw.Epoch, App: raw.App, Tablet: raw.Tablet, Credential: raw.Credential, Mutations: mutations}, nil
}

// parsedApart is from how many mutations on it pays to parse one half beside the other.
const parsedApart = 32

// ParseMutations reads the mutations of a push body or of a push frame.
func ParseMutations(raw []json.RawMessage) ([]Mutation, error) {
	if len(raw) > MaxMutations {
		return nil, TooLarge("mutations")
	}
	mutations, errs := make([]Mutation, len(raw)), make([]error, len(raw))
	half := 0
	var beside sync.WaitGroup
	if len(raw) >= parsedApart {
		half = len(raw) / 2
		beside.Go(func() {
			for i := range half {
				mutations[i], errs[i] = parseOne(raw[i])
			}
		})
	}
	for i := half; i < len(raw); i++ {
		mutations[i], errs[i] = parseOne(raw[i])
	}
	beside.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return mutations, nil
}

func parseOne(raw json.RawMessage) (Mutation, error) {
	m, err := parseMutation(raw)
	if err == nil && len(m.Ops) > MaxOps {
		err = TooLarge("ops")
	}
	return m, err
}

func parseMutation(text json.RawMessage) (Mutation, error) {
	var m Mutation
	if err := json.Unmarshal(text, &m); err != nil {
		var head struct {
			Seq float64         `json:"seq"`
			ID  json.RawMessage `json:"id"`
		}
		if json.Unmarshal(text, &head) != nil || head.Seq != float64(int64(head.Seq)) {
			return m, malformed("mutations").Because(err)
		}
		m = Mutation{Seq: int64(head.Seq), Broken: true}
		_ = json.Unmarshal(head.ID, &m.ID) // an id that is no string stays empty
	}
	if m.Seq < 1 {
		return m, malformed("seq")
	}
	m.Hash = contentHash(text)
	return m, nil
}

// contentHash is the same for the same content however it is spaced and ordered. The commit is left out: it is the
// server's own number, which the first sending could not have. So is the app: it says who made the content.
func contentHash(text json.RawMessage) string {
	var content map[string]any
	if json.Unmarshal(text, &content) != nil {
		return ""
	}
	delete(content, "commit")
	delete(content, "app")
	canonical, err := json.Marshal(content)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// CheckText holds a message to its size (sync.too_large), to UTF-8 (sync.malformed) and to MaxNesting
// (sync.too_large) before anything reads it.
func CheckText(b []byte, limit int) error {
	if len(b) > limit {
		return TooLarge("body")
	}
	if !utf8.Valid(b) {
		return malformed("body")
	}
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > MaxNesting {
				return TooLarge("nesting")
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// TooLarge is the refusal of a message over a limit; what names the limit.
func TooLarge(what string) *fault.Fault {
	return fault.New(fault.TooLarge, "sync.too_large").On(what)
}

func malformed(field string) *fault.Fault {
	return fault.New(fault.Invalid, "sync.malformed").On(field)
}
