package route

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/buyer"
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// BindBuyer lets people who bought online in (L-02). POST /api/claims/code {"order","phone","shop","lang"} answers 204 whether there
// is such an order or not; POST /api/claims/sign-in {…,"code"} answers {"token","customer":{"id","name","phone"}}; GET
// /api/claims/orders, with that token, what was bought under the phone and what holds for it. The first two are public and slow:
// an address may ask each 60 times at once and then every five seconds, and they answer in even steps of time.
func BindBuyer(se *core.ServeEvent, desk buyer.Desk) {
	slow := func() func(*core.RequestEvent) error { return limited(newLimit(60, 5*time.Second)) }
	se.Router.POST("/api/claims/code", func(e *core.RequestEvent) error {
		began := time.Now()
		var asked buyer.Asked
		if err := e.BindBody(&asked); err != nil {
			return err
		}
		err := desk.SendCode(e.App, asked)
		buyer.Even(began, err)
		if err != nil {
			return Fail(e, err)
		}
		return e.NoContent(http.StatusNoContent)
	}).BindFunc(slow())
	se.Router.POST("/api/claims/sign-in", answering(func(e *core.RequestEvent) error {
		began := time.Now()
		var body struct {
			buyer.Asked
			Code string `json:"code"`
		}
		if err := e.BindBody(&body); err != nil {
			return err
		}
		customer, err := desk.SignIn(e.App, body.Asked, body.Code)
		buyer.Even(began, err)
		if err != nil {
			return err
		}
		return signedIn(e, customer)
	})).BindFunc(slow())
	se.Router.GET("/api/claims/orders", answering(func(e *core.RequestEvent) error {
		actor, ok := record.FromAuth(e.Auth, record.DoorRoute)
		if !ok || actor.Kind != record.KindCustomer {
			return fault.New(fault.Unauthorised, "access.signed_out")
		}
		bought, err := desk.Orders(e.App, e.Auth)
		if err != nil {
			return err
		}
		return e.JSON(http.StatusOK, bought)
	}))
}

// signedIn hands the buyer a login as any other of the customers collection.
func signedIn(e *core.RequestEvent, customer *core.Record) error {
	token, err := customer.NewAuthToken()
	if err != nil {
		return err
	}
	c := record.AsCustomer(customer)
	return e.JSON(http.StatusOK, map[string]any{"token": token, "customer": buyer.Person{ID: c.Id, Name: c.Name(), Phone: c.Phone()}})
}
