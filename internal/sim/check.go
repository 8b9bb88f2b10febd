package sim

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/pocketbase/dbx"

	"aftercare/internal/record"
	"aftercare/internal/scope"
)

// names gives the server's random names an ordinal, for the trace.
func (w *world) names() {
	epoch := w.house.shop.House.Log.Epoch()
	if _, known := w.epochs[epoch]; !known {
		w.epochs[epoch] = len(w.epochs) + 1
	}
}

// at is a cursor as the trace writes it.
func (w *world) at(cursor string) string {
	if cursor == "" {
		return "start"
	}
	c, err := w.house.shop.House.Log.Read(cursor)
	switch {
	case err != nil:
		return "unknown"
	case c.Reading():
		return fmt.Sprintf("snapshot %d/%s", c.Snapshot, c.Collection)
	}
	return fmt.Sprint(c.Seq)
}

func (w *world) describeAnswer(r *request, a answer) string {
	switch {
	case a.status == 0:
		return "nothing"
	case r.kind == "push":
		var said pushAnswer
		if ok, no := a.read(&said); no != nil {
			return fmt.Sprintf("%d %s", a.status, codes(no))
		} else if !ok || said.Seq == nil {
			return fmt.Sprintf("%d ?", a.status)
		}
		var out []string
		for _, o := range said.Outcomes {
			out = append(out, fmt.Sprintf("%d:%s:%s:%d", o.Seq, o.Outcome, o.Code, o.Commit))
		}
		return fmt.Sprintf("push seq %d [%s]", *said.Seq, strings.Join(out, " "))
	case r.kind == "pull":
		var page pullPage
		if ok, no := a.read(&page); no != nil {
			return fmt.Sprintf("%d %s", a.status, codes(no))
		} else if !ok || page.Epoch == nil {
			return fmt.Sprintf("%d ?", a.status)
		}
		page.spread()
		return fmt.Sprintf("page of %d to %s more %v reset %v", len(page.Ops), w.at(page.Cursor), page.More, page.Reset)
	}
	return fmt.Sprint(a.status)
}

func codes(no *refusal) string {
	var out []string
	for name, f := range no.Data {
		out = append(out, name+":"+f.Code)
	}
	sort.Strings(out)
	return strings.Join(out, ",")
}

func (w *world) reached(f *flight) {
	w.reachedCount += f.request.count
	if f.request.kind == "push" {
		w.bound[f.request.device] = true
	}
}

// check is a quiet point: nothing is under way at the server.
func (w *world) check() { w.oracle.finish() }

// checkAnswer is what holds for every answer of the server, whatever became of it on the way.
func (w *world) checkAnswer(f *flight, a answer) {
	if a.status >= 500 && a.status != 503 && !w.struck {
		w.violation(10, fmt.Sprintf("the server answers %d to a %s of %s: %s", a.status, f.request.kind, f.d.name(), a.body))
	}
	w.checkLost(f, a)
	switch f.request.kind {
	case "push":
		w.checkOutcomes(f, a)
	case "pull":
		w.checkSight(f, a)
		w.checkWhole(f, a)
	}
}

// checkOutcomes is promise 3 as a tablet sees it: however often a mutation is sent, its outcome is the same.
func (w *world) checkOutcomes(f *flight, a answer) {
	var said pushAnswer
	if ok, _ := a.read(&said); !ok || said.Seq == nil {
		return
	}
	for _, o := range said.Outcomes {
		id := f.request.ids[o.Seq]
		if id == "" || o.Outcome == "retry" || o.Code == "sync.reused" {
			continue
		}
		told := fmt.Sprintf("%s %s commit %d", o.Outcome, o.Code, o.Commit)
		if before, known := w.told[id]; known && before != told {
			w.violation(3, fmt.Sprintf("mutation %s of %s was %s and is %s", id, f.d.name(), before, told))
		}
		w.told[id] = told
		if o.Outcome == "rejected" {
			w.refusedIn[id] = w.restored
		}
		if o.Outcome == "rejected" && o.Code == "" {
			w.violation(2, fmt.Sprintf("mutation %s of %s was rejected without a reason", id, f.d.name()))
		}
	}
}

