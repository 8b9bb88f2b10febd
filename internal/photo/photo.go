// Package photo decides whether bytes from outside are a picture we may keep, and makes what is kept and shown of
// them. It promises: only JPEG and PNG, told by their first bytes, ever reach a decoder, and only after their
// header has been read and found within the limits below; what comes out holds the picture and its orientation and
// nothing else (no place, no camera, no comment, nothing after the end); a file that is already so comes out
// unchanged, byte for byte; at any time all decoding together stays within one budget of memory.
// It does not judge what a picture shows, and bytes hidden inside the compressed picture data itself stay there:
// whoever serves originals must forbid sniffing and scripts.
package photo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"aftercare/internal/fault"
)

// Limits of one file. The pixel limits are what a header may claim; Memory is what working on it may cost.
const (
	MaxBytes       = 25 << 20   // bytes of the file as sent
	MaxPixels      = 50_000_000 // width × height
	MaxProgressive = 25_000_000 // width × height of a progressive JPEG: its decoder keeps every coefficient
	MaxSide        = 12_000     // pixels
	MaxMemory      = 270 << 20  // bytes, estimated from the header for decoding, scaling and the file itself
	maxScans       = 40         // of a JPEG; real ones have at most about fifteen, each costs a pass over the picture
)

// Media types that are accepted.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
)

// Longest sides of the derivatives, in pixels. They are JPEG, upright, never enlarged.
const (
	LargeSide = 1600
	SmallSide = 320
)

// Codes of refusals; each is final for these bytes.
const (
	CodeType     = "photo.type"
	CodeTooLarge = "photo.too_large"
	CodeBroken   = "photo.broken"
)

// Header is what a file says of itself before anything is decoded. Width and height are as stored, in pixels;
// Orientation is EXIF's 1 to 8 (1 when it says nothing); Memory is the estimated cost of working on it, in bytes.
type Header struct {
	Media       string
	Width       int
	Height      int
	Orientation int
	Progressive bool
	Memory      int64
}

// Photo is a checked picture. Clean is what is kept as the original, SHA256 its hash in lower-case hex; Width and
// Height are upright. Large and Small are the derivatives.
type Photo struct {
	Media  string
	SHA256 string
	Width  int
	Height int
	Clean  []byte
	Large  []byte
	Small  []byte
}

// Hash is the SHA-256 of b in lower-case hex: the name a photo goes by.
func Hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Process checks, cleans and scales one file. It waits for its share of the memory budget until ctx ends. Errors:
// photo.type, photo.too_large, photo.broken, or ctx's.
func Process(ctx context.Context, b []byte) (Photo, error) {
	header, err := Inspect(b)
	if err != nil {
		return Photo{}, err
	}
	release, err := reserve(ctx, header.Memory)
	if err != nil {
		return Photo{}, err
	}
	defer release()
	clean, err := Strip(b)
	if err != nil {
		return Photo{}, err
	}
	large, small, err := derive(clean, header)
	if err != nil {
		return Photo{}, err
	}
	p := Photo{Media: header.Media, SHA256: Hash(clean), Clean: clean, Large: large, Small: small}
	p.Width, p.Height = upright(header)
	return p, nil
}

// Inspect reads the header alone and holds it against the limits. Errors: photo.type for anything that does not
// begin as JPEG or PNG, photo.too_large, photo.broken.
func Inspect(b []byte) (Header, error) {
	if len(b) > MaxBytes {
		return Header{}, TooLarge(fmt.Sprintf("%d bytes", len(b)))
	}
	if len(b) == 0 {
		return Header{}, broken("empty")
	}
	var h Header
	var err error
	switch {
	case isJPEG(b):
		h, err = inspectJPEG(b)
	case isPNG(b):
		h, err = inspectPNG(b)
	default:
		return Header{}, Type("not JPEG or PNG by its first bytes")
	}
	if err != nil {
		return Header{}, err
	}
	return h, h.check(len(b))
}

// Strip returns the file with nothing but the picture and its orientation. A file that is already so is returned
// unchanged (the same slice). Errors: photo.type, photo.broken.
func Strip(b []byte) ([]byte, error) {
	switch {
	case isJPEG(b):
		return stripJPEG(b)
	case isPNG(b):
		return stripPNG(b)
	}
	return nil, Type("not JPEG or PNG by its first bytes")
}

func (h *Header) check(size int) error {
	w, ht := int64(h.Width), int64(h.Height)
	if w <= 0 || ht <= 0 {
		return broken("no size")
	}
	pixels := w * ht
	if w > MaxSide || ht > MaxSide || pixels > MaxPixels || (h.Progressive && pixels > MaxProgressive) {
		return TooLarge(fmt.Sprintf("%d × %d", w, ht))
	}
	// The file and its clean copy, the picture half scaled (its width at most 1600), and the scaled ones.
	h.Memory += 2*int64(size) + 4*min(w, LargeSide)*ht + 8*LargeSide*LargeSide
	if h.Memory > MaxMemory {
		return TooLarge(fmt.Sprintf("%d × %d needs %d MB", w, ht, h.Memory>>20))
	}
	return nil
}

func upright(h Header) (width, height int) {
	if h.Orientation >= 5 {
		return h.Height, h.Width
	}
	return h.Width, h.Height
}

// Type is the refusal of something that is not a JPEG or PNG; why is for the log.
func Type(why string) *fault.Fault {
	return fault.New(fault.Unprocessed, CodeType).On("type").Because(fmt.Errorf("%s", why))
}

// TooLarge is the refusal of a picture over a limit; why is for the log.
func TooLarge(why string) *fault.Fault {
	return fault.New(fault.Unprocessed, CodeTooLarge).On("size").Because(fmt.Errorf("%s", why))
}

func broken(why string) *fault.Fault {
	return fault.New(fault.Unprocessed, CodeBroken).On("sha256").Because(fmt.Errorf("%s", why))
}

// MagicBytes is how many first bytes tell what a file is.
const MagicBytes = 8

// Known says whether the first MagicBytes of a file are those of a kind that is accepted.
func Known(first []byte) bool { return isJPEG(first) || isPNG(first) }
