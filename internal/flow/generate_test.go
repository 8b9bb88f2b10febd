package flow

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"

	"aftercare/internal/vectortest"
)

var update = flag.Bool("update", false, "write testdata/vectors/generated.json anew")

// edge is a place of the facts with the values on both sides of what a rule asks there.
type edge struct {
	place  string
	values []string
}

var (
	stamp   = []string{`""`, `"2026-11-21 01:00:00.000Z"`}
	persons = []string{`"tech1"`, `"tech2"`, `"lead1"`, `"insp1"`, `"adv1"`}
	rolesOf = edge{"actor.roles", []string{`["technician"]`, `["leader"]`, `["inspector"]`, `["expert"]`, `["advisor"]`, `["manager"]`,
		`["superuser"]`, `["system"]`, `[]`, `["technician","leader","inspector"]`, `["guard"]`}}
	whoActs   = edge{"actor.id", persons}
	oldChecks = edge{"checks", []string{`[]`, passedChecks,
		`[{"stage":"self","round":1,"result":"pass","checker":"tech1","recorded_at":"2026-11-21 01:00:00.000Z"}]`,
		`[{"stage":"self","round":1,"result":"pass","checker":"lead1"},{"stage":"leader","round":1,"result":"pass","checker":"tech1"}]`,
		`[{"stage":"self","round":1,"result":"fail","checker":"tech1"}]`,
		`[{"stage":"self","round":1,"result":"fail","checker":"tech1"},{"stage":"self","round":2,"result":"pass","checker":"tech1"}]`}}
	clocks = edge{"entries", []string{`[]`, `null`,
		`[{"id":"e1","job":"job1","technician":"tech1","ended_at":"","recorded_at":"2026-11-21 02:00:00.000Z"}]`,
		`[{"id":"e1","job":"job1","technician":"tech1","ended_at":"x","recorded_at":"2026-11-21 00:00:00.000Z"}]`,
		`[{"id":"e1","job":"job2","technician":"tech1","ended_at":""}]`,
		`[{"id":"e1","job":"far","technician":"tech1","ended_at":""}]`,
		`[{"id":"ent9","job":"job1","technician":"tech1","ended_at":""}]`,
		`[{"id":"e1","job":"job2","technician":"tech1","started_at":"2026-11-21 01:30:00.000Z","ended_at":"2026-11-21 01:55:00.000Z","minutes":25}]`,
		`[{"id":"e1","job":"job1","technician":"tech1","started_at":"2026-11-21 01:30:00.000Z","ended_at":"2026-11-21 01:59:00.001Z","minutes":29}]`,
		`[{"id":"e1","job":"job2","technician":"tech1","started_at":"2026-11-21 01:30:00.000Z","ended_at":"2027-11-21 01:30:00.000Z","minutes":29},
		{"id":"e2","job":"far","job_work":"x","technician":"tech1","started_at":"2026-11-21 01:57:00.000Z","ended_at":"2026-11-21 02:01:00.000Z","minutes":4}]`}}
	firstJob = edge{"jobs.0.state", []string{`"proposed"`, `"approved"`, `"declined"`, `"cancelled"`, `"paused"`, `"done"`, `"passed"`, `"rework"`, `"in_progress"`}}
	reworked = edge{"jobs.0.reworked_at", []string{`"2026-11-21 01:00:00.000Z"`, `"2026-11-21 01:10:00.000Z"`, `"2026-11-21 01:15:00.000Z"`, `""`}}
	signed   = []edge{
		{"consents.1.state", []string{`"void"`, `"declined"`, `"given"`}}, {"consents.1.jobs.0.decision", []string{`"declined"`, `"approved"`}}, {"consents.1.kind", []string{`"portal"`}},
		{"consents.1.jobs.0.sha256", []string{`"other"`, `""`, `"hash1"`}}, {"consents.1.jobs.0.id", []string{`"job2"`, `"job1"`}},
		{"consents.1.jobs.0.agreed", []string{`null`, `{}`, `{"labour_fen":30000}`, `{"labour_fen":29999,"work":"换油"}`}},
		{"consents", []string{`[]`, `null`}}, {"job.sha256", []string{`"other"`, `""`}},
		{"consents.2", []string{`{"id":"c","state":"given","kind":"phone","document_kind":"supplement","jobs":[{"id":"job1","sha256":"other","decision":"approved"}]}`,
			`{"id":"c","state":"given","kind":"phone","document_kind":"supplement","jobs":[{"id":"job1","sha256":"hash1","decision":"declined"}]}`}},
	}
)

