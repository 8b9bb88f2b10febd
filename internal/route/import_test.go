package route_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"testing"

	"aftercare/internal/apptest"
	"aftercare/internal/importer/sample"
	"aftercare/internal/record"
)

type importAnswer struct {
	apptest.Answer
	lines []map[string]any
}

// importSheet posts a sheet as a browser's form does.
func importSheet(t *testing.T, s *apptest.Shop, kind, token string, data []byte, fields ...string) importAnswer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if data != nil {
		w, err := form.CreateFormFile("file", "cars.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(data) // to memory
	}
	for i := 0; i+1 < len(fields); i += 2 {
		_ = form.WriteField(fields[i], fields[i+1])
	}
	_ = form.Close()
	a := importAnswer{Answer: s.Do(http.MethodPost, "/api/import/"+kind, token, body.Bytes(), "Content-Type", form.FormDataContentType())}
	if a.Status != http.StatusOK {
		return a
	}
	lines := bufio.NewScanner(bytes.NewReader(a.Body))
	for lines.Scan() {
		var line map[string]any
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("%v in %s", err, lines.Text())
		}
		a.lines = append(a.lines, line)
	}
	return a
}

func TestImportRoute(t *testing.T) {
	s := apptest.New(t)
	sheet := sample.Make(120, 5, 1)
	t.Run("V-01 import answers line by line: progress, every bad row with its reason, and the sum", func(t *testing.T) {
		a := importSheet(t, s, "vehicles", s.Token(apptest.SH, "manager"), sheet.CSV())
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/x-ndjson; charset=utf-8" {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		last := a.lines[len(a.lines)-1]
		if last["created"] != 120.0 || last["refused"] != 5.0 || last["unchanged"] != 0.0 {
			t.Errorf("sum: %v", last)
		}
		refused, progress := 0, 0
		for _, line := range a.lines {
			if line["level"] == "refused" {
				refused++
				if want := sheet.Rotten[int(line["line"].(float64))]; line["code"] != want || line["message"] == "" {
					t.Errorf("%v, want %s", line, want)
				}
			}
			if line["total"] == 125.0 {
				progress++
			}
		}
		if refused != 5 || progress < 2 {
			t.Errorf("%d refused, %d progress", refused, progress)
		}
	})
	t.Run("V-01 again changes nothing; a dry run writes nothing", func(t *testing.T) {
		a := importSheet(t, s, "vehicles", s.Token(apptest.SH, "manager"), sheet.CSV())
		if last := a.lines[len(a.lines)-1]; last["unchanged"] != 120.0 {
			t.Errorf("again: %v", last)
		}
		importSheet(t, s, "vehicles", s.Token(apptest.SH, "manager"), []byte("车牌\n沪Z99999\n"), "dry", "1")
		if _, err := s.App.FindFirstRecordByData(record.Vehicles, record.FieldPlate, "沪Z99999"); err == nil {
			t.Error("a dry run wrote")
		}
	})
	t.Run("V-01 head office imports into any shop, a manager into their own", func(t *testing.T) {
		a := importSheet(t, s, "vehicles", s.Token(apptest.SH, "head_office"), []byte("车牌\n浙A88888\n"), "shop", apptest.HZ)
		if a.Status != http.StatusOK || a.lines[len(a.lines)-1]["created"] != 1.0 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
	refusals := []struct {
		name, kind, role string
		data             []byte
		shop             string
		status           int
		code             string
	}{
		{"not signed in", "vehicles", "", sheet.CSV(), "", http.StatusUnauthorized, "access.signed_out"},
		{"an advisor", "vehicles", "advisor", sheet.CSV(), "", http.StatusForbidden, "import.role"},
		{"another kind", "staff", "manager", sheet.CSV(), "", http.StatusBadRequest, "import.kind"},
		{"no file", "vehicles", "manager", nil, "", http.StatusBadRequest, "import.file"},
		{"an empty file", "vehicles", "manager", []byte{}, "", http.StatusBadRequest, "import.empty"},
		{"a foreign shop", "vehicles", "manager", sheet.CSV(), apptest.HZ, http.StatusForbidden, "import.shop"},
		{"no such shop", "vehicles", "head_office", sheet.CSV(), "nowhere", http.StatusBadRequest, "import.shop"},
		{"no columns we know", "vehicles", "manager", []byte("a,b\n1,2\n"), "", http.StatusBadRequest, "import.columns_missing"},
		{"a file too large", "vehicles", "manager", make([]byte, 20<<20+1), "", http.StatusRequestEntityTooLarge, "import.too_large"},
	}
	for _, c := range refusals {
		t.Run("V-01 import refused: "+c.name, func(t *testing.T) {
			token := ""
			if c.role != "" {
				token = s.Token(apptest.SH, c.role)
			}
			var fields []string
			if c.shop != "" {
				fields = []string{"shop", c.shop}
			}
			if a := importSheet(t, s, c.kind, token, c.data, fields...); a.Status != c.status || a.Code() != c.code {
				t.Fatalf("%d %s, want %d %s", a.Status, a.Body, c.status, c.code)
			}
		})
	}
}
