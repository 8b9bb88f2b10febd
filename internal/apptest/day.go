package apptest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// Day plays a day in one shop: it makes rows through the real hooks with real people, so that a test may begin
// anywhere in the middle. Every method fails the test when a rule refuses.
type Day struct {
	t      testing.TB
	App    core.App
	Shop   string
	People map[string]*core.Record // by role: advisor, technician, second (another technician), expert, leader, inspector, manager
	Clock  func() time.Time
	clock  *Clock
	count  int
}

// NewDay begins a day in a shop that has its people, its policy and its walk-around template.
func NewDay(t testing.TB, app core.App, shop string, people map[string]*core.Record, clock *Clock) *Day {
	return &Day{t: t, App: app, Shop: shop, People: people, Clock: clock.Now, clock: clock}
}

// ID is the id of the person with the role.
func (d *Day) ID(role string) string { return d.People[role].Id }

// Now is the clock's time as the rows write it.
func (d *Day) Now() string { return record.Text(d.Clock()) }

// Actor is the person with the role, "superuser" or "system".
func (d *Day) Actor(role string) record.Actor {
	switch role {
	case "superuser":
		return record.Superuser("", "", record.DoorREST)
	case "system":
		return record.System(d.Shop)
	}
	person, err := d.App.FindRecordById(record.Staff, d.ID(role))
	if err != nil {
		d.t.Fatalf("no %s: %v", role, err)
	}
	actor, _ := record.FromAuth(person, record.DoorREST)
	return actor
}

// Create saves a new row as the person with the role.
func (d *Day) Create(role, collection string, data map[string]any) (*core.Record, error) {
	c, err := d.App.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	rec := core.NewRecord(c)
	rec.Load(data)
	if _, named := data[record.FieldShop]; !named {
		rec.Set(record.FieldShop, d.Shop)
	}
	return rec, d.App.SaveWithContext(record.WithActor(context.Background(), d.Actor(role)), rec)
}

// Patch changes a row as the person with the role, from the row as it stands.
func (d *Day) Patch(role string, rec *core.Record, data map[string]any) error {
	return d.PatchAs(d.Actor(role), rec, data)
}

// PatchAs changes a row as the actor; on success rec holds the new row.
func (d *Day) PatchAs(actor record.Actor, rec *core.Record, data map[string]any) error {
	fresh := d.Fresh(rec)
	fresh.Load(data)
	if err := d.App.SaveWithContext(record.WithActor(context.Background(), actor), fresh); err != nil {
		return err
	}
	*rec = *fresh
	return nil
}

// Fresh is the row as it stands.
func (d *Day) Fresh(rec *core.Record) *core.Record {
	d.t.Helper()
	fresh, err := d.App.FindRecordById(rec.Collection().Name, rec.Id)
	if err != nil {
		d.t.Fatalf("%s/%s: %v", rec.Collection().Name, rec.Id, err)
	}
	return fresh
}

// Make is Create for what must succeed.
func (d *Day) Make(role, collection string, data map[string]any) *core.Record {
	d.t.Helper()
	rec, err := d.Create(role, collection, data)
	if err != nil {
		d.t.Fatalf("%s creates %s: %v", role, collection, err)
	}
	return rec
}

// Do is Patch for what must succeed.
func (d *Day) Do(role string, rec *core.Record, data map[string]any) {
	d.t.Helper()
	if err := d.Patch(role, rec, data); err != nil {
		d.t.Fatalf("%s patches %s %v: %v", role, rec.Collection().Name, data, err)
	}
}

// Step takes rows to a state.
func (d *Day) Step(role string, rec *core.Record, state string) {
	d.t.Helper()
	d.Do(role, rec, map[string]any{record.FieldState: state})
}

func (d *Day) number(prefix string) string {
	d.count++
	return fmt.Sprintf("%s%02d", prefix, d.count)
}

