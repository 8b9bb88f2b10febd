package app

import (
	"context"
	"io/fs"
	"path/filepath"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
	"aftercare/internal/seal"
)

// PinFile is where the server pins its public keys, in the data folder: files are checked against it without the database.
const PinFile = "seal_keys.json"

// bindSeals publishes the keys to a shop that is opened while the server runs.
func (h *House) bindSeals() {
	h.opened = make(chan struct{}, 1)
	h.app.OnRecordAfterCreateSuccess(record.Shops).BindFunc(func(e *core.RecordEvent) error {
		select {
		case h.opened <- struct{}{}:
		default:
		}
		return e.Next()
	})
}

// openSeals makes the first key, publishes and pins the keys, and seals what was signed before there were any.
func (h *House) openSeals() error {
	if err := h.Seals.Publish(h.app); err != nil {
		return err
	}
	list, err := seal.List(h.app)
	if err != nil {
		return err
	}
	if strange, err := seal.Pin(filepath.Join(h.app.DataDir(), PinFile), list); err != nil {
		return err
	} else if len(strange) > 0 {
		h.app.Logger().Warn("this database seals with keys that the pinned ones do not lead to", "keys", strange)
	}
	return h.sealOld()
}

// sealOld has the rules seal the consents that were stored before the house had keys.
func (h *House) sealOld() error {
	rows, err := h.app.FindAllRecords(record.Consents, dbx.HashExp{record.FieldCode: ""})
	if err != nil {
		return err
	}
	for _, row := range rows {
		actor := record.System(row.GetString(record.FieldShop))
		if err := h.app.SaveWithContext(record.WithActor(context.Background(), actor), row); err != nil {
			return err
		}
	}
	return nil
}

// fontFile is where the app's build puts the font of the papers.
const fontFile = "print/NotoSansSC-Regular.ttf"

// font is nil when the app was not built.
func (h *House) font() []byte {
	if h.config.Public == nil {
		return nil
	}
	b, err := fs.ReadFile(h.config.Public, fontFile)
	if err != nil {
		return nil
	}
	return b
}

func (h *House) publishSeals(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.opened:
			if err := h.Seals.Publish(h.app); err != nil {
				h.app.Logger().Error("keys not published to a new shop", "error", err)
			}
		}
	}
}
