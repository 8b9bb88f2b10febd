package flow

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"aftercare/internal/vectortest"
)

const (
	goodClaim = `{"id":"cla1","number":"TH-1","kind":"return","lane":"return_exchange","verdict":"quality","verdict_reason":"掉色","evidence_wanted":"近照","needs":["whole"],
		"rejection":"无质量问题","withdrawal_reason":"客户不退了","received_at":` + goodTime + `,"ship_back_due_at":"2026-11-22 02:00:00.000Z","extended_until":"2026-11-23 02:00:00.000Z",
		"extension_reason":"台风","ticked":["product"],"arrival_note":"","compared_at":` + goodTime + `,"product_line":"default","owed_fen":0,"collected_fen":0,"refund_due_fen":0}`
	goodCase = `{"row":{"id":"cla1","state":"submitted","kind":"repair","product_line":"default","approved_at":"2026-11-20 02:00:00.000Z","ship_back_due_at":"2026-11-22 02:00:00.000Z"},
		"sale":{"state":"placed","phone":"13800138001","paid_fen":20600,"refunded_fen":0},"items":1,"slots":["whole","arrival.product"],"list":["product"],"units":2,"line":"default",
		"shipments":[{"id":"out1","direction":"out","sent_at":` + goodTime + `},{"id":"in1","direction":"in","sent_at":` + goodTime + `}],"plan":{"id":"plan1","state":"accepted","agreed_fen":0},"refunds":[]}`
	parcelsOut = `[{"id":"out1","direction":"out","sent_at":` + goodTime + `}]`
)

// What the walk over every state, role and guard needs to know of claims.
func init() {
	maps.Copy(broken, map[string]map[string]string{
		"claim_filed": {"claim.sale.state": `"cancelled"`}, "claim_first": {"claim.taken": `"TH-0"`}, "claim_evidence_named": {"after.evidence_wanted": `" "`},
		"claim_evidence_shown": {"claim.slots": `[]`}, "claim_judged": {"after.verdict": `""`}, "claim_items_named": {"claim.items": `0`}, "claim_lane": {"after.lane": `"negotiate"`},
		"claim_agreed": {"after.agreement": `""`}, "claim_rejected": {"after.rejection": `""`}, "claim_withdrawn": {"after.withdrawal_reason": `""`},
		"claim_unfrozen": {"before": `{"state":"approved"}`, "changed": `["verdict"]`}, "claim_sent": {"claim.shipments": `[]`}, "claim_overdue": {"after.ship_back_due_at": `"2026-11-22 02:00:00.000Z"`},
		"claim_extended": {"after.extended_until": `""`}, "claim_complete": {"after.ticked": `[]`}, "claim_incomplete": {"after.arrival_note": `""`}, "claim_compared": {"after.compared_at": `""`},
		"claim_returned": {"after.kind": `"repair"`}, "claim_exchanged": {"after.kind": `"return"`}, "claim_repaired": {"after.kind": `"return"`}, "claim_owes": {"after.owed_fen": `0`},
		"claim_paid": {"after.collected_fen": `1`}, "claim_planned": {"claim.plan.state": `"paused"`}, "claim_plan_accepted": {"claim.plan.state": `"paused"`}, "claim_plan_declined": {"claim.plan.state": `"paused"`},
		"claim_work_done": {"claim.plan.state": `"paused"`}, "claim_goods_here": {"after.arrived_at": `""`}, "claim_goods_away": {"after.arrived_at": goodTime}, "claim_shipped_out": {"claim.shipments": `[]`},
		"claim_given_up": {"after.withdrawal_reason": `" "`}, "claim_nothing_paid": {"after.collected_fen": `1`},
		"claim_refunded": {"after.refund_due_fen": `100`}, "claim_item_fits": {"after.quantity": `3`}, "shipment_allowed": {"after.sent_at": `"2026-11-22 02:00:00.000Z"`},
		"plan_complete": {"after.method": `" "`}, "plan_fits": {"claim.row.kind": `"return"`}, "plan_begun": {"claim.row.state": `"accepted"`}, "surprise_named": {"after.surprise": `""`},
		"surprise_agreed": {"after.surprise_agreed_at": `""`}, "plan_unfrozen": {"before": `{"state":"accepted"}`, "changed": `["surprise"]`}, "refund_due": {"after.fen": `101`},
		"photo_sourced": {"after.source": `"wechat"`}, "photo_evidence": {"changed": `["evidence_reason"]`},
	})
	afters["claim"], afters["claim_item"], afters["shipment"] = goodClaim, `{"id":"new1","quantity":1}`, `{"id":"new1","direction":"in","sent_at":`+goodTime+`}`
	afters["repair_plan"] = `{"id":"new1","method":"换拉链","days":3,"surprise":"里衬也破了","surprise_agreed_at":` + goodTime + `}`
	afters["refund"] = `{"id":"new1","kind":"refund","fen":100}`
	for entity, set := range map[string]map[string]string{
		"claim": {}, "claim_item": {}, "shipment": {"claim.row.state": `"awaiting_goods"`}, "repair_plan": {"claim.plan": `null`},
		"refund": {"claim.row.state": `"refund_pending"`, "claim.row.refund_due_fen": `100`},
	} {
		alsoInOrder[entity] = map[string]json.RawMessage{"claim": quietly(goodCase)}
		for place, value := range set {
			alsoInOrder[entity][place] = quietly(value)
		}
	}
}

