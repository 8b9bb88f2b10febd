package photo

import (
	"bytes"
	"encoding/binary"
)

// JPEG markers, ITU-T T.81 table B.1.
const (
	markSOF0  = 0xC0
	markSOF1  = 0xC1
	markSOF2  = 0xC2
	markDHT   = 0xC4
	markSOI   = 0xD8
	markEOI   = 0xD9
	markSOS   = 0xDA
	markDQT   = 0xDB
	markDRI   = 0xDD
	markAPP0  = 0xE0
	markAPP1  = 0xE1
	markAPP14 = 0xEE
	markAPP15 = 0xEF
	markCOM   = 0xFE
)

func isJPEG(b []byte) bool { return len(b) >= 3 && b[0] == 0xFF && b[1] == markSOI && b[2] == 0xFF }

// segment is one marker with its payload (without the two length bytes) and, after SOS, the coded picture data.
type segment struct {
	marker  byte
	payload []byte
	coded   []byte
}

// walkJPEG visits the segments from SOI to the first true EOI and returns how many bytes they take. Bytes between
// segments that belong to none are passed over, as decoders do. visit stops the walk by returning false.
func walkJPEG(b []byte, visit func(segment) bool) (end int, err error) {
	at, scans := 2, 0
	for {
		if at = nextMarker(b, at); at < 0 {
			return 0, broken("no end of image")
		}
		s := segment{marker: b[at]}
		at++
		if s.marker == markEOI {
			visit(s)
			return at, nil
		}
		if !known(s.marker) {
			return 0, broken("unknown marker")
		}
		if at+2 > len(b) {
			return 0, broken("truncated")
		}
		n := int(binary.BigEndian.Uint16(b[at:]))
		if n < 2 || at+n > len(b) {
			return 0, broken("truncated segment")
		}
		s.payload = b[at+2 : at+n]
		at += n
		if s.marker == markSOS {
			if scans++; scans > maxScans {
				return 0, broken("too many scans")
			}
			stop := codedEnd(b, at)
			s.coded = b[at:stop]
			at = stop
		}
		if !visit(s) {
			return at, nil
		}
	}
}

// nextMarker returns where the next marker's code stands: after a run of 0xFF, not 0x00.
func nextMarker(b []byte, at int) int {
	for {
		i := bytes.IndexByte(b[min(at, len(b)):], 0xFF)
		if i < 0 {
			return -1
		}
		at += i + 1
		for at < len(b) && b[at] == 0xFF {
			at++
		}
		if at >= len(b) {
			return -1
		}
		if b[at] != 0 {
			return at
		}
	}
}

// codedEnd returns where the coded data that begins at at ends: before the first marker that is no restart.
func codedEnd(b []byte, at int) int {
	for {
		i := bytes.IndexByte(b[at:], 0xFF)
		if i < 0 {
			return len(b)
		}
		from := at + i
		for at = from; at < len(b) && b[at] == 0xFF; at++ {
		}
		if at >= len(b) {
			return len(b)
		}
		stuffed, restart := b[at] == 0, b[at] >= 0xD0 && b[at] <= 0xD7
		if !stuffed && !restart {
			return from
		}
		at++
	}
}

// known says whether the marker is one a baseline or progressive picture may hold; arithmetic coding, lossless and
// hierarchical pictures are not decoded anywhere we show them.
func known(marker byte) bool {
	switch marker {
	case markSOF0, markSOF1, markSOF2, markDHT, markSOS, markDQT, markDRI, markCOM:
		return true
	}
	return marker >= markAPP0 && marker <= markAPP15
}

func inspectJPEG(b []byte) (Header, error) {
	h := Header{Media: JPEG, Orientation: 1}
	var frame []byte
	var rgb, seenExif bool
	_, err := walkJPEG(b, func(s segment) bool {
		switch s.marker {
		case markSOF0, markSOF1, markSOF2:
			if frame == nil {
				frame = s.payload
			}
			h.Progressive = h.Progressive || s.marker == markSOF2
		case markAPP1:
			if tiff, ok := bytes.CutPrefix(s.payload, exifPrefix); ok && !seenExif {
				h.Orientation, seenExif = tiffOrientation(tiff), true
			}
		case markAPP14:
			rgb = true // perhaps: then decoding makes a second picture
		}
		return s.marker != markSOS
	})
	if err != nil {
		return Header{}, err
	}
	return h, h.readFrame(frame, rgb)
}

// readFrame takes size and memory from a start-of-frame payload, T.81 B.2.2.
func (h *Header) readFrame(p []byte, converts bool) error {
	if len(p) < 6 || p[0] != 8 || len(p) != 6+3*int(p[5]) {
		return broken("frame header")
	}
	h.Height, h.Width = int(binary.BigEndian.Uint16(p[1:])), int(binary.BigEndian.Uint16(p[3:]))
	components := int(p[5])
	if components != 1 && components != 3 && components != 4 {
		return broken("components")
	}
	var hMax, vMax, area int64 = 1, 1, 0
	for i := range components {
		hs, vs := int64(p[7+3*i]>>4), int64(p[7+3*i]&15)
		if hs < 1 || hs > 4 || vs < 1 || vs > 4 {
			return broken("sampling")
		}
		hMax, vMax, area = max(hMax, hs), max(vMax, vs), area+hs*vs
	}
	units := ((int64(h.Width) + 8*hMax - 1) / (8 * hMax)) * ((int64(h.Height) + 8*vMax - 1) / (8 * vMax))
	samples := units * 64 * area
	h.Memory = samples
	if h.Progressive {
		h.Memory += 4 * samples // the decoder's coefficients
	}
	if components == 4 || converts {
		h.Memory += 4 * int64(h.Width) * int64(h.Height)
	}
	return nil
}

func stripJPEG(b []byte) ([]byte, error) {
	out := make([]byte, 0, len(b))
	out = append(out, 0xFF, markSOI)
	var jfif, adobe, exif bool // each at most once, and before the picture data
	_, err := walkJPEG(b, func(s segment) bool {
		switch s.marker {
		case markEOI:
			out = append(out, 0xFF, markEOI)
		case markAPP0:
			if !jfif && len(s.payload) >= 14 && string(s.payload[:5]) == "JFIF\x00" {
				jfif = true
				out = appendSegment(out, markAPP0, s.payload[:12], []byte{0, 0}) // without its thumbnail
			}
		case markAPP14: // says how the colours were turned into components
			if !adobe && len(s.payload) >= 12 && string(s.payload[:5]) == "Adobe" {
				adobe = true
				out = appendSegment(out, markAPP14, s.payload[:12], nil)
			}
		case markAPP1:
			tiff, ok := bytes.CutPrefix(s.payload, exifPrefix)
			if ok && !exif {
				exif = true
				if o := tiffOrientation(tiff); o != 1 {
					out = appendSegment(out, markAPP1, exifPrefix, orientationTIFF(o))
				}
			}
		case markSOF0, markSOF1, markSOF2, markDHT, markDQT, markDRI, markSOS:
			if s.marker == markSOS {
				jfif, adobe, exif = true, true, true
			}
			out = appendSegment(out, s.marker, s.payload, nil)
			out = append(out, s.coded...)
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	if bytes.Equal(out, b) {
		return b, nil
	}
	return out, nil
}

func appendSegment(out []byte, marker byte, payload, more []byte) []byte {
	out = append(out, 0xFF, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(payload)+len(more)+2))
	return append(append(out, payload...), more...)
}
