package due

import (
	"context"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// Kinds of items about claims of customers: a parcel refused at the door is answered (L-01); goods that were approved are
// on their way (L-08).
const (
	KindClaimAnswer   = "claim_answer"
	KindClaimShipBack = "claim_ship_back"
)

// claimItem is one thing an agent looks after for claims: made while a claim is in one of the states, closed when it no
// longer is.
type claimItem struct {
	kind, due string // the column of the claim that says until when
	while     []any
	moot      []any // states in which nobody had to do it any more
}

var claimItems = []claimItem{
	{KindClaimAnswer, record.FieldAnswerDueAt, []any{"submitted"}, []any{"cancelled"}},
	{KindClaimShipBack, record.FieldShipBackDueAt, []any{"approved", "awaiting_goods"}, []any{"cancelled", "expired"}},
}

// claims looks after the due times of claims: what nobody sent in time expires, and agents are asked for the rest. It reads
// only what is due or has no item yet, so that thousands of open claims cost a round nothing.
func claims(app core.App, shop *record.Shop, now time.Time) error {
	if err := expireClaims(app, shop.Id, now); err != nil {
		return err
	}
	for _, item := range claimItems {
		if err := item.ask(app, shop.Id); err != nil {
			return err
		}
		if err := item.close(app, shop.Id); err != nil {
			return err
		}
	}
	return claimWaits(app, shop, now)
}

// expireClaims: approved, and nothing was sent before the time or its extension was up (L-08). The flow decides; a claim
// whose parcel is on its way stays.
func expireClaims(app core.App, shop string, now time.Time) error {
	rows, err := batch(app, record.Claims, dbx.HashExp{record.FieldShop: shop, record.FieldState: []any{"approved", "awaiting_goods"}},
		dbx.NewExp("MAX([[ship_back_due_at]], [[extended_until]]) <= {:now} AND [[ship_back_due_at]] != ''"+
			" AND NOT EXISTS (SELECT 1 FROM [[shipments]] s WHERE s.[[claim]] = [[claims.id]] AND s.[[direction]] = 'in')", dbx.Params{"now": record.Text(now)}))
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := expire(app, shop, row.Id); err != nil {
			return err
		}
	}
	return nil
}

func expire(app core.App, shop, id string) error {
	return app.RunInTransaction(func(tx core.App) error {
		row, err := tx.FindRecordById(record.Claims, id)
		if err != nil {
			return err
		}
		err = tx.SaveWithContext(record.WithActor(context.Background(), record.System(shop)), record.AsClaim(row).Expired())
		if f, refused := fault.From(err); refused && (f.Code == "claim.not_overdue" || f.Code == "flow.transition") {
			return nil // sent, extended or withdrawn meanwhile
		}
		return err
	})
}

// ask makes the item of every claim that has none.
func (i claimItem) ask(app core.App, shop string) error {
	rows, err := batch(app, record.Claims, dbx.HashExp{record.FieldShop: shop, record.FieldState: i.while},
		dbx.NewExp("[["+i.due+"]] != '' AND NOT EXISTS (SELECT 1 FROM [[due_items]] d WHERE d.[[shop]] = [[claims.shop]] AND d.[[key]] = {:kind} || ':' || [[claims.id]])", dbx.Params{"kind": i.kind}))
	if err != nil {
		return err
	}
	for _, row := range rows {
		c := record.AsClaim(row)
		err := Ensure(app, Item{Shop: shop, Key: i.kind + ":" + c.Id, Kind: i.kind, Role: "agent", DueAt: c.Due(i.due), SubjectCollection: record.Claims,
			SubjectRecord: c.Id, Data: map[string]any{"number": c.Number()}})
		if err != nil {
			return err
		}
	}
	return nil
}

// close ends the items whose claim has gone on.
func (i claimItem) close(app core.App, shop string) error {
	rows, err := batch(app, record.DueItems, openOf(shop, i.kind), dbx.Exists(dbx.NewExp("SELECT 1 FROM [[claims]] c WHERE c.[[id]] = [[due_items.subject_record]] AND c.[[state]] NOT IN ({:a}, {:b})",
		dbx.Params{"a": i.while[0], "b": i.while[len(i.while)-1]})))
	if err != nil {
		return err
	}
	for _, row := range rows {
		claim, err := app.FindRecordById(record.Claims, record.AsDueItem(row).SubjectRecord())
		if err != nil {
			return err
		}
		state, note := record.DueDone, NoteSettled
		for _, moot := range i.moot {
			if record.AsClaim(claim).State() == moot {
				state, note = record.DueCancelled, NoteMoot
			}
		}
		if err := closeRow(app, row, state, note); err != nil {
			return err
		}
	}
	return nil
}
