package importer_test

import (
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/importer"
	"aftercare/internal/record"
)

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
