package due

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/changelog"
	"aftercare/internal/flow"
	"aftercare/internal/notify"
	"aftercare/internal/promise"
	"aftercare/internal/record"
)

// KindClaimTell is the item of an agent who tells a customer that cannot be written to, or wants to be called.
const KindClaimTell = "claim_tell"

// ofClaims are the collections whose rows make up a claim.
var ofClaims = []string{record.Claims, record.Shipments, record.RepairPlans, record.Refunds}

// portion is how many changes of the log are read at once, and about how many claims one round looks at.
const portion = 200

// courier tells the customers of a shop's claims.
type courier struct {
	app    core.App
	shop   *record.Shop
	now    time.Time
	zone   *time.Location
	policy flow.Policy
}

// claimNews tells customers what has become of their claims, each thing once, and takes back what has not gone out and holds no
// more (L-08, L-14). It looks at claims that have changed since it last looked, and at those whose time to send is up soon, so
// that thousands of open claims cost a round nothing.
func claimNews(app core.App, shop *record.Shop, now time.Time) error {
	policy, err := record.PolicyOf(app, shop.Id)
	if err != nil {
		return err
	}
	k := &courier{app: app, shop: shop, now: now, zone: promise.Zone(shop.TimeZone()), policy: policy}
	return errors.Join(k.changed(), k.remind())
}

// place is how far in the log a shop's claims were looked at, and which are to be looked at again because something went wrong.
type place struct {
	seq   int64
	again []string
}

// placeOf reads a place as it is written down: the seq and the ids; nothing is the beginning of the log.
func placeOf(mark string) (p place) {
	if parts := strings.Fields(mark); len(parts) > 0 {
		p.seq, _ = strconv.ParseInt(parts[0], 10, 64) // what cannot be read begins anew: looking twice changes nothing
		p.again = parts[1:]
	}
	return p
}

func (p place) String() string {
	return strings.Join(append([]string{fmt.Sprint(p.seq)}, p.again...), " ")
}

// changed looks at the claims that have changed since the last time, a batch of them; the next round goes on. One that fails is
// looked at again in a minute, and stops no other.
func (k *courier) changed() error {
	mark := record.MarkClaimNews + k.shop.Id
	text, err := record.Mark(k.app, mark)
	if err != nil {
		return err
	}
	from := placeOf(text)
	to := place{seq: from.seq}
	failures := k.try(from.again, &to)
	for claims := 0; claims < portion; {
		rows, end, err := changelog.Touched(k.app, k.shop.Id, to.seq, portion, ofClaims...)
		if err != nil {
			return errors.Join(append(failures, err)...)
		}
		if end == to.seq {
			break
		}
		ids, err := k.claimsOf(rows)
		if err != nil {
			return errors.Join(append(failures, err)...)
		}
		failures = append(failures, k.try(ids, &to)...)
		to.seq, claims = end, claims+len(ids)
	}
	if text != to.String() {
		failures = append(failures, record.SetMark(k.app, mark, to.String()))
	}
	return errors.Join(failures...)
}

// try looks at claims, and notes those that fail in the place.
func (k *courier) try(claims []string, to *place) (failures []error) {
	for _, id := range claims {
		if err := k.look(id); err != nil {
			failures = append(failures, fmt.Errorf("claim %s: %w", id, err))
			to.again = append(slices.DeleteFunc(to.again, func(other string) bool { return other == id }), id)
		}
	}
	return failures
}

