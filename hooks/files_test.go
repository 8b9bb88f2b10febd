package hooks_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// fileSamples is a well-formed new row of each collection of files.
func fileSamples(s *shop) map[string]map[string]any {
	return map[string]map[string]any{
		record.Assets: {record.FieldKind: "device", record.FieldBrand: "海尔", record.FieldSerial: "SN-7788"},
		record.Merges: mergeData(car(s, "沪A10001"), car(s, "沪A10002")),
	}
}

func car(s *shop, plate string) *core.Record {
	return s.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: plate})
}

func mergeData(kept, folded *core.Record) map[string]any {
	return map[string]any{record.FieldCollection: kept.Collection().Name, record.FieldKept: kept.Id, record.FieldFolded: folded.Id,
		record.FieldReason: "VIN 相同", record.FieldState: "done"}
}

func merge(s *shop, kept, folded *core.Record) *core.Record {
	return s.Make("advisor", record.Merges, mergeData(kept, folded))
}

func visitOn(vehicle *core.Record) map[string]any {
	return map[string]any{record.FieldNumber: "A90", record.FieldVehicle: vehicle.Id, record.FieldPurpose: "repair", record.FieldState: "open",
		record.FieldArrivedAt: "2026-11-21 01:00:00.000Z"}
}

func TestFileRules(t *testing.T) {
	hold(t, []rule{
		{name: "V-05 no reception on a file that another one holds", code: "file.folded", field: "vehicle", try: func(s *shop) op {
			folded := car(s, "沪A10002")
			merge(s, car(s, "沪A10001"), folded)
			return create("advisor", record.Visits, visitOn(folded))
		}},
		{name: "V-05 no reception of a scrapped car", code: "file.scrapped", field: "vehicle", try: func(s *shop) op {
			vehicle := car(s, "沪A10001")
			s.Do("advisor", vehicle, map[string]any{record.FieldStatus: "scrapped"})
			return create("advisor", record.Visits, visitOn(vehicle))
		}},
		{name: "V-05 no appointment for a scrapped car", code: "file.scrapped", field: "vehicle", try: func(s *shop) op {
			vehicle := car(s, "沪A10001")
			s.Do("advisor", vehicle, map[string]any{record.FieldStatus: "scrapped"})
			data := s.AppointmentData(s.Clock())
			data[record.FieldVehicle] = vehicle.Id
			return create("advisor", record.Appointments, data)
		}},
		{name: "V-05 no appointment for a person whose file another one holds", code: "file.folded", field: "customer", try: func(s *shop) op {
			kept, folded := person(s, "李思远"), person(s, "李斯远")
			merge(s, kept, folded)
			data := s.AppointmentData(s.Clock())
			data[record.FieldCustomer] = folded.Id
			return create("advisor", record.Appointments, data)
		}},
		{name: "V-05 no chain", code: "merge.kept_folded", field: "kept", try: func(s *shop) op {
			a, b, c := car(s, "沪A10001"), car(s, "沪A10002"), car(s, "沪A10003")
			merge(s, a, b)
			return create("advisor", record.Merges, mergeData(b, c))
		}},
		{name: "V-05 no circle", code: "merge.kept_folded", field: "kept", try: func(s *shop) op {
			a, b := car(s, "沪A10001"), car(s, "沪A10002")
			merge(s, a, b)
			return create("advisor", record.Merges, mergeData(b, a))
		}},
		{name: "V-05 no file with itself", code: "merge.same", field: "folded", try: func(s *shop) op {
			a := car(s, "沪A10001")
			return create("advisor", record.Merges, mergeData(a, a))
		}},
		{name: "V-05 no file that is not there", code: "field.foreign", field: "folded", try: func(s *shop) op {
			data := mergeData(car(s, "沪A10001"), car(s, "沪A10002"))
			data[record.FieldFolded] = "abcdefghijklmno"
			return create("advisor", record.Merges, data)
		}},
		{name: "V-05 no file of another shop", code: "field.foreign", field: "folded", try: func(s *shop) op {
			theirs := s.other.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "浙A10001"})
			return create("advisor", record.Merges, mergeData(car(s, "沪A10001"), theirs))
		}},
		{name: "V-05 what was merged is not rewritten", code: "field.fixed", field: "kept", try: func(s *shop) op {
			c := car(s, "沪A10003")
			return patch("advisor", merge(s, car(s, "沪A10001"), car(s, "沪A10002")), map[string]any{record.FieldKept: c.Id})
		}},
		{name: "V-05 what was taken back is not revived", code: "flow.transition", field: "state", try: func(s *shop) op {
			m := merge(s, car(s, "沪A10001"), car(s, "沪A10002"))
			s.Do("advisor", m, map[string]any{record.FieldState: "undone"})
			return step("advisor", m, "done")
		}},
		{name: "V-07 a device without a number to find it by", code: "asset.unidentified", field: "serial", try: func(s *shop) op {
			return create("warehouse", record.Assets, map[string]any{record.FieldKind: "device", record.FieldBrand: "海尔"})
		}},
		{name: "V-07 a number that is taken away", code: "asset.unidentified", field: "serial", try: func(s *shop) op {
			return patch("advisor", s.Make("advisor", record.Assets, fileSamples(s)[record.Assets]), map[string]any{record.FieldSerial: ""})
		}},
		{name: "V-07 goods are known by their order", code: "asset.unidentified", field: "order_number", try: func(s *shop) op {
			return create("warehouse", record.Assets, map[string]any{record.FieldKind: "goods", record.FieldName: "行车记录仪", record.FieldSerial: "SN-1"})
		}},
	})
}

