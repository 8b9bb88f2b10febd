package route

import (
	"cmp"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/picker"
	"github.com/pocketbase/pocketbase/tools/router"
	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// outermost is before PocketBase's own first middleware: its rate limit and body limit get their codes, too.
const outermost = -100000

// BindCodes gives PocketBase's own refusals (not signed in, another shop's row, too many tries, its sign-in forms) a
// code and a sentence in the client's language. It goes round every route; refusals that have their code already pass
// as they are, and so does what a superuser's own screens are told.
func BindCodes(se *core.ServeEvent) {
	se.Router.Bind(&hook.Handler[*core.RequestEvent]{Id: "codes", Priority: outermost, Func: func(e *core.RequestEvent) error {
		if !strings.HasPrefix(e.Request.URL.Path, "/api/") {
			return e.Next()
		}
		if _, err := picker.Pick(map[string]any{}, e.Request.URL.Query().Get("fields")); err != nil { // PocketBase finds out in mid-answer
			return Fail(e, fault.New(fault.Invalid, "access.unreadable").On("fields").Because(err))
		}
		if body, ok := e.Request.Body.(*router.RereadableReadCloser); ok && isJSON(e.Request) {
			body.ReadCloser = textOnly(body.ReadCloser)
		}
		if err := e.Next(); err != nil {
			return settle(e, router.ToApiError(err))
		}
		return nil
	}})
	se.Router.BindFunc(steady)
}

// isJSON: what comes packed is not yet text.
func isJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") && r.Header.Get("Content-Encoding") == ""
}

// textOnly is the body of a request as long as it is UTF-8, as JSON must be: Go's decoder would quietly put another
// character in the place of each broken one.
func textOnly(body io.ReadCloser) io.ReadCloser {
	return struct {
		io.Reader
		io.Closer
	}{transform.NewReader(body, encoding.UTF8Validator), body}
}

// panicky are routes whose form PocketBase (v0.39.11) checks without looking whether there is any: {"requests":[null]}
// and null. Nothing has been written by then.
var panicky = []string{"POST /api/batch", "PATCH /api/settings"}

// steady answers a body that makes such a check panic as what it is.
func steady(e *core.RequestEvent) (err error) {
	if slices.Contains(panicky, e.Request.Pattern) {
		defer func() {
			if p := recover(); p != nil {
				e.App.Logger().Warn("a body could not be read", "route", e.Request.Pattern, "panic", p)
				err = Fail(e, fault.New(fault.Invalid, "access.unreadable"))
			}
		}()
	}
	return e.Next()
}

// settle is the answer with our codes in the place of none and of PocketBase's.
func settle(e *core.RequestEvent, answer *router.ApiError) *router.ApiError {
	if len(answer.Data) == 0 {
		if f := plain(e.Request, answer); f != nil {
			return told(e.Request, f)
		}
		return answer
	}
	if e.HasSuperuserAuth() {
		return answer
	}
	data, sentence := retell(e, answer.Data)
	if sentence == "" {
		return answer
	}
	again := router.NewApiError(answer.Status, "", answer.RawData())
	again.Message, again.Data = sentence, data
	return again
}

// retell gives the fields of a form our codes; the answers within a batch are settled each. Sentence is one of theirs,
// "" when there was nothing to tell.
func retell(e *core.RequestEvent, data map[string]any) (again map[string]any, sentence string) {
	again = maps.Clone(data)
	for _, field := range slices.Sorted(maps.Keys(data)) {
		item, ok := data[field].(map[string]any)
		if !ok {
			continue
		}
		code, _ := item["code"].(string)
		inner, answered := item["response"].(*router.ApiError)
		switch {
		case answered:
			inner = settle(e, inner)
			again[field], sentence = map[string]any{"code": code, "message": inner.Message, "response": inner}, inner.Message
		case code == "": // a form within the form
			nested, words := retell(e, item)
			again[field], sentence = nested, cmp.Or(words, sentence)
		case strings.HasPrefix(code, "validation_"):
			f := fault.New(fault.Invalid, formCode(code)).On(field).With("field", field)
			sentence = f.Message(Language(e.Request))
			again[field] = map[string]any{"code": f.Code, "message": sentence}
		}
	}
	return again, sentence
}

// formCode is our code for one of PocketBase's.
func formCode(code string) string {
	switch {
	case code == "validation_required":
		return "field.required"
	case code == "validation_not_unique":
		return "field.taken"
	case strings.HasSuffix(code, "_password"):
		return "access.wrong_password"
	case strings.Contains(code, "_length_"), strings.Contains(code, "_min_"), strings.Contains(code, "_max_"):
		return "field.range"
	}
	return "field.invalid"
}

// plain is the code of an answer that PocketBase gives without one; nil where only its status says anything.
func plain(r *http.Request, answer *router.ApiError) *fault.Fault {
	signingIn := strings.HasSuffix(r.URL.Path, "/auth-with-password")
	switch {
	case signingIn && answer.Status == http.StatusBadRequest:
		return fault.New(fault.Invalid, "access.wrong_password").On("identity")
	case signingIn && answer.Status == http.StatusForbidden:
		return fault.New(fault.Forbidden, "access.inactive").On("identity")
	}
	if why, ok := answer.RawData().(error); ok && errors.Is(why, apis.ErrRequestEntityTooLarge) { // found out while reading
		return fault.New(fault.TooLarge, "access.too_large")
	}
	if because(answer, "unknown batch request action") { // a later one of a batch comes back as a 500
		return fault.New(fault.Invalid, "access.unreadable").On("url")
	}
	switch answer.Status {
	case http.StatusBadRequest:
		if because(answer, "create rule failure") { // PocketBase answers 400 and says why only in the log
			return fault.New(fault.Refused, "access.forbidden")
		}
		return fault.New(fault.Invalid, "access.unreadable")
	case http.StatusUnauthorized:
		return fault.New(fault.Unauthorised, "access.signed_out")
	case http.StatusForbidden:
		return fault.New(fault.Forbidden, "access.forbidden")
	case http.StatusNotFound:
		return fault.New(fault.NotFound, "access.not_found")
	case http.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "access.too_large")
	case http.StatusTooManyRequests:
		return fault.New(fault.TooMany, "access.too_many")
	}
	return nil
}

// because looks for the reason that PocketBase keeps for its log.
func because(answer *router.ApiError, reason string) bool {
	why, ok := answer.RawData().(error)
	return ok && strings.Contains(why.Error(), reason)
}

// BindActive makes whoever is no longer active nobody, at every door at once: the token itself lives on for days.
func BindActive(se *core.ServeEvent) {
	se.Router.BindFunc(func(e *core.RequestEvent) error {
		if _, active := record.FromAuth(e.Auth, record.DoorRoute); !active {
			e.Auth = nil
		}
		return e.Next()
	})
}
