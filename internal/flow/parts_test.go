package flow

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"
)

// What the walk over every state, role and guard needs to know of the parts store.
func init() {
	maps.Copy(broken, map[string]map[string]string{
		"move_places":          {"after.to_place": `"workshop"`},
		"move_reason":          {"after.kind": `"to_supplier"`},
		"move_on_order":        {"stock.part.number": `"other"`},
		"move_consent_covers":  {"job.sha256": `"other"`},
		"move_job_open":        {"job.state": `"passed"`},
		"move_signed":          {"after.strokes": `[]`},
		"move_received":        {"after.kind": `"in"`, "after.from_place": `""`, "after.to_place": `"store"`},
		"move_counted":         {"after.kind": `"count"`},
		"stock_enough":         {"stock.part.store_milli": `500`},
		"reserve_on_order":     {"stock.issued_milli": `1000`},
		"reserve_enough":       {"stock.frozen_milli": `4500`},
		"order_dated":          {"after.expected_on": `""`},
		"deposit_paid":         {"policy.deposit_from_fen": `6800`, "policy.deposit_percent": `50`},
		"order_arrived":        {"stock.arrived_milli": `999`},
		"cancel_explained":     {"after.reason": `" "`},
		"receipt_checked":      {"after.items": `[]`},
		"damage_shown":         {"stock.photos": `0`},
		"damage_to_return":     {"after.damaged_milli": `0`},
		"count_complete":       {"after.lines.0.counted_milli": `null`},
		"count_other_person":   {"after.counted_by": `"tech1"`},
		"customer_part_covers": {"job.sha256": `"other"`},
		"customer_part_signed": {"after.strokes": `[]`},
		"tool_free":            {"stock.loans": `[{"id":"loan1","borrower":"王强"}]`},
		"loss_explained":       {"after.note": `""`},
	})
	const part = `{"id":"part1","number":"15400","name":"机油滤清器","class":"A","unit":"个","price_fen":6800,"store_milli":5000,"workshop_milli":0}`
	stock := func(more string) map[string]json.RawMessage {
		return map[string]json.RawMessage{"stock": quietly(`{"part":` + part + more + `}`)}
	}
	afters["stock_move"] = `{"id":"new1","kind":"out","part":"part1","quantity_milli":1000,"from_place":"store","to_place":"","job":"job1","signed_by":"tech1","strokes":[[[1,2,0]]],"reason":""}`
	alsoInOrder["stock_move"] = stock(`,"frozen_milli":1000,"own_milli":1000`)
	afters["reservation"] = `{"id":"new1","part":"part1","quantity_milli":1000,"job":"job1"}`
	alsoInOrder["reservation"] = stock(`,"frozen_milli":1000`)
	afters["purchase_order"] = `{"id":"new1","part":"part1","quantity_milli":1000,"visit":"visit1","job":"job1","expected_on":"2026-11-25 00:00:00.000Z","reason":"停产"}`
	alsoInOrder["purchase_order"] = stock(`,"arrived_milli":1000`)
	alsoInOrder["purchase_order"]["policy.deposit_from_fen"] = quietly(`200000`)
	afters["goods_receipt"] = `{"id":"new1","part":"part1","quantity_milli":2000,"damaged_milli":1000,"reason":"压坏","items":[{"code":"packing","ok":false}]}`
	alsoInOrder["goods_receipt"] = stock(`,"items":["packing"],"photos":1`)
	afters["stock_count"] = `{"id":"new1","lines":[{"part":"part1","book_milli":5000,"counted_milli":4000}],"counted_by":"counter1"}`
	afters["customer_part"] = `{"id":"new1","signed_by":"tech1","strokes":[[[1,2,0]]]}`
	afters["tool_loan"] = `{"id":"new1","tool":"tool1","note":"路试时丢失"}`
	alsoInOrder["tool_loan"] = map[string]json.RawMessage{"stock": quietly(`{"tool_name":"活塞复位器","loans":[{"id":"new1","borrower":"王强"}]}`)}
}

func readParts(t *testing.T) ruleVectors {
	t.Helper()
	return readRules(t, "parts.json")
}

