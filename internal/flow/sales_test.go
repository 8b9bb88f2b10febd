package flow

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"
)

// What the walk over every state, role and guard needs to know of sales orders.
func init() {
	maps.Copy(broken, map[string]map[string]string{
		"sale_dated":         {"after.received_at": `"2036-01-01 00:00:00.000Z"`},
		"sale_unfrozen":      {"before": `{"id":"sale1","state":"placed"}`, "after.state": `"placed"`, "changed": `["paid_fen"]`},
		"sale_adds_up":       {"after.paid_fen": `1`},
		"sale_above_refunds": {"sale.refunded_fen": `20601`, "changed": `["paid_fen"]`},
		"sale_line_open":     {"sale.state": `"placed"`},
		"sale_line_unfrozen": {"sale.state": `"placed"`, "changed": `["quantity"]`},
		"sale_line_priced":   {"after.paid_fen": `1`},
	})
	afters["sales_order"] = `{"id":"sale1","state":"incoming","items_fen":19800,"shipping_fen":800,"discount_fen":0,"paid_fen":20600}`
	afters["sales_item"] = `{"id":"line1","sales_order":"sale1","quantity":2,"unit_fen":9900,"discount_fen":0,"paid_fen":19800}`
	alsoInOrder["sales_order"] = map[string]json.RawMessage{"sale": quietly(`{"lines":[{"quantity":2,"unit_fen":9900,"discount_fen":0}]}`)}
	alsoInOrder["sales_item"] = map[string]json.RawMessage{"sale": quietly(`{"state":"incoming"}`)}
}

func readSales(t *testing.T) ruleVectors {
	t.Helper()
	return readRules(t, "sales.json")
}

func TestSalesRules(t *testing.T) {
	playRules(t, readComebacks(t, "sales.json"))
}

// What is paid, and what else is written, of an order as it stands.
func TestSaleUnfrozen(t *testing.T) {
	for _, c := range []struct {
		name, before, after, field, want string
	}{
		{"L-13 amounts while incoming", "incoming", "incoming", "paid_fen", ""},
		{"L-13 amounts with the step to placed", "incoming", "placed", "paid_fen", ""},
		{"L-13 amounts with the step back", "placed", "incoming", "shipping_fen", ""},
		{"L-13 amounts of a placed order", "placed", "placed", "discount_fen", "sale.frozen"},
		{"L-13 amounts of a cancelled order", "cancelled", "cancelled", "items_fen", "sale.frozen"},
		{"L-13 amounts with the cancelling", "placed", "cancelled", "items_fen", "sale.frozen"},
		{"L-03 the receipt of a placed order", "placed", "placed", "received_at", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := saleUnfrozen(&Facts{Before: Values{"state": c.before}, After: Values{"state": c.after}, Changed: []string{c.field}})
			if (got == nil) != (c.want == "") || got != nil && (got.Code != c.want || got.Field != c.field) {
				t.Errorf("got %v, want %q", got, c.want)
			}
		})
	}
}

// salesEdges is where the rules of sales orders turn.
var (
	saleTimes  = []string{`""`, `"2026-11-18 02:00:00.000Z"`, `"2026-11-19 02:00:00.000Z"`, `"2026-11-19 01:59:59.999Z"`, `"2026-11-21 02:05:00.000Z"`, `"2026-11-21 02:05:00.001Z"`, `"2026-11-21T10:00:00+08:00"`, `"2026-02-30 00:00:00.000Z"`, `7`, `null`}
	saleLines  = []string{`null`, `[]`, `[{"quantity":0,"unit_fen":5,"discount_fen":0}]`, `[{"quantity":1,"unit_fen":24800,"discount_fen":300}]`, `[{"quantity":3,"unit_fen":8333,"discount_fen":99},{"quantity":1,"unit_fen":0,"discount_fen":0}]`}
	saleFen    = []string{`0`, `1`, `300`, `299`, `24800`, `24801`, `25300`, `24999`, `25299`, `10000000000`, `null`, `"1"`}
	salesEdges = map[string][]edge{
		"sale": {rolesOf, {"after.ordered_at", saleTimes}, {"after.shipped_at", saleTimes}, {"after.received_at", saleTimes}, {"sale.lines", saleLines}, {"after.items_fen", saleFen}, {"after.shipping_fen", saleFen},
			{"after.discount_fen", saleFen}, {"after.paid_fen", saleFen}, {"sale", []string{`null`, `{}`}}},
		"line": {rolesOf, {"after.quantity", []string{`0`, `1`, `10000`, `null`}}, {"after.unit_fen", saleFen}, {"after.discount_fen", saleFen}, {"after.paid_fen", saleFen}, {"sale.state", []string{`"placed"`, `"cancelled"`, `""`}}, {"sale", []string{`null`}}},
	}
	salesEntities = map[string]string{"sale": "sales_order", "line": "sales_item"}
)

const salesCases = 400

func generateSales(t *testing.T, all bases) []vector {
	t.Helper()
	random := rand.New(rand.NewSource(20261124))
	names := slices.Sorted(maps.Keys(salesEdges))
	vectors := make([]vector, 0, salesCases)
	for i := range salesCases {
		base := names[i%len(names)]
		e := Table().Entity(salesEntities[base])
		v := vector{Name: fmt.Sprintf("%s %d", base, i), Base: base, Set: map[string]json.RawMessage{}, Create: base == "line" || random.Intn(2) == 0}
		roles := e.Create.Roles
		if !v.Create {
			v.Apply = []string{"incoming", "placed"}
		}
		if random.Intn(5) > 0 {
			v.Set["actor.roles"], _ = json.Marshal([]string{roles[random.Intn(len(roles))]})
		}
		nudge(random, v.Set, salesEdges[base], random.Intn(4))
		v.Want = v.judge(t, all)
		vectors = append(vectors, v)
	}
	return vectors
}

func TestSalesGenerated(t *testing.T) {
	all := readSales(t).Bases
	answersStand(t, "L-03 L-13", "sales_generated.json", all, func() []vector { return generateSales(t, all) }, salesCases, 8)
}
