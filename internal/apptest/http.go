package apptest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
)

// Answer is what the handler said.
type Answer struct {
	Status int
	Body   []byte
	Header http.Header
}

// JSON decodes the answer into v; a body that is not JSON leaves it alone.
func (a Answer) JSON(v any) { _ = json.Unmarshal(a.Body, v) }

// Code is the first code of an error answer, "" when there is none.
func (a Answer) Code() string {
	var e struct {
		Data map[string]struct {
			Code string `json:"code"`
		} `json:"data"`
	}
	a.JSON(&e)
	for _, field := range e.Data {
		return field.Code
	}
	return ""
}

// Do calls the handler; body is sent as it is when it is bytes, else as JSON. Headers come in pairs.
func (s *Shop) Do(method, path, token string, body any, headers ...string) Answer {
	s.t.Helper()
	var raw []byte
	switch b := body.(type) {
	case nil:
	case []byte:
		raw = b
	default:
		var err error
		if raw, err = json.Marshal(b); err != nil {
			s.t.Fatalf("body: %v", err)
		}
	}
	r := httptest.NewRequest(method, path, bytes.NewReader(raw))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", "en")
	if token != "" {
		r.Header.Set("Authorization", token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	return Answer{Status: w.Code, Body: w.Body.Bytes(), Header: w.Header()}
}
