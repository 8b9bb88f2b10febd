package paper

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/document"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

// gathering is one sheet on its way.
type gathering struct {
	app   core.App
	ask   Ask
	zone  *time.Location
	now   time.Time
	sheet document.Sheet
}

func (p Press) gather(app core.App, a Ask, given *record.Consent) (document.Sheet, error) {
	v := record.AsVisit(a.Visit)
	test, err := record.IsTest(app)
	if err != nil {
		return document.Sheet{}, err
	}
	g := &gathering{app: app, ask: a, zone: time.UTC, now: p.Clock(), sheet: document.Sheet{View: a.View, Lang: a.Lang, Visit: v.Number(), Test: test,
		OdometerKm: v.OdometerKm(), EnergyPercent: v.EnergyLevel(), StorageBox: v.GetString(record.FieldStorageBox), OldParts: v.GetString(record.FieldOldParts),
		Wash: v.GetString(record.FieldWash), PayBy: v.GetString(record.FieldPaymentMethod), AnythingElse: v.AnythingElse(), CoversPieces: v.CoversPieces(), CoversRear: v.CoversRear()}}
	steps := []func() error{g.shop, g.people, g.reception, g.jobs, g.bills, g.checks}
	for _, step := range steps {
		if err := step(); err != nil {
			return g.sheet, err
		}
	}
	g.sheet.ArrivedAt, g.sheet.WishedAt, g.sheet.MadeAt = g.local(v.ArrivedAt()), g.local(record.Moment(a.Visit, record.FieldWishedAt)), g.local(record.Text(p.Clock()))
	if given != nil {
		return g.sheet, g.signed(given)
	}
	return g.sheet, nil
}

// local is a stored time as the shop's clock shows it.
func (g *gathering) local(stored string) string {
	t := record.Time(stored)
	if t.IsZero() {
		return ""
	}
	return t.In(g.zone).Format("2006-01-02 15:04")
}

func (g *gathering) shop() error {
	row, err := g.app.FindRecordById(record.Shops, g.ask.Visit.GetString(record.FieldShop))
	if err != nil {
		return err
	}
	if zone, err := time.LoadLocation(row.GetString(record.FieldTimeZone)); err == nil {
		g.zone = zone
	}
	g.sheet.ShopName, g.sheet.ShopAddress, g.sheet.ShopPhone = record.AsShop(row).Name(), row.GetString(record.FieldAddress), row.GetString(record.FieldPhone)
	return nil
}

// name is how a member of staff is called, "" for nobody.
func (g *gathering) name(staff string) string {
	row, err := g.app.FindRecordById(record.Staff, staff)
	if err != nil {
		return ""
	}
	return record.AsMember(row).Name()
}

func (g *gathering) people() error {
	v := record.AsVisit(g.ask.Visit)
	vehicle, err := g.app.FindRecordById(record.Vehicles, v.Vehicle())
	if err != nil {
		return err
	}
	car := record.AsVehicle(vehicle)
	s := &g.sheet
	s.Plate, s.VIN, s.Car = car.Plate(), car.VIN(), strings.TrimSpace(car.Make()+" "+car.Model())
	s.NextServiceKm = int64(vehicle.GetInt(record.FieldNextServiceKm))
	if on := g.local(record.Moment(vehicle, record.FieldNextServiceOn)); on != "" {
		s.NextServiceOn = on[:10]
	}
	s.Advisor = g.name(v.Advisor())
	if v.Customer() == "" {
		return nil
	}
	customer, err := g.app.FindRecordById(record.Customers, v.Customer())
	if err != nil {
		return err
	}
	s.Customer, s.Phone = record.AsCustomer(customer).Name(), record.AsCustomer(customer).Phone()
	return nil
}

func (g *gathering) rows(collection string, where dbx.HashExp) ([]*core.Record, error) {
	rows := []*core.Record{}
	err := g.app.RecordQuery(collection).AndWhere(where).OrderBy(record.FieldCreated, record.FieldID).All(&rows)
	return rows, err
}

