package importer

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/record"
	"aftercare/internal/sales"
)

// groupRows is how many rows share one transaction. A commit waits for the disk, so rows are committed together; when
// one of a group is refused by a hook, the group is rolled back and its rows are done one by one.
const groupRows = 100

// work is an import under way.
type work struct {
	request Request
	table   *table
	mapping mapping
	index   *index
	totals  Totals
	dry     map[string]bool // customers that a dry run made and took back
	intake  *sales.Intake   // of sales orders
	zone    *time.Location  // of the shop, for sales orders
}

// unit is the rows that go in together: one, or all those of a sales order.
type unit []parsed

// outcome of a row, in the words of Totals.
type outcome int

const (
	unchanged outcome = iota
	updated
	created
)

func (w *work) run(app core.App) (Totals, error) {
	total := len(w.table.rows)
	w.progress(0, total)
	for from := 0; from < total; from += groupRows {
		group := w.table.rows[from:min(from+groupRows, total)]
		if err := w.group(app, w.understand(group)); err != nil {
			return w.totals, fmt.Errorf("rows from line %d: %w", group[0].line, err)
		}
		w.progress(from+len(group), total)
	}
	return w.totals, nil
}

// understand parses a group and reports what cannot be.
func (w *work) understand(rows []row) []unit {
	var good []unit
	for _, r := range rows {
		p, findings, ok := w.parse(r)
		w.tell(findings)
		if ok {
			good = append(good, unit{p})
		} else {
			w.totals.Refused++
		}
	}
	return good
}

// group saves units in one transaction, or one by one when that fails or when all is to be taken back.
func (w *work) group(app core.App, units []unit) error {
	if w.request.DryRun && len(units) > 1 {
		return w.singly(app, units)
	}
	before := w.totals
	var warnings []Finding
	err := w.transaction(app, func(tx core.App) error {
		for _, u := range units {
			more, err := w.one(tx, u)
			if err != nil {
				return err
			}
			warnings = append(warnings, more...)
		}
		return nil
	})
	if err == nil {
		for _, f := range warnings {
			w.warn(f)
		}
		return nil
	}
	if _, refused := fault.From(err); !refused {
		return err
	}
	w.totals = before
	if len(units) == 1 {
		w.refuse(units[0], err)
		return nil
	}
	return w.singly(app, units)
}

func (w *work) singly(app core.App, units []unit) error {
	for _, u := range units {
		if err := w.group(app, []unit{u}); err != nil {
			return err
		}
	}
	return nil
}

var errDry = errors.New("dry run")

