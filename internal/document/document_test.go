package document

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"pgregory.net/rapid"
)

// font is the one that the app's build puts into the binary.
func font(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("../../pb_public/node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf")
	if err != nil {
		t.Fatalf("the font comes with npm ci: %v", err)
	}
	return b
}

func sample(view, lang string) Sheet {
	return Sheet{View: view, Lang: lang, ShopName: "上海一店", ShopAddress: "浦东新区张江路 100 号", ShopPhone: "021-5555 0101",
		Order: "SH-261121-A01", Visit: "A07", Plate: "沪A·12345", VIN: "LSVAA4182E2184847", Car: "大众 帕萨特", Customer: "李明", Phone: "138 0013 8000",
		Advisor: "陈晓", ArrivedAt: "2026-11-21 10:03", PromisedAt: "2026-11-21 16:30", WishedAt: "2026-11-21 18:00", OdometerKm: 48213, EnergyPercent: 50,
		OldParts: "keep", Wash: "yes", PayBy: "wechat", StorageBox: "B12", CoversPieces: 5, CoversRear: true, AnythingElse: "后备箱里有易碎品",
		Concerns: []string{"刹车时有吱吱声，早上冷车更明显，开十几分钟以后会好一些，但下坡的时候又会出现"},
		Findings: []Finding{{"轮胎", "attention", "前轮花纹 3 mm"}, {"机油", "bad", "低于下限"}}, GoodFindings: 37,
		Marks: []Mark{{"左 前门", "划痕", "轻", "约 8 cm"}}, Photos: 6,
		Belongings: []Belonging{{"儿童座椅", "in_car", "", 1}, {"驾驶证", "customer", "", 1}}, Keys: []Key{{"K07", "7", 2}},
		Jobs: []Job{
			{Work: "更换前刹车片", Detail: "两侧，含清洁导向销", Payer: "customer", Decision: "approved", State: "passed", Origin: "estimate", Minutes: 60, LabourFen: 24000, PartsFen: 38000, ActualLabourFen: 25200, Safety: true,
				Parts: []Part{{Name: "前刹车片", Number: "5Q0698151", Unit: "套", QuantityMilli: 1000, UnitFen: 38000}}, Technicians: []string{"吴强"},
				Warranty: Warranty{LabourUntil: "2027-02-21", LabourKm: 53213, PartsUntil: "2027-11-21"}},
			{Work: "更换雨刮片", Payer: "customer", Decision: "declined", State: "declined", Origin: "estimate", Minutes: 10, LabourFen: 2000, PartsFen: 0, NotGuaranteed: true,
				Parts: []Part{{Name: "雨刮片", Unit: "对", QuantityMilli: 1500, UnitFen: 12000, Customers: true, Aftermarket: true}}},
		},
		Settlements: []Bill{{Number: "SH-S01", Payer: "customer", State: "settled", Lines: []Line{{"更换前刹车片", 63200}}, DiscountFen: 3200, TotalFen: 60000, PaidFen: 60000, Payments: []Payment{{Kind: "payment", Method: "wechat", At: "2026-11-21 17:40", Fen: 60000}}}},
		Advice:      []string{"两千公里后复查刹车片厚度"}, Cautions: []string{"新刹车片磨合期 200 km，避免急刹"}, Inspector: "何军", InspectedAt: "2026-11-21 16:10",
		Checks: []Check{{"self", "pass", "吴强", "2026-11-21 15:40"}, {"final", "pass", "何军", "2026-11-21 16:10"}}, NextServiceOn: "2027-05-21", NextServiceKm: 58000,
		Signature: &Signature{Name: "李明", Relation: "self", At: "2026-11-21 10:31", Way: "signature", Advisor: "陈晓", AdvisorAt: "2026-11-21 10:32",
			Strokes: [][][2]float64{{{10, 10}, {60, 30}, {90, 12}}, {{40, 5}, {45, 60}}}},
		QR: "https://shop.example.com/verify/rztkt96gjffj4bepy25vbeq6ac#" + strings.Repeat("x", 310), Code: "rztkt96gjffj4bepy25vbeq6ac", MadeAt: "2026-11-21 10:33"}
}

