package photo

import "encoding/binary"

var exifPrefix = []byte("Exif\x00\x00")

const orientationTag = 0x0112

// tiffOrientation reads the orientation, 1 to 8, from a TIFF block (EXIF 2.32, 4.6.4); 1 when it says nothing.
func tiffOrientation(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(t[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(t[4:]))
	if at+2 > int64(len(t)) {
		return 1
	}
	entries := t[at+2:]
	for range order.Uint16(t[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == orientationTag {
			return orientationValue(order, entries)
		}
		entries = entries[12:]
	}
	return 1
}

func orientationValue(order binary.ByteOrder, entry []byte) int {
	var o uint32
	switch order.Uint16(entry[2:]) {
	case 3: // SHORT
		o = uint32(order.Uint16(entry[8:]))
	case 4: // LONG, as some writers do
		o = order.Uint32(entry[8:])
	}
	if o < 1 || o > 8 {
		return 1
	}
	return int(o)
}

// orientationTIFF is the smallest TIFF block that says the orientation and nothing else.
func orientationTIFF(o int) []byte {
	return []byte{'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1,
		orientationTag >> 8, orientationTag & 0xFF, 0, 3, 0, 0, 0, 1, 0, byte(o), 0, 0,
		0, 0, 0, 0}
}
