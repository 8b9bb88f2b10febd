// Package notify tells customers what they must know: by SMS through a gateway's webhook, by mail through SMTP. Others
// queue a message inside their own transaction with Queue; the Outbox sends what is queued. It promises that a message
// with the same key is queued once, that a customer never gets the same message twice, that quiet hours are kept by the
// shop's time, and that what could not be sent is seen by a person. What it cannot promise stands in DESIGN.md: a mail
// whose server broke off while taking it may or may not have arrived, and is then not sent again by itself.
package notify

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// Message is one thing to tell one person. Shop, Key, Kind, Channel, To and Text must be given.
type Message struct {
	Shop    string
	Key     string // what this message is, unique in the shop: queued again under it, it is the same message
	Kind    string // label for lists: ready, delay, link, code, reminder, …
	Channel string // record.ChannelSMS | record.ChannelMail
	To      string // number or mail address
	Lang    string // "zh" (default) | "en"
	Title   string // subject of a mail
	Text    string // what staff see in the customer's history, and what is sent unless Secret says otherwise

	// Secret is what is really sent where nobody of the staff may read it: a one-time code. It is kept apart, goes to no
	// device, and is forgotten when the message is settled.
	Secret string

	Urgent    bool      // the customer waits for it (a code): quiet hours do not apply
	NotBefore time.Time // zero: at once
	ExpiresAt time.Time // from then on it is given up; zero: 24 hours after it may first go

	Visit, Customer                  string // the file it is shown on, may be empty
	SubjectCollection, SubjectRecord string
}

// Queue puts the message into the outbox, in tx's transaction when there is one. A message with this key that is there
// already, in whatever state, is left as it is. Errors: notify.text_missing, notify.to_invalid, and those of a save.
func Queue(tx core.App, m Message) error {
	return tx.RunInTransaction(func(tx core.App) error {
		there, err := Find(tx, m.Shop, m.Key)
		if err != nil || there != nil {
			return err
		}
		c, err := tx.FindCachedCollectionByNameOrId(record.Messages)
		if err != nil {
			return err
		}
		row := core.NewRecord(c)
		row.Load(m.values())
		row.Id = idOf(m.Shop, m.Key)
		err = tx.SaveWithContext(record.WithActor(context.Background(), record.System(m.Shop)), row)
		if err != nil || m.Secret == "" {
			return err
		}
		_, err = tx.DB().Insert("notify_secrets", dbx.Params{"message": row.Id, "text": m.Secret}).Execute()
		return err
	})
}

// idOf is the id of the message with the key, the same whenever it is queued: a server restored from a backup that has not heard
// of it queues it under the id that the gateway knows, and the customer hears it once.
func idOf(shop, key string) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	sum := sha256.Sum256([]byte(shop + "\x00" + key))
	id := make([]byte, 15)
	for i := range id {
		id[i] = letters[binary.BigEndian.Uint16(sum[2*i:])%uint16(len(letters))]
	}
	return string(id)
}

// CodeKey begins the keys of the one-time codes that were sent for an order sold online.
func CodeKey(order string) string { return "buyer_code:" + order + ":" }

// CodeLang is the language in which the customer of an order sold online last asked for a code: as far as the house knows, the
// one they read. "zh" where nobody has asked.
func CodeLang(app core.App, shop, order string) (string, error) {
	rows, from := []*core.Record{}, CodeKey(order)
	err := app.RecordQuery(record.Messages).AndWhere(dbx.HashExp{record.FieldShop: shop}).
		AndWhere(dbx.NewExp("[[key]] >= {:from} AND [[key]] < {:to}", dbx.Params{"from": from, "to": strings.TrimSuffix(from, ":") + ";"})).
		OrderBy(record.FieldKey + " DESC").Limit(1).All(&rows) // keys end with the time
	if err != nil || len(rows) == 0 {
		return "zh", err
	}
	return record.AsMessage(rows[0]).Lang(), nil
}

// Find is the shop's message with the key, nil when there is none.
func Find(app core.App, shop, key string) (*core.Record, error) {
	if shop == "" || key == "" {
		return nil, fault.New(fault.Invalid, "field.required").On(record.FieldKey).With("field", record.FieldKey)
	}
	row, err := app.FindFirstRecordByFilter(record.Messages, "shop = {:shop} && key = {:key}", dbx.Params{"shop": shop, "key": key})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return row, err
}

// Cancel takes a message back that has not gone yet; one that is gone, or was never queued, is left alone.
func Cancel(tx core.App, shop, key string) error {
	row, err := Find(tx, shop, key)
	if err != nil || row == nil || record.AsMessage(row).State() != record.MessageQueued {
		return err
	}
	record.AsMessage(row).SetState(record.MessageCancelled)
	return tx.SaveWithContext(record.WithActor(context.Background(), record.System(shop)), row)
}

// Address is where the customer is told things: by mail when that is what they prefer and have given, else by SMS to
// their phone, else by mail. ok is false when there is neither.
func Address(customer *core.Record) (channel, to string, ok bool) {
	c := record.AsCustomer(customer)
	mail, phone := customer.Email(), c.Phone()
	switch {
	case mail != "" && (c.PreferredChannel() == record.ChannelMail || phone == ""):
		return record.ChannelMail, mail, true
	case phone != "":
		return record.ChannelSMS, phone, true
	}
	return "", "", false
}

// Deliverable says whether an address is one its channel can reach.
func Deliverable(channel, to string) bool {
	f := &flow.Facts{After: flow.Values{"channel": channel, "to": to, "text": "x", "state": record.MessageQueued}}
	return flow.Guards["message_complete"](f) == nil
}

func (m Message) values() map[string]any {
	lang := m.Lang
	if lang == "" {
		lang = "zh"
	}
	values := map[string]any{
		record.FieldShop: m.Shop, record.FieldKey: m.Key, record.FieldKind: m.Kind, record.FieldChannel: m.Channel,
		record.FieldTo: m.To, record.FieldLang: lang, record.FieldTitle: m.Title, record.FieldText: m.Text,
		record.FieldUrgent: m.Urgent, record.FieldState: record.MessageQueued, record.FieldVisit: m.Visit,
		record.FieldCustomer: m.Customer, record.FieldSubjectCollection: m.SubjectCollection,
		record.FieldSubjectRecord: m.SubjectRecord,
	}
	if !m.NotBefore.IsZero() {
		values[record.FieldNotBefore] = record.Text(m.NotBefore)
	}
	if !m.ExpiresAt.IsZero() {
		values[record.FieldExpiresAt] = record.Text(m.ExpiresAt)
	}
	return values
}

// secretOf is what a message really says: its secret where it has one.
func secretOf(app core.App, m *record.Message) (string, error) {
	var text string
	err := app.DB().NewQuery("SELECT text FROM notify_secrets WHERE message = {:id}").Bind(dbx.Params{"id": m.Id}).Row(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return m.Text(), nil
	}
	if err != nil {
		return "", fmt.Errorf("reading what the message says: %w", err)
	}
	return text, nil
}

func forget(app core.App, message string) error {
	_, err := app.DB().Delete("notify_secrets", dbx.HashExp{"message": message}).Execute()
	return err
}
