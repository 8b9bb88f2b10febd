package route

import (
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/paper"
	"aftercare/internal/record"
)

// BindPapers serves the papers of a visit to staff of the shop and to the customer whose visit it is (S-04):
// GET /api/papers/{view}/{order or visit}?lang=zh|en&consent=ID answers a sealed PDF (views: precheck, pickup, estimate,
// supplement, request, repair, settlement, delivery), GET /api/consents/{id}/file the sealed JSON file of a consent.
func BindPapers(se *core.ServeEvent, press paper.Press) {
	se.Router.GET("/api/papers/{view}/{id}", func(e *core.RequestEvent) error {
		order, visit, err := papersOf(e, e.Request.PathValue("id"))
		if err != nil {
			return Fail(e, err)
		}
		query := e.Request.URL.Query()
		lang := query.Get("lang")
		if lang != "zh" && lang != "en" {
			lang = Language(e.Request)
		}
		view := e.Request.PathValue("view")
		pdf, err := press.Print(e.App, paper.Ask{View: view, Lang: lang, Consent: query.Get("consent"), Host: address(e), Visit: visit, Order: order})
		if err != nil {
			return Fail(e, err)
		}
		e.Response.Header().Set("Content-Disposition", fmt.Sprintf(`inline; filename="%s-%s.pdf"`, view, visit.Id))
		e.Response.Header().Set("Cache-Control", "no-store")
		return e.Blob(http.StatusOK, "application/pdf", pdf)
	})
	se.Router.GET("/api/consents/{id}/file", func(e *core.RequestEvent) error {
		row, err := e.App.FindRecordById(record.Consents, e.Request.PathValue("id"))
		if err != nil {
			return Fail(e, notFound.Because(err))
		}
		c := record.AsConsent(row)
		if _, _, err := papersOf(e, c.Visit()); err != nil {
			return Fail(e, err)
		}
		data, err := paper.File(c)
		if err != nil {
			return Fail(e, err)
		}
		e.Response.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.json"`, c.Code()))
		e.Response.Header().Set("Cache-Control", "no-store")
		return e.Blob(http.StatusOK, "application/json", data)
	})
}

// papersOf is the order (nil for a visit's id) and the visit, inside the caller's sight.
func papersOf(e *core.RequestEvent, id string) (order, visit *core.Record, err error) {
	actor, ok := record.FromAuth(e.Auth, record.DoorRoute)
	if !ok {
		return nil, nil, fault.New(fault.Unauthorised, "access.signed_out")
	}
	visitID := id
	if order, err = e.App.FindRecordById(record.WorkOrders, id); err == nil {
		visitID = record.AsWorkOrder(order).Visit()
	} else {
		order = nil
	}
	visit, err = e.App.FindRecordById(record.Visits, visitID)
	if err != nil || !maySee(actor, record.AsVisit(visit)) {
		return nil, nil, notFound.Because(err)
	}
	return order, visit, nil
}

// address is where this server is for people: the application's address of the settings, else the one it was asked by.
func address(e *core.RequestEvent) string {
	if url := record.PublicURL(e.App); url != "" {
		return url
	}
	scheme := "http"
	if e.IsTLS() {
		scheme = "https"
	}
	return scheme + "://" + e.Request.Host
}
