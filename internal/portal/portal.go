// Package portal is the customer's own page (S-05): a one-time link to one document, decided line by line on the customer's
// phone. It promises that a link is bound to the hash of what was sent, that opening it never uses it up, that it is decided
// once and before it expires, that where money is involved a one-time code sent to the customer is needed, and that the
// server keeps neither token nor code but their hashes. What it makes is a consent of kind portal; approving and
// declining the jobs stays the advisor's countersigned act.
package portal

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/due"
	"aftercare/internal/fault"
	"aftercare/internal/notify"
	"aftercare/internal/record"
)

const (
	// valid is how long a link may be decided.
	valid = 72 * time.Hour
	// codeValid is how long a one-time code may be typed, codePause how long until another may be asked for.
	codeValid, codePause = 10 * time.Minute, time.Minute
	// maxCodes are the codes sent for one link, maxTries the wrong ones typed before it is worth nothing.
	maxCodes, maxTries = 5, 5
)

// Desk makes and keeps links.
type Desk struct {
	Clock func() time.Time
	// Write runs one act of the change log.
	Write func(app core.App, fn func(tx core.App) error) (int64, error)
}

// secrets of a link; they leave this package as hashes only.
type secrets struct {
	Link      string `db:"link"`
	Code      string `db:"code"`
	CodeUntil string `db:"code_until"`
	AskedAt   string `db:"asked_at"`
	Asked     int    `db:"asked"`
	Tries     int    `db:"tries"`
}

// Sent is a new link. Token is told this once.
type Sent struct {
	ID, Token, ExpiresAt string
	To                   string // where it was sent, "" when the advisor hands it over
}

// Request is what an advisor wants decided: the order's estimate or supplement, as it stands. Address makes the
// link's address of its token. Hand: no message, the advisor shows the code on the tablet.
type Request struct {
	Order   *core.Record
	Kind    string
	By      record.Actor
	Lang    string
	Hand    bool
	Address func(token string) string
}

// Send makes a link; an earlier one for the same document kind is taken back. Codes link.nothing, link.unpriced,
// link.no_address.
func (d Desk) Send(app core.App, r Request) (sent Sent, err error) {
	_, err = d.Write(app, func(tx core.App) error {
		sent, err = d.send(tx, r)
		return err
	})
	return sent, err
}

func (d Desk) send(tx core.App, r Request) (Sent, error) {
	o := record.AsWorkOrder(r.Order)
	document, err := Document(tx, r.Order, r.Kind)
	if err != nil {
		return Sent{}, err
	}
	if len(document.Jobs) == 0 {
		return Sent{}, fault.New(fault.Refused, "link.nothing").On(record.FieldWorkOrder)
	}
	if err := priced(tx, document); err != nil {
		return Sent{}, err
	}
	channel, to, customer, err := d.reach(tx, o.Visit())
	if err != nil {
		return Sent{}, err
	}
	withCode := moneyOf(document.Body) > 0
	if to == "" && (withCode || !r.Hand) {
		return Sent{}, fault.New(fault.Refused, "link.no_address").On(record.FieldCustomer)
	}
	if err := d.takeBack(tx, r); err != nil {
		return Sent{}, err
	}
	token, expires := newToken(), record.Text(d.Clock().Add(valid))
	row, err := d.keep(tx, r, document, withCode, maskedTo(to), expires)
	if err != nil {
		return Sent{}, err
	}
	if _, err := tx.DB().Insert("link_secrets", dbx.Params{"link": row.Id, "token": hashOf(token)}).Execute(); err != nil {
		return Sent{}, err
	}
	sent := Sent{ID: row.Id, Token: token, ExpiresAt: expires}
	if r.Hand {
		return sent, nil
	}
	sent.To = maskedTo(to)
	return sent, notify.Queue(tx, d.message(tx, r, row, customer, channel, to, r.Address(token)))
}

// priced: nobody is asked to decide on a price that nobody has named.
func priced(app core.App, document consent.Document) error {
	for _, line := range document.Jobs {
		row, err := app.FindRecordById(record.Jobs, line.ID)
		if err != nil {
			return err
		}
		if f := record.AsJob(row).Facts(); f.PricedAt == "" && f.Payer == "customer" {
			return fault.New(fault.Refused, "link.unpriced").On("jobs/"+line.ID).With("job", f.Work)
		}
	}
	return nil
}

// keep stores the link's row.
func (d Desk) keep(tx core.App, r Request, document consent.Document, withCode bool, to, expires string) (*core.Record, error) {
	c, err := tx.FindCachedCollectionByNameOrId(record.CustomerLinks)
	if err != nil {
		return nil, err
	}
	row := core.NewRecord(c)
	o := record.AsWorkOrder(r.Order)
	row.Load(map[string]any{record.FieldShop: o.Shop(), record.FieldVisit: o.Visit(), record.FieldWorkOrder: o.Id, record.FieldState: "sent",
		record.FieldDocumentKind: r.Kind, record.FieldDocument: document.Body, record.FieldSHA256: document.SHA256, record.FieldLang: r.Lang,
		record.FieldSentBy: r.By.ID, record.FieldSentTo: to, record.FieldWithCode: withCode, record.FieldExpiresAt: expires})
	return row, saveAs(tx, row, record.System(o.Shop()))
}

