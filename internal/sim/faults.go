package sim

import (
	"os"
	"slices"
	"testing/synctest"
	"time"
)

// misfortune is something that breaks or changes under the tablets' feet, with how often it does.
type misfortune struct {
	weight int
	name   string
	happen func(w *world) bool // false: it could not happen just now
}

var misfortunes = []misfortune{
	{30, "crash at a boundary of the store", (*world).armStore},
	{8, "battery empty", (*world).battery},
	{6, "server crash", (*world).crashServer},
	{5, "server restart", (*world).restartServer},
	{16, "backup", (*world).backUp},
	{12, "restore", (*world).restore},
	{16, "user switch", (*world).switchUser},
	{8, "token expiry", (*world).expire},
	{8, "clock jump", (*world).jump},
	{5, "role or shop change", (*world).movePerson},
	{14, "row changes shop", (*world).moveRow},
	{6, "time passes", (*world).night},
	{12, "months pass", (*world).season},
	{5, "export and import", (*world).carry},
	{6, "refused work decided", (*world).decide},
	{6, "tablet lost", (*world).loseTablet},
	{24, "network gone", (*world).offline},
	{14, "lie", (*world).lie},
}

// misfortune lets one thing go wrong.
func (w *world) misfortune() {
	sum := 0
	for _, m := range misfortunes {
		sum += m.weight
	}
	at := w.rand.IntN(sum)
	for _, m := range misfortunes {
		if at -= m.weight; at < 0 {
			w.step("misfortune")
			if m.happen(w) {
				w.fault(m.name)
			}
			return
		}
	}
}

func (w *world) armStore() bool {
	here := w.here()
	if len(here) == 0 {
		return false
	}
	d := pick(w, here)
	d.st.crashIn = 1 + w.rand.IntN(pick(w, []int{3, 12, 60}))
	w.tracef("%s will die in %d boundaries", d.name(), d.st.crashIn)
	return true
}

func (w *world) battery() bool {
	here := w.here()
	if len(here) == 0 {
		return false
	}
	d := pick(w, here)
	d.kill()
	w.closed(d)
	return true
}

// mayTrouble plants trouble under the next request, now and then.
func (w *world) mayTrouble(f *flight) {
	if w.quiet || !w.chance(0.03*w.weights.harsh) {
		return
	}
	switch w.rand.IntN(3) {
	case 0:
		w.house.disk.plant(troubleBusy, w.rand.IntN(40), pick(w, []int{1, 3, 15, 40}))
	case 1:
		w.house.disk.plant(troubleFull, w.rand.IntN(40), 1+w.rand.IntN(4))
	default:
		w.house.disk.plant(troubleCrash, w.rand.IntN(40), 1)
	}
}

// troubled clears what was planted and tells whether the server died of it: then its answer is lost.
func (w *world) troubled() bool {
	disk := w.house.disk
	trouble := disk.planted()
	w.struck = disk.clear() && trouble != ""
	if w.struck {
		w.fault("database " + trouble)
		w.tracef("the database said %s", trouble)
	}
	if !disk.isDead() {
		return false
	}
	if !w.down {
		w.lieDown()
	}
	return true
}

// lieDown leaves the server dead for a while.
func (w *world) lieDown() {
	w.down = true
	w.tracef("the server died")
	w.after(w.between(time.Second, 2*time.Minute), "server up", func() {
		if w.down {
			w.step("server up")
			w.comeUp()
		}
	})
}

func (w *world) comeUp() {
	w.down = false
	w.restart()
	w.tracef("the server is up, epoch %d", w.epochs[w.house.shop.House.Log.Epoch()])
}

func (w *world) crashServer() bool {
	if w.down {
		return false
	}
	w.house.disk.kill()
	w.lieDown()
	return true
}

func (w *world) restartServer() bool {
	if w.down {
		return false
	}
	w.tracef("the server is restarted")
	w.restart()
	return true
}

func (w *world) backUp() bool {
	if w.down {
		return false
	}
	dir := w.folder()
	if err := copyTree(w.house.dir, dir); err != nil {
		w.t.Fatal(err)
	}
	w.tracef("backup %d", len(w.backups))
	w.backups = append(w.backups, backup{dir: dir, people: cloneMap(w.shops), bound: cloneMap(w.bound), lost: cloneMap(w.lost), pruned: w.pruned, at: time.Now()})
	if len(w.backups) > 3 {
		_ = os.RemoveAll(w.backups[0].dir)
		w.backups = w.backups[1:]
	}
	return true
}

