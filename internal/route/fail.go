package route

import (
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"aftercare/internal/fault"
)

// statuses is what each kind of fault is in HTTP.
var statuses = map[fault.Kind]int{
	fault.Invalid: http.StatusBadRequest, fault.Refused: http.StatusBadRequest, fault.Unauthorised: http.StatusUnauthorized,
	fault.Forbidden: http.StatusForbidden, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.TooLarge: http.StatusRequestEntityTooLarge, fault.Unprocessed: http.StatusUnprocessableEntity,
	fault.Upgrade: http.StatusUpgradeRequired, fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
}

// Fail turns an error into the API's answer: PocketBase's shape, the fault's code under its field, the sentence in the
// language of Accept-Language. An error that is no fault goes on to PocketBase, which answers it without details.
func Fail(e *core.RequestEvent, err error) error {
	f, ok := fault.From(err)
	if !ok {
		f, ok = wrapped(err)
	}
	if !ok {
		return err
	}
	if cause := f.Unwrap(); cause != nil {
		e.App.Logger().Debug("refused", "code", f.Code, "field", f.Field, "cause", cause)
	}
	return told(e.Request, f)
}

// told is the fault as the API's answer.
func told(r *http.Request, f *fault.Fault) *router.ApiError {
	message := f.Message(Language(r))
	field := f.Field
	if field == "" {
		field = f.Code[:strings.IndexByte(f.Code+".", '.')]
	}
	answer := router.NewApiError(statuses[f.Kind], "", f)
	answer.Message = message
	said := map[string]any{}
	maps.Copy(said, f.Details)
	said["code"], said["message"] = f.Code, message
	answer.Data = map[string]any{field: said}
	return answer
}

// wrapped finds the fault that PocketBase's API has put away inside its own error.
func wrapped(err error) (*fault.Fault, bool) {
	var answer *router.ApiError
	if !errors.As(err, &answer) {
		return nil, false
	}
	inner, ok := answer.RawData().(error)
	if !ok {
		return nil, false
	}
	return fault.From(inner)
}

// Language is "en" when the client prefers English to Chinese, else "zh".
func Language(r *http.Request) string {
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		switch tag := strings.ToLower(strings.TrimSpace(part)); {
		case strings.HasPrefix(tag, "en"):
			return "en"
		case strings.HasPrefix(tag, "zh"):
			return "zh"
		}
	}
	return "zh"
}
