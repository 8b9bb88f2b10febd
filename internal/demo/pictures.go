package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
)

// The demo's photos are drawn: what an advisor or a technician would have taken, in so many pixels.
const (
	pictureWidth  = 480
	pictureHeight = 360
)

// picture says what colour is where: x from 0 to 4, y from 0 to 3, both from the upper left.
type picture func(x, y float64) shade

// shade is red, green and blue from 0, dark, to 1.
type shade [3]float64

var (
	silver = shade{0.72, 0.75, 0.79}
	blue   = shade{0.16, 0.31, 0.55}
	red    = shade{0.62, 0.12, 0.12}
	steel  = shade{0.62, 0.62, 0.6}
	rubber = shade{0.11, 0.11, 0.12}
	night  = shade{0.07, 0.09, 0.12}
	floor  = shade{0.42, 0.43, 0.42}
	wall   = shade{0.78, 0.78, 0.75}
	primer = shade{0.86, 0.85, 0.82}
	rust   = shade{0.5, 0.28, 0.14}
)

// drawn is the picture as a JPEG.
func (p picture) drawn() ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))
	for py := range pictureHeight {
		for px := range pictureWidth {
			s := p(float64(px)*4/pictureWidth, float64(py)*3/pictureHeight).lit(grain(px, py))
			img.SetRGBA(px, py, color.RGBA{s.channel(0), s.channel(1), s.channel(2), 255})
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 82})
	return b.Bytes(), err
}

// grain is what a camera adds of its own, the same for the same place.
func grain(x, y int) float64 {
	n := uint32(x)*374761393 + uint32(y)*668265263
	n = (n ^ n>>13) * 1274126177
	return 1 + (float64(n>>24)/255-0.5)*0.05
}

func (s shade) channel(i int) uint8 { return uint8(255 * min(1, max(0, s[i]))) }

func (s shade) lit(by float64) shade { return shade{s[0] * by, s[1] * by, s[2] * by} }

func (s shade) over(under shade, share float64) shade {
	share = min(1, max(0, share))
	return shade{under[0] + (s[0]-under[0])*share, under[1] + (s[1]-under[1])*share, under[2] + (s[2]-under[2])*share}
}

// soft is 1 well inside an edge at 0 and 0 well outside, over a width.
func soft(distance, width float64) float64 { return min(1, max(0, 0.5-distance/width)) }

func ring(x, y, cx, cy float64) float64 { return math.Hypot(x-cx, y-cy) }

// panel is a door seen from near: its paint, the crease, the gap to the next one, and the sill below.
func panel(paint shade) picture {
	return func(x, y float64) shade {
		s := paint.lit(0.78 + 0.34*math.Exp(-math.Pow((y-0.7-0.05*x)*1.6, 2)))
		s = paint.lit(0.55).over(s, soft(math.Abs(y-1.75-0.03*x)-0.012, 0.03))
		s = night.over(s, soft(math.Abs(x-3.35-0.02*y)-0.02, 0.015))
		return rubber.over(s, soft(2.72-y, 0.02))
	}
}

// scratched is a panel with two lines down to the primer.
func scratched(under picture) picture {
	return func(x, y float64) shade {
		s := under(x, y)
		for _, line := range [][3]float64{{1.25, 0.9, 0.022}, {1.42, 0.8, 0.011}} {
			way := line[0] + 0.22*(x-line[1]) + 0.025*math.Sin(9*x)
			if x > line[1] && x < line[1]+1.7 {
				s = primer.over(s, 0.9*soft(math.Abs(y-way)-line[2]*(0.6+0.4*math.Sin(23*x)), 0.012))
			}
		}
		return s
	}
}

// dented is a panel pressed in, with the light on the far side of it.
func dented(under picture) picture {
	return func(x, y float64) shade {
		d := ring(x, y, 1.9, 1.4) / 0.62
		if d > 1 {
			return under(x, y)
		}
		slope := math.Sin(math.Pi*d) * ((x-1.9)*0.5 + (y - 1.4)) / 0.62
		return under(x+0.12*slope, y+0.2*slope).lit(1 + 0.42*slope)
	}
}

