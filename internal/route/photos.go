package route

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"aftercare/internal/fault"
	"aftercare/internal/record"
	"aftercare/internal/scope"
	"aftercare/internal/upload"
)

// photoCSP forbids everything to whoever opens a photo as a page: bytes hidden in picture data must never run.
const photoCSP = "default-src 'none'; sandbox"

var photoName = regexp.MustCompile(`^[0-9a-f]{64}$`)

// BindPhotos mounts the two ways of photos: tus 1.0 at /api/uploads/ and HEAD, GET /api/photos/{sha256}. It
// also has unfinished and unreferenced ones swept away.
func BindPhotos(se *core.ServeEvent, uploads *upload.Service) {
	take := func(e *core.RequestEvent) error { return takeUpload(e, uploads) }
	for _, path := range []string{strings.TrimSuffix(upload.BasePath, "/"), upload.BasePath + "{path...}"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} { // GET is HEAD, too
			se.Router.Route(method, path, take).Unbind(apis.DefaultBodyLimitMiddlewareId)
		}
		se.Router.OPTIONS(path, func(e *core.RequestEvent) error { return e.NoContent(http.StatusNoContent) }).
			Bind(&hook.Handler[*core.RequestEvent]{
				Id:       "uploadCapabilities",
				Priority: apis.DefaultCorsMiddlewarePriority - 1, // CORS answers OPTIONS by itself
				Func: func(e *core.RequestEvent) error {
					upload.Capabilities(e.Response.Header())
					return e.Next()
				},
			})
	}
	se.Router.GET("/api/photos/{sha256}", func(e *core.RequestEvent) error { return showPhoto(e, uploads) })
	uploads.Schedule()
}

func takeUpload(e *core.RequestEvent, uploads *upload.Service) error {
	actor, ok := record.FromAuth(e.Auth, record.DoorRoute)
	if !ok {
		return Fail(e, fault.New(fault.Unauthorised, "upload.signed_out"))
	}
	// PocketBase keeps a copy of every body so that it can be read again; a photo's is read once, to disk.
	if body, ok := e.Request.Body.(*router.RereadableReadCloser); ok {
		e.Request.Body = body.ReadCloser
	}
	e.Response.Header().Set("Access-Control-Expose-Headers", "Location, Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset")
	err := uploads.Serve(e.Response, e.Request, sender(e.Auth, actor))
	if err != nil {
		return Fail(e, err)
	}
	return nil
}

// sender is who uploads; whoever works in every shop sends for every shop.
func sender(auth *core.Record, a record.Actor) upload.Caller {
	c := upload.Caller{Collection: auth.Collection().Name, ID: a.ID, Shop: a.Shop}
	if a.AllShops() {
		c.Shop = ""
	}
	return c
}

// showPhoto answers 200 here, 202 under way, 404 otherwise: what does not exist and what is another's look the same.
func showPhoto(e *core.RequestEvent, uploads *upload.Service) error {
	actor, ok := record.FromAuth(e.Auth, record.DoorRoute)
	if !ok {
		return Fail(e, fault.New(fault.Unauthorised, "access.signed_out"))
	}
	sha, size := e.Request.PathValue("sha256"), e.Request.URL.Query().Get("size")
	if !photoName.MatchString(sha) {
		return Fail(e, fault.New(fault.Invalid, "photo.name").On("sha256"))
	}
	switch size {
	case "", "original", "1600", "320":
	default:
		return Fail(e, fault.New(fault.Invalid, "photo.size").On("size"))
	}
	shops, err := shopsSeen(e.App, actor, sha)
	if err != nil {
		return err
	}
	standing, err := uploads.Standing(sha, sender(e.Auth, actor), shops)
	if err != nil {
		return err
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	switch standing {
	case upload.Here:
		return servePhoto(e, uploads, sha, size)
	case upload.UnderWay:
		return e.NoContent(http.StatusAccepted)
	}
	return Fail(e, fault.New(fault.NotFound, "photo.unknown").On("sha256"))
}

// shopsSeen lists the shops of the rows naming the photo that the caller may see. A customer's own rows do not count:
// naming a hash must not grant the bytes.
func shopsSeen(app core.App, actor record.Actor, sha string) ([]string, error) {
	q := app.DB().Select(record.FieldShop).Distinct(true).From(record.Photos).Where(dbx.HashExp{record.FieldSHA256: sha})
	if where, params := scope.Of(actor).Where(record.Photos); where != "" {
		q.AndWhere(dbx.NewExp(where, params))
	}
	if actor.Kind == record.KindCustomer {
		q.AndWhere(dbx.Not(dbx.HashExp{record.FieldCreatedBy: actor.ID}))
	}
	var shops []string
	return shops, q.Column(&shops)
}

func servePhoto(e *core.RequestEvent, uploads *upload.Service, sha, size string) error {
	f, media, stored, err := uploads.Open(sha, size)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	h := e.Response.Header()
	h.Set("Content-Type", media)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", photoCSP)
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.%s"`, sha[:16], strings.TrimPrefix(media, "image/")))
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	// The bytes behind a hash never change, but who may see them does, and tablets are shared.
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Add("Vary", "Authorization")
	h.Set("ETag", `"`+sha[:32]+"-"+size+`"`)
	h.Set("X-Stored-Sha256", stored)
	http.ServeContent(e.Response, e.Request, "", info.ModTime(), f)
	return nil
}
