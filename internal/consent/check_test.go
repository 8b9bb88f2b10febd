package consent

import (
	"encoding/json"
	"strings"
	"testing"

	"aftercare/internal/fault"
	"aftercare/internal/vectortest"
)

// signedEstimate is a consent on the first estimate of the vectors, true to itself.
func signedEstimate(t testing.TB) Given {
	t.Helper()
	d := build(t, vectortest.Read[[]documentVector](t, "testdata/vectors/documents.json")[0])
	g := Given{Kind: KindEstimate, Visit: "visit0000000001", Order: "order0000000001", Document: d.Body, SHA256: d.SHA256}
	for i, j := range d.Jobs {
		g.Jobs = append(g.Jobs, Decision{ID: j.ID, SHA256: j.SHA256, Decision: []string{Approved, Declined}[i%2]})
	}
	return g
}

// rewritten replaces text in the document and states the new document's own hash: a forger who can count.
func rewritten(t testing.TB, g Given, old, new string) Given {
	t.Helper()
	if !strings.Contains(string(g.Document), old) {
		t.Fatalf("%s is not in the document", old)
	}
	g.Document = json.RawMessage(strings.Replace(string(g.Document), old, new, 1))
	g.SHA256, _ = Hash(g.Document)
	return g
}

func codeOf(err error) string {
	if f, ok := fault.From(err); ok {
		return f.Code
	}
	return ""
}

