package pass

import (
	"crypto/ed25519"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/vectortest"
)

var update = flag.Bool("update", false, "write testdata/passes.json anew")

// vector is a pass that both sides must judge alike.
type vector struct {
	Name  string            `json:"name"`
	Token string            `json:"token"`
	Keys  map[string]string `json:"keys"`
	Code  string            `json:"code"` // "" for a genuine one
	Plate string            `json:"plate"`
	By    string            `json:"by"` // device of a certified tablet
}

func keyOf(seed byte) (ed25519.PrivateKey, string, consent.Keys) {
	private := ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), seed))
	public := private.Public().(ed25519.PublicKey)
	id := consent.KeyID(public)
	return private, id, consent.Keys{id: public}
}

func statement(key string) Statement {
	return Statement{Kind: KindPass, ID: "pass00000000001", Number: "P-A01", Shop: "shop00000000001", Visit: "visit0000000001", Plate: "沪A12345",
		IssuedAt: "2026-11-21 08:00:00.000Z", Until: "2026-11-22 08:00:00.000Z", Key: key}
}

func certificate(server string, tablet ed25519.PrivateKey) Certificate {
	public := tablet.Public().(ed25519.PublicKey)
	return Certificate{Kind: KindCertificate, Device: "device000000001", Staff: "zhaojie00000001", Shop: "shop00000000001", Next: consent.KeyID(public), Public: consent.EncodeKey(public),
		From: "2026-11-21 00:00:00.000Z", Until: "2026-11-24 00:00:00.000Z", Key: server}
}

func sign(t *testing.T, key ed25519.PrivateKey, of any) consent.Seal {
	t.Helper()
	s, err := consent.Sign(key, of)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func vectors(t *testing.T) []vector {
	server, serverID, _ := keyOf(1)
	tablet, tabletID, _ := keyOf(2)
	stranger, strangerID, _ := keyOf(3)
	keys := map[string]string{serverID: consent.EncodeKey(server.Public().(ed25519.PublicKey))}
	cert := sign(t, server, certificate(serverID, tablet))
	online := Token(sign(t, server, statement(serverID)), nil)
	offline := Token(sign(t, tablet, statement(tabletID)), &cert)
	late := statement(tabletID)
	late.IssuedAt, late.Until = "2026-11-24 00:00:00.001Z", "2026-11-25 00:00:00.000Z"
	own := sign(t, stranger, certificate(strangerID, stranger))
	return []vector{
		{Name: "D-07 signed by the server", Token: online, Keys: keys, Plate: "沪A12345"},
		{Name: "D-07 signed by a certified cashier's tablet", Token: offline, Keys: keys, Plate: "沪A12345", By: "device000000001"},
		{Name: "D-07 a tablet without the server's certificate", Token: Token(sign(t, tablet, statement(tabletID)), nil), Keys: keys, Code: "seal.key_unknown"},
		{Name: "D-07 a stranger's key certified by itself", Token: Token(sign(t, stranger, statement(strangerID)), &own), Keys: keys, Code: "seal.key_unknown"},
		{Name: "D-07 made after the certificate had run out", Token: Token(sign(t, tablet, late), &cert), Keys: keys, Code: "gate.uncertified"},
		{Name: "D-07 another plate put on it", Token: swap(online, 5, packed("沪B99999")), Keys: keys, Code: "seal.broken"},
		{Name: "D-07 its end moved", Token: swap(offline, 7, consent.Instant("2026-12-22 08:00:00.000Z")), Keys: keys, Code: "seal.broken"},
		{Name: "D-07 the certificate's end moved", Token: swap(offline, 15, consent.Instant("2027-11-24 00:00:00.000Z")), Keys: keys, Code: "seal.broken"},
		{Name: "D-07 not a pass", Token: "https://example.com/", Keys: keys, Code: "gate.unreadable"},
		{Name: "D-07 half a pass", Token: online[:len(online)/2], Keys: keys, Code: "gate.unreadable"},
		{Name: "D-07 no keys on the phone", Token: online, Keys: map[string]string{}, Code: "seal.key_unknown"},
	}
}

// swap puts another text in the place of one part.
func swap(token string, part int, text string) string {
	parts := strings.Split(token, ".")
	parts[part] = text
	return strings.Join(parts, ".")
}

func TestCheck(t *testing.T) {
	if *update {
		b, err := json.MarshalIndent(vectors(t), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/passes.json", append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stored := vectortest.Read[[]vector](t, "testdata/passes.json")
	for i, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			if i >= len(stored) || stored[i].Token != v.Token {
				t.Fatal("testdata/passes.json is of another form; run with -update")
			}
			keys := consent.Keys{}
			for id, text := range v.Keys {
				keys[id], _ = consent.DecodeKey(text)
			}
			s, c, err := Check(v.Token, keys)
			f, _ := fault.From(err)
			if f == nil {
				f = &fault.Fault{}
			}
			by := ""
			if c != nil {
				by = c.Device
			}
			if f.Code != v.Code || v.Code == "" && (s.Plate != v.Plate || by != v.By) {
				t.Errorf("got %q %q by %q, want %q %q by %q", f.Code, s.Plate, by, v.Code, v.Plate, v.By)
			}
		})
	}
	t.Run("D-07 a single altered character fails", rapid.MakeCheck(func(t *rapid.T) {
		token := rapid.SampledFrom(stored[:2]).Draw(t, "pass").Token
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		other := rapid.SampledFrom([]byte("ABCXYZabcxyz0189-_.")).Draw(t, "character")
		if token[at] == other {
			return
		}
		_, _, keys := keyOf(1)
		if _, _, err := Check(token[:at]+string(other)+token[at+1:], keys); err == nil {
			t.Fatalf("character %d as %q passes", at, other)
		}
	}))
}
