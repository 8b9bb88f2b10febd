package record

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/flow"
)

// Offer gathers what an estimate or a supplement of the order shows, from the rows as they stand in app.
func Offer(app core.App, order *core.Record) (consent.Offer, error) {
	o := AsWorkOrder(order)
	visit, err := app.FindRecordById(Visits, o.Visit())
	if err != nil {
		return consent.Offer{}, err
	}
	head, err := documentHead(app, visit)
	if err != nil {
		return consent.Offer{}, err
	}
	given, err := ConsentsOf(app, visit.Id)
	if err != nil {
		return consent.Offer{}, err
	}
	jobs, err := app.FindAllRecords(Jobs, dbx.HashExp{FieldWorkOrder: order.Id})
	if err != nil {
		return consent.Offer{}, err
	}
	offer := consent.Offer{Head: head, Order: consent.Order{ID: order.Id, Number: o.Number()}, PromisedAt: o.PromisedAt()}
	for _, row := range jobs {
		j := AsJob(row)
		offer.Jobs = append(offer.Jobs, consent.OfferedJob{JobContent: j.Content(), Origin: j.Origin(), State: j.State(),
			Position: int64(j.Position()), Covered: flow.Covered(j.Facts(), given)})
	}
	return offer, nil
}

// Handover gathers what the delivery sheet of an order shows (Q-04, D-05).
func Handover(app core.App, order *core.Record) (consent.Handover, error) {
	o := AsWorkOrder(order)
	visit, err := app.FindRecordById(Visits, o.Visit())
	if err != nil {
		return consent.Handover{}, err
	}
	head, err := documentHead(app, visit)
	if err != nil {
		return consent.Handover{}, err
	}
	h := consent.Handover{Head: head, Order: consent.Order{ID: order.Id, Number: o.Number()}, Advice: order.GetString(FieldAdvice), Cautions: order.GetString(FieldCautions)}
	belongings, err := app.FindAllRecords(Belongings, dbx.HashExp{FieldVisit: visit.Id})
	if err != nil {
		return h, err
	}
	for _, row := range belongings {
		h.Belongings = append(h.Belongings, AsBelonging(row).shown())
	}
	deliveries, err := app.FindAllRecords(Deliveries, dbx.HashExp{FieldVisit: visit.Id})
	for _, row := range deliveries {
		h.NextServiceAt, h.NextServiceKm = Moment(row, FieldNextServiceAt), int64(row.GetInt(FieldNextServiceKm))
	}
	return h, err
}

// ConsentsOf is every consent of a visit as the guards see them.
func ConsentsOf(app core.App, visit string) ([]flow.Consent, error) {
	rows, err := app.FindAllRecords(Consents, dbx.HashExp{FieldVisit: visit})
	consents := make([]flow.Consent, len(rows))
	for i, row := range rows {
		consents[i] = AsConsent(row).Facts()
	}
	return consents, err
}

func documentHead(app core.App, visit *core.Record) (consent.Head, error) {
	v := AsVisit(visit)
	shop, err := app.FindRecordById(Shops, v.Shop())
	if err != nil {
		return consent.Head{}, err
	}
	vehicle, err := app.FindRecordById(Vehicles, v.Vehicle())
	if err != nil {
		return consent.Head{}, err
	}
	car := AsVehicle(vehicle)
	head := consent.Head{
		Shop:    consent.Shop{ID: shop.Id, Name: AsShop(shop).Name()},
		Visit:   consent.Visit{ID: v.Id, Number: v.Number(), OdometerKm: v.OdometerKm()},
		Vehicle: consent.Vehicle{ID: car.Id, Plate: car.Plate(), VIN: car.VIN(), Make: car.Make(), Model: car.Model()},
	}
	if v.Customer() != "" {
		customer, err := app.FindRecordById(Customers, v.Customer())
		if err != nil {
			return consent.Head{}, err
		}
		head.Customer = consent.Customer{ID: customer.Id, Name: AsCustomer(customer).Name()}
	}
	return head, nil
}

// workshopPhotos are of subjects that come after reception; the pre-check sheet does not show them.
var workshopPhotos = []any{WorkOrders, Jobs, QualityChecks, Deliveries}

// Precheck gathers what the pre-check sheet 预检问诊表 of a visit shows.
func Precheck(app core.App, visit *core.Record) (consent.Precheck, error) {
	v := AsVisit(visit)
	head, err := documentHead(app, visit)
	if err != nil {
		return consent.Precheck{}, err
	}
	p := consent.Precheck{Head: head, AnythingElse: v.AnythingElse(), OdometerKm: v.OdometerKm(), EnergyLevel: v.EnergyLevel(),
		Covers: consent.Covers{Pieces: v.CoversPieces(), Rear: v.CoversRear()}}
	parts := []struct {
		collection string
		add        func(*core.Record)
	}{
		{Concerns, func(r *core.Record) { p.Concerns = append(p.Concerns, AsConcern(r).shown()) }},
		{Findings, func(r *core.Record) { p.Findings = append(p.Findings, AsFinding(r).shown()) }},
		{DamageMarks, func(r *core.Record) { p.Marks = append(p.Marks, AsDamageMark(r).shown()) }},
		{Belongings, func(r *core.Record) { p.Belongings = append(p.Belongings, AsBelonging(r).shown()) }},
		{KeyTags, func(r *core.Record) { p.Keys = append(p.Keys, AsKeyTag(r).shown()) }},
	}
	for _, part := range parts {
		rows, err := app.FindAllRecords(part.collection, dbx.HashExp{FieldVisit: visit.Id})
		if err != nil {
			return p, err
		}
		for _, row := range rows {
			part.add(row)
		}
	}
	photos, err := app.FindAllRecords(Photos, dbx.HashExp{FieldVisit: visit.Id},
		dbx.NotIn(FieldSubjectCollection, workshopPhotos...), dbx.Not(dbx.HashExp{FieldState: "refused"}))
	for _, row := range photos {
		p.Photos = append(p.Photos, AsPhoto(row).SHA256())
	}
	return p, err
}

func (c *Concern) shown() consent.Concern {
	return consent.Concern{ID: c.Id, Words: c.Words(), Confirmed: c.ConfirmedAt() != "", Position: int64(c.GetInt(FieldPosition))}
}

func (f *Finding) shown() consent.Finding {
	return consent.Finding{Item: f.Item(), Result: f.Result(), Level: f.Level(), Note: f.Note()}
}

func (m *DamageMark) shown() consent.Mark {
	return consent.Mark{ID: m.Id, View: m.View(), X: m.X(), Y: m.Y(), Zone: m.Zone(), Kind: m.Kind(), Severity: m.Severity(), Note: m.Note()}
}

func (b *Belonging) shown() consent.Belonging {
	return consent.Belonging{ID: b.Id, Kind: b.Kind(), Name: b.Name(), Quantity: b.Quantity(), Place: b.Place(), Note: b.Note()}
}

func (k *KeyTag) shown() consent.Key {
	return consent.Key{Tag: k.Tag(), Keys: k.Keys(), Hook: k.Hook()}
}
