// Package fault is the one shape of an error that a person or a client may see: a kind that decides the HTTP
// status, a stable code of the form "area.reason", the field it is about, and parameters for the sentence.
// The sentences, Chinese and English, stand in codes/*.json and nowhere else. It promises that every code it
// is given has both texts (a test holds all codes used in the tree against the files) and knows nothing of HTTP.
package fault

import (
	"errors"
	"fmt"
	"maps"
)

// Kind says what sort of trouble it is; package route maps it to a status.
type Kind int

const (
	Invalid      Kind = iota // 400: malformed or outside its limits
	Refused                  // 400: a rule of the trade says no
	Unauthorised             // 401: not signed in, or no longer
	Forbidden                // 403: signed in, but not this
	NotFound                 // 404
	Conflict                 // 409: the caller's picture is out of date
	TooLarge                 // 413
	Unprocessed              // 422: understood, but the content is bad (photos)
	Upgrade                  // 426: the app is too old
	TooMany                  // 429
	Unavailable              // 503: passing trouble; the same call may go through later
)

// Fault is an error with a code. Params fill the {names} of its sentence; Details are told to the program that asked,
// beside code and sentence.
type Fault struct {
	Kind    Kind
	Code    string
	Field   string
	Params  map[string]any
	Details map[string]any
	cause   error
}

// New makes a fault of the given kind and code.
func New(kind Kind, code string) *Fault { return &Fault{Kind: kind, Code: code} }

// On names the field the fault is about ("state", "jobs/<id>").
func (f *Fault) On(field string) *Fault {
	c := *f
	c.Field = field
	return &c
}

// With adds a parameter for the sentence.
func (f *Fault) With(name string, value any) *Fault {
	c := *f
	c.Params = with(f.Params, name, value)
	return &c
}

// Telling adds a detail for the program that asked.
func (f *Fault) Telling(name string, value any) *Fault {
	c := *f
	c.Details = with(f.Details, name, value)
	return &c
}

func with(values map[string]any, name string, value any) map[string]any {
	again := maps.Clone(values)
	if again == nil {
		again = map[string]any{}
	}
	again[name] = value
	return again
}

// Because keeps the underlying error for the log; it is never shown.
func (f *Fault) Because(err error) *Fault {
	c := *f
	c.cause = err
	return &c
}

// Error is for logs: code and field, not the sentence.
func (f *Fault) Error() string {
	s := f.Code
	if f.Field != "" {
		s = fmt.Sprintf("%s on %s", s, f.Field)
	}
	if f.cause != nil {
		s += ": " + f.cause.Error()
	}
	return s
}

func (f *Fault) Unwrap() error { return f.cause }

// Is compares by code, so that errors.Is(err, fault.New(_, "x.y")) asks "is it this one".
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code
}

// From finds the fault inside an error chain.
func From(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}
