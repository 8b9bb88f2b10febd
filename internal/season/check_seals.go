package season

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"aftercare/internal/consent"
	"aftercare/internal/pass"
	"aftercare/internal/record"
)

// seals: every consent's document hashes to what was signed, every job in it to what was decided on, and the server's seal over both
// verifies with the published keys; so do the advisor's countersignature, what the customer signed on a settlement, and every pass (S-02, S-03, D-06, D-07).
func (a *audit) seals() (found []string) {
	keys := a.keys()
	for _, id := range a.written("consents") {
		row, err := a.app.FindRecordById(record.Consents, id)
		if err != nil {
			a.err = err
			return found
		}
		if wrong := sealed(record.AsConsent(row), keys); wrong != "" {
			found = append(found, fmt.Sprintf("consent %s: %s", id, wrong))
		}
	}
	for _, b := range a.bills() {
		sum := hash(values{"id": b.ID, "number": b.Number, "order": b.Order, "kind": b.Kind, "lines": b.lines, "total_fen": b.Total})
		if b.SHA256 != sum {
			found = append(found, fmt.Sprintf("settlement %s does not hash to what was signed", b.Number))
		}
	}
	var passes []struct {
		ID    string `db:"id"`
		Visit string `db:"visit"`
		Plate string `db:"plate"`
		Token string `db:"token"`
	}
	a.query(&passes, "SELECT id, visit, plate, token FROM gate_passes WHERE shop = {:shop} AND updated >= {:since}")
	for _, p := range passes {
		if said, _, err := pass.Check(p.Token, keys); err != nil || said.ID != p.ID || said.Visit != p.Visit || said.Plate != p.Plate {
			found = append(found, fmt.Sprintf("pass %s: %v", p.ID, err))
		}
	}
	return found
}

// keys are the published ones of the shop.
func (a *audit) keys() consent.Keys {
	var rows []struct {
		Key    string `db:"key"`
		Public string `db:"public"`
	}
	a.query(&rows, "SELECT key, public FROM seal_keys WHERE shop = {:shop}")
	keys := consent.Keys{}
	for _, row := range rows {
		if public, err := base64.RawURLEncoding.DecodeString(row.Public); err == nil {
			keys[row.Key] = ed25519.PublicKey(public)
		}
	}
	return keys
}

func (a *audit) written(collection string) (ids []string) {
	var rows []struct {
		ID string `db:"id"`
	}
	a.query(&rows, "SELECT id FROM "+collection+" WHERE shop = {:shop} AND updated >= {:since}")
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids
}

// sealed says what of a consent is not as it was signed; "" when all is.
func sealed(c *record.Consent, keys consent.Keys) string {
	if hash(json.RawMessage(c.Document())) != c.SHA256() {
		return "the document does not hash to what was signed"
	}
	var document struct{ Jobs []map[string]any }
	if err := json.Unmarshal(c.Document(), &document); err != nil {
		return err.Error()
	}
	shown := map[string]string{}
	for _, job := range document.Jobs {
		said, _ := job["sha256"].(string)
		delete(job, "sha256")
		id, _ := job["id"].(string)
		if shown[id] = said; hash(job) != said {
			return fmt.Sprintf("job %s in the document does not hash to what it says", id)
		}
	}
	for _, line := range c.Jobs() {
		if shown[line.ID] != line.SHA256 {
			return fmt.Sprintf("job %s was not shown like that", line.ID)
		}
	}
	return sealing(c, keys)
}

// sealing holds the server's words to the row and its signatures to the keys.
func sealing(c *record.Consent, keys consent.Keys) string {
	seal, ok := c.Seal()
	var said consent.Statement
	if !ok || json.Unmarshal(seal.Statement, &said) != nil || !signed(seal, said.Key, keys) {
		return "the seal does not verify"
	}
	evidence, err := c.Evidence()
	if err != nil {
		return err.Error()
	}
	sums := map[string]string{}
	for name, value := range evidence {
		sums[name] = hash(value)
	}
	if said.SHA256 != c.SHA256() || said.Code != c.Code() || said.Kind != c.DocumentKind() || said.Way != c.Kind() || said.SignedAt != c.SignedAt() || said.Evidence != hash(sums) {
		return "the seal says something else"
	}
	by, _ := c.CountersignedBy()
	if by == "" {
		return ""
	}
	counter, ok := c.Counterseal()
	var word consent.Countersignature
	if !ok || json.Unmarshal(counter.Statement, &word) != nil || !signed(counter, word.Key, keys) || word.By != by || word.Code != c.Code() || word.SHA256 != hash(seal.Statement) {
		return "the countersignature does not verify"
	}
	return ""
}

func signed(s consent.Seal, key string, keys consent.Keys) bool {
	signature, err := base64.RawURLEncoding.DecodeString(s.Signature)
	return err == nil && len(keys[key]) == ed25519.PublicKeySize && ed25519.Verify(keys[key], canonical(s.Statement), signature)
}

func hash(v any) string {
	sum := sha256.Sum256(canonical(v))
	return hex.EncodeToString(sum[:])
}

// canonical writes JSON with the names of every object in order, no space, and numbers as they were written: what RFC 8785 asks of
// the whole numbers and plain texts that are signed here.
func canonical(v any) []byte {
	b, ok := v.(json.RawMessage)
	if !ok {
		b = plain(v)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var decoded any
	if err := d.Decode(&decoded); err != nil {
		return nil
	}
	var out bytes.Buffer
	write(&out, decoded)
	return out.Bytes()
}

func write(out *bytes.Buffer, v any) {
	switch v := v.(type) {
	case map[string]any:
		out.WriteByte('{')
		for i, name := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				out.WriteByte(',')
			}
			out.Write(plain(name))
			out.WriteByte(':')
			write(out, v[name])
		}
		out.WriteByte('}')
	case []any:
		out.WriteByte('[')
		for i, one := range v {
			if i > 0 {
				out.WriteByte(',')
			}
			write(out, one)
		}
		out.WriteByte(']')
	default:
		out.Write(plain(v))
	}
}

// plain is Go's JSON without what it escapes for browsers.
func plain(v any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}
