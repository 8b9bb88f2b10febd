package due

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// KindClaimReturn is the item that claimed parts go back to the manufacturer by their date (E-10).
const KindClaimReturn = "claim_return"

// withParts are the states of a claim whose parts are still to be sent back.
var withParts = []any{"submitted", "approved", "refused", "paid"}

// warrantyClaims asks the parts department for the parts of every claim in time, and is content when they were sent (E-10).
func warrantyClaims(app core.App, shop *record.Shop, now time.Time) error {
	policy, err := record.PolicyOf(app, shop.Id)
	if err != nil {
		return err
	}
	rows := []*core.Record{}
	err = app.RecordQuery(record.WarrantyClaims).AndWhere(dbx.HashExp{record.FieldShop: shop.Id, record.FieldState: withParts, record.FieldSentBackAt: ""}).
		AndWhere(dbx.NewExp("[[label]] != '' AND [[return_due_at]] != '' AND [[return_due_at]] <= {:until}",
			dbx.Params{"until": record.Text(now.AddDate(0, 0, policy.ClaimReminderDays))})).OrderBy(record.FieldReturnDueAt, record.FieldID).All(&rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		c := record.AsWarrantyClaim(row)
		err := Ensure(app, Item{Shop: shop.Id, Key: warrantyClaimKey(c), Kind: KindClaimReturn, Role: "parts", DueAt: record.Time(c.ReturnDueAt()),
			Visit: c.Visit(), SubjectCollection: record.WarrantyClaims, SubjectRecord: c.Id,
			Data: map[string]any{"number": c.Number(), "label": c.Label(), "place": c.Place()}})
		if err != nil {
			return err
		}
	}
	return closeWarrantyClaims(app, shop.Id)
}

// warrantyClaimKey: a claim that was refused and sent in again has another date, and another item.
func warrantyClaimKey(c *record.WarrantyClaim) string {
	return KindClaimReturn + ":" + c.Id + ":" + record.Time(c.ReturnDueAt()).UTC().Format("060102")
}

func closeWarrantyClaims(app core.App, shop string) error {
	open, err := openItems(app, shop, KindClaimReturn)
	if err != nil {
		return err
	}
	for _, row := range open {
		item := record.AsDueItem(row)
		claim, err := app.FindRecordById(record.WarrantyClaims, item.SubjectRecord())
		if err != nil {
			return err
		}
		c := record.AsWarrantyClaim(claim)
		switch {
		case c.SentBackAt() != "":
			err = closeRow(app, row, record.DueDone, NoteSettled)
		case c.State() == "draft" || warrantyClaimKey(c) != item.Key():
			err = closeRow(app, row, record.DueCancelled, NoteMoot)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
