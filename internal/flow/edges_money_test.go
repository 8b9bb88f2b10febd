package flow

import "maps"

// Where the rules of settling and leaving turn.
func init() {
	one := `{"job":"job1","agreed_fen":36800,"labour_fen":33000,"parts_fen":6800,"discount_fen":0,"member_fen":0,"shares":[{"payer":"customer","fen":39800}]}`
	money := []edge{rolesOf, {"payments", []string{`[]`, `null`, `[{"id":"p","work_order":"order1","kind":"deposit","payer":"customer","fen":79600}]`,
		`[{"id":"p","work_order":"order1","kind":"payment","payer":"customer","fen":79599}]`,
		`[{"id":"p","work_order":"order1","kind":"payment","payer":"customer","fen":90000},{"id":"q","work_order":"order1","kind":"refund","payer":"customer","fen":10400}]`,
		`[{"id":"p","work_order":"order1","kind":"credit","payer":"customer","fen":79600}]`, `[{"id":"p","work_order":"order2","kind":"payment","payer":"customer","fen":79600}]`}},
		{"settlements", []string{`[]`, `null`, `[{"id":"set1","work_order":"order1","number":"J","kind":"charge","state":"settled","lines":[` + one + `]}]`,
			`[{"id":"set1","work_order":"order1","number":"J","kind":"charge","state":"void","lines":[` + one + `]}]`,
			`[{"id":"other","work_order":"order1","number":"J","kind":"charge","state":"issued","lines":[` + one + `],"discount_allowed_fen":1}]`}},
		{"order.state", []string{`"qc"`, `"declined"`, `"released"`, `"cancelled"`, `"settled"`, `"ready"`}}, {"order", []string{`null`}},
		{"jobs.0.payer", []string{`"warranty"`, `"customer"`, `"insurer"`}}, {"jobs.0.warranty_decision", []string{`"covered"`, `"waiting"`, `"refused"`, `""`}}, {"policy.credit_warranty", []string{`false`, `true`}},
		{"policy.discount_cashier_percent", []string{`0`, `2`, `100`}}, {"policy.discount_manager_percent", []string{`0`, `50`}}, {"policy.member_gold_labour_percent", []string{`0`, `10`}},
		{"policy.credit_limit_fen", []string{`0`, `999`, `1000`}}}
	bill := append([]edge{{"after.lines", []string{`[]`, `null`, `"x"`, `[` + one + `]`, `[` + one + `,` + one + `]`}}, {"after.lines.0.labour_fen", []string{`33001`, `0`, `-33000`}},
		{"after.lines.0.discount_fen", []string{`398`, `399`, `-1`, `39800`}}, {"after.lines.0.shares.0.fen", []string{`39402`, `39401`, `0`, `39801`, `-39800`}},
		{"after.lines.0.shares.0.payer", []string{`"goodwill"`, `"nobody"`, `"insurer"`}}, {"after.lines.0.member_fen", []string{`3640`, `1`}}, {"after.member_level", []string{`"金卡"`, `"银卡"`, `"Platinum "`, `"会员"`}},
		{"after.kind", []string{`"counter"`, `"charge"`}}, {"after.corrects", []string{`"set1"`, `"other"`}}, {"after.reason", []string{`" "`, `"x"`}},
		{"after.discount_allowed_fen", []string{`1`, `100000`}}, {"after.strokes", []string{`[]`, `null`}}, {"after.signer_name", []string{`""`}}, {"after.void_reason", []string{`""`}},
		{"jobs.0.state", []string{`"approved"`, `"done"`, `"rework"`}}, {"jobs.0.diagnosis_only", []string{`true`}}, {"jobs.0.actual_labour_fen", []string{`0`, `33001`}},
		{"jobs.0.sha256", []string{`"other"`}}, {"before.state", []string{`"draft"`, `"issued"`}}}, money...)
	maps.Copy(edges, map[string][]edge{
		"bill": bill, "counter": bill,
		"ledger": append([]edge{{"after.kind", []string{`"refund"`, `"deposit"`, `"credit"`, `"payment"`}}, {"after.payer", []string{`"insurer"`, `"customer"`}},
			{"after.fen", []string{`79600`, `79601`, `0`, `1`, `10400`, `73600`, `73601`}}, {"after.reason", []string{`""`}}, {"after.due_at", []string{`""`}},
			{"actor.roles", []string{`["finance"]`, `["manager"]`, `["cashier","finance"]`}}}, money...),
		"invoice": append([]edge{{"after.fen", []string{`79600`, `79601`, `1`}}, {"after.payer", []string{`"insurer"`}}, {"after.kind", []string{`"credit_note"`}}, {"after.settlement", []string{`"nope"`}},
			{"invoices", []string{`null`, `[{"id":"i","settlement":"set1","kind":"invoice","payer":"customer","fen":79600}]`, `[{"id":"i","settlement":"set1","kind":"credit_note","payer":"customer","fen":5}]`}}}, money...),
		"leaving": append([]edge{{"visit.state", []string{`"left"`, `"working"`}}, {"visit", []string{`null`}}, {"orders.0.state", []string{`"ready"`, `"declined"`, `"cancelled"`, `"released"`}}, {"orders", []string{`[]`, `null`}},
			{"passes", []string{`[{"id":"pass1","number":"P","state":"issued"}]`, `[{"id":"x","number":"P","state":"void"}]`, `[{"id":"x","number":"P","state":"used"}]`}}, {"uses", []string{`[]`, `null`}},
			{"after.void_reason", []string{`""`}}, {"jobs.0.diagnosis_only", []string{`true`}}, {"jobs.0.sha256", []string{`"other"`}}}, money...),
		"delivery": {rolesOf, {"after.washed_at", []string{`""`}}, {"after.parking", []string{`""`, `" "`}}, {"after.keys_at", []string{`""`, `null`}}, {"after.old_parts_at", []string{`""`}}, {"after.compared_at", []string{`""`}},
			{"after.covers_off_at", []string{`""`}}, {"after.belongings_at", []string{`""`}}, {"after.follow_up_when", []string{`""`}}, {"after.strokes", []string{`[]`}}, {"visit.wash", []string{`"no"`, `""`}},
			{"visit.old_parts", []string{`"keep"`, `"dispose"`}}, {"visit.covers_fitted_at", []string{`""`}}, {"visit", []string{`null`}}},
		"settling":  append([]edge{{"jobs.0.state", []string{`"cancelled"`, `"done"`}}, {"passes", []string{`[]`, `null`}}, {"jobs.0.actual_parts_fen", []string{`6799`}}}, money...),
		"departing": {rolesOf, {"passes", []string{`[]`, `null`, `[{"id":"x","number":"P","state":"issued"}]`}}, {"orders", []string{`[]`, `null`, `[{"id":"o","state":"ready"}]`, `[{"id":"o","state":"cancelled"}]`}}},
	})
	maps.Copy(entityOf, map[string]string{"bill": "settlement", "counter": "settlement", "ledger": "payment", "invoice": "invoice", "leaving": "gate_pass", "delivery": "delivery",
		"settling": "work_order", "departing": "visit"})
}
