package due

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/promise"
	"aftercare/internal/record"
)

// Kinds of due items about a promise.
const (
	KindProgress = "progress_check"  // W-06: the team leader says how it goes
	KindDelay    = "delay"           // D-02: the advisor tells the customer
	KindReady    = "tell_ready"      // D-02: there is nobody to send to, or they want to be called
	KindConsent  = "promise_consent" // S-07: the customer agrees to a later day
)

// answerTime is how long a progress check may wait for its answer before it counts as late.
const answerTime = 15 * time.Minute

// progressChecks asks, once for each promise, when three quarters of its time or of a running job's plan are used; an
// order that has left the workshop, or has another promise, is not asked about any more (W-06).
func progressChecks(app core.App, shop *record.Shop, now time.Time, cars []*car) error {
	standing := map[string]bool{}
	for _, c := range cars {
		for _, o := range c.orders {
			if o.row.State() != "in_progress" || o.promisedAt().IsZero() {
				continue
			}
			key := progressKey(o)
			standing[key] = true
			used := usedUp(c, o)
			if !used && (o.begun.IsZero() || now.Before(promise.CheckAt(o.begun, o.promisedAt(), c.policy))) {
				continue
			}
			err := Ensure(app, Item{Shop: shop.Id, Key: key, Kind: KindProgress, Role: record.RoleLeader, DueAt: now.Add(answerTime),
				Visit: c.visit.Id, SubjectCollection: record.WorkOrders, SubjectRecord: o.row.Id,
				Data: map[string]any{"promised_at": o.row.PromisedAt(), "used": used}})
			if err != nil {
				return err
			}
		}
	}
	return dropOthers(app, shop, KindProgress, standing)
}

func progressKey(o order) string {
	return fmt.Sprintf("progress:%s:%d", o.row.Id, o.promisedAt().Unix())
}

// usedUp: a job that is being worked on has used the policy's share of its plan.
func usedUp(c *car, o order) bool {
	return slices.ContainsFunc(o.jobs, func(j *record.Job) bool {
		return j.State() == "in_progress" && promise.CheckDue(o.worked[j.Id], j.Facts().LabourMinutes, c.policy)
	})
}

// dropOthers cancels the open items of a kind whose key stands no more.
func dropOthers(app core.App, shop *record.Shop, kind string, standing map[string]bool) error {
	open, err := openItems(app, shop.Id, kind)
	if err != nil {
		return err
	}
	for _, row := range open {
		if !standing[record.AsDueItem(row).Key()] {
			if err := closeRow(app, row, record.DueCancelled, NoteMoot); err != nil {
				return err
			}
		}
	}
	return nil
}

// promiseConsents: a promise that moved beyond the day the customer signed for is a task of the advisor, and stops no
// job; signed anew, or taken back, the task is settled (S-07).
func promiseConsents(app core.App, shop *record.Shop, now time.Time, cars []*car) error {
	standing := map[string]bool{}
	for _, c := range cars {
		for _, o := range c.orders {
			if o.row.State() == "ready" || o.agreed.IsZero() || promise.DaysBeyond(o.agreed, o.promisedAt(), c.zone) <= c.policy.PromiseConsentDays {
				continue
			}
			key := fmt.Sprintf("promise:%s:%d", o.row.Id, o.promisedAt().Unix())
			standing[key] = true
			by := promise.NoticeAt(c.begin(), o.agreed, c.policy, c.zone) // before the time they still count on
			if by.Before(now) {
				by = now.Add(answerTime)
			}
			err := Ensure(app, Item{Shop: shop.Id, Key: key, Kind: KindConsent, Role: "advisor", Owner: c.visit.Advisor(), DueAt: by,
				Visit: c.visit.Id, SubjectCollection: record.WorkOrders, SubjectRecord: o.row.Id,
				Data: map[string]any{"agreed_at": record.Text(o.agreed), "promised_at": o.row.PromisedAt()}})
			if err != nil {
				return err
			}
		}
	}
	return closeConsents(app, shop, cars, standing)
}

// closeConsents settles the task whose order the customer has signed a promise for since, and drops the others that
// stand no more: the promise was taken back, or the car has left.
func closeConsents(app core.App, shop *record.Shop, cars []*car, standing map[string]bool) error {
	agreed := map[string]time.Time{}
	for _, c := range cars {
		for _, o := range c.orders {
			agreed[o.row.Id] = o.agreed
		}
	}
	open, err := openItems(app, shop.Id, KindConsent)
	if err != nil {
		return err
	}
	for _, row := range open {
		d := record.AsDueItem(row)
		if standing[d.Key()] || !agreed[d.SubjectRecord()].After(record.Time(fmt.Sprint(d.Data()["agreed_at"]))) {
			continue
		}
		if err := closeRow(app, row, record.DueDone, NoteSettled); err != nil {
			return err
		}
	}
	return dropOthers(app, shop, KindConsent, standing)
}

// answered is the progress checks that were answered late or abnormal, by key, with what the leader noted.
func answered(app core.App, shop *record.Shop) (map[string]*record.DueItem, error) {
	rows, err := app.FindAllRecords(record.DueItems, dbx.HashExp{record.FieldShop: shop.Id, record.FieldKind: KindProgress,
		record.FieldState: record.DueDone}, dbx.In(record.FieldAnswer, "late", "abnormal"))
	found := map[string]*record.DueItem{}
	for _, row := range rows {
		d := record.AsDueItem(row)
		found[d.Key()] = d
	}
	return found, err
}
