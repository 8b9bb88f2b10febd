package due

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/notify"
	"aftercare/internal/promise"
	"aftercare/internal/record"
)

// Kinds of messages about a promise.
const (
	MessageReady = "ready"
	MessageDelay = "delay"
)

// serverWord ends the key of what the server tells when nobody of the staff has.
const serverWord = ":server"

// staleAfter is how long after its promised time a delay is still told by the server: an older one is a person's.
const staleAfter = 24 * time.Hour

// delays asks the advisor to tell the customer of a car that will not be ready: when a progress check said so, else half an
// hour before the notice. What the advisor has not told when the notice is due, the server tells with reason and apology
// (D-02); the item stays until a person has spoken, promised anew, or the car is ready.
func delays(app core.App, shop *record.Shop, now time.Time, cars []*car) error {
	warned, err := answered(app, shop)
	if err != nil {
		return err
	}
	byVisit := map[string]*car{}
	for _, c := range cars {
		byVisit[c.visit.Id] = c
		at := c.promisedAt()
		if c.ready() || at.IsZero() {
			continue
		}
		check := warningOf(c, warned)
		if check == nil && now.Before(promise.DelayAskAt(c.begin(), at, c.policy, c.zone)) {
			continue
		}
		data := map[string]any{"promised_at": record.Text(at), "reason": reasonOf(c, check)}
		if check != nil {
			data["note"], data["answer"] = check.Note(), check.Answer()
		}
		err := Ensure(app, Item{Shop: shop.Id, Key: delayKey(c.visit.Id, at), Kind: KindDelay, Role: "advisor", Owner: c.visit.Advisor(),
			DueAt: promise.NoticeAt(c.begin(), at, c.policy, c.zone), Visit: c.visit.Id, SubjectCollection: record.Visits,
			SubjectRecord: c.visit.Id, Data: data})
		if err != nil {
			return err
		}
	}
	open, err := openItems(app, shop.Id, KindDelay)
	if err != nil {
		return err
	}
	for _, row := range open {
		if err := follow(app, shop, now, record.AsDueItem(row), byVisit); err != nil {
			return err
		}
	}
	return nil
}

func delayKey(visit string, promised time.Time) string {
	return fmt.Sprintf("delay:%s:%d", visit, promised.Unix())
}

// warningOf is the progress check of one of the car's promises that was answered late or abnormal, nil when none was.
func warningOf(c *car, warned map[string]*record.DueItem) *record.DueItem {
	for _, o := range c.orders {
		if o.row.State() == "in_progress" && warned[progressKey(o)] != nil {
			return warned[progressKey(o)]
		}
	}
	return nil
}

// follow looks at an open delay: moot when the car is ready or gone, settled when a person told or the customer signed the
// new time, told by the server when its time has come.
func follow(app core.App, shop *record.Shop, now time.Time, d *record.DueItem, cars map[string]*car) error {
	c := cars[d.Visit()]
	if c == nil || c.ready() {
		if err := notify.Cancel(app, shop.Id, d.Key()+serverWord); err != nil { // it may still wait for the morning
			return err
		}
		return Drop(app, shop.Id, d.Key())
	}
	old := record.Time(fmt.Sprint(d.Data()["promised_at"]))
	if toldByPerson(c, d.Key()) || agreedTo(c, old) {
		return Settle(app, shop.Id, d.Key())
	}
	if now.Before(d.DueAt()) || now.After(old.Add(staleAfter)) {
		return nil
	}
	return tellDelay(app, shop, now, c, d, old)
}

// toldByPerson: somebody of the staff sent or spoke a message under the item's key.
func toldByPerson(c *car, key string) bool {
	for _, m := range c.messages {
		if m.CreatedBy() != "" && strings.HasPrefix(m.Key(), key) && m.State() != record.MessageCancelled && m.State() != record.MessageFailed {
			return true
		}
	}
	return false
}

// agreedTo: the customer has signed a document with a later promise than the one that is not kept.
func agreedTo(c *car, old time.Time) bool {
	for _, o := range c.orders {
		if o.agreed.After(old) && !o.agreed.Before(o.promisedAt()) {
			return true
		}
	}
	return false
}

