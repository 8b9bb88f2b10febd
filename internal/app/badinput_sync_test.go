package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// mutate is a push of one mutation, written by hand: parts replaces what stands in a good one.
func (s *site) mutate(parts map[string]string) (body []byte, seq int64) {
	s.tablet.Seq++
	m := map[string]string{"seq": fmt.Sprint(s.tablet.Seq), "id": `"` + apptest.NewID() + `"`, "intent": `"test"`, "at": `"2026-11-21T02:03:04.005Z"`,
		"seen": `"` + s.tablet.Cursor + `"`, "ops": "[]"}
	op := map[string]string{"op": `"patch"`, "collection": `"vehicles"`, "id": `"` + record.AsVisit(s.car.Visit).Vehicle() + `"`, "base": "1",
		"data": `{"note":"x"}`}
	for name, value := range parts {
		if under, ok := strings.CutPrefix(name, "op."); ok {
			op[under] = value
		}
	}
	m["ops"] = "[" + object(op) + "]"
	for name, value := range parts {
		if !strings.HasPrefix(name, "op.") {
			m[name] = value
		}
	}
	return []byte(`{"device":"` + s.tablet.ID + `","epoch":"` + s.tablet.Epoch + `","app":"1.0.0","mutations":[` + object(m) + `]}`), s.tablet.Seq
}

