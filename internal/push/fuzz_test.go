package push_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"sort"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/flow"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// tape turns a fuzzer's bytes into choices; it ends in zeros.
type tape struct{ bytes []byte }

func (t *tape) next() int {
	if len(t.bytes) == 0 {
		return 0
	}
	b := t.bytes[0]
	t.bytes = t.bytes[1:]
	return int(b)
}

func (t *tape) of(all []string) string { return all[t.next()%len(all)] }

// values are the JSON that fields are tried with.
var values = []string{`"x"`, `""`, `0`, `1`, `-1`, `1.5`, `9007199254740993`, `1e30`, `null`, `true`, `[]`, `{}`, `[""]`, `["x",1]`, `{"a":{"b":[]}}`,
	`"2026-11-21 02:03:04.005Z"`, `"9999-12-31T23:59:59Z"`, `"0000-00-00"`, `"\u0000"`, `"\ud800"`, `"open"`, `"in_progress"`, `"approved"`, `"signed"`,
	`"estimate"`, `[{"code":"x"}]`, `[{"name":"x","quantity_milli":-1}]`, `"` + strings.Repeat("长", 300) + `"`,
	`"` + apptest.SH + `"`, `"` + apptest.HZ + `"`, `"verified"`, `"repair"`, `"self"`, `"pass"`, `"fail"`, `"jobs"`, `"kept"`, `"merged"`, `"ask"`}

// hostility is a house and a device whose pushes are made of a tape.
type hostility struct {
	*apptest.Shop
	t       *testing.T
	device  *apptest.Device
	rows    []string // "collection/id" of ours, of the neighbour's and of nobody's
	fields  map[string][]string
	ids     []string
	settled int64
}

func newHostility(f *testing.F) *hostility {
	h := &hostility{Shop: apptest.New(f), fields: map[string][]string{}}
	h.Day(apptest.SH).JobInProgress()
	h.Day(apptest.SH).VisitOpen()
	h.Day(apptest.HZ).JobInProgress()
	h.device = h.Device(apptest.SH, "manager")
	h.device.Push()
	h.device.Pull(0)
	for _, entity := range flow.Table().Entities {
		for name := range entity.Fields {
			h.fields[entity.Collection] = append(h.fields[entity.Collection], name)
		}
		h.fields[entity.Collection] = append(h.fields[entity.Collection], "id", "nothing", record.FieldShop, record.FieldVisit)
		sort.Strings(h.fields[entity.Collection])
		records, err := h.App.FindAllRecords(entity.Collection)
		if err != nil {
			f.Fatal(err)
		}
		for i, rec := range records {
			if i%3 == 0 || i < 6 {
				h.rows = append(h.rows, entity.Collection+"/"+rec.Id)
			}
		}
		h.rows = append(h.rows, entity.Collection+"/"+apptest.NewID())
	}
	h.rows = append(h.rows, "_superusers/"+apptest.NewID(), "sync_changes/1", "/", "jobs/../../etc")
	sort.Strings(h.rows)
	return h
}

func (h *hostility) op(t *tape) map[string]any {
	collection, id, _ := strings.Cut(t.of(h.rows), "/")
	kind := t.of([]string{"patch", "create", "delete", "patch", "create", "patch", "put", ""})
	if kind == "create" && t.next()%4 != 0 {
		id = apptest.NewID()
	}
	op := map[string]any{"op": kind, "collection": collection, "id": id}
	version := h.device.Version(collection, id)
	switch t.next() % 8 {
	case 0:
		op["base"] = json.RawMessage(t.of(values[:10]))
	case 1:
		op["base"] = version + 1
	case 2:
		op["base"] = max(version-1, 1)
	default:
		op["base"] = version
	}
	data := map[string]any{}
	for range t.next() % 6 {
		if names := h.fields[collection]; len(names) > 0 {
			data[t.of(names)] = json.RawMessage(h.value(t))
		}
	}
	op["data"] = data
	return op
}

// value is one of the list, or the id of a row.
func (h *hostility) value(t *tape) string {
	if t.next()%3 == 0 {
		_, id, _ := strings.Cut(t.of(h.rows), "/")
		return `"` + id + `"`
	}
	return t.of(values)
}

func (h *hostility) mutation(t *tape, next int64) map[string]any {
	m := map[string]any{"seq": next, "id": apptest.NewID(), "intent": "fuzz", "at": "2026-11-21T02:03:04.005Z", "seen": h.device.Cursor}
	switch t.next() % 16 {
	case 0:
		m["seq"] = next + int64(t.next()) - 128
	case 1:
		m["id"] = h.ids[len(h.ids)-1-t.next()%len(h.ids)]
	case 2:
		m["at"] = json.RawMessage(t.of(values))
	case 3:
		m["commit"] = json.RawMessage(t.of(values[2:8]))
	case 4:
		m["app"] = json.RawMessage(t.of(values))
	case 5:
		m["seen"] = json.RawMessage(t.of(values))
	}
	ops := []any{}
	for range 1 + t.next()%4 {
		ops = append(ops, h.op(t))
	}
	m["ops"] = ops
	if id, ok := m["id"].(string); ok {
		h.ids = append(h.ids, id)
	}
	return m
}

