package route

import (
	"database/sql"
	"errors"
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

// credentials admits a device by its push-only secret.
type credentials interface {
	ByCredential(device, secret string, told scope.Told) (*scope.Session, error)
}

// photos are the two doors of photos.
type photos struct {
	uploads *upload.Service
	devices credentials
}

// BindPhotos mounts the two ways of photos: tus 1.0 at /api/uploads/ and HEAD, GET /api/photos/{sha256}. It
// also has unfinished and unreferenced ones swept away. What somebody left unsent on a shared tablet is sent with
// "Authorization: Device <device>.<secret>", the push-only credential (O-02): it uploads, and asks by HEAD what it has sent.
func BindPhotos(se *core.ServeEvent, uploads *upload.Service, devices credentials) {
	p := photos{uploads, devices}
	for _, path := range []string{strings.TrimSuffix(upload.BasePath, "/"), upload.BasePath + "{path...}"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} { // GET is HEAD, too
			se.Router.Route(method, path, answering(p.take)).Unbind(apis.DefaultBodyLimitMiddlewareId)
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
	se.Router.GET("/api/photos/{sha256}", answering(p.show))
	uploads.Schedule()
}

// caller is who asks: a signed-in user, or the one whose device this is.
func (p photos) caller(e *core.RequestEvent) (who record.Actor, pushOnly bool, err error) {
	if who, ok := record.FromAuth(e.Auth, record.DoorRoute); ok {
		return who, false, nil
	}
	credential, ok := strings.CutPrefix(e.Request.Header.Get("Authorization"), "Device ")
	if !ok {
		return who, false, fault.New(fault.Unauthorised, "upload.signed_out")
	}
	device, secret, _ := strings.Cut(credential, ".")
	session, err := p.devices.ByCredential(device, secret, scope.Told{})
	if err != nil {
		return who, true, err
	}
	return session.Actor, true, nil
}

func (p photos) take(e *core.RequestEvent) error {
	who, _, err := p.caller(e)
	if err != nil {
		return err
	}
	// PocketBase keeps a copy of every body so that it can be read again; a photo's is read once, to disk.
	if body, ok := e.Request.Body.(*router.RereadableReadCloser); ok {
		e.Request.Body = body.ReadCloser
	}
	e.Response.Header().Set("Access-Control-Expose-Headers", "Location, Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset")
	return p.uploads.Serve(e.Response, e.Request, sender(who), func() error { return p.still(e) })
}

// still asks once more who sends, when all bytes are here: whoever was revoked or dismissed while they came is refused (O-03).
func (p photos) still(e *core.RequestEvent) error {
	if e.Auth == nil {
		_, _, err := p.caller(e)
		return err
	}
	now, err := e.App.FindRecordById(e.Auth.Collection(), e.Auth.Id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && now.TokenKey() != e.Auth.TokenKey() {
		return fault.New(fault.Unauthorised, "upload.signed_out")
	}
	return err
}

// accounts are the collections people of each kind sign in by.
var accounts = map[string]string{record.KindStaff: record.Staff, record.KindCustomer: record.Customers, record.KindSuperuser: core.CollectionNameSuperusers}

// sender is who uploads; whoever works in every shop sends for every shop.
func sender(a record.Actor) upload.Caller {
	c := upload.Caller{Collection: accounts[a.Kind], ID: a.ID, Shop: a.Shop}
	if a.AllShops() {
		c.Shop = ""
	}
	return c
}

// show answers 200 here, 202 under way, 404 otherwise: what does not exist and what is another's look the same.
func (p photos) show(e *core.RequestEvent) error {
	who, pushOnly, err := p.caller(e)
	if err != nil {
		return err
	}
	sha, size := e.Request.PathValue("sha256"), e.Request.URL.Query().Get("size")
	if err := checkPhoto(sha, size); err != nil {
		return err
	}
	var rows upload.Seen // a push-only credential knows of nothing but what it has sent
	if !pushOnly {
		if rows, err = seen(e.App, who, sha); err != nil {
			return err
		}
	}
	standing, err := p.uploads.Standing(sha, sender(who), rows)
	if err != nil {
		return err
	}
	switch {
	case standing == upload.Here && pushOnly && e.Request.Method != http.MethodHead:
		return fault.New(fault.Forbidden, "upload.not_allowed")
	case standing == upload.Here:
		return p.serve(e, sha, size)
	case standing == upload.UnderWay:
		return e.NoContent(http.StatusAccepted)
	}
	return fault.New(fault.NotFound, "photo.unknown").On("sha256")
}

func checkPhoto(sha, size string) error {
	if !photoName.MatchString(sha) {
		return fault.New(fault.Invalid, "photo.name").On("sha256")
	}
	switch size {
	case "", "original", "1600", "320":
		return nil
	}
	return fault.New(fault.Invalid, "photo.size").On("size")
}

// seen is what the caller may see of the rows naming the photo. A customer's own rows do not count: naming a hash must
// not grant the bytes.
func seen(app core.App, actor record.Actor, sha string) (seen upload.Seen, err error) {
	q := app.DB().Select(record.FieldShop, record.FieldState).Distinct(true).From(record.Photos).Where(dbx.HashExp{record.FieldSHA256: sha})
	if where, params := scope.Of(actor).Where(record.Photos); where != "" {
		q.AndWhere(dbx.NewExp(where, params))
	}
	if actor.Kind == record.KindCustomer {
		q.AndWhere(dbx.Not(dbx.HashExp{record.FieldCreatedBy: actor.ID}))
	}
	var rows []struct{ Shop, State string }
	err = q.All(&rows)
	for _, row := range rows {
		seen.Shops = append(seen.Shops, row.Shop)
		seen.Verified = seen.Verified || row.State == upload.StateVerified
	}
	return seen, err
}

func (p photos) serve(e *core.RequestEvent, sha, size string) error {
	f, media, stored, err := p.uploads.Open(sha, size)
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
