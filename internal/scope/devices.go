package scope

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// Session is one device at a door: who holds it and what they may see.
type Session struct {
	Device string
	Letter string
	Actor  record.Actor
	Scope  Scope
}

// Devices knows every device of the database. Call Run to keep it writing down how far devices have heard.
type Devices struct {
	app   core.App
	clock func() time.Time
	heard *heard
}

// NewDevices returns the register of devices; clock is UTC.
func NewDevices(app core.App, clock func() time.Time) *Devices {
	return &Devices{app: app, clock: clock, heard: newHeard()}
}

var deviceID = regexp.MustCompile(`^[a-z0-9]{15}$`)

// Open admits a signed-in user's device, binding it at first use. Refusals: device.signed_out (401), device.malformed
// (400), device.foreign and device.revoked (403).
func (d *Devices) Open(auth *core.Record, device, version string) (*Session, error) {
	actor, ok := record.FromAuth(auth, record.DoorPush)
	if !ok || actor.Kind == record.KindSuperuser {
		return nil, SignedOut()
	}
	if !deviceID.MatchString(device) {
		return nil, fault.New(fault.Invalid, "device.malformed").On("device")
	}
	row, err := d.app.FindRecordById(record.Devices, device)
	if errors.Is(err, sql.ErrNoRows) {
		row, err = d.bind(actor, auth.Collection().Name, device, version)
	}
	if err != nil {
		return nil, err
	}
	return d.admit(actor, auth, row, version)
}

// SignedOut is the refusal of a caller without a valid login.
func SignedOut() error { return fault.New(fault.Unauthorised, "device.signed_out") }

func (d *Devices) admit(actor record.Actor, auth *core.Record, row *core.Record, version string) (*Session, error) {
	known := record.AsDevice(row)
	if known.User() != auth.Id || known.UserKind() != auth.Collection().Name {
		return nil, fault.New(fault.Forbidden, "device.foreign").On("device")
	}
	if known.Revoked() {
		return nil, fault.New(fault.Forbidden, "device.revoked").On("device")
	}
	d.heard.touch(row.Id, version)
	actor.Device = row.Id
	return &Session{Device: row.Id, Letter: known.Letter(), Actor: actor, Scope: Of(actor)}, nil
}

// bind gives the device to the user and, for staff, the shop's next letter (O-04).
func (d *Devices) bind(actor record.Actor, kind, device, version string) (row *core.Record, err error) {
	err = d.app.RunInTransaction(func(tx core.App) error {
		if row, err = tx.FindRecordById(record.Devices, device); !errors.Is(err, sql.ErrNoRows) {
			return err // bound meanwhile, or trouble
		}
		collection, err := tx.FindCachedCollectionByNameOrId(record.Devices)
		if err != nil {
			return err
		}
		row = core.NewRecord(collection)
		row.Id = device
		fresh := record.AsDevice(row)
		fresh.SetShop(actor.Shop)
		fresh.SetUser(actor.ID)
		fresh.SetUserKind(kind)
		fresh.SetApp(version)
		fresh.SetLastSeen(record.Text(d.clock()))
		if kind == record.Staff {
			letter, err := nextLetter(tx, actor.Shop)
			if err != nil {
				return err
			}
			fresh.SetLetter(letter)
		}
		return tx.SaveWithContext(record.WithActor(context.Background(), record.System(actor.Shop)), row)
	})
	return row, err
}

// nextLetter is one above the highest the shop has ever given: letters are never used again, because numbers made of
// them are on paper.
func nextLetter(tx core.App, shop string) (string, error) {
	var letters []string
	err := tx.DB().Select(record.FieldLetter).From(record.Devices).Where(dbx.HashExp{record.FieldShop: shop}).Column(&letters)
	if err != nil {
		return "", err
	}
	highest := 0
	for _, l := range letters {
		highest = max(highest, letterNumber(l))
	}
	return letterOf(highest + 1), nil
}

// readable are the letters of a device: without I and O, which are read as digits when a number is said aloud (O-04).
const readable = "ABCDEFGHJKLMNPQRSTUVWXYZ"

// letterOf counts A…Z, AA, AB, …; the first is 1.
func letterOf(n int) string {
	var b []byte
	for ; n > 0; n = (n - 1) / len(readable) {
		b = append([]byte{readable[(n-1)%len(readable)]}, b...)
	}
	return string(b)
}

// letterNumber is the inverse of letterOf, 0 for what is no letter of ours.
func letterNumber(letter string) int {
	n := 0
	for _, c := range letter {
		i := strings.IndexRune(readable, c)
		if i < 0 {
			return 0
		}
		n = n*len(readable) + i + 1
	}
	return n
}

// ByCredential admits a device by its push-only secret: what its user left behind is still sent (O-02).
func (d *Devices) ByCredential(device, secret string) (*Session, error) {
	if secret == "" || !deviceID.MatchString(device) {
		return nil, SignedOut()
	}
	stored, err := d.private(device)
	if err != nil {
		return nil, err
	}
	if stored.Credential == "" || subtle.ConstantTimeCompare([]byte(stored.Credential), []byte(hash(secret))) != 1 {
		return nil, SignedOut()
	}
	row, err := d.app.FindRecordById(record.Devices, device)
	if err != nil {
		return nil, err
	}
	known := record.AsDevice(row)
	auth, err := d.app.FindRecordById(known.UserKind(), known.User())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, SignedOut()
	}
	if err != nil {
		return nil, err
	}
	actor, ok := record.FromAuth(auth, record.DoorPush)
	if !ok {
		return nil, SignedOut()
	}
	return d.admit(actor, auth, row, "")
}

// Issue makes the device a new push-only credential; the one before stops working. Only its hash is kept.
func (d *Devices) Issue(device string) (secret string, err error) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	secret = base64.RawURLEncoding.EncodeToString(b)
	_, err = d.app.DB().NewQuery(`INSERT INTO sync_devices (device, credential) VALUES ({:device}, {:hash})
		ON CONFLICT (device) DO UPDATE SET credential = excluded.credential`).
		Bind(dbx.Params{"device": device, "hash": hash(secret)}).Execute()
	return secret, err
}

// HasCredential reports whether the device was given one.
func (d *Devices) HasCredential(device string) (bool, error) {
	stored, err := d.private(device)
	return stored.Credential != "", err
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// private is the server's own side of a device.
type private struct {
	Settled    int64  `db:"settled"`
	Delivered  int64  `db:"delivered"`
	Pulled     bool   `db:"pulled"`
	Credential string `db:"credential"`
}

func (d *Devices) private(device string) (p private, err error) {
	err = d.app.DB().Select("settled", "delivered", "pulled", "credential").From("sync_devices").
		Where(dbx.HashExp{"device": device}).One(&p)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return p, err
}