// push is what the device sends for the tape.
func (h *hostility) push(t *tape) []byte {
	mutations := []any{}
	for i := range 1 + t.next()%4 {
		mutations = append(mutations, h.mutation(t, h.settled+1+int64(i)))
	}
	body, err := json.Marshal(map[string]any{"device": h.device.ID, "epoch": h.device.Epoch, "app": "1.0.0", "mutations": mutations})
	if err != nil {
		h.t.Fatal(err)
	}
	return body
}

// send pushes and holds the answer to what every answer keeps to.
func (h *hostility) send(body []byte) wire.PushResponse {
	a := h.Do(http.MethodPost, "/api/sync/push", h.device.Token, body)
	var response wire.PushResponse
	if a.JSON(&response); a.Status != http.StatusOK {
		if a.Status < 400 || a.Status > 499 || a.Code() == "" {
			h.t.Fatalf("%d %s for %s", a.Status, a.Body, body)
		}
		return wire.PushResponse{Seq: h.settled}
	}
	next := h.settled
	for _, o := range response.Outcomes {
		switch {
		case o.Outcome == wire.Retry && o.Code != "sync.gap", o.Code == "sync.unexpected", o.Outcome == "":
			h.t.Fatalf("%+v for %s", o, body)
		case o.Outcome == wire.Rejected && (o.Code == "" || o.Message == ""):
			h.t.Fatalf("no code: %+v for %s", o, body)
		case o.Outcome != wire.Retry && (o.Code != "sync.reused" || o.First != nil) && o.Seq > next:
			if next++; o.Seq != next {
				h.t.Fatalf("settled %d after %d: %s", o.Seq, next-1, body)
			}
		}
	}
	if response.Seq != next {
		h.t.Fatalf("settled %d, counted %d: %s", response.Seq, next, body)
	}
	return response
}

// neighbours is a mark of the change log as the other shop sees it.
func (h *hostility) neighbours() (last int64) {
	h.t.Helper()
	if err := h.App.DB().NewQuery("SELECT max(seq) FROM sync_changes WHERE shop = '" + apptest.HZ + "'").Row(&last); err != nil {
		h.t.Fatal(err)
	}
	return last
}

// FuzzEngine: whatever mutations a device makes up, each is answered for good and the same again when it is sent again,
// seq counts what was settled, nothing of the neighbour's changes, and a device that follows holds the server's rows.
func FuzzEngine(f *testing.F) {
	h := newHostility(f)
	h.ids = []string{apptest.NewID()}
	for _, seed := range [][]byte{{}, {1, 2, 3, 4, 5, 6, 7, 8}, []byte("a push made of words, each letter a choice"), slices.Repeat([]byte{0, 255, 3, 77}, 20)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, choices []byte) {
		h.t = t
		h.Under(t)
		theirs := h.neighbours()
		body := h.push(&tape{choices})
		first := h.send(body)
		answered := h.settled
		h.settled = first.Seq
		if again := h.send(body); again.Seq != first.Seq || !sameAnswers(first.Outcomes, again.Outcomes, answered) {
			t.Fatalf("answered %+v, and then %+v, for %s", first, again, body)
		}
		if h.neighbours() != theirs {
			t.Fatalf("the neighbour's rows changed by %s", body)
		}
		h.device.Pull(0)
		for _, o := range first.Outcomes {
			for key, version := range o.Version {
				collection, id, _ := strings.Cut(key, "/")
				if here := h.device.Version(collection, id); here != 0 && here < version {
					t.Fatalf("%s is at %d here and at %d there, after %s", key, here, version, body)
				}
			}
		}
	})
}

// sameAnswers compares what was answered for good. A seq that was used twice in one push is answered for its second
// content as reused, both times.
func sameAnswers(first, again []wire.Outcome, settled int64) bool {
	if len(first) != len(again) {
		return false
	}
	for i := range first {
		if first[i].Outcome == wire.Retry || again[i].Outcome == wire.Retry {
			if first[i].Outcome != again[i].Outcome && first[i].Seq <= settled {
				return false
			}
			continue
		}
		a, errA := json.Marshal(first[i])
		b, errB := json.Marshal(again[i])
		if errA != nil || errB != nil || string(a) != string(b) {
			return false
		}
	}
	return true
}
