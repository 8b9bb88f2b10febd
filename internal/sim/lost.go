package sim

import (
	"fmt"
	"slices"
	"time"

	"aftercare/internal/record"
)

// loseTablet: a tablet is gone, and the office revokes every device on it, once in a seed (O-03). The tokens of its
// people end everywhere: on their other tablets they sign in again.
func (w *world) loseTablet() bool {
	d := pick(w, w.devices)
	if w.down || len(w.lost) > 0 || !w.bound[d.st.meta.device] || d.kind != record.Staff || len(w.devices) < 5 {
		return false
	}
	for _, o := range w.devices {
		id := o.st.meta.device
		if o.tablet != d.tablet || o.revoked || !w.bound[id] || w.office(record.Devices, id, map[string]any{"revoked": true}) != 200 {
			continue
		}
		w.lost[id] = true
		w.tracef("%s is given up as lost", o.name())
		for _, same := range w.devices {
			if same.user == o.user && same != o {
				w.after(w.between(10*time.Second, 10*time.Minute), "sign in", func() { w.signIn(same) })
			}
		}
	}
	return len(w.lost) > 0
}

// checkLost: from the moment it is revoked, no device is let in anywhere, and it is told so.
func (w *world) checkLost(f *flight, a answer) {
	if w.lost[f.request.device] && a.status >= 200 && a.status < 300 {
		w.violation(12, fmt.Sprintf("%s was revoked, and its %s is answered %d", f.d.name(), f.request.kind, a.status))
	}
}

// confirmRevoked asks once more with nothing in hand, by credential and by token: a tablet wipes itself only upon our
// server's own word, said twice.
func (d *device) confirmRevoked(b batch) ending {
	credential := d.st.meta.credential
	if credential != "" {
		credential = "Device " + credential
	}
	for _, auth := range []string{credential, d.token} {
		if auth == "" {
			continue
		}
		_, no := d.ask(d.pushRequest(batch{}, auth, false)).read(&pushAnswer{})
		if no != nil && no.has("device.revoked") {
			d.revoked = true
			d.w.tracef("%s wipes itself", d.name())
			return isWiped
		}
	}
	return d.noteAttempt(b)
}

// wiped: what a lost tablet held is gone, and the tablet with it.
func (w *world) wiped() bool {
	return !slices.ContainsFunc(w.devices, func(d *device) bool { return w.lost[d.st.meta.device] && !d.revoked })
}
