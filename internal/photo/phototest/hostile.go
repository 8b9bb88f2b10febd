package phototest

import (
	"encoding/binary"
	"hash/crc32"
)

// Frame describes a grey JPEG made of headers and one bit per block: tiny as a file, as large in memory as it says.
type Frame struct {
	Width, Height int
	Progressive   bool
	Sampling      []byte // horizontal<<4 | vertical per component; three of 0x11 when nil
	Adobe         bool   // four components need it
	Scans         int    // repeats of the picture data; 1 when 0
}

// Flat builds the JPEG of f.
func Flat(f Frame) []byte {
	if f.Sampling == nil {
		f.Sampling = []byte{0x11, 0x11, 0x11}
	}
	out := []byte{0xFF, 0xD8}
	if f.Adobe {
		out = Segment(out, 0xEE, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00"))
	}
	table := make([]byte, 65)
	for i := range table[1:] {
		table[1+i] = 1
	}
	out = Segment(out, 0xDB, table)
	out = Segment(out, sof(f.Progressive), frame(f))
	dc := append(append([]byte{0x00, 1}, make([]byte, 15)...), 0) // one code, "0": no difference
	out = Segment(out, 0xC4, dc)
	if !f.Progressive {
		ac := append(append([]byte{0x10, 1}, make([]byte, 15)...), 0) // one code, "0": end of block
		out = Segment(out, 0xC4, ac)
	}
	for range max(f.Scans, 1) {
		out = append(Segment(out, 0xDA, scan(f)), coded(f)...)
	}
	return append(out, 0xFF, 0xD9)
}

func sof(progressive bool) byte {
	if progressive {
		return 0xC2
	}
	return 0xC0
}

func frame(f Frame) []byte {
	p := []byte{8}
	p = binary.BigEndian.AppendUint16(p, uint16(f.Height))
	p = binary.BigEndian.AppendUint16(p, uint16(f.Width))
	p = append(p, byte(len(f.Sampling)))
	for i, s := range f.Sampling {
		p = append(p, byte(i+1), s, 0)
	}
	return p
}

func scan(f Frame) []byte {
	p := []byte{byte(len(f.Sampling))}
	for i := range f.Sampling {
		p = append(p, byte(i+1), 0)
	}
	if f.Progressive {
		return append(p, 0, 0, 0)
	}
	return append(p, 0, 63, 0)
}

// coded is the picture data: for every block one zero bit (progressive), or two (baseline).
func coded(f Frame) []byte {
	var h, v, area = 1, 1, 0
	for _, s := range f.Sampling {
		h, v, area = max(h, int(s>>4)), max(v, int(s&15)), area+int(s>>4)*int(s&15)
	}
	blocks := ((f.Width + 8*h - 1) / (8 * h)) * ((f.Height + 8*v - 1) / (8 * v)) * area
	if !f.Progressive {
		blocks *= 2
	}
	return make([]byte, (blocks+7)/8)
}

// ProgressiveBomb is 14,000² pixels in about a megabyte.
func ProgressiveBomb() []byte { return Flat(Frame{Width: 14000, Height: 14000, Progressive: true}) }

// PNGBomb claims 12,000² pixels in a few bytes.
func PNGBomb() []byte { return withSize(FlatPNG(16, 16), 12000, 12000) }

// withSize rewrites the size in a PNG's header.
func withSize(png []byte, width, height uint32) []byte {
	b := append([]byte(nil), png...)
	binary.BigEndian.PutUint32(b[16:], width)
	binary.BigEndian.PutUint32(b[20:], height)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// Markup in disguise and formats that must not reach a decoder.
var (
	HTML = []byte("<!DOCTYPE html><html><body><script>fetch('/api/collections/staff')</script></body></html>")
	SVG  = []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)
	GIF  = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
	TIFF = []byte("II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	WebP = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	ZIP  = []byte("PK\x03\x04\x14\x00\x00\x00\x00\x00payload.htmlPK\x05\x06\x00\x00\x00\x00")
)

// Polyglot is a valid JPEG that is also something else: the tail after its end, the comment inside it.
func Polyglot(jpg, tail []byte) []byte {
	out := Segment([]byte{0xFF, 0xD8}, 0xFE, tail)
	return append(append(out, jpg[2:]...), tail...)
}