// claimInOrder are the places that some guards of claims need otherwise than the others.
var claimInOrder = map[string]map[string]string{
	"claim_rejected":      {"after.lane": `"paid_repair"`},
	"claim_agreed":        {"after.lane": `"negotiate"`, "after.agreement": `"各付一半"`},
	"claim_withdrawn":     {"claim.shipments": `[]`},
	"claim_overdue":       {"claim.shipments": parcelsOut, "after.ship_back_due_at": goodTime, "after.extended_until": `""`},
	"claim_incomplete":    {"after.ticked": `[]`, "after.arrival_note": `"缺吊牌"`},
	"claim_exchanged":     {"after.kind": `"exchange"`},
	"claim_repaired":      {"after.kind": `"repair"`},
	"claim_owes":          {"after.owed_fen": `100`},
	"claim_planned":       {"claim.plan.state": `"offered"`},
	"claim_plan_declined": {"claim.plan.state": `"declined"`},
	"claim_work_done":     {"claim.plan.state": `"done"`},
	"claim_goods_here":    {"after.arrived_at": goodTime},
	"plan_begun":          {"claim.row.state": `"repairing"`},
}

func claimsInOrder(set map[string]json.RawMessage, guards []string) {
	for _, guard := range guards {
		for place, value := range claimInOrder[guard] {
			set[place] = quietly(value)
		}
	}
}

func TestClaimRules(t *testing.T) {
	all := readRules(t, "claim.json")
	all.stand(t)
	for _, c := range vectortest.Read[struct {
		Guards []guardCase `json:"guards"`
	}](t, "testdata/vectors/claim.json").Guards {
		t.Run(c.Name, func(t *testing.T) {
			if got := all.Bases.ask(t, c); got != c.Code {
				t.Errorf("got %q, want %q", got, c.Code)
			}
		})
	}
}

var claimTimes = []string{`"2026-11-21 02:00:00.000Z"`, `"2026-11-21 01:59:59.999Z"`, `"2026-11-21 02:05:00.001Z"`, `"2026-11-22 02:00:00.000Z"`, `"2026-11-20 02:00:00.000Z"`, `""`, `"2026-02-30 02:00:00.000Z"`}

