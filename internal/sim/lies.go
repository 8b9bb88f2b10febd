package sim

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/pocketbase/dbx"

	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// liar is an app with somebody's good login that says what no honest one would, as a device of its own: nobody honest is
// stuck afterwards. Every lie has one right answer and no effect.
type liar struct {
	w      *world
	d      *device // whose login it is
	device string
	seq    int64     // the last one settled
	known  *mutation // settled under seq, and refused
}

// lies are told in this order: some speak of what an earlier one left.
var lies = []func(l *liar){(*liar).malformed, (*liar).forgedCursor, (*liar).gap, (*liar).othersDevice, (*liar).oldEpoch,
	(*liar).baseAbove, (*liar).risen, (*liar).nonsense, (*liar).otherContent, (*liar).otherID, (*liar).otherSeq}

// lie lets somebody's login be used by a liar.
func (w *world) lie() bool {
	here := w.here()
	if len(here) == 0 || w.down {
		return false
	}
	d := pick(w, here)
	if d.token == "" || w.lost[d.st.meta.device] {
		return false
	}
	if d.liar == "" {
		d.liar = w.mint("d")
	}
	l := &liar{w: w, d: d, device: d.liar}
	said, _ := l.push(l.device, "")
	if said.Seq == nil {
		return false // the login is over
	}
	l.seq = *said.Seq
	for _, tell := range lies {
		tell(l)
	}
	return true
}

// push sends mutations as a device.
func (l *liar) push(device, epoch string, mutations ...mutation) (said pushAnswer, no *refusal) {
	type message struct {
		Device    string     `json:"device"`
		Epoch     string     `json:"epoch,omitempty"`
		Mutations []mutation `json:"mutations"`
	}
	a := l.send(&request{kind: "push", method: "POST", path: "/api/sync/push", body: raw(message{device, epoch, append([]mutation{}, mutations...)})})
	_, no = a.read(&said)
	return said, no
}

func (l *liar) send(r *request) answer {
	r.auth, r.user, r.device = l.d.token, l.d.user, l.device
	a := l.w.house.do(r, false, -1, false)
	l.w.tracef("a liar with the login of %s: %s", l.d.name(), l.w.describeAnswer(r, a))
	l.w.checkAnswer(&flight{d: l.d, request: r, cut: -1}, a)
	return a
}

// mutation is one that would take effect if it were believed.
func (l *liar) mutation(ops ...op) mutation {
	if len(ops) == 0 {
		ops = []op{{Op: "create", Collection: record.Customers, ID: l.w.mint("z"), Data: l.w.data(map[string]any{"shop": l.w.shops[l.d.user], "name": "lie"})}}
	}
	return mutation{Seq: l.seq + 1, ID: l.w.mint("l"), Intent: "lie", At: "2026-11-21T02:03:04.005Z", Ops: ops}
}

// expect holds the outcome of one mutation to what it must be; stored ones use up a seq.
func (l *liar) expect(promise int, m mutation, outcome, code string, stored bool) {
	said, _ := l.push(l.device, "", m)
	if stored {
		l.seq, l.known = m.Seq, &m
	}
	if said.Seq == nil || len(said.Outcomes) != 1 {
		l.w.violation(promise, fmt.Sprintf("a liar's mutation %s has no outcome and should be %s %s", m.ID, outcome, code))
	}
	if o := said.Outcomes[0]; o.Outcome != outcome || o.Code != code || *said.Seq != l.seq {
		l.w.violation(promise, fmt.Sprintf("a liar's mutation %s is %s %s at seq %d and should be %s %s at %d", m.ID, o.Outcome, o.Code, *said.Seq, outcome, code, l.seq))
	}
}

// refused holds the refusal of a whole push or pull to its code.
func (l *liar) refused(promise int, no *refusal, code string) {
	if no == nil || !no.has(code) {
		l.w.violation(promise, fmt.Sprintf("a liar should hear %s and hears %v", code, no))
	}
}

func (l *liar) malformed() {
	a := l.send(&request{kind: "push", method: "POST", path: "/api/sync/push", body: []byte("{\"device\":\"\xff\",\"mutations\":[[[[[[[[[[[[[[[[[[[[")})
	if a.status != http.StatusBadRequest {
		l.w.violation(12, fmt.Sprintf("what is no JSON is answered %d", a.status))
	}
}

