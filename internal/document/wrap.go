package document

import (
	"strings"
	"unicode"
)

// padding is what a cell keeps free on both sides, millimetres.
const padding = 2.2

// text prints a paragraph of the width from the left margin on.
func (p *printer) text(room float64, text string) {
	wrapped := p.wrap(text, room)
	p.room(float64(len(wrapped)) * line)
	p.lines(margin, room, "L", wrapped)
}

// lines prints lines under each other from x on, and goes to the left margin under the last.
func (p *printer) lines(x, room float64, align string, lines []string) {
	for _, text := range lines {
		p.SetX(x)
		p.CellFormat(room, line, text, "", 2, align, false, 0, "")
	}
	p.SetX(margin)
}

// wrap breaks a text into lines of the width and loses nothing but the blanks at a break: between words where there are
// any, between any two characters where the script knows no blanks. (The library's own breaking drops a Chinese
// character at some breaks.)
func (p *printer) wrap(text string, room float64) []string {
	var out []string
	for _, paragraph := range strings.Split(strings.ReplaceAll(text, "\r", ""), "\n") {
		rest := []rune(paragraph)
		for {
			n := p.fitting(rest, room-padding)
			out = append(out, strings.TrimRight(string(rest[:n]), " "))
			if n == len(rest) {
				break
			}
			rest = []rune(strings.TrimLeft(string(rest[n:]), " "))
		}
	}
	return out
}

// fitting is how many characters go on the next line, one at least.
func (p *printer) fitting(text []rune, room float64) int {
	used, last := 0.0, 0
	for i, r := range text {
		if used += p.GetStringWidth(string(r)); used > room && i > 0 {
			if last > 0 {
				return last
			}
			return i
		}
		if i+1 < len(text) && (r == ' ' || breaks(r) || breaks(text[i+1])) && !sticks(text[i+1]) {
			last = i + 1
		}
	}
	return len(text)
}

// breaks: a line may end before and after the characters of these scripts.
func breaks(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r >= 0x3000 && r < 0x3040 || r >= 0xff00 && r < 0xffe0
}

// sticks: punctuation that begins no line.
func sticks(r rune) bool {
	return strings.ContainsRune("，。、；：？！）》】”’,.;:?!)", r)
}
