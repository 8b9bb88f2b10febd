package hooks_test

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/fault"
	"aftercare/internal/record"
	"aftercare/internal/wire"
)

// op is one write a person tries.
type op struct {
	role       string
	collection string
	id         string // "" creates
	data       map[string]any
	remove     bool
}

func create(role, collection string, data map[string]any) op {
	return op{role: role, collection: collection, data: data}
}

func patch(role string, rec *core.Record, data map[string]any) op {
	return op{role: role, collection: rec.Collection().Name, id: rec.Id, data: data}
}

func step(role string, rec *core.Record, state string) op {
	return patch(role, rec, map[string]any{record.FieldState: state})
}

func remove(role string, rec *core.Record) op {
	return op{role: role, collection: rec.Collection().Name, id: rec.Id, remove: true}
}

// refusal is what the door answered: no code when it let the write pass.
type refusal struct {
	status      int
	code, field string
}

// door is a way to write.
type door struct {
	name string
	try  func(s *shop, o op) refusal
}

var doors = []door{
	{"save", func(s *shop, o op) refusal { return s.direct(o) }},
	{"rest", func(s *shop, o op) refusal { return s.rest(s.tokenOf(o.role), o) }},
	{"batch", func(s *shop, o op) refusal { return s.batch(s.tokenOf(o.role), o) }},
	{"push", func(s *shop, o op) refusal { return s.push(o) }},
	{"superuser", func(s *shop, o op) refusal { return s.rest(s.super, o) }},
}

func (s *shop) direct(o op) refusal {
	s.t.Helper()
	var err error
	switch {
	case o.id == "":
		_, err = s.Create(o.role, o.collection, o.data)
	default:
		rec, findErr := s.App.FindRecordById(o.collection, o.id)
		if findErr != nil {
			s.t.Fatal(findErr)
		}
		if o.remove {
			release := record.Hand(rec, s.Actor(o.role))
			defer release()
			err = s.App.Delete(rec)
		} else {
			err = s.Patch(o.role, rec, o.data)
		}
	}
	if err == nil {
		return refusal{status: http.StatusOK}
	}
	f, ok := fault.From(err)
	if !ok {
		s.t.Fatalf("%v: not a fault: %v", o, err)
	}
	return refusal{status: http.StatusBadRequest, code: f.Code, field: f.Field}
}

func (s *shop) request(o op) (method, path string, body map[string]any) {
	path = "/api/collections/" + o.collection + "/records"
	switch {
	case o.remove:
		return http.MethodDelete, path + "/" + o.id, nil
	case o.id != "":
		return http.MethodPatch, path + "/" + o.id, o.data
	}
	body = map[string]any{record.FieldShop: s.Shop}
	for k, v := range o.data {
		body[k] = v
	}
	return http.MethodPost, path, body
}

func (s *shop) rest(token string, o op) refusal {
	s.t.Helper()
	method, path, body := s.request(o)
	return read(s.call(token, method, path, body))
}

// batch sends a harmless write first: when the second is refused, the first must be gone as well.
func (s *shop) batch(token string, o op) refusal {
	s.t.Helper()
	method, path, body := s.request(o)
	harmless := map[string]any{"method": http.MethodPost, "url": "/api/collections/" + record.Photos + "/records", "body": s.harmless()}
	got := s.call(token, http.MethodPost, "/api/batch", map[string]any{"requests": []any{harmless,
		map[string]any{"method": method, "url": path, "body": body}}})
	if got.Status == http.StatusOK {
		return refusal{status: http.StatusOK}
	}
	data, _ := got.Body["data"].(map[string]any)
	requests, _ := data["requests"].(map[string]any)
	second, _ := requests["1"].(map[string]any)
	response, _ := second["response"].(map[string]any)
	return read(answer{Status: got.Status, Body: response})
}

// push sends the same two writes as one mutation from the person's tablet.
func (s *shop) push(o op) refusal {
	s.t.Helper()
	photo := apptest.Create(record.Photos, apptest.NewID(), s.harmless())
	var act wire.Op
	if o.id == "" {
		_, _, body := s.request(o)
		act = apptest.Create(o.collection, apptest.NewID(), body)
	} else {
		rec, err := s.App.FindRecordById(o.collection, o.id)
		if err != nil {
			s.t.Fatal(err)
		}
		base := int64(rec.GetInt(record.FieldVersion))
		act = apptest.Patch(o.collection, o.id, base, o.data)
		if o.remove {
			act = apptest.Delete(o.collection, o.id, base)
		}
	}
	outcome := s.tablet(o.role).Do(photo, act)
	r := refusal{status: http.StatusOK, code: outcome.Code}
	for field, f := range outcome.Fields {
		r.field, r.code = field, f.Code
	}
	if outcome.Outcome == wire.Rejected {
		r.status = http.StatusBadRequest
	}
	return r
}

func read(a answer) refusal {
	r := refusal{status: a.Status}
	data, _ := a.Body["data"].(map[string]any)
	for field, v := range data {
		item, _ := v.(map[string]any)
		r.field = field
		r.code, _ = item["code"].(string)
	}
	return r
}

// harmless is a row that any member of staff may make: a photo of a visit that is still on its way.
func (s *shop) harmless() map[string]any {
	return map[string]any{record.FieldShop: s.Shop, record.FieldSubjectCollection: record.Visits,
		record.FieldSubjectRecord: "abcdefghijklmno",
		record.FieldSHA256:        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
}

// trace is everything that is stored, as the change log counts it.
func (s *shop) trace() (head int64) {
	s.t.Helper()
	if err := s.App.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM sync_changes").Row(&head); err != nil {
		s.t.Fatal(err)
	}
	return head
}
