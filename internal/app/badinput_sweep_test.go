package app_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// sweepFor bounds the sweep: a slow machine tries less.
const sweepFor = 8 * time.Second

// TestSweep sends good requests with something broken in them: never a 500, and all of a request is done or nothing.
// A failure prints its seed; `go test ./internal/app -run TestSweep -rapid.seed=N` sends the same again.
func TestSweep(t *testing.T) {
	s := newSite(t, app.Config{})
	began := time.Now()
	t.Run("X-02 X-04 a broken push is done whole or not at all", func(t *testing.T) {
		rapid.Check(t, func(r *rapid.T) {
			for range 5 {
				if time.Since(began) < sweepFor/2 {
					s.sweepPush(r)
				}
			}
		})
		id := record.AsVisit(s.car.Visit).Vehicle()
		s.tablet.Pull(0)
		s.tablet.Must(apptest.Patch(record.Vehicles, id, s.tablet.Version(record.Vehicles, id), map[string]any{record.FieldNote: "after the sweep"}))
	})
	t.Run("X-02 X-04 a broken call or batch is done whole or not at all", func(t *testing.T) {
		rapid.Check(t, func(r *rapid.T) {
			for range 5 {
				if time.Since(began) < sweepFor {
					s.sweepREST(r)
				}
			}
		})
	})
}

// strange are values in the place of good ones.
func (s *site) strange() []any {
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	return []any{nil, true, false, "", " ", "x", 0, -1, 1.5, raw("1e300"), raw("9223372036854775808"), raw("-0"), "\x00", "\u202e𝔘", strings.Repeat("很", 6000),
		[]any{}, []any{nil}, map[string]any{}, map[string]any{"a": map[string]any{"b": []any{1}}}, raw(strings.Repeat("[", 15) + strings.Repeat("]", 15)),
		"' OR 1=1 --", "../../x", "2026-13-45", "9999-12-31 23:59:59.999Z", "abcdefghijklmno", apptest.HZ, s.foreign[record.Vehicles][0],
		s.foreign[record.Customers][0], s.car.Job.Id, "jobs", "_superusers", "sync_changes", "released", "delete", "patch", "system", "head_office"}
}

// spoil breaks one to three places of a JSON value, and now and then its text.
func (s *site) spoil(r *rapid.T, good any) []byte {
	text, _ := json.Marshal(good)
	var tree any
	_ = json.Unmarshal(text, &tree)
	for range rapid.IntRange(1, 3).Draw(r, "places") {
		places := spots(&tree, nil)
		at := places[rapid.IntRange(0, len(places)-1).Draw(r, "place")]
		at(rapid.SampledFrom(s.strange()).Draw(r, "value"), rapid.IntRange(0, 5).Draw(r, "how"))
	}
	text, _ = json.Marshal(tree)
	switch rapid.IntRange(0, 12).Draw(r, "text") {
	case 0:
		return text[:rapid.IntRange(0, len(text)).Draw(r, "cut")]
	case 1:
		i := rapid.IntRange(0, len(text)-1).Draw(r, "flip")
		text[i] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
	case 2:
		i := rapid.IntRange(0, len(text)).Draw(r, "insert")
		return slices.Concat(text[:i], []byte(rapid.SampledFrom([]string{"\x00", "\xff", `"`, ",", "{", "]", "1e999", `\u0000`}).Draw(r, "text")), text[i:])
	}
	return text
}

// spot changes one place of a tree: puts the value there, takes the place away, or doubles it under another name.
type spot func(value any, how int)

func spots(root *any, found []spot) []spot {
	found = append(found, func(value any, _ int) { *root = value })
	switch v := (*root).(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			child := v[key]
			found = append(found, func(value any, how int) {
				switch how {
				case 0:
					delete(v, key)
				case 1:
					v[key+"x"] = child
				default:
					v[key] = value
				}
			})
			for _, inner := range spots(&child, nil)[1:] {
				found = append(found, func(value any, how int) { inner(value, how); v[key] = child })
			}
		}
	case []any:
		for i := range v {
			found = append(found, func(value any, how int) {
				if how == 0 {
					v = append(v, v[i])
					*root = v
					return
				}
				v[i] = value
			})
			for _, inner := range spots(&v[i], nil)[1:] {
				found = append(found, inner)
			}
		}
	}
	return found
}

