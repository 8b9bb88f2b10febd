package consent

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"aftercare/internal/fault"
	"pgregory.net/rapid"
)

// key is a private key that every run makes the same from one byte.
func key(n byte) ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	seed[0] = n
	return ed25519.NewKeyFromSeed(seed)
}

func publicOf(private ed25519.PrivateKey) ed25519.PublicKey {
	public, _ := private.Public().(ed25519.PublicKey)
	return public
}

func keyring(private ...ed25519.PrivateKey) Keys {
	keys := Keys{}
	for _, k := range private {
		keys[KeyID(publicOf(k))] = publicOf(k)
	}
	return keys
}

const testCode = "0123456789abcdefghjkmnpq00"

// signedFile is a consent as it leaves the house, sealed and countersigned by key 1.
func signedFile(t testing.TB) File {
	t.Helper()
	document, err := EstimateDocument(Offer{Head: Head{Visit: Visit{ID: "visit0000000001"}}, Jobs: []OfferedJob{
		{JobContent: JobContent{ID: "job000000000001", Work: "更换机油机滤", LabourFen: 18000, Payer: "customer"}, Origin: KindEstimate, State: "proposed"}}})
	if err != nil {
		t.Fatal(err)
	}
	evidence := Evidence{}
	for _, name := range EvidenceFields {
		evidence[name] = json.RawMessage(`""`)
	}
	evidence["strokes"] = json.RawMessage(`[[{"x":1,"y":2.5,"time":1763690584005}]]`)
	evidence["jobs"] = json.RawMessage(`[{"id":"job000000000001","sha256":"` + document.Jobs[0].SHA256 + `","decision":"approved"}]`)
	proof, err := evidence.SHA256()
	if err != nil {
		t.Fatal(err)
	}
	statement := Statement{Kind: KindEstimate, Schema: StatementSchema, Way: "signature", State: "given", SHA256: document.SHA256, Evidence: proof,
		Code: testCode, Signer: Masked("李明"), Device: "device000000001", SignedAt: "2026-11-21 02:03:04.005Z", SealedAt: "2026-11-21 02:03:09.120Z",
		Key: KeyID(publicOf(key(1))), Test: true}
	seal, err := Sign(key(1), statement)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := Hash(seal.Statement)
	if err != nil {
		t.Fatal(err)
	}
	beside, err := Sign(key(1), Countersignature{Kind: KindCountersignature, Code: testCode, SHA256: sum, By: "staff0000000001", Name: "周敏",
		At: "2026-11-21 02:03:20.000Z", SealedAt: "2026-11-21 02:03:21.000Z", Key: statement.Key})
	if err != nil {
		t.Fatal(err)
	}
	return File{Format: Format, Document: document.Body, Evidence: evidence, Seal: seal, Countersignature: &beside}
}

