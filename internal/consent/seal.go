package consent

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"

	"aftercare/internal/fault"
)

// Seal is a statement of the server and its signature: Ed25519 (RFC 8032) over the statement's canonical bytes. The
// statement says what it is about in "kind" and who signed it in "key"; so a seal of one kind never passes for another.
type Seal struct {
	Statement json.RawMessage `json:"statement"`
	Signature string          `json:"signature"` // base64url without padding
}

// Keys are public keys by their names.
type Keys map[string]ed25519.PublicKey

// signatures and keys are written so; strictly, so that every character counts.
var encoding = base64.RawURLEncoding.Strict()

// KeyID names a public key: the first 16 hex digits of its SHA-256. A name never stands for two keys.
func KeyID(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return hex.EncodeToString(sum[:8])
}

// EncodeKey is a public key as text; DecodeKey reads it back, false when it is none.
func EncodeKey(public ed25519.PublicKey) string { return encoding.EncodeToString(public) }

// DecodeKey reads what EncodeKey wrote.
func DecodeKey(text string) (ed25519.PublicKey, bool) {
	b, err := encoding.DecodeString(text)
	return ed25519.PublicKey(b), err == nil && len(b) == ed25519.PublicKeySize
}

// Sign seals a statement. It must be a JSON object that names its kind, and its key as KeyID does.
func Sign(private ed25519.PrivateKey, statement any) (Seal, error) {
	canonical, _, err := sealed(statement)
	if err != nil {
		return Seal{}, err
	}
	head := headOf(canonical)
	public, ok := private.Public().(ed25519.PublicKey)
	if !ok || head.Kind == "" || head.Key != KeyID(public) {
		return Seal{}, errors.New("consent: a seal names its kind and its key")
	}
	return Seal{Statement: canonical, Signature: encoding.EncodeToString(ed25519.Sign(private, canonical))}, nil
}

// Verify says whether the statement was signed by the key it names, which must be one of keys. Codes seal.key_unknown,
// seal.broken.
func (s Seal) Verify(keys Keys) error {
	canonical, _, err := sealed(s.Statement)
	if err != nil {
		return broken(err)
	}
	head := headOf(canonical)
	public, known := keys[head.Key]
	if !known {
		return fault.New(fault.Refused, "seal.key_unknown").On("key").With("key", head.Key)
	}
	signature, err := encoding.DecodeString(s.Signature)
	if err != nil || len(public) != ed25519.PublicKeySize || KeyID(public) != head.Key || !ed25519.Verify(public, canonical, signature) {
		return broken(err)
	}
	return nil
}

func broken(err error) error {
	return fault.New(fault.Refused, "seal.broken").On("seal").Because(err)
}

// sealHead is what every statement says.
type sealHead struct{ Kind, Key string }

func headOf(statement json.RawMessage) sealHead {
	var names map[string]json.RawMessage
	if json.Unmarshal(statement, &names) != nil {
		return sealHead{}
	}
	return sealHead{Kind: plain(names["kind"]), Key: plain(names["key"])}
}

// Read fills into from the statement, which must have exactly its fields. Verify the seal first.
func (s Seal) Read(into any) error {
	return exactly(s.Statement, into)
}

// exactly decodes JSON whose canonical bytes are those of what it was decoded into: no name more, none less, each in
// its exact case and type.
func exactly(raw json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return broken(err)
	}
	given, err := Canonical(raw)
	if err != nil {
		return broken(err)
	}
	again, err := Canonical(into)
	if err != nil || !bytes.Equal(given, again) {
		return broken(err)
	}
	return nil
}

// KindKey is the statement by which a key hands over to its successor.
const KindKey = "seal_key"

// KeyStatement hands over: the key named by Key says that NextKey, with this public half, seals from From on (UTC as stored).
// Who trusts the one may so trust the other.
type KeyStatement struct {
	Kind   string `json:"kind"`
	Key    string `json:"key"`
	Next   string `json:"next"`
	Public string `json:"public"`
	From   string `json:"from"`
}

// Endorse lets the old key hand over to the next one.
func Endorse(old ed25519.PrivateKey, next ed25519.PublicKey, from string) (Seal, error) {
	public, _ := old.Public().(ed25519.PublicKey)
	return Sign(old, KeyStatement{Kind: KindKey, Key: KeyID(public), Next: KeyID(next), Public: EncodeKey(next), From: from})
}

// Trust is the pinned keys and every offered one that a chain of hand-overs leads to from them.
func (pinned Keys) Trust(handovers []Seal) Keys {
	trusted := Keys{}
	for id, public := range pinned {
		if KeyID(public) == id {
			trusted[id] = public
		}
	}
	for grown := true; grown; {
		grown = false
		for _, s := range handovers {
			var h KeyStatement
			if s.Verify(trusted) != nil || s.Read(&h) != nil || h.Kind != KindKey || trusted[h.Next] != nil {
				continue
			}
			if public, ok := DecodeKey(h.Public); ok && KeyID(public) == h.Next {
				trusted[h.Next], grown = public, true
			}
		}
	}
	return trusted
}
