package importer

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// index knows the natural keys of the shop's customers and vehicles, those saved during this import included. What it
// is told can be taken back, as when a group of rows is rolled back.
type index struct {
	vehicles  map[string]*keys // by id
	customers map[string]*keys
	byKey     map[string][]string // "vin:…" → ids
	undo      []func()
}

// keys of one row; of a customer vin and plate are empty, of a vehicle name and phone are.
type keys struct {
	id, external, vin, plate, name, phone, owner string
	line                                         int // of this file that wrote it, 0: none
}

func loadIndex(app core.App, shop string) (*index, error) {
	x := &index{vehicles: map[string]*keys{}, customers: map[string]*keys{}, byKey: map[string][]string{}}
	var rows []struct {
		ID       string `db:"id"`
		External string `db:"external_id"`
		VIN      string `db:"vin"`
		Plate    string `db:"plate"`
		Customer string `db:"customer"`
		Name     string `db:"name"`
		Phone    string `db:"phone"`
	}
	own := dbx.HashExp{record.FieldShop: shop}
	err := app.DB().Select(record.FieldID, record.FieldExternalID, record.FieldVIN, record.FieldPlate, record.FieldCustomer).
		From(record.Vehicles).Where(own).All(&rows)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		x.addVehicle(keys{id: r.ID, external: r.External, vin: r.VIN, plate: r.Plate, owner: r.Customer})
	}
	rows = nil
	err = app.DB().Select(record.FieldID, record.FieldExternalID, record.FieldName, record.FieldPhone).
		From(record.Customers).Where(own).All(&rows)
	for _, r := range rows {
		x.addCustomer(keys{id: r.ID, external: r.External, name: r.Name, phone: r.Phone})
	}
	x.undo = nil
	return x, err
}

func (x *index) addVehicle(k keys) {
	x.put(x.vehicles, k)
	x.key("vehicle:", k.external, k.id)
	x.key("vin:", k.vin, k.id)
	x.key("plate:", k.plate, k.id)
}

func (x *index) addCustomer(k keys) {
	x.put(x.customers, k)
	x.key("customer:", k.external, k.id)
	if k.name != "" {
		x.key("person:", k.phone+"\x00"+k.name, k.id)
	}
}

func (x *index) put(all map[string]*keys, k keys) {
	before, had := all[k.id]
	all[k.id] = &k
	x.undo = append(x.undo, func() {
		if had {
			all[k.id] = before
		} else {
			delete(all, k.id)
		}
	})
}

// key adds an id to a key. Keys a row had before an update stay: a former plate still finds its car in this import.
func (x *index) key(prefix, value, id string) {
	if value == "" {
		return
	}
	name := prefix + value
	before := x.byKey[name]
	for _, have := range before {
		if have == id {
			return
		}
	}
	x.byKey[name] = append(before[:len(before):len(before)], id)
	x.undo = append(x.undo, func() { x.byKey[name] = before })
}

func (x *index) rollback() {
	for i := len(x.undo) - 1; i >= 0; i-- {
		x.undo[i]()
	}
	x.undo = nil
}

func (x *index) commit() { x.undo = nil }

// only returns the one id behind a key, "" when there is none; a key of several rows tells none of them.
func (x *index) only(prefix, value string) (id string, several bool) {
	if value == "" {
		return "", false
	}
	ids := x.byKey[prefix+value]
	switch len(ids) {
	case 0:
		return "", false
	case 1:
		return ids[0], false
	}
	return "", true
}

// findVehicle returns the id of the car a row is about, "" for a new one: by external number, else VIN, else plate.
func (x *index) findVehicle(v values) (id string, refusal *fault.Fault) {
	external, vin, plate := v.text(record.FieldExternalID), v.text(record.FieldVIN), v.text(record.FieldPlate)
	id, _ = x.only("vehicle:", external)
	byVIN, several := x.only("vin:", vin)
	switch {
	case several:
		return "", invalid("import.ambiguous", vin)
	case id != "" && byVIN != "" && byVIN != id:
		return "", invalid("import.key_clash", vin).With("number", external)
	case id == "" && byVIN != "" && external != "" && x.vehicles[byVIN].external != "":
		return "", invalid("import.key_clash", vin).With("number", external)
	case id == "":
		id = byVIN
	}
	if id == "" {
		return x.findByPlate(external, vin, plate)
	}
	if stored := x.vehicles[id].vin; vin != "" && stored != "" && stored != vin {
		return "", invalid("import.vin_differs", vin).With("stored", stored)
	}
	return id, nil
}

// findByPlate: a plate moves from car to car, so it tells a car only when nothing else speaks against it.
func (x *index) findByPlate(external, vin, plate string) (string, *fault.Fault) {
	id, several := x.only("plate:", plate)
	if several && vin == "" {
		return "", invalid("import.ambiguous", plate)
	}
	if id == "" {
		return "", nil
	}
	k := x.vehicles[id]
	if (vin != "" && k.vin != "") || (external != "" && k.external != "") || k.plate != plate {
		return "", nil
	}
	return id, nil
}

// plateTaken says whether another car has the plate.
func (x *index) plateTaken(plate, id string) bool {
	for _, other := range x.byKey["plate:"+plate] {
		if other != id && x.vehicles[other].plate == plate {
			return true
		}
	}
	return false
}

// findCustomer returns the id of the customer a row is about, "" for a new one: by external number, else phone and
// name. present is the vehicle's owner so far: the same name without a phone is the same person then, and only then.
func (x *index) findCustomer(v values, present string) (id string, refusal *fault.Fault) {
	external, name, phone := v.text(record.FieldExternalID), v.text(record.FieldName), v.text(record.FieldPhone)
	if id, _ = x.only("customer:", external); id != "" {
		return id, nil
	}
	if phone == "" {
		if k := x.customers[present]; k != nil && k.name == name && external == "" {
			return present, nil
		}
		return "", nil
	}
	id, several := x.only("person:", phone+"\x00"+name)
	if several {
		return "", invalid("import.ambiguous", name)
	}
	if id != "" && external != "" && x.customers[id].external != "" {
		return "", nil // somebody else of that name and phone, by their number
	}
	return id, nil
}
