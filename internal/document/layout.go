package document

import (
	"fmt"
	"strconv"

	"aftercare/internal/price"
)

// layouts are the parts of each view, in order, between head and signature.
var layouts = map[string][]func(*printer){
	Precheck:   {concerns, findings, marks, belongings, keys, covers},
	Pickup:     {pickupNote, belongings, keys, jobsShort},
	Estimate:   {jobsPriced, totals, notGuaranteed, promise},
	Supplement: {jobsPriced, totals, notGuaranteed, promise},
	Request:    {concerns, choices, jobsShort, totals, requestNote},
	Repair:     {concerns, jobsWorkshop, checks},
	Settlement: {jobsActual, bills, warranty, advice, nextService},
	Delivery:   {jobsShort, checks, warranty, advice, cautions, nextService, deliveryNote},
}

func concerns(p *printer) {
	lines := p.sheet.Concerns
	if p.sheet.AnythingElse != "" {
		lines = append(append([]string{}, lines...), p.sheet.AnythingElse)
	}
	p.words(p.sheet.word("concerns"), lines)
}

func choices(p *printer) {
	s := p.sheet
	lines := []string{}
	for _, text := range []string{prefixed(s.word("wished"), s.WishedAt), prefixed(s.word("old_parts"), s.choice("old_parts", s.OldParts)),
		prefixed(s.word("wash"), s.choice("wash", s.Wash)), prefixed(s.word("pay"), s.choice("pay", s.PayBy))} {
		if text != "" {
			lines = append(lines, text)
		}
	}
	p.words(s.word("choices"), lines)
}

func findings(p *printer) {
	s := p.sheet
	p.title(s.word("findings"))
	p.CellFormat(width, line+1, fmt.Sprintf(s.word("good_count"), s.GoodFindings, len(s.Findings)), "", 1, "L", false, 0, "")
	if len(s.Findings) == 0 {
		p.Ln(2)
		return
	}
	rows := [][]string{}
	for _, f := range s.Findings {
		rows = append(rows, []string{f.Item, s.choice("result", f.Result), f.Note})
	}
	p.table([]column{{s.word("item"), 0.4, "L"}, {s.word("result"), 0.18, "L"}, {s.word("note"), 0.42, "L"}}, rows)
}

func marks(p *printer) {
	s := p.sheet
	if len(s.Marks) == 0 {
		return
	}
	p.title(s.word("marks"))
	rows := [][]string{}
	for i, m := range s.Marks {
		rows = append(rows, []string{strconv.Itoa(i + 1), m.Where, joined(" ", m.Kind, m.Severity), m.Note})
	}
	p.table([]column{{"#", 0.06, "L"}, {s.word("where"), 0.3, "L"}, {s.word("damage"), 0.24, "L"}, {s.word("note"), 0.4, "L"}}, rows)
	if s.Photos > 0 {
		p.text(width, fmt.Sprintf(s.word("photos"), s.Photos))
	}
}

func belongings(p *printer) {
	s := p.sheet
	if len(s.Belongings) == 0 {
		return
	}
	p.title(s.word("belongings"))
	rows := [][]string{}
	for _, b := range s.Belongings {
		rows = append(rows, []string{b.Name, number(b.Quantity, ""), s.choice("place", b.Place), b.Note})
	}
	p.table([]column{{s.word("thing"), 0.34, "L"}, {s.word("quantity"), 0.12, "R"}, {s.word("kept"), 0.2, "L"}, {s.word("note"), 0.34, "L"}}, rows)
	if s.StorageBox != "" {
		p.text(width, prefixed(s.word("box"), s.StorageBox))
	}
}

func keys(p *printer) {
	lines := []string{}
	for _, k := range p.sheet.Keys {
		lines = append(lines, joined("   ", labelled(p.sheet.word("tag"), k.Tag), fmt.Sprintf(p.sheet.word("keys_count"), k.Keys), labelled(p.sheet.word("hook"), k.Hook)))
	}
	p.words(p.sheet.word("keys"), lines)
}

func covers(p *printer) {
	if p.sheet.CoversPieces == 0 {
		return
	}
	text := fmt.Sprintf(p.sheet.word("covers"), p.sheet.CoversPieces)
	p.text(width, joined(" ", text, when(p.sheet.CoversRear, p.sheet.word("covers_rear"))))
}

