package due

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// KindClaimWaits is the item of an agent who calls a customer on whom a claim has waited for days (L-14).
const KindClaimWaits = "claim_waits"

// waitsOn is the SQL of what waits for nobody but its customer, of claims under a name: what claimCase.waitsFor says of one.
func waitsOn(claims string) string {
	return strings.NewReplacer("{c}", claims, "{plan}", latestPlan(claims)).Replace("({c}.[[state]] = 'evidence_needed'" +
		" OR {c}.[[state]] = 'negotiating' AND {c}.[[insist]] AND NOT {c}.[[insisted]]" +
		" OR {c}.[[state]] = 'plan_offered' AND EXISTS ({plan} AND p.[[state]] = 'offered')" +
		" OR {c}.[[state]] = 'received' AND {c}.[[kind]] = 'repair' AND TRIM({c}.[[arrival_note]]) != '' AND {c}.[[difference_agreed_at]] = ''" +
		" OR {c}.[[state]] = 'repairing' AND EXISTS ({plan} AND (p.[[state]] = 'paused' AND p.[[surprise_agreed_at]] = '' OR p.[[state]] = 'done' AND p.[[agreed_fen]] > {c}.[[collected_fen]]))" +
		" OR {c}.[[state]] = 'awaiting_payment' AND {c}.[[withdrawal_reason]] = '' AND ({c}.[[kind]] != 'repair' AND {c}.[[owed_fen]] > {c}.[[collected_fen]]" +
		" OR {c}.[[kind]] = 'repair' AND EXISTS ({plan} AND p.[[agreed_fen]] > {c}.[[collected_fen]])))")
}

// latestPlan is the SQL of the latest plan of a claim, to be followed by what it is like.
func latestPlan(claims string) string {
	return "SELECT p.[[updated]] FROM [[repair_plans]] p WHERE p.[[claim]] = " + claims + ".[[id]] AND NOT EXISTS (SELECT 1 FROM [[repair_plans]] n" +
		" WHERE n.[[claim]] = p.[[claim]] AND (n.[[created]], n.[[id]]) > (p.[[created]], p.[[id]]))"
}

// silentSince is the SQL of when something happened last on a claim: on itself, and while it is mended on its plan.
func silentSince(claims string) string {
	return strings.NewReplacer("{c}", claims, "{plan}", latestPlan(claims)).Replace("CASE WHEN {c}.[[state]] = 'repairing' THEN MAX({c}.[[updated]], COALESCE(({plan}), '')) ELSE {c}.[[updated]] END")
}

// roundsOf is the SQL of how the keys of a silence begin.
func roundsOf(claims string) string {
	return "'claim_waits:' || " + claims + ".[[id]] || ':' || CAST(strftime('%s', " + silentSince(claims) + ") AS TEXT) || ':'"
}

// waitsFor is what only the customer can give to let the claim go on, "" where somebody of the shop can.
func (c *claimCase) waitsFor() string {
	judged := c.judged()
	switch {
	case c.evidence() != nil:
		return "evidence"
	case judged != nil && judged.waits:
		return "insist"
	case c.offered() != nil:
		return "plan"
	case c.surprised() != nil:
		return "surprise"
	case c.in("received") && c.differs() != nil:
		return "difference"
	case c.in("awaiting_payment") && c.says(record.FieldWithdrawalReason) == "" && c.owed() > 0, c.in("repairing") && c.owed() > 0:
		return "payment"
	}
	return ""
}

// silent is since when nothing has happened on the claim.
func (c *claimCase) silent() time.Time {
	at := c.Due(record.FieldUpdated)
	if plan := c.plan(); c.in("repairing") && plan != nil {
		if changed := record.Time(record.Moment(plan.Record, record.FieldUpdated)); changed.After(at) {
			return changed
		}
	}
	return at
}

