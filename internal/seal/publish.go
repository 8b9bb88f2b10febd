package seal

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// Publish writes the public halves where every shop's tablets find them: a row of seal_keys for each key and shop, and
// when a key was retired. It may be run as often as one likes.
func (s Sealer) Publish(app core.App) error {
	return app.RunInTransaction(func(tx core.App) error {
		if _, err := s.Present(tx); err != nil {
			return err
		}
		keys, err := all(tx)
		if err != nil {
			return err
		}
		shops, err := tx.FindAllRecords(record.Shops)
		if err != nil {
			return err
		}
		for _, shop := range shops {
			if err := publishTo(tx, shop.Id, keys); err != nil {
				return err
			}
		}
		return nil
	})
}

func publishTo(tx core.App, shop string, keys []Key) error {
	rows, err := tx.FindAllRecords(record.SealKeys, dbx.HashExp{record.FieldShop: shop})
	if err != nil {
		return err
	}
	there := map[string]*record.SealKey{}
	for _, row := range rows {
		there[row.GetString(record.FieldKey)] = record.AsSealKey(row)
	}
	for _, k := range keys {
		row := there[k.ID]
		switch {
		case row == nil:
			c, err := tx.FindCachedCollectionByNameOrId(record.SealKeys)
			if err != nil {
				return err
			}
			p := k.public()
			row = record.AsSealKey(core.NewRecord(c))
			row.Load(map[string]any{record.FieldShop: shop, record.FieldKey: p.Key, record.FieldPublic: p.Public,
				record.FieldSince: p.Since, record.FieldUntil: p.Until, record.FieldHandover: p.Handover})
		case row.Until() == k.Until:
			continue
		default:
			row.SetUntil(k.Until)
		}
		if err := tx.SaveWithContext(record.WithActor(context.Background(), record.System(shop)), row.ProxyRecord()); err != nil {
			return err
		}
	}
	return nil
}
