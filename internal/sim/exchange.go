package sim

import (
	"fmt"
	"slices"
	"time"
)

const (
	batchSize   = 25 // mutations in one push
	mostFillers = 800
)

type outcome struct {
	Seq     int64            `json:"seq"`
	Outcome string           `json:"outcome"`
	Commit  int64            `json:"commit"`
	Version map[string]int64 `json:"version"`
	Code    string           `json:"code"`
	First   *outcome         `json:"first"`
}

type pushAnswer struct {
	Epoch      *string   `json:"epoch"`
	Seq        *int64    `json:"seq"`
	Outcomes   []outcome `json:"outcomes"`
	Credential string    `json:"credential"`
	Letter     string    `json:"letter"`
}

type batch struct {
	asking  bool
	entries []*entry
	wire    []mutation
}

// nextBatch is what goes out next, oldest first. A seq under which nothing will be sent any more is filled by an act
// without ops: a seq once given stays its mutation's for ever.
func (d *device) nextBatch(most int) batch {
	m := d.st.meta
	b := batch{asking: m.reconcile}
	if b.asking {
		return b
	}
	next := int64(1) << 62
	if m.settled >= 0 {
		next = m.settled + 1
	}
	fillers := 0
	for _, e := range d.st.with(pending) {
		if len(b.entries) >= most {
			break
		}
		// Those whose answer was lost are asked about first: should their seqs be another's, nothing later has gone yet.
		if m.settled >= 0 && e.Seq > m.settled && len(b.entries) > 0 && b.entries[0].Seq <= m.settled {
			break
		}
		for ; next < e.Seq && fillers < mostFillers; fillers++ {
			b.wire = append(b.wire, mutation{Seq: next, Intent: "sync.skip", Ops: []op{}})
			next++
		}
		if next < e.Seq {
			break
		}
		b.entries, b.wire = append(b.entries, e), append(b.wire, e.mutation)
		next = max(next, e.Seq+1)
	}
	return b
}

// body is the push as bytes. An old client names neither app nor tablet.
func (d *device) body(b batch, credential bool) []byte {
	type message struct {
		Device     string     `json:"device"`
		Epoch      string     `json:"epoch"`
		App        string     `json:"app,omitempty"`
		Tablet     string     `json:"tablet,omitempty"`
		Credential bool       `json:"credential,omitempty"`
		Mutations  []mutation `json:"mutations"`
	}
	said := message{Device: d.st.meta.device, Epoch: d.st.meta.epoch, App: d.app, Credential: credential, Mutations: b.wire}
	if b.asking && d.app != "" {
		said.Tablet = d.tablet
	}
	if said.Mutations == nil {
		said.Mutations = []mutation{}
	}
	return raw(said)
}

func (d *device) pushRequest(b batch, auth string, credential bool) *request {
	ids := map[int64]string{}
	for _, m := range b.wire {
		ids[m.Seq] = m.ID
	}
	return &request{kind: "push", ids: ids, sent: b.wire, method: "POST", path: "/api/sync/push", body: d.body(b, credential), auth: auth,
		user: d.user, device: d.st.meta.device, count: len(b.entries)}
}

// push sends one batch: with the person's token while it counts, else with the push-only credential of the device.
func (d *device) push(most int) ending {
	b := d.nextBatch(most)
	if !b.asking && len(b.wire) == 0 {
		return done
	}
	credential := d.st.meta.credential
	byToken := d.token != ""
	var a answer
	if byToken {
		a = d.ask(d.pushRequest(b, d.token, credential == ""))
	}
	if !byToken || a.status == 401 {
		if credential == "" {
			return signIn
		}
		byToken = false
		a = d.ask(d.pushRequest(b, "Device "+credential, false))
	}
	var said pushAnswer
	ok, no := a.read(&said)
	switch {
	case no != nil:
		return d.refused(b, a.status, no, byToken)
	case !ok || said.Epoch == nil || said.Seq == nil:
		return d.noteAttempt(b)
	}
	if said.Credential != "" || said.Letter != "" {
		d.st.set(func(m *meta) {
			if said.Credential != "" {
				m.credential = said.Credential
			}
			if said.Letter != "" {
				m.letter = said.Letter
			}
		})
	}
	if b.asking {
		d.reoffer(*said.Seq, "")
		return again
	}
	return d.takeIn(b, *said.Epoch, *said.Seq, said.Outcomes)
}

