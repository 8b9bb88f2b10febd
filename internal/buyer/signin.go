package buyer

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"math/big"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// kept is a row of buyer_codes.
type kept struct {
	Code    string `db:"code"`
	Until   string `db:"until"`
	AskedAt string `db:"asked_at"`
	Since   string `db:"since"`
	Asked   int    `db:"asked"`
	Tries   int    `db:"tries"`
}

func load(app core.App, key string) (k kept, err error) {
	err = app.DB().Select("code", "until", "asked_at", "since", "asked", "tries").From("buyer_codes").Where(dbx.HashExp{"key": key}).One(&k)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return k, err
}

// SignIn takes the code and returns the buyer's row of customers, which is found or made. Code buyer.code_wrong, whether the code
// is wrong, over, used, tried too often, or no order stands behind it.
func (d Desk) SignIn(app core.App, asked Asked, code string) (customer *core.Record, err error) {
	a := asked.clean()
	if err := a.complete(); err != nil {
		return nil, err
	}
	if err := d.check(app, a, code); err != nil {
		return nil, err
	}
	_, err = d.Write(app, func(tx core.App) error {
		pair, _, _ := a.keys()
		k, err := load(tx, pair)
		if err != nil {
			return err
		}
		order, err := d.find(tx, a)
		if err != nil {
			return err
		}
		if order == nil || k.Code == "" || !sameHash(k.Code, hashOf(pair, code)) { // used meanwhile, or the order's phone was changed
			return fault.New(fault.Refused, "buyer.code_wrong").On("code")
		}
		if _, err := tx.DB().Update("buyer_codes", dbx.Params{"code": "", "asked": 0}, dbx.HashExp{"key": pair}).Execute(); err != nil {
			return err
		}
		customer, err = d.customerOf(tx, order)
		return err
	})
	return customer, err
}

// check counts a wrong code in an act of its own, which is kept when the sign-in is refused.
func (d Desk) check(app core.App, a Asked, code string) error {
	var wrong error
	_, err := d.Write(app, func(tx core.App) error {
		pair, _, _ := a.keys()
		k, err := load(tx, pair)
		if err != nil {
			return err
		}
		fresh := k.Code != "" && k.Tries < maxTries && d.Clock().Before(record.Time(k.Until))
		if sameHash(k.Code, hashOf(pair, code)) && fresh {
			return nil
		}
		wrong = fault.New(fault.Refused, "buyer.code_wrong").On("code")
		_, err = tx.DB().Update("buyer_codes", dbx.Params{"tries": k.Tries + 1}, dbx.HashExp{"key": pair}).Execute()
		return err
	})
	return errors.Join(err, wrong)
}

// customerOf is the buyer's file in the order's shop: the one that has the order's phone, of several the one of the order's
// name, else the oldest; a new one when there is none. Inside the write transaction, so two sign-ins make one.
func (d Desk) customerOf(tx core.App, order *record.SalesOrder) (*core.Record, error) {
	shop := order.GetString(record.FieldShop)
	rows := []*core.Record{}
	err := tx.RecordQuery(record.Customers).AndWhere(dbx.HashExp{record.FieldShop: shop, record.FieldPhone: order.Phone()}).
		OrderBy(record.FieldCreated, record.FieldID).Limit(50).All(&rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if record.AsCustomer(row).Name() == order.CustomerName() {
			return row, nil
		}
	}
	if len(rows) > 0 {
		return rows[0], nil
	}
	c, err := tx.FindCachedCollectionByNameOrId(record.Customers)
	if err != nil {
		return nil, err
	}
	row := core.NewRecord(c)
	row.Load(map[string]any{record.FieldShop: shop, record.FieldName: order.CustomerName(), record.FieldPhone: order.Phone()})
	id := fileID(c, shop, order)
	if _, err := tx.FindRecordById(c, id); errors.Is(err, sql.ErrNoRows) {
		row.Id = id
	} else if err != nil {
		return nil, err
	}
	return row, tx.SaveWithContext(record.WithActor(context.Background(), record.System(shop)), row)
}

// fileID is the id of the file that a sign-in opens: the same for the same buyer of a shop, so that what the buyer's phone once
// sent is still the buyer's own when an older backup that lacks the file has been restored. It is keyed with the
// collection's own secret, which lies in every backup: an id tells nobody a phone.
func fileID(c *core.Collection, shop string, order *record.SalesOrder) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	h := hmac.New(sha256.New, []byte(c.AuthToken.Secret))
	h.Write([]byte("file\x00" + shop + "\x00" + order.Phone() + "\x00" + order.CustomerName()))
	n, id := new(big.Int).SetBytes(h.Sum(nil)), make([]byte, 15)
	for i, base := 0, big.NewInt(int64(len(letters))); i < len(id); i++ {
		var rest big.Int
		n.DivMod(n, base, &rest)
		id[i] = letters[rest.Int64()]
	}
	return string(id)
}

// pace is the grain in which a door answers that must not tell by its time what it found: a code that is queued takes a few
// milliseconds more than one that is not.
const pace = 60 * time.Millisecond

// Even waits until a whole number of paces has passed since then; for what was refused unseen there is nothing to hide.
func Even(since time.Time, said error) {
	if f, refused := fault.From(said); refused && f.Kind == fault.Invalid {
		return
	}
	passed := time.Since(since)
	time.Sleep((passed/pace+1)*pace - passed)
}
