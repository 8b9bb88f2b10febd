package route

import (
	"encoding/json"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// BindDocuments serves what a signer is shown: GET /api/documents/{kind}/{id}, kind estimate, supplement or delivery by
// work order, precheck by work order or visit, inside the caller's scope. Anything else is 404 access.not_found.
func BindDocuments(se *core.ServeEvent) {
	se.Router.GET("/api/documents/{kind}/{id}", func(e *core.RequestEvent) error {
		document, err := documentFor(e, e.Request.PathValue("kind"), e.Request.PathValue("id"))
		if err != nil {
			return Fail(e, err)
		}
		return e.JSON(http.StatusOK, map[string]any{"document": json.RawMessage(document.Body), "sha256": document.SHA256})
	})
}

var notFound = fault.New(fault.NotFound, "access.not_found")

func documentFor(e *core.RequestEvent, kind, id string) (consent.Document, error) {
	actor, ok := record.FromAuth(e.Auth, record.DoorRoute)
	if !ok {
		return consent.Document{}, fault.New(fault.Unauthorised, "access.signed_out")
	}
	order, err := e.App.FindRecordById(record.WorkOrders, id)
	visitID := id
	if err == nil {
		visitID = record.AsWorkOrder(order).Visit()
	}
	visit, err := e.App.FindRecordById(record.Visits, visitID)
	if err != nil || !maySee(actor, record.AsVisit(visit)) {
		return consent.Document{}, notFound.Because(err)
	}
	return build(e.App, kind, order, visit)
}

func build(app core.App, kind string, order, visit *core.Record) (consent.Document, error) {
	if kind == consent.KindPrecheck {
		sheet, err := record.Precheck(app, visit)
		if err != nil {
			return consent.Document{}, err
		}
		return consent.PrecheckDocument(sheet)
	}
	if order != nil && kind == consent.KindDelivery {
		handover, err := record.Handover(app, order)
		if err != nil {
			return consent.Document{}, err
		}
		return consent.DeliveryDocument(handover)
	}
	if order == nil || kind != consent.KindEstimate && kind != consent.KindSupplement {
		return consent.Document{}, notFound
	}
	offer, err := record.Offer(app, order)
	if err != nil {
		return consent.Document{}, err
	}
	if kind == consent.KindEstimate {
		return consent.EstimateDocument(offer)
	}
	return consent.SupplementDocument(offer)
}

// maySee: staff of the shop, head office, and the customer whose visit it is.
func maySee(a record.Actor, v *record.Visit) bool {
	if a.Kind == record.KindCustomer {
		return v.Customer() == a.ID
	}
	return a.AllShops() || a.Shop == v.Shop()
}
