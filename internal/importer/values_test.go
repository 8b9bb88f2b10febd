package importer

import (
	"testing"
	"time"

	"aftercare/internal/fault"
	"aftercare/internal/importer/sample"
)

func codeOf(f *fault.Fault) string {
	if f == nil {
		return ""
	}
	return f.Code
}

func TestVIN(t *testing.T) {
	cases := []struct{ in, out, warning, refusal string }{
		{"1M8GDM9AXKP042788", "1M8GDM9AXKP042788", "", ""},
		{"11111111111111111", "11111111111111111", "", ""},
		{" lsvdg7tv6lf000001 ", "LSVDG7TV6LF000001", "", ""},
		{"LSVDG-7TV6L F000001", "LSVDG7TV6LF000001", "", ""},
		{"WVWZZZ1KZAW123456", "WVWZZZ1KZAW123456", "import.vin_check_digit", ""},
		{"LSVDG7TV6LF00000I", "", "", "import.vin"},
		{"LSVDG7TV6LF00000O", "", "", "import.vin"},
		{"LSVDG7TV6LF00000Q", "", "", "import.vin"},
		{"LSVDG7TV6LF00000", "", "", "import.vin"},
		{"LSVDG7TV6LF0000011", "", "", "import.vin"},
		{"帕萨特", "", "", "import.vin"},
	}
	for _, c := range cases {
		t.Run("V-06 VIN "+c.in, func(t *testing.T) {
			out, warning, refusal := parseVIN(clean(c.in))
			if out != c.out || codeOf(warning) != c.warning || codeOf(refusal) != c.refusal {
				t.Fatalf("%q %v %v", out, warning, refusal)
			}
		})
	}
	t.Run("V-06 the check digit agrees with the one written out on its own", func(t *testing.T) {
		for _, row := range sample.Make(2000, 0, 9).Rows() {
			if v := row[2]; CheckDigit(v) != v[8] {
				t.Fatal(v)
			}
		}
	})
}

func TestPlate(t *testing.T) {
	cases := []struct{ in, out, energy, warning, refusal string }{
		{"沪A·12345", "沪A12345", "", "", ""},
		{"沪a 1234z", "沪A1234Z", "", "", ""},
		{"沪AD12345", "沪AD12345", "electric", "", ""},
		{"沪AF12345", "沪AF12345", "hybrid", "", ""},
		{"京A12345D", "京A12345D", "electric", "", ""},
		{"京A12345K", "京A12345K", "hybrid", "", ""},
		{"粤Z1234港", "粤Z1234港", "", "", ""},
		{"京A1234学", "京A1234学", "", "", ""},
		{"沪A1234", "", "", "", "import.plate"},
		{"沪A123456", "", "", "", "import.plate"},
		{"沪I12345", "", "", "", "import.plate"},
		{"沪A1234O", "", "", "", "import.plate"},
		{"?", "", "", "", "import.plate"},
		{"B-MW 1234", "BMW1234", "", "import.plate_unknown", ""},
	}
	for _, c := range cases {
		t.Run("V-06 plate "+c.in, func(t *testing.T) {
			out, warning, refusal := parsePlate(clean(c.in))
			if out != c.out || energyOf(out) != c.energy || codeOf(warning) != c.warning || codeOf(refusal) != c.refusal {
				t.Fatalf("%q %q %v %v", out, energyOf(out), warning, refusal)
			}
		})
	}
}

func TestPhone(t *testing.T) {
	for in, want := range map[string]string{
		"138 0013 8000": "13800138000", "+86-13800138000": "13800138000", "1.3800138E+10": "13800138000", "13800138000.0": "13800138000",
		"１３８００１３８０００": "13800138000", "021-64381234": "021-64381234", "(0571)88886666转801": "057188886666-801", "4008123456": "4008123456",
		"400-812-3456": "4008123456", "+4915112345678": "+4915112345678", "64381234": "64381234",
		"12800138000": "", "1380013800": "", "abc": "", "13800138000x": "",
	} {
		t.Run("V-02 phone "+in, func(t *testing.T) {
			got, refusal := parsePhone(clean(in))
			if got != want || (refusal != nil) != (want == "") {
				t.Fatalf("%q %v", got, refusal)
			}
		})
	}
}

func TestDatesAndNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"2021-01-05": "2021-01-05", "2021/1/5": "2021-01-05", "2021.1.5": "2021-01-05", "2021年1月5日": "2021-01-05", "20210105": "2021-01-05",
		"44201": "2021-01-05", "2021-1-5 08:30": "2021-01-05", "2021年1月": "2021-01-01",
		"2021-02-30": "", "05/01/2021": "", "yesterday": "", "1899-01-01": "",
	} {
		t.Run("V-01 date "+in, func(t *testing.T) {
			got, refusal := parseDate(in)
			if (refusal != nil) != (want == "") || (want != "" && got.Time().Format(time.DateOnly) != want) {
				t.Fatalf("%v %v", got, refusal)
			}
		})
	}
	for in, want := range map[string]int64{"86543": 86543, "86,543": 86543, "86543 km": 86543, "8.6万公里": 86000, "8.65万": 86500, "1e5": 100000, "0": 0,
		"-1": -1, "abc": -1, "99999999": -1, "1,23": -1} {
		t.Run("V-01 kilometres "+in, func(t *testing.T) {
			got, refusal := parseKm(in)
			if (refusal != nil) != (want == -1) || (want != -1 && got != want) {
				t.Fatalf("%d %v", got, refusal)
			}
		})
	}
}
