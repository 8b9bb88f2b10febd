package sim

import (
	"encoding/json"
	"math/rand/v2"
	"time"
)

// request is what a device asks the server.
type request struct {
	kind   string // push, pull, photo: for the trace and the choice of faults
	method string
	path   string
	body   []byte
	auth   string
	header map[string]string
	user   string // whose work is in it
	device string
	count  int              // mutations in a push
	ids    map[int64]string // of the mutations, by seq
	sent   []mutation
}

// answer is what came back over the link. A lost one has status 0.
type answer struct {
	status int
	json   bool
	body   []byte
	header map[string]string
	dead   bool // the tab is being killed
}

// want is what a device waits for: an answer, or time.
type want struct {
	request *request
	rest    time.Duration
	over    bool
	failed  any // what the tab panicked with, when it was no planned death
}

// device is one person's app on one tablet: a store that survives and a leader that does not.
type device struct {
	w      *world
	number int
	user   string
	kind   string // collection of the login
	role   string
	shop   string
	app    string // version; "" for an old one that names none
	tablet string
	liar   string // device id of a liar with this login, "" when there was none yet
	st     *store

	token    string // "" when nobody of that name is signed in here
	expires  time.Time
	active   bool // the person at the tablet
	skew     time.Duration
	offUntil time.Time // without network until then
	chance   *rand.Rand
	failing  int
	revoked  bool
	barred   bool // left without a way to speak: neither token nor credential counts

	alive                 bool
	resting               bool
	poked                 bool
	gen                   int // of the tab: events of a dead one count no more
	rests, asks, answered int
	out                   chan want
	in                    chan answer
	ends                  []string // the last endings, for a trace that is read by a person
}

// start opens the app: a new leader on the store as it lies.
func (d *device) start() {
	d.gen++
	d.alive, d.resting, d.poked, d.failing = true, false, false, 0
	d.out, d.in = make(chan want), make(chan answer)
	go d.run(d.out)
	d.pump()
}

func (d *device) run(out chan want) {
	defer func() {
		p := recover()
		if _, planned := p.(died); planned {
			p = nil
		}
		out <- want{over: true, failed: p}
	}()
	d.lead()
}

// pump hears what the leader waits for next.
func (d *device) pump() {
	next := <-d.out
	switch {
	case next.over:
		d.alive = false
		if next.failed != nil {
			panic(next.failed)
		}
		d.w.closed(d)
	case next.request != nil:
		d.w.send(d, next.request)
	default:
		d.resting = true
		d.w.wakeAfter(d, next.rest)
	}
}

// resume hands the leader what it waited for.
func (d *device) resume(a answer) {
	d.resting = false
	d.in <- a
	d.pump()
}

// kill ends the app as the battery does: the store stays as it is.
func (d *device) kill() {
	if d.alive {
		d.in <- answer{dead: true}
		<-d.out
		d.alive = false
	}
	d.gen++
	if d.st.inside {
		d.st.rollback()
	}
}

// ask waits for the answer of the server, or for word that none came.
func (d *device) ask(r *request) answer {
	d.out <- want{request: r}
	a := <-d.in
	if a.dead {
		panic(died{})
	}
	return a
}

func (d *device) sleep(pause time.Duration) {
	d.out <- want{rest: pause}
	if a := <-d.in; a.dead {
		panic(died{})
	}
}

// now is the tablet's clock, which is nobody's but its own.
func (d *device) now() time.Time { return time.Now().UTC().Add(d.skew) }

// ending is how one exchange ended.
type ending string

const (
	done    ending = "done"
	again   ending = "again"
	toPull  ending = "pull"
	signIn  ending = "sign_in"
	oldApp  ending = "old_app"
	later   ending = "later"
	isWiped ending = "revoked"
	away    ending = "away" // nothing to do for somebody who is not there
)

const (
	keepSent = 14 * 24 * time.Hour
	keepDays = 14 // of contact: the server may have been restored while the tablet was away, and clocks jump
	pollRest = 5 * time.Second
	signRest = 60 * time.Second
	lastRest = 15 * time.Second
)

// lead speaks for the store until the tab dies.
func (d *device) lead() {
	d.st.set(func(m *meta) { m.reconcile = true })
	d.forgetOld()
	for {
		end := d.exchange()
		if end == isWiped {
			return
		}
		d.sleep(d.after(end))
	}
}

// exchange is one turn: first what is ours, then what is others'. Of somebody who left only the queue is sent.
func (d *device) exchange() ending {
	end := d.push(batchSize)
	if !d.active {
		if end == done {
			end = d.sendPhotos()
		}
		d.barred = end == signIn
		if end == done || end == toPull {
			return away
		}
		return end
	}
	if end != done && end != toPull {
		return end
	}
	sent := end
	if end = d.pull(); end == done && sent == toPull {
		return again
	}
	if end == done {
		d.st.askForRows(false)
		return d.sendPhotos()
	}
	return end
}

func (d *device) after(end ending) time.Duration {
	switch end {
	case again:
		d.failing = 0
		return 0
	case done:
		d.failing = 0
		return pollRest
	case signIn, oldApp, away:
		return signRest
	}
	d.failing++
	full := min(lastRest, time.Second<<min(d.failing, 5))
	return full/2 + time.Duration(d.chance.Int64N(int64(full/2)))
}

// forgetOld drops what was acknowledged longer ago than any restore reaches back, by the clock and by the days on which
// the server was reached: what a tablet missed while it lay in a drawer it still has to hear.
func (d *device) forgetOld() {
	d.st.atomically(func() {
		for _, id := range sortedKeys(d.st.sent) {
			if s := d.st.sent[id]; s.ackedAt.Before(time.Now().Add(-keepSent)) && d.st.meta.days-s.day >= keepDays {
				d.st.dropSent(id)
			}
		}
	})
}

// refusal is the body of a no.
type refusal struct {
	Message *string `json:"message"`
	Data    map[string]struct {
		Code  string `json:"code"`
		Epoch string `json:"epoch"`
		Seq   *int64 `json:"seq"`
	} `json:"data"`
}

func (r refusal) has(code string) bool {
	for _, f := range r.Data {
		if f.Code == code {
			return true
		}
	}
	return false
}

// Statuses with which our server says no; all others are passing trouble.
var refusals = map[int]bool{400: true, 401: true, 403: true, 404: true, 409: true, 413: true, 422: true, 426: true, 429: true}

// read tells apart an answer of ours, a refusal of ours, and everything else, which means "later".
func (a answer) read(into any) (ok bool, no *refusal) {
	if a.status == 0 || !a.json {
		return false, nil
	}
	if a.status >= 200 && a.status < 300 {
		return json.Unmarshal(a.body, into) == nil, nil
	}
	var said refusal
	if !refusals[a.status] || json.Unmarshal(a.body, &said) != nil || said.Message == nil {
		return false, nil
	}
	return false, &said
}

func endingOf(status int) ending {
	switch status {
	case 401:
		return signIn
	case 426:
		return oldApp
	}
	return later
}