// checkSight is promise 7: nobody is handed a row outside their scope.
func (w *world) checkSight(f *flight, a answer) {
	var page pullPage
	if ok, _ := a.read(&page); !ok || page.Epoch == nil {
		return
	}
	page.spread()
	s := w.scopeOf(f.d)
	for _, c := range page.Ops {
		if !s.Sees(c.Collection) {
			w.violation(7, fmt.Sprintf("%s is handed %s of %s", f.d.name(), c.Op, c.key()))
		}
		if c.Op == "put" && s.Customer != "" && !page.More {
			w.checkCustomer(f.d, s.Customer, &c)
		}
		if c.Op != "put" || s.Shop == "" || s.Customer != "" {
			continue
		}
		shop := (&row{fields: c.fields()}).text("shop")
		if c.Collection == record.Shops {
			shop = c.ID
		}
		if shop != s.Shop {
			w.violation(7, fmt.Sprintf("%s of %s is handed %s of %s", f.d.name(), s.Shop, c.key(), shop))
		}
	}
}

// checkCustomer: a customer is handed what is theirs, by the owner of the car or of the visit as it stands.
func (w *world) checkCustomer(d *device, customer string, c *change) {
	r := &row{fields: c.fields()}
	owner := r.text("customer")
	switch {
	case c.Collection == record.Customers:
		owner = c.ID
	case r.text("visit") != "":
		visit, err := w.house.shop.App.FindRecordById(record.Visits, r.text("visit"))
		if err != nil {
			w.t.Fatal(err)
		}
		owner = record.AsVisit(visit).Customer()
	}
	if owner != customer {
		w.violation(7, fmt.Sprintf("%s is handed %s of customer %q", d.name(), c.key(), owner))
	}
}

// checkWhole is promise 5 as a tablet sees it: a page ends where an act ends.
func (w *world) checkWhole(f *flight, a answer) {
	var page pullPage
	if ok, _ := a.read(&page); !ok || page.Epoch == nil {
		return
	}
	log, s := w.house.shop.House.Log, w.scopeOf(f.d)
	at, err := log.Read(page.Cursor)
	column, owner := s.Owner()
	if err != nil || at.Reading() || column == "" || log.At(s.Mark(), at.Seq) != page.Cursor {
		return // inside a snapshot, or of a sight that is over
	}
	var rest int
	err = w.house.shop.App.DB().NewQuery("SELECT COUNT(*) FROM sync_changes WHERE [seq] > {:seq} AND [" + column + "] = {:owner} AND " +
		"[unit] = (SELECT [unit] FROM sync_changes WHERE [seq] = {:seq})").Bind(dbx.Params{"seq": at.Seq, "owner": owner}).Row(&rest)
	if err == nil && rest > 0 {
		w.violation(5, fmt.Sprintf("%s is handed a page that ends %d entries before its act does", f.d.name(), rest))
	}
}

// checkCursor is promise 8: inside an epoch and a scope, a cursor never goes backwards.
func (w *world) checkCursor(d *device, page *pullPage) {
	log := w.house.shop.House.Log
	before, err := log.Read(d.st.meta.cursor)
	if err != nil {
		return
	}
	after, err := log.Read(page.Cursor)
	if err != nil || after.Epoch != before.Epoch || after.Scope != before.Scope || after.Reading() || before.Reading() {
		return
	}
	if after.Seq < before.Seq {
		w.violation(8, fmt.Sprintf("%s goes back from %d to %d", d.name(), before.Seq, after.Seq))
	}
}

// scopeOf is what the person may see as the server stands.
func (w *world) scopeOf(d *device) scope.Scope {
	rec, err := w.house.shop.App.FindRecordById(d.kind, d.user)
	if err != nil {
		w.t.Fatal(err)
	}
	actor, _ := record.FromAuth(rec, record.DoorPush)
	return scope.Of(actor)
}

// current reports whether a device has all there is for it.
func (w *world) current(d *device) bool {
	h := w.house.shop.House
	c, err := h.Log.Read(d.st.meta.cursor)
	if err != nil || !h.Log.Current(c) {
		return false
	}
	_, seq, err := h.Pull.Cursor(w.scopeOf(d))
	return err == nil && c.Seq == seq && c.Scope == w.scopeOf(d).Mark()
}

