package route

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/notify"
	"aftercare/internal/record"
)

// sinkPage is how many messages the sink shows.
const sinkPage = 100

// BindSink shows the staff of a demo what would have gone out: GET /api/notify/sink → {"on","messages":[…]}, newest first.
// on is false, and nothing is shown, where messages really go out.
func BindSink(se *core.ServeEvent, on func() bool) {
	se.Router.GET("/api/notify/sink", func(e *core.RequestEvent) error {
		actor, ok := record.FromAuth(e.Auth, record.DoorRoute)
		if !ok || actor.Kind != record.KindStaff {
			return Fail(e, fault.New(fault.Unauthorised, "access.signed_out"))
		}
		list := []notify.Sunk{}
		if on() {
			var err error
			if list, err = notify.InSink(e.App, actor.Shop, sinkPage); err != nil {
				return err
			}
		}
		return e.JSON(http.StatusOK, map[string]any{"on": on(), "messages": list})
	})
}