// jobsPriced is the offer line by line: labour and parts apart, per line and total (E-01).
func jobsPriced(p *printer) {
	s := p.sheet
	p.title(s.word("jobs"))
	rows := [][]string{}
	for i, j := range s.Jobs {
		head := joined(" · ", j.Work, when(j.Safety, s.word("safety")), when(j.DiagnosisOnly, s.word("diagnosis_only")), when(j.NotGuaranteed, s.word("not_guaranteed")))
		rows = append(rows, []string{strconv.Itoa(i + 1), joined("\n", head, j.Detail, j.Found), s.choice("payer", j.Payer), yuan(j.LabourFen), yuan(j.PartsFen), s.choice("decision", j.Decision)})
		for _, part := range j.Parts {
			rows = append(rows, []string{"", "  " + partText(s, part), "", "", yuan(price.PartsFen([]price.Part{{QuantityMilli: part.QuantityMilli, UnitFen: part.UnitFen, Origin: origin(part)}})), ""})
		}
	}
	p.table([]column{{"#", 0.05, "L"}, {s.word("work"), 0.43, "L"}, {s.word("payer"), 0.12, "L"}, {s.word("labour"), 0.14, "R"}, {s.word("parts"), 0.14, "R"}, {s.word("decided"), 0.12, "R"}}, rows)
}

func origin(p Part) string {
	if p.Customers {
		return "customer"
	}
	return "shop"
}

func partText(s Sheet, p Part) string {
	return joined(" ", p.Name, p.Number, "× "+amount(p.QuantityMilli)+p.Unit, when(p.UnitFen > 0, "@ "+yuan(p.UnitFen)),
		when(p.Aftermarket, s.word("aftermarket")), when(p.Customers, s.word("customers_part")))
}

func totals(p *printer) {
	s := p.sheet
	var labour, parts, customer int64
	for _, j := range s.Jobs {
		if j.Decision == "declined" {
			continue
		}
		labour, parts = labour+j.LabourFen, parts+j.PartsFen
		if j.Payer == "customer" {
			customer += j.LabourFen + j.PartsFen
		}
	}
	p.room(20)
	p.sum(s.word("labour"), labour, 9.5)
	p.sum(s.word("parts"), parts, 9.5)
	p.sum(s.word("customer_total"), customer, 12)
	p.Ln(2)
}

func (p *printer) sum(label string, fen int64, points float64) {
	p.size(points)
	p.CellFormat(width*0.74, points*0.6, label, "", 0, "R", false, 0, "")
	p.CellFormat(width*0.26, points*0.6, yuan(fen), "", 1, "R", false, 0, "")
	p.size(9.5)
}

func notGuaranteed(p *printer) {
	for _, j := range p.sheet.Jobs {
		if j.NotGuaranteed {
			p.words(p.sheet.word("please_note"), []string{p.sheet.word("not_guaranteed_text")})
			return
		}
	}
}

func promise(p *printer)     { p.note("promise_text") }
func requestNote(p *printer) { p.note("request_text") }
func pickupNote(p *printer)  { p.note("pickup_text") }
func deliveryNote(p *printer) {
	p.note("delivery_text")
}

func (p *printer) note(key string) {
	p.room(14)
	p.SetTextColor(80, 80, 80)
	p.text(width, p.sheet.word(key))
	p.SetTextColor(0, 0, 0)
	p.Ln(2)
}

// jobsShort names the jobs without prices.
func jobsShort(p *printer) {
	lines := []string{}
	for _, j := range p.sheet.Jobs {
		lines = append(lines, joined(" · ", j.Work, j.Detail, p.sheet.choice("decision", j.Decision), p.sheet.choice("state", j.State)))
	}
	p.words(p.sheet.word("jobs"), lines)
}

// jobsWorkshop is what the workshop needs: no price.
func jobsWorkshop(p *printer) {
	s := p.sheet
	p.title(s.word("jobs"))
	rows := [][]string{}
	for i, j := range s.Jobs {
		rows = append(rows, []string{strconv.Itoa(i + 1), joined("\n", joined(" · ", j.Work, when(j.Safety, s.word("safety"))), j.Detail, j.Found), number(j.Minutes, " min"),
			joined("、", j.Technicians...), s.choice("state", j.State)})
		for _, part := range j.Parts {
			part.UnitFen = 0
			rows = append(rows, []string{"", "  " + partText(s, part), "", "", ""})
		}
	}
	p.table([]column{{"#", 0.05, "L"}, {s.word("work"), 0.5, "L"}, {s.word("time"), 0.12, "R"}, {s.word("technicians"), 0.19, "L"}, {s.word("state"), 0.14, "L"}}, rows)
}

