package due

import (
	"cmp"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/promise"
	"aftercare/internal/record"
)

// car is a visit under way with what the scheduler looks at.
type car struct {
	visit    *record.Visit
	policy   flow.Policy
	zone     *time.Location
	orders   []order // authorised, at work, in quality or ready, oldest first
	customer *core.Record
	vehicle  *record.Vehicle
	messages []*record.Message // of the visit, oldest first
}

type order struct {
	row    *record.WorkOrder
	jobs   []*record.Job
	worked map[string]int64 // minutes by job, a running clock up to now
	begun  time.Time        // of the first clock; zero before
	agreed time.Time        // promised time of the latest document the customer signed; zero when there is none
}

// underWay are the states of a visit that is still in the shop, and of an order that work was authorised on.
var (
	underWay = []any{"open", "inspected", "handed_over", "working", "ready"}
	promised = []any{"authorised", "in_progress", "qc", "ready"}
)

// promisedAt is the latest promise of the visit's orders, zero when none was made.
func (c *car) promisedAt() (at time.Time) {
	for _, o := range c.orders {
		if p := o.promisedAt(); p.After(at) {
			at = p
		}
	}
	return at
}

// begin is when the car was handed over, else when it came.
func (c *car) begin() time.Time {
	return record.Time(cmp.Or(c.visit.ReceivedAt(), c.visit.ArrivedAt()))
}

func (c *car) ready() bool { return c.visit.State() == "ready" }

func (o order) promisedAt() time.Time { return record.Time(o.row.PromisedAt()) }

// lane reads every car under way in a shop, with a handful of queries however many they are.
func lane(app core.App, shop *record.Shop, now time.Time) ([]*car, error) {
	visits, err := app.FindAllRecords(record.Visits, dbx.HashExp{record.FieldShop: shop.Id}, dbx.In(record.FieldState, underWay...))
	if err != nil || len(visits) == 0 {
		return nil, err
	}
	l := &loader{app: app, zone: promise.Zone(shop.TimeZone()), now: now, cars: map[string]*car{}, orders: map[string]*order{}, policies: map[string]flow.Policy{}}
	for _, row := range visits {
		if err := l.add(record.AsVisit(row), shop.Id); err != nil {
			return nil, err
		}
	}
	for _, load := range []func() error{l.loadOrders, l.loadJobs, l.loadEntries, l.loadAgreed, l.loadPeople, l.loadMessages} {
		if err := load(); err != nil {
			return nil, err
		}
	}
	for _, o := range l.sorted {
		c := l.cars[o.row.Visit()]
		c.orders = append(c.orders, *o)
	}
	return l.list, nil
}

type loader struct {
	app      core.App
	zone     *time.Location
	now      time.Time
	list     []*car
	cars     map[string]*car // by visit
	orders   map[string]*order
	sorted   []*order
	policies map[string]flow.Policy
}

func (l *loader) add(v *record.Visit, shop string) error {
	policy, known := l.policies[v.Policy()]
	if !known {
		var err error
		if policy, err = policyFor(l.app, v, shop); err != nil {
			return err
		}
		l.policies[v.Policy()] = policy
	}
	c := &car{visit: v, policy: policy, zone: l.zone}
	l.cars[v.Id] = c
	l.list = append(l.list, c)
	return nil
}

// policyFor is the figures the visit began with, else the shop's present ones.
func policyFor(app core.App, v *record.Visit, shop string) (flow.Policy, error) {
	if v.Policy() == "" {
		return record.PolicyOf(app, shop)
	}
	row, err := app.FindRecordById(record.Policies, v.Policy())
	if err != nil {
		return flow.Policy{}, err
	}
	return record.AsPolicy(row).Facts(), nil
}

// each reads the rows whose field is one of the ids, oldest first.
func (l *loader) each(collection, field string, ids []string, add func(*core.Record)) error {
	for part := range slices.Chunk(ids, 400) {
		list := make([]any, len(part))
		for i, id := range part {
			list[i] = id
		}
		rows := []*core.Record{}
		err := l.app.RecordQuery(collection).AndWhere(dbx.In(field, list...)).OrderBy(record.FieldCreated, record.FieldID).All(&rows)
		if err != nil {
			return err
		}
		for _, row := range rows {
			add(row)
		}
	}
	return nil
}

