package demo

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// documentOf builds the pre-check sheet of a visit or the estimate of a work order, as the server shows it.
func documentOf(app core.App, kind, id string) (consent.Document, error) {
	if kind == consent.KindPrecheck {
		visit, err := app.FindRecordById(record.Visits, id)
		if err != nil {
			return consent.Document{}, err
		}
		sheet, err := record.Precheck(app, visit)
		if err != nil {
			return consent.Document{}, err
		}
		return consent.PrecheckDocument(sheet)
	}
	order, err := app.FindRecordById(record.WorkOrders, id)
	if err != nil {
		return consent.Document{}, err
	}
	offer, err := record.Offer(app, order)
	if err != nil {
		return consent.Document{}, err
	}
	return consent.EstimateDocument(offer)
}

// approved is the signer's yes to every job of the document.
func approved(doc consent.Document) []values {
	decisions := []values{}
	for _, j := range doc.Jobs {
		decisions = append(decisions, values{"id": j.ID, "sha256": j.SHA256, "decision": "approved"})
	}
	return decisions
}
