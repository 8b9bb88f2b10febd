package flow

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"aftercare/internal/price"
)

// till is a cashier's desk over one order: whatever the guards let through is booked.
type till struct {
	t           *rapid.T
	jobs        []Job
	consents    []Consent
	settlements []Settlement
	payments    []Payment
	count       int
	wholes      int // how often the order stood settled
}

func newTill(t *rapid.T) *till {
	d := &till{t: t}
	given := Consent{ID: "given", State: "given", DocumentKind: "estimate"}
	for i := range rapid.IntRange(1, 4).Draw(t, "jobs") {
		j := Job{ID: fmt.Sprintf("job%d", i), WorkOrder: "order1", State: "passed", Work: "项目", SHA256: fmt.Sprintf("hash%d", i), LabourRange: 10,
			LabourFen: rapid.Int64Range(0, 50_000).Draw(t, "labour"), Payer: rapid.SampledFrom(price.Payers).Draw(t, "payer"),
			Parts: []Part{{Name: "件", QuantityMilli: 1000, UnitFen: rapid.Int64Range(0, 90_000).Draw(t, "parts"), Origin: price.FromShop}}}
		if rapid.Bool().Draw(t, "actual") {
			j.ActualLabourFen, j.ActualPartsFen = rapid.Int64Range(0, price.LimitFen(j.LabourFen, 10)).Draw(t, "actual labour"), price.PartsFen(j.Parts)
		}
		d.jobs = append(d.jobs, j)
		if rapid.IntRange(0, 5).Draw(t, "consented") > 0 {
			given.Jobs = append(given.Jobs, ConsentedJob{ID: j.ID, SHA256: j.SHA256, Decision: "approved"})
		}
	}
	d.consents = []Consent{given}
	return d
}

func (d *till) facts(entity string, before, after any) *Facts {
	var b, a Values
	for _, pair := range []struct {
		from any
		to   *Values
	}{{before, &b}, {after, &a}} {
		raw, _ := json.Marshal(pair.from)
		_ = json.Unmarshal(raw, pair.to)
	}
	policy := ShippedPolicy()
	return &Facts{Entity: entity, Actor: Actor{ID: "m", Roles: []string{"manager", "cashier"}}, Before: b, After: a, Policy: policy, Order: &Order{ID: "order1", State: "ready"},
		Jobs: d.jobs, Consents: d.consents, MoneyFacts: MoneyFacts{Settlements: d.settlements, Payments: d.payments}}
}

func (d *till) id(kind string) string {
	d.count++
	return fmt.Sprintf("%s%d", kind, d.count)
}

// line is a line as a cashier might write it: often right, sometimes off.
func (d *till) line(counter bool) price.Charge {
	t := d.t
	j := rapid.SampledFrom(d.jobs).Draw(t, "job")
	agreed := price.PartsFen(j.Parts)
	labour, parts := price.ActualFen(j.LabourFen, agreed, j.ActualLabourFen, j.ActualPartsFen)
	l := price.Charge{Job: j.ID, AgreedFen: j.LabourFen + agreed, LabourFen: labour, PartsFen: parts}
	if rapid.IntRange(0, 3).Draw(t, "discounted") == 0 {
		l.DiscountFen = rapid.Int64Range(-10, l.GrossFen()+10).Draw(t, "discount")
	}
	rest := l.NetFen()
	if rapid.Bool().Draw(t, "split") {
		part := rapid.Int64Range(min(0, rest), max(0, rest)).Draw(t, "share")
		l.Shares, rest = append(l.Shares, price.Share{Payer: rapid.SampledFrom(price.Payers).Draw(t, "other"), Fen: part}), rest-part
	}
	l.Shares = append(l.Shares, price.Share{Payer: j.Payer, Fen: rest})
	if !counter {
		return l
	}
	before, _ := chargeOf(j.ID, Booked(d.settlements, "order1", ""))
	switch rapid.IntRange(0, 3).Draw(t, "counter") {
	case 0: // back whole
		l = price.Charge{Job: j.ID, LabourFen: -before.LabourFen, PartsFen: -before.PartsFen, DiscountFen: -before.DiscountFen}
		for _, s := range before.Shares {
			l.Shares = append(l.Shares, price.Share{Payer: s.Payer, Fen: -s.Fen})
		}
	case 1: // less for the payer
		off := rapid.Int64Range(-100, before.NetFen()+100).Draw(t, "off")
		l = price.Charge{Job: j.ID, DiscountFen: off, Shares: []price.Share{{Payer: j.Payer, Fen: -off}}}
	case 2: // another payer
		move := rapid.Int64Range(0, before.NetFen()+100).Draw(t, "move")
		l = price.Charge{Job: j.ID, Shares: []price.Share{{Payer: j.Payer, Fen: -move}, {Payer: rapid.SampledFrom(price.Payers).Draw(t, "to"), Fen: move}}}
	}
	return l
}

