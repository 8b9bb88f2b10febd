package route

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
)

// BindFlow publishes the rules: GET /api/flow, for anyone, with every code and its two sentences.
func BindFlow(se *core.ServeEvent) {
	se.Router.GET("/api/flow", func(e *core.RequestEvent) error {
		e.Response.Header().Set("Cache-Control", "no-cache")
		return e.JSON(http.StatusOK, flow.Published())
	})
}
