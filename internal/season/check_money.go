package season

import (
	"encoding/json"
	"fmt"
	"slices"
)

// bill is a row of settlements.
type bill struct {
	ID       string `db:"id"`
	Visit    string `db:"visit"`
	Order    string `db:"work_order"`
	Number   string `db:"number"`
	Kind     string `db:"kind"`
	State    string `db:"state"`
	Lines    string `db:"lines"`
	Level    string `db:"member_level"`
	Total    int64  `db:"total_fen"`
	Customer int64  `db:"customer_fen"`
	Issued   string `db:"issued_at"`
	Voided   string `db:"voided_at"`
	SHA256   string `db:"sha256"`

	lines []charge
}

func (a *audit) bills() []bill {
	var bills []bill
	a.query(&bills, `SELECT id, visit, work_order, number, kind, state, lines, member_level, total_fen, customer_fen, issued_at, voided_at, sha256
		FROM settlements WHERE shop = {:shop} ORDER BY rowid`)
	for i := range bills {
		if err := json.Unmarshal([]byte(bills[i].Lines), &bills[i].lines); err != nil && a.err == nil {
			a.err = fmt.Errorf("settlement %s: %w", bills[i].Number, err)
		}
	}
	return bills
}

// money is a row of payments.
type money struct {
	Order   string `db:"work_order"`
	Kind    string `db:"kind"`
	Payer   string `db:"payer"`
	Fen     int64  `db:"fen"`
	Created string `db:"created"`
}

// side is a payer's of an order.
type side struct{ order, payer string }

// paid: when a car passed the barrier its orders had been settled, every payer who pays at once had paid or been given credit for all of
// it, its pass was for it, and it was shown once (D-07). A car that is out was seen at the barrier.
func (a *audit) paid() (found []string) {
	var uses []struct {
		ID      string `db:"id"`
		Visit   string `db:"visit"`
		Pass    string `db:"pass"`
		Of      string `db:"of"`
		Created string `db:"created"`
	}
	a.query(&uses, `SELECT u.id, u.visit, u.pass, COALESCE(p.visit, '') AS of, u.created FROM gate_uses u LEFT JOIN gate_passes p ON p.id = u.pass WHERE u.shop = {:shop}`)
	var payments []money
	a.query(&payments, "SELECT work_order, kind, payer, fen, created FROM payments WHERE shop = {:shop}")
	entries := map[string][]money{}
	for _, p := range payments {
		entries[p.Order] = append(entries[p.Order], p)
	}
	bills := map[string][]bill{}
	for _, b := range a.bills() {
		bills[b.Visit] = append(bills[b.Visit], b)
	}
	out := map[string]bool{}
	for _, u := range uses {
		if out[u.Visit] || u.Of != u.Visit {
			found = append(found, fmt.Sprintf("visit %s: pass %s was shown again, or is another car's", u.Visit, u.Pass))
		}
		out[u.Visit] = true
		for s, fen := range missing(bills[u.Visit], entries, u.Created) {
			if fen > 0 && !slices.Contains(onAccount, s.payer) {
				found = append(found, fmt.Sprintf("visit %s went out, its order %s lacks %d fen of %s", u.Visit, s.order, fen, s.payer))
			}
		}
	}
	return append(found, a.unsettled(out)...)
}

// missing is what each payer of the bills had not paid by the time, fen.
func missing(bills []bill, entries map[string][]money, at string) map[side]int64 {
	sums := map[side]int64{}
	orders := map[string]bool{}
	for _, b := range bills {
		if b.Issued == "" || b.Issued > at || b.Voided != "" && b.Voided <= at {
			continue
		}
		orders[b.Order] = true
		for _, l := range b.lines {
			for _, s := range l.Shares {
				sums[side{b.Order, s.Payer}] += s.Fen
			}
		}
	}
	for order := range orders {
		for _, p := range entries[order] {
			switch {
			case p.Created > at:
			case p.Kind == "refund":
				sums[side{order, p.Payer}] += p.Fen
			default:
				sums[side{order, p.Payer}] -= p.Fen
			}
		}
	}
	return sums
}