// rowsOf is the server's rows of a scope, by key, in canonical text. Each row is read once for all scopes.
func (w *world) rowsOf(s scope.Scope, read map[string]string) map[string]string {
	rows := map[string]string{}
	log, app := w.house.shop.House.Log, w.house.shop.App
	for _, name := range scope.Collections {
		if !s.Sees(name) {
			continue
		}
		where, params := s.Where(name)
		query := "SELECT [id] FROM [" + name + "]"
		if where != "" {
			query += " WHERE " + where
		}
		var ids []string
		if err := app.DB().NewQuery(query).Bind(params).Column(&ids); err != nil {
			w.t.Fatal(err)
		}
		for _, id := range ids {
			key := name + "/" + id
			if read[key] == "" {
				object, err := log.Object(app, name, id)
				if err != nil {
					w.t.Fatal(err)
				}
				var fields map[string]json.RawMessage
				if err := json.Unmarshal(object, &fields); err != nil {
					w.t.Fatal(err)
				}
				read[key] = (&row{fields: fields}).canonical()
			}
			rows[key] = read[key]
		}
	}
	return rows
}

// checkConverged is promise 1: a quiet device holds the server's rows of its scope, byte for byte.
func (w *world) checkConverged(d *device, read map[string]string) {
	want := w.rowsOf(w.scopeOf(d), read)
	for _, key := range sortedKeys(want) {
		have := d.st.rows[key]
		if have == nil {
			w.violation(1, fmt.Sprintf("%s lacks %s", d.name(), key))
		}
		if got := have.canonical(); got != want[key] {
			w.violation(1, fmt.Sprintf("%s holds another %s:\n have %s\n want %s", d.name(), key, got, want[key]))
		}
	}
	for _, key := range sortedKeys(d.st.rows) {
		if _, ok := want[key]; !ok {
			w.violation(7, fmt.Sprintf("%s still holds %s, which is not its own", d.name(), key))
		}
	}
	if len(d.st.shadows) > 0 {
		w.violation(1, fmt.Sprintf("%s shows changes of its own on %v", d.name(), sortedKeys(d.st.shadows)))
	}
}

// everything is every row of the server.
func (w *world) everything() map[string]string { return w.rowsOf(scope.Scope{}, map[string]string{}) }

// checkSaved is promise 2: what the screen called saved ends as applied, merged or rejected, and is never absent.
func (w *world) checkSaved() {
	for _, id := range sortedKeys(w.saved) {
		saved := w.saved[id]
		d := saved.d
		if d.revoked || saved.discarded {
			continue
		}
		outcome, settled := w.oracle.played[id]
		effect := settled && outcome != "rejected"
		switch e, s := d.st.outbox[id], d.st.sent[id]; {
		case e != nil && e.status == rejected && e.code == "":
			w.violation(2, fmt.Sprintf("%s was rejected on %s without a reason", id, d.name()))
		case e != nil && e.status == rejected:
			// Refused in one life of the server, and done in another that was restored after it; or under way when its tablet was
			// given away: the tablet keeps the refusal, the effect stands.
			life, refused := w.refusedIn[id]
			forked := refused && life < w.restored || saved.resent && w.restored > 0
			if effect && e.code != "sync.reused" && !forked {
				w.violation(2, fmt.Sprintf("%s is %s on the server and rejected (%s) on %s", id, outcome, e.code, d.name()))
			}
		case e != nil:
			w.violation(10, fmt.Sprintf("%s is still %s on %s", id, e.status, d.name()))
		case s == nil && (effect || saved.carried): // remembered for long enough, or its tablet was given away
		case s == nil:
			w.violation(2, fmt.Sprintf("%s was saved on %s and is absent", id, d.name()))
		case s.elsewhere && settled && (effect || w.restored > 0): // by another device or seq it stands; in the life a restore ended it stood
		case !effect:
			w.violation(2, fmt.Sprintf("%s is %s on %s and %q on the server", id, s.outcome, d.name(), outcome))
		}
	}
}

func (w *world) checkAll() {
	w.oracle.finish()
	w.checkSaved()
	w.checkPhotos()
	read := map[string]string{}
	for _, d := range w.devices {
		if !d.revoked {
			w.checkConverged(d, read)
		}
	}
}
