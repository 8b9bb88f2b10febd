package flow

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"
)

// What the walk over every state, role and guard needs to know of files.
func init() {
	maps.Copy(broken, map[string]map[string]string{
		"file_open":        {"files.vehicle.status": `"scrapped"`},
		"merge_of_two":     {"after.folded": `"file1"`},
		"merge_unchained":  {"files.merges": `[{"id":"other","kept":"file9","folded":"file2","kept_name":"沪B12345"}]`},
		"merge_explained":  {"after.reason": `" "`},
		"asset_identified": {"after.serial": `""`},

		"advice_considered": {"after.advice": `" "`},
		"advice_signed":     {"orders": `[{"id":"order1","state":"ready","cautions":"新刹车片磨合 200 km"}]`},
	})
	files := quietly(`{"vehicle":{"status":"sold"},"customer":{"status":"moved_away"},"merges":[{"id":"m0","kept":"file1","folded":"file7","kept_name":"沪A8K359"}]}`)
	for _, entity := range []string{"visit", "appointment", "merge"} {
		if alsoInOrder[entity] == nil {
			alsoInOrder[entity] = map[string]json.RawMessage{}
		}
		alsoInOrder[entity]["files"] = files
	}
	alsoInOrder["work_order"] = map[string]json.RawMessage{"after": quietly(strings.Replace(goodAfter, "{", `{"advice":"两千公里后复查",`, 1))}
	afters["merge"] = `{"id":"new1","collection":"vehicles","kept":"file1","folded":"file2","reason":"VIN 相同"}`
	afters["asset"] = `{"id":"new1","kind":"device","model":"SE-12","serial":"SN-7788"}`
}

func readFiles(t *testing.T) ruleVectors {
	t.Helper()
	return readRules(t, "files.json")
}

func TestFilesRules(t *testing.T) {
	readFiles(t).stand(t)
}

// filesEdges is where the rules of files, merges, assets and advice turn, and what each base is about.
var (
	fileStates = []string{`{"status":"scrapped"}`, `{"status":"sold"}`, `{"into":"沪B12345"}`, `{"status":"scrapped","into":"沪B12345"}`, `{}`, `null`}
	filesEdges = map[string][]edge{
		"reception": {rolesOf, {"files.vehicle", fileStates}, {"files.customer", fileStates}, {"files", []string{`null`, `{}`}}},
		"booking":   {rolesOf, {"files.vehicle", fileStates}, {"files.customer", fileStates}, {"after.pickup", []string{`"fetch"`, `"none"`}}},
		"merge": {rolesOf, {"after.kept", []string{`"file2"`, `""`, `"file9"`}}, {"after.folded", []string{`"file1"`, `""`, `"file9"`}}, {"after.reason", []string{`" "`, `""`, `"\u0085"`, `"x"`}},
			{"files.merges", []string{`null`, `[{"id":"m1","kept":"file9","folded":"file2","kept_name":"沪C9"}]`, `[{"id":"m1","kept":"file9","folded":"file1","kept_name":"沪C9"}]`,
				`[{"id":"m1","kept":"file2","folded":"file9","kept_name":"沪B1"}]`, `[{"id":"m1","kept":"file1","folded":"file9","kept_name":"沪A1"}]`,
				`[{"id":"m1","kept":"file1","folded":"file9","kept_name":"沪A1"},{"id":"m2","kept":"file8","folded":"file2","kept_name":"沪C8"}]`, `[{"id":"new1","kept":"file9","folded":"file2","kept_name":"沪C9"}]`}}},
		"device": {rolesOf, {"after.kind", []string{`"goods"`, `""`}}, {"after.brand", []string{`""`, `" "`}}, {"after.serial", []string{`""`, `null`}}, {"after.label", []string{`"BQ-1"`, `" "`}}, {"after.model", []string{`"SE"`, `5`}}},
		"goods":  {rolesOf, {"after.kind", []string{`"device"`}}, {"after.name", []string{`""`}}, {"after.order_number", []string{`""`, `"1"`}}, {"after.batch_number", []string{`"P"`, `""`}}, {"after.inspection_number", []string{`"J"`}}},
		"passed": {rolesOf, {"after.advice", []string{`""`, `" "`, `null`}}, {"after.cautions", []string{`"慢行"`, `""`}}, {"after.advice_none", []string{`true`, `false`, `0`}}},
		"taking": {rolesOf, {"consents", []string{`[]`, `null`}}, {"consents.0.state", []string{`"void"`, `"declined"`}}, {"consents.0.document_kind", []string{`"precheck"`}}, {"consents.0.work_order", []string{`"other"`, `""`}},
			{"orders.0.state", []string{`"declined"`, `"cancelled"`, `"settled"`}}, {"orders.0.advice", []string{`""`, `" "`}}, {"orders.0.cautions", []string{`"慢行"`, `""`}}, {"orders", []string{`[]`, `null`}}},
	}
	filesEntities = map[string]string{"reception": "visit", "booking": "appointment", "merge": "merge", "device": "asset", "goods": "asset", "passed": "work_order", "taking": "delivery"}
	filesSteps    = map[string][]string{"passed": {"qc", "ready"}, "taking": {"open", "accepted"}}
)

const filesCases = 420

func generateFiles(t *testing.T, all bases) []vector {
	t.Helper()
	random := rand.New(rand.NewSource(20261123))
	names := slices.Sorted(maps.Keys(filesEdges))
	vectors := make([]vector, 0, filesCases)
	for i := range filesCases {
		base := names[i%len(names)]
		e := Table().Entity(filesEntities[base])
		v := vector{Name: fmt.Sprintf("%s %d", base, i), Base: base, Set: map[string]json.RawMessage{}, Create: filesSteps[base] == nil, Apply: filesSteps[base]}
		roles := e.Create.Roles
		if len(v.Apply) > 0 {
			step, _ := e.Find(v.Apply[0], v.Apply[1])
			roles = step.Roles
		}
		if random.Intn(5) > 0 {
			v.Set["actor.roles"], _ = json.Marshal([]string{roles[random.Intn(len(roles))]})
		}
		nudge(random, v.Set, filesEdges[base], random.Intn(4))
		v.Want = v.judge(t, all)
		vectors = append(vectors, v)
	}
	return vectors
}

func TestFilesGenerated(t *testing.T) {
	all := readFiles(t).Bases
	answersStand(t, "V-05 V-07 Q-04", "files_generated.json", all, func() []vector { return generateFiles(t, all) }, filesCases, 12)
}
