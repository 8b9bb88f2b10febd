// Package consent says what a customer's signature binds: the canonical bytes of the document that was shown, the
// hash of each job's agreed content, and whether a consent as it arrives is true to itself. It builds the documents
// from plain structs, so that server and tablet show the same bytes. It decides nothing about who may sign or what
// may start (package flow), knows no record, and reads no clock. The form is written down in DESIGN.md.
package consent

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"unicode/utf8"

	"github.com/gowebpki/jcs"
)

// maxSafe is the largest integer that JavaScript holds exactly; what is signed holds nothing beyond it.
const maxSafe = 1<<53 - 1

var errNotCanonical = errors.New("consent: not canonical material")

// Canonical returns the RFC 8785 bytes of v. A json.RawMessage is taken as the JSON it is. Duplicate names, lone
// surrogates and bytes that are no UTF-8 are errors.
func Canonical(v any) ([]byte, error) {
	raw, err := plainJSON(v)
	if err != nil {
		return nil, err
	}
	return jcs.Transform(raw)
}

// Hash is the SHA-256 of the canonical bytes of v, as 64 lower-case hex digits. What is signed holds whole numbers
// only, inside ±(2^53−1), so that no side ever rounds; other numbers are an error.
func Hash(v any) (string, error) {
	_, sum, err := sealed(v)
	return sum, err
}

// sealed returns the canonical bytes together with their hash.
func sealed(v any) ([]byte, string, error) {
	raw, err := plainJSON(v)
	if err != nil {
		return nil, "", err
	}
	if err := wholeNumbers(raw); err != nil {
		return nil, "", err
	}
	canonical, err := jcs.Transform(raw)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(canonical)
	return canonical, hex.EncodeToString(sum[:]), nil
}

func plainJSON(v any) (json.RawMessage, error) {
	raw, isRaw := v.(json.RawMessage)
	if !isRaw {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		raw = b
	}
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return nil, errNotCanonical
	}
	return raw, nil
}

func wholeNumbers(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n, ok := token.(float64); ok && (n != math.Trunc(n) || math.Abs(n) > maxSafe) {
			return errNotCanonical
		}
	}
}