func (l *liar) forgedCursor() {
	a := l.send(&request{kind: "pull", method: "GET", path: "/api/sync/pull?device=" + l.d.st.meta.device + "&cursor=AAAA" + l.d.st.meta.cursor})
	var page pullPage
	_, no := a.read(&page)
	l.refused(8, no, "sync.cursor")
}

func (l *liar) gap() {
	m := l.mutation()
	m.Seq += 50
	l.expect(4, m, wire.Retry, "sync.gap", false)
}

func (l *liar) othersDevice() {
	other := pick(l.w, l.w.devices).st.meta.device
	bound, err := l.w.house.shop.App.FindRecordById(record.Devices, other)
	if err != nil || record.AsDevice(bound).User() == l.d.user || l.w.lost[other] {
		return
	}
	_, no := l.push(other, "", l.mutation())
	l.refused(12, no, "device.foreign")
}

// oldEpoch is a push numbered in a life of the server that is over, or that never was.
func (l *liar) oldEpoch() {
	epoch := "0123456789abcdef"
	for _, former := range sortedKeys(l.w.epochs) {
		if former != l.w.house.shop.House.Log.Epoch() {
			epoch = former
		}
	}
	_, no := l.push(l.device, epoch, l.mutation())
	l.refused(8, no, "sync.epoch")
}

// baseAbove is a change of a row as nobody can have seen it.
func (l *liar) baseAbove() {
	s := l.w.scopeOf(l.d)
	collection := pick(l.w, []string{record.Customers, record.Vehicles, record.Visits})
	if !s.Sees(collection) {
		return
	}
	query, params := "SELECT [id], [version] FROM ["+collection+"]", dbx.Params{}
	if where, owner := s.Where(collection); where != "" {
		query, params = query+" WHERE "+where, owner
	}
	var rows []struct {
		ID      string `db:"id"`
		Version int64  `db:"version"`
	}
	if err := l.w.house.shop.App.DB().NewQuery(query + " ORDER BY [id]").Bind(params).All(&rows); err != nil {
		l.w.t.Fatal(err)
	}
	if len(rows) == 0 {
		return
	}
	r := pick(l.w, rows)
	base := r.Version + 1 + l.w.rand.Int64N(3)
	o := op{Op: "patch", Collection: collection, ID: r.ID, Base: &base, Data: map[string]json.RawMessage{"note": raw("lie")}}
	if l.w.chance(0.3) {
		o.Op, o.Data = "delete", nil
	}
	l.expect(6, l.mutation(o), wire.Rejected, "sync.base", true)
}

// risen makes a row again that was deleted.
func (l *liar) risen() {
	var dead []struct {
		Collection string `db:"collection"`
		Record     string `db:"record"`
	}
	err := l.w.house.shop.App.DB().NewQuery("SELECT collection, record FROM sync_changes WHERE op = 'delete' ORDER BY seq").All(&dead)
	if err != nil {
		l.w.t.Fatal(err)
	}
	if len(dead) == 0 {
		return
	}
	row := pick(l.w, dead)
	if !l.w.scopeOf(l.d).Sees(row.Collection) {
		return
	}
	o := op{Op: "create", Collection: row.Collection, ID: row.Record, Data: l.w.data(map[string]any{"shop": l.w.shops[l.d.user], "name": "lie"})}
	l.expect(9, l.mutation(o), wire.Rejected, "sync.deleted", true)
}

// nonsense is refused and stored like any other: the lies after it speak of it.
func (l *liar) nonsense() {
	o := op{Op: "upsert", Collection: record.Vehicles, ID: l.w.mint("z")}
	l.expect(2, l.mutation(o), wire.Rejected, "sync.operation", true)
}

// otherContent is an id and a seq that are settled, with something else in it.
func (l *liar) otherContent() {
	m := l.mutation()
	m.ID, m.Seq = l.known.ID, l.known.Seq
	l.expect(2, m, wire.Rejected, "sync.reused", false)
}

// otherID is another mutation under a seq that is settled.
func (l *liar) otherID() {
	m := *l.known
	m.ID = l.w.mint("l")
	l.expect(2, m, wire.Rejected, "sync.reused", false)
}

// otherSeq is a mutation that is settled, once more behind itself: without effect, and its seq is used up.
func (l *liar) otherSeq() {
	m := *l.known
	m.Seq++
	l.expect(3, m, wire.Rejected, "sync.reused", true)
}