func person(s *shop, name string) *core.Record {
	return s.Make("advisor", record.Customers, map[string]any{record.FieldName: name})
}

// What was merged and taken back stands as before: the rows of both files, byte for byte, but for the merge's own.
func TestMergeAndUndoIsNothing(t *testing.T) {
	s := newShop(t)
	service := s.JobInProgress()
	kept, err := s.App.FindRecordById(record.Vehicles, record.AsVisit(service.Visit).Vehicle())
	if err != nil {
		t.Fatal(err)
	}
	folded := car(s, "沪A10002")
	s.Make("advisor", record.Visits, visitOn(folded))
	picture := func() string {
		text := ""
		for _, collection := range []string{record.Vehicles, record.Customers, record.Visits, record.WorkOrders, record.Jobs, record.Consents, record.Photos} {
			rows, err := s.App.FindAllRecords(collection)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				text += fmt.Sprintln(collection, row.FieldsData())
			}
		}
		return text
	}
	before := picture()
	t.Run("V-05 merge and undo leave every row of both as it was", func(t *testing.T) {
		for range 3 {
			m := merge(s, kept, folded)
			if picture() != before {
				t.Fatal("the merge moved something")
			}
			s.Do("advisor", m, map[string]any{record.FieldState: "undone"})
			if picture() != before {
				t.Fatal("taking it back moved something")
			}
		}
		s.Make("advisor", record.Visits, visitOn(folded))
	})
}

// A tablet that had not heard of the merge received the car rightly; one that had is refused.
func TestMergeUnheard(t *testing.T) {
	s := newShop(t)
	kept, folded, scrapped := car(s, "沪A10001"), car(s, "沪A10002"), car(s, "沪A10003")
	unaware := s.house.Device(apptest.SH, "advisor")
	unaware.Pull(500)
	merge(s, kept, folded)
	s.Do("advisor", scrapped, map[string]any{record.FieldStatus: "scrapped"})
	received := func(vehicle *core.Record) string {
		outcome := unaware.Do(apptest.Create(record.Visits, apptest.NewID(), visitOn(vehicle)))
		return outcome.Code
	}
	t.Run("V-05 X-06 a car received before its merge or scrapping was heard of is received", func(t *testing.T) {
		for _, vehicle := range []*core.Record{folded, scrapped} {
			if code := received(vehicle); code != "" {
				t.Errorf("%s: %s", vehicle.GetString(record.FieldPlate), code)
			}
		}
	})
	unaware.Pull(500)
	t.Run("V-05 once it was heard of, it is refused", func(t *testing.T) {
		for vehicle, want := range map[*core.Record]string{folded: "file.folded", scrapped: "file.scrapped"} {
			if code := received(vehicle); code != want {
				t.Errorf("%s: got %q, want %s", vehicle.GetString(record.FieldPlate), code, want)
			}
		}
	})
}
