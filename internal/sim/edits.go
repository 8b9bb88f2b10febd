package sim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// kindOfEdit is one thing people do, with how often they do it.
type kindOfEdit struct {
	weight int
	name   string
	roles  string // of those who would do it; "" for everybody
	make   func(w *world, d *device) []op
}

const office = "advisor manager head_office"

var kindsOfEdit = []kindOfEdit{
	{6, "customer.create", office, func(w *world, d *device) []op { return []op{w.newCustomer(d)} }},
	{5, "vehicle.create", office, (*world).carWithOwner},
	{7, "visit.arrive", office, (*world).arrival},
	{10, "visit.note", office, (*world).note},
	{8, "visit.inspect", "advisor manager technician", (*world).inspect},
	{7, "belongings.add", "advisor manager technician", (*world).belonging},
	{6, "order.draft", office, (*world).order},
	{6, "job.propose", office, (*world).job},
	{8, "state.step", "", (*world).stepState},
	{18, "patch", "", (*world).patchSome},
	{34, "patch.hot", "", (*world).patchHot},
	{8, "patch.several", "", (*world).patchSeveral},
	{7, "delete.own", "", (*world).removeOwn},
	{3, "delete.any", "", (*world).removeAny},
	{8, "conflict.resolve", "", (*world).resolve},
	{6, "owner.change", office, (*world).handOver},
	{5, "wrong", "", (*world).wrong},
}

// edit is what a person does next with what their screen shows.
func (w *world) edit(d *device) (intent string, ops []op) {
	sum := 0
	for _, k := range kindsOfEdit {
		if strings.Contains(k.roles, d.role) || k.roles == "" {
			sum += k.weight
		}
	}
	at := w.rand.IntN(sum)
	for _, k := range kindsOfEdit {
		if !strings.Contains(k.roles, d.role) && k.roles != "" {
			continue
		}
		if at -= k.weight; at < 0 {
			return k.name, k.make(w, d)
		}
	}
	return "", nil
}

func (w *world) data(fields map[string]any) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for name, value := range fields {
		out[name] = raw(value)
	}
	return out
}

func (w *world) word() string {
	return fmt.Sprintf("%s%d", pick(w, []string{"甲", "乙", "x", "y"}), w.rand.IntN(5))
}

// parents are the fields that name the row whose shop a new row is in.
var parents = [][2]string{{"customer", record.Customers}, {"vehicle", record.Vehicles}, {"visit", record.Visits}}

func (w *world) create(d *device, kind, collection string, fields map[string]any) op {
	fields["shop"] = w.shops[d.user]
	for _, parent := range parents {
		id, named := fields[parent[0]].(string)
		if r := d.st.rows[parent[1]+"/"+id]; named && r != nil && w.chance(0.97) {
			fields["shop"] = raw(r.text("shop"))
		}
	}
	return op{Op: "create", Collection: collection, ID: w.mint(kind), Data: w.data(fields)}
}

// stamp is the tablet's time as the server writes times.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000Z") }

func (w *world) newCustomer(d *device) op {
	return w.create(d, "c", record.Customers, map[string]any{"name": w.word(), "phone": "138"})
}

func (w *world) carWithOwner(d *device) []op {
	owner := w.newCustomer(d)
	fields := map[string]any{"plate": w.word(), "vin": "LS" + w.mint("V"), "make": w.word()}
	if w.chance(0.7) {
		fields["customer"] = owner.ID
	}
	return []op{owner, w.create(d, "v", record.Vehicles, fields)}
}

// arrival is a car that comes in: a group of rows of which none may be there alone.
func (w *world) arrival(d *device) []op {
	ops := w.carWithOwner(d)
	if keys := d.st.keys(record.Vehicles); len(keys) > 0 && w.chance(0.5) {
		ops = nil
		_, id, _ := strings.Cut(pick(w, keys), "/")
		ops = append(ops, w.visit(d, id, ""))
	} else {
		ops = append(ops, w.visit(d, ops[1].ID, ops[0].ID))
	}
	return append(ops, w.create(d, "k", record.Concerns, map[string]any{"visit": ops[len(ops)-1].ID, "words": w.word()}))
}

func (w *world) visit(d *device, vehicle, customer string) op {
	fields := map[string]any{"number": fmt.Sprint("A", w.minted), "vehicle": vehicle, "purpose": "repair", "state": "open", "arrived_at": stamp(d.now())}
	if customer != "" {
		fields["customer"] = customer
	}
	return w.create(d, "b", record.Visits, fields)
}

// some is a row of the collection on the screen; "" when there is none.
func (w *world) some(d *device, collection string) string {
	keys := d.st.keys(collection)
	if len(keys) == 0 {
		return ""
	}
	_, id, _ := strings.Cut(pick(w, keys), "/")
	return id
}

