package route

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// correctable are the fields a manager may put right with a reason. Consents, seals, time entries, settled money and
// logs are never among them.
var correctable = map[string][]string{
	record.Vehicles:  {record.FieldPlate, record.FieldVIN, record.FieldEngineNo, record.FieldOdometerKm},
	record.Customers: {record.FieldName, record.FieldPhone},
	record.Visits:    {record.FieldOdometerKm},
}

// writer makes several saves one act.
type writer interface {
	Write(app core.App, fn func(tx core.App) error) (commit int64, err error)
}

type correction struct {
	Collection string         `json:"collection"`
	Record     string         `json:"record"`
	Fields     map[string]any `json:"fields"`
	Reason     string         `json:"reason"`
}

// BindCorrections lets a manager or superuser put right what the rules would keep: POST /api/corrections
// {"collection","record","fields","reason"} answers the row of corrections it leaves behind.
func BindCorrections(se *core.ServeEvent, log writer) {
	se.Router.POST("/api/corrections", func(e *core.RequestEvent) error {
		row, err := correct(e, log)
		if err != nil {
			return Fail(e, err)
		}
		return e.JSON(http.StatusOK, record.Values(row))
	}).Bind(apis.BodyLimit(64 << 10))
}

func correct(e *core.RequestEvent, log writer) (row *core.Record, err error) {
	actor, ok := record.FromAuth(e.Auth, record.DoorRoute)
	if !ok {
		return nil, fault.New(fault.Unauthorised, "access.signed_out")
	}
	if !actor.Is(record.RoleManager) && !actor.Is(record.RoleHeadOffice) {
		return nil, fault.New(fault.Forbidden, "flow.role").With("roles", fault.Words{"role.manager", "role.head_office"})
	}
	c, err := readCorrection(e.Request)
	if err != nil {
		return nil, err
	}
	_, err = log.Write(e.App, func(tx core.App) error {
		row, err = applyCorrection(tx, actor, c)
		return err
	})
	return row, err
}

func readCorrection(r *http.Request) (correction, error) {
	var c correction
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&c); errors.Is(err, apis.ErrRequestEntityTooLarge) {
		return c, fault.New(fault.TooLarge, "access.too_large")
	} else if err != nil {
		return c, fault.New(fault.Invalid, "field.invalid").Because(err)
	}
	fields, known := correctable[c.Collection]
	switch {
	case !known:
		return c, fault.New(fault.Refused, "field.not_correctable").On("collection")
	case c.Reason == "":
		return c, fault.New(fault.Invalid, "field.required").On("reason")
	case len(c.Fields) == 0:
		return c, fault.New(fault.Invalid, "field.required").On("fields")
	}
	for name := range c.Fields {
		if !slices.Contains(fields, name) {
			return c, fault.New(fault.Refused, "field.not_correctable").On(name)
		}
	}
	return c, record.Shape(flow.Table().ByCollection(c.Collection), c.Fields)
}

// applyCorrection writes the row and its trace. The server's hand does it, in the name of who asked.
func applyCorrection(tx core.App, actor record.Actor, c correction) (*core.Record, error) {
	target, err := tx.FindRecordById(c.Collection, c.Record)
	if err != nil || !actor.AllShops() && target.GetString(record.FieldShop) != actor.Shop {
		return nil, notFound.Because(err)
	}
	before := map[string]any{}
	for name := range c.Fields {
		before[name] = record.Value(target, name)
	}
	hand := record.System(target.GetString(record.FieldShop))
	hand.ID, hand.Name, hand.Door = actor.ID, actor.Name, actor.Door
	ctx := record.WithActor(context.Background(), hand)
	target.Load(c.Fields)
	if err := tx.SaveWithContext(ctx, target); err != nil {
		return nil, err
	}
	log, err := tx.FindCachedCollectionByNameOrId(record.Corrections)
	if err != nil {
		return nil, err
	}
	row := core.NewRecord(log)
	row.Load(map[string]any{record.FieldShop: hand.Shop, record.FieldCollection: c.Collection, record.FieldRecord: c.Record,
		record.FieldFields: c.Fields, record.FieldBefore: before, record.FieldReason: c.Reason})
	return row, tx.SaveWithContext(ctx, row)
}
