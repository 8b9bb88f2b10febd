package season

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// Violation is a promise of the shop that does not hold, and on what.
type Violation struct{ Promise, What string }

func (v Violation) String() string { return v.Promise + ": " + v.What }

// The promises that Check reckons.
const (
	PromiseWork   = "no work minute without consent"
	PromiseIssue  = "no part issued without consent"
	PromiseClocks = "one clock at a time for a technician"
	PromiseHours  = "hours are the sum of the clocks"
	PromisePaid   = "no car out unpaid"
	PromiseStock  = "stock is the sum of its moves"
	PromiseLines  = "what is settled is what was agreed"
	PromiseSeals  = "every signature verifies"
	PromiseFlags  = "nothing happened that had to be flagged"
)

// promises in the order in which they are reckoned.
var promises = []struct {
	name   string
	reckon func(*audit) []string
}{
	{PromiseWork, (*audit).work}, {PromiseIssue, (*audit).issued}, {PromiseClocks, (*audit).clocks}, {PromiseHours, (*audit).hours}, {PromisePaid, (*audit).paid},
	{PromiseStock, (*audit).stock}, {PromiseLines, (*audit).lines}, {PromiseSeals, (*audit).seals}, {PromiseFlags, (*audit).flags},
}

// Scope is what Check looks at. Worked is how long each job was worked on as it was played, nil when nobody knows. Signatures are verified of rows
// written since the time (UTC as stored), "" for all of them: what was verified once and not written since cannot have changed
// but behind the server's back, so that the last day of a season verifies all. Everything else is reckoned whole.
type Scope struct {
	Shop   string
	Worked map[string]time.Duration
	Since  string
	Read   *Read // what earlier evenings have read of the change log, which only grows; nil reads all of it
}

// Read is how far the change log was read, and what it told of the jobs' content.
type Read struct {
	seq     int64
	content map[string][]change
}

// Check reckons every promise from the rows as they lie in the database. It shares with the server how sealed statements and passes
// are spelled and nothing else: no guard, no sum, no price is asked for.
func Check(app core.App, scope Scope) ([]Violation, error) {
	if scope.Read == nil {
		scope.Read = &Read{}
	}
	a := &audit{app: app, scope: scope}
	if err := a.read(); err != nil {
		return nil, err
	}
	var found []Violation
	for _, promise := range promises {
		for _, what := range promise.reckon(a) {
			found = append(found, Violation{promise.name, what})
		}
		if a.err != nil {
			return found, fmt.Errorf("%s: %w", promise.name, a.err)
		}
	}
	return found, nil
}

// approval is a customer's yes to one content of a job: from when until when it held.
type approval struct {
	hash, from, until string // until "" while it holds
	labour, parts     int64  // fen, as the document says
	payer             string
}

// change is what a job's agreed content hashed to from a time on.
type change struct{ at, hash string }

// clock is a row of time_entries.
type clock struct {
	ID         string `db:"id"`
	Job        string `db:"job"`
	Technician string `db:"technician"`
	Started    string `db:"started_at"`
	Ended      string `db:"ended_at"`
	Minutes    int64  `db:"minutes"`
}

// audit is what the promises are reckoned from.
type audit struct {
	app       core.App
	scope     Scope
	approvals map[string][]approval // by job
	content   map[string][]change   // by job, oldest first
	entries   []clock
	now       string
	err       error
}

func (a *audit) query(into any, sql string) {
	if a.err == nil {
		a.err = a.app.DB().NewQuery(sql).Bind(dbx.Params{"shop": a.scope.Shop, "since": a.scope.Since, "seq": a.scope.Read.seq}).All(into)
	}
}

func (a *audit) read() error {
	a.readContent()
	a.readApprovals()
	a.query(&a.entries, "SELECT id, job, technician, started_at, ended_at, minutes FROM time_entries WHERE shop = {:shop} ORDER BY started_at")
	var latest []struct {
		Seq int64  `db:"seq"`
		At  string `db:"at"`
	}
	a.query(&latest, "SELECT seq, at FROM sync_changes ORDER BY seq DESC LIMIT 1")
	if len(latest) > 0 {
		a.now, a.scope.Read.seq = latest[0].At, latest[0].Seq
	}
	return a.err
}

