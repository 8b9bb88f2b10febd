package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/importer"
	"aftercare/internal/record"
	"aftercare/internal/setup"
)

func TestOpenShop(t *testing.T) {
	s := apptest.Reopen(t, t.TempDir())
	shop := setup.Shop{Code: "NB", Name: "宁波店", TimeZone: "Asia/Shanghai"}
	if err := openShop(s.App, shop, "wang", "first-password"); err != nil {
		t.Fatal(err)
	}
	t.Run("R-15 P-05 a new shop begins with the shipped checklists and policy, revision 1", func(t *testing.T) {
		for collection, kinds := range map[string][]string{record.Templates: {"device_check", "goods_receiving", "new_vehicle", "walkaround"}, record.Policies: {"service_lane"}} {
			rows, err := s.App.FindAllRecords(collection)
			var found []string
			for _, row := range rows {
				found = append(found, row.GetString(record.FieldKind))
				if row.GetInt(record.FieldRevision) != 1 || !row.GetBool(record.FieldActive) {
					t.Errorf("%s: %v", collection, row)
				}
			}
			slices.Sort(found)
			if err != nil || !slices.Equal(found, kinds) {
				t.Errorf("%s: %v %v", collection, found, err)
			}
		}
	})
	t.Run("R-05 the shipped walk-around names interior, outside, boot and engine bay", func(t *testing.T) {
		row, err := s.App.FindFirstRecordByFilter(record.Templates, "kind = 'walkaround'")
		if err != nil {
			t.Fatal(err)
		}
		items := row.GetString(record.FieldItems)
		for _, group := range []string{"interior", "left", "rear", "right", "front", "roof", "boot", "engine"} {
			if !strings.Contains(items, `"group":"`+group+`"`) {
				t.Errorf("no item in %s", group)
			}
		}
	})
	t.Run("its manager can sign in", func(t *testing.T) {
		r, err := s.App.FindFirstRecordByData(record.Staff, record.FieldUsername, "wang")
		if err != nil || !r.ValidatePassword("first-password") {
			t.Fatal(err)
		}
	})
	t.Run("a shop that cannot be opened leaves nothing behind", func(t *testing.T) {
		if err := openShop(s.App, setup.Shop{Code: "XX", Name: "无经理", TimeZone: "Asia/Shanghai"}, "li", "short"); err == nil {
			t.Fatal("a password of five characters was taken")
		}
		if n, _ := s.App.CountRecords(record.Shops); n != 1 {
			t.Fatalf("%d shops", n)
		}
	})
}

func TestImportFile(t *testing.T) {
	s := apptest.Reopen(t, t.TempDir())
	if err := openShop(s.App, setup.Shop{Code: "NB", Name: "宁波店", TimeZone: "Asia/Shanghai"}, "wang", "first-password"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cars.csv")
	sheet := "车牌,VIN,品牌,车型,车主,手机\n浙B12345,LSVAA49J132047371,大众,帕萨特,李思远,13812346021\n浙B1,短,大众,帕萨特,王敏,13812346022\n"
	if err := os.WriteFile(path, []byte(sheet), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, want := range []importer.Totals{{Created: 1, Refused: 1}, {Unchanged: 1, Refused: 1}} {
		got, err := importFile(s.App, path, "NB", importer.Vehicles, "zh", false)
		got.Warnings = 0
		if err != nil || got != want {
			t.Errorf("V-01 the good row goes in once, the bad one never: got %+v, want %+v (%v)", got, want, err)
		}
	}
	if _, err := importFile(s.App, path, "??", importer.Vehicles, "zh", false); err == nil {
		t.Error("V-01 an unknown shop was taken")
	}
}

func TestDurability(t *testing.T) {
	for file, want := range map[string]int{"data.db": 2, "auxiliary.db": 1} {
		db, err := OpenDB(filepath.Join(t.TempDir(), file))
		if err != nil {
			t.Fatal(err)
		}
		var got int
		if err := db.NewQuery("PRAGMA synchronous").Row(&got); err != nil || got != want {
			t.Errorf("X-02 %s: synchronous is %d, want %d (%v)", file, got, want, err)
		}
		_ = db.Close()
	}
}
