package flow

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"testing"
)

// What the walk over every state, role and guard needs to know of reports and claims.
func init() {
	maps.Copy(broken, map[string]map[string]string{
		"report_complete":         {"after.detail": `" "`},
		"report_answered":         {"after.answer": `""`},
		"report_unfrozen":         {"before": `{"state":"submitted"}`, "changed": `["detail"]`},
		"warranty_claim_job":      {"job.payer": `"customer"`},
		"warranty_claim_evidence": {"evidence": `0`},
		"warranty_claim_labelled": {"after.label": `""`},
		"warranty_claim_approved": {"after.approved_fen": `36801`},
		"warranty_claim_refused":  {"after.refusal": `""`},
		"warranty_claim_paid":     {"after.paid_fen": `30001`},
		"warranty_claim_unfrozen": {"before": `{"state":"submitted"}`, "changed": `["diagnosis"]`},
	})
	afters["quality_report"] = `{"id":"rep1","kind":"dangerous","fault":"转向异响","detail":"路试时发卡","answer":"已通知厂家"}`
	alsoInOrder["quality_report"] = map[string]json.RawMessage{"evidence": quietly(`1`)}
	afters["warranty_claim"] = `{"id":"cla1","job":"job1","diagnosis":"泵体漏油","claimed_fen":36800,"approved_fen":30000,"paid_fen":30000,"refusal":"超期","label":"SP-001","place":"旧件架"}`
	alsoInOrder["warranty_claim"] = map[string]json.RawMessage{"evidence": quietly(`1`), "job.payer": quoted("warranty")}
}

func TestLearnRules(t *testing.T) { playRules(t, readComebacks(t, "learn.json")) }

var learnEdges = map[string][]edge{
	"report": {rolesOf, {"after.detail", []string{`""`, `" "`, `null`}}, {"after.kind", []string{`"new"`, `"frequent"`, `"dangerous"`}}, {"after.answer", []string{`""`, `"\ufeff"`}}, {"evidence", []string{`0`, `1`}},
		{"before.state", []string{`"draft"`, `"submitted"`, `"closed"`}}, {"changed", []string{`["detail"]`, `["answer"]`, `["answer","kind"]`, `[]`, `null`}}},
	"claim": {rolesOf, {"after.diagnosis", []string{`""`, `" "`}}, {"after.claimed_fen", []string{`0`, `1`, `29999`, `"x"`}}, {"after.approved_fen", []string{`0`, `36800`, `36801`, `-1`}}, {"after.paid_fen", []string{`0`, `1`, `30000`, `30001`}},
		{"after.refusal", []string{`""`}}, {"after.label", []string{`""`, `" "`}}, {"after.place", []string{`""`}}, {"evidence", []string{`0`}}, {"job.payer", []string{`"customer"`, `"insurer"`}}, {"job.state", []string{`"declined"`, `"cancelled"`, `"passed"`}},
		{"job.parts", []string{`[]`, `null`}}, {"job.parts.0.origin", []string{`"customer"`}}, {"job", []string{`null`}}, {"before.state", []string{`"submitted"`, `"approved"`, `"refused"`, `"paid"`}},
		{"changed", []string{`["claimed_fen"]`, `["approved_fen"]`, `["paid_fen"]`, `["refusal"]`, `["sent_back_at"]`, `["place","label"]`, `null`}}},
}

func generateLearn(t *testing.T, all bases) (steps []vector, asked []guardCase) {
	t.Helper()
	random := rand.New(rand.NewSource(20261123))
	entities := map[string]string{"report": "quality_report", "claim": "warranty_claim"}
	names := []string{"report", "claim", "claim"}
	for i := range 360 {
		base := names[i%len(names)]
		e, set, name := Table().Entity(entities[base]), map[string]json.RawMessage{}, fmt.Sprintf("%s %d", base, i)
		if random.Intn(4) == 0 {
			nudge(random, set, learnEdges[base], 1+random.Intn(3))
			c := guardCase{Name: name, Guard: e.Edit.Guards[0], Base: base, Set: set}
			c.Code = all.ask(t, c)
			asked = append(asked, c)
			continue
		}
		v := vector{Name: name, Base: base, Set: set}
		if random.Intn(6) == 0 {
			v.Create = true
		} else {
			step := e.Transitions[random.Intn(len(e.Transitions))]
			v.Apply = []string{step.From, step.To}
		}
		nudge(random, set, learnEdges[base], random.Intn(4))
		v.Want = v.judge(t, all)
		steps = append(steps, v)
	}
	return steps, asked
}

func TestLearnGenerated(t *testing.T) {
	all := readComebacks(t, "learn.json").Bases
	codes := playGenerated(t, "W-08 E-10 the answers of generated cases near every edge stand", "learn_generated.json", all, func() ([]vector, []guardCase) { return generateLearn(t, all) })
	t.Run("the cases are worth running", func(t *testing.T) {
		if codes[""] < 60 || len(codes) < 14 {
			t.Errorf("%v", codes)
		}
	})
}