// VisitOpen is a car that has just come in, with owner and one concern.
func (d *Day) VisitOpen() *core.Record {
	d.t.Helper()
	customer := d.Make("advisor", record.Customers, map[string]any{record.FieldName: "李明", record.FieldPhone: "13800138000"})
	vehicle := d.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "沪A12345", record.FieldVIN: "LSVAA4182E2184847",
		record.FieldMake: "大众", record.FieldModel: "帕萨特", record.FieldCustomer: customer.Id})
	visit := d.Make("advisor", record.Visits, map[string]any{record.FieldNumber: d.number("A"), record.FieldVehicle: vehicle.Id,
		record.FieldCustomer: customer.Id, record.FieldAdvisor: d.ID("advisor"), record.FieldPurpose: "repair",
		record.FieldState: "open", record.FieldArrivedAt: d.Now(), record.FieldOdometerKm: 48213, record.FieldEnergyLevel: 50})
	d.Make("advisor", record.Concerns, map[string]any{record.FieldVisit: visit.Id, record.FieldWords: "刹车时有吱吱声", record.FieldConfirmedAt: d.Now()})
	return visit
}

// Walkaround is the shop's active walk-around template.
func (d *Day) Walkaround() *core.Record {
	d.t.Helper()
	template, err := d.App.FindFirstRecordByFilter(record.Templates, "shop = {:shop} && kind = 'walkaround' && active = true", dbx.Params{"shop": d.Shop})
	if err != nil {
		d.t.Fatalf("no walk-around template: %v", err)
	}
	return template
}

// Inspect answers every item of the walk-around and asks all that must be asked; the visit stays open.
func (d *Day) Inspect(visit *core.Record) *core.Record {
	d.t.Helper()
	template := d.Walkaround()
	inspection := d.Make("advisor", record.Inspections, map[string]any{record.FieldVisit: visit.Id, record.FieldTemplate: template.Id})
	for _, item := range record.AsTemplate(template).Items() {
		d.Make("advisor", record.Findings, map[string]any{record.FieldVisit: visit.Id, record.FieldInspection: inspection.Id,
			record.FieldItem: item.Code, record.FieldResult: "good"})
	}
	now := d.Now()
	d.Do("advisor", visit, map[string]any{record.FieldAnythingElseAt: now, record.FieldValuablesExitAt: now,
		record.FieldValuablesBootAt: now, record.FieldValuablesEndAt: now, record.FieldBelongingsAt: now, record.FieldStorage: "none",
		record.FieldOldParts: "show", record.FieldWash: "no", record.FieldPaymentMethod: "card"})
	return inspection
}

// VisitInspected has a complete walk-around.
func (d *Day) VisitInspected() *core.Record {
	d.t.Helper()
	visit := d.VisitOpen()
	d.Inspect(visit)
	d.Step("advisor", visit, "inspected")
	return visit
}

// VisitHandedOver has a signed pre-check sheet, a tagged key and a receiver in the workshop.
func (d *Day) VisitHandedOver() *core.Record {
	d.t.Helper()
	visit := d.VisitInspected()
	d.HandOver(visit)
	return visit
}

// HandOver signs the pre-check sheet and passes the car to the workshop.
func (d *Day) HandOver(visit *core.Record) {
	d.t.Helper()
	d.Make("advisor", record.KeyTags, map[string]any{record.FieldVisit: visit.Id, record.FieldTag: d.number("K"),
		record.FieldHook: "7", record.FieldKeys: 1, record.FieldHolderKind: "cabinet"})
	d.Make("advisor", record.Consents, d.PrecheckConsent(visit))
	d.Do("leader", visit, map[string]any{record.FieldState: "handed_over", record.FieldReceivedBy: d.ID("leader"), record.FieldReceivedAt: d.Now()})
}

// PrecheckConsent is the row of a signed pre-check sheet.
func (d *Day) PrecheckConsent(visit *core.Record) map[string]any {
	d.t.Helper()
	sheet, err := record.Precheck(d.App, visit)
	if err != nil {
		d.t.Fatal(err)
	}
	document, err := consent.PrecheckDocument(sheet)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.signed(consent.KindPrecheck, visit.Id, "", document, nil)
}

// OrderDraft is an order of the visit without jobs.
func (d *Day) OrderDraft(visit *core.Record) *core.Record {
	d.t.Helper()
	return d.Make("advisor", record.WorkOrders, map[string]any{record.FieldVisit: visit.Id, record.FieldNumber: d.number("SH-261121-A"),
		record.FieldState: "draft", record.FieldPromisedAt: record.Text(d.Clock().Add(6 * time.Hour))})
}

