package sim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"testing/synctest"
	"time"

	"aftercare/internal/photo/phototest"
	"aftercare/internal/record"
)

// Photos: the row goes by push, the bytes by tus, in either order. A photo is done on the tablet when the server says
// that it holds these very bytes.

const (
	photoLocal    = "local"
	photoStored   = "stored" // sent to the last byte; the server's word is still to come
	photoVerified = "verified"
	photoRefused  = "refused"
)

// picture is a photo taken of some row on the screen. Some cameras lie about what they have taken.
func (w *world) picture(d *device) ([]op, *upload) {
	collection := pick(w, []string{record.Visits, record.Vehicles, record.Belongings})
	id := w.some(d, collection)
	if id == "" {
		return nil, nil
	}
	b := phototest.JPEG(24, 16, 60, w.rand.Uint64N(1<<40))
	sum := sha256.Sum256(b)
	u := &upload{sha256: hex.EncodeToString(sum[:]), media: "image/jpeg", bytes: b, taken: time.Now(), state: photoLocal}
	if w.chance(0.1) {
		u.broken = true
		u.bytes = append(append([]byte{}, b[:len(b)-1]...), b[len(b)-1]^0x40)
		w.fault("wrong hash")
	}
	fields := map[string]any{"subject_collection": collection, "subject_record": id, "sha256": u.sha256, "media": u.media, "bytes": len(b),
		"shop": d.st.rows[collection+"/"+id].text("shop")}
	if collection == record.Visits {
		fields["visit"] = id
	}
	u.photo = w.mint("p")
	return []op{{Op: "create", Collection: record.Photos, ID: u.photo, Data: w.data(fields)}}, u
}

// waiting are the uploads that are not done, by name.
func (s *store) waiting() []*upload {
	var found []*upload
	for _, sha := range sortedKeys(s.uploads) {
		if u := s.uploads[sha]; u.state == photoLocal || u.state == photoStored {
			found = append(found, u)
		}
	}
	return found
}

func (s *store) updateUpload(u *upload, change func(*upload)) *upload {
	copied := *u
	change(&copied)
	s.atomically(func() { s.putUpload(&copied) })
	return &copied
}

// askAgain: the server's history is another one, and it may lack bytes that it once had.
func (s *store) askAgain() {
	for _, sha := range sortedKeys(s.uploads) {
		if u := s.uploads[sha]; u.state == photoVerified {
			copied := *u
			copied.state, copied.url, copied.confirmed = photoStored, "", false
			s.putUpload(&copied)
		}
	}
}

// askUnconfirmed: the server was started anew, and may have been restored: what no row has confirmed may be gone.
func (s *store) askUnconfirmed() {
	for _, sha := range sortedKeys(s.uploads) {
		if u := s.uploads[sha]; u.state == photoVerified && !u.confirmed {
			s.updateUpload(u, func(u *upload) { u.state, u.url = photoStored, "" })
		}
	}
}

// askForRows: the server said that it had the bytes, and the photo's row has not said so yet. In a complete pull it
// still says that they are on their way, or a snapshot is without it: the server may have been restored in between.
func (s *store) askForRows(snapshot bool) {
	for _, sha := range sortedKeys(s.uploads) {
		u := s.uploads[sha]
		if u.state != photoVerified || u.confirmed {
			continue
		}
		r := s.server(record.Photos + "/" + u.photo)
		switch {
		case r.text("state") == photoVerified:
			s.updateUpload(u, func(u *upload) { u.confirmed = true })
		case r == nil && snapshot, r != nil && time.Since(u.asked) > askPause:
			s.updateUpload(u, func(u *upload) { u.state, u.url, u.asked = photoStored, "", time.Now() })
		}
	}
}

const askPause = time.Minute

// sendPhotos brings every photo that waits one go further.
func (d *device) sendPhotos() ending {
	end := done
	for _, u := range d.st.waiting() {
		switch one := d.sendPhoto(u); one {
		case done:
		case signIn:
			return signIn
		default:
			end = one
		}
	}
	return end
}

