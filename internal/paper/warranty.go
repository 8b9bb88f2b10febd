package paper

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// warranty is what the order's jobs are guaranteed for (D-08). Whoever signs the settlement of a finished car reads what
// will be given when it is settled that day.
func (g *gathering) warranty(o *record.WorkOrder, rows []*core.Record) (flow.Warranty, error) {
	if given := o.Warranty(); given != nil {
		return *given, nil
	}
	if o.State() != "ready" {
		return flow.Warranty{}, nil
	}
	v := record.AsVisit(g.ask.Visit)
	figures, err := record.PolicyOf(g.app, v.Shop())
	if err != nil {
		return flow.Warranty{}, err
	}
	if v.Policy() != "" {
		own, err := g.app.FindRecordById(record.Policies, v.Policy())
		if err != nil {
			return flow.Warranty{}, err
		}
		figures = record.AsPolicy(own).Facts()
	}
	jobs := make([]flow.Job, len(rows))
	for i, row := range rows {
		jobs[i] = record.AsJob(row).Facts()
	}
	return flow.GiveWarranty(figures, v.Policy(), o.State(), g.now.In(g.zone).Format(time.DateOnly), v.OdometerKm(), jobs), nil
}
