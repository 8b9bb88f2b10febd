package photo

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"testing"

	"aftercare/internal/fault"
	"aftercare/internal/photo/phototest"
)

func code(err error) string {
	if f, ok := fault.From(err); ok {
		return f.Code
	}
	return ""
}

func process(t *testing.T, b []byte) Photo {
	t.Helper()
	p, err := Process(context.Background(), b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRefused(t *testing.T) {
	jpg, pic := phototest.JPEG(64, 48, 80, 1), phototest.PNG(64, 48, 1)
	cases := []struct {
		name  string
		bytes []byte
		code  string
	}{
		{"nothing at all", nil, CodeBroken},
		{"HTML in disguise", phototest.HTML, CodeType},
		{"SVG in disguise", phototest.SVG, CodeType},
		{"a GIF", phototest.GIF, CodeType},
		{"a TIFF", phototest.TIFF, CodeType},
		{"a WebP", phototest.WebP, CodeType},
		{"a ZIP", phototest.ZIP, CodeType},
		{"HTML before a JPEG", append(append([]byte{}, phototest.HTML...), jpg...), CodeType},
		{"a progressive bomb of 14,000²", phototest.ProgressiveBomb(), CodeTooLarge},
		{"a PNG bomb of 12,000²", phototest.PNGBomb(), CodeTooLarge},
		{"a side over 12,000 pixels", phototest.Flat(phototest.Frame{Width: 12001, Height: 8}), CodeTooLarge},
		{"51 megapixels", phototest.Flat(phototest.Frame{Width: 7500, Height: 6800, Sampling: []byte{0x11}}), CodeTooLarge},
		{"progressive of 26 megapixels", phototest.Flat(phototest.Frame{Width: 5200, Height: 5000, Progressive: true, Sampling: []byte{0x11}}), CodeTooLarge},
		{"progressive whose coefficients take 375 MB", phototest.Flat(phototest.Frame{Width: 5000, Height: 5000, Progressive: true}), CodeTooLarge},
		{"over 25 MB", make([]byte, MaxBytes+1), CodeTooLarge},
		{"hundreds of scans", phototest.Flat(phototest.Frame{Width: 64, Height: 64, Progressive: true, Scans: 300}), CodeBroken},
		{"a JPEG of only its magic", jpg[:3], CodeBroken},
		{"a JPEG cut in its header", jpg[:100], CodeBroken},
		{"a JPEG cut in its picture", jpg[:len(jpg)-40], CodeBroken},
		{"a JPEG without its end", jpg[:len(jpg)-2], CodeBroken},
		{"a PNG of only its magic", pic[:8], CodeBroken},
		{"a PNG cut in its picture", pic[:len(pic)/2], CodeBroken},
		{"a PNG with a wrong checksum", damaged(pic, len(pic)-14), CodeBroken},
		{"four components without Adobe's mark", phototest.Flat(phototest.Frame{Width: 64, Height: 64, Sampling: []byte{0x11, 0x11, 0x11, 0x11}}), CodeBroken},
	}
	for _, c := range cases {
		t.Run("R-07 refused: "+c.name, func(t *testing.T) {
			_, err := Process(context.Background(), c.bytes)
			if code(err) != c.code {
				t.Fatalf("got %v, want %s", err, c.code)
			}
		})
	}
}

func damaged(b []byte, at int) []byte {
	c := bytes.Clone(b)
	c[at] ^= 0xFF
	return c
}

func TestIdentity(t *testing.T) {
	clean := map[string][]byte{
		"a baseline JPEG":               phototest.JPEG(640, 480, 88, 2),
		"a progressive JPEG":            phototest.Flat(phototest.Frame{Width: 100, Height: 80, Progressive: true, Sampling: []byte{0x22, 0x11, 0x11}}),
		"a PNG":                         phototest.PNG(64, 48, 2),
		"a PNG with palette":            phototest.Palette(31, 17),
		"a JPEG with only orientation":  mustStrip(t, phototest.WithMetadata(phototest.JPEG(64, 48, 80, 3), 6)),
		"a grey JPEG":                   phototest.Flat(phototest.Frame{Width: 40, Height: 40, Sampling: []byte{0x11}}),
		"a JPEG with a coded zero byte": phototest.JPEG(333, 222, 100, 9),
	}
	for name, b := range clean {
		t.Run("R-07 clean bytes come back identical: "+name, func(t *testing.T) {
			p := process(t, b)
			if !bytes.Equal(p.Clean, b) || p.SHA256 != Hash(b) {
				t.Fatal("rewriting a clean file changed it")
			}
		})
	}
}

func mustStrip(t *testing.T, b []byte) []byte {
	t.Helper()
	s, err := Strip(b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNothingLeaks(t *testing.T) {
	marks := []string{phototest.PlaceMark, phototest.CameraMark, phototest.CommentMark, "Photoshop", "ICC_PROFILE", "xmpmeta"}
	for o := 1; o <= 8; o++ {
		sent := phototest.WithMetadata(phototest.JPEG(96, 64, 85, 4), o)
		p := process(t, sent)
		t.Run("R-07 orientation is kept and applied, place and camera are not", func(t *testing.T) {
			for _, served := range [][]byte{p.Clean, p.Large, p.Small} {
				for _, mark := range marks {
					if bytes.Contains(served, []byte(mark)) {
						t.Errorf("orientation %d: %q leaks", o, mark)
					}
				}
			}
			if h, err := Inspect(p.Clean); err != nil || h.Orientation != o {
				t.Errorf("clean original says orientation %d (%v), want %d", h.Orientation, err, o)
			}
			if twice := mustStrip(t, p.Clean); !bytes.Equal(twice, p.Clean) {
				t.Error("cleaning a clean file changed it")
			}
		})
	}
}

func TestUpright(t *testing.T) {
	// Where the red quarter of the stored picture stands when it is shown upright, EXIF orientation 1 to 8.
	corner := map[int]image.Point{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}}
	for o := 1; o <= 8; o++ {
		t.Run("R-07 derivatives are upright for every orientation", func(t *testing.T) {
			p := process(t, phototest.WithMetadata(phototest.JPEG(1800, 1200, 85, 5), o))
			for _, d := range []struct {
				bytes []byte
				side  int
			}{{p.Large, LargeSide}, {p.Small, SmallSide}} {
				img, err := jpeg.Decode(bytes.NewReader(d.bytes))
				if err != nil {
					t.Fatal(err)
				}
				w, h := img.Bounds().Dx(), img.Bounds().Dy()
				if (o >= 5) != (h > w) || max(w, h) != d.side {
					t.Errorf("orientation %d: %d × %d", o, w, h)
				}
				at := image.Pt(w/8+corner[o].X*w*3/4, h/8+corner[o].Y*h*3/4)
				if r, g, b, _ := img.At(at.X, at.Y).RGBA(); r < 2*g || r < 2*b {
					t.Errorf("orientation %d: red quarter is not at %v", o, at)
				}
			}
			if (o >= 5) != (p.Height > p.Width) {
				t.Errorf("orientation %d: said to be %d × %d", o, p.Width, p.Height)
			}
		})
	}
}

func TestDerivatives(t *testing.T) {
	t.Run("R-07 a small picture is never enlarged", func(t *testing.T) {
		p := process(t, phototest.JPEG(200, 100, 85, 6))
		for _, d := range [][]byte{p.Large, p.Small} {
			if c, err := jpeg.DecodeConfig(bytes.NewReader(d)); err != nil || c.Width != 200 || c.Height != 100 {
				t.Errorf("%v %v", c, err)
			}
		}
	})
	t.Run("R-07 CMYK is converted", func(t *testing.T) {
		p := process(t, phototest.Flat(phototest.Frame{Width: 64, Height: 64, Adobe: true, Sampling: []byte{0x11, 0x11, 0x11, 0x11}}))
		img, err := jpeg.Decode(bytes.NewReader(p.Large))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := img.(*image.YCbCr); !ok {
			t.Errorf("derivative is %T", img)
		}
	})
	t.Run("R-07 transparency becomes white, not black", func(t *testing.T) {
		p := process(t, phototest.FlatPNG(64, 64))
		img, err := jpeg.Decode(bytes.NewReader(p.Small))
		if err != nil {
			t.Fatal(err)
		}
		if r, _, _, _ := img.At(32, 32).RGBA(); r < 0xF000 {
			t.Errorf("red %x", r)
		}
	})
	t.Run("R-07 very long and thin pictures keep at least one pixel", func(t *testing.T) {
		p := process(t, phototest.Flat(phototest.Frame{Width: 12000, Height: 1, Sampling: []byte{0x11}}))
		if c, err := jpeg.DecodeConfig(bytes.NewReader(p.Small)); err != nil || c.Width != SmallSide || c.Height != 1 {
			t.Errorf("%v %v", c, err)
		}
	})
}

func TestPolyglots(t *testing.T) {
	jpg := phototest.JPEG(64, 48, 80, 7)
	for name, tail := range map[string][]byte{"HTML": phototest.HTML, "ZIP": phototest.ZIP} {
		t.Run("R-07 what follows the end of the picture is dropped: "+name, func(t *testing.T) {
			if p := process(t, phototest.Polyglot(jpg, tail)); !bytes.Equal(p.Clean, jpg) {
				t.Error("the tail or the comment was kept")
			}
		})
	}
	t.Run("R-07 text and trailing bytes of a PNG are dropped", func(t *testing.T) {
		pic := phototest.PNG(40, 30, 8)
		ihdr := len(pngMagic) + 25
		dirty := appendChunk(bytes.Clone(pic[:ihdr]), "tEXt", []byte("Location\x00"+phototest.PlaceMark))
		dirty = appendChunk(dirty, "eXIf", orientationTIFF(6))
		dirty = append(append(dirty, pic[ihdr:]...), phototest.ZIP...)
		p := process(t, dirty)
		if bytes.Contains(p.Clean, []byte(phototest.PlaceMark)) || bytes.Contains(p.Clean, phototest.ZIP) {
			t.Error("leaks")
		}
		if p.Width != 30 || p.Height != 40 {
			t.Errorf("orientation lost: %d × %d", p.Width, p.Height)
		}
		if _, err := png.Decode(bytes.NewReader(p.Clean)); err != nil {
			t.Error(err)
		}
	})
}

func TestWaitingEnds(t *testing.T) {
	t.Run("R-07 waiting for memory ends with the request", func(t *testing.T) {
		release, err := reserve(context.Background(), MaxMemory)
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := Process(ctx, phototest.JPEG(8, 8, 80, 1)); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	})
}