func tellDelay(app core.App, shop *record.Shop, now time.Time, c *car, d *record.DueItem, old time.Time) error {
	words := letter{shop: shop, car: c, promised: old, reason: fmt.Sprint(d.Data()["reason"])}
	if later := c.promisedAt(); later.After(old) && later.After(now) {
		words.expected = later
	}
	return send(app, c, notify.Message{Shop: shop.Id, Key: d.Key() + serverWord, Kind: MessageDelay, Text: words.delay(), Title: words.title(),
		ExpiresAt: old.Add(staleAfter)})
}

// send queues the message to the customer of the car, unless they want to be called or have left no address: then the
// advisor's item is what is left, and ok.
func send(app core.App, c *car, m notify.Message) error {
	channel, to, ok := reach(c)
	if !ok {
		return nil
	}
	m.Channel, m.To, m.Visit, m.Customer = channel, to, c.visit.Id, c.customer.Id
	m.SubjectCollection, m.SubjectRecord = record.Visits, c.visit.Id
	return notify.Queue(app, m)
}

// reach is how the customer of a car is told things by the server; not ok when only a person can.
func reach(c *car) (channel, to string, ok bool) {
	if c.customer == nil || record.AsCustomer(c.customer).PreferredChannel() == record.ChannelPhone {
		return "", "", false
	}
	channel, to, ok = notify.Address(c.customer)
	return channel, to, ok && notify.Deliverable(channel, to)
}

// readyNotices tells the customer that the car is ready, at the notice's time or as soon after it as the car is ready, and
// once: again only after a delay was told in between, or the first was taken back (D-02).
func readyNotices(app core.App, shop *record.Shop, now time.Time, cars []*car) error {
	standing := map[string]bool{}
	for _, c := range cars {
		last, count := lastReady(c)
		if !c.ready() {
			if last != nil && last.State() == record.MessageQueued {
				if err := notify.Cancel(app, shop.Id, last.Key()); err != nil {
					return err
				}
			}
			continue
		}
		key := fmt.Sprintf("ready:%s:%d", c.visit.Id, count)
		standing[key] = true
		at := c.promisedAt()
		if !at.IsZero() && now.Before(promise.NoticeAt(c.begin(), at, c.policy, c.zone)) || !toTell(c, last) {
			continue
		}
		if err := tellReady(app, shop, now, c, key, at); err != nil {
			return err
		}
	}
	return dropOthers(app, shop, KindReady, standing)
}

// lastReady is the last ready notice of the visit, and how many there were.
func lastReady(c *car) (last *record.Message, count int) {
	for _, m := range c.messages {
		if m.Kind() == MessageReady {
			last, count = m, count+1
		}
	}
	return last, count
}

// toTell: no ready notice stands. One does until it is taken back, or a delay was told after it.
func toTell(c *car, last *record.Message) bool {
	if last == nil || last.State() == record.MessageCancelled {
		return true
	}
	for _, m := range c.messages {
		if m.Kind() == MessageDelay && m.State() != record.MessageCancelled && m.Created().After(last.Created()) {
			return true
		}
	}
	return false
}

func tellReady(app core.App, shop *record.Shop, now time.Time, c *car, key string, promised time.Time) error {
	if _, _, ok := reach(c); !ok {
		return Ensure(app, Item{Shop: shop.Id, Key: key, Kind: KindReady, Role: "advisor", Owner: c.visit.Advisor(), DueAt: now.Add(answerTime),
			Visit: c.visit.Id, SubjectCollection: record.Visits, SubjectRecord: c.visit.Id,
			Data: map[string]any{"promised_at": record.Text(promised)}})
	}
	words := letter{shop: shop, car: c, promised: promised}
	if promised.Before(now) {
		words.promised = time.Time{}
	}
	return send(app, c, notify.Message{Shop: shop.Id, Key: key, Kind: MessageReady, Text: words.ready(), Title: words.title()})
}
