package document

import (
	_ "embed"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
)

//go:embed words.json
var wordsJSON []byte

// texts are the words of the sheets, Chinese and English.
var texts = sync.OnceValue(func() map[string]struct{ Zh, En string } {
	var all map[string]struct{ Zh, En string }
	if err := json.Unmarshal(wordsJSON, &all); err != nil {
		panic(err)
	}
	return all
})

// word is a text in the sheet's language, the key itself when there is none.
func (s Sheet) word(key string) string {
	text, known := texts()[key]
	switch {
	case !known:
		return key
	case s.Lang == "en":
		return text.En
	}
	return text.Zh
}

// Side is the side of the car that a mark is on, in the language.
func Side(lang, view string) string { return Sheet{Lang: lang}.choice("view", view) }

// choice is the word for a stored value, "" for none.
func (s Sheet) choice(area, value string) string {
	if value == "" {
		return ""
	}
	return s.word(area + "." + value)
}

// yuan writes fen as money: ¥1,234.50.
func yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "−", -fen
	}
	whole := strconv.FormatInt(fen/100, 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	cents := strconv.FormatInt(fen%100, 10)
	return sign + "¥" + whole + "." + strings.Repeat("0", 2-len(cents)) + cents
}

// amount writes thousandths: 1, 3.5.
func amount(milli int64) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(float64(milli)/1000, 'f', 3, 64), "0"), ".")
}

func number(n int64, unit string) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10) + unit
}

func joined(separator string, parts ...string) string {
	var there []string
	for _, part := range parts {
		if part != "" {
			there = append(there, part)
		}
	}
	return strings.Join(there, separator)
}

func labelled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + " " + value
}

func prefixed(label, value string) string {
	if value == "" {
		return ""
	}
	return label + "：" + value
}

func when(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}
