package importer_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"aftercare/internal/apptest"
	"aftercare/internal/importer"
	"aftercare/internal/importer/sample"
	"aftercare/internal/record"
)

type house struct {
	*apptest.Shop
	t testing.TB
}

func newHouse(t testing.TB) house { return house{apptest.New(t), t} }

// run imports as the shop's manager and returns what was found by line.
func (s house) run(kind string, data []byte, dry ...bool) (importer.Totals, map[int][]importer.Finding) {
	s.t.Helper()
	totals, found, err := s.try(kind, data, dry...)
	if err != nil {
		s.t.Fatalf("%v", err)
	}
	return totals, found
}

func (s house) try(kind string, data []byte, dry ...bool) (importer.Totals, map[int][]importer.Finding, error) {
	s.t.Helper()
	actor, ok := record.FromAuth(s.Staff(apptest.SH, "manager"), record.DoorImport)
	if !ok {
		s.t.Fatal("no manager")
	}
	found := map[int][]importer.Finding{}
	totals, err := importer.Run(s.App, importer.Request{Kind: kind, Data: data, Shop: apptest.SH, Actor: actor, Now: s.Clock.Now(),
		DryRun: len(dry) > 0 && dry[0], Report: func(f importer.Finding) { found[f.Line] = append(found[f.Line], f) }})
	return totals, found, err
}

func (s house) rows(collection string) []*core.Record {
	s.t.Helper()
	rows, err := s.App.FindAllRecords(collection, dbx.HashExp{record.FieldShop: apptest.SH})
	if err != nil {
		s.t.Fatal(err)
	}
	return rows
}

func (s house) vehicle(plate string) *core.Record {
	s.t.Helper()
	rec, err := s.App.FindFirstRecordByData(record.Vehicles, record.FieldPlate, plate)
	if err != nil {
		s.t.Fatalf("%s: %v", plate, err)
	}
	return rec
}

