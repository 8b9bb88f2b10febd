package season

import (
	"slices"

	"aftercare/internal/record"
)

// payers in the order in which they settle, and those that pay later by the policy the shop begins with.
var (
	payers    = []string{"customer", "warranty", "insurer", "internal", "goodwill"}
	onAccount = []string{"warranty", "internal", "goodwill"}
)

// off is what a member level takes off labour and parts, in percent, by the policy the shop begins with (D-06).
var off = map[string][2]int64{"silver": {5, 2}, "gold": {10, 5}, "platinum": {15, 8}}

// charge is a line of a settlement as the cashier's screen makes it.
type charge struct {
	Job         string  `json:"job"`
	AgreedFen   int64   `json:"agreed_fen"`
	LabourFen   int64   `json:"labour_fen"`
	PartsFen    int64   `json:"parts_fen"`
	DiscountFen int64   `json:"discount_fen"`
	MemberFen   int64   `json:"member_fen"`
	Shares      []share `json:"shares"`
}

type share struct {
	Payer string `json:"payer"`
	Fen   int64  `json:"fen"`
}

func (c charge) gross() int64 { return c.LabourFen + c.PartsFen }

// settle is the cashier's desk: one settlement or two, each put before the customer, signed, paid by everybody, settled (D-06, D-07).
func (c *stay) settle() {
	s := c.s
	var lines []charge
	for _, t := range c.tasks {
		if t.state == "passed" {
			lines = append(lines, t.line(c.vehicle.level))
		}
	}
	bills := [][]charge{lines}
	if len(lines) > 1 && s.chance(25) {
		bills = [][]charge{lines[:1], lines[1:]}
	}
	for _, bill := range bills {
		c.bill(bill)
	}
	a := s.by(s.team.cashier)
	a.patch("work_orders", c.order, values{"state": "settled"})
	a.do("order.settle")
	if s.tempted() {
		b := s.by(c.advisor)
		b.patch("jobs", c.tasks[0].id, values{"found_note": "补记"})
		b.mustFail("job.edit", "order.settled")
	}
	s.spend(c.advisor, 5*60e9, c.deliver)
}

// line is what a job costs and who bears it.
func (t *task) line(level string) charge {
	l := charge{Job: t.id, AgreedFen: t.labourFen + t.partsFen, LabourFen: t.labourFen, PartsFen: t.partsFen}
	if t.actual > 0 {
		l.LabourFen = t.actual
	}
	if t.payer == "customer" {
		l.MemberFen = l.LabourFen*off[level][0]/100 + l.PartsFen*off[level][1]/100
	}
	l.Shares = []share{{t.payer, l.gross() - l.MemberFen}}
	return l
}

// bill is one settlement from its lines to its end.
func (c *stay) bill(lines []charge) {
	s := c.s
	plain := make([]charge, len(lines))
	for i, l := range lines {
		plain[i] = l
		plain[i].Shares = slices.Clone(l.Shares)
	}
	allow := c.favour(lines)
	row := values{"visit": c.id, "work_order": c.order, "number": s.number("J"), "kind": "charge", "state": "draft", "lines": lines}
	a := s.by(s.team.cashier)
	id := a.create("settlements", row)
	if allow == 0 {
		a.patch("settlements", id, values{"state": "issued"})
		a.do("settlement.issue")
	} else {
		a.do("settlement.draft")
		c.allowed(id, allow)
	}
	if s.chance(2) { // not what the customer had understood: taken back, put anew
		b := s.by(s.team.cashier)
		b.patch("settlements", id, values{"state": "void", "void_reason": "客户要求分开列"})
		b.do("settlement.void")
		c.bill(plain)
		return
	}
	for _, l := range lines {
		for _, sh := range l.Shares {
			c.due[sh.Payer] += sh.Fen
		}
	}
	c.signBill(id, lines)
	for _, payer := range payers {
		c.collect(payer, id)
	}
	c.closeBill(id, lines)
}

// signBill is the customer's name under the bill; it settles nothing yet (D-06).
func (c *stay) signBill(id string, lines []charge) {
	s := c.s
	if s.tempted() {
		b := s.by(s.team.cashier)
		b.patch("settlements", id, values{"state": "settled"})
		b.mustFail("settlement.settle", "settlement.unsigned")
	}
	a := s.by(s.team.cashier)
	a.patch("settlements", id, values{"signer_name": c.vehicle.Owner, "signer_relation": "self", "strokes": strokes, "signed_at": s.text()})
	a.do("settlement.sign")
	if s.tempted() && c.open("customer") > 0 && lines[0].Shares[0].Payer == "customer" {
		b := s.by(s.team.cashier)
		b.patch("settlements", id, values{"state": "settled"})
		b.mustFail("settlement.settle", "settlement.unpaid")
	}
}

// closeBill settles what was signed and paid, and what may follow: an invoice, a correction (D-09).
func (c *stay) closeBill(id string, lines []charge) {
	s := c.s
	a := s.by(s.team.cashier)
	a.patch("settlements", id, values{"state": "settled"})
	a.do("settlement.settle")
	if s.tempted() {
		b := s.by(s.team.cashier)
		b.patch("settlements", id, values{"note": "改一下"})
		b.mustFail("settlement.note", "settlement.frozen")
	}
	c.invoice(id, lines)
	if s.chance(3) {
		c.counter(id, lines)
	}
}

