package hooks_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// checklist is a list of two points in force.
func (s *shop) checklist(kind string) *core.Record {
	s.t.Helper()
	return s.Make("manager", record.Templates, map[string]any{record.FieldKind: kind, record.FieldRevision: 3, record.FieldTitle: map[string]any{"zh": "检查"},
		record.FieldItems:  []any{map[string]any{"code": "horn", "label": map[string]any{"zh": "喇叭", "en": "Horn"}}, map[string]any{"code": "oil", "label": map[string]any{"zh": "机油", "en": "Oil"}}},
		record.FieldActive: true})
}

// check is a device check of a car that was begun, with the findings named.
func (s *shop) check(found ...string) *core.Record {
	s.t.Helper()
	inspection := s.Make("technician", record.Inspections, map[string]any{record.FieldTemplate: s.checklist("device_check").Id, record.FieldVehicle: car(s, "沪A10001").Id})
	for _, item := range found {
		s.Make("technician", record.Findings, map[string]any{record.FieldInspection: inspection.Id, record.FieldItem: item, record.FieldResult: "none"})
	}
	return inspection
}

func (s *shop) finding(inspection *core.Record) *core.Record {
	s.t.Helper()
	finding, err := s.App.FindFirstRecordByData(record.Findings, record.FieldInspection, inspection.Id)
	if err != nil {
		s.t.Fatal(err)
	}
	return finding
}

func TestInspections(t *testing.T) {
	hold(t, []rule{
		{name: "R-15 an inspection is of one thing", code: "inspection.subject", field: "asset", try: func(s *shop) op {
			asset := s.Make("warehouse", record.Assets, map[string]any{record.FieldKind: "device", record.FieldBrand: "海尔", record.FieldSerial: "SN-1"})
			return create("technician", record.Inspections, map[string]any{record.FieldTemplate: s.checklist("device_check").Id, record.FieldVehicle: car(s, "沪A10001").Id, record.FieldAsset: asset.Id})
		}},
		{name: "R-15 a device check is of no visit", code: "inspection.subject", field: "visit", try: func(s *shop) op {
			return create("technician", record.Inspections, map[string]any{record.FieldTemplate: s.checklist("device_check").Id, record.FieldVisit: s.VisitOpen().Id})
		}},
		{name: "R-15 a walk-around is of a visit", code: "inspection.subject", field: "vehicle", try: func(s *shop) op {
			return create("advisor", record.Inspections, map[string]any{record.FieldTemplate: s.Walkaround().Id, record.FieldVehicle: car(s, "沪A10001").Id})
		}},
		{name: "R-15 goods are received by the store's people", code: "inspection.role", field: "template", admin: "-", try: func(s *shop) op {
			asset := s.Make("warehouse", record.Assets, map[string]any{record.FieldKind: "goods", record.FieldName: "记录仪", record.FieldOrderNumber: "1"})
			return create("technician", record.Inspections, map[string]any{record.FieldTemplate: s.checklist("goods_receiving").Id, record.FieldAsset: asset.Id})
		}},
		{name: "R-15 an inspection is complete with its last point", code: "inspection.unanswered", field: "completed_at", try: func(s *shop) op {
			return patch("technician", s.check("horn"), map[string]any{record.FieldCompletedAt: s.Now()})
		}},
		{name: "R-15 no inspection is born complete", code: "inspection.unanswered", field: "completed_at", try: func(s *shop) op {
			return create("technician", record.Inspections, map[string]any{record.FieldTemplate: s.checklist("device_check").Id, record.FieldVehicle: car(s, "沪A10001").Id, record.FieldCompletedAt: s.Now()})
		}},
		{name: "R-15 a point of a device check belongs to no visit", code: "field.mismatch", field: "inspection", try: func(s *shop) op {
			return create("technician", record.Findings, map[string]any{record.FieldInspection: s.check().Id, record.FieldVisit: s.VisitOpen().Id, record.FieldItem: "horn", record.FieldResult: "good"})
		}},
		{name: "R-05 a point of the walk-around belongs to its visit", code: "field.mismatch", field: "inspection", try: func(s *shop) op {
			return create("advisor", record.Findings, map[string]any{record.FieldInspection: s.Inspect(s.VisitOpen()).Id, record.FieldItem: "horn", record.FieldResult: "good"})
		}},
		{name: "R-15 an inspection keeps what it is of", code: "field.fixed", field: "vehicle", try: func(s *shop) op {
			return patch("technician", s.check(), map[string]any{record.FieldVehicle: car(s, "沪A10002").Id})
		}},
		{name: "R-15 nothing is taken out of a completed inspection", code: "flow.delete", field: "id", try: func(s *shop) op {
			inspection := s.check("horn", "oil")
			s.Do("technician", inspection, map[string]any{record.FieldCompletedAt: s.Now()})
			return remove("technician", s.finding(inspection))
		}},
		{name: "R-05 on a walk-around 'does not apply' is no answer", code: "visit.inspection_incomplete", field: "state", try: func(s *shop) op {
			visit := s.VisitOpen()
			s.Inspect(visit)
			finding, err := s.App.FindFirstRecordByFilter(record.Findings, "visit = {:v} && item = 'engine.oil'", map[string]any{"v": visit.Id})
			if err != nil {
				s.t.Fatal(err)
			}
			s.Do("advisor", finding, map[string]any{record.FieldResult: "none"})
			return step("advisor", visit, "inspected")
		}},
	})
	t.Run("R-15 a list that ends meanwhile is kept by who began with it; the next goes by the new one", func(t *testing.T) {
		s := newShop(t)
		begun := s.check("horn", "oil")
		s.Do("manager", s.Fresh(s.listOf(begun)), map[string]any{record.FieldActive: false})
		s.Do("technician", begun, map[string]any{record.FieldCompletedAt: s.Now()})
		if got := s.Fresh(begun).GetInt(record.FieldTemplateRevision); got != 3 {
			t.Errorf("revision %d", got)
		}
		o := create("technician", record.Inspections, map[string]any{record.FieldTemplate: s.listOf(begun).Id, record.FieldVehicle: begun.GetString(record.FieldVehicle)})
		if got := s.direct(o); got.code != "visit.template_ended" {
			t.Errorf("a second one by the ended list: %v", got)
		}
	})
}

func (s *shop) listOf(inspection *core.Record) *core.Record {
	s.t.Helper()
	template, err := s.App.FindRecordById(record.Templates, record.AsInspection(inspection).Template())
	if err != nil {
		s.t.Fatal(err)
	}
	return template
}
