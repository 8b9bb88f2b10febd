package due_test

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/due"
	"aftercare/internal/record"
)

// openClaims is how many claims are open at once in the busiest shop there is; a minute of the scheduler may cost so much.
const (
	openClaims = 10_000
	mostRound  = 200 * time.Millisecond
)

// copies makes so many rows of the one there is, each column as it stands unless it is set; {n} is the number of the row.
func (l *lane) copies(row *core.Record, n int, set map[string]string) {
	l.t.Helper()
	columns, err := l.App.TableColumns(row.Collection().Name)
	if err != nil {
		l.t.Fatal(err)
	}
	names, values := make([]string, len(columns)), make([]string, len(columns))
	for i, name := range columns {
		names[i], values[i] = "[["+name+"]]", "r.[["+name+"]]"
		if expression, own := set[name]; own {
			values[i] = strings.ReplaceAll(expression, "{n}", "s.n")
		}
	}
	_, err = l.App.NonconcurrentDB().NewQuery(fmt.Sprintf("WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %d) INSERT INTO [[%s]] (%s) SELECT %s FROM [[%s]] r, s WHERE r.[[id]] = {:id}",
		n, row.Collection().Name, strings.Join(names, ", "), strings.Join(values, ", "), row.Collection().Name)).Bind(dbx.Params{"id": row.Id}).Execute()
	if err != nil {
		l.t.Fatal(err)
	}
}

