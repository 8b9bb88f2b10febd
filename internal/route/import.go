package route

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/importer"
	"aftercare/internal/record"
)

// stallAfter is how long one group of rows may take before the connection counts as dead.
const stallAfter = 2 * time.Minute

// BindImport opens POST /api/import/{customers|vehicles|sales_orders} to managers and head office: a multipart body with the sheet
// as "file", optionally "shop" (head office) and "dry" ("1": check only). The answer is one JSON object a line, while
// the work goes on: {"done","total"}, {"line","column","code","message","level"} with level refused or warning, and
// last {"created","updated","unchanged","refused","warnings"}. A stream without that last line was cut short.
func BindImport(se *core.ServeEvent, clock func() time.Time) {
	se.Router.POST("/api/import/{kind}", func(e *core.RequestEvent) error {
		request, err := readImport(e, clock())
		if err == nil {
			err = streamImport(e, request)
		}
		if err != nil {
			return Fail(e, err)
		}
		return nil
	}).Bind(apis.BodyLimit(importer.MaxBytes + 1<<20))
}

func readImport(e *core.RequestEvent, now time.Time) (importer.Request, error) {
	r := importer.Request{Kind: e.Request.PathValue("kind"), Now: now}
	actor, ok := record.FromAuth(e.Auth, record.DoorImport)
	if !ok {
		return r, fault.New(fault.Unauthorised, "access.signed_out")
	}
	if !actor.Is(record.RoleManager) && !actor.Is(record.RoleHeadOffice) {
		return r, fault.New(fault.Forbidden, "import.role")
	}
	if !importer.Known(r.Kind) {
		return r, fault.New(fault.Invalid, "import.kind").On("kind")
	}
	data, err := readSheet(e.Request)
	if err != nil {
		return r, err
	}
	r.Actor, r.Data, r.DryRun, r.Shop = actor, data, e.Request.FormValue("dry") == "1", actor.Shop
	if shop := e.Request.FormValue("shop"); shop != "" {
		r.Shop = shop
	}
	if r.Shop != actor.Shop && !actor.AllShops() {
		return r, fault.New(fault.Forbidden, "import.shop").On("shop")
	}
	if _, err := e.App.FindRecordById(record.Shops, r.Shop); err != nil {
		return r, fault.New(fault.Invalid, "import.shop").On("shop").Because(err)
	}
	return r, nil
}

func readSheet(r *http.Request) ([]byte, error) {
	file, _, err := r.FormFile("file")
	if errors.Is(err, apis.ErrRequestEntityTooLarge) {
		return nil, fault.New(fault.TooLarge, "import.too_large").On("file")
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "import.file").On("file").Because(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, importer.MaxBytes+1))
	if err != nil {
		return nil, fault.New(fault.Invalid, "import.file").On("file").Because(err)
	}
	return data, nil
}

// streamImport runs the import and writes its lines. Trouble with the file as a whole comes before the first line
// and is an ordinary error.
func streamImport(e *core.RequestEvent, r importer.Request) error {
	out := &lines{e: e, control: http.NewResponseController(e.Response), encoder: json.NewEncoder(e.Response)}
	r.Progress = func(done, total int) { out.write(map[string]int{"done": done, "total": total}, true) }
	r.Report = func(f importer.Finding) { out.write(asLine(f, Language(e.Request)), false) }
	totals, err := importer.Run(e.App, r)
	if err == nil {
		out.write(totals, true)
		return nil
	}
	if !out.begun {
		return err
	}
	e.App.Logger().Error("import", "error", err.Error())
	return nil // the stream ends without totals
}

type importLine struct {
	Line    int    `json:"line"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Level   string `json:"level"`
}

func asLine(f importer.Finding, lang string) importLine {
	level := "refused"
	if f.Warning {
		level = "warning"
	}
	return importLine{f.Line, f.Column, f.Fault.Code, f.Fault.Message(lang), level}
}

// lines is a stream of JSON objects, begun with the first.
type lines struct {
	e       *core.RequestEvent
	control *http.ResponseController
	encoder *json.Encoder
	begun   bool
}

// write adds a line. A client that has gone away does not stop the import: what was begun is brought to its end.
func (l *lines) write(v any, flush bool) {
	if !l.begun {
		l.begun = true
		h := l.e.Response.Header()
		h.Set("Content-Type", "application/x-ndjson; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Accel-Buffering", "no")
	}
	if l.encoder.Encode(v) != nil || !flush {
		return
	}
	_ = l.control.SetWriteDeadline(time.Now().Add(stallAfter)) // not every server can
	_ = l.control.Flush()
}
