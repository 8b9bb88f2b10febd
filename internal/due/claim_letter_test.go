package due

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/promise"
	"aftercare/internal/record"
)

// smsPart is how many characters of a long SMS one part holds, where one of them is Chinese.
const smsPart = 67

func letterFor(t *testing.T, lang string) claimLetter {
	t.Helper()
	shop, row := core.NewRecord(core.NewBaseCollection("shops")), core.NewRecord(core.NewBaseCollection("claims"))
	shop.Set(record.FieldName, "上海浦东旗舰店")
	row.Load(map[string]any{record.FieldKind: "exchange", record.FieldNumber: "SH-T261121-A07"})
	return claimLetter{shop: record.AsShop(shop), zone: promise.Shanghai, lang: lang, page: "https://care.example.com/claim#/claim/abcdefghijklmno", claim: &claimCase{Claim: record.AsClaim(row)}}
}

func TestClaimLetters(t *testing.T) {
	words := regexp.MustCompile(`\{\w+\}`)
	all := facts{until: time.Date(2026, 11, 23, 2, 3, 0, 0, time.UTC), fen: 1234567, days: 12, freight: "agreement", method: "original", parcel: "顺丰速运 SF1234567890123", note: strings.Repeat("拉链 <b>\n", 40)}
	for name, said := range claimLetters() {
		t.Run("L-14 "+name+" says the same in both languages, plainly, and fits an SMS", func(t *testing.T) {
			zh, en := words.FindAllString(said.Zh, -1), words.FindAllString(said.En, -1)
			slices.Sort(zh)
			slices.Sort(en)
			if !slices.Equal(zh, en) {
				t.Errorf("%v in Chinese, %v in English", zh, en)
			}
			for lang, parts := range map[string]int{"zh": 3, "en": 4} {
				text := letterFor(t, lang).text(notice{says: name, words: all})
				if n := utf8.RuneCountInString(text); n > parts*smsPart || words.MatchString(text) || strings.Contains(text, "\n") || !strings.Contains(text, "上海浦东旗舰店") {
					t.Errorf("%d characters: %s", n, text)
				}
			}
		})
	}
	t.Run("L-08 the end of a day is 24:00 of that day in the shop's time, other instants are what the wall shows", func(t *testing.T) {
		for at, want := range map[string]string{"2026-11-24T16:00:00Z": "11月24日24:00 24 Nov 24:00", "2026-11-24T16:01:00Z": "11月25日00:01 25 Nov 00:01"} {
			instant, err := time.Parse(time.RFC3339, at)
			if err != nil {
				t.Fatal(err)
			}
			if got := letterFor(t, "zh").before(instant) + " " + letterFor(t, "en").before(instant); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
	})
	t.Run("L-10 L-13 fen are written as yuan, to the fen", func(t *testing.T) {
		if text := letterFor(t, "zh").text(notice{says: "pay_exchange", words: facts{fen: 1234567}}); !strings.Contains(text, "¥12345.67") {
			t.Error(text)
		}
		if text := letterFor(t, "en").text(notice{says: "plan", words: facts{days: 1}}); !strings.Contains(text, "free of charge, 1 day.") {
			t.Error(text)
		}
	})
	t.Run("L-14 without an address of its own the server names the page", func(t *testing.T) {
		l := letterFor(t, "zh")
		l.page = ""
		if text := l.text(notice{says: "approved_door"}); !strings.HasSuffix(text, "进展见您的售后申请页") {
			t.Error(text)
		}
	})
}