// side is a whole car from the left in a workshop; a small mark at (markX, markY) is what the near picture shows.
func side(paint shade, markX, markY float64) picture {
	return func(x, y float64) shade {
		s := floor.lit(1.15-0.12*y).over(wall.lit(1-0.08*y), soft(1.95-y, 0.02))
		s = night.over(s, 0.45*soft(ring(x/1.9, (y-2.42)*4, 2/1.9, 0)-0.85, 0.5)) // its shadow
		if y < 0.95 {
			return s // nothing but the wall
		}
		roof := 1.02 + 0.35*math.Pow(math.Abs(x-1.95)/0.98, 4)
		body := paint.lit(1.08 - 0.28*math.Abs(y-1.62))
		s = body.over(s, soft(max(roof-y, y-1.7, math.Abs(x-1.95)-1.02), 0.02))
		s = body.over(s, soft(max(1.52+0.1*math.Pow(math.Abs(x-2)/1.7, 6)-y, y-2.3, math.Abs(x-2)-1.72), 0.02))
		s = night.lit(1.6).over(s, soft(max(roof+0.1-y, y-1.5, math.Abs(x-1.95)-0.86+0.3*(1.5-y)), 0.02))
		for _, pillar := range []float64{1.92, 1.3} {
			s = paint.lit(0.7).over(s, 0.9*soft(max(math.Abs(x-pillar)-0.03, roof-y, y-1.5), 0.015))
			s = night.over(s, 0.6*soft(max(math.Abs(x-pillar)-0.006, 1.5-y, y-2.25), 0.01))
		}
		for _, wheel := range []float64{0.92, 3.02} {
			d := ring(x, y, wheel, 2.24)
			if d > 0.36 {
				continue
			}
			s = rubber.over(s, soft(d-0.34, 0.02))
			spoke := 0.75 + 0.25*math.Cos(5*math.Atan2(y-2.24, x-wheel))
			s = steel.lit(spoke).over(s, soft(d-0.21, 0.02))
		}
		return primer.over(s, 0.85*soft(max(math.Abs(y-markY-0.2*(x-markX))-0.012, math.Abs(x-markX)-0.14), 0.015))
	}
}

// brake is a disc with grooves and a pad worn down to two millimetres.
func brake(x, y float64) shade {
	d := ring(x, y, 1.7, 1.6)
	s := night.lit(1.5 + 0.3*math.Sin(3*x))
	if d < 1.34 {
		s = steel.lit(0.9+0.12*math.Sin(64*d)+0.1*math.Cos(2*math.Atan2(y-1.6, x-1.7))).over(s, soft(d-1.32, 0.02))
	}
	if d < 0.62 {
		s = rust.lit(0.8).over(s, soft(d-0.6, 0.03))
		s = steel.lit(0.55).over(s, soft(d-0.42, 0.02))
		for i := range 5 {
			a := float64(i) * 2 * math.Pi / 5
			s = night.over(s, soft(ring(x, y, 1.7+0.28*math.Cos(a), 1.6+0.28*math.Sin(a))-0.06, 0.02))
		}
	}
	s = red.lit(1.05).over(s, soft(max(2.3-x, x-3.5, math.Abs(y-1.55)-0.85), 0.03)) // the caliper
	s = night.over(s, soft(max(2.42-x, x-2.66, math.Abs(y-1.55)-0.7), 0.02))
	return rubber.lit(3.4).over(s, soft(max(2.5-x, x-2.56, math.Abs(y-1.55)-0.66), 0.015)) // what is left of the pad
}

// tread is a tyre worn on its inner side: the grooves end there.
func tread(x, y float64) shade {
	s := rubber.lit(1.9 - 0.5*math.Abs(x-2))
	depth := min(1, max(0, (x-0.9)*1.2))
	for _, groove := range []float64{0.75, 1.5, 2.3, 3.1} {
		s = night.lit(0.4).over(s, depth*soft(math.Abs(x-groove)-0.09, 0.03))
	}
	across := math.Abs(math.Mod(y+0.35*math.Abs(x-2), 0.42) - 0.21)
	s = night.lit(0.5).over(s, depth*0.8*soft(across-0.03, 0.03))
	return steel.lit(0.8).over(s, 0.5*(1-depth)*soft(math.Abs(math.Mod(x*7+y*3, 1)-0.5)-0.03, 0.05)) // the cords shine through
}
