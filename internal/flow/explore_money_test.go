package flow

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

func init() {
	maps.Copy(broken, map[string]map[string]string{
		"settlement_order":       {"order.state": `"qc"`},
		"lines_consented":        {"consents.1.state": `"void"`},
		"lines_priced":           {"after.lines.0.labour_fen": `33001`},
		"shares_fair":            {"jobs.0.payer": `"warranty"`},
		"warranty_decided":       {"after.lines.0.shares": `[{"payer":"warranty","fen":39800}]`},
		"discount_allowed":       {"after.lines.0.discount_fen": `100`, "after.lines.0.shares.0.fen": `39700`},
		"settlement_signed":      {"after.strokes": `[]`},
		"settlement_cleared":     {"payments": `[]`},
		"settlement_void_reason": {"after.void_reason": `""`},
		"settlement_unfrozen":    {"before.state": `"settled"`, "changed": `["note"]`},
		"order_unsettled":        {"before.state": `"settled"`, "order.state": `"released"`},
		"order_settled":          {"payments": `[]`},
		"payment_towards_due":    {"after.fen": `79601`},
		"credit_allowed":         {"after.kind": `"credit"`, "after.due_at": `""`},
		"refund_explained":       {"after.kind": `"refund"`, "after.reason": `""`, "payments": `[{"id":"p","work_order":"order1","kind":"payment","payer":"customer","fen":99999}]`},
		"invoice_within":         {"after.fen": `79601`},
		"visit_leaving":          {"visit.state": `"working"`},
		"visit_paid":             {"payments": `[]`},
		"pass_free":              {"passes": `[{"id":"other","number":"P1","state":"issued"}]`},
		"use_recorded":           {"uses": `[]`},
		"pass_void_reason":       {"after.void_reason": `" "`},
		"pass_unfrozen":          {"changed": `["plate"]`},
		"pass_used":              {"passes": `[{"id":"other","number":"P1","state":"issued"}]`},
		"orders_closed":          {"orders.0.state": `"ready"`},
		"delivery_prepared":      {"after.parking": `""`},
		"result_shown":           {"after.compared_at": `""`},
		"belongings_returned":    {"after.belongings_at": `""`},
		"follow_up_asked":        {"after.follow_up_when": `""`},
		"delivery_signed":        {"after.strokes": `[]`},
		"delivery_open":          {"before.state": `"accepted"`},
	})
}

const (
	goodLines = `[{"job":"job1","agreed_fen":36800,"labour_fen":33000,"parts_fen":6800,"discount_fen":0,"member_fen":0,"shares":[{"payer":"customer","fen":39800}]},
		{"job":"job2","agreed_fen":36800,"labour_fen":33000,"parts_fen":6800,"discount_fen":0,"member_fen":0,"shares":[{"payer":"customer","fen":39800}]}]`
	goodStrokes = `"signer_name":"李先生","strokes":[[[1,2,0]]]`
	goodPayment = `[{"id":"pay1","work_order":"order1","kind":"payment","payer":"customer","fen":79600}]`
	goodTime    = `"2026-11-21 01:00:00.000Z"`
)

func bill(state string) json.RawMessage {
	return quietly(`[{"id":"set1","work_order":"order1","number":"J1","kind":"charge","state":"` + state + `","lines":` + goodLines + `}]`)
}

// moneyInOrder are the places in which settling and leaving stand right, for the entities and guards that look at them.
func moneyInOrder(set map[string]json.RawMessage, entity string, guards []string) {
	asks := func(name string) bool { return slices.Contains(guards, name) }
	after := map[string]string{
		"settlement": `{"id":"set1","work_order":"order1","kind":"charge","state":"draft","lines":` + goodLines + `,"void_reason":"重开",` + goodStrokes + `}`,
		"payment":    `{"id":"pay9","work_order":"order1","kind":"payment","payer":"customer","fen":100,"reason":"退"}`,
		"invoice":    `{"id":"inv9","settlement":"set1","kind":"invoice","payer":"customer","fen":79600}`,
		"gate_pass":  `{"id":"pass1","state":"issued","void_reason":"打错"}`,
		"delivery": `{"id":"del1","state":"open","parking":"B1","follow_up_when":"周六",` + goodStrokes + `,"handed_in_at":T,"keys_at":T,"papers_at":T,"result_shown_at":T,
			"spare_tools_at":T,"compared_at":T,"next_service_at":T,"belongings_at":T,"washed_at":T,"old_parts_at":T,"covers_off_at":T}`,
	}[entity]
	if after != "" {
		set["after"], set["before"] = quietly(strings.ReplaceAll(after, ":T", ":"+goodTime)), quietly(`{"state":"issued"}`)
		set["order.state"], set["settlements"] = quoted("ready"), bill("issued")
	}
	if entity == "settlement" || asks("order_settled") {
		set["payments"] = quietly(goodPayment)
	}
	switch {
	case entity == "invoice":
		set["settlements"] = bill("settled")
	case asks("order_settled"):
		set["order.state"], set["settlements"] = quoted("ready"), bill("settled")
	case asks("pass_used"):
		set["passes"] = quietly(`[{"id":"pass1","number":"P1","state":"used"}]`)
	case asks("orders_closed"):
		set["orders"] = quietly(`[{"id":"order1","state":"declined"}]`)
	case entity == "gate_pass":
		set["visit.state"], set["orders"], set["jobs.0.work_order"] = quoted("ready"), quietly(`[{"id":"order1","state":"settled"}]`), quoted("order1")
		set["settlements"], set["payments"], set["uses"] = bill("settled"), quietly(goodPayment), quietly(`[{"id":"use1","pass":"pass1"}]`)
		set["passes"] = quietly(`[{"id":"pass1","number":"P1","state":"issued"}]`)
	}
}

// The guards of editing are asked outside the steps: each holds on facts in order and refuses when broken.
func TestEditGuards(t *testing.T) {
	all := readBases(t)
	for name, e := range Table().Entities {
		for _, guard := range e.Edit.Guards {
			t.Run("D-09 "+name+" "+guard, func(t *testing.T) {
				set := inOrder(t, all, name, []string{guard})
				f := all.facts(t, "day", withBroken(set, guard))
				if Guards[guard](f) == nil {
					t.Error("broken, and holds")
				}
			})
		}
	}
}