func (d *device) photoRequest(method, path string, body []byte, header map[string]string) *request {
	auth := d.token
	if auth == "" {
		auth = "Device " + d.st.meta.device + "." + d.st.meta.credential
	}
	r := &request{kind: "photo", method: method, path: path, body: body, auth: auth, user: d.user, device: d.st.meta.device, header: header}
	if strings.HasPrefix(path, "/api/uploads/") {
		r.header = map[string]string{"Tus-Resumable": "1.0.0"}
		for name, value := range header {
			r.header[name] = value
		}
	}
	return r
}

// presence asks what the server has of the bytes: "here", "under way", "absent", "sign in", or "" for no word of ours.
func (d *device) presence(sha string) string {
	a := d.ask(d.photoRequest("HEAD", "/api/photos/"+sha, nil, nil))
	switch {
	case a.status == 200 && len(a.header["X-Stored-Sha256"]) == 64:
		return "here"
	case a.status == 202:
		return "under way"
	case !a.json:
		return ""
	case a.status == 404:
		return "absent"
	case a.status == 401 || a.status == 403:
		return "sign in"
	}
	return ""
}

func (d *device) sendPhoto(u *upload) ending {
	switch d.presence(u.sha256) {
	case "here":
		d.verified(u)
		return done
	case "sign in":
		return signIn
	case "":
		return later
	case "absent":
		if u.state == photoStored {
			u = d.st.updateUpload(u, func(u *upload) { u.state, u.url = photoLocal, "" })
		}
	}
	if u.url == "" {
		var end ending
		if u, end = d.createUpload(u); end != done {
			return end
		}
		if u.state == photoRefused {
			return done
		}
	}
	return d.sendBytes(u)
}

func (d *device) verified(u *upload) {
	d.w.checkStored(d, u)
	d.st.updateUpload(u, func(u *upload) { u.state = photoVerified })
}

func (d *device) createUpload(u *upload) (*upload, ending) {
	enc := base64.StdEncoding.EncodeToString
	a := d.ask(d.photoRequest("POST", "/api/uploads/", nil, map[string]string{"Upload-Length": strconv.Itoa(len(u.bytes)),
		"Upload-Metadata": "sha256 " + enc([]byte(u.sha256)) + ",type " + enc([]byte(u.media))}))
	if a.status != 201 {
		return d.uploadRefused(u, a)
	}
	_, path, _ := strings.Cut(a.header["Location"], "/api/uploads/")
	if path == "" {
		return u, later
	}
	return d.st.updateUpload(u, func(u *upload) { u.url = "/api/uploads/" + path }), done
}

// uploadRefused reads a no. Only a clear word of our server on this photo counts.
func (d *device) uploadRefused(u *upload, a answer) (*upload, ending) {
	_, no := a.read(&struct{}{})
	if a.status == 401 {
		return u, signIn
	}
	if no == nil {
		if a.status == 404 && a.header["Tus-Resumable"] != "" {
			return d.st.updateUpload(u, func(u *upload) { u.state, u.url = photoLocal, "" }), later
		}
		return u, later
	}
	for _, f := range no.Data {
		switch {
		case strings.HasPrefix(f.Code, "photo.") && a.status < 500:
			return d.st.updateUpload(u, func(u *upload) { u.state, u.code = photoRefused, f.Code }), done
		case (a.status == 404 || a.status == 410) && strings.HasPrefix(f.Code, "upload."):
			return d.st.updateUpload(u, func(u *upload) { u.state, u.url = photoLocal, "" }), later
		}
	}
	return u, later
}

