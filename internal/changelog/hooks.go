package changelog

import (
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"aftercare/internal/database"
	"aftercare/internal/record"
)

// Operations of an entry. Enter and leave change no row: they say that a row came into, or went out of, one shop's or
// one customer's sight.
const (
	opCreate = "create"
	opUpdate = "update"
	opDelete = "delete"
	opEnter  = "enter"
	opLeave  = "leave"
)

// timeLayout is that of PocketBase's dates.
const timeLayout = "2006-01-02 15:04:05.000Z"

const (
	first = -1000 // before PocketBase's own hooks and every rule
	last  = 90    // after every rule, before PocketBase's own write at 99
)

// Bind makes every save and delete of a synced row, through whatever door, one transaction with its log entry.
func (l *Log) Bind(app core.App) {
	early := func(id string) *hook.Handler[*core.RecordEvent] {
		return &hook.Handler[*core.RecordEvent]{Id: id, Priority: first, Func: inTransaction}
	}
	app.OnRecordCreate().Bind(early("changelogCreate"))
	app.OnRecordUpdate().Bind(early("changelogUpdate"))
	app.OnRecordDelete().Bind(early("changelogDelete"))

	late := func(id string, fn func(*core.RecordEvent) error) *hook.Handler[*core.RecordEvent] {
		return &hook.Handler[*core.RecordEvent]{Id: id, Priority: last, Func: fn}
	}
	app.OnRecordCreateExecute().Bind(late("changelogCreateExecute", l.onCreate))
	app.OnRecordUpdateExecute().Bind(late("changelogUpdateExecute", l.onUpdate))
	app.OnRecordDeleteExecute().Bind(late("changelogDeleteExecute", l.onDelete))
}

// inTransaction opens the write transaction around the rules and the write, so that what a rule reads is what the
// write meets. After-hooks get the outer app back: they run when the transaction is over.
func inTransaction(e *core.RecordEvent) error {
	if !Synced(e.Record.Collection().Name) {
		return e.Next()
	}
	outer := e.App
	defer func() { e.App = outer }()
	return outer.RunInTransaction(func(tx core.App) error {
		e.App = tx
		return e.Next()
	})
}

func (l *Log) onCreate(e *core.RecordEvent) error {
	name := e.Record.Collection().Name
	if !Synced(name) {
		return e.Next()
	}
	e.Record.Set(record.FieldVersion, 1)
	if err := e.Next(); err != nil {
		return err
	}
	s, now, err := l.after(e, nil)
	if err != nil {
		return err
	}
	entry := l.entry(e, opCreate, 1)
	entry.data = string(s.object(now, nil))
	if err := l.place(e.App, s, now, &entry); err != nil {
		return err
	}
	return l.append(e.App, entry)
}

func (l *Log) onUpdate(e *core.RecordEvent) error {
	name := e.Record.Collection().Name
	if !Synced(name) {
		return e.Next()
	}
	s, before, read, err := l.before(e)
	if err != nil {
		return err
	}
	version := versionOf(s, before) + 1
	e.Record.Set(record.FieldVersion, version)
	if err := e.Next(); err != nil {
		return err
	}
	var stood values
	if read {
		stood = before
	}
	_, after, err := l.after(e, stood)
	if err != nil {
		return err
	}
	changed := func(i int) bool { return !equal(before[i], after[i]) }
	entry := l.entry(e, opUpdate, version)
	entry.data = string(s.object(after, changed))
	entry.prev = string(s.object(before, changed))
	if err := l.place(e.App, s, after, &entry); err != nil {
		return err
	}
	if err := l.append(e.App, entry); err != nil {
		return err
	}
	return l.moved(e, s, before, after, entry)
}

func (l *Log) onDelete(e *core.RecordEvent) error {
	name := e.Record.Collection().Name
	if !Synced(name) {
		return e.Next()
	}
	s, before, err := l.stored(e.App, name, e.Record.Id)
	if err != nil {
		return err
	}
	entry := l.entry(e, opDelete, versionOf(s, before)+1)
	entry.prev = string(s.object(before, nil))
	if err := l.place(e.App, s, before, &entry); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	return l.append(e.App, entry)
}

