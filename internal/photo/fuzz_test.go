package photo

import (
	"bytes"
	"testing"

	"aftercare/internal/photo/phototest"
)

// fuzzStrip: cleaning never panics, never grows the file by more than one orientation block, and cleaning twice is
// cleaning once.
func fuzzStrip(f *testing.F, isKind func([]byte) bool, seeds ...[]byte) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if !isKind(b) {
			return
		}
		if _, err := Inspect(b); err != nil && code(err) == "" {
			t.Fatalf("no code: %v", err)
		}
		once, err := Strip(b)
		if err != nil {
			if code(err) == "" {
				t.Fatalf("no code: %v", err)
			}
			return
		}
		if len(once) > len(b)+64 {
			t.Fatalf("grew from %d to %d", len(b), len(once))
		}
		twice, err := Strip(once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("cleaning is not stable: %v", err)
		}
	})
}

func FuzzStripJPEG(f *testing.F) {
	jpg := phototest.JPEG(24, 16, 60, 1)
	fuzzStrip(f, isJPEG, jpg, phototest.WithMetadata(jpg, 6), phototest.Polyglot(jpg, phototest.HTML), jpg[:60],
		phototest.Flat(phototest.Frame{Width: 32, Height: 32, Progressive: true, Scans: 3}))
}

func FuzzStripPNG(f *testing.F) {
	pic := phototest.PNG(8, 8, 1)
	fuzzStrip(f, isPNG, pic, phototest.Palette(5, 5), phototest.PNGBomb(), append(bytes.Clone(pic), phototest.ZIP...), pic[:50])
}
