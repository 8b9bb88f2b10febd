package seal

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

var unknown = fault.New(fault.NotFound, "verify.unknown").On("code")

// Lookup checks the consent with the code as it is stored: its document and its evidence must still be what was sealed.
// Codes verify.unknown, seal.broken.
func Lookup(app core.App, typed string) (consent.Verdict, error) {
	code, ok := ReadCode(typed)
	if !ok {
		return consent.Verdict{}, unknown
	}
	return stored(app, dbx.HashExp{record.FieldCode: code})
}

// LookupDocument checks the newest consent over the document with the hash. Code verify.unknown when nobody signed it.
func LookupDocument(app core.App, sha256 string) (consent.Verdict, error) {
	return stored(app, dbx.And(dbx.HashExp{record.FieldSHA256: sha256}, dbx.Not(dbx.HashExp{record.FieldCode: ""})))
}

func stored(app core.App, where dbx.Expression) (consent.Verdict, error) {
	var v consent.Verdict
	row := &core.Record{}
	err := app.RecordQuery(record.Consents).AndWhere(where).OrderBy(record.FieldSealedAt + " DESC").Limit(1).One(row)
	if errors.Is(err, sql.ErrNoRows) {
		return v, unknown
	}
	if err != nil {
		return v, err
	}
	file, err := record.AsConsent(row).File()
	if err != nil {
		return v, err
	}
	data, err := file.Bytes()
	if err != nil {
		return v, err
	}
	keys, err := Trusted(app)
	if err != nil {
		return v, err
	}
	v, err = consent.VerifyFile(data, keys)
	v.Voided = record.AsConsent(row).State() == "void"
	return v, err
}
