package due

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// Jobs is everything the scheduler looks after.
func Jobs() []Job {
	return []Job{
		{Name: "promises", Run: promises},
		{Name: "files", Run: files},
		{Name: "device files", Run: deviceFiles},
		{Name: "appointments", Run: appointments},
		{Name: "messages given up", Run: lostMessages},
		{Name: "answers by phone", Run: answers},
		{Name: "claimed parts", Run: warrantyClaims},
		{Name: "claims", Run: claims},
		{Name: "what customers hear of claims", Run: claimNews},
		{Name: "make-up parts", Run: makeupParts},
	}
}

// promises looks after every car under way: progress, delay, ready notice, consent to a later day, things that had to be moved.
func promises(app core.App, shop *record.Shop, now time.Time) error {
	cars, err := lane(app, shop, now)
	if err != nil {
		return err
	}
	for _, look := range []func(core.App, *record.Shop, time.Time, []*car) error{progressChecks, delays, readyNotices, promiseConsents, movedThings} {
		if err := look(app, shop, now, cars); err != nil {
			return err
		}
	}
	return nil
}

// lostMessages: a message that was given up is a person's to tell. Taken up again and sent, the item settles by itself; it is
// dropped when what was to be told of a claim holds no more.
func lostMessages(app core.App, shop *record.Shop, now time.Time) error {
	lost, err := app.FindAllRecords(record.Messages, dbx.HashExp{record.FieldShop: shop.Id, record.FieldState: record.MessageFailed})
	if err != nil {
		return err
	}
	for _, row := range lost {
		m := record.AsMessage(row)
		owner, err := advisorOf(app, m.Visit())
		if err != nil {
			return err
		}
		role := "advisor"
		if m.SubjectCollection() == record.Claims {
			role = "agent"
		}
		err = Ensure(app, Item{Shop: shop.Id, Key: lostKey(m.Id), Kind: "message_failed", Role: role, Owner: owner, DueAt: now,
			Visit: m.Visit(), SubjectCollection: record.Messages, SubjectRecord: m.Id,
			Data: map[string]any{"failure": m.Failure(), "kind": m.Kind(), "to": m.To()}})
		if err != nil {
			return err
		}
	}
	open, err := openItems(app, shop.Id, "message_failed")
	if err != nil {
		return err
	}
	for _, row := range open {
		d := record.AsDueItem(row)
		m, err := app.FindRecordById(record.Messages, d.SubjectRecord())
		if err != nil {
			return err
		}
		if err := closeLost(app, row, record.AsMessage(m)); err != nil {
			return err
		}
	}
	return nil
}

func closeLost(app core.App, item *core.Record, m *record.Message) error {
	if m.State() == record.MessageSent {
		return closeRow(app, item, record.DueDone, NoteSettled)
	}
	moot, err := ClaimMoot(app, m)
	if err != nil || !moot {
		return err
	}
	return closeRow(app, item, record.DueCancelled, NoteMoot)
}

// AnsweredKind asks the advisor to countersign what the customer decided on their own phone (S-05); AnsweredKey is its key.
const AnsweredKind = "link_decided"

// AnsweredKey is the key of the item for a link.
func AnsweredKey(link string) string { return AnsweredKind + ":" + link }

// answers settles what the advisor has countersigned, and drops what was decided by a consent that counts no longer.
func answers(app core.App, shop *record.Shop, _ time.Time) error {
	open, err := openItems(app, shop.Id, AnsweredKind)
	if err != nil {
		return err
	}
	for _, row := range open {
		link := strings.TrimPrefix(record.AsDueItem(row).Key(), AnsweredKey(""))
		given, err := app.FindFirstRecordByData(record.Consents, record.FieldLink, link)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		state, note := "", ""
		switch {
		case given == nil || record.AsConsent(given).State() == "void":
			state, note = record.DueCancelled, NoteMoot
		case given.GetString(record.FieldCountersignedBy) != "":
			state, note = record.DueDone, NoteSettled
		default:
			continue
		}
		if err := closeRow(app, row, state, note); err != nil {
			return err
		}
	}
	return nil
}

func lostKey(message string) string { return "message_failed:" + message }

// openItems is the shop's open items of a kind.
func openItems(app core.App, shop, kind string) ([]*core.Record, error) {
	return app.FindAllRecords(record.DueItems, openOf(shop, kind))
}

func openOf(shop, kind string) dbx.HashExp {
	return dbx.HashExp{record.FieldShop: shop, record.FieldState: record.DueOpen, record.FieldKind: kind}
}

// batch is what one round looks at, of the rows that are so: up to 500 of them; the next round finds the others.
func batch(app core.App, collection string, are dbx.HashExp, when dbx.Expression) ([]*core.Record, error) {
	rows := []*core.Record{}
	err := app.RecordQuery(collection).AndWhere(are).AndWhere(when).OrderBy(record.FieldID).Limit(500).All(&rows)
	return rows, err
}

// advisorOf is the advisor of a visit, "" when there is none.
func advisorOf(app core.App, visit string) (string, error) {
	if visit == "" {
		return "", nil
	}
	row, err := app.FindRecordById(record.Visits, visit)
	if err != nil {
		return "", err
	}
	return record.AsVisit(row).Advisor(), nil
}