func (l *loader) visitIDs() []string {
	ids := make([]string, len(l.list))
	for i, c := range l.list {
		ids[i] = c.visit.Id
	}
	return ids
}

func (l *loader) loadOrders() error {
	return l.each(record.WorkOrders, record.FieldVisit, l.visitIDs(), func(row *core.Record) {
		o := &order{row: record.AsWorkOrder(row), worked: map[string]int64{}}
		if slices.Contains(promised, any(o.row.State())) {
			l.orders[row.Id] = o
			l.sorted = append(l.sorted, o)
		}
	})
}

func (l *loader) orderIDs() []string {
	ids := make([]string, len(l.sorted))
	for i, o := range l.sorted {
		ids[i] = o.row.Id
	}
	return ids
}

func (l *loader) loadJobs() error {
	return l.each(record.Jobs, record.FieldWorkOrder, l.orderIDs(), func(row *core.Record) {
		j := record.AsJob(row)
		o := l.orders[j.WorkOrder()]
		o.jobs = append(o.jobs, j)
	})
}

func (l *loader) loadEntries() error {
	return l.each(record.TimeEntries, record.FieldWorkOrder, l.orderIDs(), func(row *core.Record) {
		e := record.AsTimeEntry(row)
		o, start := l.orders[e.WorkOrder()], record.Time(e.StartedAt())
		if o.begun.IsZero() || start.Before(o.begun) {
			o.begun = start
		}
		ended := e.EndedAt()
		if ended == "" {
			ended = record.Text(l.now)
		}
		minutes, _ := flow.Worked(e.StartedAt(), ended, l.now) // a doubtful entry counts what it says
		o.worked[e.Job()] += minutes
	})
}

// loadAgreed reads of each signed document only its promise: documents are long.
func (l *loader) loadAgreed() error {
	for part := range slices.Chunk(l.orderIDs(), 400) {
		ids := make([]any, len(part))
		for i, id := range part {
			ids[i] = id
		}
		var rows []struct {
			Order string `db:"work_order"`
			At    string `db:"promised"`
		}
		err := l.app.DB().Select("work_order", "COALESCE(json_extract(document, '$.promised_at'), '') AS promised").From(record.Consents).
			Where(dbx.In(record.FieldWorkOrder, ids...)).AndWhere(dbx.HashExp{record.FieldState: "given"}).
			OrderBy(record.FieldSignedAt, record.FieldID).All(&rows)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if at := record.Time(row.At); !at.IsZero() {
				l.orders[row.Order].agreed = at // the latest stands
			}
		}
	}
	return nil
}

func (l *loader) loadPeople() error {
	byCustomer, byVehicle := map[string][]*car{}, map[string][]*car{}
	for _, c := range l.list {
		byCustomer[c.visit.Customer()] = append(byCustomer[c.visit.Customer()], c)
		byVehicle[c.visit.Vehicle()] = append(byVehicle[c.visit.Vehicle()], c)
	}
	err := l.each(record.Customers, record.FieldID, keys(byCustomer), func(row *core.Record) {
		for _, c := range byCustomer[row.Id] {
			c.customer = row
		}
	})
	if err != nil {
		return err
	}
	return l.each(record.Vehicles, record.FieldID, keys(byVehicle), func(row *core.Record) {
		for _, c := range byVehicle[row.Id] {
			c.vehicle = record.AsVehicle(row)
		}
	})
}

func (l *loader) loadMessages() error {
	return l.each(record.Messages, record.FieldVisit, l.visitIDs(), func(row *core.Record) {
		m := record.AsMessage(row)
		c := l.cars[m.Visit()]
		c.messages = append(c.messages, m)
	})
}

func keys(of map[string][]*car) []string {
	list := make([]string, 0, len(of))
	for key := range of {
		if key != "" {
			list = append(list, key)
		}
	}
	slices.Sort(list)
	return list
}
