package consent

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"
)

// sealVectors are what the tablet's own verification must find: the same seals, whole and broken.
type sealVectors struct {
	Keys     map[string]string `json:"keys"` // by name, base64url
	Seals    []sealVector      `json:"seals"`
	Handover []Seal            `json:"handover"` // key 1 to key 2, key 3 to key 4
	Trusted  []string          `json:"trusted"`  // with key 1 pinned
	Compact  struct {
		Code string `json:"code"`
		Text string `json:"text"`
		Seal Seal   `json:"seal"`
	} `json:"compact"`
	Evidence struct {
		Values Evidence `json:"values"`
		SHA256 string   `json:"sha256"`
	} `json:"evidence"`
}

type sealVector struct {
	Name string `json:"name"`
	Seal Seal   `json:"seal"`
	Code string `json:"code"` // of the refusal, "" when it holds
}

func makeSealVectors(t *testing.T) sealVectors {
	file := signedFile(t)
	foreign, err := Sign(key(2), Paper{Kind: KindPaper, Key: KeyID(publicOf(key(2)))})
	if err != nil {
		t.Fatal(err)
	}
	v := sealVectors{Keys: map[string]string{KeyID(publicOf(key(1))): EncodeKey(publicOf(key(1)))}}
	altered := file.Seal
	altered.Statement = json.RawMessage(`{"x":1,` + string(file.Seal.Statement[1:]))
	reordered := file.Seal
	reordered.Statement = reorder(t, file.Seal.Statement)
	other := file.Seal
	other.Signature = file.Countersignature.Signature
	short := file.Seal
	short.Signature = short.Signature[:85]
	v.Seals = []sealVector{
		{"S-03 a seal as it was made", file.Seal, ""},
		{"S-03 a countersignature", *file.Countersignature, ""},
		{"S-03 the same statement in another order of its names", reordered, ""},
		{"S-03 a statement with a name more", altered, "seal.broken"},
		{"S-03 the signature of another statement", other, "seal.broken"},
		{"S-03 a signature that is cut short", short, "seal.broken"},
		{"S-03 a seal of an unknown key", foreign, "seal.key_unknown"},
	}
	for _, pair := range [][2]byte{{1, 2}, {3, 4}} {
		s, err := Endorse(key(pair[0]), publicOf(key(pair[1])), "2026-11-21 02:03:04.005Z")
		if err != nil {
			t.Fatal(err)
		}
		v.Handover = append(v.Handover, s)
	}
	v.Trusted = []string{KeyID(publicOf(key(1))), KeyID(publicOf(key(2)))}
	v.Compact.Code, v.Compact.Text, v.Compact.Seal = testCode, file.Seal.Compact(), file.Seal
	v.Evidence.Values = file.Evidence
	if v.Evidence.SHA256, err = file.Evidence.SHA256(); err != nil {
		t.Fatal(err)
	}
	return v
}

// reorder writes an object's names backwards.
func reorder(t *testing.T, object json.RawMessage) json.RawMessage {
	var names map[string]json.RawMessage
	if err := json.Unmarshal(object, &names); err != nil {
		t.Fatal(err)
	}
	out := "}"
	for _, name := range slices.Sorted(maps.Keys(names)) {
		out = "," + `"` + name + `":` + string(names[name]) + out
	}
	return json.RawMessage("{" + out[1:])
}

func TestSealVectors(t *testing.T) {
	const path = "testdata/vectors/seals.json"
	made, err := json.MarshalIndent(makeSealVectors(t), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, append(made, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != string(made)+"\n" {
		t.Error("the seals of the vectors are no longer what is made: run with -update")
	}
	var v sealVectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	keys := Keys{}
	for id, text := range v.Keys {
		keys[id], _ = DecodeKey(text)
	}
	for _, one := range v.Seals {
		t.Run(one.Name, func(t *testing.T) {
			err := one.Seal.Verify(keys)
			if one.Code == "" && err != nil || one.Code != "" && !isCode(err, one.Code) {
				t.Errorf("got %v, want %q", err, one.Code)
			}
		})
	}
	t.Run("S-03 a chain of hand-overs is followed from the pinned key only", func(t *testing.T) {
		trusted := keys.Trust(v.Handover)
		if len(trusted) != len(v.Trusted) || trusted[v.Trusted[0]] == nil || trusted[v.Trusted[1]] == nil {
			t.Errorf("%d trusted", len(trusted))
		}
	})
}