// worked is how long this process has had a processor: what a round costs, however many others wait for one.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// Ten thousand open claims in every state, each with its item where it has one, and as many make-up parts as a tenth of them:
// a minute in which nothing is due reads only what it needs, and one in which twenty are due does them all.
func TestClaimsMany(t *testing.T) {
	l := newLane(t)
	claim := l.ClaimApproved("return", nil)
	part := l.MakeupRequested(nil)
	l.after(time.Minute)
	soon := "'" + l.in(30*time.Hour) + "'"
	order, err := l.App.FindRecordById(record.SalesOrders, record.AsClaim(claim).Order())
	if err != nil {
		t.Fatal(err)
	}
	l.copies(order, openClaims, map[string]string{record.FieldID: "printf('s%014d', {n})", record.FieldExternalID: "'VIEL-' || {n}"})
	l.copies(claim, openClaims, map[string]string{record.FieldID: "printf('c%014d', {n})", record.FieldSalesOrder: "printf('s%014d', {n})", record.FieldNumber: "'VIEL-' || {n}", record.FieldShipBackDueAt: soon,
		record.FieldState: "CASE {n} % 5 WHEN 0 THEN 'submitted' WHEN 1 THEN 'evidence_needed' WHEN 2 THEN 'approved' WHEN 3 THEN 'awaiting_goods' ELSE 'received' END"})
	item := l.rows(record.DueItems, dbx.HashExp{record.FieldKind: "claim_ship_back"})[0]
	l.copies(item, openClaims, map[string]string{record.FieldID: "printf('d%014d', {n})", record.FieldKey: "printf('claim_ship_back:c%014d', {n})", record.FieldSubjectRecord: "printf('c%014d', {n})", record.FieldDueAt: soon,
		record.FieldState: "CASE WHEN {n} % 5 IN (2, 3) THEN 'open' ELSE 'done' END"})
	l.silent(item)
	l.copies(part, openClaims/10, map[string]string{record.FieldID: "printf('m%014d', {n})", record.FieldNumber: "'VIEL-' || {n}"})
	steps := l.rows(record.DueItems, dbx.HashExp{record.FieldKind: "makeup_step"})[0]
	key := record.AsDueItem(steps).Key()
	l.copies(steps, openClaims/10, map[string]string{record.FieldID: "printf('e%014d', {n})", record.FieldSubjectRecord: "printf('m%014d', {n})",
		record.FieldKey: "printf('makeup_step:m%014d', {n}) || '" + key[len("makeup_step:")+15:] + "'"})
	round := func() time.Duration {
		begun := worked(t)
		if err := l.house.House.Due.Round(context.Background()); err != nil {
			t.Fatal(err)
		}
		return worked(t) - begun
	}
	best := min(round(), round(), round())
	t.Logf("a round over %d open claims and %d make-up parts: %v", openClaims, openClaims/10, best)
	if best > mostRound {
		t.Errorf("L-08 a minute of the scheduler over %d open claims costs %v", openClaims, best)
	}
	if n := len(l.items("makeup_step")); n != openClaims/10+1 {
		t.Errorf("P-03 %d items for %d parts", n, openClaims/10+1)
	}
	if _, err := l.App.NonconcurrentDB().NewQuery("UPDATE claims SET ship_back_due_at = {:past} WHERE [[number]] LIKE 'VIEL-%' AND [[state]] IN ('approved', 'awaiting_goods') AND id < printf('c%014d', 51)").Bind(dbx.Params{"past": l.in(-time.Minute)}).Execute(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.App.NonconcurrentDB().NewQuery("UPDATE claims SET [[updated]] = {:now} WHERE id IN (printf('c%014d', 1), printf('c%014d', 6))").Bind(dbx.Params{"now": l.Now()}).Execute(); err != nil {
		t.Fatal(err)
	}
	round()
	if open, all := len(l.rows(record.DueItems, dbx.HashExp{record.FieldKind: due.KindClaimWaits, record.FieldState: "open"})), len(l.items(due.KindClaimWaits)); open != openClaims/5-2 || all != openClaims/5 {
		t.Errorf("L-14 %d of %d calls are still to be made", open, all)
	}
	if n := len(l.rows(record.Claims, dbx.HashExp{record.FieldState: "expired"})); n != 20 {
		t.Errorf("L-08 %d of 20 claims expired", n)
	}
	l.tell(round)
}

// silent: of those for whom evidence is wanted nothing has been heard for a month, and each has its item.
func (l *lane) silent(item *core.Record) {
	l.t.Helper()
	long := l.house.Clock.Now().AddDate(0, -1, 0)
	if _, err := l.App.NonconcurrentDB().NewQuery("UPDATE claims SET [[updated]] = {:long} WHERE [[number]] LIKE 'VIEL-%'").Bind(dbx.Params{"long": record.Text(long)}).Execute(); err != nil {
		l.t.Fatal(err)
	}
	l.copies(item, openClaims/5, map[string]string{record.FieldID: "printf('w%014d', {n})", record.FieldKind: "'claim_waits'", record.FieldSubjectRecord: "printf('c%014d', 5 * {n} - 4)",
		record.FieldKey: fmt.Sprintf("printf('claim_waits:c%%014d:%d:1', 5 * {n} - 4)", long.Unix()), record.FieldState: "'open'"})
}

// tell: those twenty customers hear of it, twenty more are reminded, all of them once, and then a minute over the rest costs no
// more than before.
func (l *lane) tell(round func() time.Duration) {
	l.t.Helper()
	if _, err := l.App.NonconcurrentDB().NewQuery("UPDATE claims SET ship_back_due_at = {:soon}, approved_at = {:long} WHERE [[number]] LIKE 'VIEL-%' AND [[state]] IN ('approved', 'awaiting_goods') AND id < printf('c%014d', 101)").
		Bind(dbx.Params{"soon": l.in(20 * time.Hour), "long": l.in(-28 * time.Hour)}).Execute(); err != nil {
		l.t.Fatal(err)
	}
	told := min(round(), round(), round())
	l.t.Logf("a round of which %d claims were told: %v", openClaims, told)
	if told > mostRound {
		l.t.Errorf("L-14 a minute of the scheduler over %d open claims costs %v", openClaims, told)
	}
	for kind, want := range map[string]int{"claim_expired": 20, "claim_remind": 20, "claim_approved": 1} {
		if n := len(l.rows(record.Messages, dbx.HashExp{record.FieldKind: kind})); n != want {
			l.t.Errorf("L-14 %d messages %s, want %d", n, kind, want)
		}
	}
}
