package route

import (
	"errors"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"aftercare/internal/fault"
)

// outermost is before PocketBase's own first middleware: its rate limit and body limit get their codes, too.
const outermost = -100000

// BindCodes gives PocketBase's own refusals (not signed in, another shop's row, too many tries) a code and a sentence
// in the client's language. It goes round every route; refusals that have their code already pass as they are.
func BindCodes(se *core.ServeEvent) {
	se.Router.Bind(&hook.Handler[*core.RequestEvent]{Id: "codes", Priority: outermost, Func: func(e *core.RequestEvent) error {
		err := e.Next()
		if err == nil || !strings.HasPrefix(e.Request.URL.Path, "/api/") {
			return err
		}
		var answer *router.ApiError
		if !errors.As(err, &answer) {
			answer = router.ToApiError(err)
		}
		if f := plain(e.Request, answer); f != nil && len(answer.Data) == 0 {
			return Fail(e, f)
		}
		return err
	}})
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
	switch answer.Status {
	case http.StatusBadRequest:
		if refusedByRule(answer) {
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

// refusedByRule: PocketBase answers a create that its API rule refuses with 400 and says why only in the log.
func refusedByRule(answer *router.ApiError) bool {
	why, ok := answer.RawData().(error)
	return ok && strings.Contains(why.Error(), "create rule failure")
}
