package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// hostile values are sent to every field of every collection.
var hostile = []any{
	nil, true, "x", "\x00", "'; DROP TABLE jobs; --", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢\u202e", -1, 1.5, 1e300, []any{nil}, []any{[]any{[]any{}}},
	map[string]any{"a": map[string]any{"b": []any{1, nil}}}, "9999999-01-01 00:00:00Z", strings.Repeat("很", 6000), "abcdefghijklmno", "null",
}

// Whatever is sent, the answer is yes, or a refusal with its code; never a 500, and never a refusal that says nothing.
func TestHostileValues(t *testing.T) {
	s := newShop(t)
	for collection, rec := range rows(s) {
		e := flow.Table().ByCollection(collection)
		path := "/api/collections/" + collection + "/records"
		send := func(method, path, name string, body map[string]any) {
			a := s.call(s.super, method, path, body)
			if a.Status != http.StatusOK && (a.Status != http.StatusBadRequest || !strings.Contains(read(a).code, ".")) {
				t.Errorf("%s %s %s=%.40v: %d %v", method, collection, name, body[name], a.Status, a.Body)
			}
		}
		for name, f := range e.Fields {
			for _, v := range hostile {
				send(http.MethodPatch, path+"/"+rec.Id, name, map[string]any{name: v})
				if f.Required {
					send(http.MethodPost, path, name, map[string]any{record.FieldShop: s.Shop, name: v})
				}
			}
		}
	}
}