// edges lists, for each base, where its rules turn.
var edges = map[string][]edge{
	"visit": {rolesOf, firstJob, {"items", []string{`[]`, `null`, `["fuel","spare"]`, `["fuel"]`}}, {"findings.1.result", []string{`""`, `"bad"`}},
		{"findings", []string{`[]`, `null`}}, {"concerns", []string{`[]`, `null`}}, {"concerns.0.confirmed_at", stamp},
		{"visit.anything_else_at", stamp}, {"visit.valuables_exit_at", stamp}, {"visit.valuables_boot_at", stamp}, {"visit.valuables_end_at", stamp},
		{"visit.storage", []string{`""`, `"stored"`, `"declined"`}}, {"visit.storage_box", []string{`"B3"`, "\"\u00a0\""}},
		{"visit.belongings_at", stamp}, {"visit.received_by", []string{`""`, `"tech1"`}}, {"visit.received_at", stamp}, {"visit", []string{`null`}},
		{"consents.0.countersigned_by", []string{`""`, `"adv1"`}}, {"consents.0.state", []string{`"void"`, `"declined"`}},
		{"key_tags.0.holder", []string{`""`}}, {"key_tags.0.holder_kind", []string{`""`, `"cabinet"`, `"customer"`, `"staff"`}},
		{"key_tags.0.tag", []string{`""`, "\"\u00a0\"", "\"\u0085\"", "\"\ufeff\"", `"1"`}}, {"key_tags", []string{`[]`, `null`}},
		{"orders", []string{`[]`, `null`, `[{"id":"o","state":"ready"}]`, `[{"id":"o","state":"ready"},{"id":"p","state":"qc"}]`, `[{"id":"o","state":"cancelled"}]`}},
		{"order.state", []string{`"ready"`, `"released"`, `"draft"`}}},
	"order": append([]edge{rolesOf, firstJob, clocks, oldChecks, reworked, {"jobs.1.state", []string{`"declined"`, `"cancelled"`, `"done"`}}, {"jobs", []string{`[]`, `null`}},
		{"jobs.0.priced_at", stamp}, {"jobs.0.payer", []string{`"warranty"`, `"customer"`}}, {"concerns.0.expert", []string{`""`, `"exp1"`}},
		{"concerns.0.expert_at", stamp}, {"jobs.0.diagnosis_only", []string{`true`}}, {"jobs.0.diagnosis_told_at", stamp},
		{"jobs.0.not_guaranteed", []string{`true`}}, {"jobs.0.parts.0.origin", []string{`"customer"`}},
		{"visit.old_parts", []string{`""`}}, {"visit.wash", []string{`""`}}, {"visit.payment_method", []string{`""`}}, {"visit", []string{`null`}}, {"concerns.0.is_fault", []string{`false`, `true`}}, {"jobs.0.sha256", []string{`"other"`, `""`}},
		{"jobs.1.sha256", []string{`"other"`, `""`}}}, signed...),
	"job": append([]edge{rolesOf, whoActs, clocks, {"job.technicians", []string{`[]`, `null`, `["tech1","tech2"]`, `["tech2"]`, `["ghost"]`}},
		{"job.not_guaranteed", []string{`true`, `false`}}, {"job.not_guaranteed_acknowledged_at", stamp}, {"job.parts.0.origin", []string{`"customer"`, `"shop"`}},
		{"job.skill", []string{`0`, `1`, `3`, `4`}}, {"job.sheet_checked_at", stamp}, {"job.pause_reason", []string{`""`, `"bay"`}},
		{"job.rework_cause", []string{`""`, `" "`, `"x"`}}, {"visit.state", []string{`"open"`, `"inspected"`, `"working"`, `"ready"`}},
		{"policy.parallel_clocks", []string{`true`, `false`}}, {"people", []string{`[]`, `null`}}, {"people.0.roles", []string{`["leader"]`, `null`}},
		{"after", []string{`{"state":"declined","declined_at":"2026-11-21 01:00:00.000Z","declined_told_by":"adv1"}`,
			`{"state":"declined","declined_at":"2026-11-21 01:00:00.000Z"}`, `{"state":"declined","declined_told_by":"adv1"}`, `{"state":"proposed"}`, `{"state":"approved"}`, `{"state":"proposed","skill":2}`, `{"state":"proposed","technicians":[]}`}},
		{"order.state", []string{`"draft"`, `"settled"`, `"cancelled"`}}, {"order", []string{`null`}}, {"job.state", []string{`"paused"`, `"proposed"`}}}, signed...),
	"checked": {rolesOf, oldChecks, clocks, firstJob, reworked, {"job.payer", []string{`"insurer"`, `"customer"`}},
		{"job.actual_labour_fen", []string{`0`, `32999`, `33000`, `33001`}}, {"job.labour_fen", []string{`29999`, `30001`, `15`, `0`}},
		{"job.labour_range_percent", []string{`0`, `9`, `11`}}, {"job.actual_parts_fen", []string{`6799`, `6801`, `0`}},
		{"job.parts.0.quantity_milli", []string{`999`, `1001`, `1`, `0`}}, {"job.parts.0.unit_fen", []string{`6799`, `0`, `499`}},
		{"job.parts.0.origin", []string{`"customer"`}}, {"job.parts", []string{`[]`, `null`}}, {"job.parts_range_percent", []string{`1`, `100`}}},
	"entry": append([]edge{rolesOf, whoActs, clocks, {"after.technician", []string{`"tech2"`, `""`, `5`}}, {"after.job", []string{`"job2"`, `"job1"`}},
		{"job.technicians", []string{`["tech2"]`, `["tech1","tech2"]`, `null`}}, {"job.state", []string{`"paused"`, `"dispatched"`, `"in_progress"`}},
		{"policy.parallel_clocks", []string{`true`}}, {"job", []string{`null`}},
		{"after.started_at", []string{`"2026-11-21 01:54:59.999Z"`, `"2026-11-21 01:55:00.000Z"`, `""`}}, {"after.ended_at", []string{`"2026-11-21 01:57:00.000Z"`, `"2026-11-22 01:00:00.000Z"`}},
		{"consents.1.signed_at", []string{`"2026-11-21 02:00:00.000Z"`, `"2026-11-21 03:00:00.000Z"`, `""`}},
		{"consents.1.recorded_at", []string{`"2026-11-21 02:00:00.000Z"`, `""`}}}, signed...),
	"consent": {rolesOf, {"after.kind", []string{`"phone"`, `"portal"`, `""`, `null`}}, {"after.state", []string{`"declined"`, `"void"`, `""`}},
		{"after.strokes", []string{`[]`, `null`, `[[]]`, `[[[1]]]`, `[{"points":[]}]`, `[{"points":[1]}]`, `{}`, `"x"`, `[null]`}},
		{"after.signer_name", []string{`""`, `"  "`, `"王"`}}, {"after.call_words", []string{`""`, `"好"`}}, {"after.caller", []string{`""`}},
		{"after.call_number", []string{`null`}}, {"after.void_reason", []string{`""`, `"错了"`}}, {"after", []string{`{}`, `null`}}},
	"check": {rolesOf, whoActs, oldChecks, clocks, firstJob, {"after.stage", []string{`"self"`, `"leader"`, `"final"`, `"other"`}},
		{"after.result", []string{`"fail"`, `"pass"`, `""`}}, {"after.cause", []string{`""`, `"松"`}}, {"after.failed_jobs", []string{`[]`, `["job1"]`, `["job9"]`, `[1]`, `"job1"`}},
		{"after.items", []string{`[]`, `null`, `"x"`, `[{"code":"papers","ok":false}]`}}, {"after.items.2.ok", []string{`false`, `null`, `"true"`, `1`}},
		{"order.state", []string{`"in_progress"`, `"qc"`, `"ready"`}}, {"policy.three_people", []string{`false`, `true`}}, {"order", []string{`null`}}},
}