// takeBack revokes the links that ask for the same decision.
func (d Desk) takeBack(tx core.App, r Request) error {
	rows, err := tx.FindAllRecords(record.CustomerLinks, dbx.HashExp{record.FieldWorkOrder: r.Order.Id, record.FieldDocumentKind: r.Kind},
		dbx.In(record.FieldState, "sent", "opened"))
	if err != nil {
		return err
	}
	for _, row := range rows {
		link := record.AsCustomerLink(row)
		link.SetState("revoked")
		if err := saveAs(tx, row, record.System(link.Shop())); err != nil {
			return err
		}
	}
	return nil
}

func saveAs(tx core.App, row *core.Record, actor record.Actor) error {
	return tx.SaveWithContext(record.WithActor(context.Background(), actor), row)
}

// reach is where the customer of the visit is told things; to is "" when nowhere.
func (d Desk) reach(app core.App, visit string) (channel, to string, customer *core.Record, err error) {
	v, err := app.FindRecordById(record.Visits, visit)
	if err != nil {
		return "", "", nil, err
	}
	customer, err = app.FindRecordById(record.Customers, record.AsVisit(v).Customer())
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", nil, nil
	}
	if err != nil {
		return "", "", nil, err
	}
	channel, to, _ = notify.Address(customer)
	return channel, to, customer, nil
}

// message carries the link where only the customer reads it; staff see that it was sent.
func (d Desk) message(tx core.App, r Request, row, customer *core.Record, channel, to, address string) notify.Message {
	shop := record.AsCustomerLink(row).Shop()
	name := ""
	if s, err := tx.FindRecordById(record.Shops, shop); err == nil {
		name = record.AsShop(s).Name()
	}
	visible, real := fmt.Sprintf("【%s】您的车有项目等您确认，已发送链接。", name), fmt.Sprintf("【%s】您的车有项目等您确认，请点开查看并逐项决定（72 小时内有效）：%s", name, address)
	if r.Lang == "en" {
		visible, real = fmt.Sprintf("%s: work on your car waits for your decision; the link was sent.", name), fmt.Sprintf("%s: work on your car waits for your decision. Open to see it and decide line by line (72 hours): %s", name, address)
	}
	return notify.Message{Shop: shop, Key: "link:" + row.Id, Kind: "link", Channel: channel, To: to, Lang: r.Lang, Title: name, Text: visible, Secret: real, Urgent: true,
		ExpiresAt: d.Clock().Add(valid), Visit: record.AsWorkOrder(r.Order).Visit(), Customer: customer.Id, SubjectCollection: record.CustomerLinks, SubjectRecord: row.Id}
}

// Document is what the order offers at this moment.
func Document(app core.App, order *core.Record, kind string) (consent.Document, error) {
	offer, err := record.Offer(app, order)
	if err != nil {
		return consent.Document{}, err
	}
	if kind == consent.KindSupplement {
		return consent.SupplementDocument(offer)
	}
	return consent.EstimateDocument(offer)
}

// moneyOf is what the customer would pay if everything were approved, fen.
func moneyOf(document []byte) int64 {
	var body struct {
		Totals struct {
			CustomerFen int64 `json:"customer_fen"`
		} `json:"totals"`
	}
	if json.Unmarshal(document, &body) != nil {
		return 1 // what cannot be read is treated as money
	}
	return body.Totals.CustomerFen
}

// task asks the advisor to countersign and carry out what was decided.
func (d Desk) task(tx core.App, link *record.CustomerLink) error {
	return due.Ensure(tx, due.Item{Shop: link.Shop(), Key: due.AnsweredKey(link.Id), Kind: due.AnsweredKind, Role: "advisor", Owner: link.SentBy(), DueAt: d.Clock().Add(15 * time.Minute),
		Visit: link.Visit(), SubjectCollection: record.WorkOrders, SubjectRecord: link.WorkOrder()})
}

func newToken() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

func newCode() string {
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000)) // never fails (crypto/rand)
	return fmt.Sprintf("%06d", n)
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func sameHash(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// maskedTo is an address as the tablet shows it: 138****8000, l***@example.com.
func maskedTo(to string) string {
	runes := []rune(to)
	if len(runes) < 7 {
		return to
	}
	for i, r := range runes {
		if r == '@' {
			return string(runes[:1]) + "***" + string(runes[i:])
		}
	}
	return string(runes[:3]) + "****" + string(runes[len(runes)-4:])
}
