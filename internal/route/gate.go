package route

import (
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/pass"
	"aftercare/internal/record"
	"aftercare/internal/scope"
	"aftercare/internal/seal"
)

// certified is how long a cashier's tablet may sign gate passes without having asked again: a long weekend (D-07).
const certified = 72 * time.Hour

// passMakers are the roles that make gate passes.
var passMakers = []string{"cashier", record.RoleManager}

// Gate certifies the keys of cashiers' tablets.
type Gate struct {
	Devices *scope.Devices
	Seals   seal.Sealer
	Clock   func() time.Time
}

// Bind serves POST /api/gate/certificate {"device","public"}: the server's word that this tablet may sign gate passes with
// the key whose public half (base64url) it names. Refusals as of a sync call; flow.role, gate.key.
func (g Gate) Bind(se *core.ServeEvent) {
	se.Router.POST("/api/gate/certificate", func(e *core.RequestEvent) error {
		var asked keyOf
		if err := e.BindBody(&asked); err != nil {
			return err
		}
		sealed, until, err := g.certify(e, asked)
		if err != nil {
			return Fail(e, err)
		}
		return e.JSON(http.StatusOK, map[string]any{"seal": sealed, "until": until})
	})
}

// keyOf is a tablet and the public half of its key (base64url).
type keyOf struct {
	Device string `json:"device"`
	Public string `json:"public"`
}

func (g Gate) certify(e *core.RequestEvent, asked keyOf) (sealed consent.Seal, until string, err error) {
	if e.Auth == nil {
		return sealed, "", scope.SignedOut()
	}
	session, err := g.Devices.Admit(e.Auth, asked.Device, scope.Told{})
	if err != nil {
		return sealed, "", err
	}
	if !slices.ContainsFunc(passMakers, session.Actor.Is) {
		return sealed, "", fault.New(fault.Forbidden, "flow.role").With("roles", fault.Words{"role.cashier", "role.manager"})
	}
	public, ok := consent.DecodeKey(asked.Public)
	if !ok {
		return sealed, "", fault.New(fault.Invalid, "gate.key").On("public")
	}
	if err := g.Devices.Bind(session); err != nil {
		return sealed, "", err
	}
	until = record.Text(g.Clock().Add(certified))
	sealed, err = g.Seals.Certify(e.App, pass.Certificate{Device: session.Device, Staff: session.Actor.ID, Shop: session.Actor.Shop,
		Next: consent.KeyID(public), Public: asked.Public, Until: until})
	return sealed, until, err
}
