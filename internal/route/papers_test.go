package route_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"aftercare/internal/app"
	"aftercare/internal/apptest"
	"aftercare/internal/consent"
	"aftercare/internal/record"
	"aftercare/internal/seal"
)

// withFont is a house whose papers have the font that the app's build puts into the binary.
func withFont(t *testing.T) *apptest.Shop {
	t.Helper()
	font, err := os.ReadFile("../../pb_public/node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf")
	if err != nil {
		t.Fatalf("the font comes with npm ci: %v", err)
	}
	s := apptest.NewWith(t, app.Config{Public: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}, "print/NotoSansSC-Regular.ttf": {Data: font}}})
	if err := record.SetMark(s.App, record.MarkTest, "2026-11-01T00:00:00Z"); err != nil {
		t.Fatal(err)
	}
	return s
}

type verdict struct {
	Valid                                  bool
	Kind, SHA256, Signer, Key, Code, State string
	SignedAt                               string `json:"signed_at"`
	SealedAt                               string `json:"sealed_at"`
	Test, Voided                           bool
	Data                                   map[string]struct{ Code string }
	Reason                                 struct{ Code, Message string }
}

// post sends bytes as they are, without a login.
func post(t *testing.T, s *apptest.Shop, data []byte, media string) (int, verdict) {
	t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/api/verify", bytes.NewReader(data))
	request.Header.Set("Content-Type", media)
	recorder := httptest.NewRecorder()
	s.Handler.ServeHTTP(recorder, request)
	var v verdict
	if err := json.Unmarshal(recorder.Body.Bytes(), &v); err != nil {
		t.Fatalf("%d %s", recorder.Code, recorder.Body)
	}
	return recorder.Code, v
}

