package consent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"unicode/utf8"
)

// Statement is what the server seals of a consent when it stores it (S-03). Times are UTC as stored. Signer is masked;
// Evidence binds the rest of the row: decisions, strokes, signer, place, the call or the link.
type Statement struct {
	Kind     string `json:"kind"`     // of the document
	Schema   int    `json:"schema"`   // of this statement
	Way      string `json:"way"`      // signature | phone | portal
	State    string `json:"state"`    // as stored first: given | declined
	SHA256   string `json:"sha256"`   // of the document's canonical bytes
	Evidence string `json:"evidence"` // see Evidence.SHA256
	Code     string `json:"code"`     // by which anyone may ask for it
	Signer   string `json:"signer"`
	Device   string `json:"device"` // on which it was signed
	SignedAt string `json:"signed_at"`
	SealedAt string `json:"sealed_at"`
	Key      string `json:"key"`
	Test     bool   `json:"test"` // made on a server whose clock is a test's
}

// StatementSchema is the number of the statement's form.
const StatementSchema = 1

// Evidence is what stands beside the document in a consent: missing text is "", missing JSON null. It is hashed value by
// value, so that one of them can be taken out on the customer's wish and its hash left in its place.
type Evidence map[string]json.RawMessage

// EvidenceFields are the names of the evidence; a sealed consent has every one of them, and no other.
var EvidenceFields = []string{"call_at", "call_number", "call_words", "caller", "jobs", "link", "place",
	"signer_name", "signer_relation", "strokes"}

// SHA256 is the hash over the canonical hashes of the values, by name.
func (e Evidence) SHA256() (string, error) {
	sums := map[string]string{}
	for name, value := range e {
		canonical, err := Canonical(value)
		if err != nil {
			return "", err
		}
		sum := sha256.Sum256(canonical)
		sums[name] = hex.EncodeToString(sum[:])
	}
	return Hash(sums)
}

// complete reports whether the evidence has its fields and no other.
func (e Evidence) complete() bool {
	for _, name := range EvidenceFields {
		if _, there := e[name]; !there {
			return false
		}
	}
	return len(e) == len(EvidenceFields)
}

// Masked is a name as strangers may read it: the first character, 李**.
func Masked(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 || first == utf8.RuneError {
		return "**"
	}
	return string(first) + "**"
}
