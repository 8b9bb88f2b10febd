package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// announce is the metadata of an upload.
func announce(sha, media string) string {
	enc := base64.StdEncoding.EncodeToString
	return "sha256 " + enc([]byte(sha)) + ",type " + enc([]byte(media))
}

var someHash = strings.Repeat("ab", 32)

func TestBadUploads(t *testing.T) {
	s := newSite(t, app.Config{})
	good := announce(someHash, "image/jpeg")
	create := func(headers ...string) call {
		base := []string{"Tus-Resumable", "1.0.0", "Upload-Length", "10", "Upload-Metadata", good}
		return call{method: http.MethodPost, path: "/api/uploads/", caller: "advisor", body: []byte{}, headers: append(base, headers...), status: []int{400}}
	}
	for name, c := range map[string]struct {
		header, value string
		status        int
		code          string
	}{
		"no version of tus":             {"Tus-Resumable", "", 400, "upload.protocol"},
		"another version of tus":        {"Tus-Resumable", "0.2.2", 400, "upload.protocol"},
		"no length":                     {"Upload-Length", "", 400, "upload.protocol"},
		"a length below nothing":        {"Upload-Length", "-1", 400, "upload.protocol"},
		"a length that is none":         {"Upload-Length", "NaN", 400, "upload.protocol"},
		"a length beyond all":           {"Upload-Length", "99999999999999999999", 400, "upload.protocol"},
		"a length of a terabyte":        {"Upload-Length", "1099511627776", 413, "photo.too_large"},
		"nothing to send":               {"Upload-Length", "0", 422, "photo.broken"},
		"no metadata":                   {"Upload-Metadata", "", 400, "upload.metadata"},
		"metadata that is none":         {"Upload-Metadata", "sha256 %%%", 400, "upload.metadata"},
		"metadata of a megabyte":        {"Upload-Metadata", "sha256 " + strings.Repeat("A", 1<<20), 400, "upload.metadata"},
		"a hash that is a path":         {"Upload-Metadata", announce("../../../../etc/passwd", "image/jpeg"), 400, "upload.metadata"},
		"a hash in capitals":            {"Upload-Metadata", announce(strings.ToUpper(someHash), "image/jpeg"), 400, "upload.metadata"},
		"a hash with NUL":               {"Upload-Metadata", announce(someHash[:63]+"\x00", "image/jpeg"), 400, "upload.metadata"},
		"a type nobody can show":        {"Upload-Metadata", announce(someHash, "text/html"), 422, "photo.type"},
		"a type of a megabyte":          {"Upload-Metadata", announce(someHash, strings.Repeat("x", 1<<20)), 400, "upload.metadata"},
		"a type with a line of its own": {"Upload-Metadata", announce(someHash, "image/jpeg\r\nX: y"), 422, "photo.type"},
	} {
		t.Run("R-07 X-02 an upload with "+name, func(t *testing.T) {
			one := create(c.header, c.value)
			one.status, one.code = []int{c.status}, c.code
			s.refused(t, one)
		})
	}
	t.Run("R-07 X-03 an upload is there for who began it only", func(t *testing.T) {
		begun := create()
		a := s.Do(begun.method, begun.path, s.callers["advisor"], begun.body, begun.headers...)
		_, path, _ := strings.Cut(a.Header.Get("Location"), "example.com")
		if a.Status != http.StatusCreated || path == "" {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		for _, caller := range []string{"manager", "technician", "customer", "neighbour", "superuser"} {
			for _, method := range []string{http.MethodHead, http.MethodPatch, http.MethodDelete, http.MethodGet} {
				s.refused(t, call{method: method, path: path, caller: caller, body: []byte("0123456789"), status: []int{404}, headers: []string{
					"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream"}})
			}
		}
		for name, headers := range map[string][]string{"no offset": {}, "an offset below": {"Upload-Offset", "-1"}, "an offset beyond all": {"Upload-Offset", "1e9"},
			"another type": {"Upload-Offset", "0", "Content-Type", "text/plain"}, "another offset": {"Upload-Offset", "7"}} {
			base := []string{"Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream"}
			s.refused(t, call{name: name, method: http.MethodPatch, path: path, caller: "advisor", body: []byte("0123456789"), headers: append(base, headers...),
				status: []int{400, 409}})
		}
		s.refused(t, call{name: "more bytes than announced", method: http.MethodPatch, path: path, caller: "advisor", body: bytes.Repeat([]byte("x"), 40), headers: []string{
			"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream"}, status: []int{400, 404, 409, 413, 422}})
	})
	for _, secret := range []string{"Device ", "Device x", "Device " + s.tablet.ID, "Device " + s.tablet.ID + ".", "Device " + s.tablet.ID + "." + strings.Repeat("x", 1<<16), "Device ../.x", "Device \x00.\x00"} {
		t.Run("O-02 O-03 a credential that is none", func(t *testing.T) {
			s.callers["credential"] = secret
			c := create()
			c.caller, c.status, c.code = "credential", []int{401}, ""
			s.refused(t, c)
			s.refused(t, call{method: http.MethodGet, path: "/api/photos/" + someHash, caller: "credential", status: []int{401}})
		})
	}
}

func TestBadPhotosDocumentsCorrections(t *testing.T) {
	s := newSite(t, app.Config{})
	for name, path := range map[string]string{"short": "ab", "capitals": strings.ToUpper(someHash), "long": someHash + "0", "not hex": strings.Repeat("zz", 32)} {
		s.refused(t, call{name: "R-07 a hash: " + name, method: http.MethodGet, path: "/api/photos/" + path, caller: "advisor", status: []int{400}, code: "photo.name", field: "sha256"})
	}
	for _, size := range []string{"321", "0", "-1", "..%2f..%2foriginal", "%00", "original%20", strings.Repeat("1", 1<<20)} {
		s.refused(t, call{name: "R-07 a size", method: http.MethodGet, path: "/api/photos/" + someHash + "?size=" + size, caller: "advisor", status: []int{400}, code: "photo.size", field: "size"})
	}
	for _, path := range []string{"claim/" + s.car.Order.Id, "estimate/" + s.car.Visit.Id, "estimate/" + s.theirs.Order.Id, "precheck/" + s.theirs.Visit.Id,
		"ESTIMATE/" + s.car.Order.Id, "supplement/" + s.car.Job.Id} {
		s.refused(t, call{name: "S-02 X-03 a document", method: http.MethodGet, path: "/api/documents/" + path, caller: "advisor", status: []int{404}, code: "access.not_found"})
	}
	vehicle, visit := record.AsVisit(s.car.Visit).Vehicle(), s.car.Visit.Id
	for name, body := range map[string]any{
		"nothing":                 map[string]any{},
		"an unknown key":          map[string]any{"collection": "vehicles", "record": vehicle, "fields": map[string]any{"plate": "x"}, "reason": "x", "force": true},
		"another's table":         map[string]any{"collection": "_superusers", "record": vehicle, "fields": map[string]any{"email": "x"}, "reason": "x"},
		"a consent":               map[string]any{"collection": "consents", "record": vehicle, "fields": map[string]any{"signer_name": "x"}, "reason": "x"},
		"a list for fields":       map[string]any{"collection": "vehicles", "record": vehicle, "fields": []any{}, "reason": "x"},
		"no fields":               map[string]any{"collection": "vehicles", "record": vehicle, "fields": map[string]any{}, "reason": "x"},
		"no reason":               map[string]any{"collection": "vehicles", "record": vehicle, "fields": map[string]any{"plate": "x"}},
		"a reason of 9,000 words": map[string]any{"collection": "vehicles", "record": vehicle, "fields": map[string]any{"plate": "x"}, "reason": strings.Repeat("很", 9000)},
		"a state":                 map[string]any{"collection": "visits", "record": visit, "fields": map[string]any{"state": "released"}, "reason": "x"},
		"half a kilometre":        map[string]any{"collection": "visits", "record": visit, "fields": map[string]any{"odometer_km": 1.5}, "reason": "x"},
		"NUL in a plate":          map[string]any{"collection": "vehicles", "record": vehicle, "fields": map[string]any{"plate": "\x00"}, "reason": "x"},
		"a plate too long":        map[string]any{"collection": "vehicles", "record": vehicle, "fields": map[string]any{"plate": strings.Repeat("沪", 17)}, "reason": "x"},
	} {
		t.Run("X-02 a correction with "+name, func(t *testing.T) {
			s.refused(t, call{method: http.MethodPost, path: "/api/corrections", caller: "manager", body: body, status: []int{400}})
		})
	}
	s.refused(t, call{name: "X-03 a correction of the neighbour's", method: http.MethodPost, path: "/api/corrections", caller: "manager", status: []int{404}, code: "access.not_found",
		body: map[string]any{"collection": "vehicles", "record": s.foreign[record.Vehicles][0], "fields": map[string]any{"plate": "x"}, "reason": "x"}})
}

// sheet is a form with a file and fields.
func sheet(data []byte, fields ...string) (body []byte, contentType string) {
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	w, _ := form.CreateFormFile("file", "../../../../etc/passwd")
	_, _ = w.Write(data)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = form.WriteField(fields[i], fields[i+1])
	}
	_ = form.Close()
	return out.Bytes(), form.FormDataContentType()
}