func TestPapersAndVerify(t *testing.T) {
	s := withFont(t)
	day := s.Day(apptest.SH)
	car := day.OrderInQuality()
	order, advisor := car.Order.Id, s.Token(apptest.SH, "advisor")
	row, err := s.App.FindFirstRecordByFilter(record.Consents, "document_kind = 'estimate'")
	if err != nil {
		t.Fatal(err)
	}
	given := record.AsConsent(row)
	papers := map[string][]byte{}
	for _, view := range []string{"precheck", "pickup", "estimate", "request", "repair", "settlement"} {
		t.Run("S-04 "+view+" as PDF, sealed", func(t *testing.T) {
			answer := s.Do(http.MethodGet, "/api/papers/"+view+"/"+order+"?lang=zh", advisor, nil)
			papers[view] = answer.Body
			if answer.Status != http.StatusOK || !bytes.HasPrefix(answer.Body, []byte("%PDF-")) {
				t.Fatalf("%d %.300s", answer.Status, answer.Body)
			}
			if status, v := post(t, s, answer.Body, "application/pdf"); status != http.StatusOK || !v.Valid || !v.Test {
				t.Errorf("%d %+v", status, v)
			}
		})
	}
	t.Run("S-03 the PDF says which consent it carries", func(t *testing.T) {
		_, v := post(t, s, papers["estimate"], "application/pdf")
		if v.Kind != "estimate" || v.SHA256 != given.SHA256() || v.Signer != "李**" || v.Code != given.Code() || v.SignedAt != given.SignedAt() || v.Key == "" || v.SealedAt == "" {
			t.Errorf("%+v", v)
		}
	})
	t.Run("S-03 the code answers without a login; a void consent says so", func(t *testing.T) {
		ask := func(code string) (int, verdict) {
			answer := s.Do(http.MethodGet, "/api/verify/"+code, "", nil)
			var v verdict
			answer.JSON(&v)
			return answer.Status, v
		}
		typed := strings.ToUpper(given.Code()[:5]) + "-" + given.Code()[5:]
		if status, v := ask(typed); status != http.StatusOK || !v.Valid || v.SHA256 != given.SHA256() || v.Signer != "李**" || v.Voided {
			t.Errorf("%d %+v", status, v)
		}
		for _, code := range []string{"00000000000000000000000000", "x", given.Code()[1:], "keysx"} {
			if status, v := ask(code); status != http.StatusNotFound || v.Data["code"].Code != "verify.unknown" {
				t.Errorf("%s: %d %+v", code, status, v)
			}
		}
	})
	t.Run("S-03 the JSON file, and the bare document", func(t *testing.T) {
		answer := s.Do(http.MethodGet, "/api/consents/"+given.Id+"/file", advisor, nil)
		if status, v := post(t, s, answer.Body, "application/json"); answer.Status != http.StatusOK || status != http.StatusOK || !v.Valid || v.Code != given.Code() {
			t.Errorf("%d %d %+v", answer.Status, status, v)
		}
		document, err := consent.Canonical(json.RawMessage(given.Document()))
		if err != nil {
			t.Fatal(err)
		}
		if status, v := post(t, s, document, "application/json"); status != http.StatusOK || !v.Valid || v.SHA256 != given.SHA256() {
			t.Errorf("%d %+v", status, v)
		}
		if status, v := post(t, s, bytes.Replace(document, []byte("24000"), []byte("24001"), 1), "application/json"); status != http.StatusNotFound || v.Data["code"].Code != "verify.unknown" {
			t.Errorf("%d %+v", status, v)
		}
		if status, v := post(t, s, bytes.Replace(answer.Body, []byte("24000"), []byte("24001"), 1), "application/json"); v.Valid || status == http.StatusOK && v.Reason.Code != "seal.broken" {
			t.Errorf("%d %+v", status, v)
		}
	})
	t.Run("S-03 a single altered byte of the PDF fails", func(t *testing.T) {
		pdf := papers["estimate"]
		keys, err := seal.Trusted(s.App)
		if err != nil {
			t.Fatal(err)
		}
		altered := bytes.Clone(pdf)
		for i := 0; i < len(pdf); i += 13 {
			altered[i] ^= 1
			if _, err := consent.VerifyFile(altered, keys); err == nil {
				t.Fatalf("byte %d", i)
			}
			altered[i] ^= 1
		}
		altered[len(pdf)/2] ^= 1
		if _, v := post(t, s, altered, "application/pdf"); v.Valid || v.Reason.Code != "seal.broken" {
			t.Errorf("%+v", v)
		}
		if _, v := post(t, s, pdf[:len(pdf)-1], "application/pdf"); v.Valid {
			t.Error("cut short")
		}
	})
	t.Run("S-03 what is no file of ours", func(t *testing.T) {
		for _, data := range []string{"", "hello", "%PDF-1.7\n%%EOF", "[]", "{}", `{"seal":{}}`, "\xff\xfe"} {
			for _, media := range []string{"application/json", "application/octet-stream"} {
				if _, v := post(t, s, []byte(data), media); v.Valid {
					t.Errorf("%q passes", data)
				}
			}
		}
	})
	t.Run("S-04 another shop, and nobody, get no paper", func(t *testing.T) {
		for token, want := range map[string]int{s.Token(apptest.HZ, "advisor"): http.StatusNotFound, "": http.StatusUnauthorized} {
			for _, path := range []string{"/api/papers/estimate/" + order, "/api/consents/" + given.Id + "/file"} {
				if answer := s.Do(http.MethodGet, path, token, nil); answer.Status != want {
					t.Errorf("%s: %d, want %d", path, answer.Status, want)
				}
			}
		}
		if answer := s.Do(http.MethodGet, "/api/papers/nothing/"+order, advisor, nil); answer.Status != http.StatusNotFound {
			t.Errorf("%d", answer.Status)
		}
	})
	t.Run("S-03 a consent that was voided later is still genuine, and says that it is void", func(t *testing.T) {
		day.Do("advisor", row, map[string]any{record.FieldState: "void", record.FieldVoidReason: "客户改主意"})
		if _, v := post(t, s, papers["estimate"], "application/pdf"); !v.Valid || !v.Voided {
			t.Errorf("%+v", v)
		}
		answer := s.Do(http.MethodGet, "/api/papers/estimate/"+order, advisor, nil)
		if answer.Status != http.StatusOK {
			t.Errorf("%d", answer.Status)
		}
	})
	t.Run("S-03 the doors of verification do not let anyone try codes without end", func(t *testing.T) {
		var last int
		for range 80 {
			last = s.Do(http.MethodGet, "/api/verify/keys", "", nil).Status
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("%d", last)
		}
	})
}
