package consent

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"aftercare/internal/vectortest"
)

type canonicalVector struct {
	Name      string `json:"name"`
	JSON      string `json:"json"`
	Canonical string `json:"canonical"`
}

type jobVector struct {
	Name      string          `json:"name"`
	Row       json.RawMessage `json:"row"`
	Canonical string          `json:"canonical"`
	SHA256    string          `json:"sha256"`
}

type documentVector struct {
	Name      string          `json:"name"`
	Kind      string          `json:"kind"`
	Material  json.RawMessage `json:"material"`
	Canonical string          `json:"canonical"`
	SHA256    string          `json:"sha256"`
	Jobs      []JobLine       `json:"jobs"`
}

func TestCanonical(t *testing.T) {
	for _, v := range vectortest.Read[[]canonicalVector](t, "testdata/vectors/canonical.json") {
		t.Run("S-02 "+v.Name, func(t *testing.T) {
			got, err := Canonical(json.RawMessage(v.JSON))
			if err != nil || string(got) != v.Canonical {
				t.Errorf("got %s (%v), want %s", got, err, v.Canonical)
			}
			again, err := Canonical(json.RawMessage(got))
			if err != nil || string(again) != v.Canonical {
				t.Errorf("canonical bytes are not their own canonical form: %s (%v)", again, err)
			}
		})
	}
	for name, bad := range map[string]string{
		"a name twice": `{"a":1,"a":2}`, "a name twice in two spellings": `{"a":1,"\u0061":2}`, "a lone surrogate": `"\ud800"`,
		"surrogates in the wrong order": `"\udc00\ud800"`, "no UTF-8": "\"\xff\"", "not a number": `NaN`, "too large for a number": `1e999`,
		"a leading zero": `01`, "something after the end": `1 2`, "nothing": ``, "a comma too many": `[1,]`, "a raw line break": "\"a\nb\"",
	} {
		t.Run("S-02 refused: "+name, func(t *testing.T) {
			if got, err := Canonical(json.RawMessage(bad)); err == nil {
				t.Errorf("%q became %s", bad, got)
			}
		})
	}
	t.Run("S-02 what is signed holds whole numbers that every side holds exactly", func(t *testing.T) {
		for _, bad := range []string{`0.5`, `9007199254740992`, `-9007199254740992`, `[{"x":1e300}]`} {
			if sum, err := Hash(json.RawMessage(bad)); err == nil {
				t.Errorf("%s was hashed to %s", bad, sum)
			}
		}
		for _, good := range []string{`9007199254740991`, `-9007199254740991`, `1e3`, `-0`} {
			if _, err := Hash(json.RawMessage(good)); err != nil {
				t.Errorf("%s: %v", good, err)
			}
		}
	})
}

func TestJobHash(t *testing.T) {
	for _, file := range []string{"jobs.json", "jobs_generated.json"} {
		for _, v := range vectortest.Read[[]jobVector](t, "testdata/vectors/"+file) {
			t.Run(v.Name, func(t *testing.T) {
				var job JobContent
				if err := json.Unmarshal(v.Row, &job); err != nil {
					t.Fatal(err)
				}
				sum, err := JobHash(job)
				if err != nil || sum != v.SHA256 {
					t.Errorf("hash %s (%v), want %s", sum, err, v.SHA256)
				}
				if bytes, _ := Canonical(job.settled()); v.Canonical != "" && string(bytes) != v.Canonical {
					t.Errorf("canonical %s, want %s", bytes, v.Canonical)
				}
			})
		}
	}
}

func build(t testing.TB, v documentVector) Document {
	t.Helper()
	var d Document
	var err error
	var offer Offer
	var sheet Precheck
	switch v.Kind {
	case KindPrecheck:
		if err = json.Unmarshal(v.Material, &sheet); err == nil {
			d, err = PrecheckDocument(sheet)
		}
	case KindEstimate:
		if err = json.Unmarshal(v.Material, &offer); err == nil {
			d, err = EstimateDocument(offer)
		}
	case KindSupplement:
		if err = json.Unmarshal(v.Material, &offer); err == nil {
			d, err = SupplementDocument(offer)
		}
	case KindDelivery:
		var handover Handover
		if err = json.Unmarshal(v.Material, &handover); err == nil {
			d, err = DeliveryDocument(handover)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDocuments(t *testing.T) {
	for _, v := range vectortest.Read[[]documentVector](t, "testdata/vectors/documents.json") {
		t.Run(v.Name, func(t *testing.T) {
			d := build(t, v)
			if string(d.Body) != v.Canonical {
				t.Errorf("\n got %s\nwant %s", d.Body, v.Canonical)
			}
			if d.SHA256 != v.SHA256 || !slices.Equal(d.Jobs, v.Jobs) {
				t.Errorf("hash %s jobs %v, want %s %v", d.SHA256, d.Jobs, v.SHA256, v.Jobs)
			}
		})
	}
	t.Run("S-02 building a document changes nothing it was given", func(t *testing.T) {
		v := vectortest.Read[[]documentVector](t, "testdata/vectors/documents.json")[0]
		var offer Offer
		if err := json.Unmarshal(v.Material, &offer); err != nil {
			t.Fatal(err)
		}
		before, _ := json.Marshal(offer)
		if _, err := EstimateDocument(offer); err != nil {
			t.Fatal(err)
		}
		if after, _ := json.Marshal(offer); string(after) != string(before) {
			t.Error("the material was changed")
		}
	})
	t.Run("S-02 text that is no UTF-8 becomes no silent other text", func(t *testing.T) {
		sum, err := JobHash(JobContent{ID: "a", Work: "\xff"})
		clean, _ := JobHash(JobContent{ID: "a", Work: strings.ToValidUTF8("\xff", "\uFFFD")})
		if err == nil && sum != clean {
			t.Errorf("hash %s of bytes that are no text", sum)
		}
	})
}
