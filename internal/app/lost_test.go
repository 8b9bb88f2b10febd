package app_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// lost is a tablet with a signed-in technician and everything a thief would find on it.
type lost struct {
	*apptest.Shop
	tablet, desk *apptest.Device // the one that is lost, and another one of the same person
	manager      *apptest.Device
}

func lose(t *testing.T) lost {
	s := apptest.New(t)
	l := lost{Shop: s, tablet: s.Device(apptest.SH, "technician"), desk: s.Device(apptest.SH, "technician"), manager: s.Device(apptest.SH, "manager")}
	for _, d := range []*apptest.Device{l.tablet, l.desk, l.manager} {
		d.Push()
		d.Pull(0)
	}
	return l
}

// revoking are the doors by which a device's revoked, or a person's active, can be set.
var revoking = map[string]func(t *testing.T, l lost, collection, id, field string, value bool){
	"push": func(t *testing.T, l lost, collection, id, field string, value bool) {
		l.manager.Pull(0)
		l.manager.Must(apptest.Patch(collection, id, l.manager.Version(collection, id), map[string]any{field: value}))
	},
	"the API": func(t *testing.T, l lost, collection, id, field string, value bool) {
		a := l.Do(http.MethodPatch, "/api/collections/"+collection+"/records/"+id, l.manager.Token, map[string]any{field: value})
		if a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	},
	"a batch": func(t *testing.T, l lost, collection, id, field string, value bool) {
		a := l.Do(http.MethodPost, "/api/batch", l.manager.Token, map[string]any{"requests": []any{
			map[string]any{"method": "PATCH", "url": "/api/collections/" + collection + "/records/" + id, "body": map[string]any{field: value}}}})
		if a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	},
	"a superuser": func(t *testing.T, l lost, collection, id, field string, value bool) {
		a := l.Do(http.MethodPatch, "/api/collections/"+collection+"/records/"+id, l.Superuser(), map[string]any{field: value})
		if a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	},
}

// shut tries every route with a token that has ended.
func (l lost) shut(t *testing.T, token string) {
	t.Helper()
	jobs := "/api/collections/jobs/records"
	own := "/api/collections/staff/records/" + l.Staff(apptest.SH, "technician").Id
	body := l.tablet.Body()
	for _, c := range []struct {
		method, path string
		body         any
		status       int
	}{
		{http.MethodPost, "/api/sync/push", body, 401},
		{http.MethodGet, "/api/sync/pull?device=" + l.tablet.ID, nil, 401},
		{http.MethodGet, "/api/sync/pull?device=" + l.tablet.ID + "&cursor=" + url.QueryEscape(l.tablet.Cursor), nil, 401},
		{http.MethodPost, "/api/uploads/", []byte{}, 401},
		{http.MethodHead, "/api/photos/" + strings.Repeat("0", 64), nil, 401},
		{http.MethodGet, "/api/photos/" + strings.Repeat("0", 64), nil, 401},
		{http.MethodGet, jobs + "/" + apptest.NewID(), nil, 404},
		{http.MethodGet, own, nil, 404},
		{http.MethodPatch, own, map[string]any{record.FieldName: "x"}, 404},
		{http.MethodPost, jobs, map[string]any{}, 400},
		{http.MethodPost, "/api/collections/staff/auth-refresh", nil, 401},
	} {
		a := l.Do(c.method, c.path, token, c.body, "Tus-Resumable", "1.0.0")
		if a.Status != c.status {
			t.Errorf("O-03 %s %s: %d %.200s, want %d", c.method, c.path, a.Status, a.Body, c.status)
		}
	}
	a := l.Do(http.MethodGet, "/api/collections/staff/records", token, nil)
	if strings.Contains(string(a.Body), l.Staff(apptest.SH, "technician").Id) {
		t.Errorf("O-03 the API shows rows: %.200s", a.Body)
	}
	conn, _, err := l.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.WriteJSON(wire.Hello{Type: "hello", Token: token, Device: l.tablet.ID}); err != nil {
		t.Fatal(err)
	}
	if code := apptest.CloseCode(conn); code != 4401 {
		t.Errorf("O-03 the socket: %d", code)
	}
}

// told is the lost tablet's next contact: whatever it holds, it is told that it was revoked, and no more.
func (l lost) told(t *testing.T) {
	t.Helper()
	for name, token := range map[string]string{"credential": "Device " + l.tablet.Credential, "a fresh sign-in": l.Token(apptest.SH, "technician")} {
		a := l.Do(http.MethodPost, "/api/sync/push", token, l.tablet.Body())
		if a.Status != http.StatusForbidden || a.Code() != "device.revoked" {
			t.Errorf("O-03 push with %s: %d %.200s", name, a.Status, a.Body)
		}
	}
	credential := "Device " + l.tablet.ID + "." + l.tablet.Credential
	for _, c := range [][2]string{{http.MethodPost, "/api/uploads/"}, {http.MethodGet, "/api/photos/" + strings.Repeat("0", 64)}} {
		a := l.Do(c[0], c[1], credential, []byte{}, "Tus-Resumable", "1.0.0", "Upload-Length", "10", "Upload-Metadata", uploadOf([]byte("x")))
		if a.Status != http.StatusForbidden || a.Code() != "device.revoked" {
			t.Errorf("O-03 %s %s with the credential: %d %.200s", c[0], c[1], a.Status, a.Body)
		}
	}
}