// refused is the server's no to a push as a whole.
func (d *device) refused(b batch, status int, no *refusal, byToken bool) ending {
	switch {
	case status == 409:
		for _, f := range no.Data {
			if f.Epoch != "" && f.Seq != nil && (!byToken || !d.active) {
				d.reoffer(*f.Seq, f.Epoch)
				return again
			}
		}
		return toPull
	case status == 403 && no.has("device.revoked"):
		return d.confirmRevoked(b)
	case status == 403 && no.has("device.foreign"):
		return d.newDevice()
	case status == 413 && no.has("sync.too_large") && len(b.entries) > 1:
		return d.push(len(b.entries) / 2)
	case status == 413 && no.has("sync.too_large") && len(b.entries) == 1:
		d.st.atomically(func() { d.reject(b.entries[0], "sync.too_large") })
		return again
	}
	d.noteAttempt(b)
	return endingOf(status)
}

func (d *device) noteAttempt(b batch) ending {
	d.st.atomically(func() {
		for _, e := range b.entries {
			if now := d.st.outbox[e.ID]; now != nil {
				d.st.update(now, func(e *entry) { e.attempts++ })
			}
		}
	})
	return later
}

func (d *device) reject(e *entry, code string) {
	d.st.update(e, func(e *entry) { e.status, e.code = rejected, code })
	for _, key := range e.rows {
		d.st.rebase(key, d.st.server(key))
	}
}

// takeIn writes the outcomes down and shows the rows as they are now, in one transaction.
func (d *device) takeIn(b batch, epoch string, settled int64, outcomes []outcome) (end ending) {
	st, moved, waits, keys := d.st, 0, false, map[string]bool{}
	var clashes []int64
	st.atomically(func() {
		for _, o := range outcomes {
			i := slices.IndexFunc(b.entries, func(e *entry) bool { return e.Seq == o.Seq })
			if o.Outcome == "retry" {
				if o.Code == "sync.gap" && moved == 0 {
					st.set(func(m *meta) { m.reconcile = true })
					moved++
				}
				waits = o.Code != "sync.gap"
				break
			}
			if i < 0 {
				moved++ // a filler
				continue
			}
			e := st.outbox[b.entries[i].ID]
			if e == nil || e.status != pending || e.Seq != o.Seq {
				continue
			}
			if o.Code == "sync.reused" && o.First == nil && e.Seq <= settled {
				clashes = append(clashes, e.Seq)
			} else if o.Code == "sync.reused" {
				d.reused(e, o.First, epoch)
			} else if !d.conclude(e, o) {
				continue
			}
			moved++
			for _, key := range e.rows {
				keys[key] = true
			}
		}
		// Below a seq that was heard before: the server was restored to before it, whatever else it answers.
		st.set(func(m *meta) { m.reconcile, m.settled = m.reconcile || settled < m.settled, settled })
		if len(clashes) > 0 {
			d.numberAfter(slices.Min(clashes), settled)
		}
		for _, key := range sortedKeys(keys) {
			st.rebase(key, st.server(key))
		}
		st.settle()
	})
	switch {
	case len(clashes) > 0 && d.token != "":
		return d.newDevice()
	case waits || moved == 0:
		return later
	}
	return again
}

// reused: the server knows the id, by another seq or device, and its first effect stands: it says which, or the rows of
// the next pull show it.
func (d *device) reused(e *entry, first *outcome, epoch string) {
	if first != nil && d.conclude(e, *first) {
		if first.Outcome != "rejected" {
			d.isElsewhere(e, epoch)
		}
		return
	}
	d.st.update(e, func(e *entry) {
		e.status, e.known, e.versions, e.round, e.ackedAt = acked, true, nil, d.st.meta.round, time.Now()
	})
	d.isElsewhere(e, epoch)
}

// conclude is the server's word on one mutation; an outcome this client does not know is none.
func (d *device) conclude(e *entry, o outcome) bool {
	round := d.st.meta.round
	switch {
	case o.Outcome == "applied" || o.Outcome == "merged":
		d.st.update(e, func(e *entry) {
			e.status, e.outcome, e.versions, e.Commit, e.round, e.ackedAt = acked, o.Outcome, o.Version, o.Commit, round, time.Now()
		})
	case o.Outcome == "rejected":
		d.st.update(e, func(e *entry) { e.status, e.code = rejected, o.Code })
	default:
		return false
	}
	return true
}

func (d *device) name() string { return fmt.Sprintf("d%d(%s)", d.number, d.role) }
