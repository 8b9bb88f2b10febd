package document

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"rsc.io/qr"
)

// Sizes in millimetres and points.
const (
	margin   = 14.0
	width    = 210 - 2*margin
	bottom   = 282.0
	line     = 5.2
	qrSize   = 30.0
	fontName = "sans"
)

// printer is one sheet on its way to paper.
type printer struct {
	*fpdf.Fpdf
	sheet Sheet
}

// PDF prints the sheet with a TrueType font that has its characters.
func PDF(s Sheet, font []byte) ([]byte, error) {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCatalogSort(true)
	f.SetCreationDate(time.Unix(0, 0).UTC()) // the sheet says when it was made; the file is the same for the same sheet
	f.SetModificationDate(time.Unix(0, 0).UTC())
	f.SetProducer("Aftercare", true)
	f.AddUTF8FontFromBytes(fontName, "", font)
	f.SetMargins(margin, margin, margin)
	f.SetAutoPageBreak(false, 0)
	f.SetTitle(s.word("view."+s.View)+" "+s.Order, true)
	p := &printer{Fpdf: f, sheet: s}
	f.SetFooterFunc(p.foot)
	f.AliasNbPages("")
	f.AddPage()
	p.head()
	for _, part := range layouts[s.View] {
		part(p)
	}
	p.signature()
	var out bytes.Buffer
	err := f.Output(&out)
	return out.Bytes(), err
}

func (p *printer) size(points float64) { p.SetFont(fontName, "", points) }

// room begins a new page when the next height millimetres do not fit.
func (p *printer) room(height float64) {
	if p.GetY()+height > bottom {
		p.AddPage()
		p.SetY(margin)
	}
}

func (p *printer) head() {
	s := p.sheet
	if s.QR != "" {
		p.code(210-margin-qrSize, margin, qrSize)
	}
	p.size(17)
	p.CellFormat(width-qrSize-4, 9, s.word("view."+s.View), "", 1, "L", false, 0, "")
	p.size(9)
	p.SetTextColor(90, 90, 90)
	for _, text := range []string{s.ShopName, strings.TrimSpace(s.ShopAddress + "   " + s.ShopPhone)} {
		if text != "" {
			p.CellFormat(width-qrSize-4, line, text, "", 1, "L", false, 0, "")
		}
	}
	p.SetTextColor(0, 0, 0)
	p.size(10.5)
	p.CellFormat(width-qrSize-4, line+1.5, joined("   ", labelled(s.word("order"), s.Order), labelled(s.word("visit"), s.Visit)), "", 1, "L", false, 0, "")
	p.size(9.5)
	p.warnings()
	p.SetY(max(p.GetY(), margin+qrSize+6) + 2.5)
	p.facts()
}

// warnings are what must be seen first: not signed, void, a test.
func (p *printer) warnings() {
	s := p.sheet
	p.SetTextColor(190, 30, 30)
	for _, text := range []string{s.unsigned(), prefixed(s.word("voided"), s.Voided), when(s.Test, s.word("test"))} {
		if text != "" {
			p.text(width-qrSize-4, text)
		}
	}
	p.SetTextColor(0, 0, 0)
}

// unsigned says so on a view that a signature belongs to.
func (s Sheet) unsigned() string {
	switch s.View {
	case Repair, Pickup, Settlement:
		return ""
	}
	return when(s.Signature == nil, s.word("unsigned"))
}

// code draws the QR code as filled squares: no picture, no loss.
func (p *printer) code(x, y, size float64) {
	c, err := qr.Encode(p.sheet.QR, qr.M)
	if err != nil { // longer than a QR code holds: the typed code remains
		p.SetError(fmt.Errorf("QR code of %d characters: %w", len(p.sheet.QR), err))
		return
	}
	module := size / float64(c.Size)
	p.SetFillColor(0, 0, 0)
	for row := range c.Size {
		for from := 0; from < c.Size; from++ {
			to := from
			for to < c.Size && c.Black(to, row) {
				to++
			}
			if to > from {
				p.Rect(x+float64(from)*module, y+float64(row)*module, float64(to-from)*module, module+0.01, "F")
				from = to
			}
		}
	}
	p.size(6.5)
	for i, text := range []string{p.sheet.word("verify"), spaced(p.sheet.Code)} {
		p.SetXY(x-30, y+size+0.6+float64(i)*2.8)
		p.CellFormat(size+30, 2.8, text, "", 0, "R", false, 0, "")
	}
	p.SetXY(margin, margin)
}