// invoice is what a third of the customers ask for (D-09).
func (c *stay) invoice(id string, lines []charge) {
	s, fen := c.s, int64(0)
	for _, l := range lines {
		if l.Shares[0].Payer == "customer" {
			fen += l.Shares[0].Fen
		}
	}
	if fen == 0 || !s.chance(33) {
		return
	}
	row := values{"visit": c.id, "work_order": c.order, "settlement": id, "kind": "invoice", "payer": "customer", "number": s.number("FP"), "title": c.vehicle.Owner, "fen": fen, "issued_at": s.text()}
	if s.tempted() {
		row["fen"] = fen + 1
		a := s.by(s.team.cashier)
		a.create("invoices", row)
		a.mustFail("invoice.issue", "invoice.beyond")
		row["fen"] = fen
	}
	a := s.by(s.team.cashier)
	a.create("invoices", row)
	a.do("invoice.issue")
}

// favour takes something off for the customer: within the cashier's limit, or so much that a manager has to allow it, or borne by the
// house as goodwill. It returns what has to be allowed, fen: a tenth of a small line beside a big one need not be.
func (c *stay) favour(lines []charge) int64 {
	s := c.s
	if len(lines[0].Shares) != 1 || lines[0].Shares[0].Payer != "customer" {
		return 0
	}
	l := &lines[0]
	switch k := s.r.IntN(100); {
	case k < 10:
		l.DiscountFen = l.gross() / 100
	case k < 14:
		l.DiscountFen = l.gross() / 10
	case k < 18:
		given := l.gross() / 5
		l.Shares = []share{{"customer", l.Shares[0].Fen - given}, {"goodwill", given}}
		return beyond(given, lines)
	}
	l.Shares[0].Fen -= l.DiscountFen
	return beyond(l.DiscountFen, lines)
}

// beyond is what has to be allowed of what was given on a bill, fen: nothing up to a hundredth of what customers pay for on it, which
// a cashier may give alone by the policy the shop begins with, else all of it (D-06).
func beyond(given int64, lines []charge) int64 {
	gross := int64(0)
	for _, l := range lines {
		if l.Shares[0].Payer == "customer" {
			gross += l.gross()
		}
	}
	if given <= gross/100 {
		return 0
	}
	return given
}

// allowed is the manager's word on what a cashier may not give away alone (D-06).
func (c *stay) allowed(id string, fen int64) {
	s := c.s
	if s.tempted() {
		b := s.by(s.team.cashier)
		b.patch("settlements", id, values{"state": "issued"})
		b.mustFail("settlement.issue", "settlement.discount_beyond")
	}
	m := s.by(s.team.manager)
	m.patch("settlements", id, values{"discount_allowed_fen": fen})
	m.do("settlement.allow")
	a := s.by(s.team.cashier)
	a.patch("settlements", id, values{"state": "issued"})
	a.do("settlement.issue")
}

// open is what the payer still owes the order as played.
func (c *stay) open(payer string) int64 { return c.due[payer] - c.paid[payer] - c.credit[payer] }

// collect takes what the payer owes: at once, in two parts, or later by agreement; who pays on account by the policy is not asked.
func (c *stay) collect(payer, settlement string) {
	s, fen := c.s, c.open(payer)
	if fen <= 0 || slices.Contains(onAccount, payer) {
		return
	}
	if s.tempted() { // what was given as credit may be paid at any time
		a := s.by(s.team.cashier)
		a.create("payments", c.entry("payment", payer, c.due[payer]-c.paid[payer]+1, settlement))
		a.mustFail("payment.payment", "payment.beyond_due")
	}
	later := s.chance(4)
	if payer == "insurer" {
		later = s.chance(60)
	}
	switch {
	case later && fen < 2000000:
		row := c.entry("credit", payer, fen, settlement)
		row["due_at"], row["method"] = record.Text(s.now().AddDate(0, 0, 30)), "account"
		if s.tempted() {
			a := s.by(s.team.cashier)
			a.create("payments", row)
			a.mustFail("payment.credit", "payment.credit_role")
		}
		a := s.by(s.team.finance)
		a.create("payments", row)
		a.do("payment.credit")
		c.credit[payer] += fen
	case fen > 50000 && s.chance(15):
		c.pay("payment", payer, fen/2, settlement)
		c.pay("payment", payer, fen-fen/2, settlement)
	default:
		c.pay("payment", payer, fen, settlement)
	}
}

// pay takes money.
func (c *stay) pay(kind, payer string, fen int64, settlement string) {
	a := c.s.by(c.s.team.cashier)
	a.create("payments", c.entry(kind, payer, fen, settlement))
	a.do("payment." + kind)
	if kind == "refund" {
		fen = -fen
	}
	c.paid[payer] += fen
}

func (c *stay) entry(kind, payer string, fen int64, settlement string) values {
	row := values{"visit": c.id, "work_order": c.order, "kind": kind, "payer": payer, "method": "wechat", "fen": fen, "received_at": c.s.text(), "reason": "按结算单"}
	if settlement != "" {
		row["settlement"] = settlement
	}
	return row
}

// counter corrects a settled settlement by a counter-entry in the customer's favour, and pays it back (D-09).
func (c *stay) counter(id string, lines []charge) {
	s := c.s
	i := slices.IndexFunc(lines, func(l charge) bool { return l.Shares[0].Payer == "customer" && l.Shares[0].Fen > 5000 })
	if i < 0 || c.credit["customer"] > 0 || c.paid["customer"] < 1000 {
		return
	}
	line := charge{Job: lines[i].Job, DiscountFen: 1000, Shares: []share{{"customer", -1000}}}
	a := s.by(s.team.manager)
	counter := a.create("settlements", values{"visit": c.id, "work_order": c.order, "number": s.number("J"), "kind": "counter", "corrects": id, "state": "draft",
		"lines": []charge{line}, "reason": "多收了材料费"})
	a.patch("settlements", counter, values{"state": "issued"})
	a.patch("settlements", counter, values{"state": "settled"})
	a.do("settlement.counter")
	c.due["customer"] -= 1000
	c.pay("refund", "customer", 1000, id)
}
