package route

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// appCSP lets the app run its own code, show photos it holds in memory and talk to its own server; nothing else.
const appCSP = "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; " +
	"connect-src 'self' ws: wss:; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// BindPublic serves the built app. Hashed assets are immutable and never fall back to the page (a missing script
// answered by HTML breaks an update); everything else is revalidated, because embedded files carry no ETag.
func BindPublic(se *core.ServeEvent, files fs.FS) {
	_ = mime.AddExtensionType(".webmanifest", "application/manifest+json") // Go and many systems do not know it; the type is well-formed
	assets, err := fs.Sub(files, "assets")
	if err == nil {
		se.Router.GET("/assets/{path...}", apis.Static(assets, false)).BindFunc(headers("public, max-age=31536000, immutable"), found(assets))
	}
	for address, page := range map[string]string{"/portal": "portal.html", "/claim": "claim.html", "/verify": "verify.html", "/verify/{code}": "verify.html"} {
		se.Router.GET(address, func(e *core.RequestEvent) error { return e.FileFS(files, page) }).BindFunc(headers("no-cache"), unindexed)
	}
	se.Router.GET("/{path...}", apis.Static(files, false)).BindFunc(headers("no-cache"))
}

func headers(cache string) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		h := e.Response.Header()
		h.Set("Cache-Control", cache)
		h.Set("Content-Security-Policy", appCSP)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		return e.Next()
	}
}

// unindexed keeps a page whose address says something about somebody out of search engines and referrers.
func unindexed(e *core.RequestEvent) error {
	e.Response.Header().Set("X-Robots-Tag", "noindex")
	e.Response.Header().Set("Referrer-Policy", "no-referrer")
	return e.Next()
}

// found answers a missing asset before a year-long cache header could stick to the 404.
func found(files fs.FS) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		name := strings.TrimPrefix(path.Clean("/"+e.Request.PathValue("path")), "/")
		if info, err := fs.Stat(files, name); err != nil || info.IsDir() {
			e.Response.Header().Set("Cache-Control", "no-store")
			return e.JSON(http.StatusNotFound, map[string]any{"status": http.StatusNotFound, "message": "Not found.", "data": map[string]any{}})
		}
		return e.Next()
	}
}