// sendBytes goes on from where the last try ended, in two pieces.
func (d *device) sendBytes(u *upload) ending {
	a := d.ask(d.photoRequest("HEAD", u.url, nil, nil))
	at, err := strconv.Atoi(a.header["Upload-Offset"])
	if a.status != 200 || err != nil || at > len(u.bytes) {
		if a.status == 404 || a.status == 410 {
			d.st.updateUpload(u, func(u *upload) { u.state, u.url = photoLocal, "" })
		}
		if a.status == 401 {
			return signIn
		}
		return later
	}
	for at < len(u.bytes) {
		end := len(u.bytes)
		if at == 0 {
			end = min(end, 200)
		}
		a = d.ask(d.photoRequest("PATCH", u.url, u.bytes[at:end], map[string]string{"Upload-Offset": strconv.Itoa(at), "Content-Type": "application/offset+octet-stream"}))
		if a.status != 204 {
			var ended ending
			if u, ended = d.uploadRefused(u, a); u.state == photoRefused {
				return done
			}
			return ended
		}
		at = end
	}
	u = d.st.updateUpload(u, func(u *upload) { u.state = photoStored })
	switch d.presence(u.sha256) {
	case "here":
		d.verified(u)
		return done
	case "sign in":
		return signIn
	}
	return later
}

// checkStored is promise 11: what the server calls complete are the very bytes the tablet took, and no others.
func (w *world) checkStored(d *device, u *upload) {
	if u.broken && !w.quiet && w.sameName(u) {
		return // somebody else has sent the right bytes of that name
	}
	if u.broken {
		w.violation(11, fmt.Sprintf("%s: bytes that are not those of %s are called complete", d.name(), u.sha256[:8]))
	}
}

// sameName reports whether good bytes of the same name were taken on any tablet.
func (w *world) sameName(u *upload) bool {
	for _, d := range w.devices {
		if o := d.st.uploads[u.sha256]; o != nil && !o.broken {
			return true
		}
	}
	return false
}

// sweep is the server's own look at its photos, each minute: a row that trouble kept from hearing of its bytes is told.
func (w *world) sweep() {
	if _, err := w.house.shop.House.Photos.Sweep(time.Now()); err != nil {
		w.t.Fatal(err)
	}
	synctest.Wait()
}

// checkPhotos holds what is on the shelf to what was taken, after a sweep that may take away whatever nothing names.
func (w *world) checkPhotos() {
	w.sweep()
	for _, d := range w.devices {
		if d.revoked {
			continue
		}
		for _, sha := range sortedKeys(d.st.uploads) {
			u := d.st.uploads[sha]
			switch {
			case u.broken && u.state != photoRefused:
				w.violation(11, fmt.Sprintf("%s: broken photo %s is %s", d.name(), sha[:8], u.state))
			case u.broken:
			case u.state != photoVerified:
				w.violation(11, fmt.Sprintf("%s: photo %s is %s %s", d.name(), sha[:8], u.state, u.code))
			default:
				w.checkShelf(d, u)
			}
		}
	}
	for key, r := range w.oracle.rows {
		if strings.HasPrefix(key, record.Photos+"/") && r.row.text("state") == photoVerified && !w.held(r.row.text("sha256")) {
			w.violation(11, key+" is called complete and its bytes are not there")
		}
	}
}

// held reports whether the bytes of that hash lie on the shelf and hash to their stored name.
func (w *world) held(sha string) bool {
	f, _, stored, err := w.house.shop.House.Photos.Open(sha, "original")
	if err != nil {
		return false
	}
	defer f.Close()
	hash := sha256.New()
	_, err = f.WriteTo(hash)
	return err == nil && hex.EncodeToString(hash.Sum(nil)) == stored
}

// named reports whether a row of the server names the photo.
func (w *world) named(sha string) bool {
	for key, r := range w.oracle.rows {
		if strings.HasPrefix(key, record.Photos+"/") && r.row.text("sha256") == sha {
			return true
		}
	}
	return false
}

func (w *world) checkShelf(d *device, u *upload) {
	if !w.held(u.sha256) && (!u.taken.Before(w.seasonFrom) || w.named(u.sha256)) { // months later what no row names is gone by right
		w.violation(11, fmt.Sprintf("%s: photo %s was called complete and its bytes are not there", d.name(), u.sha256[:8]))
	}
	for key, r := range w.oracle.rows {
		if !strings.HasPrefix(key, record.Photos+"/") || r.row.text("sha256") != u.sha256 || r.row.text("created_by") != d.user {
			continue
		}
		if state := r.row.text("state"); state != photoVerified {
			w.violation(11, fmt.Sprintf("%s of %s is %s, though its bytes are there", key, d.name(), state))
		}
	}
}