// transaction commits what fn did, or takes all of it back, index and database. A dry run goes all the way, through
// every hook, and is then taken back in the database only, so that later rows still meet what it would have saved.
func (w *work) transaction(app core.App, fn func(tx core.App) error) error {
	err := app.RunInTransaction(func(tx core.App) error {
		if err := fn(tx); err != nil {
			return err
		}
		if w.request.DryRun {
			return errDry
		}
		return nil
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	if err != nil {
		w.index.rollback()
		return err
	}
	w.index.commit()
	return nil
}

func (w *work) one(tx core.App, u unit) ([]Finding, error) {
	var o outcome
	var warnings []Finding
	var err error
	switch w.request.Kind {
	case SalesOrders:
		o, err = w.order(tx, u)
	case Customers:
		_, o, err = w.customer(tx, u[0], u[0].main, "", true)
	default:
		o, warnings, err = w.vehicle(tx, u[0])
	}
	if err != nil {
		return nil, err
	}
	switch o {
	case created:
		w.totals.Created += len(u)
	case updated:
		w.totals.Updated += len(u)
	default:
		w.totals.Unchanged += len(u)
	}
	return warnings, nil
}

// vehicle saves one row of a sheet of vehicles: first the owner, then the car.
func (w *work) vehicle(tx core.App, p parsed) (o outcome, warnings []Finding, err error) {
	id, refusal := w.index.findVehicle(p.main)
	if refusal != nil {
		return o, nil, refusal
	}
	known := w.index.vehicles[id]
	if known != nil && known.line != 0 {
		return o, nil, fault.New(fault.Invalid, "import.twice").With("line", known.line)
	}
	var ownerOutcome outcome
	if len(p.inner) > 0 {
		present := ""
		if known != nil {
			present = known.owner
		}
		owner, oo, err := w.customer(tx, p, p.inner, present, false)
		if err != nil {
			return o, nil, err
		}
		p.main[record.FieldCustomer], ownerOutcome = owner, oo
		if oo == unchanged && w.dry[owner] { // made by an earlier row of a dry run: there is nobody to point at
			delete(p.main, record.FieldCustomer)
			ownerOutcome = updated
		}
	}
	plate := p.main.text(record.FieldPlate)
	if plate != "" && (known == nil || known.plate != plate) && w.index.plateTaken(plate, id) {
		warnings = append(warnings, warningAt(p.line, p.where[record.FieldPlate], "import.plate_taken"))
		warnings[0].Fault = warnings[0].Fault.With("value", plate)
	}
	rec, o, err := w.put(tx, record.Vehicles, id, p.main, p.line)
	if err != nil {
		return o, nil, err
	}
	v := record.AsVehicle(rec)
	w.index.addVehicle(keys{id: rec.Id, external: rec.GetString(record.FieldExternalID), vin: v.VIN(), plate: v.Plate(), owner: v.Customer(), line: p.line})
	if o == unchanged && ownerOutcome != unchanged {
		o = updated
	}
	return o, warnings, nil
}

// customer saves a customer, or the owner of a car. An owner told of in several rows is taken from the first: rows
// that differ would else undo each other at every import.
func (w *work) customer(tx core.App, p parsed, v values, present string, alone bool) (id string, o outcome, err error) {
	id, refusal := w.index.findCustomer(v, present)
	if refusal != nil {
		return "", o, refusal
	}
	if k := w.index.customers[id]; k != nil && k.line != 0 {
		if alone {
			return "", o, fault.New(fault.Invalid, "import.twice").With("line", k.line)
		}
		return id, unchanged, nil
	}
	rec, o, err := w.put(tx, record.Customers, id, v, p.line)
	if err != nil {
		return "", o, err
	}
	c := record.AsCustomer(rec)
	if o == created && w.request.DryRun {
		w.dry[rec.Id] = true
	}
	w.index.addCustomer(keys{id: rec.Id, external: rec.GetString(record.FieldExternalID), name: c.Name(), phone: c.Phone(), line: p.line})
	return rec.Id, o, nil
}

// put writes what differs through the ordinary hooks, or nothing when nothing does.
func (w *work) put(tx core.App, collection, id string, v values, line int) (rec *core.Record, o outcome, err error) {
	if id == "" {
		o = created
		rec, err = w.fresh(tx, collection, v)
	} else {
		rec, err = tx.FindRecordById(collection, id)
	}
	if err != nil {
		return nil, o, err
	}
	for field, value := range v {
		before := record.Value(rec, field)
		rec.Set(field, value)
		if o == unchanged && !reflect.DeepEqual(before, record.Value(rec, field)) {
			o = updated
		}
	}
	if o == unchanged {
		return rec, o, nil
	}
	return rec, o, tx.SaveWithContext(record.WithActor(context.Background(), w.request.Actor), rec)
}

func (w *work) fresh(tx core.App, collection string, v values) (*core.Record, error) {
	c, err := tx.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	rec := core.NewRecord(c)
	rec.Set(record.FieldShop, w.request.Shop)
	if energy := energyOf(v.text(record.FieldPlate)); energy != "" {
		rec.Set(record.FieldEnergy, energy) // what the plate says; a column of its own is set over it
	}
	return rec, nil
}

// refuse reports the row that a rule or a key kept out, and the rows that stay out with it.
func (w *work) refuse(u unit, err error) {
	f, _ := fault.From(err)
	p, f := lineOf(u, f)
	w.broken(u, p.line)
	column := p.where[f.Field]
	if column == "" {
		column = p.where[innerPrefix+f.Field]
	}
	w.totals.Refused++
	w.report(Finding{Line: p.line, Column: column, Fault: f.On(column)})
}

// tell reports what was found in a row, as a warning where its finder called it one.
func (w *work) tell(findings []Finding) {
	for _, f := range findings {
		if f.Warning {
			w.warn(f)
		} else {
			w.report(f)
		}
	}
}

func (w *work) warn(f Finding) {
	w.totals.Warnings++
	w.report(f)
}

func (w *work) report(f Finding) {
	if w.request.Report != nil {
		w.request.Report(f)
	}
}

func (w *work) progress(done, total int) {
	if w.request.Progress != nil {
		w.request.Progress(done, total)
	}
}
