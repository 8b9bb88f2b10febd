// Package hooks holds every save and delete to the rules of the trade, whichever door it comes through: push,
// PocketBase's API, batch, the admin screens, an import. It reads the rows around the one being saved inside the same
// write transaction, asks package flow and package consent, sets the derived fields, and goes on. It promises that
// nothing is saved behind a rule's back and that it creates no row of its own; it decides nothing itself.
//
// A save is judged in steps, in this order: shape, shop border, relations, roles per field, derived fields, and last
// the flow (create, edit or transition) with its guards. Errors are *fault.Fault.
package hooks

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"aftercare/internal/flow"
	"aftercare/internal/pass"
	"aftercare/internal/record"
)

// Deps is what the rules need of the rest of the house.
type Deps struct {
	// Clock is the server's time.
	Clock func() time.Time
	// AsOf is a row as it stood at a seq of the change log, nil when it did not exist.
	AsOf func(app core.App, collection, id string, seq int64) (map[string]any, error)
	// PhotoState is how far the bytes with the hash have come, as far as somebody of this shop or the row's author has
	// sent them (naming a hash tells nothing about other shops): state, hash as stored, code of the refusal. "uploading" when not here.
	PhotoState func(app core.App, shop, author, sha256 string) (state, storedSHA, refusal string)
	// Seals seals consents (S-03).
	Seals Seals
	// Passes seals gate passes and checks those that tablets made (D-07).
	Passes Passes
	// Fail turns an error into the answer of the API; a fault becomes its code, field and sentence.
	Fail func(e *core.RequestEvent, err error) error
	// Maintenance says whether the ways round the rules are open: raw SQL, schema changes, truncate, restore.
	Maintenance func() bool
}

// Seals is what seals a consent as it is stored, and the countersignature beside it.
type Seals interface {
	Consent(app core.App, c *record.Consent, device string) error
	Countersign(app core.App, c *record.Consent) error
}

// Passes seals a gate pass as it is stored, or checks the one that a certified tablet has signed.
type Passes interface {
	Pass(app core.App, p *record.GatePass) (token string, err error)
	CheckPass(app core.App, token string) (pass.Statement, *pass.Certificate, error)
}

// Bind puts the rules on every save and delete of the app. The change log's hooks must be bound too: they open the
// transaction that these hooks read in.
func Bind(app core.App, d Deps) {
	h := &house{deps: d}
	app.OnRecordCreate().Bind(&hook.Handler[*core.RecordEvent]{Id: "rulesCreate", Func: h.save})
	app.OnRecordUpdate().Bind(&hook.Handler[*core.RecordEvent]{Id: "rulesUpdate", Func: h.save})
	app.OnRecordDelete().Bind(&hook.Handler[*core.RecordEvent]{Id: "rulesDelete", Func: h.remove})

	app.OnRecordCreateRequest().BindFunc(h.request)
	app.OnRecordUpdateRequest().BindFunc(h.request)
	app.OnRecordDeleteRequest().BindFunc(h.request)
	h.close(app)
}

type house struct{ deps Deps }

// entityOf is the flow's entity of a collection, nil for PocketBase's own.
func entityOf(c *core.Collection) *flow.Entity { return flow.Table().ByCollection(c.Name) }
