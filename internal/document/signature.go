package document

import "math"

const inkWidth, inkHeight = 60.0, 22.0

// signature is the foot of the sheet: the customer's and the advisor's; who inspected the car where that is said.
func (p *printer) signature() {
	s := p.sheet
	if s.Inspector != "" && s.View == Delivery {
		p.room(12)
		p.text(width, joined("   ", prefixed(s.word("inspected"), s.Inspector), s.InspectedAt))
		p.Ln(1)
	}
	p.room(inkHeight + 22)
	p.Ln(2)
	y := p.GetY()
	g := s.Signature
	if g == nil {
		p.blank(margin, y, s.word("customer_signature"))
		p.blank(margin+width/2, y, s.word("advisor_signature"))
		return
	}
	p.SetXY(margin, y)
	p.size(9.5)
	p.CellFormat(width/2, line, s.word("customer_signature"), "", 1, "L", false, 0, "")
	p.ink(margin, y+line, g.Strokes)
	p.SetXY(margin, y+line+inkHeight)
	p.under(margin, joined("\n", joined(" · ", g.Name, s.choice("relation", g.Relation)), joined(" · ", g.At, s.choice("way", g.Way)), g.Words))
	if g.Advisor == "" {
		p.blank(margin+width/2, y, s.word("advisor_signature"))
		return
	}
	p.SetXY(margin+width/2, y)
	p.CellFormat(width/2, line, s.word("advisor_signature"), "", 1, "L", false, 0, "")
	p.SetXY(margin+width/2, y+line+inkHeight)
	p.under(margin+width/2, joined("\n", g.Advisor, g.AdvisorAt))
}

func (p *printer) blank(x, y float64, label string) {
	p.SetXY(x, y)
	p.size(9.5)
	p.CellFormat(width/2, line, label, "", 1, "L", false, 0, "")
	p.SetDrawColor(120, 120, 120)
	p.Line(x, y+line+inkHeight, x+width/2-4, y+line+inkHeight)
}

// under writes what stands under the line of a signature.
func (p *printer) under(x float64, text string) {
	p.SetDrawColor(120, 120, 120)
	p.Line(x, p.GetY(), x+width/2-4, p.GetY())
	p.lines(x, width/2-4, "L", p.wrap(text, width/2-4))
}

// ink draws the strokes into the box under x, y.
func (p *printer) ink(x, y float64, strokes [][][2]float64) {
	x, left, top, right, low := x+1, math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, stroke := range strokes {
		for _, at := range stroke {
			left, right = min(left, at[0]), max(right, at[0])
			top, low = min(top, at[1]), max(low, at[1])
		}
	}
	if left > right {
		return
	}
	scale := min(inkWidth/max(right-left, 1), (inkHeight-3)/max(low-top, 1))
	p.SetDrawColor(20, 20, 60)
	p.SetLineWidth(0.4)
	p.SetLineCapStyle("round")
	for _, stroke := range strokes {
		for i := 1; i < len(stroke); i++ {
			p.Line(x+(stroke[i-1][0]-left)*scale, y+1+(stroke[i-1][1]-top)*scale, x+(stroke[i][0]-left)*scale, y+1+(stroke[i][1]-top)*scale)
		}
	}
	p.SetLineWidth(0.2)
}
