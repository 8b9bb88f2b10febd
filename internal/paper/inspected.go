package paper

import (
	"encoding/json"
	"strings"

	"github.com/pocketbase/dbx"

	"aftercare/internal/consent"
	"aftercare/internal/document"
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// inspected puts findings and marks on the sheet, in the words of the template that the walk-around was made with.
func (g *gathering) inspected(findings []consent.Finding, marks []mark, photos int64) error {
	names, codes, err := g.template()
	if err != nil {
		return err
	}
	for _, f := range findings {
		if f.Result == "good" {
			g.sheet.GoodFindings++
			continue
		}
		g.sheet.Findings = append(g.sheet.Findings, document.Finding{Item: g.said(names[f.Item], f.Item), Result: f.Result, Note: f.Note})
	}
	for _, m := range marks {
		where, area := document.Side(g.sheet.Lang, m.View), ""
		if row, err := g.app.FindRecordById(record.DamageMarks, m.ID); err == nil {
			area = row.GetString(record.FieldArea)
		}
		where = strings.TrimSpace(where + " " + g.said(codes["areas."+area], ""))
		g.sheet.Marks = append(g.sheet.Marks, document.Mark{Where: where, Kind: g.said(codes["kinds."+m.Kind], m.Kind),
			Severity: g.said(codes["severities."+m.Severity], m.Severity), Note: m.Note})
	}
	g.sheet.Photos = photos
	return nil
}

func (g *gathering) said(text fault.Text, otherwise string) string {
	switch {
	case text.Zh == "":
		return otherwise
	case g.sheet.Lang == "en":
		return text.En
	}
	return text.Zh
}

// template is what the visit's walk-around calls its items, and its damage codes ("kinds.scratch").
func (g *gathering) template() (names, codes map[string]fault.Text, err error) {
	names, codes = map[string]fault.Text{}, map[string]fault.Text{}
	inspections, err := g.rows(record.Inspections, dbx.HashExp{record.FieldVisit: g.ask.Visit.Id})
	if err != nil {
		return nil, nil, err
	}
	for _, row := range inspections {
		template, err := g.app.FindRecordById(record.Templates, record.AsInspection(row).Template())
		if err != nil {
			return nil, nil, err
		}
		for _, item := range record.AsTemplate(template).Items() {
			names[item.Code] = item.Title
		}
		var lists map[string]json.RawMessage
		_ = template.UnmarshalJSONField(record.FieldCodes, &lists) // a template without codes has none
		for list, raw := range lists {
			var entries []struct {
				Code  string     `json:"code"`
				Label fault.Text `json:"label"`
			}
			if json.Unmarshal(raw, &entries) != nil {
				continue
			}
			for _, entry := range entries {
				codes[list+"."+entry.Code] = entry.Label
			}
		}
	}
	return names, codes, nil
}
