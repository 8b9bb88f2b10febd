package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// profile is how hard a seed is played: every seed has weights of its own.
type profile struct {
	busy  float64 // share of the free steps in which somebody does something
	lossy float64 // share of the requests that something happens to
	link  []float64
	harsh float64 // how often something breaks
}

func (w *world) draw() profile {
	p := profile{busy: 0.25 + 0.3*w.rand.Float64(), lossy: 0.05 + 0.35*w.rand.Float64(), harsh: 0.3 + 1.4*w.rand.Float64()}
	for range linkFaults {
		p.link = append(p.link, w.rand.Float64())
	}
	return p
}

// fate is what the link does with the next request.
func (w *world) fate() string {
	if w.quiet || !w.chance(w.weights.lossy) {
		return faultNone
	}
	sum := 0.0
	for _, weight := range w.weights.link {
		sum += weight
	}
	at := w.rand.Float64() * sum
	for i, weight := range w.weights.link {
		if at -= weight; at < 0 {
			return linkFaults[i]
		}
	}
	return faultNone
}

// people gives out the tablets: two or three in one shop, one in the other, head office's, some of them shared.
func (w *world) people() {
	type place struct {
		shop, role, tablet string
	}
	places := []place{{apptest.SH, "advisor", "one"}, {apptest.SH, "manager", "one"}, {apptest.SH, "advisor", "two"},
		{apptest.SH, "technician", "two"}, {apptest.HZ, "manager", "three"}, {apptest.SH, "head_office", "four"}}
	w.customers = []string{w.mint("u"), w.mint("u")}
	for _, id := range w.customers {
		w.house.shop.Day(apptest.SH).Make("advisor", record.Customers, map[string]any{"id": id, "name": "王芳", "phone": "139"})
	}
	places = places[:4+w.rand.IntN(3)]
	if w.chance(0.6) {
		places = append(places, place{apptest.SH, "customer", "five"})
	}
	for i, p := range places {
		kind, user := record.Staff, apptest.Person(p.shop, p.role)
		if p.role == "customer" {
			kind, user = record.Customers, w.customers[0]
		}
		d := w.device(kind, user, p.role, p.shop, p.tablet)
		d.active = !slices.ContainsFunc(w.devices[:i], func(o *device) bool { return o.tablet == d.tablet })
		w.login(d)
		if d.active {
			d.start()
		}
	}
}

// device is a person's app on a tablet, installed and not yet opened.
func (w *world) device(kind, user, role, shop, tablet string) *device {
	d := &device{w: w, number: len(w.devices), user: user, kind: kind, role: role, shop: shop, app: "0.2.0",
		tablet: (tablet + strings.Repeat("0", 15))[:15], st: newStore(w.mint("d")), chance: w.rand}
	if w.chance(0.15) {
		d.app = pick(w, []string{"", "0.1.0"})
		w.fault("old client")
	}
	if w.chance(0.5) {
		d.skew = w.between(-400*24*time.Hour, 400*24*time.Hour)
		w.fault("clock skew")
	}
	w.shops[user] = shop
	w.owner[d.st.meta.device] = d
	w.devices = append(w.devices, d)
	return d
}

// login signs the person in: a token that will run out.
func (w *world) login(d *device) {
	rec, err := w.house.shop.App.FindRecordById(d.kind, d.user)
	if err != nil {
		w.t.Fatal(err)
	}
	d.token, err = tokenOf(rec, w.between(time.Hour, 24*time.Hour))
	if err != nil {
		w.t.Fatal(err)
	}
}

func tokenOf(rec *core.Record, lasts time.Duration) (string, error) {
	return rec.NewStaticAuthToken(lasts)
}

// here are the devices whose person is at the tablet and whose app is open.
func (w *world) here() []*device {
	var found []*device
	for _, d := range w.devices {
		if d.active && d.alive {
			found = append(found, d)
		}
	}
	return found
}

func (w *world) waiting() string {
	var out []string
	for _, d := range w.devices {
		out = append(out, fmt.Sprintf("%s active %v alive %v token %v pending %d acked %d reconcile %v", d.name(), d.active, d.alive, d.token != "",
			len(d.st.with(pending)), len(d.st.with(acked)), d.st.meta.reconcile))
	}
	return strings.Join(out, "; ")
}