// claimsOf are the claims that changed rows belong to, each once. What changes while they are looked at comes with the next rows.
func (k *courier) claimsOf(rows []changelog.Row) (ids []string, err error) {
	for _, row := range rows {
		id := row.Record
		if row.Collection != record.Claims {
			part, err := k.app.FindRecordById(row.Collection, row.Record)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return nil, err
			}
			id = part.GetString(record.FieldClaim)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// look tells what is to be told of a claim, and takes back what holds no more.
func (k *courier) look(id string) error {
	c, err := loadCase(k.app, id)
	if err != nil || c == nil {
		return err
	}
	told, err := k.rows(record.Messages, c.Id)
	if err != nil {
		return err
	}
	asked, err := k.rows(record.DueItems, c.Id)
	if err != nil {
		return err
	}
	notices := c.notices()
	for _, n := range notices {
		key := noticeKey(c.Id, n.what)
		if told[key] != nil || asked[key] != nil || !n.fresh(k.now) {
			continue
		}
		if err := k.tell(c, n); err != nil {
			return err
		}
	}
	holds := c.holds(notices)
	for key, row := range told {
		if record.AsMessage(row).State() == record.MessageQueued && !holds[key] {
			if err := notify.Cancel(k.app, k.shop.Id, key); err != nil {
				return err
			}
		}
	}
	for key, row := range asked {
		if record.AsDueItem(row).State() == record.DueOpen && !holds[key] {
			if err := Drop(k.app, k.shop.Id, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// noticeKey is the key under which a notice of a claim is told or asked for.
func noticeKey(claim, what string) string { return noticesOf(claim) + what }

// noticesOf begins the keys of everything that is told of a claim.
func noticesOf(claim string) string { return "claim:" + claim + ":" }

// holds are the keys of what is so now: of the notices, and of the reminder.
func (c *claimCase) holds(notices []notice) map[string]bool {
	keys := map[string]bool{}
	for _, n := range notices {
		keys[noticeKey(c.Id, n.what)] = true
	}
	if n := c.reminder(); n != nil {
		keys[noticeKey(c.Id, n.what)] = true
	}
	return keys
}

// rows are the messages or items about a claim by key, read by the index of keys.
func (k *courier) rows(collection, claim string) (map[string]*core.Record, error) {
	rows := []*core.Record{}
	from := noticesOf(claim)
	err := k.app.RecordQuery(collection).AndWhere(dbx.HashExp{record.FieldShop: k.shop.Id}).
		AndWhere(dbx.NewExp("[[key]] >= {:from} AND [[key]] < {:to}", dbx.Params{"from": from, "to": strings.TrimSuffix(from, ":") + ";"})).All(&rows)
	found := map[string]*core.Record{}
	for _, row := range rows {
		found[row.GetString(record.FieldKey)] = row
	}
	return found, err
}

// tell queues the message to the customer, or asks an agent to call where nobody can write.
func (k *courier) tell(c *claimCase, n notice) error {
	order, customer, err := k.people(c)
	if err != nil {
		return err
	}
	lang, err := notify.CodeLang(k.app, k.shop.Id, c.Order())
	if err != nil {
		return err
	}
	letter := claimLetter{shop: k.shop, zone: k.zone, lang: lang, claim: c, page: k.page(c, n)}
	channel, to, ok := reachBuyer(customer, order)
	if !ok {
		return Ensure(k.app, Item{Shop: k.shop.Id, Key: noticeKey(c.Id, n.what), Kind: KindClaimTell, Role: "agent", DueAt: k.now.Add(answerTime),
			SubjectCollection: record.Claims, SubjectRecord: c.Id, Data: map[string]any{"number": c.Number(), "phone": order.Phone(), "text": letter.text(n)}})
	}
	return notify.Queue(k.app, notify.Message{Shop: k.shop.Id, Key: noticeKey(c.Id, n.what), Kind: n.kind, Channel: channel, To: to, Lang: lang,
		Title: letter.title(), Text: letter.text(n), ExpiresAt: n.until, Customer: c.Customer(), SubjectCollection: record.Claims, SubjectRecord: c.Id})
}

// people are the order of a claim, and the customer's file, nil where the claim has none.
func (k *courier) people(c *claimCase) (order *record.SalesOrder, customer *core.Record, err error) {
	sale, err := k.app.FindRecordById(record.SalesOrders, c.Order())
	if err != nil || c.Customer() == "" {
		return record.AsSalesOrder(sale), nil, err
	}
	customer, err = k.app.FindRecordById(record.Customers, c.Customer())
	return record.AsSalesOrder(sale), customer, err
}

// reachBuyer is how the customer of a claim is told things: as their file says, else by SMS to the phone of the order; not ok
// when only a person can.
func reachBuyer(customer *core.Record, order *record.SalesOrder) (channel, to string, ok bool) {
	if customer != nil {
		if record.AsCustomer(customer).PreferredChannel() == record.ChannelPhone {
			return "", "", false
		}
		if channel, to, ok = notify.Address(customer); ok && notify.Deliverable(channel, to) {
			return channel, to, true
		}
	}
	return record.ChannelSMS, order.Phone(), notify.Deliverable(record.ChannelSMS, order.Phone())
}

// page is the address of the claim, or of its return slip, for people; "" where the server does not know its own.
func (k *courier) page(c *claimCase, n notice) string {
	base := record.PublicURL(k.app)
	if base == "" {
		return ""
	}
	if n.slip {
		return base + "/claim#/slip/" + c.Id
	}
	return base + "/claim#/claim/" + c.Id
}

// ClaimMoot reports whether what a message tells of a claim holds no more: the outbox asks before it hands one over, at every
// attempt. Messages about anything else are never moot to it.
func ClaimMoot(tx core.App, m *record.Message) (bool, error) {
	if m.SubjectCollection() != record.Claims || !strings.HasPrefix(m.Key(), noticesOf(m.SubjectRecord())) {
		return false, nil
	}
	c, err := loadCase(tx, m.SubjectRecord())
	return err == nil && (c == nil || !c.holds(c.notices())[m.Key()]), err
}