// claimEdges is where the rules of claims turn.
var claimEdges = map[string][]edge{
	"claim": {{"actor.roles", []string{`["customer"]`, `["agent"]`, `["supervisor"]`, `["warehouse"]`, `["system"]`, `["finance"]`, `["technician"]`}}, {"after.kind", []string{`"return"`, `"exchange"`, `"repair"`}},
		{"after.lane", []string{`"negotiate"`, `"paid_repair"`, `""`}}, {"after.insist", []string{`true`}}, {"after.insisted", []string{`true`, `false`}}, {"after.agreement", []string{`"各半"`, `" "`}},
		{"after.freight", []string{`"agreement"`, `"company"`}}, {"after.freight_agreed", []string{`"customer"`}}, {"after.pay_acknowledged_at", []string{goodTime}}, {"after.verdict", []string{`""`, `"none"`}},
		{"after.verdict_reason", []string{`"\ufeff"`}}, {"after.rejection", []string{`""`}}, {"after.withdrawal_reason", []string{`""`}}, {"after.needs", []string{`["whole","close"]`, `["whole","invoice"]`, `null`}},
		{"after.refused_parcel", []string{`true`}}, {"after.mismatch", []string{`"size"`}}, {"after.received_at", []string{`""`}}, {"after.ticked", []string{`[]`, `null`, `["product","tags"]`}}, {"after.arrival_note", []string{`"破了"`}},
		{"after.compared_at", []string{`""`}}, {"after.difference_agreed_at", []string{goodTime}}, {"after.arrived_at", []string{goodTime}}, {"after.owed_fen", []string{`100`}}, {"after.collected_fen", []string{`100`, `99`}},
		{"after.refund_due_fen", []string{`100`}}, {"after.ship_back_due_at", claimTimes}, {"after.extended_until", claimTimes}, {"claim.taken", []string{`"TH-0"`}}, {"claim.items", []string{`0`}},
		{"claim.slots", []string{`[]`, `["arrival.product"]`, `null`}}, {"claim.list", []string{`["product","tags"]`, `[]`}}, {"claim.shipments", []string{`[]`, `null`, parcelsOut, `[{"id":"in1","direction":"in","sent_at":"2026-11-22 02:00:00.000Z"}]`}},
		{"claim.plan.state", []string{`"offered"`, `"declined"`, `"done"`, `"paused"`}}, {"claim.plan.agreed_fen", []string{`100`}}, {"claim.plan.price_fen", []string{`100`, `1`, `0`}}, {"claim.refunds", []string{`[{"id":"r1","kind":"refund","fen":100,"counters":""}]`, `[{"id":"r1","kind":"refund","fen":100,"counters":""},{"id":"r2","kind":"counter","fen":100,"counters":"r1"}]`}},
		{"claim.sale.state", []string{`"incoming"`}}, {"claim.phone", []string{`"13800138001"`, `"13900000000"`}}, {"before.state", []string{`"approved"`, `"received"`, `"completed"`, `"accepted"`, `"expired"`, `"awaiting_payment"`}},
		{"changed", []string{`["verdict"]`, `["verdict_reason"]`, `["extended_until"]`, `["collected_fen"]`, `["withdrawal_reason"]`, `["ticked"]`, `[]`, `null`}}, {"before.arrived_at", []string{goodTime}}, {"before.verdict_by", []string{`"another"`}}, {"after.capture_accepted", []string{`true`}}, {"after.extension_reason", []string{`""`}}},
	"filing": {{"actor.roles", []string{`["customer"]`, `["agent"]`}}, {"after.kind", []string{`"exchange"`, `"repair"`}}, {"after.refused_parcel", []string{`true`}}, {"after.mismatch", []string{`"size"`}}, {"after.received_at", []string{`""`}},
		{"claim.taken", []string{`"TH-0"`}}, {"claim.sale.received_at", []string{goodTime}}, {"claim.sale.state", []string{`"incoming"`, `"cancelled"`}}, {"claim.phone", []string{`"13800138001"`, `"13900000000"`}}, {"after.verdict", []string{`"quality"`}}},
	"item": {{"after.quantity", []string{`2`, `3`, `1`}}, {"claim.units", []string{`0`, `1`}}, {"claim.foreign", []string{`true`}}, {"claim.line", []string{`"leather"`}}, {"claim.row.state", []string{`"approved"`, `"negotiating"`}}},
	"parcel": {{"actor.roles", []string{`["customer"]`, `["warehouse"]`, `["technician"]`}}, {"after.direction", []string{`"out"`, `"in"`}}, {"after.sent_at", claimTimes}, {"claim.row.state", []string{`"approved"`, `"expired"`, `"exchange_pending"`, `"repairing"`, `"received"`, `"plan_declined"`, `"awaiting_payment"`}}, {"claim.row.withdrawal_reason", []string{`"客户不付款"`, `" "`}},
		{"claim.row.kind", []string{`"exchange"`}}, {"claim.row.refused_parcel", []string{`true`}}, {"claim.row.owed_fen", []string{`100`}}, {"claim.row.collected_fen", []string{`100`}}, {"claim.row.extended_until", claimTimes}, {"claim.row.approved_at", claimTimes}, {"claim.plan.state", []string{`"done"`}}, {"claim.plan.agreed_fen", []string{`100`}}},
	"plan": {{"actor.roles", []string{`["customer"]`, `["technician"]`, `["agent"]`}}, {"after.method", []string{`""`}}, {"after.days", []string{`0`}}, {"after.surprise", []string{`""`}}, {"after.surprise_agreed_at", []string{`""`}}, {"claim.row.state", []string{`"repairing"`, `"approved"`, `"received"`}},
		{"claim.row.kind", []string{`"return"`}}, {"claim.plan", []string{`{"id":"plan1","state":"declined","agreed_fen":0}`, `{"id":"plan1","state":"offered","agreed_fen":0}`, `{"id":"new1","state":"offered","agreed_fen":0}`}},
		{"before.state", []string{`"in_progress"`, `"paused"`, `"accepted"`}}, {"changed", []string{`["surprise"]`, `["surprise_agreed_at"]`, `["stopped_fen"]`, `null`}},
		{"after.stopped_fen", []string{`0`, `100`, `101`}}, {"before.agreed_fen", []string{`100`}}},
	"refund": {{"after.fen", []string{`99`, `101`}}, {"after.kind", []string{`"counter"`}}, {"after.counters", []string{`"r1"`}}, {"after.reason", []string{`"打错"`}}, {"claim.row.state", []string{`"completed"`, `"returned"`, `"accepted"`}}, {"claim.row.refund_due_fen", []string{`0`}},
		{"claim.sale.refunded_fen", []string{`20500`, `20501`}}, {"claim.sale", []string{`null`}}, {"claim.refunds", []string{`[{"id":"r1","kind":"refund","fen":100,"counters":""}]`, `[{"id":"r1","kind":"refund","fen":100,"counters":""},{"id":"r2","kind":"counter","fen":100,"counters":"r1"}]`}},
		{"claim.counters", []string{`{"id":"r1","kind":"refund","fen":100,"counters":""}`, `{"id":"r1","kind":"refund","fen":99,"counters":""}`, `{"id":"r2","kind":"counter","fen":100,"counters":"r1"}`}}},
}

