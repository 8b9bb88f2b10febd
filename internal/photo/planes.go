package photo

import (
	"image"
	"math"

	"github.com/disintegration/imaging"
)

// shrink scales a picture down to fit the side, never up. Nearly every photo is a JPEG, decoded to three planes of
// which two are a quarter of the size; scaling the planes as they are is three times as fast as imaging, which works
// on four channels of every pixel, and comes out within 42 dB of it (TestQuality). Anything else is imaging's.
func shrink(img image.Image, side int) image.Image {
	planes, ok := img.(*image.YCbCr)
	switch size := img.Bounds().Size(); {
	case !ok:
		return imaging.Fit(img, side, side, imaging.Lanczos)
	case max(size.X, size.Y) <= side:
		return img
	default:
		return shrinkPlanes(planes, fit(size.X, size.Y, side))
	}
}

// fit is the size, at least one pixel, that a picture has when its longer side becomes side.
func fit(w, h, side int) image.Point {
	scale := float64(side) / float64(max(w, h))
	short := func(n int) int { return max(1, min(side, int(float64(n)*scale))) }
	if w >= h {
		return image.Pt(side, short(h))
	}
	return image.Pt(short(w), side)
}

// shrinkPlanes scales brightness and colour each from the samples there are; the colour of the result is halved both
// ways, as it will be encoded.
func shrinkPlanes(p *image.YCbCr, to image.Point) *image.YCbCr {
	out := image.NewYCbCr(image.Rectangle{Max: to}, image.YCbCrSubsampleRatio420)
	w, h := p.Rect.Dx(), p.Rect.Dy()
	stepX, stepY := float64(w)/float64(to.X), float64(h)/float64(to.Y)
	shrinkPlane(plane{p.Y, p.YStride, w, h}, plane{out.Y, out.YStride, to.X, to.Y}, stepX, stepY)
	perX, perY := subsampling(p.SubsampleRatio)
	from := plane{w: (w + perX - 1) / perX, h: (h + perY - 1) / perY, stride: p.CStride}
	into := plane{w: (to.X + 1) / 2, h: (to.Y + 1) / 2, stride: out.CStride}
	for i, src := range [][]byte{p.Cb, p.Cr} {
		from.pix, into.pix = src, [][]byte{out.Cb, out.Cr}[i]
		shrinkPlane(from, into, stepX*2/float64(perX), stepY*2/float64(perY))
	}
	return out
}

// subsampling is how many pixels one colour sample stands for, across and down.
func subsampling(r image.YCbCrSubsampleRatio) (x, y int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}

// plane is one channel: h rows of w bytes.
type plane struct {
	pix    []byte
	stride int
	w, h   int
}

func (p plane) row(y int) []byte { return p.pix[y*p.stride : y*p.stride+p.w] }

// shrinkPlane scales down, then across; step is how many samples of src one of dst spans. Down comes first because
// whole rows are added up there, and most of the work is done while rows are still long.
func shrinkPlane(src, dst plane, stepX, stepY float64) {
	across := lanczos(dst.w, src.w, stepX)
	sums, line := make([]int32, src.w), make([]byte, src.w)
	for y, k := range lanczos(dst.h, src.h, stepY) {
		addRows(sums, src, k)
		for x, sum := range sums {
			line[x] = clamp(sum)
		}
		into := dst.row(y)
		for x, k := range across {
			into[x] = clamp(half + dot(k.weights, line[k.from:]))
		}
	}
}

// addRows adds up the rows of a kernel, four at a time so that each sum is loaded a quarter as often.
func addRows(sums []int32, src plane, k kernel) {
	for x := range sums {
		sums[x] = half
	}
	i := 0
	for ; i+4 <= len(k.weights); i += 4 {
		w0, w1, w2, w3 := k.weights[i], k.weights[i+1], k.weights[i+2], k.weights[i+3]
		at := k.from + i
		r0, r1, r2, r3 := src.row(at)[:len(sums)], src.row(at + 1)[:len(sums)], src.row(at + 2)[:len(sums)], src.row(at + 3)[:len(sums)]
		for x := range sums {
			sums[x] += w0*int32(r0[x]) + w1*int32(r1[x]) + w2*int32(r2[x]) + w3*int32(r3[x])
		}
	}
	for ; i < len(k.weights); i++ {
		w, row := k.weights[i], src.row(k.from + i)[:len(sums)]
		for x := range sums {
			sums[x] += w * int32(row[x])
		}
	}
}

func dot(weights []int32, samples []byte) (sum int32) {
	samples = samples[:len(weights)]
	for i, w := range weights {
		sum += w * int32(samples[i])
	}
	return sum
}

// Weights are fractions of 1<<fraction; a sum of bytes so weighted stays within int32.
const (
	fraction = 16
	half     = 1 << (fraction - 1)
)

func clamp(sum int32) byte { return byte(max(0, min(255, sum>>fraction))) }

// kernel is what one sample of the result is made of: samples from here on, each with its weight.
type kernel struct {
	from    int
	weights []int32
}

// lanczos computes the kernels of n samples over size samples, by the formula imaging uses (three lobes, widened by
// the step, cut off at the edges).
func lanczos(n, size int, step float64) []kernel {
	wide := max(step, 1)
	kernels := make([]kernel, n)
	for i := range kernels {
		centre := (float64(i)+0.5)*step - 0.5
		from := min(max(int(math.Ceil(centre-3*wide)), 0), size-1)
		to := max(min(int(math.Floor(centre+3*wide)), size-1), from)
		kernels[i] = kernel{from, weights(from, to, centre, wide)}
	}
	return kernels
}

func weights(from, to int, centre, wide float64) []int32 {
	exact := make([]float64, to-from+1)
	total := 0.0
	for j := range exact {
		exact[j] = lobe((float64(from+j) - centre) / wide)
		total += exact[j]
	}
	out := make([]int32, len(exact))
	if total == 0 { // beyond the last sample: that sample
		out[0] = 1 << fraction
		return out
	}
	for j, e := range exact {
		out[j] = int32(math.Round(e / total * (1 << fraction)))
	}
	return out
}

// lobe is the Lanczos window of three lobes.
func lobe(x float64) float64 {
	switch x = math.Abs(x); {
	case x == 0:
		return 1
	case x >= 3:
		return 0
	}
	px := math.Pi * x
	return 3 * math.Sin(px) * math.Sin(px/3) / (px * px)
}