func uploadOf(b []byte) string {
	sum := sha256.Sum256(b)
	enc := base64.StdEncoding.EncodeToString
	return "sha256 " + enc([]byte(hex.EncodeToString(sum[:]))) + ",type " + enc([]byte("image/jpeg"))
}

func TestLostTablet(t *testing.T) {
	for door, set := range revoking {
		t.Run("O-03 revoked through "+door+": its tokens and sockets end at once, and it is told", func(t *testing.T) {
			l := lose(t)
			stolen, theirs := l.tablet.Ready(), l.desk.Ready()
			set(t, l, record.Devices, l.tablet.ID, record.FieldRevoked, true)
			if code := stolen.Closed(); code != 4403 {
				t.Errorf("the lost tablet's socket: %d", code)
			}
			if code := theirs.Closed(); code != 4401 {
				t.Errorf("the person's other socket: %d", code)
			}
			l.shut(t, l.tablet.Token)
			l.told(t)

			before := l.desk.Token
			l.desk.Token = l.Token(apptest.SH, "technician")
			l.desk.Push() // the person goes on elsewhere
			l.desk.Pull(0)

			set(t, l, record.Devices, l.tablet.ID, record.FieldRevoked, false)
			l.shut(t, before)
			l.tablet.Token = "Device " + l.tablet.Credential
			if a := l.tablet.Send(); a.Status != http.StatusUnauthorized {
				t.Errorf("O-03 a tablet that was found brings its old credential back: %d", a.Status)
			}
			l.tablet.Token, l.tablet.Credential = l.Token(apptest.SH, "technician"), ""
			if l.tablet.Push(); l.tablet.Credential == "" {
				t.Error("O-02 no new credential for a tablet that was found")
			}
		})
		t.Run("X-02 dismissed through "+door+": tokens and credentials end, also for good", func(t *testing.T) {
			l := lose(t)
			socket := l.tablet.Ready()
			id := apptest.Person(apptest.SH, "technician")
			set(t, l, record.Staff, id, record.FieldActive, false)
			if code := socket.Closed(); code != 4401 {
				t.Errorf("the socket: %d", code)
			}
			l.shut(t, l.tablet.Token)
			set(t, l, record.Staff, id, record.FieldActive, true)
			l.shut(t, l.tablet.Token)
			credential := *l.tablet
			credential.Token = "Device " + l.tablet.Credential
			if a := credential.Send(); a.Status != http.StatusUnauthorized {
				t.Errorf("the old credential: %d", a.Status)
			}
			l.tablet.Token = l.Token(apptest.SH, "technician")
			l.tablet.Push()
		})
	}
	t.Run("O-03 revoking that is refused signs nobody out", func(t *testing.T) {
		l := lose(t)
		thief := l.Device(apptest.SH, "second")
		thief.Pull(0)
		if o := thief.Do(apptest.Patch(record.Devices, l.tablet.ID, 1, map[string]any{record.FieldRevoked: true})); o.Outcome != wire.Rejected {
			t.Fatalf("%+v", o)
		}
		l.manager.Pull(0)
		o := l.manager.Do(apptest.Patch(record.Devices, l.tablet.ID, l.manager.Version(record.Devices, l.tablet.ID), map[string]any{record.FieldRevoked: true}),
			apptest.Create("nothing", apptest.NewID(), nil))
		if o.Outcome != wire.Rejected {
			t.Fatalf("%+v", o)
		}
		l.tablet.Push()
	})
	t.Run("O-03 the devices of all people on a tablet are revoked in one act", func(t *testing.T) {
		s := apptest.New(t)
		manager := s.Device(apptest.SH, "manager")
		tablet := apptest.NewID()
		var devices []*apptest.Device
		for _, role := range []string{"technician", "second", "advisor"} {
			d := s.Device(apptest.SH, role)
			body := d.Body()
			if role != "advisor" {
				body.Tablet = tablet
			}
			if a := s.Do(http.MethodPost, "/api/sync/push", d.Token, body); a.Status != http.StatusOK {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			if role == "advisor" { // an app that learns to tell it later
				body.Tablet = tablet
				s.Do(http.MethodPost, "/api/sync/push", d.Token, body)
				body.Tablet = apptest.NewID() // the first word counts
				s.Do(http.MethodPost, "/api/sync/push", d.Token, body)
			}
			devices = append(devices, d)
		}
		manager.Pull(0)
		var ops []wire.Op
		for _, d := range devices {
			if manager.Rows[record.Devices+"/"+d.ID][record.FieldTablet] != tablet {
				t.Fatalf("%v", manager.Rows[record.Devices+"/"+d.ID])
			}
			ops = append(ops, apptest.Patch(record.Devices, d.ID, manager.Version(record.Devices, d.ID), map[string]any{record.FieldRevoked: true}))
		}
		manager.Must(ops...)
		for _, d := range devices {
			if a := d.Send(); a.Status != http.StatusUnauthorized {
				t.Errorf("%d", a.Status)
			}
		}
		body := manager.Body()
		body.Tablet = "a tablet"
		if a := s.Do(http.MethodPost, "/api/sync/push", manager.Token, body); a.Status != 400 || a.Code() != "device.malformed" {
			t.Errorf("a tablet that is none: %d %s", a.Status, a.Body)
		}
	})
}
