package push

import (
	"encoding/json"
	"errors"
	"sort"
	"strings"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/tools/router"

	"aftercare/internal/fault"
	"aftercare/internal/wire"
)

// result is what became of a mutation, as it is stored: in both languages, for whoever asks again.
type result struct {
	Outcome string                     `json:"outcome"`
	Commit  int64                      `json:"commit,omitempty"`
	Version map[string]int64           `json:"version,omitempty"`
	Faults  []told                     `json:"faults,omitempty"`
	Server  map[string]json.RawMessage `json:"server,omitempty"`
	Since   map[string][]wire.Touch    `json:"since,omitempty"`

	first *result // of a reused id: what became of the person's mutation that had it first
}

// told is a fault in words.
type told struct {
	Code  string `json:"code"`
	Field string `json:"field,omitempty"`
	Zh    string `json:"zh"`
	En    string `json:"en"`
}

func tell(f *fault.Fault) told {
	return told{Code: f.Code, Field: f.Field, Zh: f.Message("zh"), En: f.Message("en")}
}

func (t told) in(lang string) string {
	if strings.HasPrefix(lang, "en") {
		return t.En
	}
	return t.Zh
}

func (t told) said() map[string]string { return map[string]string{"zh": t.Zh, "en": t.En} }

func rejected(faults ...*fault.Fault) *result {
	r := &result{Outcome: wire.Rejected}
	for _, f := range faults {
		r.Faults = append(r.Faults, tell(f))
	}
	return r
}

func retry(code string) *result {
	return &result{Outcome: wire.Retry, Faults: []told{tell(fault.New(fault.Unavailable, code))}}
}

// wire is the result as an outcome of the seq, with sentences in lang.
func (r *result) wire(seq int64, lang string) wire.Outcome {
	o := wire.Outcome{Seq: seq, Outcome: r.Outcome, Commit: r.Commit, Version: r.Version, Since: r.Since}
	if len(r.Faults) > 0 {
		o.Code, o.Message = r.Faults[0].Code, r.Faults[0].in(lang)
		if r.Outcome == wire.Rejected { // it stays with the person, who may change the language
			o.Said = r.Faults[0].said()
		}
	}
	for _, t := range r.Faults {
		if t.Field == "" {
			continue
		}
		if o.Fields == nil {
			o.Fields = map[string]wire.FieldFault{}
		}
		o.Fields[t.Field] = wire.FieldFault{Code: t.Code, Message: t.in(lang), Said: t.said()}
	}
	for key, row := range r.Server {
		var values map[string]any
		if json.Unmarshal(row, &values) != nil {
			continue
		}
		if o.Server == nil {
			o.Server = map[string]map[string]any{}
		}
		o.Server[key] = values
	}
	if r.Outcome == wire.Retry {
		o.After = pause.Milliseconds()
	}
	if r.first != nil {
		first := r.first.wire(seq, lang)
		o.First = &first
	}
	return o
}

// refusals are the faults in an error: a rule's no, or PocketBase's own. None means trouble, not a no.
func refusals(err error) []*fault.Fault {
	if f, ok := fault.From(err); ok {
		if f.Kind == fault.Unavailable {
			return nil
		}
		return []*fault.Fault{f}
	}
	var fields validation.Errors
	if errors.As(err, &fields) && len(fields) > 0 {
		names := make([]string, 0, len(fields))
		for name := range fields {
			names = append(names, name)
		}
		sort.Strings(names)
		faults := make([]*fault.Fault, len(names))
		for i, name := range names {
			faults[i] = fault.New(fault.Invalid, "field.invalid").On(name).With("field", name)
		}
		return faults
	}
	var api *router.ApiError
	if errors.As(err, &api) && api.Status >= 400 && api.Status < 500 {
		return []*fault.Fault{fault.New(fault.Invalid, "field.invalid")}
	}
	return nil
}

// passing are the troubles of a database that go away: the mutation waits, however long.
var passing = []string{"database is locked", "table is locked", "SQLITE_BUSY", "interrupted", "disk I/O error", "database or disk is full",
	"attempt to write a readonly database", "context canceled", "context deadline exceeded", "driver: bad connection", "sql: database is closed"}

func isPassing(err error) bool {
	text := err.Error()
	for _, one := range passing {
		if strings.Contains(text, one) {
			return true
		}
	}
	return false
}
