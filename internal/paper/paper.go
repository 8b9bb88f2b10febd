// Package paper brings the papers of a visit together (S-04): it gathers the rows, the signed document and its seal into
// a sheet, has package document print it, and stamps the PDF with the server's seal. It promises that a view with a
// signature shows what was signed, not what the rows have become since. It writes no row.
package paper

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/document"
	"aftercare/internal/fault"
	"aftercare/internal/record"
	"aftercare/internal/seal"
)

// Press prints papers.
type Press struct {
	Font  []byte // TrueType, with the characters of the papers; nil: the app was built without
	Seals seal.Sealer
	Clock func() time.Time
}

// Ask is which paper is wanted. Order may be nil for the views of a visit; Consent "" takes the newest that counts. Host is
// where the verify page is, "https://shop.example.com".
type Ask struct {
	View, Lang, Consent, Host string
	Visit, Order              *core.Record
}

// kindsOf is which documents' signatures belong on a view.
var kindsOf = map[string][]string{
	document.Precheck: {consent.KindPrecheck}, document.Pickup: {consent.KindPrecheck}, document.Estimate: {consent.KindEstimate},
	document.Supplement: {consent.KindSupplement}, document.Request: {consent.KindEstimate}, document.Delivery: {consent.KindDelivery},
}

// needsOrder are the views that show an order.
var needsOrder = []string{document.Estimate, document.Supplement, document.Repair, document.Request, document.Settlement, document.Delivery}

// Print is the sealed PDF. Codes paper.view_unknown, paper.font_missing, access.not_found.
func (p Press) Print(app core.App, a Ask) ([]byte, error) {
	sheet, given, err := p.Sheet(app, a)
	if err != nil {
		return nil, err
	}
	if len(p.Font) == 0 {
		return nil, fault.New(fault.Unavailable, "paper.font_missing")
	}
	pdf, err := document.PDF(sheet, p.Font)
	if err != nil {
		return nil, err
	}
	return p.stamp(app, a.View, pdf, given)
}

// Sheet is what stands on the paper, and the consent it shows (nil: none). Codes paper.view_unknown, access.not_found.
func (p Press) Sheet(app core.App, a Ask) (document.Sheet, *record.Consent, error) {
	if !slices.Contains(document.Views, a.View) || a.Order == nil && slices.Contains(needsOrder, a.View) {
		return document.Sheet{}, nil, fault.New(fault.NotFound, "paper.view_unknown").On("view")
	}
	given, err := p.consent(app, a)
	if err != nil {
		return document.Sheet{}, nil, err
	}
	sheet, err := p.gather(app, a, given)
	return sheet, given, err
}

func (p Press) stamp(app core.App, view string, pdf []byte, given *record.Consent) ([]byte, error) {
	sum := sha256.Sum256(pdf)
	var carried *consent.Seal
	code := ""
	if given != nil {
		if s, ok := given.Seal(); ok {
			carried, code = &s, given.Code()
		}
	}
	own, err := p.Seals.Sign(app, func(key, at string, test bool) any {
		return consent.Paper{Kind: consent.KindPaper, View: view, SHA256: hex.EncodeToString(sum[:]), Code: code, MadeAt: at, Key: key, Test: test}
	})
	if err != nil {
		return nil, err
	}
	return consent.Stamp(pdf, own, carried)
}

// consent is the one the paper shows: the named one, else the newest of its kind, one that counts before a void one.
func (p Press) consent(app core.App, a Ask) (*record.Consent, error) {
	kinds := kindsOf[a.View]
	if len(kinds) == 0 {
		return nil, nil
	}
	where := dbx.HashExp{record.FieldVisit: a.Visit.Id, record.FieldDocumentKind: kinds[0]}
	if a.Consent != "" {
		where[record.FieldID] = a.Consent
	}
	if a.Order != nil && kinds[0] != consent.KindPrecheck {
		where[record.FieldWorkOrder] = a.Order.Id
	}
	rows := []*core.Record{}
	if err := app.RecordQuery(record.Consents).AndWhere(where).OrderBy(record.FieldCreated+" DESC", record.FieldID).All(&rows); err != nil {
		return nil, err
	}
	if len(rows) == 0 && a.Consent != "" {
		return nil, fault.New(fault.NotFound, "access.not_found").On("consent")
	}
	var newest *record.Consent
	for _, row := range rows {
		if c := record.AsConsent(row); newest == nil || newest.State() == "void" && c.State() != "void" {
			newest = c
		}
	}
	return newest, nil
}

// File is a consent's JSON file, sealed.
func File(c *record.Consent) ([]byte, error) {
	file, err := c.File()
	if err != nil {
		return nil, err
	}
	return file.Bytes()
}
