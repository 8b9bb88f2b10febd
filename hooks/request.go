package hooks

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// request stands at PocketBase's own door (its API, one by one and in batches, and with it the admin screens): it
// refuses what no collection knows, and hands the actor over to the model hooks, which PocketBase's API calls with an
// empty context.
func (h *house) request(e *core.RecordRequestEvent) error {
	entity := entityOf(e.Collection)
	if entity == nil {
		return e.Next()
	}
	actor, ok := record.FromAuth(e.Auth, record.DoorREST)
	if !ok {
		return h.deps.Fail(e.RequestEvent, fault.New(fault.Unauthorised, "access.signed_out"))
	}
	body := map[string]any{} // as sent: PocketBase's own copy has its values bent to the fields' types already
	if err := e.BindBody(&body); err != nil {
		return err
	}
	if err := record.Shape(entity, body); err != nil {
		return h.deps.Fail(e.RequestEvent, err)
	}
	if e.Collection.Name == record.Customers && e.Record.IsNew() {
		noPassword(e.Record)
	}
	release := record.Hand(e.Record, actor)
	defer release()
	if err := e.Next(); err != nil {
		return h.deps.Fail(e.RequestEvent, inside(err))
	}
	return nil
}

// inside looks into an answer of PocketBase's API for the refusal of its account form (a password, an e-mail address),
// which comes before any model hook, and gives it our code.
func inside(err error) error {
	var answer *router.ApiError
	if !errors.As(err, &answer) {
		return err
	}
	inner, ok := answer.RawData().(error)
	if !ok {
		return err
	}
	if f, ok := fault.From(asFault(inner)); ok {
		return f
	}
	return err
}