func (w *world) note(d *device) []op {
	visit := w.some(d, record.Visits)
	if visit == "" {
		return w.arrival(d)
	}
	return []op{w.create(d, "k", record.Concerns, map[string]any{"visit": visit, "words": w.word()})}
}

func (w *world) inspect(d *device) []op {
	visit, template := w.some(d, record.Visits), w.some(d, record.Templates)
	if visit == "" || template == "" {
		return nil
	}
	var ops []op
	inspection := ""
	for _, key := range d.st.keys(record.Inspections) {
		if d.st.rows[key].text("visit") == visit {
			_, inspection, _ = strings.Cut(key, "/")
		}
	}
	if inspection == "" {
		ops = append(ops, w.create(d, "i", record.Inspections, map[string]any{"visit": visit, "template": template}))
		inspection = ops[0].ID
	}
	for range 1 + w.rand.IntN(2) {
		ops = append(ops, w.create(d, "f", record.Findings, map[string]any{"visit": visit, "inspection": inspection,
			"item": pick(w, []string{"engine.oil", "outside.tyres"}), "result": pick(w, []string{"good", "bad"})}))
	}
	if vehicle := d.st.rows[record.Visits+"/"+visit].text("vehicle"); vehicle != "" && w.chance(0.5) {
		ops = append(ops, w.create(d, "g", record.DamageMarks, map[string]any{"visit": visit, "inspection": inspection, "vehicle": vehicle,
			"view": "left", "x": 0.25, "y": 0.5}))
	}
	return ops
}

func (w *world) belonging(d *device) []op {
	visit := w.some(d, record.Visits)
	if visit == "" {
		return nil
	}
	return []op{w.create(d, "e", record.Belongings, map[string]any{"visit": visit, "kind": "item", "name": w.word(), "quantity": 1})}
}

func (w *world) order(d *device) []op {
	visit := w.some(d, record.Visits)
	if visit == "" {
		return nil
	}
	return []op{w.create(d, "o", record.WorkOrders, map[string]any{"visit": visit, "number": fmt.Sprint("SH-", w.minted), "state": "draft"})}
}

func (w *world) job(d *device) []op {
	order := w.some(d, record.WorkOrders)
	if order == "" {
		return w.order(d)
	}
	visit := d.st.rows[record.WorkOrders+"/"+order].text("visit")
	return []op{w.create(d, "j", record.Jobs, map[string]any{"visit": visit, "work_order": order, "origin": "estimate", "state": "proposed", "work": w.word(),
		"labour_minutes": 60, "labour_fen": 100 * w.rand.IntN(9), "payer": "customer", "priced_at": stamp(d.now()), "skill": 2, "parts": []any{}})}
}

// stepState takes a row on the screen one step along its states; the rules often say no.
func (w *world) stepState(d *device) []op {
	collection := pick(w, []string{record.WorkOrders, record.WorkOrders, record.Jobs, record.Visits})
	id := w.some(d, collection)
	if id == "" {
		return nil
	}
	entity := flow.Table().ByCollection(collection)
	now := d.st.rows[collection+"/"+id].text("state")
	var to []string
	for _, t := range entity.Transitions {
		if t.From == now && (slices.Contains(t.Roles, d.role) || w.chance(0.1)) {
			to = append(to, t.To)
		}
	}
	if len(to) == 0 {
		return nil
	}
	return []op{{Op: "patch", Collection: collection, ID: id, Data: w.data(map[string]any{"state": pick(w, to)})}}
}

// wrong is what an app with a mistake in it would do.
func (w *world) wrong(d *device) []op {
	customer := w.newCustomer(d)
	switch w.rand.IntN(8) {
	case 6, 7: // what was deleted stays deleted, whoever makes it again
		if gone := sortedKeys(w.oracle.gone); len(gone) > 0 {
			collection, id, _ := strings.Cut(pick(w, gone), "/")
			visit := w.some(d, record.Visits)
			return []op{{Op: "create", Collection: collection, ID: id, Data: w.data(map[string]any{"shop": w.shops[d.user], "visit": visit,
				"words": "again", "name": "again", "kind": "item", "number": "again", "state": "draft"})}}
		}
		fallthrough
	case 0:
		customer.Data["name"] = raw("")
	case 1:
		customer.Data["nonsense"] = raw(1)
	case 2:
		customer.Data["shop"] = raw("nowhere00000000")
	case 3: // the second of the group is refused: the first must not stand
		other := w.newCustomer(d)
		other.Data["name"] = raw(7)
		return []op{customer, other}
	case 4:
		return []op{{Op: "create", Collection: record.Conflicts, ID: w.mint("x"), Data: w.data(map[string]any{"shop": w.shops[d.user], "state": "open"})}}
	default:
		customer.Data["created_by"] = raw("somebodyelse000")
	}
	return []op{customer}
}