func checks(p *printer) {
	s := p.sheet
	if len(s.Checks) == 0 {
		return
	}
	p.title(s.word("checks"))
	rows := [][]string{}
	for _, c := range s.Checks {
		rows = append(rows, []string{s.choice("stage", c.Stage), s.choice("check", c.Result), c.By, c.At})
	}
	p.table([]column{{s.word("stage"), 0.25, "L"}, {s.word("result"), 0.2, "L"}, {s.word("by"), 0.25, "L"}, {s.word("at"), 0.3, "L"}}, rows)
}

// jobsActual is what was done, at the actual price where it differs from the agreed one (S-07).
func jobsActual(p *printer) {
	s := p.sheet
	p.title(s.word("jobs"))
	rows := [][]string{}
	sums := map[string]int64{}
	order := []string{}
	for i, j := range s.Jobs {
		if _, seen := sums[j.Payer]; !seen {
			order = append(order, j.Payer)
		}
		sums[j.Payer] += j.labour() + j.parts()
		rows = append(rows, []string{strconv.Itoa(i + 1), joined("\n", j.Work, when(j.NotGuaranteed, s.word("not_guaranteed"))), s.choice("payer", j.Payer), yuan(j.labour()), yuan(j.parts()), yuan(j.labour() + j.parts())})
		for _, part := range j.Parts {
			rows = append(rows, []string{"", "  " + partText(s, part), "", "", "", ""})
		}
	}
	p.table([]column{{"#", 0.05, "L"}, {s.word("work"), 0.41, "L"}, {s.word("payer"), 0.12, "L"}, {s.word("labour"), 0.14, "R"}, {s.word("parts"), 0.14, "R"}, {s.word("total"), 0.14, "R"}}, rows)
	p.room(float64(len(order)) * 8)
	for _, payer := range order {
		p.sum(s.word("total")+" · "+s.choice("payer", payer), sums[payer], 11)
	}
	p.Ln(2)
}

func bills(p *printer) {
	s := p.sheet
	for _, b := range s.Settlements {
		p.title(joined("   ", s.word("bill"), b.Number, s.choice("payer", b.Payer), s.choice("bill", b.State)))
		rows := [][]string{}
		for _, l := range b.Lines {
			rows = append(rows, []string{l.Text, yuan(l.Fen)})
		}
		p.table([]column{{s.word("work"), 0.76, "L"}, {s.word("total"), 0.24, "R"}}, rows)
		if b.DiscountFen != 0 {
			p.sum(s.word("discount"), -b.DiscountFen, 9.5)
		}
		p.sum(s.word("total"), b.TotalFen, 11)
		p.sum(s.word("paid"), b.PaidFen, 9.5)
		for _, one := range b.Payments {
			p.CellFormat(width, line, joined("  ", s.choice("paid", one.Kind), s.choice("pay", one.Method), one.At, yuan(one.Fen)), "", 1, "R", false, 0, "")
		}
		p.Ln(2)
	}
}

func advice(p *printer)   { p.words(p.sheet.word("advice"), p.sheet.Advice) }
func cautions(p *printer) { p.words(p.sheet.word("cautions"), p.sheet.Cautions) }

func nextService(p *printer) {
	s := p.sheet
	if text := joined(" / ", s.NextServiceOn, number(s.NextServiceKm, " km")); text != "" {
		p.words(s.word("next_service"), []string{text})
	}
}

// warranty is what the shop guarantees, job by job: until a day or an odometer, whichever comes first (D-08).
func warranty(p *printer) {
	s, rows := p.sheet, [][]string{}
	for _, j := range s.Jobs {
		if w := j.Warranty; w.LabourUntil != "" || w.PartsUntil != "" {
			rows = append(rows, []string{j.Work, guaranteed(s, w.LabourUntil, w.LabourKm), guaranteed(s, w.PartsUntil, w.PartsKm)})
		}
	}
	if len(rows) == 0 {
		return
	}
	p.title(s.word("warranty"))
	p.table([]column{{s.word("work"), 0.44, "L"}, {s.word("labour_warranty"), 0.28, "L"}, {s.word("parts_warranty"), 0.28, "L"}}, rows)
	p.note("warranty_text")
}

func guaranteed(s Sheet, until string, km int64) string {
	if until == "" {
		return s.word("no_warranty")
	}
	return joined(" / ", fmt.Sprintf(s.word("until"), until), number(km, " km"))
}