// spaced is a code in groups of five.
func spaced(code string) string {
	var out strings.Builder
	for i, r := range code {
		if i > 0 && i%5 == 0 {
			out.WriteByte(' ')
		}
		out.WriteRune(r)
	}
	return out.String()
}

func (p *printer) foot() {
	p.SetXY(margin, 287)
	p.size(7.5)
	p.SetTextColor(110, 110, 110)
	p.CellFormat(width/2, 4, p.sheet.word("made")+" "+p.sheet.MadeAt, "", 0, "L", false, 0, "")
	p.CellFormat(width/2, 4, fmt.Sprintf("%d / {nb}", p.PageNo()), "", 0, "R", false, 0, "")
	p.SetTextColor(0, 0, 0)
}

// facts are the rows of labels and values every sheet begins with, two to a row.
func (p *printer) facts() {
	s := p.sheet
	pairs := [][2]string{
		{s.word("plate"), s.Plate}, {s.word("car"), s.Car}, {"VIN", s.VIN}, {s.word("odometer"), number(s.OdometerKm, " km")},
		{s.word("customer"), s.Customer}, {s.word("phone"), s.Phone}, {s.word("advisor"), s.Advisor}, {s.word("arrived"), s.ArrivedAt},
		{s.word("promised"), s.PromisedAt}, {s.word("energy"), number(s.EnergyPercent, " %")},
	}
	p.size(9.5)
	p.SetDrawColor(200, 200, 200)
	p.Line(margin, p.GetY(), margin+width, p.GetY())
	p.Ln(1)
	column := 0
	for _, pair := range pairs {
		if pair[1] == "" {
			continue
		}
		p.SetX(margin + float64(column)*width/2)
		p.SetTextColor(100, 100, 100)
		p.CellFormat(24, line+0.6, pair[0], "", 0, "L", false, 0, "")
		p.SetTextColor(0, 0, 0)
		p.CellFormat(width/2-24, line+0.6, p.cut(pair[1], width/2-26), "", 0, "L", false, 0, "")
		if column = 1 - column; column == 0 {
			p.Ln(line + 0.6)
		}
	}
	if column == 1 {
		p.Ln(line + 0.6)
	}
	p.Line(margin, p.GetY()+1, margin+width, p.GetY()+1)
	p.Ln(4)
}

// cut shortens a text to the width.
func (p *printer) cut(text string, room float64) string {
	runes := []rune(text)
	for len(runes) > 1 && p.GetStringWidth(string(runes)) > room {
		runes = append(runes[:len(runes)-2], '…')
	}
	return string(runes)
}

// title begins a part of the sheet.
func (p *printer) title(text string) {
	p.room(18)
	p.size(11.5)
	p.CellFormat(width, 7, text, "", 1, "L", false, 0, "")
	p.size(9.5)
}

// words writes lines of text, each with a dash.
func (p *printer) words(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.title(title)
	for _, text := range lines {
		wrapped := p.wrap(text, width-5)
		p.room(float64(len(wrapped)) * line)
		p.CellFormat(5, line, "·", "", 0, "L", false, 0, "")
		p.lines(margin+5, width-5, "L", wrapped)
	}
	p.Ln(2)
}

// column of a table: its title, its share of the width, and which way it is set.
type column struct {
	title string
	share float64
	align string
}

// table prints rows under columns, wrapped, with the titles again on each page.
func (p *printer) table(columns []column, rows [][]string) {
	heads := make([]string, len(columns))
	for i, c := range columns {
		heads[i] = c.title
	}
	p.SetTextColor(100, 100, 100)
	p.row(columns, heads)
	p.SetTextColor(0, 0, 0)
	for _, row := range rows {
		if height := p.height(columns, row); p.GetY()+height > bottom {
			p.room(height)
			p.SetTextColor(100, 100, 100)
			p.row(columns, heads)
			p.SetTextColor(0, 0, 0)
		}
		p.row(columns, row)
	}
	p.Ln(2)
}

func (p *printer) height(columns []column, cells []string) float64 {
	most := 1
	for i, c := range columns {
		most = max(most, len(p.wrap(cells[i], c.share*width)))
	}
	return float64(most)*line + 1.2
}

func (p *printer) row(columns []column, cells []string) {
	x, y, height := margin, p.GetY(), p.height(columns, cells)
	for i, c := range columns {
		p.SetXY(x, y+0.6)
		p.lines(x, c.share*width, c.align, p.wrap(cells[i], c.share*width))
		x += c.share * width
	}
	p.SetDrawColor(225, 225, 225)
	p.Line(margin, y+height, margin+width, y+height)
	p.SetXY(margin, y+height)
}
