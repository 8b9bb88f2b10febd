package sim

import (
	"encoding/json"
	"slices"
	"strings"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// patched are the collections whose rows people change, and how they do it best.
var patched = []string{record.Customers, record.Customers, record.Vehicles, record.Vehicles, record.Visits, record.Visits, record.Concerns,
	record.Findings, record.DamageMarks, record.Belongings, record.WorkOrders, record.Jobs, record.Inspections}

func (w *world) patchSome(d *device) []op {
	for range 4 {
		collection := pick(w, patched)
		if id := w.some(d, collection); id != "" {
			return w.patch(d, collection, id)
		}
	}
	return nil
}

// patchHot changes the rows that others change too.
func (w *world) patchHot(d *device) []op {
	collection := pick(w, []string{record.Customers, record.Vehicles, record.Vehicles, record.Visits, record.Belongings})
	keys := d.st.keys(collection)
	if len(keys) == 0 {
		return nil
	}
	_, id, _ := strings.Cut(keys[0], "/")
	return w.patch(d, collection, id)
}

func (w *world) patchSeveral(d *device) (ops []op) {
	for range 2 + w.rand.IntN(3) {
		ops = append(ops, w.patchSome(d)...)
	}
	return ops
}

// patch changes one to three fields that this person may change.
func (w *world) patch(d *device, collection, id string) []op {
	entity := flow.Table().ByCollection(collection)
	var names []string
	for _, name := range sortedKeys(entity.Fields) { // in an order, because chance decides in it
		f := entity.Fields[name]
		open := f.Merge != "" && f.Merge != "flow" && !f.Derived && f.Write != "create" && !f.Multiple
		plain := f.Type == "text" || f.Type == "int" || f.Type == "bool" || f.Type == "select"
		mine := len(f.By) == 0 && (slices.Contains(entity.Edit.Roles, d.role) || w.chance(0.05)) || slices.Contains(f.By, d.role)
		if open && plain && mine && name != "shop" && name != "time_zone" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	fields := map[string]any{}
	for range 1 + w.rand.IntN(3) {
		name := pick(w, names)
		fields[name] = w.value(entity.Fields[name])
	}
	return []op{{Op: "patch", Collection: collection, ID: id, Data: w.data(fields)}}
}

func (w *world) value(f flow.Field) any {
	switch f.Type {
	case "int":
		return 1 + w.rand.IntN(4)
	case "bool":
		return w.chance(0.5)
	case "select":
		return pick(w, f.Values)
	}
	return w.word()
}

// handOver gives a car or a visit to another customer: rows leave one customer's sight and come into another's.
func (w *world) handOver(d *device) []op {
	collection := pick(w, []string{record.Vehicles, record.Visits, record.Visits})
	id := w.some(d, collection)
	if id == "" {
		return nil
	}
	customer := pick(w, w.customers)
	if w.chance(0.4) {
		customer = w.some(d, record.Customers)
	}
	return []op{{Op: "patch", Collection: collection, ID: id, Data: w.data(map[string]any{"customer": customer})}}
}

// removeOwn takes back a draft of one's own.
func (w *world) removeOwn(d *device) []op {
	return w.remove(d, func(r *row) bool { return r.text("created_by") == d.user || r.version == 0 })
}

func (w *world) removeAny(d *device) []op { return w.remove(d, func(*row) bool { return true }) }

func (w *world) remove(d *device, match func(*row) bool) []op {
	var keys []string
	for _, collection := range []string{record.Concerns, record.Findings, record.DamageMarks, record.Belongings, record.WorkOrders, record.Jobs} {
		for _, key := range d.st.keys(collection) {
			if match(d.st.rows[key]) {
				keys = append(keys, key)
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	collection, id, _ := strings.Cut(pick(w, keys), "/")
	return []op{{Op: "delete", Collection: collection, ID: id}}
}

// resolve settles an open conflict: the value that stands stays, or the other takes its place.
func (w *world) resolve(d *device) []op {
	for _, key := range d.st.keys(record.Conflicts) {
		r := d.st.rows[key]
		if r.text("state") != "open" || w.chance(0.5) {
			continue
		}
		_, id, _ := strings.Cut(key, "/")
		resolution := pick(w, []string{"kept", "other"})
		ops := []op{{Op: "patch", Collection: record.Conflicts, ID: id, Data: w.data(map[string]any{"state": "resolved", "resolution": resolution})}}
		if resolution == "other" {
			ops = append(ops, op{Op: "patch", Collection: r.text("collection"), ID: r.text("record"),
				Data: map[string]json.RawMessage{r.text("field"): r.fields["other"]}})
		}
		return ops
	}
	return nil
}
