package due

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// Kinds of items about make-up parts: the present step (P-03), and the box that a part was taken from (P-04).
const (
	KindMakeupStep   = "makeup_step"
	KindMakeupRefill = "makeup_refill"
)

// makeupKey is the SQL of an item's key: a part that comes to a step again, or has another time for it, has another item.
func makeupKey(table string) string {
	seconds := func(field string) string { return "CAST(strftime('%s', " + table + ".[[" + field + "]]) AS TEXT)" }
	return "'makeup_step:' || " + table + ".[[id]] || ':' || " + seconds(record.FieldStepAt) + " || ':' || " + seconds(record.FieldDueAt)
}

func keyOfMakeup(m *record.MakeupPart) string {
	return fmt.Sprintf("%s:%s:%d:%d", KindMakeupStep, m.Id, m.StepAt().Unix(), m.DueAt().Unix())
}

// makeupParts asks whose the step is until when, and for the boxes to be filled up again. It reads only what has no item yet or
// one too many, so that what is long delivered costs a round nothing.
func makeupParts(app core.App, shop *record.Shop, _ time.Time) error {
	for _, look := range []func(core.App, string) error{askMakeup, closeMakeup, handMakeup, askRefills, closeRefills} {
		if err := look(app, shop.Id); err != nil {
			return err
		}
	}
	return nil
}

// askMakeup makes the item of every step that has none. It is the role's, or whose who took the step.
func askMakeup(app core.App, shop string) error {
	rows, err := batch(app, record.MakeupParts, dbx.HashExp{record.FieldShop: shop, record.FieldState: openMakeup},
		dbx.NewExp("[[due_at]] != '' AND NOT EXISTS (SELECT 1 FROM [[due_items]] d WHERE d.[[shop]] = [[makeup_parts.shop]] AND d.[[key]] = "+makeupKey("[[makeup_parts]]")+")"))
	if err != nil {
		return err
	}
	for _, row := range rows {
		m := record.AsMakeupPart(row)
		err := Ensure(app, Item{Shop: shop, Key: keyOfMakeup(m), Kind: KindMakeupStep, Role: m.Role(), Owner: m.Owner(),
			DueAt: m.DueAt(), SubjectCollection: record.MakeupParts, SubjectRecord: m.Id, Data: map[string]any{"number": m.Number(), "thing": m.PartName(), "state": m.State()}})
		if err != nil {
			return err
		}
	}
	return nil
}

// openMakeup are the states in which somebody has something to do.
var openMakeup = []any{"requested", "gathered", "approved", "ordered", "received", "shipped"}

// closeMakeup ends the items whose step was taken; those of a part that was called off, or has another time now, are moot.
func closeMakeup(app core.App, shop string) error {
	rows, err := batch(app, record.DueItems, openOf(shop, KindMakeupStep), dbx.NewExp("NOT EXISTS (SELECT 1 FROM [[makeup_parts]] m WHERE m.[[id]] = [[due_items.subject_record]] AND m.[[due_at]] != '' AND [[due_items.key]] = "+makeupKey("m")+")"))
	if err != nil {
		return err
	}
	for _, row := range rows {
		m, err := app.FindRecordById(record.MakeupParts, record.AsDueItem(row).SubjectRecord())
		if err != nil {
			return err
		}
		part, item := record.AsMakeupPart(m), record.AsDueItem(row)
		state, note := record.DueDone, NoteSettled
		if part.State() == "cancelled" || item.Data()["state"] == part.State() {
			state, note = record.DueCancelled, NoteMoot
		}
		if err := closeRow(app, row, state, note); err != nil {
			return err
		}
	}
	return nil
}

// handMakeup gives the item of a step to who has taken the step, unless somebody has it already: it may have been handed on.
func handMakeup(app core.App, shop string) error {
	rows, err := batch(app, record.DueItems, openOf(shop, KindMakeupStep), dbx.NewExp("EXISTS (SELECT 1 FROM [[makeup_parts]] m WHERE m.[[id]] = [[due_items.subject_record]] AND m.[[owner]] != '' AND [[due_items.owner]] = '')"))
	if err != nil {
		return err
	}
	for _, row := range rows {
		m, err := app.FindRecordById(record.MakeupParts, record.AsDueItem(row).SubjectRecord())
		if err != nil {
			return err
		}
		record.AsDueItem(row).SetOwner(record.AsMakeupPart(m).Owner())
		if err := app.SaveWithContext(record.WithActor(context.Background(), record.System(shop)), row); err != nil {
			return err
		}
	}
	return nil
}

// askRefills asks for every box that was opened and is not full again (P-04).
func askRefills(app core.App, shop string) error {
	rows, err := batch(app, record.MakeupParts, dbx.HashExp{record.FieldShop: shop, record.FieldSource: "unbox", record.FieldRefilledAt: ""},
		dbx.NewExp("[[arrived_at]] != '' AND NOT EXISTS (SELECT 1 FROM [[due_items]] d WHERE d.[[shop]] = [[makeup_parts.shop]] AND d.[[key]] = 'makeup_refill:' || [[makeup_parts.id]])"))
	if err != nil {
		return err
	}
	for _, row := range rows {
		m := record.AsMakeupPart(row)
		err := Ensure(app, Item{Shop: shop, Key: KindMakeupRefill + ":" + m.Id, Kind: KindMakeupRefill, Role: "warehouse", DueAt: m.RefillDue(),
			SubjectCollection: record.MakeupParts, SubjectRecord: m.Id, Data: map[string]any{"number": m.Number(), "thing": m.UnboxProduct(), "label": m.UnboxMark()}})
		if err != nil {
			return err
		}
	}
	return nil
}

func closeRefills(app core.App, shop string) error {
	rows, err := batch(app, record.DueItems, openOf(shop, KindMakeupRefill), dbx.NewExp("EXISTS (SELECT 1 FROM [[makeup_parts]] m WHERE m.[[id]] = [[due_items.subject_record]] AND m.[[refilled_at]] != '')"))
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := closeRow(app, row, record.DueDone, NoteSettled); err != nil {
			return err
		}
	}
	return nil
}
