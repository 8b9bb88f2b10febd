// Package due makes what somebody has to do by a time, and does itself what is the server's to do: it looks at every
// shop each minute of the shop's clock and makes due items and messages, each under a key of its own, so that looking
// twice changes nothing. It promises that every deadline is read from the clock it was given, and that an item whose
// cause is gone is closed by itself. It decides nothing: when, is package promise's; what may follow, the flow's.
package due

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// Item is one thing to do. Shop, Key, Kind, Role and DueAt must be given.
type Item struct {
	Shop  string
	Key   string // what this item is, unique in the shop: made again under it, it is the same item
	Kind  string // progress_check, delay, promise_consent, file, message_failed, …
	Role  string // whose it is when it has no owner
	Owner string // a member of staff, may be empty
	DueAt time.Time

	Visit                            string // the file it is shown on, may be empty
	SubjectCollection, SubjectRecord string
	Data                             map[string]any // for the screen that shows it
}

// Ensure makes the item unless one with its key is there, in whatever state: what was done is not asked again.
func Ensure(tx core.App, i Item) error {
	return tx.RunInTransaction(func(tx core.App) error {
		there, err := Find(tx, i.Shop, i.Key)
		if err != nil || there != nil {
			return err
		}
		c, err := tx.FindCachedCollectionByNameOrId(record.DueItems)
		if err != nil {
			return err
		}
		row := core.NewRecord(c)
		row.Load(map[string]any{record.FieldShop: i.Shop, record.FieldKey: i.Key, record.FieldKind: i.Kind, record.FieldRole: i.Role,
			record.FieldOwner: i.Owner, record.FieldDueAt: record.Text(i.DueAt), record.FieldState: record.DueOpen, record.FieldVisit: i.Visit,
			record.FieldSubjectCollection: i.SubjectCollection, record.FieldSubjectRecord: i.SubjectRecord, record.FieldData: i.Data})
		return tx.SaveWithContext(record.WithActor(context.Background(), record.System(i.Shop)), row)
	})
}

// Find is the shop's item with the key, nil when there is none.
func Find(app core.App, shop, key string) (*core.Record, error) {
	row, err := app.FindFirstRecordByFilter(record.DueItems, "shop = {:shop} && key = {:key}", dbx.Params{"shop": shop, "key": key})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return row, err
}

// Reasons for which the server closes an item; the screens have a sentence for each.
const (
	NoteSettled = "auto:settled" // what was asked has happened
	NoteMoot    = "auto:moot"    // its cause is gone
)

// Settle closes the open item with the key as done by the server: what it asked for has happened. No open item: nothing.
func Settle(tx core.App, shop, key string) error {
	return closeItem(tx, shop, key, record.DueDone, NoteSettled)
}

// Drop cancels the open item with the key: its cause is gone. No open item: nothing.
func Drop(tx core.App, shop, key string) error {
	return closeItem(tx, shop, key, record.DueCancelled, NoteMoot)
}

func closeItem(tx core.App, shop, key, state, note string) error {
	row, err := Find(tx, shop, key)
	if err != nil || row == nil {
		return err
	}
	return closeRow(tx, row, state, note)
}

func closeRow(tx core.App, row *core.Record, state, note string) error {
	d := record.AsDueItem(row)
	if d.State() != record.DueOpen {
		return nil
	}
	d.SetState(state)
	if d.Note() == "" {
		d.SetNote(note)
	}
	return tx.SaveWithContext(record.WithActor(context.Background(), record.System(d.Shop())), row)
}
