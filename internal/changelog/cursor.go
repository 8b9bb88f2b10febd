package changelog

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
)

// Cursor is how far a device has come. Seq is the last seq its store holds. While a snapshot is being read, Snapshot
// is the seq it shows and Collection and ID the place reached; Seq is then 0.
type Cursor struct {
	Epoch      [4]byte // of the epoch's name
	Boot       string
	Scope      [4]byte
	Seq        int64
	Snapshot   int64
	Collection string
	ID         string
	reading    bool
}

// Reading reports whether the cursor stands inside a snapshot.
func (c Cursor) Reading() bool { return c.reading }

const (
	cursorFormat  = 1
	readingFormat = 2 // a place inside a snapshot, by the collection's name: an upgrade may add collections before it
	sealLength    = 8
	maxCursorText = 200
)

// At is the cursor of a device with this scope that holds everything up to the seq.
func (l *Log) At(scope [4]byte, seq int64) string {
	return l.seal(Cursor{Epoch: l.epochMark(), Boot: l.bootID(), Scope: scope, Seq: seq})
}

// Within is the cursor of a device that has read a snapshot of the seq up to a place.
func (l *Log) Within(scope [4]byte, snapshot int64, collection, id string) string {
	return l.seal(Cursor{Epoch: l.epochMark(), Boot: l.bootID(), Scope: scope, Snapshot: snapshot, Collection: collection, ID: id, reading: true})
}

// Current reports whether the cursor belongs to the present epoch.
func (l *Log) Current(c Cursor) bool { return c.Epoch == l.epochMark() }

// Open reads a cursor. A text that this server never made is refused (sync.cursor). A cursor that only a later life
// of this database can have made shows that it was restored: Open then begins a new epoch.
func (l *Log) Open(app core.App, text string) (Cursor, error) {
	c, err := l.Read(text)
	if err != nil {
		return c, err
	}
	if !l.Current(c) {
		if l.isPast(c.Epoch) {
			return c, nil
		}
		// sealed under our key in an epoch this database never had: the one it was restored from had
		return c, l.newEpoch(app, c.Epoch)
	}
	ok, err := l.explains(app, c.Boot, max(c.Seq, c.Snapshot))
	if err != nil {
		return Cursor{}, err
	}
	if !ok {
		return c, l.newEpoch(app, c.Epoch) // made by a later start, or further on than this log is
	}
	return c, nil
}

// Read reads a cursor and draws no conclusion from it. A text that this server never made: sync.cursor.
func (l *Log) Read(text string) (Cursor, error) {
	c, err := l.unseal(text)
	if err != nil {
		return Cursor{}, fault.New(fault.Invalid, "sync.cursor").On("cursor").Because(err)
	}
	return c, nil
}

// seal writes format, epoch, boot, scope and seq, or the place in a snapshot, under a short signature.
func (l *Log) seal(c Cursor) string {
	b := []byte{cursorFormat}
	if c.reading {
		b[0] = readingFormat
	}
	b = append(b, c.Epoch[:]...)
	id, err := hex.DecodeString(c.Boot)
	if err != nil || len(id) != 4 {
		id = make([]byte, 4)
	}
	b = append(b, id...)
	b = append(b, c.Scope[:]...)
	b = binary.AppendUvarint(b, uint64(c.Seq))
	if c.reading {
		b = binary.AppendUvarint(b, uint64(c.Snapshot))
		b = binary.AppendUvarint(b, uint64(len(c.Collection)))
		b = append(append(b, c.Collection...), c.ID...)
	}
	return base64.RawURLEncoding.EncodeToString(append(b, l.mark(b)...))
}

var errCursor = errors.New("not a cursor of this server")

func (l *Log) unseal(text string) (Cursor, error) {
	if len(text) > maxCursorText || strings.ContainsAny(text, "\r\n") { // which the decoder would skip
		return Cursor{}, errCursor
	}
	all, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(all) < 13+1+sealLength {
		return Cursor{}, errCursor
	}
	b, seal := all[:len(all)-sealLength], all[len(all)-sealLength:]
	if !hmac.Equal(seal, l.mark(b)) || b[0] != cursorFormat && b[0] != readingFormat {
		return Cursor{}, errCursor
	}
	c := Cursor{Boot: hex.EncodeToString(b[5:9])}
	copy(c.Epoch[:], b[1:5])
	copy(c.Scope[:], b[9:13])
	seq, n := binary.Uvarint(b[13:])
	if n <= 0 {
		return Cursor{}, errCursor
	}
	c.Seq = int64(seq)
	rest := b[13+n:]
	if b[0] == readingFormat {
		err = c.place(rest)
	} else if len(rest) > 0 {
		err = errCursor
	}
	return c, err
}

func (c *Cursor) place(b []byte) error {
	snapshot, n := binary.Uvarint(b)
	if n <= 0 {
		return errCursor
	}
	length, m := binary.Uvarint(b[n:])
	rest := b[n+max(m, 0):]
	if m <= 0 || length > uint64(len(rest)) {
		return errCursor
	}
	c.Snapshot, c.Collection, c.ID, c.reading = int64(snapshot), string(rest[:length]), string(rest[length:]), true
	return nil
}

func (l *Log) mark(b []byte) []byte {
	l.meta.mu.RLock()
	mac := hmac.New(sha256.New, l.meta.key)
	l.meta.mu.RUnlock()
	mac.Write(b)
	return mac.Sum(nil)[:sealLength]
}

func (l *Log) epochMark() [4]byte { return markOf(l.Epoch()) }