// stored reads the row as it stands inside the transaction.
func (l *Log) stored(app core.App, collection, id string) (*shape, values, error) {
	s, err := l.shape(app, collection)
	if err != nil {
		return nil, nil, err
	}
	v, err := s.read(builder(app), id)
	return s, v, err
}

// read reads one row.
func (s *shape) read(db dbx.Builder, id string) (values, error) {
	rows, err := database.On(db, s.one).Bind(dbx.Params{"id": id}).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, errors.Join(sql.ErrNoRows, rows.Err())
	}
	return s.scanner().values(rows)
}

type entry struct {
	at, shop, customer, collection, record string
	version                                int64
	op, data, prev                         string
	actor, device, mutation                string
}

func (l *Log) entry(e *core.RecordEvent, op string, version int64) entry {
	actor := record.ActorFor(e.Context, e.Record)
	return entry{
		at: l.clock().UTC().Format(timeLayout), collection: e.Record.Collection().Name, record: e.Record.Id,
		version: version, op: op, actor: actor.ID, device: actor.Device, mutation: actor.Mutation,
	}
}

// append writes the entry under the next seq.
func (l *Log) append(tx core.App, e entry) error {
	p, err := l.position(tx)
	if err != nil {
		return err
	}
	seq := p.last + 1
	unit := p.unit
	if unit == 0 {
		unit = seq
	}
	_, err = database.On(builder(tx), `INSERT INTO sync_changes
		(seq, unit, at, shop, customer, collection, record, version, op, data, prev, actor, device, mutation) VALUES
		({:seq}, {:unit}, {:at}, {:shop}, {:customer}, {:collection}, {:record}, {:version}, {:op}, {:data}, {:prev}, {:actor}, {:device}, {:mutation})`).
		Bind(dbx.Params{"seq": seq, "unit": unit, "at": e.at, "shop": e.shop, "customer": e.customer, "collection": e.collection,
			"record": e.record, "version": e.version, "op": e.op, "data": e.data, "prev": e.prev,
			"actor": e.actor, "device": e.device, "mutation": e.mutation}).Execute()
	if err != nil {
		return err
	}
	p.last, p.unit = seq, unit
	p.forget(e.collection, e.record)
	p.entries = append(p.entries, Entry{Seq: seq, Unit: unit, Shop: e.shop, Customer: e.customer, Collection: e.collection, Record: e.record,
		Version: e.version, Op: e.op, Data: e.data, Prev: e.prev, Actor: e.actor, Device: e.device, Mutation: e.mutation})
	return nil
}

// place says whose sight the row is in.
func (l *Log) place(app core.App, s *shape, v values, e *entry) error {
	e.shop = shopOf(s, v)
	customer, err := l.customerOf(app, s, v)
	e.customer = customer
	return err
}

func shopOf(s *shape, v values) string {
	if s.name == record.Shops {
		return s.text(v, record.FieldID)
	}
	return s.text(v, record.FieldShop)
}

// customerOf is the customer a row belongs to: the person, the owner of the vehicle, the customer of the visit, or of the claim
// that a photo is of.
func (l *Log) customerOf(app core.App, s *shape, v values) (string, error) {
	if s.name == record.Customers {
		return s.text(v, record.FieldID), nil
	}
	if _, own := s.index[record.FieldCustomer]; own {
		return s.text(v, record.FieldCustomer), nil
	}
	in, id := s.within(v)
	if in == "" {
		return "", nil
	}
	var customer string
	err := database.On(builder(app), "SELECT [customer] FROM ["+in+"] WHERE [id] = {:id}").Bind(dbx.Params{"id": id}).Row(&customer)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return customer, err
}

// within is the row whose customer sees this one, too: the visit it was written in, or the claim it shows; "" for none.
func (s *shape) within(v values) (collection, id string) {
	if visit := s.text(v, record.FieldVisit); visit != "" {
		return record.Visits, visit
	}
	if s.name == record.Photos && s.text(v, record.FieldSubjectCollection) == record.Claims {
		return record.Claims, s.text(v, record.FieldSubjectRecord)
	}
	return "", ""
}

func versionOf(s *shape, v values) int64 {
	i, ok := s.index[record.FieldVersion]
	if !ok {
		return 0
	}
	return parseInt(v[i])
}

// Stamp is a moment as the log writes it.
func Stamp(t time.Time) string { return t.UTC().Format(timeLayout) }
