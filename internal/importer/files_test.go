package importer_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"aftercare/internal/apptest"
	"aftercare/internal/fault"
	"aftercare/internal/importer"
	"aftercare/internal/importer/sample"
	"aftercare/internal/record"
)

func TestFiles(t *testing.T) {
	s := newHouse(t)
	refusals := []struct {
		name string
		kind string
		data []byte
		code string
	}{
		{"nothing", importer.Vehicles, nil, "import.empty"},
		{"headings only", importer.Vehicles, []byte("车牌,VIN\n\n,,\n"), "import.empty"},
		{"another kind", "staff", []byte("a\nb\n"), "import.kind"},
		{"no key column", importer.Vehicles, []byte("颜色,品牌\n白,大众\n"), "import.columns_missing"},
		{"customers without phone or number", importer.Customers, []byte("姓名\n李明\n"), "import.columns_missing"},
		{"old Excel", importer.Vehicles, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "import.format"},
		{"a PDF", importer.Vehicles, []byte("%PDF-1.7\n"), "import.format"},
		{"a program", importer.Vehicles, []byte("\x7fELF\x00\x00\x00"), "import.format"},
		{"an archive that is no workbook", importer.Vehicles, archive(t, map[string]int{"readme.txt": 10}), "import.format"},
		{"a broken archive", importer.Vehicles, []byte("PK\x03\x04rest"), "import.format"},
		{"text in no known encoding", importer.Vehicles, []byte("车牌\n\xff\xff\xfe\n"), "import.encoding"},
		{"over 20 MB", importer.Vehicles, make([]byte, importer.MaxBytes+1), "import.too_large"},
		{"an archive of 300 MB", importer.Vehicles, archive(t, map[string]int{"xl/worksheets/sheet1.xml": 300 << 20}), "import.too_large"},
		{"a hundred columns", importer.Vehicles, []byte(strings.Repeat("车牌,", 99) + "x\n1\n"), "import.too_large"},
		{"too many rows", importer.Vehicles, []byte("车牌\n" + strings.Repeat("沪A11111\n", importer.MaxRows+1)), "import.too_large"},
	}
	for _, c := range refusals {
		t.Run("V-01 refused as a whole: "+c.name, func(t *testing.T) {
			_, _, err := s.try(c.kind, c.data)
			f, ok := fault.From(err)
			if !ok || f.Code != c.code {
				t.Fatalf("%v, want %s", err, c.code)
			}
		})
	}
	t.Run("V-01 a quotation mark never closed costs its own row only", func(t *testing.T) {
		s := newHouse(t)
		var b strings.Builder
		b.WriteString("车牌,备注\n沪A11111,\"never closed\n")
		for i := range 60 {
			fmt.Fprintf(&b, "沪B%05d,x\n", i)
		}
		b.WriteString("沪C11111,a \"b\" c\n沪C22222,\"two\nlines\"\n")
		got, found := s.run(importer.Vehicles, []byte(b.String()))
		same(t, "totals", got, totals(61, 0, 0, 2, 0))
		same(t, "first", code(found[2]), "import.quote")
		same(t, "bare mark", code(found[63]), "import.quote")
		same(t, "two lines in a cell", s.vehicle("沪C22222").GetString(record.FieldNote), "two\nlines")
	})
	t.Run("V-01 columns nobody knows are named and passed over", func(t *testing.T) {
		s := newHouse(t)
		got, found := s.run(importer.Vehicles, []byte("车牌,星座,车牌号\n沪A11111,双鱼,沪B22222\n"))
		same(t, "totals", got, totals(1, 0, 0, 0, 2))
		same(t, "findings", []string{found[1][0].Fault.Code, found[1][0].Column, found[1][1].Fault.Code}, []string{"import.column_unknown", "星座", "import.column_twice"})
		s.vehicle("沪A11111")
	})
	t.Run("V-01 Excel's dates, numbers and phones are understood", func(t *testing.T) {
		s := newHouse(t)
		f := excelize.NewFile()
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			t.Fatal(err)
		}
		for cell, v := range map[string]any{"A1": "车牌", "B1": "购车日期", "C1": "里程", "D1": "车主", "E1": "手机", "F1": "年款",
			"A2": "沪A11111", "B2": 44197, "C2": 86543.0, "D2": "李明", "E2": 13800138000, "F2": 2021} {
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.SetCellStyle("Sheet1", "B2", "B2", style); err != nil {
			t.Fatal(err)
		}
		got, found := s.run(importer.Vehicles, saved(t, f))
		same(t, "totals", got, totals(1, 0, 0, 0, 0))
		same(t, "findings", found, map[int][]importer.Finding{})
		v := s.vehicle("沪A11111")
		same(t, "bought", record.Moment(v, record.FieldPurchasedOn), "2021-01-01 00:00:00.000Z")
		same(t, "km", v.GetInt(record.FieldOdometerKm), 86543)
		same(t, "phone", record.AsCustomer(s.rows(record.Customers)[0]).Phone(), "13800138000")
	})
}

// archive is a ZIP whose members hold zeros.
func archive(t testing.TB, members map[string]int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	block := make([]byte, 1<<20)
	for name, size := range members {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		for ; size > 0; size -= len(block) {
			if _, err := w.Write(block[:min(size, len(block))]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// FuzzCSV: no text makes reading fail but by a code, and no row gets in without a key.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("车牌,VIN\n沪A12345,LSVAA4182E2184847\n"))
	f.Add([]byte("车牌,VIN\n\"沪A12345,\n,LSVAA4182E2184847\n"))
	f.Add([]byte("\xb3\xb5\xc5\xc6\n\xbb\xa6A12345\n"))
	f.Add(sample.Make(2, 4, 1).CSV())
	s := apptest.New(f)
	now := s.Clock.Now()
	f.Fuzz(func(t *testing.T, data []byte) {
		found := map[int][]importer.Finding{}
		totals, err := importer.Run(s.App, importer.Request{Kind: importer.Vehicles, Data: data, Shop: apptest.SH, Actor: record.System(apptest.SH),
			Now: now, DryRun: true, Report: func(f importer.Finding) { found[f.Line] = append(found[f.Line], f) }})
		if _, ok := fault.From(err); err != nil && !ok {
			t.Fatalf("no code: %v", err)
		}
		for _, all := range found {
			for _, one := range all {
				if one.Fault == nil || !strings.HasPrefix(one.Fault.Message("en"), strings.ToUpper(one.Fault.Message("en")[:1])) {
					t.Fatalf("no sentence: %v", one)
				}
			}
		}
		if rows, _ := csv.NewReader(bytes.NewReader(data)).ReadAll(); totals.Created > len(rows)+bytes.Count(data, []byte{'\n'}) {
			t.Fatalf("%d created of %d rows", totals.Created, len(rows))
		}
	})
}