// Edges of the calendar: room, opening, permission, what was told.
func init() {
	edges["appointment"] = []edge{rolesOf, {"booking.minute", []string{`509`, `510`, `539`, `570`, `1049`, `1050`}}, {"booking.minutes", []string{`15`, `30`, `31`, `540`, `541`, `2400`}},
		{"booking.hands", []string{`1`, `2`, `3`, `4`}}, {"booking.day", []string{`"2026-11-20"`, `"2026-11-22"`, `"2026-02-30"`, `""`}},
		{"booking.starts_at", []string{`"2026-11-21 02:00:00.000Z"`, `"2026-11-21 02:00:00.001Z"`, `""`}}, {"bookings.0.hands", []string{`1`, `2`, `3`}},
		{"bookings.0.id", []string{`"app1"`, `"app9"`}}, {"bookings.0.minutes", []string{`30`, `60`, `120`, `600`}}, {"bookings", []string{`[]`, `null`}},
		{"capacities.0.bookable_percent", []string{`0`, `49`, `50`, `99`}}, {"capacities.0.bays", []string{`0`, `1`, `2`}}, {"capacities.0.technicians", []string{`0`, `1`, `2`}},
		{"capacities.0.until_day", []string{`"2026-11-20"`, `"2026-11-21"`}}, {"capacities.0.weekdays", []string{`"6"`, `"12345"`, `"7"`}}, {"capacities.0.slot_minutes", []string{`15`, `480`}},
		{"capacities.1", []string{`{"id":"cap2","revision":2,"from_day":"2026-11-21","until_day":"2026-11-21","weekdays":"6","opens":540,"closes":600,"slot_minutes":30,"bays":1,"technicians":1,"bookable_percent":100}`}},
		{"capacities", []string{`[]`}}, {"after.overbook_slot", []string{`"2026-11-21 00:30:00.000Z/60/1"`, `"x"`}}, {"after.overbook_reason", []string{`"急"`, `" "`}},
		{"preparations.1.told_at", stamp}, {"preparations.0.state", []string{`"missing"`, `"open"`}}, {"preparations", []string{`[]`, `null`}}, {"visit", []string{`null`}},
		{"customer.member_level", []string{`"Gold "`, `"金卡"`, `"silver"`, `"x"`, `""`}}, {"customer", []string{`null`}}, {"after.pickup_km", []string{`0`, `20`, `21`, `"20"`}},
		{"after.pickup", []string{`"none"`, `"fetch"`, `""`}}, {"policy.pickup_level", []string{`0`, `2`, `4`}}, {"after.customer", []string{`""`}},
		{"after.caller_name", []string{`"王"`, `" "`}}, {"after.caller_phone", []string{`"139"`}}, {"after.cancel_reason", []string{`""`, `"改天"`}}}
	edges["preparation"] = []edge{rolesOf, {"after.missing_note", []string{`""`, "\"\ufeff\"", `"缺"`}}}
	entityOf["appointment"], entityOf["preparation"] = "appointment", "preparation"
}

