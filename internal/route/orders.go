package route

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/record"
	"aftercare/internal/sales"
)

// BindOrders opens the door to shop platforms (L-02; the protocol stands in internal/sales/DESIGN.md):
//
// POST /api/orders/webhook/{shop} {"orders":[…]}, signed by webhook-id, webhook-timestamp and webhook-signature as the Standard
// Webhooks convention says, takes up to 100 orders, all or none: {"orders":[{"external_id","outcome"}]}. shop is id or code.
// 401 sale.call_signature, sale.call_stale; 409 sale.call_replayed, sale.revision_reused; 413 access.too_large,
// sale.too_many_orders; 400 with the codes of the order on "orders/<n>/…".
//
// POST /api/orders/webhook/{shop}/secret makes a new secret and shows it this once, GET says when and by whom the present one was
// made, DELETE closes the door: managers of the shop and head office.
func BindOrders(se *core.ServeEvent, clock func() time.Time) {
	se.Router.POST("/api/orders/webhook/{shop}", func(e *core.RequestEvent) error {
		taken, err := takeOrders(e, clock())
		if err != nil {
			return Fail(e, err)
		}
		return e.JSON(http.StatusOK, map[string]any{"orders": taken})
	}).BindFunc(limited(newLimit(120, 100*time.Millisecond))).Bind(apis.BodyLimit(sales.MaxCallSize))

	secret := func(do func(e *core.RequestEvent, shop string, actor record.Actor) (any, error)) func(*core.RequestEvent) error {
		return func(e *core.RequestEvent) error {
			shop, actor, err := managed(e)
			if err != nil {
				return Fail(e, err)
			}
			answer, err := do(e, shop, actor)
			if err != nil {
				return Fail(e, err)
			}
			e.Response.Header().Set("Cache-Control", "no-store")
			return e.JSON(http.StatusOK, answer)
		}
	}
	const path = "/api/orders/webhook/{shop}/secret"
	se.Router.POST(path, secret(func(e *core.RequestEvent, shop string, actor record.Actor) (any, error) {
		made, err := sales.NewSecret(e.App, shop, actor.ID, clock())
		return map[string]any{"path": "/api/orders/webhook/" + shop, "secret": made.Value, "made_at": made.MadeAt}, err
	}))
	se.Router.GET(path, secret(func(e *core.RequestEvent, shop string, _ record.Actor) (any, error) {
		made, _, err := sales.SecretOf(e.App, shop)
		return map[string]any{"path": "/api/orders/webhook/" + shop, "made_at": made.MadeAt, "made_by": made.MadeBy}, err
	}))
	se.Router.DELETE(path, secret(func(e *core.RequestEvent, shop string, _ record.Actor) (any, error) {
		return map[string]any{}, sales.DropSecret(e.App, shop)
	}))
}

// managed is the shop that the path names, for who may open its door to platforms.
func managed(e *core.RequestEvent) (string, record.Actor, error) {
	actor, ok := record.FromAuth(e.Auth, record.DoorRoute)
	if !ok {
		return "", actor, fault.New(fault.Unauthorised, "access.signed_out")
	}
	if !actor.Is(record.RoleManager) && !actor.Is(record.RoleHeadOffice) {
		return "", actor, fault.New(fault.Forbidden, "sale.call_role")
	}
	shop, _, err := shopOf(e.App, e.Request.PathValue("shop"))
	if err != nil || shop != actor.Shop && !actor.AllShops() {
		return "", actor, fault.New(fault.NotFound, "access.not_found").Because(err)
	}
	return shop, actor, nil
}

// taken is what became of one order of a call.
type taken struct {
	ExternalID any           `json:"external_id"`
	Outcome    sales.Outcome `json:"outcome"`
}

func takeOrders(e *core.RequestEvent, now time.Time) ([]taken, error) {
	body, err := io.ReadAll(e.Request.Body)
	if errors.Is(err, apis.ErrRequestEntityTooLarge) {
		return nil, fault.New(fault.TooLarge, "access.too_large").On("orders").Because(err)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "sale.call_body").On("orders").Because(err)
	}
	h := e.Request.Header
	call := sales.Call{ID: h.Get("Webhook-Id"), Timestamp: h.Get("Webhook-Timestamp"), Signatures: h.Get("Webhook-Signature"), Body: body}
	shop, _, err := shopOf(e.App, e.Request.PathValue("shop"))
	if _, refused := fault.From(err); err != nil && !refused {
		return nil, err
	}
	secret, there, err := sales.SecretOf(e.App, shop)
	if err != nil {
		return nil, err
	}
	real := time.Now() // a sender knows no test clock
	if refused := call.Check(secret, there, real); refused != nil {
		return nil, refused
	}
	orders, refused := sales.Read(body)
	if refused != nil {
		return nil, refused
	}
	actor := record.System(shop)
	actor.Door = record.DoorImport
	in := &sales.Intake{Shop: shop, Actor: actor, Now: now}
	return putOrders(e.App, in, call, orders, real)
}

// putOrders takes all of them in one transaction, or none.
func putOrders(app core.App, in *sales.Intake, call sales.Call, orders []sales.Order, real time.Time) (done []taken, err error) {
	err = app.RunInTransaction(func(tx core.App) error {
		done = make([]taken, 0, len(orders))
		if err := call.Once(tx, in.Shop, real); err != nil {
			return err
		}
		for i, o := range orders {
			outcome, err := in.Put(tx, o)
			if f, refused := fault.From(err); refused {
				return sales.OfOrder(i, f)
			}
			if err != nil {
				return err
			}
			done = append(done, taken{o.Fields[record.FieldExternalID], outcome})
		}
		return nil
	})
	return done, err
}