// settle takes a new settlement as far as the guards let it.
func (d *till) settle(kind string) {
	s := Settlement{ID: d.id("set"), WorkOrder: "order1", Kind: kind, State: "draft"}
	for range rapid.IntRange(1, 3).Draw(d.t, "lines") {
		s.Lines = append(s.Lines, d.line(kind == SettlementCounter))
	}
	if ApplySeen(d.facts("settlement", s, d.row(s)), nil, "draft", "issued").Fault == nil {
		s.State = "issued"
		d.settlements = append(d.settlements, s)
	}
}

// row is the settlement with what a counter-entry must say beside it.
func (d *till) row(s Settlement) map[string]any {
	row := map[string]any{"id": s.ID, "work_order": s.WorkOrder, "kind": s.Kind, "state": s.State, "lines": s.Lines, "reason": "更正", "void_reason": "重开", "signer_name": "李明",
		"strokes": [][][]int{{{1, 2, 3}}}}
	for _, o := range d.settlements {
		if o.State == "settled" && o.Kind == SettlementCharge {
			row["corrects"] = o.ID
		}
	}
	return row
}

// step takes a settlement that is there to another state.
func (d *till) step(to string) {
	if len(d.settlements) == 0 {
		return
	}
	d.move(rapid.IntRange(0, len(d.settlements)-1).Draw(d.t, "which"), to)
}

func (d *till) move(which int, to string) {
	s := &d.settlements[which]
	from := s.State
	s.State = to
	if ApplySeen(d.facts("settlement", map[string]any{"state": from}, d.row(*s)), nil, from, to).Fault != nil {
		s.State = from
	}
}

func (d *till) pay() {
	p := Payment{ID: d.id("pay"), WorkOrder: "order1", Kind: rapid.SampledFrom([]string{"payment", "payment", "refund", "deposit", "credit"}).Draw(d.t, "kind"),
		Payer: rapid.SampledFrom(price.Payers).Draw(d.t, "payer"), Fen: rapid.Int64Range(1, 150_000).Draw(d.t, "fen")}
	if b := d.balance(p.Payer); rapid.Bool().Draw(d.t, "exact") && b.OpenFen() != 0 {
		p.Fen = max(b.OpenFen(), -b.OpenFen())
	}
	row := map[string]any{"id": p.ID, "work_order": p.WorkOrder, "kind": p.Kind, "payer": p.Payer, "fen": p.Fen, "reason": "退", "due_at": "2026-12-01 00:00:00.000Z"}
	if CreateCheck(d.facts("payment", nil, row)).Fault == nil {
		d.payments = append(d.payments, p)
	}
}

func (d *till) balance(payer string) price.Balance {
	return balance(d.facts("payment", nil, nil), "order1", payer, "")
}

