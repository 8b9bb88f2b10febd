package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"github.com/disintegration/imaging"
)

// quality of the derivatives as JPEG, 0 to 100.
const quality = 82

// derive is the one place where pictures are decoded and scaled: the large derivative from the full picture, the small
// one from the large, each turned upright only then (turning 12 megapixels costs a fifth of a second). The bytes must
// have passed Inspect. A panic of a decoder on hostile bytes becomes photo.broken; imaging works in goroutines of its
// own, where nothing could be caught, so it is only given picture types whose every index is in range.
func derive(b []byte, h Header) (large, small []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			large, small, err = nil, nil, broken(fmt.Sprint(r))
		}
	}()
	full, err := decode(b, h)
	if err != nil {
		return nil, nil, err
	}
	big := flatten(shrink(full, LargeSide))
	if large, err = encode(orient(big, h.Orientation)); err != nil {
		return nil, nil, err
	}
	small, err = encode(orient(shrink(big, SmallSide), h.Orientation))
	return large, small, err
}

func decode(b []byte, h Header) (image.Image, error) {
	read := jpeg.Decode
	if h.Media == PNG {
		read = png.Decode
	}
	full, err := read(bytes.NewReader(b))
	if err != nil {
		return nil, broken(err.Error())
	}
	if size := full.Bounds().Size(); size.X != h.Width || size.Y != h.Height {
		return nil, broken("decoded to another size")
	}
	switch p := full.(type) {
	case *image.Paletted:
		if !inPalette(p) {
			return nil, broken("colour outside the palette")
		}
	case *image.CMYK:
		return inPlace(p), nil
	}
	return full, nil
}

// inPlace turns printing colours into screen colours in the same memory.
func inPlace(c *image.CMYK) *image.RGBA {
	for i := 0; i+3 < len(c.Pix); i += 4 {
		p := c.Pix[i : i+4 : i+4]
		p[0], p[1], p[2] = color.CMYKToRGB(p[0], p[1], p[2], p[3])
		p[3] = 0xFF
	}
	return &image.RGBA{Pix: c.Pix, Stride: c.Stride, Rect: c.Rect}
}

// inPalette says whether every pixel names a colour that exists; imaging does not check (CVE-2023-36308).
func inPalette(p *image.Paletted) bool {
	for _, i := range p.Pix {
		if int(i) >= len(p.Palette) {
			return false
		}
	}
	return true
}

// orient turns the picture upright: EXIF orientation 1 to 8.
func orient(img image.Image, o int) image.Image {
	switch o {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6:
		return imaging.Rotate270(img)
	case 7:
		return imaging.Transverse(img)
	case 8:
		return imaging.Rotate90(img)
	}
	return img
}

// flatten lays a transparent picture on white: JPEG has no transparency and would show black.
func flatten(img image.Image) image.Image {
	if o, ok := img.(interface{ Opaque() bool }); ok && o.Opaque() {
		return img
	}
	size := img.Bounds().Size()
	return imaging.Overlay(imaging.New(size.X, size.Y, color.White), img, image.Point{}, 1)
}

func encode(img image.Image) ([]byte, error) {
	var buf bytes.Buffer
	err := imaging.Encode(&buf, img, imaging.JPEG, imaging.JPEGQuality(quality))
	return buf.Bytes(), err
}