func (s *site) sweepPush(r *rapid.T) {
	visit := s.car.Visit.Id
	customer := record.AsVisit(s.car.Visit).Customer()
	s.tablet.Seq++
	good := s.tablet.Body(wire.Mutation{Seq: s.tablet.Seq, ID: apptest.NewID(), Intent: "sweep", At: "2026-11-21T02:03:04.005Z", Seen: s.tablet.Cursor, Ops: []wire.Op{
		apptest.Create(record.Customers, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldName: "王芳", record.FieldPhone: "13700000000"}),
		apptest.Create(record.Concerns, apptest.NewID(), map[string]any{record.FieldShop: apptest.SH, record.FieldVisit: visit, record.FieldWords: "异响"}),
		apptest.Patch(record.Customers, customer, 1, map[string]any{record.FieldWishes: apptest.NewID()}),
	}})
	sent := s.spoil(r, good)
	before := s.now()
	a := s.Do(http.MethodPost, "/api/sync/push", s.tablet.Token, sent)
	after := s.now()
	if a.Status >= 500 {
		r.Fatalf("%d %s for %s", a.Status, a.Body, sent)
	}
	if !bytes.Contains(sent, []byte(`"device":"`+s.tablet.ID+`"`)) {
		before = after // the first call of another device binds it, whatever comes of the call
	}
	var response wire.PushResponse
	if a.Status != http.StatusOK {
		s.tablet.Seq--
		if before != after || spoken(a, call{status: []int{a.Status}}, "en") != "" {
			r.Fatalf("%d %s, written %v, for %s", a.Status, a.Body, before != after, sent)
		}
		return
	}
	a.JSON(&response)
	s.tablet.Seq = s.settledSeq(r)
	done := false
	for _, o := range response.Outcomes {
		done = done || o.Outcome == wire.Applied || o.Outcome == wire.Merged
		if o.Outcome == wire.Retry && o.Code != "sync.gap" {
			r.Fatalf("%+v for ever, for %s", o, sent)
		}
	}
	if !done && before != after {
		r.Fatalf("written though %s, for %s", a.Body, sent)
	}
	if done && len(response.Outcomes) == 1 {
		s.whole(r, sent)
	}
}

// settledSeq asks how far the server has come with the tablet.
func (s *site) settledSeq(r *rapid.T) int64 {
	var response wire.PushResponse
	if a := s.tablet.Send(); a.Status != http.StatusOK {
		r.Fatalf("the tablet is not heard any more: %d %s", a.Status, a.Body)
	} else {
		a.JSON(&response)
	}
	return response.Seq
}

// whole looks for every row that an applied mutation was to create.
func (s *site) whole(r *rapid.T, sent []byte) {
	request, err := wire.ParsePush(sent)
	if err != nil {
		r.Fatalf("taken, though %v: %s", err, sent)
	}
	for _, op := range request.Mutations[0].Ops {
		if _, err := s.App.FindRecordById(op.Collection, op.ID); err != nil && op.Op != wire.Delete {
			r.Fatalf("half of it: %s/%s is not there: %s", op.Collection, op.ID, sent)
		}
	}
}

func (s *site) sweepREST(r *rapid.T) {
	vehicle := record.AsVisit(s.car.Visit).Vehicle()
	fresh := map[string]any{record.FieldShop: apptest.SH, record.FieldPlate: "沪Z1", record.FieldVIN: "LSVAA4182E2184847", record.FieldOdometerKm: 7, record.FieldEnergy: "fuel"}
	change := map[string]any{record.FieldNote: apptest.NewID(), record.FieldColour: "red"}
	job := map[string]any{record.FieldShop: apptest.SH, record.FieldVisit: s.car.Visit.Id, record.FieldWorkOrder: s.car.Order.Id, record.FieldOrigin: "supplement",
		record.FieldWork: "x", record.FieldPayer: "customer", record.FieldParts: []any{map[string]any{"name": "x", "quantity_milli": 1000, "unit_fen": 5, "origin": "shop", "grade": "genuine"}}}
	url := rows("vehicles")
	batch := map[string]any{"requests": []any{
		map[string]any{"method": "POST", "url": url, "body": fresh}, map[string]any{"method": "PATCH", "url": url + "/" + vehicle, "body": change},
		map[string]any{"method": "PUT", "url": url, "body": map[string]any{"id": apptest.NewID(), "plate": "沪Z2"}}}}
	one := rapid.SampledFrom([]call{
		{method: http.MethodPost, path: url, body: fresh}, {method: http.MethodPatch, path: url + "/" + vehicle, body: change},
		{method: http.MethodPost, path: rows("jobs"), body: job}, {method: http.MethodPost, path: "/api/batch", body: batch},
	}).Draw(r, "call")
	caller := rapid.SampledFrom([]string{"advisor", "technician", "manager", "neighbour", "customer"}).Draw(r, "caller")
	sent := s.spoil(r, one.body)
	before := s.now()
	a := s.Do(one.method, one.path, s.callers[caller], sent)
	if a.Status >= 500 {
		r.Fatalf("%s %s: %d %s for %s", one.method, one.path, a.Status, a.Body, sent)
	}
	if a.Status >= 400 && (s.now() != before || spoken(a, call{status: []int{a.Status}}, "en") != "") {
		r.Fatalf("%s %s: %d %s, written %v, for %s", one.method, one.path, a.Status, a.Body, s.now() != before, sent)
	}
}