// unsettled finds cars that are out without the barrier, or with work on no settlement.
func (a *audit) unsettled(out map[string]bool) (found []string) {
	var visits []struct {
		ID    string `db:"id"`
		State string `db:"state"`
	}
	a.query(&visits, "SELECT id, state FROM visits WHERE shop = {:shop} AND state = 'released'")
	for _, v := range visits {
		if !out[v.ID] {
			found = append(found, fmt.Sprintf("visit %s is out and was not seen at the barrier", v.ID))
		}
	}
	var jobs []struct {
		ID    string `db:"id"`
		Visit string `db:"visit"`
	}
	a.query(&jobs, `SELECT j.id, j.visit FROM jobs j WHERE j.shop = {:shop} AND j.id IN (SELECT job FROM time_entries) AND NOT EXISTS
		(SELECT 1 FROM settlements s, json_each(s.lines) l WHERE s.work_order = j.work_order AND s.state = 'settled' AND json_extract(l.value, '$.job') = j.id)`)
	for _, j := range jobs {
		if out[j.Visit] {
			found = append(found, fmt.Sprintf("visit %s went out with job %s on no settlement", j.Visit, j.ID))
		}
	}
	return found
}

// lines: what settlements that count say of a job is what the customer agreed to, with the actual price inside the agreed range, the
// member's price of the level, and shares that add up to the fen; the sums of the row are those of its lines (D-06, S-07).
func (a *audit) lines() (found []string) {
	actual, booked := a.actuals(), map[string]charge{}
	for _, b := range a.bills() {
		var total, customer int64
		for _, l := range b.lines {
			total += l.gross() - l.DiscountFen - l.MemberFen
			for _, s := range l.Shares {
				if s.Payer == "customer" {
					customer += s.Fen
				}
			}
			if b.State == "issued" || b.State == "settled" {
				booked[l.Job] = add(booked[l.Job], l, b.Level)
			}
		}
		if total != b.Total || customer != b.Customer {
			found = append(found, fmt.Sprintf("settlement %s says %d and %d fen, its lines %d and %d", b.Number, b.Total, b.Customer, total, customer))
		}
	}
	for job, c := range booked {
		if wrong := a.wrong(job, c, actual[job]); wrong != "" {
			found = append(found, fmt.Sprintf("job %s: %s", job, wrong))
		}
	}
	slices.Sort(found)
	return found
}

// add joins lines of one job; the level it was settled by travels in Job.
func add(sum, l charge, level string) charge {
	if sum.Job == "" {
		sum.Job = level
	}
	sum.AgreedFen = max(sum.AgreedFen, l.AgreedFen)
	sum.LabourFen += l.LabourFen
	sum.PartsFen += l.PartsFen
	sum.DiscountFen += l.DiscountFen
	sum.MemberFen += l.MemberFen
	sum.Shares = append(sum.Shares, l.Shares...)
	return sum
}

// prices are what was written down as actual on a job, fen.
type prices struct {
	ID     string `db:"id"`
	Labour int64  `db:"actual_labour_fen"`
	Parts  int64  `db:"actual_parts_fen"`
}

func (a *audit) actuals() map[string]prices {
	var rows []prices
	a.query(&rows, "SELECT id, actual_labour_fen, actual_parts_fen FROM jobs WHERE shop = {:shop}")
	by := map[string]prices{}
	for _, row := range rows {
		by[row.ID] = row
	}
	return by
}

// rangePercent is how far the actual labour may pass the agreed one by the policy the shop begins with; parts may not (S-07).
const rangePercent = 10

// wrong says what of a job's lines is not as it was agreed; "" when nothing is.
func (a *audit) wrong(job string, c charge, actual prices) string {
	y, ok := a.agreed(job)
	if !ok {
		return "settled without a consent"
	}
	labour, parts := y.labour, y.parts
	if actual.Labour != 0 || actual.Parts != 0 {
		labour, parts = actual.Labour, actual.Parts
	}
	var member, shares int64
	if level := off[c.Job]; y.payer == "customer" {
		member = labour*level[0]/100 + parts*level[1]/100
	}
	for _, s := range c.Shares {
		shares += s.Fen
	}
	switch {
	case c.AgreedFen != y.labour+y.parts:
		return fmt.Sprintf("%d fen called agreed, %d were", c.AgreedFen, y.labour+y.parts)
	case c.LabourFen != labour || c.PartsFen != parts:
		return fmt.Sprintf("%d and %d fen settled, %d and %d due", c.LabourFen, c.PartsFen, labour, parts)
	case y.payer == "customer" && (labour*100 > y.labour*(100+rangePercent) || parts > y.parts):
		return fmt.Sprintf("%d and %d fen are beyond what was agreed, %d and %d", labour, parts, y.labour, y.parts)
	case c.MemberFen != member:
		return fmt.Sprintf("member's price takes off %d fen, %d by the level", c.MemberFen, member)
	case shares != c.gross()-c.DiscountFen-c.MemberFen:
		return fmt.Sprintf("the payers bear %d fen of %d", shares, c.gross()-c.DiscountFen-c.MemberFen)
	}
	return ""
}