// workbook is a ZIP archive of members by name; zeros is how many bytes each unpacks to.
func workbook(zeros int64, names ...string) []byte {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range names {
		w, _ := archive.Create(name)
		_, _ = io.CopyN(w, zeroes{}, zeros)
	}
	_ = archive.Close()
	return out.Bytes()
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestBadSheets(t *testing.T) {
	s := newSite(t, app.Config{})
	members := make([]string, 6000)
	for i := range members {
		members[i] = "xl/" + strings.Repeat("a", i%50) + string(rune('a'+i%26))
	}
	for name, data := range map[string][]byte{
		"nothing in it":                     {},
		"NUL bytes":                         make([]byte, 10_000),
		"a picture":                         []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
		"HTML":                              []byte("<html><script>alert(1)</script>"),
		"a workbook that unpacks to 300 MB": workbook(300<<20, "xl/workbook.xml"),
		"a workbook of 6,000 members":       workbook(1, members...),
		"a workbook of paths":               workbook(10, "../../../../tmp/x", "/etc/passwd"),
		"a workbook cut off":                workbook(1000, "xl/workbook.xml")[:60],
		"no column we know":                 []byte("a,b\n1,2\n"),
		"100,000 columns":                   []byte(strings.Repeat("车牌,", 100_000) + "\n"),
		"only quotes":                       []byte(strings.Repeat(`"`, 100_001)),
	} {
		t.Run("V-01 a sheet with "+name, func(t *testing.T) {
			body, contentType := sheet(data)
			s.refused(t, call{method: http.MethodPost, path: "/api/import/vehicles", caller: "manager", body: body, headers: []string{"Content-Type", contentType},
				status: []int{400, 413}})
		})
	}
	t.Run("V-01 bad rows are told by line and leave nothing behind", func(t *testing.T) {
		rows := []string{"\x00\x00", "沪A\x00B", "=cmd|' /C calc'!A0", strings.Repeat("沪", 5000), "'; DROP TABLE vehicles; --", "😀"}
		body, contentType := sheet([]byte("车牌,VIN\n" + strings.Join(rows, ",nonsense\n") + ",nonsense\n"))
		s.untouched(t, "bad rows", func() {
			a := s.Do(http.MethodPost, "/api/import/vehicles", s.callers["manager"], body, "Content-Type", contentType)
			if told := strings.Count(string(a.Body), `"level":"refused"`); a.Status >= 500 || a.Status == http.StatusOK && told < len(rows) {
				t.Errorf("%d, %d rows told: %.600s", a.Status, told, a.Body)
			}
		})
	})
	for _, shop := range []string{apptest.HZ, "..", "' OR 1=1", strings.Repeat("x", 1<<20)} {
		body, contentType := sheet([]byte("车牌\n沪A1\n"), "shop", shop)
		s.refused(t, call{name: "X-03 a sheet for another shop", method: http.MethodPost, path: "/api/import/vehicles", caller: "manager", body: body,
			headers: []string{"Content-Type", contentType}, status: []int{403}, code: "import.shop", field: "shop"})
	}
}
