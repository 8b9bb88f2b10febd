// Package buyer lets people who bought online in, without an app and without a password (L-02): order number and phone, a
// one-time code to that phone, and with the code a login of the customers collection, by which push, pull and uploads work for
// what is theirs. It promises that nobody learns whether an order exists: what is answered, what is written and what is counted
// hangs on what was asked alone; the caller evens out the time. The code goes to the order's own phone only, is kept as
// a hash, works once, for ten minutes and five tries. The customer's row is found or made once, however often one signs in,
// and by a restored server under the id that it had.
//
// It counts by the server's clock; how often one address may ask is for the route.
package buyer

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/notify"
	"aftercare/internal/record"
)

const (
	// valid is how long a code may be typed, pause how long until another may be asked for.
	valid, pause = 10 * time.Minute, time.Minute
	// window is the time in which codes are counted: for one order under one phone, and for one phone or one order whatever it
	// is asked with, so that nobody tries all orders of a phone, nor all phones of an order.
	window          = time.Hour
	perPair, perOne = 5, 10
	// maxTries are the wrong codes after which a code is worth nothing: with perOne codes, one guess in 20,000 an hour.
	maxTries = 5
	// forgotten is how long nothing is asked until it is as if it never was.
	forgotten = 24 * time.Hour
)

// Desk signs buyers in.
type Desk struct {
	Clock func() time.Time
	// Write runs one act of the change log.
	Write func(app core.App, fn func(tx core.App) error) (int64, error)
}

// Asked is what somebody types who wants in. Shop is a shop's id or code, "" for any.
type Asked struct {
	Order string `json:"order"`
	Phone string `json:"phone"`
	Shop  string `json:"shop"`
	Lang  string `json:"lang"`
}

// clean is what was typed without what people put between digits; a country code of China is left out.
func (a Asked) clean() Asked {
	a.Order, a.Phone = strings.TrimSpace(a.Order), Phone(a.Phone)
	if a.Lang != "en" {
		a.Lang = "zh"
	}
	return a
}

// Phone is a number as it is compared: digits only, without +86 or 0086.
func Phone(text string) string {
	text = strings.TrimSpace(text)
	abroad := strings.HasPrefix(text, "+")
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case unicode.IsSpace(r) || strings.ContainsRune("+-－()（）.", r):
			return -1
		}
		return unicode.ReplacementChar // a letter makes another number of it, not the same
	}, text)
	switch {
	case abroad && strings.HasPrefix(digits, "86"):
		return digits[len("86"):]
	case strings.HasPrefix(digits, "0086"):
		return digits[len("0086"):]
	}
	return digits
}

// asked are the hashes under which a question is counted: order and phone together, the order, the phone.
func (a Asked) keys() (pair, order, phone string) {
	return hashOf("pair", a.Shop, a.Order, a.Phone), hashOf("order", a.Order), hashOf("phone", a.Phone)
}

// SendCode sends a code to the order's phone if order and phone belong together. Nothing in what it returns tells whether
// they do. Codes buyer.missing, buyer.code_wait, buyer.code_spent.
func (d Desk) SendCode(app core.App, asked Asked) error {
	a := asked.clean()
	if err := a.complete(); err != nil {
		return err
	}
	_, err := d.Write(app, func(tx core.App) error {
		now := d.Clock()
		if err := d.count(tx, a, now); err != nil {
			return err
		}
		code := newCode() // made for nobody, too: guessing costs the same
		pair, _, _ := a.keys()
		_, err := tx.DB().Update("buyer_codes", dbx.Params{"code": hashOf(pair, code), "until": record.Text(now.Add(valid)), "tries": 0}, dbx.HashExp{"key": pair}).Execute()
		if err != nil {
			return err
		}
		order, err := d.find(tx, a)
		if err != nil || order == nil || !notify.Deliverable(record.ChannelSMS, order.Phone()) {
			return err
		}
		return notify.Queue(tx, message(order, a.Lang, code, now))
	})
	return err
}

