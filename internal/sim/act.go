package sim

// act is one spontaneous thing: mostly somebody's edit, sometimes trouble.
func (w *world) act() {
	if w.chance(0.06 * w.weights.harsh) {
		w.misfortune()
		return
	}
	if w.steps >= w.checkAt && !w.down { // a quiet point of the server: nothing is in its hands
		w.checkAt = w.steps + 400
		w.check()
	}
	here := w.here()
	if len(here) == 0 {
		w.next()
		return
	}
	d := pick(w, here)
	if d.role == "customer" && !w.chance(0.1) {
		w.next() // customers read
		return
	}
	w.save(d)
}

// save is a person's act: when it returns, the screen has said "saved".
func (w *world) save(d *device) {
	var taken *upload
	intent, ops := "photo.take", []op(nil)
	if w.chance(0.05) {
		ops, taken = w.picture(d)
	} else {
		intent, ops = w.edit(d)
	}
	if len(ops) == 0 {
		return
	}
	id := w.mint("m")
	w.step("edit")
	var made *mutation
	work := func() {
		d.st.atomically(func() {
			made = d.st.act(id, intent, d.now(), d.app, ops)
			if taken != nil {
				d.st.putUpload(taken)
			}
		})
	}
	if !w.survives(d, work) {
		made = nil
		if e := d.st.outbox[id]; e != nil { // it died after the commit: saved, though nobody was told
			made = &e.mutation
		}
	}
	if made == nil {
		return
	}
	w.saved[id] = &saving{d: d, device: d.st.meta.device, n: len(w.saved) + 1, mutation: *made}
	w.tracef("%s %s %s seq %d %s", d.name(), intent, id, made.Seq, ops[0].key())
	w.poke(d)
}

// survives runs something at the store in the person's own hands; false when the tab died of it.
func (w *world) survives(d *device, run func()) (alive bool) {
	defer func() {
		if p := recover(); p != nil {
			if _, planned := p.(died); !planned {
				panic(p)
			}
			d.kill()
			w.closed(d)
		}
	}()
	run()
	return true
}

// mend takes every trouble away.
func (w *world) mend() {
	w.house.disk.clear()
	if w.house.disk.isDead() {
		w.comeUp()
	}
	for _, d := range w.devices {
		d.st.crashIn = 0
		if d.active && !d.revoked {
			w.login(d) // who is there signs in
			if w.lost[d.st.meta.device] {
				d.kill() // and first hears that the tablet was given up
			}
			w.reopen(d)
		}
	}
}

// drained reports whether no device that can speak has anything unsent.
func (w *world) drained() bool {
	for _, d := range w.devices {
		if d.revoked || !d.canSpeak() {
			continue
		}
		if !d.alive && !d.active { // the next person's app sends what was left
			w.reopen(d)
		}
		if !d.alive || d.st.meta.reconcile || len(d.st.with(pending)) > 0 || len(d.st.waiting()) > 0 {
			return false
		}
	}
	return true
}

// canSpeak: somebody is there, or what they left can be sent in their name.
func (d *device) canSpeak() bool {
	return d.active || !d.barred && (d.token != "" || d.st.meta.credential != "")
}

// settled reports whether every device has everything, and shows nothing of its own on top.
func (w *world) settled() bool {
	for _, d := range w.devices {
		if d.revoked {
			continue
		}
		if !d.alive || d.st.meta.reconcile || len(d.st.with(pending))+len(d.st.with(acked)) > 0 || d.st.meta.staged != nil || len(d.st.waiting()) > 0 {
			return false
		}
	}
	for _, d := range w.devices {
		if !d.revoked && !w.current(d) {
			return false
		}
	}
	return w.wiped()
}

// comeBack lets everybody sign in once more: what they left is looked at, too.
func (w *world) comeBack() {
	for _, d := range w.devices {
		if d.revoked {
			continue
		}
		if d.active && d.alive {
			continue // was here all the time: nothing happens that would make it look again
		}
		w.login(d)
		d.active = true
		d.kill() // whoever signs in gets a new leader
		d.start()
	}
}