// readContent follows in the change log what each job's agreed content was, and from when on.
func (a *audit) readContent() {
	var rows []struct {
		Job  string `db:"record"`
		At   string `db:"at"`
		Hash string `db:"hash"`
	}
	a.query(&rows, `SELECT record, at, json_extract(data, '$.sha256') AS hash FROM sync_changes
		WHERE seq > {:seq} AND collection = 'jobs' AND shop = {:shop} AND op IN ('create', 'update') AND json_extract(data, '$.sha256') IS NOT NULL ORDER BY seq`)
	if a.scope.Read.content == nil {
		a.scope.Read.content = map[string][]change{}
	}
	a.content = a.scope.Read.content
	for _, row := range rows {
		a.content[row.Job] = append(a.content[row.Job], change{row.At, row.Hash})
	}
}

// agreedJob is a job as a document shows it.
type agreedJob struct {
	ID        string `json:"id"`
	SHA256    string `json:"sha256"`
	LabourFen int64  `json:"labour_fen"`
	Payer     string `json:"payer"`
	Parts     []struct {
		QuantityMilli int64 `json:"quantity_milli"`
		UnitFen       int64 `json:"unit_fen"`
	} `json:"parts"`
}

// partsFen adds the lines up, half a fen upwards.
func (j agreedJob) partsFen() (sum int64) {
	for _, p := range j.Parts {
		sum += (p.QuantityMilli*p.UnitFen + 500) / 1000
	}
	return sum
}

func (a *audit) readApprovals() {
	var rows []struct {
		Document string `db:"document"`
		Jobs     string `db:"jobs"`
		Signed   string `db:"signed_at"`
		Created  string `db:"created"`
		Voided   string `db:"voided_at"`
		State    string `db:"state"`
	}
	a.query(&rows, `SELECT document, jobs, signed_at, created, voided_at, state FROM consents
		WHERE shop = {:shop} AND document_kind IN ('estimate', 'supplement') AND state IN ('given', 'void')`)
	a.approvals = map[string][]approval{}
	for _, row := range rows {
		var document struct{ Jobs []agreedJob }
		var lines []consent.Decision
		if err := json.Unmarshal([]byte(row.Document), &document); err != nil {
			continue // not a document: the seals tell
		}
		if err := json.Unmarshal([]byte(row.Jobs), &lines); err != nil {
			continue
		}
		until := row.Voided
		if until == "" && row.State == "void" {
			until = row.Created
		}
		for _, line := range lines {
			i := slices.IndexFunc(document.Jobs, func(j agreedJob) bool { return j.ID == line.ID && j.SHA256 == line.SHA256 })
			if line.Decision == consent.Approved && i >= 0 {
				j := document.Jobs[i]
				a.approvals[line.ID] = append(a.approvals[line.ID], approval{line.SHA256, min(row.Signed, row.Created), until, j.LabourFen, j.partsFen(), j.Payer})
			}
		}
	}
}

// contentAt is the hash of the job's content at the time.
func (a *audit) contentAt(job, at string) (hash string) {
	for _, c := range a.content[job] {
		if c.at <= at {
			hash = c.hash
		}
	}
	return hash
}

// covered says whether a yes to the job as it was held at the time.
func (a *audit) covered(job, at string) bool {
	hash := a.contentAt(job, at)
	return hash != "" && slices.ContainsFunc(a.approvals[job], func(y approval) bool {
		return y.hash == hash && y.from <= at && (y.until == "" || at < y.until)
	})
}

// agreed is the last thing the customer said yes to of the job, with its content as it stands.
func (a *audit) agreed(job string) (approval, bool) {
	hash := a.contentAt(job, a.now)
	for _, y := range a.approvals[job] {
		if y.hash == hash && y.until == "" {
			return y, true
		}
	}
	return approval{}, false
}

// flags finds rows that the server itself called irregular: these tablets are online and these people do as the rules say.
func (a *audit) flags() (found []string) {
	for _, collection := range []string{record.TimeEntries, record.Jobs, record.StockMoves, record.GateUses, record.Consents} {
		var rows []struct {
			ID    string `db:"id"`
			Flags string `db:"flags"`
		}
		a.query(&rows, "SELECT id, flags FROM "+collection+" WHERE shop = {:shop} AND flags NOT IN ('', 'null', '[]')")
		for _, row := range rows {
			found = append(found, fmt.Sprintf("%s/%s %s", collection, row.ID, row.Flags))
		}
	}
	slices.SortFunc(found, cmp.Compare[string])
	return found
}