// entityOf is what each base is about.
var entityOf = map[string]string{"visit": "visit", "order": "work_order", "job": "job", "checked": "work_order", "entry": "time_entry",
	"consent": "consent", "check": "quality_check"}

const generatedCases = 2400

// generate makes the same cases from the same seed: a few places near their edges, one act, and the server's answer.
func generate(t *testing.T, all bases) []vector {
	t.Helper()
	random := rand.New(rand.NewSource(20261121))
	names := slices.Sorted(maps.Keys(edges))
	vectors := make([]vector, 0, generatedCases)
	for i := range generatedCases {
		base := names[i%len(names)]
		v := vector{Name: fmt.Sprintf("%s %d", base, i), Base: base, Set: map[string]json.RawMessage{}}
		if base == "checked" && random.Intn(2) == 0 {
			v.Set["entity"] = quoted("job")
		}
		roles := chooseAct(random, &v)
		if len(roles) > 0 && random.Intn(4) > 0 {
			v.Set["actor.roles"], _ = json.Marshal([]string{roles[random.Intn(len(roles))]})
		}
		nudge(random, v.Set, edges[base], 1+random.Intn(4))
		if random.Intn(4) == 0 {
			v.Seen = map[string]json.RawMessage{}
			nudge(random, v.Seen, edges[base], random.Intn(2))
		}
		v.Want = v.judge(t, all)
		vectors = append(vectors, v)
	}
	return vectors
}