// claimWaits has an agent call the customer of whom a claim has heard nothing for so many days (policy), and again when after
// the call it is silent as long. One claim has one such item at a time, and its key is the silence and which call it is, so that
// looking again makes nothing. What has gone on is closed first.
func claimWaits(app core.App, shop *record.Shop, now time.Time) error {
	policy, err := record.PolicyOf(app, shop.Id)
	if err != nil {
		return err
	}
	if err := closeWaits(app, shop.Id, policy.ClaimWaitDays); err != nil || policy.ClaimWaitDays == 0 {
		return err
	}
	before := record.Text(now.AddDate(0, 0, -policy.ClaimWaitDays))
	rows, err := batch(app, record.Claims, dbx.HashExp{record.FieldShop: shop.Id, record.FieldState: []any{"evidence_needed", "negotiating", "plan_offered", "received", "repairing", "awaiting_payment"}},
		dbx.NewExp("[[claims.updated]] <= {:before} AND "+waitsOn("[[claims]]")+" AND "+silentSince("[[claims]]")+" <= {:before}"+
			" AND NOT EXISTS (SELECT 1 FROM [[due_items]] d WHERE d.[[shop]] = [[claims.shop]] AND d.[[key]] >= 'claim_waits:' || [[claims.id]] || ':' AND d.[[key]] < 'claim_waits:' || [[claims.id]] || ';'"+
			" AND (d.[[state]] = 'open' OR d.[[done_at]] > {:before} AND d.[[key]] LIKE "+roundsOf("[[claims]]")+" || '%'))", dbx.Params{"before": before}))
	if err != nil {
		return err
	}
	failures := []error{}
	for _, row := range rows {
		if err := askWaits(app, shop.Id, row.Id, policy.ClaimWaitDays); err != nil {
			failures = append(failures, fmt.Errorf("waiting claim %s: %w", row.Id, err))
		}
	}
	return errors.Join(failures...)
}

// askWaits makes the next item of a silence: due when its days, or those since the last call, were up.
func askWaits(app core.App, shop, id string, days int) error {
	c, err := loadCase(app, id)
	if err != nil || c == nil || c.waitsFor() == "" {
		return err
	}
	order, err := app.FindRecordById(record.SalesOrders, c.Order())
	if err != nil {
		return err
	}
	since, from := c.silent(), fmt.Sprintf("%s:%s:%d:", KindClaimWaits, c.Id, c.silent().Unix())
	calls := []*core.Record{}
	err = app.RecordQuery(record.DueItems).AndWhere(dbx.HashExp{record.FieldShop: shop}).
		AndWhere(dbx.NewExp("[[key]] >= {:from} AND [[key]] < {:to}", dbx.Params{"from": from, "to": strings.TrimSuffix(from, ":") + ";"})).All(&calls)
	if err != nil {
		return err
	}
	for _, call := range calls {
		if done := record.AsDueItem(call).DoneAt(); done.After(since) {
			since = done
		}
	}
	return Ensure(app, Item{Shop: shop, Key: fmt.Sprintf("%s%d", from, len(calls)+1), Kind: KindClaimWaits, Role: "agent", DueAt: since.AddDate(0, 0, days),
		SubjectCollection: record.Claims, SubjectRecord: c.Id, Data: map[string]any{"number": c.Number(), "waits": c.waitsFor(), "phone": record.AsSalesOrder(order).Phone()}})
}

// closeWaits ends the items whose claim was heard of, and all of them where the shop asks for none. One that a supervisor has opened
// again beside a later one is over, too.
func closeWaits(app core.App, shop string, days int) error {
	rows, err := batch(app, record.DueItems, openOf(shop, KindClaimWaits), dbx.NewExp("({:days} = 0 OR NOT EXISTS (SELECT 1 FROM [[claims]] c WHERE c.[[id]] = [[due_items.subject_record]] AND "+waitsOn("c")+
		" AND [[due_items.key]] LIKE "+roundsOf("c")+" || '%') OR EXISTS (SELECT 1 FROM [[due_items]] d WHERE d.[[shop]] = [[due_items.shop]] AND d.[[state]] = 'open'"+
		" AND d.[[key]] >= 'claim_waits:' || [[due_items.subject_record]] || ':' AND d.[[key]] < 'claim_waits:' || [[due_items.subject_record]] || ';' AND d.[[due_at]] > [[due_items.due_at]]))",
		dbx.Params{"days": days}))
	if err != nil {
		return err
	}
	for _, row := range rows {
		c, err := loadCase(app, record.AsDueItem(row).SubjectRecord())
		if err != nil {
			return err
		}
		state, note := record.DueDone, NoteSettled
		if days == 0 || c == nil || c.in("cancelled", "expired") {
			state, note = record.DueCancelled, NoteMoot
		}
		if err := closeRow(app, row, state, note); err != nil {
			return err
		}
	}
	return nil
}