func TestPDF(t *testing.T) {
	face := font(t)
	for _, view := range Views {
		for _, lang := range []string{"zh", "en"} {
			t.Run("S-04 "+view+" "+lang, func(t *testing.T) {
				data, err := PDF(sample(view, lang), face)
				if err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(data), []byte("%%EOF")) {
					t.Fatalf("%d bytes: %v", len(data), err)
				}
				if len(data) > 200_000 {
					t.Errorf("%d bytes: the font is not cut down to what is used", len(data))
				}
				again, err := PDF(sample(view, lang), face)
				if err != nil || !bytes.Equal(data, again) {
					t.Error("printed twice, it is two files")
				}
				if dir := os.Getenv("AFTERCARE_PDF"); dir != "" {
					if err := os.WriteFile(dir+"/"+view+"-"+lang+".pdf", data, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
	t.Run("S-04 a long sheet goes on over pages", func(t *testing.T) {
		s := sample(Estimate, "zh")
		for range 60 {
			s.Jobs = append(s.Jobs, s.Jobs[0])
		}
		data, err := PDF(s, face)
		if n := bytes.Count(data, []byte("/Type /Page\n")); err != nil || n < 4 {
			t.Errorf("%d pages: %v", n, err)
		}
	})
	t.Run("S-04 an empty sheet is a sheet", func(t *testing.T) {
		for _, view := range Views {
			if _, err := PDF(Sheet{View: view, Lang: "zh"}, face); err != nil {
				t.Errorf("%s: %v", view, err)
			}
		}
	})
}

func TestWrap(t *testing.T) {
	face := font(t)
	f := fpdf.New("P", "mm", "A4", "")
	f.AddUTF8FontFromBytes(fontName, "", face)
	f.AddPage()
	p := &printer{Fpdf: f}
	p.size(9.5)
	letters := []rune("刹车片更换，。（）客户 ab1 5Q0698151-x ¥1,200.00 每次都响")
	t.Run("S-04 breaking lines loses no character and keeps to the width", rapid.MakeCheck(func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom(letters), 0, 120, -1).Draw(t, "text")
		room := rapid.Float64Range(8, 80).Draw(t, "room")
		lines := p.wrap(text, room)
		if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(text, " ", "") {
			t.Errorf("%q became %q", text, lines)
		}
		for _, one := range lines {
			if len([]rune(one)) > 1 && p.GetStringWidth(one) > room {
				t.Errorf("%q is wider than %.1f", one, room)
			}
		}
	}))
}

func TestWords(t *testing.T) {
	for key, text := range texts() {
		t.Run("S-04 "+key+" has both languages", func(t *testing.T) {
			if text.Zh == "" || text.En == "" || strings.Count(text.Zh, "%d") != strings.Count(text.En, "%d") {
				t.Errorf("%+v", text)
			}
			if strings.ContainsFunc(text.En, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("Chinese in the English text: %s", text.En)
			}
		})
	}
	t.Run("S-04 money is written in yuan", func(t *testing.T) {
		for fen, want := range map[int64]string{0: "¥0.00", 5: "¥0.05", 123456789: "¥1,234,567.89", -3200: "−¥32.00", 100000: "¥1,000.00"} {
			if got := yuan(fen); got != want {
				t.Errorf("%d: %s", fen, got)
			}
		}
	})
	t.Run("S-04 quantities are written without trailing zeros", func(t *testing.T) {
		for milli, want := range map[int64]string{1000: "1", 3500: "3.5", 125: "0.125"} {
			if got := amount(milli); got != want {
				t.Errorf("%d: %s", milli, got)
			}
		}
	})
}
