package route

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"rsc.io/qr"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/portal"
	"aftercare/internal/record"
	"aftercare/internal/upload"
)

// BindPortal mounts the customer's own page (S-05). POST /api/links {"work_order","kind","lang","hand"} is the advisor's:
// it answers {"id","token","url","expires_at","sent_to","qr"}, the token this once. The others are public and slow: POST
// /api/portal/open, /api/portal/code and /api/portal/decide, each with the link's token in the body, and GET
// /api/portal/photos/{sha256} with it in the header Link-Token. The page at /portal keeps the token behind #, where no
// server and no log sees it.
func BindPortal(se *core.ServeEvent, desk portal.Desk, uploads *upload.Service) {
	se.Router.POST("/api/links", func(e *core.RequestEvent) error { return sendLink(e, desk) })
	slow := limited(newLimit(60, time.Second))
	se.Router.POST("/api/portal/open", func(e *core.RequestEvent) error {
		var body struct{ Token string }
		if err := e.BindBody(&body); err != nil {
			return err
		}
		page, err := desk.Open(e.App, body.Token)
		return portalAnswer(e, page, err)
	}).BindFunc(slow)
	se.Router.POST("/api/portal/code", func(e *core.RequestEvent) error {
		var body struct{ Token string }
		if err := e.BindBody(&body); err != nil {
			return err
		}
		if err := desk.SendCode(e.App, body.Token); err != nil {
			return Fail(e, err)
		}
		return e.NoContent(http.StatusNoContent)
	}).BindFunc(slow)
	se.Router.POST("/api/portal/decide", func(e *core.RequestEvent) error {
		var body struct {
			Token string
			portal.Decision
		}
		if err := e.BindBody(&body); err != nil {
			return err
		}
		page, err := desk.Decide(e.App, body.Token, body.Decision)
		return portalAnswer(e, page, err)
	}).BindFunc(slow)
	shown := photos{uploads: uploads}
	se.Router.GET("/api/portal/photos/{sha256}", answering(func(e *core.RequestEvent) error {
		sha, size := e.Request.PathValue("sha256"), e.Request.URL.Query().Get("size")
		if err := checkPhoto(sha, size); err != nil {
			return err
		}
		if !desk.MayShow(e.App, e.Request.Header.Get("Link-Token"), sha) {
			return fault.New(fault.NotFound, "photo.unknown").On("sha256")
		}
		return shown.serve(e, sha, size)
	})).BindFunc(limited(newLimit(240, 250*time.Millisecond)))
}

// picture is a QR code as an SVG path in a square of size units.
type picture struct {
	Size int    `json:"size"`
	Path string `json:"path"`
}

func drawn(text string) (picture, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return picture{}, err
	}
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return picture{Size: code.Size, Path: path.String()}, nil
}

func portalAnswer(e *core.RequestEvent, page portal.Page, err error) error {
	if err != nil {
		return Fail(e, err)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, page)
}

func sendLink(e *core.RequestEvent, desk portal.Desk) error {
	actor, ok := record.FromAuth(e.Auth, record.DoorRoute)
	if !ok {
		return Fail(e, fault.New(fault.Unauthorised, "access.signed_out"))
	}
	if actor.Kind != record.KindStaff || !actor.Is("advisor") && !actor.Is(record.RoleManager) {
		return Fail(e, fault.New(fault.Refused, "flow.role").On(record.FieldID).With("roles", fault.Words{"role.advisor", "role.manager"}))
	}
	var body struct {
		WorkOrder string `json:"work_order"`
		Kind      string `json:"kind"`
		Lang      string `json:"lang"`
		Hand      bool   `json:"hand"`
	}
	if err := e.BindBody(&body); err != nil {
		return err
	}
	if !slices.Contains([]string{consent.KindEstimate, consent.KindSupplement}, body.Kind) {
		return Fail(e, fault.New(fault.Invalid, "field.invalid").On("kind").With("field", "kind"))
	}
	order, _, err := papersOf(e, body.WorkOrder)
	if err != nil {
		return Fail(e, err)
	}
	if order == nil {
		return Fail(e, notFound)
	}
	if body.Lang != "en" {
		body.Lang = "zh"
	}
	url := func(token string) string { return address(e) + "/portal#" + token }
	sent, err := desk.Send(e.App, portal.Request{Order: order, Kind: body.Kind, By: actor, Lang: body.Lang, Hand: body.Hand, Address: url})
	if err != nil {
		return Fail(e, err)
	}
	code, err := drawn(url(sent.Token))
	if err != nil {
		return Fail(e, err)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, map[string]any{"id": sent.ID, "token": sent.Token, "url": url(sent.Token), "expires_at": sent.ExpiresAt, "sent_to": sent.To, "qr": code})
}
