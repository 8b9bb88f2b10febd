package consent

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand"
	"testing"

	"pgregory.net/rapid"

	"aftercare/internal/price"
	"aftercare/internal/vectortest"
)

var update = flag.Bool("update", false, "write the made vectors of testdata anew")

// words are the texts that break careless canonicalisers.
var words = []string{"", "a", "换机油", "\u0000", "\"", "\\", "/", "\n", "\u2028", "<&>", "e\u0301", "é", "\U0001F6DE", "\uFB33", "\uFFFD", "\u007f", " ", "0", "\ufeff"}

func anyJob() *rapid.Generator[JobContent] {
	return rapid.Custom(func(t *rapid.T) JobContent {
		text := rapid.OneOf(rapid.SampledFrom(words), rapid.String())
		amount := rapid.Int64Range(0, price.MaxAmountFen)
		part := rapid.Custom(func(t *rapid.T) price.Part {
			return price.Part{Name: text.Draw(t, "name"), Number: text.Draw(t, "number"), Unit: text.Draw(t, "unit"),
				QuantityMilli: rapid.Int64Range(1, price.MaxQuantityMilli).Draw(t, "quantity"), UnitFen: rapid.Int64Range(0, price.MaxUnitFen).Draw(t, "unit price"),
				Origin: rapid.SampledFrom([]string{"shop", "customer"}).Draw(t, "origin"), Grade: rapid.SampledFrom([]string{"", "genuine", "aftermarket"}).Draw(t, "grade")}
		})
		return JobContent{ID: text.Draw(t, "id"), Work: text.Draw(t, "work"), Detail: text.Draw(t, "detail"),
			DiagnosisOnly: rapid.Bool().Draw(t, "diagnosis"), LabourMinutes: rapid.Int64Range(0, 60000).Draw(t, "minutes"), LabourFen: amount.Draw(t, "labour"),
			Parts: rapid.SliceOfN(part, 0, 4).Draw(t, "parts"), LabourRangePercent: rapid.Int64Range(0, 100).Draw(t, "range"),
			PartsRangePercent: rapid.Int64Range(0, 100).Draw(t, "parts range"), Payer: rapid.SampledFrom([]string{"customer", "warranty", "insurer"}).Draw(t, "payer"),
			NotGuaranteed: rapid.Bool().Draw(t, "not guaranteed")}
	})
}

// changes are one for each agreed field: applied, it makes other content.
var changes = []func(*JobContent){
	func(j *JobContent) { j.ID += "x" }, func(j *JobContent) { j.Work += "x" }, func(j *JobContent) { j.Detail += " " },
	func(j *JobContent) { j.DiagnosisOnly = !j.DiagnosisOnly }, func(j *JobContent) { j.LabourMinutes++ }, func(j *JobContent) { j.LabourFen++ },
	func(j *JobContent) {
		j.Parts = append(append([]price.Part{}, j.Parts...), price.Part{Name: "x", QuantityMilli: 1, Origin: "shop"})
	},
	func(j *JobContent) { j.LabourRangePercent++ }, func(j *JobContent) { j.PartsRangePercent++ }, func(j *JobContent) { j.Payer += "x" },
	func(j *JobContent) { j.NotGuaranteed = !j.NotGuaranteed },
}

var partChanges = []func(*price.Part){
	func(p *price.Part) { p.Name += "x" }, func(p *price.Part) { p.Number += "x" }, func(p *price.Part) { p.QuantityMilli++ },
	func(p *price.Part) { p.Unit += "x" }, func(p *price.Part) { p.UnitFen++ }, func(p *price.Part) { p.Origin += "x" }, func(p *price.Part) { p.Grade += "x" },
}

