package flow

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"
)

// What the walk over every state, role and guard needs to know of inspections.
func init() {
	maps.Copy(broken, map[string]map[string]string{
		"inspection_subject":  {"after.visit": `"visit1"`, "after.vehicle": `"car1"`, "after.asset": `"asset1"`},
		"inspection_answered": {"findings": `[]`},
	})
	afters["inspection"] = `{"id":"new1","vehicle":"car1","template":"list1","completed_at":"2026-11-21 02:00:00.000Z"}`
	alsoInOrder["inspection"] = map[string]json.RawMessage{"checklist": quietly(`"device_check"`), "items": quietly(`["seat.horn"]`),
		"findings": quietly(`[{"item":"seat.horn","result":"none"}]`)}
}

// ofTheirTrade gives the parts clerk goods to receive: an inspection of a kind is done by those whose trade it is.
func ofTheirTrade(set map[string]json.RawMessage, after map[string]any, roles []string) {
	if !slices.Contains(roles, "parts") {
		return
	}
	set["checklist"] = quietly(`"goods_receiving"`)
	delete(after, "vehicle")
	after["asset"] = "asset1"
}

func readInspections(t *testing.T) ruleVectors {
	t.Helper()
	return readRules(t, "inspections.json")
}

func TestInspectionRules(t *testing.T) {
	readInspections(t).stand(t)
}

// What is completed stays so, and says nothing more of its points.
func TestInspectionAnswered(t *testing.T) {
	const done = "2026-11-21 02:00:00.000Z"
	for _, c := range []struct {
		name, kind, before, after, want string
	}{
		{"R-15 completed without its points", "device_check", "", done, "inspection.unanswered"},
		{"R-15 not completed yet", "device_check", "", "", ""},
		{"R-15 completed long ago", "device_check", done, done, ""},
		{"R-05 a walk-around is held by its visit's step", "walkaround", "", done, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := inspectionAnswered(&Facts{Checklist: c.kind, Items: []string{"seat.horn"}, Before: Values{"completed_at": c.before}, After: Values{"completed_at": c.after}})
			if (got == nil) != (c.want == "") || got != nil && (got.Code != c.want || got.Field != "completed_at") {
				t.Errorf("got %v, want %q", got, c.want)
			}
		})
	}
}

// inspectionEdges is where the rules of inspections turn.
var (
	inspectionLists = []string{`"walkaround"`, `"device_check"`, `"new_vehicle"`, `"goods_receiving"`, `""`, `"other"`}
	inspectionFound = []string{`[]`, `null`, `[{"item":"seat.horn","result":"bad"}]`, `[{"item":"seat.horn","result":"none"},{"item":"engine.oil","result":"attention"}]`,
		`[{"item":"seat.horn","result":""},{"item":"engine.oil","result":"good"}]`, `[{"item":"seat.roof","result":"good"}]`}
	named           = []string{`"x"`, `""`, `null`, `7`}
	inspectionEdges = []edge{rolesOf, {"actor.roles", []string{`["warehouse"]`, `["parts"]`, `["manager"]`, `["advisor","warehouse"]`}}, {"checklist", inspectionLists},
		{"after.visit", named}, {"after.vehicle", named}, {"after.asset", named}, {"findings", inspectionFound},
		{"after.completed_at", []string{`""`, `null`, `"2026-11-21 02:00:00.000Z"`}}, {"before", []string{`null`, `{"completed_at":"2026-11-21 01:00:00.000Z"}`}},
		{"items", []string{`[]`, `null`, `["seat.horn"]`, `["seat.horn","engine.oil","engine.leaks"]`}}, {"item_names", []string{`null`, `{}`}}}
)

const inspectionCases = 400

func generateInspections(t *testing.T, all bases) []vector {
	t.Helper()
	random := rand.New(rand.NewSource(20261122))
	names := slices.Sorted(maps.Keys(all))
	roles := Table().Entity("inspection").Create.Roles
	vectors := make([]vector, 0, inspectionCases)
	for i := range inspectionCases {
		base := names[i%len(names)]
		v := vector{Name: fmt.Sprintf("%s %d", base, i), Base: base, Create: true, Set: map[string]json.RawMessage{}}
		if random.Intn(3) == 0 {
			v.Set["actor.roles"], _ = json.Marshal([]string{roles[random.Intn(len(roles))]})
		}
		nudge(random, v.Set, inspectionEdges, random.Intn(4))
		v.Want = v.judge(t, all)
		vectors = append(vectors, v)
	}
	return vectors
}

func TestInspectionsGenerated(t *testing.T) {
	all := readInspections(t).Bases
	answersStand(t, "R-15", "inspections_generated.json", all, func() []vector { return generateInspections(t, all) }, inspectionCases, 5)
}