func TestPartsRules(t *testing.T) {
	readParts(t).stand(t)
}

func TestQuantityText(t *testing.T) {
	for milli, want := range map[int64]string{0: "0", 1000: "1", 4500: "4.5", 1: "0.001", 10_020: "10.02", -500: "-0.5"} {
		if got := QuantityText(milli); got != want {
			t.Errorf("%d: %s, want %s", milli, got, want)
		}
	}
}

// partsEdges is where the rules of the parts store turn.
var partsEdges = map[string][]edge{
	"move": append([]edge{rolesOf, {"after.kind", []string{`"in"`, `"out"`, `"transfer"`, `"return"`, `"retail"`, `"adjust"`, `"count"`, `"to_supplier"`, `""`}},
		{"after.from_place", []string{`"store"`, `"workshop"`, `""`}}, {"after.to_place", []string{`"store"`, `"workshop"`, `""`}},
		{"after.quantity_milli", []string{`1`, `999`, `1000`, `1001`, `4000`, `4001`, `5001`, `0`, `"x"`}}, {"after.reason", []string{`""`, `"坏"`, `" "`}},
		{"after.job", []string{`""`, `"job1"`}}, {"after.signed_by", []string{`""`}}, {"after.strokes", []string{`[]`, `null`, `[{"points":[1]}]`}},
		{"job", []string{`null`}}, {"job.state", []string{`"proposed"`, `"done"`, `"passed"`, `"declined"`, `"approved"`}}, {"job.parts", []string{`[]`, `null`}},
		{"job.parts.0.origin", []string{`"customer"`}}, {"job.parts.0.quantity_milli", []string{`4000`, `999`}}, {"order.state", []string{`"ready"`, `"settled"`, `"released"`, `"qc"`}},
		{"order", []string{`null`}}, {"visit.state", []string{`"released"`}}, {"stock.issued_milli", []string{`1000`, `500`}}, {"stock.frozen_milli", []string{`5000`, `4001`, `0`}},
		{"stock.own_milli", []string{`0`, `1000`, `2000`}}, {"stock.part.store_milli", []string{`0`, `999`, `1000`}}, {"stock.part.workshop_milli", []string{`1000`, `500`}},
		{"stock.part.name", []string{`"垫片"`}}, {"stock.last_taken", []string{`{"by":"孙丽","order":"SH-261121-A01"}`}}, {"stock.frozen_for", []string{`"SH-261121-A02"`}},
		{"stock.photos", []string{`1`}}, {"stock.receipt", []string{`{"state":"checked","part":"part1","good_milli":2000,"stocked_milli":1000}`, `{"state":"open","part":"part1","good_milli":2000}`,
			`{"state":"checked","part":"other","good_milli":2000}`}},
		{"stock.count", []string{`{"state":"approved","place":"store","lines":[{"part":"part1","book_milli":5000,"counted_milli":4000}]}`,
			`{"state":"approved","place":"store","lines":[{"part":"part1","book_milli":4000,"counted_milli":5000}]}`,
			`{"state":"approved","place":"store","lines":[{"part":"part1","book_milli":5000,"counted_milli":4000}],"booked":["part1"]}`,
			`{"state":"counted","place":"store","lines":null}`}}, {"stock", []string{`null`}}}, signed...),
	"reserve": {rolesOf, {"after.quantity_milli", []string{`1`, `1000`, `1001`, `4000`}}, {"after.appointment", []string{`"appointment001"`}}, {"job", []string{`null`}},
		{"job.state", []string{`"cancelled"`, `"passed"`, `"proposed"`}}, {"job.parts.0.number", []string{`"9"`}}, {"job.parts.0.quantity_milli", []string{`5000`}},
		{"stock.frozen_milli", []string{`5000`, `4000`, `4001`}}, {"stock.own_milli", []string{`500`, `1000`}}, {"stock.issued_milli", []string{`1000`, `1`}}},
	"purchase": {rolesOf, {"after.expected_on", []string{`""`}}, {"after.visit", []string{`""`}}, {"after.appointment", []string{`"appointment001"`}},
		{"after.unit_fen", []string{`0`, `200000`, `199999`, `199901`, `1`}}, {"after.quantity_milli", []string{`1`, `999`, `3000`}}, {"after.deposit_fen", []string{`3400`, `3399`, `100000`, `99951`}},
		{"after.deposit_reference", []string{`"S-17"`, `" "`}}, {"stock.arrived_milli", []string{`1000`, `999`}}, {"after.reason", []string{`"停产"`, `""`}},
		{"stock.part.class", []string{`"C"`, `"D"`, `"B"`}}, {"stock.deposit_fen", []string{`3400`, `100`}}, {"job.payer", []string{`"warranty"`, `"customer"`}}, {"job", []string{`null`}},
		{"policy.deposit_percent", []string{`100`, `33`, `0`}}, {"policy.deposit_from_fen", []string{`6800`, `6801`}}, {"policy.deposit_class_c", []string{`false`, `true`}}, {"policy.deposit_class_d", []string{`false`}}},
	"receipt": {rolesOf, {"after.items", []string{`[]`, `null`, `"x"`, `[{"code":"packing","ok":true},{"code":"number","ok":false}]`, `[{"code":"packing","ok":true},{"code":"number"}]`}},
		{"after.damaged_milli", []string{`1000`, `2000`, `2001`, `0`}}, {"after.reason", []string{`"压坏"`, `""`}}, {"stock.photos", []string{`0`, `1`}},
		{"stock.items", []string{`[]`, `null`, `["packing"]`}}},
	"count": {rolesOf, whoActs, {"after.lines", []string{`[]`, `null`, `[{"counted_milli":0}]`, `[{"counted_milli":null},{}]`, `[null]`}}, {"after.counted_by", []string{`"tech1"`, `""`, `"lead1"`}}},
	"loan":  {rolesOf, {"stock.loans", []string{`[]`, `null`, `[{"id":"new1","borrower":"王"}]`, `[{"id":"new1","borrower":"王"},{"id":"other","borrower":"李"}]`}}, {"after.note", []string{`""`, `"丢了"`}}},
	"own":   append([]edge{rolesOf, {"after.signed_by", []string{`""`}}, {"after.strokes", []string{`[]`, `[[[1]]]`}}, {"job", []string{`null`}}}, signed...),
}

