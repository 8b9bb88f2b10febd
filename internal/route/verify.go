package route

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/seal"
)

// maxVerified is the largest file that is checked, bytes.
const maxVerified = 16 << 20

// BindVerify lets anyone ask whether a signed document is genuine (S-03): GET /api/verify/{code} for the code on a printed
// copy, POST /api/verify with a sealed PDF or JSON file, or with the bare JSON document, as the body. Both answer
// {"valid","kind","sha256","signer","signed_at","sealed_at","key","code","state","test","voided"}; an altered file is
// {"valid":false,"reason":{code,message}}. What nobody knows is 404 verify.unknown. GET /api/verify/keys answers the public
// keys, to be pinned. An address may ask 60 times at once and then once a second.
func BindVerify(se *core.ServeEvent) {
	slow := limited(newLimit(60, time.Second))
	se.Router.GET("/api/verify/keys", func(e *core.RequestEvent) error {
		list, err := seal.List(e.App)
		if err != nil {
			return Fail(e, err)
		}
		return e.JSON(http.StatusOK, seal.Pinned{Keys: list})
	}).BindFunc(slow)
	se.Router.GET("/api/verify/{code}", func(e *core.RequestEvent) error {
		v, err := seal.Lookup(e.App, e.Request.PathValue("code"))
		return answerVerdict(e, v, err)
	}).BindFunc(slow)
	se.Router.POST("/api/verify", func(e *core.RequestEvent) error {
		data, err := io.ReadAll(http.MaxBytesReader(e.Response, e.Request.Body, maxVerified))
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return Fail(e, fault.New(fault.TooLarge, "access.too_large"))
		}
		if err != nil {
			return Fail(e, fault.New(fault.Invalid, "verify.unreadable").On("file").Because(err))
		}
		v, err := verifyData(e.App, data)
		return answerVerdict(e, v, err)
	}).BindFunc(slow)
}

// verifyData checks a file by its seals, and a bare document by its hash.
func verifyData(app core.App, data []byte) (consent.Verdict, error) {
	if !bytes.HasPrefix(data, []byte("%PDF-")) && !consent.IsFile(data) {
		sum, err := consent.Hash(json.RawMessage(data))
		if err != nil {
			return consent.Verdict{}, fault.New(fault.Invalid, "verify.unreadable").On("file").Because(err)
		}
		return seal.LookupDocument(app, sum)
	}
	keys, err := seal.Trusted(app)
	if err != nil {
		return consent.Verdict{}, err
	}
	v, err := consent.VerifyFile(data, keys)
	if err != nil || v.Code == "" {
		return v, err
	}
	now, err := seal.Lookup(app, v.Code) // what became of it since
	if f, ok := fault.From(err); ok && f.Code == "verify.unknown" {
		return v, nil // sealed here, in a life of the database that was not restored
	}
	v.Voided = now.Voided
	return v, err
}

func answerVerdict(e *core.RequestEvent, v consent.Verdict, err error) error {
	e.Response.Header().Set("Cache-Control", "no-store")
	f, refused := fault.From(err)
	if refused && (f.Code == "seal.broken" || f.Code == "seal.key_unknown" || f.Code == "verify.unreadable" && f.Unwrap() == nil) {
		return e.JSON(http.StatusOK, map[string]any{"valid": false, "kind": "", "sha256": "", "signer": "", "signed_at": "", "sealed_at": "",
			"key": "", "reason": map[string]any{"code": f.Code, "message": f.Message(Language(e.Request))}})
	}
	if err != nil {
		return Fail(e, err)
	}
	return e.JSON(http.StatusOK, map[string]any{"valid": true, "kind": v.Kind, "sha256": v.SHA256, "signer": v.Signer,
		"signed_at": v.SignedAt, "sealed_at": v.SealedAt, "key": v.Key, "code": v.Code, "state": v.State, "test": v.Test,
		"voided": v.Voided, "view": v.View})
}