// reception is what was said, found and kept when the car came in.
func (g *gathering) reception() error {
	parts := []struct {
		collection string
		add        func(*core.Record)
	}{
		{record.Concerns, func(r *core.Record) { g.sheet.Concerns = append(g.sheet.Concerns, record.AsConcern(r).Words()) }},
		{record.Belongings, func(r *core.Record) {
			b := record.AsBelonging(r)
			g.sheet.Belongings = append(g.sheet.Belongings, document.Belonging{Name: b.Name(), Place: b.Place(), Note: b.Note(), Quantity: b.Quantity()})
		}},
		{record.KeyTags, func(r *core.Record) {
			k := record.AsKeyTag(r)
			g.sheet.Keys = append(g.sheet.Keys, document.Key{Tag: k.Tag(), Hook: k.Hook(), Keys: k.Keys()})
		}},
	}
	for _, part := range parts {
		rows, err := g.rows(part.collection, dbx.HashExp{record.FieldVisit: g.ask.Visit.Id})
		if err != nil {
			return err
		}
		for _, row := range rows {
			part.add(row)
		}
	}
	if g.ask.View != document.Precheck {
		return nil
	}
	sheet, err := record.Precheck(g.app, g.ask.Visit)
	if err != nil {
		return err
	}
	return g.inspected(sheet.Findings, markShown(sheet.Marks), int64(len(sheet.Photos)))
}

// mark is a damage mark as it stands in a document.
type mark struct{ ID, View, Kind, Severity, Note string }

func markShown(marks []consent.Mark) []mark {
	out := make([]mark, len(marks))
	for i, m := range marks {
		out[i] = mark{m.ID, m.View, m.Kind, m.Severity, m.Note}
	}
	return out
}

// jobs are the order's as they stand; a signature puts what was signed in their place.
func (g *gathering) jobs() error {
	if g.ask.Order == nil {
		return nil
	}
	o := record.AsWorkOrder(g.ask.Order)
	g.sheet.Order, g.sheet.PromisedAt = o.Number(), g.local(o.PromisedAt())
	g.sheet.Advice, g.sheet.Cautions = paragraphs(g.ask.Order.GetString(record.FieldAdvice)), paragraphs(g.ask.Order.GetString(record.FieldCautions))
	rows := []*core.Record{}
	err := g.app.RecordQuery(record.Jobs).AndWhere(dbx.HashExp{record.FieldWorkOrder: o.Id}).OrderBy(record.FieldPosition, record.FieldID).All(&rows)
	if err != nil {
		return err
	}
	warranty, err := g.warranty(o, rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		j := record.AsJob(row)
		if skipped(g.ask.View, j) {
			continue
		}
		job := jobOf(j.Content())
		f := j.Facts()
		job.State, job.Origin, job.Safety, job.Found = f.State, j.Origin(), row.GetBool(record.FieldSafety), row.GetString(record.FieldFoundNote)
		job.ActualLabourFen, job.ActualPartsFen = f.ActualLabourFen, f.ActualPartsFen
		for _, id := range j.Technicians() {
			job.Technicians = append(job.Technicians, g.name(id))
		}
		if line, ok := warranty.Of(j.Id); ok {
			job.Warranty = document.Warranty{LabourUntil: line.LabourUntil, LabourKm: line.LabourKm, PartsUntil: line.PartsUntil, PartsKm: line.PartsKm}
		}
		g.sheet.Jobs = append(g.sheet.Jobs, job)
	}
	return nil
}

// skipped: an unsigned offer shows its own jobs, workshop and settlement only what is or was to be done.
func skipped(view string, j *record.Job) bool {
	off := j.State() == "declined" || j.State() == "cancelled"
	switch view {
	case document.Estimate, document.Request:
		return j.Origin() != consent.KindEstimate || j.State() == "cancelled"
	case document.Supplement:
		return j.Origin() != consent.KindSupplement || j.State() == "cancelled"
	case document.Pickup:
		return false
	}
	return off
}

func jobOf(c consent.JobContent) document.Job {
	job := document.Job{Work: c.Work, Detail: c.Detail, Payer: c.Payer, Minutes: c.LabourMinutes, LabourFen: c.LabourFen, PartsFen: price.PartsFen(c.Parts),
		DiagnosisOnly: c.DiagnosisOnly, NotGuaranteed: c.NotGuaranteed}
	for _, p := range c.Parts {
		job.Parts = append(job.Parts, document.Part{Name: p.Name, Number: p.Number, Unit: p.Unit, QuantityMilli: p.QuantityMilli, UnitFen: p.UnitFen,
			Customers: p.Origin == "customer", Aftermarket: p.Grade == "aftermarket"})
	}
	return job
}