// restore copies the files of a backup into the server's place and starts it.
func (w *world) restore() bool {
	if w.down || len(w.backups) == 0 || w.restored > 0 && w.chance(0.7) {
		return false
	}
	b := pick(w, w.backups)
	if time.Since(b.at) > keepSent-24*time.Hour {
		return false // older than the tablets promise to remember
	}
	w.check() // what is lost must have been right
	w.hangUp()
	h := w.house
	h.close()
	_ = os.RemoveAll(h.dir)
	dir := w.folder()
	if err := copyTree(b.dir, dir); err != nil {
		w.t.Fatal(err)
	}
	w.open(dir)
	w.names()
	w.shops, w.bound = cloneMap(b.people), cloneMap(b.bound)
	w.lost = cloneMap(b.lost)
	w.oracle, w.told, w.pruned = newOracle(w), map[string]string{}, b.pruned
	if b.pruned != nil {
		w.oracle = b.pruned.clone()
	}
	w.restored++
	w.tracef("the server is restored from a backup of %s", b.at.UTC().Format("01-02 15:04:05.000"))
	return true
}

// switchUser hands a shared tablet to another person. What the first one left is sent in their name, or waits for them.
func (w *world) switchUser() bool {
	var shared []*device
	for _, d := range w.here() {
		if slices.ContainsFunc(w.devices, func(o *device) bool { return o != d && o.tablet == d.tablet && !o.revoked }) {
			shared = append(shared, d)
		}
	}
	if len(shared) == 0 || w.down {
		return false
	}
	leaves := pick(w, shared)
	var others []*device
	for _, o := range w.devices {
		if o != leaves && o.tablet == leaves.tablet && !o.revoked {
			others = append(others, o)
		}
	}
	comes := pick(w, others)
	leaves.active = false
	if w.chance(0.6) {
		leaves.token = "" // signed out; the queue stays
	}
	comes.active = true
	w.login(comes)
	w.tracef("%s hands the tablet to %s", leaves.name(), comes.name())
	comes.kill() // whoever signs in gets a new leader
	comes.start()
	leaves.kill()
	if w.chance(0.7) { // the next person's app sends what was left
		leaves.start()
	}
	return true
}

// expire ends somebody's login. They sign in again some time later; what they do meanwhile is kept.
func (w *world) expire() bool {
	here := w.here()
	if len(here) == 0 || w.down {
		return false
	}
	d := pick(w, here)
	rec, err := w.house.shop.App.FindRecordById(d.kind, d.user)
	if err != nil {
		w.t.Fatal(err)
	}
	if d.token, err = tokenOf(rec, time.Second); err != nil {
		w.t.Fatal(err)
	}
	w.tracef("the login of %s ends", d.name())
	w.after(w.between(10*time.Second, 30*time.Minute), "sign in", func() { w.signIn(d) })
	return true
}

func (w *world) signIn(d *device) {
	if w.down || !d.active || d.revoked || w.lost[d.st.meta.device] { // who holds a lost tablet knows no password
		return
	}
	w.step("sign in")
	w.login(d)
	w.tracef("%s signs in again", d.name())
	w.poke(d)
}

func (w *world) jump() bool {
	d := pick(w, w.devices)
	d.skew = w.between(-400*24*time.Hour, 400*24*time.Hour)
	w.tracef("the clock of %s jumps by %s", d.name(), d.skew.Round(time.Hour))
	return true
}

// night lets hours pass in which nobody does anything.
func (w *world) night() bool {
	if w.nights++; w.nights > 3 {
		return false
	}
	w.after(0, "night", func() {
		time.Sleep(w.between(time.Hour, 3*time.Hour))
		if !w.down {
			_, _ = w.house.shop.House.Photos.Sweep(time.Now()) // the server's own hourly look
			synctest.Wait()
		}
	})
	return true
}

func cloneMap[V any](m map[string]V) map[string]V {
	out := make(map[string]V, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// Faults are all kinds of fault there are. One that never happens in a long run is a mistake of the simulation.
func Faults() []string {
	kinds := append([]string{"group commit", "old client", "clock skew", "tablet crash", "wrong hash", faultServerDying,
		"database " + troubleBusy, "database " + troubleFull, "database " + troubleCrash}, linkFaults...)
	for _, m := range misfortunes {
		kinds = append(kinds, m.name)
	}
	return kinds
}

// offline takes a tablet's network away for a while; its person works on.
func (w *world) offline() bool {
	here := w.here()
	if len(here) == 0 {
		return false
	}
	d := pick(w, here)
	d.offUntil = time.Now().Add(w.between(30*time.Second, 10*time.Minute))
	w.tracef("%s is offline until %s", d.name(), d.offUntil.UTC().Format("15:04:05"))
	return true
}