// JobData is a priced job of the order.
func (d *Day) JobData(order *core.Record, work string) map[string]any {
	return map[string]any{
		record.FieldVisit: record.AsWorkOrder(order).Visit(), record.FieldWorkOrder: order.Id, record.FieldOrigin: consent.KindEstimate,
		record.FieldState: "proposed", record.FieldWork: work, record.FieldLabourMinutes: 60, record.FieldLabourFen: 24000,
		record.FieldParts: []map[string]any{{"name": "前刹车片", "number": "5Q0698151", "quantity_milli": 1000, "unit": "套",
			"unit_fen": 38000, "origin": "shop", "grade": "genuine"}},
		record.FieldPayer: "customer", record.FieldPricedAt: d.Now(), record.FieldSkill: 2,
	}
}

// JobProposed is a priced job of the order.
func (d *Day) JobProposed(order *core.Record, work string) *core.Record {
	d.t.Helper()
	return d.Make("advisor", record.Jobs, d.JobData(order, work))
}

// Offer is the document of the kind for the order, as GET /api/documents answers it.
func (d *Day) Offer(kind string, order *core.Record) consent.Document {
	d.t.Helper()
	offer, err := record.Offer(d.App, d.Fresh(order))
	if err != nil {
		d.t.Fatal(err)
	}
	build := consent.EstimateDocument
	if kind == consent.KindSupplement {
		build = consent.SupplementDocument
	}
	document, err := build(offer)
	if err != nil {
		d.t.Fatal(err)
	}
	return document
}

// SignedConsent is the row of a signature over the order as it stands; declined names the jobs the customer refuses.
func (d *Day) SignedConsent(kind string, order *core.Record, declined ...string) map[string]any {
	d.t.Helper()
	return d.signed(kind, record.AsWorkOrder(order).Visit(), order.Id, d.Offer(kind, order), declined)
}

func (d *Day) signed(kind, visit, order string, document consent.Document, declined []string) map[string]any {
	lines := []consent.Decision{}
	for _, j := range document.Jobs {
		line := consent.Decision{ID: j.ID, SHA256: j.SHA256, Decision: consent.Approved}
		for _, id := range declined {
			if id == j.ID {
				line.Decision = consent.Declined
			}
		}
		lines = append(lines, line)
	}
	return map[string]any{
		record.FieldVisit: visit, record.FieldWorkOrder: order, record.FieldKind: "signature", record.FieldState: "given",
		record.FieldDocumentKind: kind, record.FieldDocument: json.RawMessage(document.Body), record.FieldSHA256: document.SHA256,
		record.FieldJobs: lines, record.FieldSignerName: "李明", record.FieldSignerRelation: "self",
		record.FieldStrokes:  []any{[]any{map[string]any{"x": 1, "y": 2, "t": 3}, map[string]any{"x": 4, "y": 5, "t": 6}}},
		record.FieldSignedAt: d.Now(), record.FieldCountersignedBy: d.ID("advisor"), record.FieldCountersignedAt: d.Now(),
	}
}

// Sign signs the order as it stands, then takes the decisions: its proposed jobs approved, the order authorised.
func (d *Day) Sign(kind string, order *core.Record, declined ...string) *core.Record {
	d.t.Helper()
	given := d.Make("advisor", record.Consents, d.SignedConsent(kind, order, declined...))
	for _, line := range record.AsConsent(given).Jobs() {
		job, err := d.App.FindRecordById(record.Jobs, line.ID)
		if err != nil {
			d.t.Fatal(err)
		}
		if line.Decision == consent.Declined {
			d.Do("advisor", job, map[string]any{record.FieldState: "declined", record.FieldDeclinedAt: d.Now(), record.FieldDeclinedToldBy: d.ID("advisor")})
		} else if record.AsJob(job).State() == "proposed" {
			d.Step("advisor", job, "approved")
		}
	}
	if record.AsWorkOrder(d.Fresh(order)).State() == "presented" {
		d.Step("advisor", order, "authorised")
	}
	return given
}
