package app_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/wire"
)

// zeros is a gzip body that unpacks to n bytes.
func zeros(t *testing.T, n int64) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(w, blank{}, n); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type blank struct{}

func (blank) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

// TestForgedPushes: who speaks, for which device, in which epoch, and how much.
func TestForgedPushes(t *testing.T) {
	l := newLiar(t)
	mate, stranger := l.Device(apptest.SH, "technician"), l.Device(apptest.HZ, "advisor")
	for _, d := range []*apptest.Device{mate, stranger} {
		d.Push()
		d.Pull(0)
	}
	if err := l.House.Log.NewEpoch(l.App); err != nil {
		t.Fatal(err)
	}
	former := l.tablet.Epoch
	for _, d := range []*apptest.Device{l.tablet, mate, stranger} {
		d.Pull(0)
	}
	self := l.tablet.Token
	nobodys := apptest.NewID()
	for name, c := range map[string]struct {
		device, epoch, authorization string
		status                       int
		code                         string
	}{
		"a colleague's device with one's own login":   {mate.ID, l.tablet.Epoch, self, 403, "device.foreign"},
		"the neighbour's device with one's own login": {stranger.ID, l.tablet.Epoch, self, 403, "device.foreign"},
		"a colleague's credential for one's device":   {l.tablet.ID, l.tablet.Epoch, "Device " + mate.Credential, 401, "device.signed_out"},
		"one's credential for a colleague's device":   {mate.ID, l.tablet.Epoch, "Device " + l.tablet.Credential, 401, "device.signed_out"},
		"a credential for a device of nobody":         {nobodys, l.tablet.Epoch, "Device " + mate.Credential, 401, "device.signed_out"},
		"a credential cut short":                      {mate.ID, l.tablet.Epoch, "Device " + mate.Credential[:20], 401, "device.signed_out"},
		"the hash of nothing for a credential":        {nobodys, l.tablet.Epoch, "Device ", 401, "device.signed_out"},
		"a token for a credential":                    {l.tablet.ID, l.tablet.Epoch, "Device " + self, 401, "device.signed_out"},
		"a credential for a token":                    {mate.ID, l.tablet.Epoch, mate.Credential, 401, "device.signed_out"},
		"a superuser":                                 {l.tablet.ID, l.tablet.Epoch, l.callers["superuser"], 401, "device.signed_out"},
		"a customer with staff's device":              {l.tablet.ID, l.tablet.Epoch, l.callers["customer"], 403, "device.foreign"},
		"a forged epoch":                              {l.tablet.ID, strings.Repeat("f", len(former)), self, 409, "sync.epoch"},
		"the epoch before":                            {l.tablet.ID, former, self, 409, "sync.epoch"},
		"no epoch after a pull":                       {l.tablet.ID, "", self, 409, "sync.epoch"},
		"an epoch of a new device":                    {apptest.NewID(), "forged", self, 409, "sync.epoch"},
	} {
		t.Run("X-02 X-03 "+name, func(t *testing.T) {
			l.untouched(t, name, func() {
				b, err := json.Marshal(map[string]any{"device": c.device, "epoch": c.epoch, "app": "1.0.0",
					"mutations": []any{map[string]any{"seq": 1, "id": apptest.NewID(), "ops": []any{l.edit("lie")}}}})
				if err != nil {
					t.Fatal(err)
				}
				a := l.Do(http.MethodPost, "/api/sync/push", c.authorization, b)
				l.discreet(t, call{caller: "advisor", body: string(b)}, a)
				if a.Status != c.status || a.Code() != c.code {
					t.Errorf("%d %.300s", a.Status, a.Body)
				}
			})
			l.goesOn(t)
		})
	}
	t.Run("X-02 100 MB, plain and packed small", func(t *testing.T) {
		l.untouched(t, "100 MB", func() {
			if a := l.Do(http.MethodPost, "/api/sync/push", self, bytes.Repeat([]byte(" "), 100<<20)); a.Status != 413 || a.Code() == "" {
				t.Errorf("plain: %d %.200s", a.Status, a.Body)
			}
			if a := l.Do(http.MethodPost, "/api/sync/push", self, zeros(t, 100<<20), "Content-Encoding", "gzip"); a.Status != 413 || a.Code() != "sync.too_large" {
				t.Errorf("packed: %d %.200s", a.Status, a.Body)
			}
		})
		l.goesOn(t)
	})
	t.Run("X-02 a name twice: one of them counts, for the check and for the deed alike", func(t *testing.T) {
		for _, devices := range []string{`"device":"` + mate.ID + `","device":"` + l.tablet.ID + `"`, `"device":"` + l.tablet.ID + `","Device":"` + mate.ID + `"`} {
			a := l.Do(http.MethodPost, "/api/sync/push", self, []byte(`{`+devices+`,"epoch":"`+l.tablet.Epoch+`","mutations":[]}`))
			var r wire.PushResponse
			a.JSON(&r)
			if a.Status == http.StatusOK && r.Seq != l.tablet.Seq || a.Status != http.StatusOK && a.Code() != "device.foreign" {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
		l.goesOn(t)
	})
}

// TestForgedCursors: a cursor that is not ours, or not of this scope, shows nothing but the caller's own rows.
func TestForgedCursors(t *testing.T) {
	l := newLiar(t)
	theirs := l.Device(apptest.HZ, "advisor")
	theirs.Pull(0)
	own, err := base64.RawURLEncoding.DecodeString(l.tablet.Cursor)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := base64.RawURLEncoding.DecodeString(theirs.Cursor)
	if err != nil {
		t.Fatal(err)
	}
	forged := map[string][]byte{"nothing but a seal": own[len(own)-8:], "cut": own[:len(own)-1], "longer": append(bytes.Clone(own), 0), "twice": append(bytes.Clone(own), own...),
		"the scope of the neighbour": append(append(bytes.Clone(own[:9]), foreign[9:13]...), own[13:]...)}
	for i := range own { // every byte in turn
		b := bytes.Clone(own)
		b[i] ^= 1
		forged["a bit of byte "+string(rune('A'+i))] = b
	}
	for name, cursor := range forged {
		l.untouched(t, name, func() {
			text := base64.RawURLEncoding.EncodeToString(cursor)
			a := l.Do(http.MethodGet, "/api/sync/pull?"+url.Values{"device": {l.tablet.ID}, "cursor": {text}}.Encode(), l.tablet.Token, nil)
			l.discreet(t, call{caller: "advisor"}, a)
			if a.Status != http.StatusBadRequest || a.Code() != "sync.cursor" {
				t.Errorf("X-03 %s: %d %.200s", name, a.Status, a.Body)
			}
			d := *l.tablet
			d.Cursor = text
			if code := d.Live().Closed(); code != 4400 {
				t.Errorf("X-03 %s by socket: %d", name, code)
			}
		})
	}
	t.Run("X-02 a cursor with line breaks in it", func(t *testing.T) {
		a := l.Do(http.MethodGet, "/api/sync/pull?"+url.Values{"device": {l.tablet.ID}, "cursor": {l.tablet.Cursor[:9] + "\r\n" + l.tablet.Cursor[9:]}}.Encode(), l.tablet.Token, nil)
		if a.Status != http.StatusBadRequest || a.Code() != "sync.cursor" {
			t.Errorf("%d %.200s", a.Status, a.Body)
		}
	})
	t.Run("X-03 the neighbour's cursor is a snapshot of one's own, and no socket", func(t *testing.T) {
		a := l.Do(http.MethodGet, "/api/sync/pull?"+url.Values{"device": {l.tablet.ID}, "cursor": {theirs.Cursor}}.Encode(), l.tablet.Token, nil)
		l.discreet(t, call{caller: "advisor"}, a)
		var page wire.PullResponse
		if a.JSON(&page); !page.Reset || len(page.Ops) == 0 {
			t.Errorf("%d %.200s", a.Status, a.Body)
		}
		d := *l.tablet
		d.Cursor = theirs.Cursor
		if code := d.Live().Closed(); code != 4409 {
			t.Errorf("%d", code)
		}
	})
	t.Run("X-03 another's device with one's own login, at pull and socket", func(t *testing.T) {
		d := *theirs
		d.Token = l.tablet.Token
		a := l.Do(http.MethodGet, "/api/sync/pull?"+url.Values{"device": {d.ID}, "cursor": {d.Cursor}}.Encode(), d.Token, nil)
		if a.Status != http.StatusForbidden || a.Code() != "device.foreign" {
			t.Errorf("%d %.200s", a.Status, a.Body)
		}
		if code := d.Live().Closed(); code != 4403 {
			t.Errorf("%d", code)
		}
	})
	l.goesOn(t)
}
