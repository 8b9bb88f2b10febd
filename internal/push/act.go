package push

import (
	"database/sql"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

var idForm = regexp.MustCompile(`^[a-z0-9]{15}$`)

func isID(id string) bool { return idForm.MatchString(id) }

// act is one mutation being applied inside a transaction.
type act struct {
	batch  *batch
	item   *item
	actor  record.Actor
	result *result
}

func refuse(code, field string) *fault.Fault { return fault.New(fault.Refused, code).On(field) }

// run is step 7: every op in order; the first refusal ends it.
func (a *act) run() error {
	m := &a.item.mutation
	if m.Broken || !isID(m.ID) || len(m.Ops) == 0 {
		return fault.New(fault.Invalid, "sync.malformed").On("id")
	}
	if a.item.misfit != nil {
		return a.item.misfit
	}
	a.actor = a.item.job.session.Actor
	a.actor.Mutation, a.actor.Seen, a.actor.Door = m.ID, a.item.seen, record.DoorPush
	if m.At != "" {
		at, err := time.Parse(time.RFC3339Nano, m.At)
		if err != nil {
			return fault.New(fault.Invalid, "sync.malformed").On("at").Because(err)
		}
		a.actor.At = at.UTC()
	}
	for i := range m.Ops {
		if err := a.op(&m.Ops[i]); err != nil {
			return err
		}
	}
	return nil
}

func (a *act) op(op *wire.Op) error {
	entity := flow.Table().ByCollection(op.Collection)
	if entity == nil || !a.item.job.session.Scope.Sees(op.Collection) {
		return refuse("sync.collection", "collection").With("collection", op.Collection)
	}
	if !isID(op.ID) {
		return fault.New(fault.Invalid, "sync.malformed").On("id")
	}
	switch op.Op {
	case wire.Create:
		return a.create(op, entity)
	case wire.Patch:
		return a.patch(op, entity)
	case wire.Delete:
		return a.delete(op)
	}
	return refuse("sync.operation", "op").With("op", op.Op)
}

// create makes the row. An id that is or was a row's is refused: what was deleted stays deleted.
func (a *act) create(op *wire.Op, entity *flow.Entity) error {
	if err := a.free(op); err != nil {
		return err
	}
	body, err := decode(op, entity)
	if err != nil {
		return err
	}
	collection, err := a.batch.tx.FindCachedCollectionByNameOrId(op.Collection)
	if err != nil {
		return err
	}
	row := core.NewRecord(collection)
	row.Id = op.ID
	for name := range body {
		set(row, entity, name, op.Data[name], body[name])
	}
	if err := a.save(row); err != nil {
		return err
	}
	a.touched(op, row, body)
	return nil
}

// free refuses an id that a row of the collection has or had.
func (a *act) free(op *wire.Op) error {
	there, gone, err := a.batch.engine.log.Known(a.batch.tx, op.Collection, op.ID)
	switch {
	case err != nil:
		return err
	case there:
		return refuse("sync.exists", "id")
	case gone:
		return refuse("sync.deleted", "id")
	}
	return nil
}

func (a *act) save(row *core.Record) error {
	return a.batch.tx.SaveWithContext(record.WithActor(background(), a.actor), row)
}

// saveRead saves a row that find has read: nothing was written since, and the rules' hook validates what changed.
func (a *act) saveRead(row *core.Record) error {
	return a.batch.tx.SaveNoValidateWithContext(record.WithRead(record.WithActor(background(), a.actor), row), row)
}

// touched notes the row's version; the outcome is merged when the rules kept another state than the one asked for.
func (a *act) touched(op *wire.Op, row *core.Record, body map[string]any) {
	if a.result.Version == nil {
		a.result.Version = map[string]int64{}
	}
	a.result.Version[op.Collection+"/"+op.ID] = version(row)
	if wanted, ok := body[record.FieldState]; ok && row.Get(record.FieldState) != wanted {
		a.result.Outcome = wire.Merged
	}
}

// find returns the row of a patch or delete, as far as the device may know of it; nil when it was deleted.
func (a *act) find(op *wire.Op) (*core.Record, error) {
	row, err := a.batch.engine.log.Record(a.batch.tx, op.Collection, op.ID)
	if errors.Is(err, sql.ErrNoRows) {
		gone, err := a.batch.engine.log.Deleted(a.batch.tx, op.Collection, op.ID)
		if err != nil || gone {
			return nil, err
		}
		return nil, refuse("sync.not_found", "id")
	}
	if err != nil {
		return nil, err
	}
	shown, err := a.item.job.session.Scope.Holds(a.batch.tx, row)
	if err == nil && !shown {
		err = refuse("sync.not_found", "id")
	}
	return row, err
}

func version(row *core.Record) int64 { return int64(row.GetInt(record.FieldVersion)) }

// based holds an op to the version it was made on.
func based(op *wire.Op, row *core.Record) error {
	if op.Base == nil || *op.Base < 1 || *op.Base > version(row) {
		return refuse("sync.base", "base")
	}
	return nil
}

// delete takes the row away, unless others changed it since: then the person first sees what.
func (a *act) delete(op *wire.Op) error {
	row, err := a.find(op)
	if err != nil || row == nil {
		return err
	}
	if err := based(op, row); err != nil {
		return err
	}
	others, err := a.others(op, row)
	if err != nil {
		return err
	}
	if others.any() {
		return refuse("sync.stale", "base")
	}
	return a.batch.tx.DeleteWithContext(record.WithActor(background(), a.actor), row)
}

// decode reads an op's data and holds it to the table: every name known, every value of its form. The fields of a
// login are not in the table and do not come this way.
func decode(op *wire.Op, entity *flow.Entity) (map[string]any, error) {
	body := make(map[string]any, len(op.Data))
	for name, raw := range op.Data {
		if name == record.FieldID {
			var id string
			if json.Unmarshal(raw, &id) != nil || id != op.ID {
				return nil, refuse("field.fixed", name).With("field", name)
			}
			continue
		}
		if _, known := entity.Fields[name]; !known {
			return nil, fault.New(fault.Invalid, "field.unknown").On(name).With("field", name)
		}
		var value any
		if err := json.Unmarshal(raw, &value); err != nil {
			return nil, fault.New(fault.Invalid, "sync.malformed").On(name).Because(err)
		}
		body[name] = value
	}
	return body, record.Shape(entity, body)
}

// set puts a wire value into a row. JSON is kept as it came: PocketBase would read "12" in it as a number.
func set(row *core.Record, entity *flow.Entity, name string, raw json.RawMessage, value any) {
	if entity.Fields[name].Type == "json" {
		row.Set(name, types.JSONRaw(slices.Clone(raw)))
		return
	}
	row.Set(name, value)
}