// head is how far the log of changes has come: equal when nothing at all was written.
func (s house) head() int {
	s.t.Helper()
	var n int
	if err := s.App.DB().NewQuery("SELECT count(*) FROM sync_changes").Row(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func totals(created, updated, unchanged, refused, warnings int) importer.Totals {
	return importer.Totals{Created: created, Updated: updated, Unchanged: unchanged, Refused: refused, Warnings: warnings}
}

func same(t testing.TB, what string, got, wanted any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(wanted) {
		t.Errorf("%s: %v, want %v", what, got, wanted)
	}
}

func code(found []importer.Finding) string {
	if len(found) != 1 {
		return fmt.Sprint(found)
	}
	return found[0].Fault.Code
}

func TestImport(t *testing.T) {
	t.Run("V-01 V-02 good rows in, rotten rows named by line and reason, and again changes nothing", func(t *testing.T) {
		s := newHouse(t)
		sheet := sample.Make(300, 19, 1)
		got, found := s.run(importer.Vehicles, sheet.CSV())
		same(t, "first", got, totals(300, 0, 0, 19, 0))
		for line, want := range sheet.Rotten {
			same(t, fmt.Sprintf("line %d", line), code(found[line]), want)
		}
		same(t, "lines with findings", len(found), len(sheet.Rotten))
		same(t, "vehicles", len(s.rows(record.Vehicles)), 300)
		same(t, "customers", len(s.rows(record.Customers)), 300)
		before := s.head()
		got, _ = s.run(importer.Vehicles, sheet.CSV())
		same(t, "again", got, totals(0, 0, 300, 19, 0))
		same(t, "changes written", s.head()-before, 0)
	})
	t.Run("V-01 every encoding and Excel are read alike", func(t *testing.T) {
		sheet := sample.Make(40, 0, 2)
		gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(sheet.CSV())
		if err != nil {
			t.Fatal(err)
		}
		utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(sheet.CSV())
		if err != nil {
			t.Fatal(err)
		}
		s := newHouse(t)
		got, _ := s.run(importer.Vehicles, sheet.CSV())
		same(t, "UTF-8", got, totals(40, 0, 0, 0, 0))
		for name, data := range map[string][]byte{"UTF-8 with a mark": append([]byte("\uFEFF"), sheet.CSV()...), "GB18030": gb,
			"UTF-16": utf16, "semicolons": bytes.ReplaceAll(sheet.CSV(), []byte(","), []byte(";")), "Excel": workbook(t, sheet)} {
			got, found := s.run(importer.Vehicles, data)
			same(t, name, got, totals(0, 0, 40, 0, 0))
			same(t, name+" findings", len(found), 0)
		}
	})
	t.Run("V-01 a dry run reports the same and writes nothing", func(t *testing.T) {
		s := newHouse(t)
		sheet := sample.Make(60, 8, 3)
		before := s.head()
		got, found := s.run(importer.Vehicles, sheet.CSV(), true)
		same(t, "totals", got, totals(60, 0, 0, 8, 0))
		same(t, "findings", len(found), 8)
		same(t, "changes written", s.head()-before, 0)
		s.run(importer.Vehicles, sheet.CSV())
		got, _ = s.run(importer.Vehicles, sheet.CSV(), true)
		same(t, "after the real one", got, totals(0, 0, 60, 8, 0))
	})
	t.Run("V-01 a changed cell updates one row, an empty one empties nothing", func(t *testing.T) {
		s := newHouse(t)
		s.run(importer.Vehicles, []byte("车牌,VIN,里程,颜色,车主,手机\n沪A12345,LSVAA4182E2184847,1000,白,李明,13800138000\n沪B12345,,5,红,王芳,13900139000\n"))
		got, _ := s.run(importer.Vehicles, []byte("车牌,VIN,里程,颜色,车主,手机\n沪A12345,LSVAA4182E2184847,2000,,李明,13800138000\n沪B12345,,5,红,王芳,13900139000\n"))
		same(t, "totals", got, totals(0, 1, 1, 0, 0))
		same(t, "km", s.vehicle("沪A12345").GetInt(record.FieldOdometerKm), 2000)
		same(t, "colour", s.vehicle("沪A12345").GetString(record.FieldColour), "白")
		same(t, "version", s.vehicle("沪A12345").GetInt(record.FieldVersion), 2)
		same(t, "version of the other", s.vehicle("沪B12345").GetInt(record.FieldVersion), 1)
	})
	t.Run("V-01 a rule's no keeps the whole row out, its owner too, and no other row", func(t *testing.T) {
		s := newHouse(t)
		actor, _ := record.FromAuth(s.Staff(apptest.SH, "technician"), record.DoorImport) // may not create
		var found []importer.Finding
		got, err := importer.Run(s.App, importer.Request{Kind: importer.Vehicles, Data: sample.Make(3, 0, 4).CSV(), Shop: apptest.SH,
			Actor: actor, Now: s.Clock.Now(), Report: func(f importer.Finding) { found = append(found, f) }})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "totals", got, totals(0, 0, 0, 3, 0))
		same(t, "code", found[0].Fault.Code, "flow.role")
		same(t, "customers", len(s.rows(record.Customers)), 0)
	})
	t.Run("V-01 who imported stands in the rows", func(t *testing.T) {
		s := newHouse(t)
		s.run(importer.Vehicles, []byte("车牌\n沪A12345\n"))
		same(t, "created by", s.vehicle("沪A12345").GetString(record.FieldCreatedBy), s.Staff(apptest.SH, "manager").Id)
	})
	t.Run("V-01 progress is told from beginning to end", func(t *testing.T) {
		s := newHouse(t)
		var told []string
		_, err := importer.Run(s.App, importer.Request{Kind: importer.Vehicles, Data: sample.Make(150, 0, 5).CSV(), Shop: apptest.SH,
			Actor: record.System(apptest.SH), Now: s.Clock.Now(), Progress: func(done, total int) { told = append(told, fmt.Sprintf("%d/%d", done, total)) }})
		same(t, "progress", told, []string{"0/150", "100/150", "150/150"})
		same(t, "error", err, nil)
	})
}

func workbook(t testing.TB, s sample.Sheet) []byte {
	t.Helper()
	f := excelize.NewFile()
	rows := append([][]string{sample.Headings}, s.Rows()...)
	for i, row := range rows {
		cells := make([]any, len(row))
		for j, c := range row {
			cells[j] = c
		}
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	return saved(t, f)
}

func saved(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