func nudge(random *rand.Rand, set map[string]json.RawMessage, from []edge, times int) {
	for range times {
		e := from[random.Intn(len(from))]
		if clashes(set, e.place) {
			continue
		}
		set[e.place] = json.RawMessage(e.values[random.Intn(len(e.values))])
	}
}

// clashes says that a place lies inside another one that is set already, or the other way round.
func clashes(set map[string]json.RawMessage, place string) bool {
	for other := range set {
		if strings.HasPrefix(place+".", other+".") || strings.HasPrefix(other+".", place+".") {
			return true
		}
	}
	return false
}

// chooseAct mostly takes a step that exists, from anywhere in the entity's life, and says who may take it.
func chooseAct(random *rand.Rand, v *vector) []string {
	entity := entityOf[v.Base]
	if raw, ok := v.Set["entity"]; ok {
		_ = json.Unmarshal(raw, &entity)
	}
	e := Table().Entity(entity)
	switch {
	case len(e.Transitions) == 0 || v.Base == "job" && random.Intn(6) == 0 || (v.Base == "consent" || v.Base == "leaving") && random.Intn(3) > 0:
		v.Create = true
		return e.Create.Roles
	case random.Intn(6) == 0:
		v.Apply = []string{e.States[random.Intn(len(e.States))], e.States[random.Intn(len(e.States))]}
	default:
		step := e.Transitions[random.Intn(len(e.Transitions))]
		v.Apply = []string{step.From, step.To}
		return step.Roles
	}
	return nil
}

func TestGenerated(t *testing.T) {
	all := readBases(t)
	answersStand(t, "S-01 S-02 W-01 Q-01", "generated.json", all, func() []vector { return generate(t, all) }, generatedCases, 45)
}

// answersStand holds generated cases to the answers kept in a file of the vectors, which both sides read: there are so many,
// one in eight is allowed, and at least so many different answers are given. With -update they are made and answered anew.
func answersStand(t *testing.T, ids, name string, all bases, generate func() []vector, cases, answers int) {
	if *update {
		vectortest.Write(t, vectorDir+"/"+name, generate())
	}
	codes, allowed := map[string]bool{}, 0
	t.Run(ids+" the answers of generated cases near every edge stand", func(t *testing.T) {
		for _, v := range vectortest.Read[[]vector](t, vectorDir+"/"+name) {
			if got := v.judge(t, all); !reflect.DeepEqual(normal(t, got), normal(t, v.Want)) {
				t.Errorf("%s:\n got %+v\nwant %+v", v.Name, got, v.Want)
			}
			codes[v.Want.Code] = true
			if v.Want.Code == "" {
				allowed++
			}
		}
	})
	t.Run("the cases are worth running", func(t *testing.T) {
		if allowed < cases/8 || len(codes) < answers {
			t.Errorf("only %d of %d cases are allowed, only %d different answers", allowed, cases, len(codes))
		}
	})
}

// normal brings an answer to the form it has in the file.
func normal(t *testing.T, a answer) any {
	t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
