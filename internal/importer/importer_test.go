package importer_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"aftercare/internal/apptest"
	"aftercare/internal/fault"
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

func TestKeys(t *testing.T) {
	const v1, v2 = "LSVAA4182E2184847", "LFMEBASUXRG000000"
	t.Run("V-01 a car is told by number, else VIN, else plate", func(t *testing.T) {
		s := newHouse(t)
		s.run(importer.Vehicles, []byte("编号,车牌,VIN\nN1,沪A11111,"+v2+"\n"))
		for name, sheet := range map[string]string{
			"by number, new plate": "编号,车牌\nN1,沪A22222\n",
			"by VIN, former plate": "车牌,VIN\n沪A11111," + v2 + "\n",
			"by plate":             "车牌,颜色\n沪A11111,白\n",
		} {
			_, found := s.run(importer.Vehicles, []byte(sheet))
			same(t, name+" findings", len(found), 0)
			same(t, name+" vehicles", len(s.rows(record.Vehicles)), 1)
			s.run(importer.Vehicles, []byte("编号,车牌,VIN\nN1,沪A11111,"+v2+"\n"))
		}
	})
	t.Run("V-01 a plate on another car warns and merges nothing", func(t *testing.T) {
		s := newHouse(t)
		s.run(importer.Vehicles, []byte("车牌,VIN\n沪A11111,"+v2+"\n"))
		got, found := s.run(importer.Vehicles, []byte("车牌,VIN\n沪A11111,LSVDG7TV6LF000001\n"))
		same(t, "totals", got, totals(1, 0, 0, 0, 1))
		same(t, "code", code(found[2]), "import.plate_taken")
		got, _ = s.run(importer.Vehicles, []byte("车牌,VIN\n沪A11111,LSVDG7TV6LF000001\n"))
		same(t, "again", got, totals(0, 0, 1, 0, 0))
		_, found = s.run(importer.Vehicles, []byte("车牌,颜色\n沪A11111,白\n"))
		same(t, "which of them", code(found[2]), "import.ambiguous")
	})
	t.Run("V-01 keys that contradict each other are refused", func(t *testing.T) {
		s := newHouse(t)
		s.run(importer.Vehicles, []byte("编号,车牌,VIN\nN1,沪A11111,"+v2+"\nN2,沪A22222,LSVDG7TV6LF000001\n"))
		_, found := s.run(importer.Vehicles, []byte("编号,VIN\nN1,LSVDG7TV6LF000001\nN1,"+v1+"\nN9,"+v2+"\n"))
		same(t, "number of one, VIN of another", code(found[2]), "import.key_clash")
		same(t, "another VIN", found[3][len(found[3])-1].Fault.Code, "import.vin_differs")
		same(t, "another number", code(found[4]), "import.key_clash")
	})
	t.Run("V-01 the same car twice in a sheet: the first counts", func(t *testing.T) {
		s := newHouse(t)
		got, found := s.run(importer.Vehicles, []byte("车牌,颜色\n沪A11111,白\n沪A11111,黑\n"))
		same(t, "totals", got, totals(1, 0, 0, 1, 0))
		same(t, "code", code(found[3]), "import.twice")
		same(t, "colour", s.vehicle("沪A11111").GetString(record.FieldColour), "白")
	})
	t.Run("V-02 an owner of two cars is one customer, taken from the first row", func(t *testing.T) {
		s := newHouse(t)
		sheet := []byte("车牌,车主,手机,地址\n沪A11111,李明,13800138000,甲路\n沪A22222,李明,13800138000,乙路\n")
		s.run(importer.Vehicles, sheet)
		same(t, "customers", len(s.rows(record.Customers)), 1)
		same(t, "address", s.rows(record.Customers)[0].GetString(record.FieldAddress), "甲路")
		got, _ := s.run(importer.Vehicles, sheet)
		same(t, "again", got, totals(0, 0, 2, 0, 0))
	})
	t.Run("V-02 a car that changed hands gets its new owner; the former stays on file", func(t *testing.T) {
		s := newHouse(t)
		s.run(importer.Vehicles, []byte("车牌,车主,手机\n沪A11111,李明,13800138000\n"))
		got, _ := s.run(importer.Vehicles, []byte("车牌,车主,手机\n沪A11111,王芳,13900139000\n"))
		same(t, "totals", got, totals(0, 1, 0, 0, 0))
		owner, err := s.App.FindRecordById(record.Customers, record.AsVehicle(s.vehicle("沪A11111")).Customer())
		if err != nil {
			t.Fatal(err)
		}
		same(t, "owner", record.AsCustomer(owner).Name(), "王芳")
		same(t, "customers", len(s.rows(record.Customers)), 2)
	})
	t.Run("V-02 people of one name without a phone are not merged", func(t *testing.T) {
		s := newHouse(t)
		sheet := []byte("车牌,车主\n沪A11111,张伟\n沪A22222,张伟\n")
		s.run(importer.Vehicles, sheet)
		same(t, "customers", len(s.rows(record.Customers)), 2)
		got, _ := s.run(importer.Vehicles, sheet)
		same(t, "again", got, totals(0, 0, 2, 0, 0))
	})
	t.Run("V-02 customers alone, by number, else phone and name", func(t *testing.T) {
		s := newHouse(t)
		sheet := []byte("客户编号,姓名,手机,备注,方便联系方式\nC1,李明,13800138000,周末不便,微信\n,王芳,\"13900139000;021-64381234\",,电话\n,王芳,13900139001,,\n,,13900139002,,\n,赵六,,,\n")
		got, found := s.run(importer.Customers, sheet)
		same(t, "totals", got, totals(3, 0, 0, 2, 0))
		same(t, "without name", code(found[5]), "import.no_name")
		same(t, "without key", code(found[6]), "import.no_customer_key")
		got, _ = s.run(importer.Customers, sheet)
		same(t, "again", got, totals(0, 0, 3, 2, 0))
		got, _ = s.run(importer.Customers, []byte("number,name,mobile,level\nC1,李明,13811138111,gold\n"))
		same(t, "new phone", got, totals(0, 1, 0, 0, 0))
		got, found = s.run(importer.Customers, []byte("name,phone\n钱七,13700000001\n钱七,13700000001\n"))
		same(t, "twice", got, totals(1, 0, 0, 1, 0))
		same(t, "twice", code(found[3]), "import.twice")
	})
	t.Run("V-01 another shop's cars are never touched", func(t *testing.T) {
		s := newHouse(t)
		d := s.Day(apptest.HZ)
		other := d.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "沪A11111", record.FieldVIN: v2, record.FieldExternalID: "N1"})
		got, _ := s.run(importer.Vehicles, []byte("编号,车牌,VIN,颜色\nN1,沪A11111,"+v2+",白\n"))
		same(t, "totals", got, totals(1, 0, 0, 0, 0))
		same(t, "version there", d.Fresh(other).GetInt(record.FieldVersion), 1)
	})
}

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
