package demo

import "math"

// The demo's goods are drawn, too: what a customer would have photographed on the living-room table.

var (
	hide   = shade{0.45, 0.26, 0.15}
	thread = shade{0.87, 0.79, 0.6}
	oak    = shade{0.71, 0.54, 0.36}
	pulp   = shade{0.76, 0.6, 0.42}
	paper  = shade{0.95, 0.94, 0.91}
	cloth  = shade{0.55, 0.6, 0.62}
)

// table is what stands behind everything: a cloth below, the wall above.
func table(x, y float64) shade {
	return cloth.lit(1.1-0.1*y+0.02*math.Sin(40*x)).over(wall.lit(1-0.07*y), soft(1.15-y, 0.03))
}

// box is how far a place lies outside of a rectangle with its middle at (cx, cy); below 0 it is inside.
func box(x, y, cx, cy, halfWidth, halfHeight float64) float64 {
	return max(math.Abs(x-cx)-halfWidth, math.Abs(y-cy)-halfHeight)
}

// grained is leather or wood: fine waves over a colour.
func (s shade) grained(x, y, fine float64) shade {
	return s.lit(1 + 0.07*math.Sin(fine*x+3*math.Sin(2.1*y))*math.Sin(0.4*fine*y))
}

// bag is a hand bag with two handles, one of its seams open below the left one.
func bag(x, y float64) shade {
	s := night.over(table(x, y), 0.4*soft(ring(x/1.6, (y-2.62)*5, 2/1.6, 0)-0.9, 0.5))
	s = hide.lit(0.7).over(s, soft(math.Abs(ring(x, y, 2, 1.2)-0.62)-0.06, 0.03)*soft(y-1.25, 0.02))
	body := box(x, y, 2, 1.9, 1.05+0.12*(y-1.2), 0.72)
	s = hide.lit(1.25-0.25*math.Abs(x-1.7)).grained(x, y, 70).over(s, soft(body, 0.03))
	stitch := 0.5 + 0.5*math.Sin(60*(x+y))
	s = thread.over(s, stitch*soft(math.Abs(body+0.08)-0.012, 0.015))
	s = night.over(s, soft(box(x, y, 1.35, 1.36, 0.3, 0.03), 0.02))
	return steel.lit(1.2).over(s, soft(ring(x, y, 2, 1.5)-0.09, 0.02))
}

// openSeam is the leather from near: the stitches run from left to right and stop where it gapes.
func openSeam(x, y float64) shade {
	s := hide.lit(1.15-0.12*math.Abs(y-1)).grained(x, y, 34)
	way := 1.5 + 0.06*math.Sin(1.6*x)
	gap := 0.16 * math.Exp(-math.Pow((x-2.3)*1.1, 2))
	s = night.over(s, soft(math.Abs(y-way)-gap, 0.03))
	held := soft(0.075-gap, 0.04) * soft(0.3-math.Abs(math.Sin(11*x)), 0.3)
	return thread.over(s, held*soft(math.Abs(y-way-0.12*math.Cos(11*x))-0.03, 0.02))
}

// cabinet is a small cupboard with two doors on its legs; the crack is in the right one.
func cabinet(x, y float64) shade {
	s := table(x, y)
	for _, leg := range []float64{1.05, 2.95} {
		s = oak.lit(0.6).over(s, soft(box(x, y, leg, 2.5, 0.07, 0.25), 0.02))
	}
	s = oak.lit(1.1-0.1*math.Abs(x-1.8)).grained(x*0.4, y, 46).over(s, soft(box(x, y, 2, 1.45, 1.15, 0.92), 0.02))
	for _, door := range []float64{1.44, 2.56} {
		s = oak.lit(0.55).over(s, soft(math.Abs(box(x, y, door, 1.45, 0.5, 0.8))-0.012, 0.02))
		s = steel.over(s, soft(ring(x, y, 2+(door-2)*0.3, 1.45)-0.05, 0.02))
	}
	return night.lit(1.3).over(s, soft(math.Abs(x-2.62-0.1*math.Sin(7*y))-0.012, 0.015)*soft(math.Abs(y-1.2)-0.35, 0.1))
}

