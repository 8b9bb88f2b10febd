package photo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/disintegration/imaging"

	"aftercare/internal/photo/phototest"
)

// resident is the process's memory in bytes, as the system counts it (Linux; 0 elsewhere).
func resident() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var total, pages int64
	if _, err := fmt.Sscan(string(b), &total, &pages); err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// rise is by how much memory grew at its highest while f ran.
func rise(f func()) int64 {
	debug.FreeOSMemory()
	before, stop, peak := resident(), make(chan struct{}), make(chan int64)
	go func() {
		highest := int64(0)
		for {
			highest = max(highest, resident())
			select {
			case <-stop:
				peak <- highest
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	f()
	close(stop)
	return <-peak - before
}

func TestMemory(t *testing.T) {
	if resident() == 0 {
		t.Log("memory is measured on Linux only")
		return
	}
	files := map[string][]byte{
		"progressive bomb":             phototest.ProgressiveBomb(),
		"PNG bomb":                     phototest.PNGBomb(),
		"progressive 25 MP 4:2:0":      phototest.Flat(phototest.Frame{Width: 5000, Height: 5000, Progressive: true, Sampling: []byte{0x22, 0x11, 0x11}}),
		"baseline 49 MP 4:4:4":         phototest.Flat(phototest.Frame{Width: 7000, Height: 7000}),
		"PNG 44 MP":                    phototest.FlatPNG(6700, 6700),
		"CMYK 20 MP":                   phototest.Flat(phototest.Frame{Width: 4500, Height: 4500, Adobe: true, Sampling: []byte{0x11, 0x11, 0x11, 0x11}}),
		"12,000 side, tall and narrow": phototest.Flat(phototest.Frame{Width: 4000, Height: 12000, Sampling: []byte{0x22, 0x11, 0x11}}),
	}
	runtime.GC()
	for name, b := range files {
		t.Run("R-07 one file raises memory by less than 300 MB: "+name, func(t *testing.T) {
			var err error
			grown := rise(func() { _, err = Process(context.Background(), b) })
			t.Logf("%d KB → +%d MB, %v", len(b)>>10, grown>>20, err)
			if grown > 300<<20 {
				t.Errorf("+%d MB", grown>>20)
			}
		})
	}
	t.Run("R-07 eight such files at once stay within the same budget", func(t *testing.T) {
		b := files["baseline 49 MP 4:4:4"]
		grown := rise(func() {
			done := make(chan error)
			for range 8 {
				go func() { _, err := Process(context.Background(), b); done <- err }()
			}
			for range 8 {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
		})
		t.Logf("+%d MB", grown>>20)
		if grown > 400<<20 {
			t.Errorf("+%d MB", grown>>20)
		}
	})
}

func TestQuality(t *testing.T) {
	for _, c := range []struct{ w, h, orientation int }{{4000, 3000, 6}, {3000, 4000, 1}, {4001, 2999, 8}, {1601, 1201, 3}, {9000, 1601, 2}} {
		t.Run("R-07 the large derivative is at least 42 dB from plain scaling", func(t *testing.T) {
			b := phototest.WithMetadata(phototest.JPEG(c.w, c.h, 88, 1), c.orientation)
			p := process(t, b)
			want, err := imaging.Decode(bytes.NewReader(b), imaging.AutoOrientation(true))
			if err != nil {
				t.Fatal(err)
			}
			large := psnr(t, encoded(t, imaging.Fit(want, LargeSide, LargeSide, imaging.Lanczos)), p.Large)
			small := psnr(t, encoded(t, imaging.Fit(want, SmallSide, SmallSide, imaging.Lanczos)), p.Small)
			t.Logf("%d × %d: %.1f dB, small %.1f dB", c.w, c.h, large, small)
			if large < 42 || small < 34 {
				t.Errorf("%d × %d: %.1f dB, small %.1f dB", c.w, c.h, large, small)
			}
		})
	}
	for name, ratio := range map[string]image.YCbCrSubsampleRatio{"4:4:4": image.YCbCrSubsampleRatio444, "4:2:2": image.YCbCrSubsampleRatio422,
		"4:4:0": image.YCbCrSubsampleRatio440, "4:1:1": image.YCbCrSubsampleRatio411, "4:1:0": image.YCbCrSubsampleRatio410} {
		t.Run("R-07 colours of every sampling are scaled to where they belong: "+name, func(t *testing.T) {
			full := sampled(phototest.Scene(1801, 1203, 2), ratio)
			fast, plain := encoded(t, shrink(full, LargeSide)), encoded(t, imaging.Fit(full, LargeSide, LargeSide, imaging.Lanczos))
			if db := psnr(t, plain, fast); db < 38 {
				t.Errorf("%.1f dB", db)
			}
		})
	}
}

// sampled is the picture in planes, its colours one sample for several pixels.
func sampled(img image.Image, ratio image.YCbCrSubsampleRatio) *image.YCbCr {
	out := image.NewYCbCr(img.Bounds(), ratio)
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			r, g, b, _ := img.At(x, y).RGBA()
			at := out.COffset(x, y)
			out.Y[out.YOffset(x, y)], out.Cb[at], out.Cr[at] = color.RGBToYCbCr(byte(r>>8), byte(g>>8), byte(b>>8))
		}
	}
	return out
}

func encoded(t testing.TB, img image.Image) []byte {
	b, err := encode(img)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// psnr compares two JPEGs of the same size, in decibels over the three colours.
func psnr(t *testing.T, a, b []byte) float64 {
	t.Helper()
	x, errA := jpeg.Decode(bytes.NewReader(a))
	y, errB := jpeg.Decode(bytes.NewReader(b))
	if errA != nil || errB != nil || x.Bounds() != y.Bounds() {
		t.Fatalf("%v %v %v %v", errA, errB, x.Bounds(), y.Bounds())
	}
	p, q := imaging.Clone(x), imaging.Clone(y)
	var sum float64
	for i := range p.Pix {
		d := float64(p.Pix[i]) - float64(q.Pix[i])
		sum += d * d
	}
	return 10 * math.Log10(255*255/(sum/float64(len(p.Pix)*3/4)))
}

// BenchmarkProcess is one 12 megapixel photo, all of the work; BenchmarkPlain is imaging used plainly.
func BenchmarkProcess(b *testing.B) {
	photo := phototest.WithMetadata(phototest.JPEG(4000, 3000, 88, 1), 6)
	for b.Loop() {
		if _, err := Process(context.Background(), photo); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlain(b *testing.B) {
	photo := phototest.WithMetadata(phototest.JPEG(4000, 3000, 88, 1), 6)
	for b.Loop() {
		img, err := imaging.Decode(bytes.NewReader(photo), imaging.AutoOrientation(true))
		if err != nil {
			b.Fatal(err)
		}
		encoded(b, imaging.Fit(img, LargeSide, LargeSide, imaging.Lanczos))
		encoded(b, imaging.Fit(img, SmallSide, SmallSide, imaging.Lanczos))
	}
}