// complete refuses what cannot be an order and a phone at all.
func (a Asked) complete() error {
	switch {
	case a.Order == "" || len(a.Order) > 320:
		return fault.New(fault.Invalid, "buyer.missing").On("order")
	case len(a.Phone) < 5 || len(a.Phone) > 40:
		return fault.New(fault.Invalid, "buyer.missing").On("phone")
	}
	return nil
}

// count takes one question into account, or refuses it.
func (d Desk) count(tx core.App, a Asked, now time.Time) error {
	_, err := tx.DB().Delete("buyer_codes", dbx.NewExp("asked_at < {:then}", dbx.Params{"then": record.Text(now.Add(-forgotten))})).Execute()
	if err != nil {
		return err
	}
	pair, order, phone := a.keys()
	for _, one := range []struct {
		key  string
		most int
	}{{pair, perPair}, {order, perOne}, {phone, perOne}} {
		k, err := load(tx, one.key)
		if err != nil {
			return err
		}
		if k.AskedAt != "" && !now.Before(record.Time(k.Since).Add(window)) {
			k.Asked = 0
		}
		switch {
		case one.key == pair && k.AskedAt != "" && now.Before(record.Time(k.AskedAt).Add(pause)):
			return fault.New(fault.TooMany, "buyer.code_wait").On("code")
		case k.Asked >= one.most:
			return fault.New(fault.TooMany, "buyer.code_spent").On("code")
		case k.Asked == 0:
			k.Since = record.Text(now)
		}
		_, err = tx.DB().NewQuery(`INSERT INTO buyer_codes (key, asked_at, since, asked) VALUES ({:key}, {:at}, {:since}, {:asked})
			ON CONFLICT (key) DO UPDATE SET asked_at = excluded.asked_at, since = excluded.since, asked = excluded.asked`).
			Bind(dbx.Params{"key": one.key, "at": record.Text(now), "since": k.Since, "asked": k.Asked + 1}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}

// find is the newest order of that number whose phone is the one asked with, nil when there is none.
func (d Desk) find(app core.App, a Asked) (*record.SalesOrder, error) {
	shops, err := shopsOf(app, a.Shop)
	if err != nil {
		return nil, err
	}
	rows := []*core.Record{}
	err = app.RecordQuery(record.SalesOrders).AndWhere(dbx.In(record.FieldShop, shops...)).AndWhere(dbx.HashExp{record.FieldNumber: a.Order}).
		OrderBy(record.FieldOrderedAt+" DESC", record.FieldID).Limit(20).All(&rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if order := record.AsSalesOrder(row); Phone(order.Phone()) == a.Phone {
			return order, nil
		}
	}
	return nil, nil
}

// shopsOf are the ids of the shop that is named by id or code, of all of them where none is; none for one that does not exist.
func shopsOf(app core.App, named string) ([]any, error) {
	query := app.DB().Select(record.FieldID).From(record.Shops)
	if named != "" {
		query.Where(dbx.Or(dbx.HashExp{record.FieldID: named}, dbx.HashExp{record.FieldCode: named}))
	}
	var ids []string
	err := query.Column(&ids)
	shops := make([]any, len(ids))
	for i, id := range ids {
		shops[i] = id
	}
	return shops, err
}

func message(order *record.SalesOrder, lang, code string, now time.Time) notify.Message {
	visible, real := "已发送一次性验证码。", fmt.Sprintf("验证码 %s，10 分钟内有效，用于查询和申请售后。请勿告诉他人。", code)
	if lang == "en" {
		visible, real = "A one-time code was sent.", fmt.Sprintf("Code %s, valid for 10 minutes, to see and file claims for your order. Tell nobody.", code)
	}
	return notify.Message{Shop: order.GetString(record.FieldShop), Key: fmt.Sprintf("%s%d", notify.CodeKey(order.Id), now.UnixMilli()), Kind: "code", Channel: record.ChannelSMS,
		To: order.Phone(), Lang: lang, Text: visible, Secret: real, Urgent: true, ExpiresAt: now.Add(valid), SubjectCollection: record.SalesOrders, SubjectRecord: order.Id}
}

func newCode() string {
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000)) // never fails (crypto/rand)
	return fmt.Sprintf("%06d", n)
}

func hashOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

func sameHash(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