// checks are the quality checks that passed last of each stage, and who passed the car in the end.
func (g *gathering) checks() error {
	if g.ask.Order == nil {
		return nil
	}
	rows, err := g.rows(record.QualityChecks, dbx.HashExp{record.FieldWorkOrder: g.ask.Order.Id})
	if err != nil {
		return err
	}
	for _, row := range rows {
		q := record.AsQualityCheck(row)
		c := document.Check{Stage: q.Stage(), Result: q.Result(), By: g.name(q.Checker()), At: g.local(record.Moment(row, record.FieldCheckedAt))}
		g.sheet.Checks = append(g.sheet.Checks, c)
		if q.Stage() == "final" && q.Result() == "pass" {
			g.sheet.Inspector, g.sheet.InspectedAt = c.By, c.At
		}
	}
	return nil
}

func paragraphs(text string) []string {
	var out []string
	for _, one := range strings.Split(text, "\n") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}

// signed puts what was signed on the sheet: its jobs with the decisions, findings and marks as they were shown, the
// signature and the code.
func (g *gathering) signed(c *record.Consent) error {
	var body struct {
		Jobs       []consent.JobContent `json:"jobs"`
		PromisedAt string               `json:"promised_at"`
		Findings   []consent.Finding    `json:"findings"`
		Marks      []mark               `json:"marks"`
		Photos     []string             `json:"photos"`
		Advice     string               `json:"advice"`
		Cautions   string               `json:"cautions"`
	}
	if err := json.Unmarshal(c.Document(), &body); err != nil {
		return err
	}
	switch g.ask.View {
	case document.Estimate, document.Supplement, document.Request:
		decided := map[string]string{}
		for _, line := range c.Jobs() {
			decided[line.ID] = line.Decision
		}
		g.sheet.Jobs = nil
		for _, content := range body.Jobs {
			job := jobOf(content)
			job.Decision = decided[content.ID]
			g.sheet.Jobs = append(g.sheet.Jobs, job)
		}
		g.sheet.PromisedAt = g.local(body.PromisedAt)
	case document.Precheck:
		g.sheet.Findings, g.sheet.GoodFindings, g.sheet.Marks = nil, 0, nil
		if err := g.inspected(body.Findings, body.Marks, int64(len(body.Photos))); err != nil {
			return err
		}
	case document.Delivery:
		g.sheet.Advice, g.sheet.Cautions = paragraphs(body.Advice), paragraphs(body.Cautions)
	}
	return g.signature(c)
}

func (g *gathering) signature(c *record.Consent) error {
	s := &document.Signature{Name: c.SignerName(), Relation: c.GetString(record.FieldSignerRelation), At: g.local(c.SignedAt()), Way: c.Kind(),
		Words: c.GetString(record.FieldCallWords), Strokes: strokes(c.GetString(record.FieldStrokes))}
	if by, at := c.CountersignedBy(); by != "" {
		s.Advisor, s.AdvisorAt = g.name(by), g.local(at)
	}
	g.sheet.Signature = s
	if c.State() == "void" {
		g.sheet.Voided = c.GetString(record.FieldVoidReason)
	}
	if seal, ok := c.Seal(); ok {
		g.sheet.Code, g.sheet.QR = c.Code(), g.ask.Host+"/verify/"+c.Code()
		if compact := seal.Compact(); compact != "" {
			g.sheet.QR += "#" + compact
		}
	}
	return nil
}

// strokes are lists of points {x,y}, alone or as {points}.
func strokes(raw string) [][][2]float64 {
	var list []json.RawMessage
	if json.Unmarshal([]byte(raw), &list) != nil {
		return nil
	}
	var out [][][2]float64
	for _, one := range list {
		var points []struct{ X, Y float64 }
		var group struct{ Points json.RawMessage }
		if json.Unmarshal(one, &points) != nil {
			if json.Unmarshal(one, &group) != nil || json.Unmarshal(group.Points, &points) != nil {
				continue
			}
		}
		stroke := make([][2]float64, len(points))
		for i, p := range points {
			stroke[i] = [2]float64{p.X, p.Y}
		}
		out = append(out, stroke)
	}
	return out
}
