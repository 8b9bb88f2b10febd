// Package phototest builds the pictures tests need, good and hostile, from code: no binary file lies in the tree.
// It promises bytes that depend on its arguments only. It is for tests.
package phototest

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
)

// Marks that a leak test looks for in what is served.
const (
	PlaceMark   = "GPS-31.2304N-121.4737E"
	CameraMark  = "SecretCameraSerial-0042"
	CommentMark = "kept-by-nobody"
)

// Scene is a picture with flat areas, edges, gradients and the noise of a real sensor; its upper left quarter is red,
// upper right green, lower left blue, lower right grey, so that turning it is seen.
func Scene(width, height int, seed uint64) *image.RGBA {
	rnd := rand.New(rand.NewPCG(seed, seed))
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		row := img.Pix[y*img.Stride:]
		for x := range width {
			c := quarter(x, y, width, height)
			shade := (x*31/width + y*17/height) * 2
			if (x/97+y/61)%5 == 0 {
				shade -= 40
			}
			noise := int(rnd.Uint64()&15) - 8
			for i := range 3 {
				row[4*x+i] = byte(max(0, min(255, int(c[i])+shade+noise)))
			}
			row[4*x+3] = 255
		}
	}
	return img
}

func quarter(x, y, width, height int) [3]byte {
	switch {
	case x < width/2 && y < height/2:
		return [3]byte{190, 40, 40}
	case y < height/2:
		return [3]byte{40, 170, 40}
	case x < width/2:
		return [3]byte{40, 40, 190}
	}
	return [3]byte{120, 120, 120}
}

// JPEG is Scene as a baseline JPEG, clean but for nothing.
func JPEG(width, height, quality int, seed uint64) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, Scene(width, height, seed), &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // encoding to memory
	}
	return b.Bytes()
}

// PNG is Scene as a PNG.
func PNG(width, height int, seed uint64) []byte {
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, Scene(width, height, seed)); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// FlatPNG is a transparent black PNG of any size: large in memory, small as a file.
func FlatPNG(width, height int) []byte {
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, image.NewNRGBA(image.Rect(0, 0, width, height))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Palette is a PNG with a palette and one transparent colour.
func Palette(width, height int) []byte {
	p := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.NRGBA{}, color.NRGBA{R: 200, A: 255}})
	for i := range p.Pix {
		p.Pix[i] = byte(i & 1)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// WithMetadata puts into a JPEG what phones put there: EXIF with orientation, place and serial number, a thumbnail,
// XMP, a colour profile, Photoshop data and a comment.
func WithMetadata(jpg []byte, orientation int) []byte {
	out := []byte{0xFF, 0xD8}
	out = Segment(out, 0xE1, append([]byte("Exif\x00\x00"), exif(orientation)...))
	out = Segment(out, 0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+PlaceMark+"</x:xmpmeta>"))
	out = Segment(out, 0xE2, []byte("ICC_PROFILE\x00\x01\x01"+CameraMark))
	out = Segment(out, 0xED, []byte("Photoshop 3.0\x008BIM"+PlaceMark))
	out = Segment(out, 0xFE, []byte(CommentMark))
	return append(out, jpg[2:]...)
}

// exif is a TIFF block with the orientation, a serial number and a GPS directory.
func exif(orientation int) []byte {
	b := []byte{'I', 'I', '*', 0, 8, 0, 0, 0, 3, 0}
	le := binary.LittleEndian
	entry := func(tag, kind uint16, count, value uint32) {
		b = le.AppendUint16(b, tag)
		b = le.AppendUint16(b, kind)
		b = le.AppendUint32(b, count)
		b = le.AppendUint32(b, value)
	}
	const data = 8 + 2 + 3*12 + 4
	entry(0x0112, 3, 1, uint32(orientation))
	entry(0x8825, 4, 1, data+uint32(len(CameraMark)))
	entry(0xA431, 2, uint32(len(CameraMark)), data)
	b = le.AppendUint32(b, 0)
	b = append(b, CameraMark...)
	b = le.AppendUint16(b, 1)
	entry(0x001B, 2, uint32(len(PlaceMark)), uint32(len(b)+12+4))
	b = le.AppendUint32(b, 0)
	return append(b, PlaceMark...)
}

// Segment appends a JPEG segment.
func Segment(out []byte, marker byte, payload []byte) []byte {
	out = append(out, 0xFF, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(payload)+2))
	return append(out, payload...)
}
