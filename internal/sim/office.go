package sim

import (
	"fmt"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// movePerson gives somebody another shop or another role, as the office does at any moment.
func (w *world) movePerson() bool {
	d := pick(w, w.devices)
	if w.down || d.kind != record.Staff || d.role == "head_office" {
		return false
	}
	if w.chance(0.5) {
		roles := [][]string{{d.role}, {"technician"}, {"advisor", "technician"}, {"manager"}}
		return w.office(record.Staff, d.user, map[string]any{"roles": pick(w, roles)}) == 200
	}
	shop := w.otherShop(w.shops[d.user])
	if w.office(record.Staff, d.user, map[string]any{"shop": shop}) != 200 {
		return false
	}
	w.shops[d.user] = shop
	w.moved[d.user] = true // bytes sent from the other shop do not count for rows of this one
	return true
}

func (w *world) otherShop(shop string) string {
	if shop == apptest.SH {
		return apptest.HZ
	}
	return apptest.SH
}

// moveRow takes a row out of one shop's sight into the other's, mostly while somebody has unsent changes on it.
func (w *world) moveRow() bool {
	if w.down {
		return false
	}
	d := pick(w, w.devices)
	var keys []string
	for _, e := range d.st.with(pending) {
		for _, o := range e.Ops {
			if o.Collection == record.Customers && o.Op != "create" {
				keys = append(keys, o.key())
			}
		}
	}
	if len(keys) == 0 || w.chance(0.3) {
		keys = d.st.keys(record.Customers)
	}
	if len(keys) == 0 {
		return false
	}
	key := pick(w, keys)
	r := d.st.rows[key]
	if r == nil {
		return false
	}
	id := key[len(record.Customers)+1:]
	return w.office(record.Customers, id, map[string]any{"shop": w.otherShop(r.text("shop"))}) == 200
}

// office changes a row by PocketBase's own API, as the office's screens do.
func (w *world) office(collection, id string, fields map[string]any) int {
	r := &request{kind: "office", method: "PATCH", path: fmt.Sprintf("/api/collections/%s/records/%s", collection, id),
		body: raw(fields), auth: w.superuser()}
	a := w.house.do(r, false, -1, false)
	w.tracef("the office changes %s/%s %s: %d", collection, id, r.body, a.status)
	return a.status
}

func (w *world) superuser() string {
	if w.admin == "" || w.adminOf != w.house {
		w.admin, w.adminOf = w.house.shop.Superuser(), w.house
	}
	return w.admin
}
