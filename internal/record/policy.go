package record

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
)

// ActivePolicy is the newest active revision of the shop's service lane, nil when it has none.
func ActivePolicy(app core.App, shop string) (*core.Record, error) {
	rows := []*core.Record{}
	err := app.RecordQuery(Policies).
		AndWhere(dbx.HashExp{FieldShop: shop, FieldKind: ServiceLane, FieldActive: true}).
		OrderBy(FieldRevision + " DESC").Limit(1).All(&rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// PolicyOf is the shop's present figures, the shipped ones where it has none.
func PolicyOf(app core.App, shop string) (flow.Policy, error) {
	row, err := ActivePolicy(app, shop)
	if err != nil || row == nil {
		return flow.ShippedPolicy(), err
	}
	return AsPolicy(row).Facts(), nil
}