func object(of map[string]string) string {
	var parts []string
	for name, value := range of {
		if value != "-" {
			parts = append(parts, `"`+name+`":`+value)
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// TestBadMutations: whatever a mutation says, it is answered for good, never with "retry" for ever and never by 500; the
// rows stay as they are and the next good mutation is taken.
func TestBadMutations(t *testing.T) {
	s := newSite(t, app.Config{})
	vehicle := `"` + s.foreign[record.Vehicles][0] + `"`
	big := `"` + strings.Repeat("x", 1<<20) + `"`
	cases := map[string][]string{
		"op.op":         {`""`, `"put"`, `"DELETE"`, `"patch "`, `null`, `1`, `{}`, `"\u0000"`, big, `"-"`},
		"op.collection": {`""`, `"_superusers"`, `"sync_changes"`, `"sqlite_master"`, `"vehicles; DROP TABLE jobs"`, `"VEHICLES"`, `"../vehicles"`, `"pbc_1602236899"`, `null`, `[]`, `"😀"`, big},
		"op.id":         {`""`, `null`, `7`, `"../../etc/passwd"`, `"x' OR 1=1 --  "`, `"ABCDEFGHIJKLMNO"`, `"\u0000bcdefghijklmno"`, `"😀😀😀😀"`, big, vehicle, `"abcdefghijklmno"`},
		"op.base":       {`0`, `-1`, `1.5`, `"1"`, `9999`, `9223372036854775807`, `9223372036854775808`, `1e999`, `null`, `{}`, `-`},
		"op.data": {`[]`, `"x"`, `7`, `{"note":7}`, `{"note":"x","id":"abcdefghijklmno"}`, `{"sate":"x"}`, `{"__proto__":{}}`, `{"note":"\u0000"}`, `{"shop":"` + apptest.HZ + `"}`,
			`{"customer":"` + s.foreign[record.Customers][0] + `"}`, `{"odometer_km":1e400}`, `{"odometer_km":-1}`, `{"odometer_km":1e15}`, `{"odometer_km":"1"}`,
			`{"purchased_on":"99999-01-01"}`, `{"energy":"fusion"}`, `{"version":99}`, `{"updated":"2020-01-01 00:00:00Z"}`, `{"note":` + big + `}`, `{"tokenKey":"x"}`,
			`{"note":{"a":[{"b":[{"c":[1]}]}]}}`},
		"ops":  {`null`, `[]`, `{}`, `"x"`, `[null]`, `[[]]`, `[{}]`, `[1]`},
		"id":   {`null`, `""`, `7`, `"../x"`, `"ABCDEFGHIJKLMNO"`, big, `{}`},
		"at":   {`"yesterday"`, `7`, `"2026-13-45T99:99:99Z"`, big, `{}`},
		"seen": {`7`, `{}`},
	}
	for part, values := range cases {
		for _, value := range values {
			t.Run("X-02 X-04 "+part+" "+value[:min(len(value), 40)], func(t *testing.T) {
				body, seq := s.mutate(map[string]string{part: value})
				s.settled(t, body, seq)
			})
		}
	}
	s.tablet.Pull(0)
	id := record.AsVisit(s.car.Visit).Vehicle()
	s.tablet.Must(apptest.Patch(record.Vehicles, id, s.tablet.Version(record.Vehicles, id), map[string]any{record.FieldNote: "after all that"}))
}

// settled sends a bad mutation twice: it is rejected with code and sentence, and once more the same.
func (s *site) settled(t *testing.T, body []byte, seq int64) {
	t.Helper()
	var first string
	for again := range 2 {
		s.untouched(t, "a bad mutation", func() {
			a := s.Do(http.MethodPost, "/api/sync/push", s.tablet.Token, body)
			var response wire.PushResponse
			a.JSON(&response)
			s.discreet(t, call{caller: "advisor", body: string(body)}, a)
			if a.Status != http.StatusOK || len(response.Outcomes) != 1 {
				t.Fatalf("%d %.300s", a.Status, a.Body)
			}
			o := response.Outcomes[0]
			if o.Outcome != wire.Rejected || !codeForm.MatchString(o.Code) || o.Message == "" || o.Seq != seq || response.Seq != seq {
				t.Errorf("%+v, settled %d", o, response.Seq)
			}
			if again == 0 {
				first = o.Code
			} else if o.Code != first {
				t.Errorf("%s, and then %s", first, o.Code)
			}
		})
	}
}

// TestBadPushes: the push as a whole is refused.
func TestBadPushes(t *testing.T) {
	s := newSite(t, app.Config{})
	lost := s.Device(apptest.SH, "technician")
	lost.Push()
	manager := s.Device(apptest.SH, "manager")
	manager.Pull(0)
	manager.Must(apptest.Patch(record.Devices, lost.ID, manager.Version(record.Devices, lost.ID), map[string]any{record.FieldRevoked: true}))
	s.callers["technician"] = s.Token(apptest.SH, "technician") // the one before ended with the device
	theirs := s.Device(apptest.HZ, "technician")
	theirs.Push()
	body := func(device, epoch, more string) []byte {
		return []byte(`{"device":` + device + `,"epoch":` + epoch + more + `,"mutations":[]}`)
	}
	text := func(v string) string { b, _ := json.Marshal(v); return string(b) }
	epoch := text(s.tablet.Epoch)
	push := call{method: http.MethodPost, path: "/api/sync/push", caller: "advisor"}
	try := func(name, caller string, body []byte, status int, code, field string) {
		t.Run(name, func(t *testing.T) {
			c := push
			c.caller, c.body, c.status, c.code, c.field = caller, body, []int{status}, code, field
			s.refused(t, c)
		})
	}
	try("O-03 a revoked device", "technician", body(text(lost.ID), epoch, ""), 403, "device.revoked", "device")
	try("X-03 the neighbour's device", "technician", body(text(theirs.ID), epoch, ""), 403, "device.foreign", "device")
	try("X-02 another life of the database", "advisor", body(text(s.tablet.ID), `"0123456789abcdef"`, ""), 409, "sync.epoch", "epoch")
	try("X-02 an epoch of a megabyte", "advisor", body(text(s.tablet.ID), text(strings.Repeat("e", 1<<20)), ""), 409, "sync.epoch", "epoch")
	try("X-02 no epoch though the device has pulled", "advisor", body(text(s.tablet.ID), `""`, ""), 409, "sync.epoch", "epoch")
	for _, id := range append([]string{"", "ABCDEFGHIJKLMNO", "abcdefghijklmn", "abcdefghijklmnop"}, hostileIDs...) {
		if strings.Contains(id, "\xff") || id == "_______________" {
			continue
		}
		try("X-02 a device called "+id[:min(len(id), 20)], "advisor", body(text(id), epoch, ""), 400, "device.malformed", "device")
	}
	for _, seq := range []string{"0", "-1", `"1"`, "1.5", "null", "{}", "1e300", "9223372036854775808", "-"} {
		m, _ := s.mutate(map[string]string{"seq": seq})
		s.tablet.Seq--
		try("X-02 a seq of "+seq, "advisor", m, 400, "sync.malformed", "")
	}
	t.Run("X-02 a seq far ahead waits and uses up nothing", func(t *testing.T) {
		for _, seq := range []string{"9007199254740993", "9223372036854775807", "5000"} {
			m, _ := s.mutate(map[string]string{"seq": seq})
			s.tablet.Seq--
			var response wire.PushResponse
			s.untouched(t, "a gap", func() { s.Do(http.MethodPost, "/api/sync/push", s.tablet.Token, m).JSON(&response) })
			if len(response.Outcomes) != 1 || response.Outcomes[0].Code != "sync.gap" || response.Seq != s.tablet.Seq {
				t.Errorf("%s: %+v", seq, response)
			}
		}
	})
	t.Run("X-02 the version of an app that no field can hold", func(t *testing.T) {
		for _, version := range []string{strings.Repeat("9", 1<<20), "\x00", "😀", "1.0.0' --"} {
			fresh := s.Device(apptest.SH, "parts")
			a := s.Do(http.MethodPost, "/api/sync/push", fresh.Token, map[string]any{"device": fresh.ID, "app": version, "mutations": []any{}})
			if a.Status >= 500 || a.Status >= 400 && spoken(a, call{status: []int{400}}, "en") != "" {
				t.Errorf("%.20q: %d %.200s", version, a.Status, a.Body)
			}
		}
	})
}

func TestBadPulls(t *testing.T) {
	s := newSite(t, app.Config{})
	theirs := s.Device(apptest.HZ, "advisor")
	theirs.Pull(0)
	pull := func(values url.Values) call {
		if !values.Has("device") {
			values.Set("device", s.tablet.ID)
		}
		return call{method: http.MethodGet, path: "/api/sync/pull?" + values.Encode(), caller: "advisor", status: []int{400}}
	}
	cut := s.tablet.Cursor[:len(s.tablet.Cursor)-1]
	for _, cursor := range append([]string{"x", cut, s.tablet.Cursor + "A", strings.ToLower(s.tablet.Cursor), theirs.Cursor + theirs.Cursor}, hostileIDs...) {
		t.Run("X-02 a cursor of "+cursor[:min(len(cursor), 20)], func(t *testing.T) {
			c := pull(url.Values{"cursor": {cursor}})
			c.code, c.field = "sync.cursor", "cursor"
			s.refused(t, c)
		})
	}
	for _, limit := range []string{"0", "-1", "x", "1.5", "1e3", "99999999999999999999", "\x00", "٣", strings.Repeat("1", 1<<20)} {
		t.Run("X-02 a limit of "+limit[:min(len(limit), 20)], func(t *testing.T) {
			c := pull(url.Values{"limit": {limit}})
			c.code, c.field = "sync.malformed", "limit"
			s.refused(t, c)
		})
	}
	for _, id := range append([]string{""}, hostileIDs...) {
		if id == "_______________" {
			continue
		}
		t.Run("X-02 a device called "+id[:min(len(id), 20)], func(t *testing.T) {
			c := pull(url.Values{"device": {id}})
			c.code, c.field = "device.malformed", "device"
			s.refused(t, c)
		})
	}
	t.Run("X-03 the neighbour's cursor gives a snapshot of one's own", func(t *testing.T) {
		c := pull(url.Values{"cursor": {theirs.Cursor}})
		a := s.Do(c.method, c.path, s.callers[c.caller], nil)
		s.discreet(t, c, a)
		var page wire.PullResponse
		if a.JSON(&page); a.Status != http.StatusOK || !page.Reset {
			t.Errorf("%d reset %v", a.Status, page.Reset)
		}
	})
}

// TestBadFrames: a socket is closed with the code that says why, and what is in the database stays.
func TestBadFrames(t *testing.T) {
	s := newSite(t, app.Config{})
	hello := func(token, device, cursor string) string {
		b, _ := json.Marshal(wire.Hello{Type: "hello", Token: token, Device: device, Cursor: cursor})
		return string(b)
	}
	good := hello(s.tablet.Token, s.tablet.ID, s.tablet.Cursor)
	cases := map[string]struct {
		frames []string
		code   int
	}{
		"a hello cut off":            {[]string{good[:len(good)-2]}, 4400},
		"a hello that is a list":     {[]string{"[1]"}, 4400},
		"NUL for a hello":            {[]string{"\x00"}, 4400},
		"a hello without a device":   {[]string{hello(s.tablet.Token, "", "")}, 4400},
		"a device by path":           {[]string{hello(s.tablet.Token, "../../x", "")}, 4400},
		"a cursor of the neighbour":  {[]string{hello(s.tablet.Token, s.tablet.ID, "'; --")}, 4400},
		"an expired token":           {[]string{hello(s.callers["expired"], s.tablet.ID, "")}, 4401},
		"a forged token":             {[]string{hello(s.callers["forged"], s.tablet.ID, "")}, 4401},
		"a dismissed person's token": {[]string{hello(s.callers["dismissed"], s.tablet.ID, "")}, 4401},
		"a superuser's token":        {[]string{hello(s.callers["superuser"], s.tablet.ID, "")}, 4401},
		"a customer's token":         {[]string{hello(s.callers["customer"], s.tablet.ID, "")}, 4403},
		"the neighbour's token":      {[]string{hello(s.callers["neighbour"], s.tablet.ID, "")}, 4403},
		"a frame of no type":         {[]string{good, `{}`}, 4400},
		"a frame of another type":    {[]string{good, `{"type":"ops","ops":[]}`}, 4400},
		"a second hello":             {[]string{good, good}, 4400},
		"a frame cut off":            {[]string{good, `{"type":"push","muta`}, 4400},
		"a push of no list":          {[]string{good, `{"type":"push","mutations":"all"}`}, 4400},
		"a push without a seq":       {[]string{good, `{"type":"push","mutations":[{"id":"abcdefghijklmno"}]}`}, 4400},
		"1,001 mutations":            {[]string{good, `{"type":"push","mutations":[` + strings.Repeat("0,", 1000) + `0]}`}, 4413},
		"a frame of not UTF-8":       {[]string{good, "{\"type\":\"\xff\"}"}, 4400},
		"a foreign token to renew":   {[]string{good, `{"type":"auth","token":"` + s.callers["technician"] + `"}`}, 4403},
		"an expired token to renew":  {[]string{good, `{"type":"auth","token":"` + s.callers["expired"] + `"}`}, 4401},
	}
	for name, c := range cases {
		t.Run(fmt.Sprintf("X-02 %s closes with %d", name, c.code), func(t *testing.T) {
			s.untouched(t, name, func() {
				conn, _, err := s.Dial()
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				for _, frame := range c.frames {
					if err := conn.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
						t.Fatal(err)
					}
				}
				if code := apptest.CloseCode(conn); code != c.code {
					t.Error(code)
				}
			})
		})
	}
}

// TestBadHandshakes: what is no handshake, or comes from a page of somebody else's, is told so in the house's shape.
func TestBadHandshakes(t *testing.T) {
	s := newSite(t, app.Config{})
	for name, c := range map[string]struct {
		headers     []string
		status      int
		code, field string
	}{
		"no upgrade":              {nil, 400, "sync.malformed", "Upgrade"},
		"an upgrade to nothing":   {[]string{"Upgrade", "h2c"}, 400, "sync.malformed", "Upgrade"},
		"another version":         {[]string{"Sec-WebSocket-Version", "99"}, 400, "sync.malformed", "Upgrade"},
		"a key that is none":      {[]string{"Sec-WebSocket-Key", "x"}, 400, "sync.malformed", "Upgrade"},
		"no key":                  {[]string{"Sec-WebSocket-Key", ""}, 400, "sync.malformed", "Upgrade"},
		"a page of somebody else": {[]string{"Origin", "https://evil.example"}, 403, "access.forbidden", "Origin"},
		"a page of nobody":        {[]string{"Origin", "null"}, 403, "access.forbidden", "Origin"},
		"an origin that is none":  {[]string{"Origin", "%zz://\x00"}, 403, "access.forbidden", "Origin"},
	} {
		t.Run("X-02 a handshake with "+name, func(t *testing.T) {
			headers := c.headers
			if headers != nil {
				headers = append([]string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13",
					"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}, c.headers...)
			}
			s.refused(t, call{method: http.MethodGet, path: "/api/sync/live", caller: "advisor", headers: headers, status: []int{c.status}, code: c.code, field: c.field})
		})
	}
}