// cracked is the wood from near, split along its grain.
func cracked(x, y float64) shade {
	s := oak.lit(1.12-0.08*math.Abs(x-2)).grained(x, y*0.3, 22)
	way := 1.9 + 0.12*math.Sin(2.3*y) + 0.03*math.Sin(11*y)
	wide := 0.07 * min(1, max(0, (2.7-y)*0.8)) * min(1, max(0, (y-0.2)*2))
	s = night.over(s, soft(math.Abs(x-way)-wide, 0.03))
	return primer.over(s, 0.7*soft(math.Abs(x-way-wide-0.03)-0.02, 0.04)*soft(0.02-wide, 0.05))
}

// gadget is a small device with a lens, as it comes out of its box.
func gadget(x, y float64) shade {
	s := night.over(table(x, y), 0.4*soft(ring(x/1.3, (y-2.3)*5, 2/1.3, 0)-0.9, 0.5))
	s = rubber.lit(2.2-0.4*math.Abs(y-1.2)).over(s, soft(box(x, y, 2, 1.65, 0.95, 0.58), 0.06))
	d := ring(x, y, 1.65, 1.65)
	s = steel.lit(0.8).over(s, soft(d-0.44, 0.02))
	s = blue.lit(0.5+0.5*math.Exp(-8*ring(x, y, 1.52, 1.5))).over(s, soft(d-0.36, 0.03))
	for _, light := range []float64{1.4, 1.65, 1.9} {
		s = primer.lit(0.8).over(s, soft(ring(x, y, 2.6, light)-0.05, 0.02))
	}
	return primer.over(s, 0.8*soft(math.Abs(y-1.25-0.3*(x-2.5))-0.01, 0.015)*soft(math.Abs(x-2.5)-0.22, 0.05))
}

// scraped is its lid from near, rubbed through to what is below.
func scraped(x, y float64) shade {
	s := rubber.lit(2.3-0.3*math.Abs(y-1.2)).grained(x, y, 90)
	for i := range 9 {
		at := float64(i)
		way := 0.8 + 0.17*at + 0.28*(x-2)
		ends := soft(math.Abs(x-2-0.1*math.Sin(5*at))-0.75-0.2*math.Sin(3*at), 0.2)
		s = primer.lit(0.85).over(s, ends*0.85*soft(math.Abs(y-way)-0.018*(1+math.Sin(2*at)), 0.02))
	}
	return s
}

// tagged is the tag on its string: a few lines and a bar code.
func tagged(x, y float64) shade {
	s := hide.grained(x, y, 60)
	s = thread.over(s, soft(math.Abs(x-2-0.25*math.Sin(3*y))-0.015, 0.02)*soft(y-0.75, 0.02))
	s = paper.lit(1.02-0.04*y).over(s, soft(box(x, y, 2, 1.8, 0.8, 1.02), 0.02))
	s = hide.over(s, soft(ring(x, y, 2, 0.95)-0.06, 0.02))
	for _, row := range []struct{ at, wide float64 }{{1.25, 0.6}, {1.42, 0.45}, {1.59, 0.55}} {
		s = night.lit(2).over(s, soft(box(x, y, 1.4+row.wide/2, row.at, row.wide/2, 0.025), 0.01)*soft(-math.Sin(34*x+9*row.at)-0.3, 0.4))
	}
	return night.over(s, soft(box(x, y, 2, 2.3, 0.62, 0.28), 0.01)*soft(-math.Sin(71*x)-0.6*math.Sin(29*x), 0.3))
}

// carton is the box it came in, with its tape and a corner pressed in.
func carton(x, y float64) shade {
	s := night.over(table(x, y), 0.4*soft(ring(x/1.8, (y-2.65)*5, 2/1.8, 0)-0.9, 0.5))
	pressed := 0.25 * math.Exp(-6*ring(x, y, 3.3, 0.9))
	front := box(x+pressed, y-pressed, 2, 1.75, 1.35, 0.9)
	s = pulp.lit(1.08-0.08*y-1.2*pressed).grained(x, y*0.1, 120).over(s, soft(front, 0.02))
	s = thread.lit(0.95).over(s, 0.7*soft(max(math.Abs(x-2)-0.16, front), 0.02))
	return night.lit(2).over(s, 0.6*soft(math.Abs(box(x, y, 1.2, 2.2, 0.28, 0.2))-0.015, 0.015))
}
