package push

import (
	"crypto/sha256"
	"encoding/json"
	"reflect"
	"sort"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"aftercare/internal/changelog"
	"aftercare/internal/flow"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// Merge classes of the flow table.
const (
	mergeLast  = "last"  // the later arrival stands, the other value is kept
	mergeFirst = "first" // the server's stands, the tablet's is kept
	mergeAsk   = "ask"   // the server's stands until a person decides
)

// others is what other devices changed in a row since the base.
type others struct {
	fields map[string]changelog.FieldChange
	all    bool // the log no longer knows: every field may have been changed
	device string
}

func (o others) any() bool { return o.besides(nil) }

// besides reports whether others changed a field that is not among the named ones.
func (o others) besides(same map[string]bool) bool {
	if o.all {
		return true
	}
	for name := range o.fields {
		if o.changed(name) && !same[name] {
			return true
		}
	}
	return false
}

// changed reports whether the last change of the field was another device's: one's own never conflicts with oneself.
func (o others) changed(name string) bool {
	change, ok := o.fields[name]
	return o.all || ok && change.Device != o.device
}

// author is who changed the field last, on which device; where the log no longer knows, who changed the row last. Nobody
// meets themselves: a row this device changed last says nothing about whom its edit met.
func (o others) author(name string, row *core.Record) (by, device string) {
	if change, ok := o.fields[name]; ok {
		return change.Actor, change.Device
	}
	stored := row.Original()
	if stored.GetString(record.FieldDevice) == o.device {
		return "", ""
	}
	return stored.GetString(record.FieldUpdatedBy), stored.GetString(record.FieldDevice)
}

func (a *act) others(op *wire.Op, row *core.Record) (others, error) {
	o := others{device: a.actor.Device}
	if *op.Base == version(row) {
		return o, nil
	}
	fields, known, err := a.batch.engine.log.FieldsSince(a.batch.tx, op.Collection, op.ID, *op.Base)
	o.fields, o.all = fields, !known
	return o, err
}

// clash is two values that met in one field. By and device say whose the other value is.
type clash struct {
	field, merge string
	kept, other  any
	by, device   string
}

// patch is step 7a: every field by its class.
func (a *act) patch(op *wire.Op, entity *flow.Entity) error {
	row, err := a.find(op)
	if err != nil {
		return err
	}
	if row == nil {
		return refuse("sync.deleted", "id")
	}
	if err := based(op, row); err != nil {
		return err
	}
	body, err := decode(op, entity)
	if err != nil {
		return err
	}
	others, err := a.others(op, row)
	if err != nil {
		return err
	}
	clashes, same, changed := a.meet(row, entity, op, body, others)
	if others.besides(same) {
		a.result.Outcome = wire.Merged
	}
	if changed {
		if err := a.saveRead(row); err != nil {
			return err
		}
	}
	a.touched(op, row, body)
	return a.keep(op, row, clashes)
}

// meet sets the fields that may be set; it returns those whose values met, and those that have the value already.
func (a *act) meet(row *core.Record, entity *flow.Entity, op *wire.Op, body map[string]any, others others) (clashes []clash, same map[string]bool, changed bool) {
	same = map[string]bool{}
	names := make([]string, 0, len(body))
	for name := range body {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		stored, raw := record.Value(row, name), row.GetRaw(name)
		set(row, entity, name, op.Data[name], body[name])
		wanted := record.Value(row, name)
		if reflect.DeepEqual(stored, wanted) {
			row.SetRaw(name, raw)
			same[name] = true
			continue
		}
		merge := entity.Fields[name].Merge
		if others.changed(name) {
			switch merge {
			case mergeLast:
				by, device := others.author(name, row)
				clashes = append(clashes, clash{name, merge, wanted, stored, by, device})
			case mergeFirst, mergeAsk:
				clashes = append(clashes, clash{name, merge, stored, wanted, a.actor.ID, a.actor.Device})
				row.SetRaw(name, raw)
				continue
			}
		}
		changed = true
	}
	return clashes, same, changed
}

// keep writes a row of conflicts for each pair of values, as the server itself.
func (a *act) keep(op *wire.Op, row *core.Record, clashes []clash) error {
	for _, c := range clashes {
		a.result.Outcome = wire.Merged
		known, err := a.known(op, c)
		if err != nil {
			return err
		}
		if known {
			continue
		}
		if err := a.conflict(op, row, c); err != nil {
			return err
		}
	}
	return nil
}

// known reports whether this very clash is on the list already: the tablet made the same edit twice on one base.
func (a *act) known(op *wire.Op, c clash) (bool, error) {
	other, err := json.Marshal(c.other)
	if err != nil {
		return false, err
	}
	n, err := a.batch.tx.CountRecords(record.Conflicts, dbx.HashExp{record.FieldRecord: op.ID, record.FieldCollection: op.Collection,
		record.FieldField: c.field, record.FieldOtherDevice: c.device, record.FieldState: "open"},
		dbx.NewExp("json([other]) = json({:other})", dbx.Params{"other": string(other)}))
	return n > 0, err
}

// conflictID is the same for the same clash in the same mutation: a history that is replayed gives the same rows.
func conflictID(parts ...string) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	sum := sha256.Sum256([]byte(strings.Join(parts, "/")))
	id := make([]byte, 15)
	for i := range id {
		id[i] = letters[int(sum[i])%len(letters)]
	}
	return string(id)
}

func (a *act) conflict(op *wire.Op, row *core.Record, c clash) error {
	collection, err := a.batch.tx.FindCachedCollectionByNameOrId(record.Conflicts)
	if err != nil {
		return err
	}
	kept, err := json.Marshal(c.kept)
	if err != nil {
		return err
	}
	other, err := json.Marshal(c.other)
	if err != nil {
		return err
	}
	met := core.NewRecord(collection)
	met.Id = conflictID(a.item.mutation.ID, op.Collection, op.ID, c.field)
	shop := row.GetString(record.FieldShop)
	if op.Collection == record.Shops {
		shop = row.Id
	}
	for name, value := range map[string]any{
		record.FieldShop: shop, record.FieldCollection: op.Collection, record.FieldRecord: op.ID, record.FieldField: c.field,
		record.FieldMerge: c.merge, record.FieldKept: types.JSONRaw(kept), record.FieldOther: types.JSONRaw(other),
		record.FieldBy: a.actor.ID, record.FieldByDevice: a.actor.Device, record.FieldOtherBy: c.by, record.FieldOtherDevice: c.device, record.FieldMutation: a.item.mutation.ID,
		record.FieldState: "open",
	} {
		met.Set(name, value)
	}
	system := record.System(shop)
	system.Mutation = a.item.mutation.ID
	return a.batch.tx.SaveWithContext(record.WithActor(background(), system), met)
}