var claimEntities = map[string]string{"filing": "claim", "claim": "claim", "item": "claim_item", "parcel": "shipment", "plan": "repair_plan", "refund": "refund"}

// generateClaims draws steps, creations and edits near every edge; a step begins in order for its own guards.
func generateClaims(t *testing.T, all bases) (steps []vector, asked []guardCase) {
	t.Helper()
	random := rand.New(rand.NewSource(20261122))
	names := append(slices.Sorted(maps.Keys(claimEdges)), "claim", "claim", "claim", "claim")
	for i := range 700 {
		base := names[i%len(names)]
		e, set, name := Table().Entity(claimEntities[base]), map[string]json.RawMessage{}, fmt.Sprintf("%s %d", base, i)
		if len(e.Edit.Guards) > 0 && base != "filing" && random.Intn(4) == 0 {
			nudge(random, set, claimEdges[base], 1+random.Intn(3))
			c := guardCase{Name: name, Guard: e.Edit.Guards[0], Base: base, Set: set}
			c.Code = all.ask(t, c)
			asked = append(asked, c)
			continue
		}
		v := vector{Name: name, Base: base, Set: set}
		if len(e.Transitions) == 0 || base == "filing" || random.Intn(6) == 0 {
			v.Create = true
		} else {
			step := e.Transitions[random.Intn(len(e.Transitions))]
			v.Apply = []string{step.From, step.To}
			claimsInOrder(set, step.Guards)
			if random.Intn(5) > 0 {
				set["actor.roles"], _ = json.Marshal(step.Roles[:1])
			}
			if len(step.Guards) > 0 && random.Intn(2) == 0 {
				set = withBroken(set, step.Guards[random.Intn(len(step.Guards))])
				v.Set = set
			}
		}
		nudge(random, set, claimEdges[base], random.Intn(4))
		v.Want = v.judge(t, all)
		steps = append(steps, v)
	}
	return steps, asked
}

func TestClaimGenerated(t *testing.T) {
	all := readRules(t, "claim.json").Bases
	codes := playGenerated(t, "L-01 … L-13 the answers of generated cases near every edge stand", "claim_generated.json", all, func() ([]vector, []guardCase) { return generateClaims(t, all) })
	t.Run("the cases are worth running", func(t *testing.T) {
		if codes[""] < 150 || len(codes) < 45 {
			t.Errorf("%d codes: %v", len(codes), codes)
		}
	})
}

func TestExtension(t *testing.T) {
	t.Run("L-08 extending never rejects what was sent in time, and heeds what a supervisor grants", rapid.MakeCheck(func(t *rapid.T) {
		draw := func(name string) string {
			minutes := rapid.IntRange(-3*24*60, 3*24*60).Draw(t, name)
			return time.Date(2026, 11, 22, 2, minutes, 0, 0, time.UTC).Format("2006-01-02 15:04:05.000Z")
		}
		sent, row := Shipment{Direction: "in", SentAt: draw("sent")}, Values{"ship_back_due_at": draw("due")}
		before := sent.inTime(row)
		row["extended_until"] = draw("until")
		if after := sent.inTime(row); after != (before || later(text(row, "extended_until"), sent.SentAt)) {
			t.Fatalf("in time %v, with the extension %v", before, after)
		}
	}))
}