func signedJSON(t testing.TB) []byte {
	t.Helper()
	data, err := signedFile(t).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// signedPDF is a small PDF with both seals; what stands in it is nothing to the seals.
func signedPDF(t testing.TB, given *Seal) []byte {
	t.Helper()
	pdf := []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
	sum := sha256.Sum256(pdf)
	p := Paper{Kind: KindPaper, View: "estimate", SHA256: hex.EncodeToString(sum[:]), MadeAt: "2026-11-21 02:04:00.000Z", Key: KeyID(publicOf(key(1)))}
	if given != nil {
		p.Code = testCode
	}
	paper, err := Sign(key(1), p)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Stamp(pdf, paper, given)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFile(t *testing.T) {
	file, keys := signedFile(t), keyring(key(1))
	files := map[string][]byte{"JSON": signedJSON(t), "PDF": signedPDF(t, &file.Seal), "PDF without a consent": signedPDF(t, nil)}
	for name, data := range files {
		t.Run("S-03 "+name+" verifies without the database", func(t *testing.T) {
			v, err := VerifyFile(data, keys)
			if err != nil || name != "PDF without a consent" && (v.Signer != "李**" || v.Kind != KindEstimate || v.Code != testCode || !v.Test) {
				t.Errorf("%+v: %v", v, err)
			}
		})
		t.Run("S-03 "+name+": any single altered byte fails", func(t *testing.T) {
			altered := append([]byte{}, data...)
			for i := range data {
				for _, b := range []byte{data[i] ^ 1, data[i] ^ 0x20} {
					if b == data[i] {
						continue
					}
					altered[i] = b
					if _, err := VerifyFile(altered, keys); err == nil {
						t.Fatalf("byte %d: %q for %q passes", i, b, data[i])
					}
				}
				altered[i] = data[i]
			}
		})
		t.Run("S-03 "+name+": a byte more or less fails", func(t *testing.T) {
			for i := 0; i < len(data); i += 5 {
				for _, other := range [][]byte{append(append(append([]byte{}, data[:i]...), ' '), data[i:]...), append(append([]byte{}, data[:i]...), data[i+1:]...), data[:i]} {
					if _, err := VerifyFile(other, keys); err == nil {
						t.Fatalf("at %d", i)
					}
				}
			}
			if _, err := VerifyFile(append(append([]byte{}, data...), '\n'), keys); err == nil {
				t.Error("a line more at the end")
			}
		})
		t.Run("S-03 "+name+" is nothing to a stranger's keys", func(t *testing.T) {
			if _, err := VerifyFile(data, keyring(key(2))); !isCode(err, "seal.key_unknown") {
				t.Error(err)
			}
		})
	}
}

func isCode(err error, code string) bool {
	f, ok := fault.From(err)
	return ok && f.Code == code
}

func TestSealsOfAnotherKind(t *testing.T) {
	file, keys := signedFile(t), keyring(key(1))
	t.Run("S-03 a countersignature is no consent", func(t *testing.T) {
		file := file
		file.Seal = *file.Countersignature
		data, err := file.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyFile(data, keys); !isCode(err, "seal.broken") {
			t.Error(err)
		}
	})
	t.Run("S-03 the countersignature of another consent does not count", func(t *testing.T) {
		file := file
		other, err := Sign(key(1), Countersignature{Kind: KindCountersignature, Code: testCode, SHA256: strings.Repeat("0", 64), Key: KeyID(publicOf(key(1)))})
		if err != nil {
			t.Fatal(err)
		}
		file.Countersignature = &other
		data, err := file.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyFile(data, keys); !isCode(err, "seal.broken") {
			t.Error(err)
		}
	})
	t.Run("S-03 a seal that names another key is not made", func(t *testing.T) {
		if _, err := Sign(key(2), Paper{Kind: KindPaper, Key: KeyID(publicOf(key(1)))}); err == nil {
			t.Error("signed")
		}
	})
}

func TestHandover(t *testing.T) {
	one, two := publicOf(key(1)), publicOf(key(2))
	hand := func(from ed25519.PrivateKey, to ed25519.PublicKey) Seal {
		s, err := Endorse(from, to, "2026-11-21 02:03:04.005Z")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	three := publicOf(key(3))
	t.Run("S-03 who pinned the first key trusts its successors", func(t *testing.T) {
		got := keyring(key(1)).Trust([]Seal{hand(key(2), three), hand(key(1), two)})
		if len(got) != 3 {
			t.Errorf("%d keys", len(got))
		}
	})
	t.Run("S-03 a key that nobody handed over to is not trusted", func(t *testing.T) {
		if got := keyring(key(1)).Trust([]Seal{hand(key(2), three), hand(key(3), two)}); len(got) != 1 || got[KeyID(one)] == nil {
			t.Errorf("%d keys", len(got))
		}
	})
	t.Run("S-03 a pinned key under another's name is dropped", func(t *testing.T) {
		if got := (Keys{KeyID(one): two}).Trust(nil); len(got) != 0 {
			t.Errorf("%d keys", len(got))
		}
	})
}

func TestCompact(t *testing.T) {
	file := signedFile(t)
	t.Run("S-03 a QR code holds the whole seal", func(t *testing.T) {
		text := file.Seal.Compact()
		seal, ok := ParseCompact(testCode, text)
		if !ok || seal.Signature != file.Seal.Signature || string(seal.Statement) != string(file.Seal.Statement) {
			t.Errorf("%s → %+v", text, seal)
		}
		if err := seal.Verify(keyring(key(1))); err != nil {
			t.Error(err)
		}
		if len(text) > 330 {
			t.Errorf("%d characters", len(text))
		}
	})
	t.Run("S-03 an altered QR code fails", rapid.MakeCheck(func(t *rapid.T) {
		text := []byte(file.Seal.Compact())
		i := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		b := rapid.Byte().Draw(t, "byte")
		if text[i] == b {
			return
		}
		text[i] = b
		if seal, ok := ParseCompact(testCode, string(text)); ok && seal.Verify(keyring(key(1))) == nil {
			t.Errorf("%q passes", text)
		}
	}))
	t.Run("S-03 a QR code of another code fails", func(t *testing.T) {
		seal, ok := ParseCompact("1123456789abcdefghjkmnpq00", file.Seal.Compact())
		if ok && seal.Verify(keyring(key(1))) == nil {
			t.Error("passes")
		}
	})
}

func TestEvidence(t *testing.T) {
	t.Run("S-03 a name is masked to its first character", func(t *testing.T) {
		for name, want := range map[string]string{"李明": "李**", "John Smith": "J**", "": "**", "\xff": "**"} {
			if got := Masked(name); got != want {
				t.Errorf("%q → %q", name, got)
			}
		}
	})
	t.Run("S-03 evidence with a name more or less fails", func(t *testing.T) {
		for _, change := range []func(Evidence){func(e Evidence) { delete(e, "strokes") }, func(e Evidence) { e["more"] = json.RawMessage(`1`) }} {
			file := signedFile(t)
			change(file.Evidence)
			data, err := file.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := VerifyFile(data, keyring(key(1))); !isCode(err, "seal.broken") {
				t.Error(err)
			}
		}
	})
}

// Whatever is handed in: an answer, never a panic, and never "valid" for anything but the very file.
func FuzzVerifyFile(f *testing.F) {
	file := signedFile(f)
	good := [][]byte{signedJSON(f), signedPDF(f, &file.Seal), signedPDF(f, nil)}
	for _, data := range good {
		f.Add(data)
	}
	f.Add([]byte(`{"format":"aftercare.consent/1","seal":{}}`))
	f.Add([]byte("%PDF-1.7\n%aftercare-seal {}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := VerifyFile(data, keyring(key(1))); err == nil {
			for _, one := range good {
				if string(one) == string(data) {
					return
				}
			}
			t.Errorf("passes: %q", data)
		}
	})
}