func TestCheck(t *testing.T) {
	good := signedEstimate(t)
	for _, c := range []struct {
		name, want string
		change     func(Given) Given
	}{
		{"S-02 a consent true to itself", "", func(g Given) Given { return g }},
		{"S-02 white space and order of names do not matter", "", func(g Given) Given {
			g.Document = json.RawMessage(" " + strings.Replace(string(g.Document), `"kind":"estimate",`, "", 1))
			g.Document = json.RawMessage(strings.TrimSuffix(string(g.Document), "}") + "  ,\n\"kind\" : \"estimate\"}")
			return g
		}},
		{"S-02 another hash", "consent.hash", func(g Given) Given { g.SHA256 = strings.Repeat("0", 64); return g }},
		{"S-02 the hash in capitals", "consent.hash", func(g Given) Given { g.SHA256 = strings.ToUpper(g.SHA256); return g }},
		{"S-02 no hash", "consent.hash", func(g Given) Given { g.SHA256 = ""; return g }},
		{"S-02 a decision on another content", "consent.hash", func(g Given) Given { g.Jobs[0].SHA256 = g.Jobs[1].SHA256; return g }},
		{"S-02 a decision on a job not shown", "consent.hash", func(g Given) Given { g.Jobs[0].ID = "job00000000000z"; return g }},
		{"S-02 a job decided twice", "consent.decision", func(g Given) Given { g.Jobs[1] = g.Jobs[0]; return g }},
		{"S-02 a decision that is none", "consent.decision", func(g Given) Given { g.Jobs[0].Decision = "maybe"; return g }},
		{"S-02 a job shown and not decided is simply not covered", "", func(g Given) Given { g.Jobs = g.Jobs[1:]; return g }},
		{"S-02 a price shown that the job's hash does not hold", "consent.hash", func(g Given) Given {
			return rewritten(t, g, `"labour_fen":22000`, `"labour_fen":100`)
		}},
		{"S-02 a job shown with more than its agreed content", "consent.hash", func(g Given) Given {
			return rewritten(t, g, `"labour_fen":22000`, `"labour_fen":22000,"free":true`)
		}},
		{"S-02 totals that are not the sums of the lines", "consent.totals", func(g Given) Given {
			return rewritten(t, g, `"totals":{"customer_fen":`, `"totals":{"customer_fen":1`)
		}},
		{"S-02 jobs hidden behind a name in capitals", "consent.totals", func(g Given) Given {
			return rewritten(t, g, `"jobs":[`, `"Jobs":[`)
		}},
		{"S-02 another kind than stated", "consent.document_kind", func(g Given) Given { g.Kind = KindSupplement; return g }},
		{"S-02 another visit than stated", "consent.document_kind", func(g Given) Given { g.Visit = "visit0000000002"; return g }},
		{"S-02 another order than stated", "consent.document_kind", func(g Given) Given { g.Order = "order0000000002"; return g }},
		{"S-02 no order stated", "", func(g Given) Given { g.Order = ""; return g }},
		{"S-02 a form nobody knows", "consent.document", func(g Given) Given { return rewritten(t, g, `"schema":1`, `"schema":2`) }},
		{"S-02 a name twice", "consent.document", func(g Given) Given {
			g.Document = json.RawMessage(strings.Replace(string(g.Document), `"schema":1`, `"schema":1,"schema":1`, 1))
			return g
		}},
		{"S-02 broken JSON", "consent.document", func(g Given) Given { g.Document = g.Document[1:]; return g }},
		{"S-02 no document", "consent.document", func(g Given) Given { g.Document = nil; return g }},
		{"S-02 a document that is a list", "consent.document", func(g Given) Given { g.Document = json.RawMessage(`[]`); return g }},
		{"S-02 a document that is null", "consent.document", func(g Given) Given { g.Document = json.RawMessage(`null`); return g }},
		{"S-02 half a fen", "consent.document", func(g Given) Given {
			g.Document = json.RawMessage(strings.Replace(string(g.Document), `"labour_fen":22000`, `"labour_fen":22000.5`, 1))
			return g
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := good
			g.Jobs = append([]Decision{}, good.Jobs...)
			if got := codeOf(Check(c.change(g))); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	t.Run("S-02 a job shown twice", func(t *testing.T) {
		line := `{"id":"j","sha256":"x"},{"id":"j","sha256":"x"}`
		content := JobContent{ID: "j"}
		sum, _ := JobHash(content)
		body, _ := Canonical(content.settled())
		job := strings.TrimSuffix(string(body), "}") + `,"sha256":"` + sum + `"}`
		line = job + "," + job
		document := json.RawMessage(`{"kind":"estimate","schema":1,"visit":{"id":"v"},"jobs":[` + line + `]}`)
		whole, _ := Hash(document)
		if got := codeOf(Check(Given{Kind: KindEstimate, Visit: "v", Document: document, SHA256: whole})); got != "consent.hash" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("R-12 a pre-check sheet has no jobs to decide", func(t *testing.T) {
		for _, v := range vectortest.Read[[]documentVector](t, "testdata/vectors/documents.json") {
			if v.Kind != KindPrecheck {
				continue
			}
			d := build(t, v)
			g := Given{Kind: KindPrecheck, Visit: "visit0000000001", Document: d.Body, SHA256: d.SHA256}
			if err := Check(g); err != nil {
				t.Errorf("%s: %v", v.Name, err)
			}
			g.Jobs = []Decision{{ID: "job1", Decision: Approved}}
			if got := codeOf(Check(g)); got != "consent.hash" {
				t.Errorf("%s: a decision passed with %q", v.Name, got)
			}
		}
	})
}

// FuzzCheck: whatever arrives, Check neither panics nor accepts a consent that is not true to itself.
func FuzzCheck(f *testing.F) {
	g := signedEstimate(f)
	f.Add([]byte(g.Document), g.SHA256, g.Jobs[0].ID, g.Jobs[0].SHA256)
	f.Add([]byte(`{"kind":"estimate","schema":1,"visit":{"id":"visit0000000001"},"jobs":[{"sha256":""}]}`), "", "", "")
	f.Add([]byte(`{"kind":"estimate","schema":1,"visit":null,"jobs":null,"totals":{"customer_fen":-1}}`), "x", "y", "z")
	f.Fuzz(func(t *testing.T, document []byte, sum, job, jobSum string) {
		given := Given{Kind: KindEstimate, Visit: g.Visit, Document: document, SHA256: sum, Jobs: []Decision{{ID: job, SHA256: jobSum, Decision: Approved}}}
		if Check(given) != nil {
			// The same document with its own hash must not slip through with a job it does not hold either.
			own, err := Hash(json.RawMessage(document))
			if err != nil {
				return
			}
			given.SHA256 = own
			if Check(given) != nil {
				return
			}
		}
		if own, err := Hash(json.RawMessage(document)); err != nil || own != given.SHA256 {
			t.Fatalf("accepted with hash %s, its own is %s (%v)", given.SHA256, own, err)
		}
		var body struct{ Jobs []JobLine }
		if json.Unmarshal(document, &body) != nil || len(body.Jobs) == 0 || len(jobSum) != 64 {
			t.Fatalf("accepted a decision on %q, which the document does not hold", job)
		}
	})
}
