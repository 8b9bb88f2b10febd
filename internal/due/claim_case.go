package due

import (
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// claimCase is a claim with what stands around it, each oldest first, as it was when it was read.
type claimCase struct {
	*record.Claim
	events  []record.ClaimEvent
	plans   []*record.RepairPlan
	parcels []*record.Shipment
	refunds []*record.Refund
}

// loadCase reads a claim, nil when there is none.
func loadCase(app core.App, id string) (*claimCase, error) {
	row, err := app.FindRecordById(record.Claims, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c := &claimCase{Claim: record.AsClaim(row)}
	c.events = c.History()
	for collection, add := range map[string]func(*core.Record){
		record.RepairPlans: func(row *core.Record) { c.plans = append(c.plans, record.AsRepairPlan(row)) },
		record.Shipments:   func(row *core.Record) { c.parcels = append(c.parcels, record.AsShipment(row)) },
		record.Refunds:     func(row *core.Record) { c.refunds = append(c.refunds, record.AsRefund(row)) },
	} {
		rows := []*core.Record{}
		err := app.RecordQuery(collection).AndWhere(dbx.HashExp{record.FieldClaim: id}).OrderBy(record.FieldCreated, record.FieldID).All(&rows)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			add(row)
		}
	}
	return c, nil
}

func (c *claimCase) in(states ...string) bool { return slices.Contains(states, c.State()) }

// says is one of the claim's texts or choices.
func (c *claimCase) says(field string) string { return c.GetString(field) }

// plan is the latest repair plan, nil when there is none.
func (c *claimCase) plan() *record.RepairPlan {
	if len(c.plans) == 0 {
		return nil
	}
	return c.plans[len(c.plans)-1]
}

// parcel is the latest parcel in a direction, nil when there is none.
func (c *claimCase) parcel(direction string) *record.Shipment {
	for _, p := range slices.Backward(c.parcels) {
		if p.Direction() == direction {
			return p
		}
	}
	return nil
}

// step is the last time that an event of the claim's history was, its line, and how often it was; a line without a time where
// it never was.
func (c *claimCase) step(event string) (last record.ClaimEvent, at time.Time, times int) {
	for _, e := range c.events {
		if e.Event == event {
			last, times = e, times+1
		}
	}
	return last, record.Time(last.At), times
}

// owed is what the customer still pays before anything leaves, in fen: the difference of an exchange from the moment the goods
// were checked, a repair once it is asked for or finished (L-06, L-10).
func (c *claimCase) owed() int64 {
	plan, repair := c.plan(), c.Kind() == "repair"
	switch {
	case !repair && c.in("accepted", "awaiting_payment"):
		return max(c.OwedFen()-c.CollectedFen(), 0)
	case repair && plan != nil && (c.in("awaiting_payment") || c.in("repairing") && plan.State() == "done"):
		return max(plan.AgreedFen()-c.CollectedFen(), 0)
	}
	return 0
}

// refundedFen is what has gone back and was not countered, in fen (L-13).
func (c *claimCase) refundedFen() (fen int64) {
	for _, r := range c.standingRefunds() {
		fen += r.Facts().Fen
	}
	return fen
}

// standingRefunds are the refunds that no later entry has countered.
func (c *claimCase) standingRefunds() (list []*record.Refund) {
	for _, r := range c.refunds {
		countered := slices.ContainsFunc(c.refunds, func(o *record.Refund) bool { return o.Counters() == r.Id })
		if r.Facts().Kind == "refund" && !countered {
			list = append(list, r)
		}
	}
	return list
}
