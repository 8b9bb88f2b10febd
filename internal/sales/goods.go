package sales

import (
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/claim"
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// checkLine holds what is told of a line to the shop's policies of claims: its product line has one (L-03), and its exemptions
// stand in it (L-15). Otherwise a customer would hear of the mistake first.
func (in *Intake) checkLine(tx core.App, l *line) error {
	if !l.told {
		return nil
	}
	name, said := l.want[record.FieldProductLine].(string)
	if !said && l.rec != nil {
		name = record.AsSalesItem(l.rec).ProductLine()
	}
	exemptions, _ := l.want[record.FieldExemptions].(Texts)
	if l.rec != nil && len(exemptions) == 0 && name == record.AsSalesItem(l.rec).ProductLine() {
		return nil
	}
	policy, err := in.policy(tx, name)
	if err != nil {
		if f, refused := fault.From(err); refused {
			return f.On(fieldOf(l.at, record.FieldProductLine))
		}
		return err
	}
	for _, code := range exemptions {
		if !slices.ContainsFunc(policy.Exemptions, func(i claim.Item) bool { return i.Code == code }) {
			return fault.New(fault.Invalid, "sale.exemption_unknown").On(fieldOf(l.at, record.FieldExemptions)).With("code", code)
		}
	}
	return nil
}

// policy is what holds for the claims of a product line, "" for the default one; asked once an intake.
func (in *Intake) policy(tx core.App, line string) (claim.Policy, error) {
	if line == "" {
		line = claim.DefaultLine
	}
	if p, known := in.policies[line]; known {
		return p, nil
	}
	p, _, err := record.ClaimPolicyOf(tx, in.Shop, line)
	if err != nil {
		return p, err
	}
	if in.policies == nil {
		in.policies = map[string]claim.Policy{}
	}
	in.policies[line] = p
	return p, nil
}

// resolveDays finds an instant for what is known by its day alone. Ordered and sent count from the day's beginning, or from the
// one before it on the same day; received counts to the day's end, which is in the customer's favour, or to now. A day that
// is here already with its time keeps it, so that a sheet read again changes nothing.
func (in *Intake) resolveDays(p *put) {
	last := time.Time{}
	for _, name := range []string{record.FieldOrderedAt, record.FieldShippedAt, record.FieldReceivedAt} {
		day, byDay := p.told.Days[name]
		if byDay {
			p.want[name] = in.within(p, name, day, last)
		}
		if at, ok := p.want[name].(string); ok {
			last = record.Time(at)
		}
	}
}

func (in *Intake) within(p *put, name string, day, last time.Time) string {
	end := day.AddDate(0, 0, 1)
	if p.order != nil {
		if here := record.Moment(p.order, name); here != "" && !record.Time(here).Before(day) && record.Time(here).Before(end) {
			return here
		}
	}
	at := day
	if name == record.FieldReceivedAt {
		at = end.Add(-time.Second)
		if in.Now.Before(at) && !in.Now.Before(day) {
			at = in.Now
		}
	} else if last.After(at) && last.Before(end) {
		at = last
	}
	return record.Text(at)
}
