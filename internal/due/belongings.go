package due

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// KindMoved tells the advisor that something left in the car had to be moved, and where to (W-07).
const KindMoved = "belonging_moved"

// movedThings tells the advisor of each thing that had to be moved while its car is here; moved once more, once more.
func movedThings(app core.App, shop *record.Shop, now time.Time, cars []*car) error {
	standing := map[string]bool{}
	for part := range slices.Chunk(cars, 400) {
		if err := tellMoved(app, shop, now, part, standing); err != nil {
			return err
		}
	}
	return dropOthers(app, shop, KindMoved, standing)
}

func tellMoved(app core.App, shop *record.Shop, now time.Time, cars []*car, standing map[string]bool) error {
	byVisit, ids := map[string]*car{}, []any{}
	for _, c := range cars {
		byVisit[c.visit.Id] = c
		ids = append(ids, c.visit.Id)
	}
	rows := []*core.Record{}
	err := app.RecordQuery(record.Belongings).AndWhere(dbx.In(record.FieldVisit, ids...)).AndWhere(dbx.Not(dbx.HashExp{record.FieldMovedAt: ""})).
		OrderBy(record.FieldCreated, record.FieldID).All(&rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		b := record.AsBelonging(row)
		c := byVisit[b.Visit()]
		key := fmt.Sprintf("moved:%s:%d", b.Id, b.MovedAt().Unix())
		standing[key] = true
		err := Ensure(app, Item{Shop: shop.Id, Key: key, Kind: KindMoved, Role: "advisor", Owner: c.visit.Advisor(), DueAt: now.Add(answerTime),
			Visit: c.visit.Id, SubjectCollection: record.Belongings, SubjectRecord: b.Id,
			Data: map[string]any{"thing": b.Name(), "note": b.MovedNote(), "by": b.MovedBy()}})
		if err != nil {
			return err
		}
	}
	return nil
}