func mustHash(t interface{ Fatal(...any) }, j JobContent) string {
	sum, err := JobHash(j)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestHashProperties(t *testing.T) {
	t.Run("S-02 any change of agreed content changes the hash", rapid.MakeCheck(func(t *rapid.T) {
		job := anyJob().Draw(t, "job")
		before := mustHash(t, job)
		if mustHash(t, job) != before {
			t.Fatal("the same content has two hashes")
		}
		other := job
		changes[rapid.IntRange(0, len(changes)-1).Draw(t, "change")](&other)
		if mustHash(t, other) == before {
			t.Fatalf("%+v and %+v have one hash", job, other)
		}
		if len(job.Parts) > 0 {
			other = job
			other.Parts = append([]price.Part{}, job.Parts...)
			partChanges[rapid.IntRange(0, len(partChanges)-1).Draw(t, "part change")](&other.Parts[0])
			if mustHash(t, other) == before {
				t.Fatalf("%+v and %+v have one hash", job, other)
			}
		}
	}))
	t.Run("S-02 the order of names and the white space do not matter", rapid.MakeCheck(func(t *rapid.T) {
		job := anyJob().Draw(t, "job").settled()
		raw, err := json.MarshalIndent(job, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		var shuffled map[string]any // Go writes a map's names in another order than the struct's
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&shuffled); err != nil {
			t.Fatal(err)
		}
		a, errA := Hash(json.RawMessage(raw))
		b, errB := Hash(shuffled)
		if errA != nil || errB != nil || a != b || a != mustHash(t, job) {
			t.Fatalf("%s (%v) and %s (%v)", a, errA, b, errB)
		}
	}))
	t.Run("S-02 every document built is a consent true to itself", rapid.MakeCheck(func(t *rapid.T) {
		offer := Offer{Head: Head{Visit: Visit{ID: "v"}}, Order: Order{ID: "o"}}
		for i, job := range rapid.SliceOfN(anyJob(), 0, 4).Draw(t, "jobs") {
			job.ID = fmt.Sprint(i)
			for p := range job.Parts {
				job.Parts[p].Name, job.Parts[p].Number, job.Parts[p].Unit = "名称", "", "个"
			}
			offer.Jobs = append(offer.Jobs, OfferedJob{JobContent: job, Origin: KindEstimate})
		}
		d, err := EstimateDocument(offer)
		if err != nil {
			t.Fatal(err)
		}
		given := Given{Kind: KindEstimate, Visit: "v", Order: "o", Document: d.Body, SHA256: d.SHA256}
		for _, j := range d.Jobs {
			given.Jobs = append(given.Jobs, Decision{ID: j.ID, SHA256: j.SHA256, Decision: Approved})
		}
		if err := Check(given); err != nil {
			t.Fatal(err)
		}
	}))
}

// TestGenerated writes job vectors from a fixed seed when asked to; TestJobHash and the tablet's tests run them.
func TestGenerated(t *testing.T) {
	if !*update {
		t.Log("run with -update to write the vectors anew")
		return
	}
	random := rand.New(rand.NewSource(20261121))
	text := func() string {
		s := ""
		for range random.Intn(4) {
			s += words[random.Intn(len(words))]
		}
		return s
	}
	cases := make([]map[string]any, 300)
	for i := range cases {
		job := JobContent{ID: text(), Work: text(), Detail: text(), DiagnosisOnly: random.Intn(2) == 0, LabourMinutes: random.Int63n(60001),
			LabourFen: random.Int63n(price.MaxAmountFen + 1), LabourRangePercent: random.Int63n(101), PartsRangePercent: random.Int63n(101),
			Payer: text(), NotGuaranteed: random.Intn(2) == 0}
		for range random.Intn(3) {
			job.Parts = append(job.Parts, price.Part{Name: text(), Number: text(), QuantityMilli: random.Int63n(price.MaxQuantityMilli + 1),
				Unit: text(), UnitFen: random.Int63n(price.MaxUnitFen + 1), Origin: text(), Grade: text()})
		}
		row, err := json.Marshal(job)
		if err != nil {
			t.Fatal(err)
		}
		cases[i] = map[string]any{"name": fmt.Sprintf("S-02 generated %d", i), "row": json.RawMessage(row), "sha256": mustHash(t, job)}
	}
	vectortest.Write(t, "testdata/vectors/jobs_generated.json", cases)
}
