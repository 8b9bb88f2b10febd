package hooks

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
)

// waysRound are the routes that write past every rule.
var waysRound = []string{
	"POST /api/sql",
	"PUT /api/collections/import",
	"POST /api/collections",
	"PATCH /api/collections/{collection}",
	"DELETE /api/collections/{collection}",
	"DELETE /api/collections/{collection}/truncate",
	"POST /api/backups/upload",
	"POST /api/backups/{key}/restore",
}

// close shuts the ways round the rules, unless the server runs with --maintenance.
func (h *house) close(app core.App) {
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		se.Router.BindFunc(func(e *core.RequestEvent) error {
			open := h.deps.Maintenance != nil && h.deps.Maintenance()
			if !open && slices.Contains(waysRound, e.Request.Pattern) {
				return h.deps.Fail(e, fault.New(fault.Forbidden, "access.maintenance"))
			}
			return e.Next()
		})
		return se.Next()
	})
}