var partsEntities = map[string]string{"move": "stock_move", "reserve": "reservation", "purchase": "purchase_order", "receipt": "goods_receipt",
	"count": "stock_count", "loan": "tool_loan", "own": "customer_part"}

const partsCases = 700

func generateParts(t *testing.T, all bases) []vector {
	t.Helper()
	random := rand.New(rand.NewSource(20261122))
	names := slices.Sorted(maps.Keys(partsEdges))
	for range 3 { // moves have the most rules
		names = append(names, "move")
	}
	vectors := make([]vector, 0, partsCases)
	for i := range partsCases {
		base := names[i%len(names)]
		e := Table().Entity(partsEntities[base])
		v := vector{Name: fmt.Sprintf("%s %d", base, i), Base: base, Set: map[string]json.RawMessage{}}
		roles := e.Create.Roles
		if len(e.Transitions) == 0 || len(e.Create.Guards) > 0 && random.Intn(2) == 0 {
			v.Create = true
		} else {
			step := e.Transitions[random.Intn(len(e.Transitions))]
			v.Apply, roles = []string{step.From, step.To}, step.Roles
		}
		if random.Intn(5) > 0 {
			v.Set["actor.roles"], _ = json.Marshal([]string{roles[random.Intn(len(roles))]})
		}
		nudge(random, v.Set, partsEdges[base], random.Intn(4))
		if base == "move" && random.Intn(4) == 0 {
			v.Seen = map[string]json.RawMessage{}
			nudge(random, v.Seen, signed, random.Intn(2))
		}
		v.Want = v.judge(t, all)
		vectors = append(vectors, v)
	}
	return vectors
}

func TestPartsGenerated(t *testing.T) {
	all := readParts(t).Bases
	answersStand(t, "P-01 P-02 W-04 B-06", "parts_generated.json", all, func() []vector { return generateParts(t, all) }, partsCases, 28)
}
