package sim

import "aftercare/internal/record"

// lie sends what no honest app would: a gap, a seq used again, a base from the future, another's device, a forged epoch
// or cursor. Nothing of it may take effect, nothing may be answered with a 500, nobody may be stuck afterwards.
func (w *world) lie() bool {
	here := w.here()
	if len(here) == 0 || w.down {
		return false
	}
	d := pick(w, here)
	if d.token == "" {
		return false
	}
	m := d.st.meta
	made := op{Op: "create", Collection: record.Customers, ID: w.mint("z"), Data: w.data(map[string]any{"shop": w.shops[d.user], "name": "lie"})}
	one := mutation{Seq: m.seq + 50, ID: w.mint("l"), Intent: "lie", At: "2026-11-21T02:03:04.005Z", Ops: []op{made}}
	type message struct {
		Device    string     `json:"device"`
		Epoch     string     `json:"epoch"`
		Mutations []mutation `json:"mutations"`
	}
	said := message{Device: m.device, Epoch: m.epoch, Mutations: []mutation{one}}
	what := w.rand.IntN(6)
	switch what {
	case 0: // a gap
	case 1: // a seq that is another mutation's
		if m.settled < 1 || w.restored > 0 { // a server that was just restored may lack that seq, and then it is no lie
			return false
		}
		said.Mutations[0].Seq = 1 + w.rand.Int64N(m.settled)
	case 2: // somebody else's device
		said.Device = pick(w, w.devices).st.meta.device
		if said.Device == m.device || !w.bound[said.Device] {
			return false
		}
	case 3:
		said.Epoch = "0123456789abcdef"
	case 4:
		return w.lieWith(d, &request{kind: "pull", method: "GET", auth: d.token, path: "/api/sync/pull?device=" + m.device + "&cursor=AAAA" + m.cursor})
	case 5:
		return w.lieWith(d, &request{kind: "push", method: "POST", path: "/api/sync/push", auth: d.token, body: []byte("{\"device\":\"\xff\",\"mutations\":[[[[[[[[[[[[[[[[[[[[")})
	}
	return w.lieWith(d, &request{kind: "push", method: "POST", path: "/api/sync/push", auth: d.token, body: raw(said)})
}

func (w *world) lieWith(d *device, r *request) bool {
	r.user, r.device = d.user, d.st.meta.device
	f := &flight{d: d, request: r, cut: -1}
	a := w.house.do(r, false, -1, false)
	w.tracef("%s lies: %s", d.name(), w.describeAnswer(r, a))
	w.checkAnswer(f, a)
	return true
}