// finish pays what is open and settles what was issued, so that courses end in whole orders, too.
func (d *till) finish() {
	for _, payer := range price.Payers {
		p := Payment{ID: d.id("pay"), WorkOrder: "order1", Kind: price.KindPayment, Payer: payer, Fen: d.balance(payer).OpenFen()}
		row := map[string]any{"id": p.ID, "work_order": p.WorkOrder, "kind": p.Kind, "payer": p.Payer, "fen": p.Fen}
		if p.Fen > 0 && CreateCheck(d.facts("payment", nil, row)).Fault == nil {
			d.payments = append(d.payments, p)
		}
	}
	for i := range d.settlements {
		d.move(i, "settled")
	}
	d.holds()
}

// holds is what must be true at any moment: each job is booked at exactly its price or not at all, only with consent, and
// what the payers owe is that price less what was taken off.
func (d *till) holds() {
	lines := Booked(d.settlements, "order1", "")
	var net, due, cash int64
	for _, j := range d.jobs {
		labour, parts := price.ActualFen(j.LabourFen, price.PartsFen(j.Parts), j.ActualLabourFen, j.ActualPartsFen)
		sum, there := chargeOf(j.ID, lines)
		if there && !Covered(j, d.consents) {
			d.t.Fatalf("%s was booked without consent", j.ID)
		}
		if g := sum.GrossFen(); g != 0 && g != labour+parts {
			d.t.Fatalf("%s costs %d and is booked at %d", j.ID, labour+parts, g)
		}
		if sum.DiscountFen < 0 || sum.DiscountFen > sum.GrossFen() || sum.SharesFen() != sum.NetFen() {
			d.t.Fatalf("%s: %+v does not add up", j.ID, sum)
		}
		if j.Payer != price.PayerCustomer && sum.ShareOf(price.PayerCustomer) != 0 {
			d.t.Fatalf("%s: the customer pays for what %s agreed to pay", j.ID, j.Payer)
		}
		net += sum.NetFen()
	}
	for _, payer := range price.Payers {
		b := d.balance(payer)
		if b.DueFen < 0 || b.PaidFen < 0 {
			d.t.Fatalf("%s: %+v", payer, b)
		}
		due, cash = due+b.DueFen, cash+b.PaidFen
	}
	if due != net {
		d.t.Fatalf("payers owe %d, the lines say %d", due, net)
	}
	if orderSettled(d.facts("work_order", nil, nil)) == nil {
		d.whole(cash)
		if len(Booked(d.settlements, "order1", "")) > 0 {
			d.wholes++
		}
	}
}

// whole is what a settled order means: every job that is owed stands in it at its price, and money, credit and standing
// accounts make up the sum.
func (d *till) whole(cash int64) {
	var agreed, off, later int64
	for _, j := range d.jobs {
		sum, _ := chargeOf(j.ID, Booked(d.settlements, "order1", ""))
		labour, parts := price.ActualFen(j.LabourFen, price.PartsFen(j.Parts), j.ActualLabourFen, j.ActualPartsFen)
		agreed, off = agreed+labour+parts, off+sum.DiscountFen+sum.MemberFen
	}
	for _, payer := range price.Payers {
		later += d.balance(payer).OpenFen()
	}
	if agreed-off != cash+later {
		d.t.Fatalf("the jobs come to %d less %d, money is %d and %d is open", agreed, off, cash, later)
	}
}

func TestSettlingNeverLosesAFen(t *testing.T) {
	whole := 0
	t.Run("D-06 D-09 the sum of all settlements and refunds is what the consented lines say", rapid.MakeCheck(func(t *rapid.T) {
		d := newTill(t)
		for range rapid.IntRange(1, 14).Draw(t, "acts") {
			switch rapid.IntRange(0, 5).Draw(t, "act") {
			case 0, 1:
				d.settle(SettlementCharge)
			case 2:
				d.settle(SettlementCounter)
			case 3:
				d.step("settled")
			case 4:
				d.step("void")
			default:
				d.pay()
			}
			d.holds()
		}
		d.finish()
		whole += d.wholes
	}))
	if whole == 0 {
		t.Error("no course of events settled an order whole")
	}
}
