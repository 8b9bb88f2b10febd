package photo

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

var pngMagic = []byte("\x89PNG\r\n\x1a\n")

func isPNG(b []byte) bool { return bytes.HasPrefix(b, pngMagic) }

// chunk is one PNG chunk; raw is all of it, with length, type and checksum.
type chunk struct {
	kind string
	data []byte
	raw  []byte
}

// walkPNG visits the chunks up to and with IEND. visit stops the walk by returning false.
func walkPNG(b []byte, visit func(chunk) bool) error {
	rest := b[len(pngMagic):]
	for first := true; ; first = false {
		if len(rest) < 12 {
			return broken("no end of image")
		}
		n := int64(binary.BigEndian.Uint32(rest))
		if n > int64(len(rest)-12) {
			return broken("truncated chunk")
		}
		c := chunk{kind: string(rest[4:8]), data: rest[8 : 8+n], raw: rest[:12+n]}
		if first != (c.kind == "IHDR") {
			return broken("header chunk")
		}
		if !visit(c) || c.kind == "IEND" {
			return nil
		}
		rest = rest[12+n:]
	}
}

func inspectPNG(b []byte) (Header, error) {
	h := Header{Media: PNG, Orientation: 1}
	var ihdr []byte
	var transparent, turned bool
	err := walkPNG(b, func(c chunk) bool {
		switch c.kind {
		case "IHDR":
			ihdr = c.data
		case "tRNS":
			transparent = true
		case "eXIf":
			if !turned {
				h.Orientation, turned = tiffOrientation(c.data), true
			}
		}
		return c.kind != "IDAT"
	})
	if err != nil {
		return Header{}, err
	}
	return h, h.readIHDR(ihdr, transparent)
}

// readIHDR takes size and memory from the header chunk, PNG 3rd edition 11.2.1.
func (h *Header) readIHDR(d []byte, transparent bool) error {
	if len(d) != 13 {
		return broken("header chunk")
	}
	w, ht := binary.BigEndian.Uint32(d), binary.BigEndian.Uint32(d[4:])
	const ceiling = 1 << 20 // far over MaxSide, far under what int64 products bear
	h.Width, h.Height = int(min(w, ceiling)), int(min(ht, ceiling))
	depth, colour, interlaced := d[8], d[9], d[12] == 1
	perPixel := int64(4)
	if (colour == 0 && !transparent) || colour == 3 { // grey or palette
		perPixel = 1
	}
	if depth == 16 {
		perPixel *= 2
	}
	if interlaced {
		perPixel *= 2 // each pass is a picture of its own before it is merged
	}
	h.Memory = perPixel * int64(h.Width) * int64(h.Height)
	return nil
}

// keptChunks holds what the picture is made of, and the colour chunks whose size is fixed, so that they can carry
// no text. -1: any size.
var keptChunks = map[string]int{
	"IHDR": 13, "PLTE": -1, "tRNS": -1, "IDAT": -1, "IEND": 0, "gAMA": 4, "cHRM": 32, "sRGB": 1,
}

func stripPNG(b []byte) ([]byte, error) {
	out := make([]byte, 0, len(b))
	out = append(out, pngMagic...)
	unknown, turned := false, false
	err := walkPNG(b, func(c chunk) bool {
		size, kept := keptChunks[c.kind]
		turned = turned || c.kind == "IDAT" // an orientation after the picture counts no more
		switch {
		case kept && (size < 0 || size == len(c.data)):
			out = append(out, c.raw...)
		case c.kind == "eXIf":
			if o := tiffOrientation(c.data); o != 1 && !turned {
				out = appendChunk(out, "eXIf", orientationTIFF(o))
			}
			turned = true
		case c.kind[0]&0x20 == 0: // critical: the picture cannot be shown without it
			unknown = true
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	if unknown {
		return nil, broken("unknown critical chunk")
	}
	if bytes.Equal(out, b) {
		return b, nil
	}
	return out, nil
}

func appendChunk(out []byte, kind string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	from := len(out)
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}
