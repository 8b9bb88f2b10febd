package consent

import (
	"encoding/json"

	"aftercare/internal/fault"
	"aftercare/internal/price"
)

// Given is a consent as it arrives, from a tablet or from anywhere.
type Given struct {
	Kind     string // document_kind of the row
	Visit    string
	Order    string // "" when the row names none
	Document json.RawMessage
	SHA256   string
	Jobs     []Decision
}

// Decision is one line of a consent: which content of which job was approved or declined.
type Decision struct {
	ID       string `json:"id"`
	SHA256   string `json:"sha256"`
	Decision string `json:"decision"`
}

// Decisions on one job.
const (
	Approved = "approved"
	Declined = "declined"
)

// Check says whether a consent is true to itself: the document is of the stated kind and about the stated visit and
// order, its hash is the stated one, every job in it hashes to what it says, its totals are the sums of its lines,
// and each decision names a job of the document with that hash, once. It does not ask whether the jobs still have that
// content: a signature is a fact, stored either way. Codes: consent.document, consent.document_kind,
// consent.hash, consent.totals, consent.decision.
func Check(g Given) error {
	sum, err := Hash(g.Document)
	if err != nil {
		return fault.New(fault.Invalid, "consent.document").On("document").Because(err)
	}
	document, err := read(g.Document)
	if err != nil {
		return fault.New(fault.Invalid, "consent.document").On("document").Because(err)
	}
	if document.Kind != g.Kind || document.Visit != g.Visit || g.Order != "" && g.Kind != KindPrecheck && document.Order != g.Order {
		return fault.New(fault.Refused, "consent.document_kind").On("document")
	}
	if sum != g.SHA256 {
		return fault.New(fault.Refused, "consent.hash").On("sha256")
	}
	hashes, err := document.hashes()
	if err != nil {
		return err
	}
	return decisions(g.Jobs, hashes)
}

// shown is what Check needs of a document. Names are taken by their exact case: "Jobs" is not "jobs".
type shown struct {
	Kind   string
	Visit  string
	Order  string
	Jobs   []map[string]json.RawMessage
	Totals *price.Sums
}

func read(raw json.RawMessage) (shown, error) {
	var d shown
	var body map[string]json.RawMessage
	if err := json.Unmarshal(raw, &body); err != nil {
		return d, err
	}
	schema := 0
	var visit, order map[string]json.RawMessage
	for _, part := range []struct {
		name string
		into any
	}{
		{"kind", &d.Kind}, {"schema", &schema}, {"visit", &visit}, {"work_order", &order}, {"jobs", &d.Jobs}, {"totals", &d.Totals},
	} {
		if b, ok := body[part.name]; ok {
			if err := json.Unmarshal(b, part.into); err != nil {
				return d, err
			}
		}
	}
	d.Visit, d.Order = plain(visit["id"]), plain(order["id"])
	if schema != Schema {
		return d, errNotCanonical
	}
	return d, nil
}

func plain(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// hashes takes every job of the document at its word and holds it to it: what was shown hashes to what it says, and
// is agreed content in its exact form, nothing more and nothing less.
func (d shown) hashes() (map[string]string, error) {
	hashes := map[string]string{}
	var money []price.Line
	for _, job := range d.Jobs {
		stated := plain(job["sha256"])
		delete(job, "sha256")
		var content JobContent
		if b, err := json.Marshal(job); err != nil || json.Unmarshal(b, &content) != nil {
			return nil, fault.New(fault.Invalid, "consent.document").On("document")
		}
		asShown, err := Hash(job)
		asAgreed, err2 := JobHash(content)
		if err != nil || err2 != nil || asShown != stated || asAgreed != stated || hashes[content.ID] != "" {
			return nil, fault.New(fault.Refused, "consent.hash").On("document")
		}
		if price.CheckParts(content.Parts) != nil || !price.ValidAmount(content.LabourFen) {
			return nil, fault.New(fault.Invalid, "consent.document").On("document")
		}
		hashes[content.ID] = stated
		money = append(money, price.Line{Payer: content.Payer, LabourFen: content.LabourFen, PartsFen: price.PartsFen(content.Parts)})
	}
	if d.Totals != nil && *d.Totals != price.Totals(money) {
		return nil, fault.New(fault.Refused, "consent.totals").On("document")
	}
	return hashes, nil
}

func decisions(lines []Decision, hashes map[string]string) error {
	seen := map[string]bool{}
	for _, line := range lines {
		if line.Decision != Approved && line.Decision != Declined || seen[line.ID] {
			return fault.New(fault.Invalid, "consent.decision").On("jobs")
		}
		if hashes[line.ID] == "" || hashes[line.ID] != line.SHA256 {
			return fault.New(fault.Refused, "consent.hash").On("jobs")
		}
		seen[line.ID] = true
	}
	return nil
}
