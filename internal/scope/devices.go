package scope

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/database"
	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// Session is one device at a door: who holds it and what they may see.
type Session struct {
	Device string
	Letter string
	Bound  bool   // the register knows the device; Bind makes it so
	App    string // version of the app, "" when it did not say
	Actor  record.Actor
	Scope  Scope

	kind    string // collection the user signs in by
	version int64  // of the user's row when it was read
	key     string // the user's token key then; "" for a push-only credential, which outlives it
	tablet  string // told by this call
}

// Told is what a call says of itself besides the device: version of the app and id of the installation, "" for not.
type Told struct{ App, Tablet string }

// devicesPerDay bounds the devices one user may bind in a day. A person signs in on a few tablets, even when every
// browser forgets; a stolen login, until somebody ends it, must not fill the disk (1 MB a day) or use up the letters.
const devicesPerDay = 2000

// Devices knows every device of the database. Call Run to keep it writing down how far devices have heard.
type Devices struct {
	PerDay int // devices one user may bind in a day; set before the first call

	app   core.App
	clock func() time.Time
	heard *heard
}

// NewDevices returns the register of devices; clock is UTC.
func NewDevices(app core.App, clock func() time.Time) *Devices {
	return &Devices{PerDay: devicesPerDay, app: app, clock: clock, heard: newHeard()}
}

var (
	deviceID = regexp.MustCompile(`^[a-z0-9]{15}$`)
	appForm  = regexp.MustCompile(`^[0-9A-Za-z.+-]{1,40}$`)
)

// Admit lets a signed-in user's device in. It writes nothing: a call that is then refused as a whole leaves no trace.
// Refusals: device.signed_out (401), device.malformed (400), device.foreign and device.revoked (403).
func (d *Devices) Admit(auth *core.Record, device string, told Told) (*Session, error) {
	actor, ok := record.FromAuth(auth, record.DoorPush)
	if !ok || actor.Kind == record.KindSuperuser {
		return nil, SignedOut()
	}
	if !deviceID.MatchString(device) {
		return nil, fault.New(fault.Invalid, "device.malformed").On("device")
	}
	if told.Tablet != "" && !deviceID.MatchString(told.Tablet) {
		return nil, fault.New(fault.Invalid, "device.malformed").On("tablet")
	}
	row, err := d.app.FindRecordById(record.Devices, device)
	if errors.Is(err, sql.ErrNoRows) {
		actor.Device = device
		return session(actor, auth, "", told), nil
	}
	if err != nil {
		return nil, err
	}
	return d.known(actor, auth, row, told)
}

func session(actor record.Actor, auth *core.Record, letter string, told Told) *Session {
	if !appForm.MatchString(told.App) {
		told.App = ""
	}
	return &Session{Device: actor.Device, Letter: letter, App: told.App, Actor: actor, Scope: Of(actor),
		kind: auth.Collection().Name, version: int64(auth.GetInt(record.FieldVersion)), key: auth.TokenKey(), tablet: told.Tablet}
}

// SignedOut is the refusal of a caller without a valid login.
func SignedOut() error { return fault.New(fault.Unauthorised, "device.signed_out") }

// known admits a device whose row is there.
func (d *Devices) known(actor record.Actor, auth, row *core.Record, told Told) (*Session, error) {
	device := record.AsDevice(row)
	if device.User() != auth.Id || device.UserKind() != auth.Collection().Name {
		return nil, fault.New(fault.Forbidden, "device.foreign").On("device")
	}
	if device.Revoked() {
		return nil, fault.New(fault.Forbidden, "device.revoked").On("device")
	}
	actor.Device = row.Id
	s := session(actor, auth, device.Letter(), told)
	s.Bound = true
	if device.Tablet() != "" {
		s.tablet = "" // the first word counts
	}
	d.heard.touch(row.Id, s.App)
	return s, nil
}

// Bind makes the device the user's, at its first call that is not refused as a whole, and notes which tablet it is on.
// Refusals: device.foreign (403) when another user was faster, device.too_many (429).
func (d *Devices) Bind(s *Session) error {
	if s.Bound && s.tablet == "" {
		return nil
	}
	err := d.app.RunInTransaction(func(tx core.App) error {
		row, err := tx.FindRecordById(record.Devices, s.Device)
		if errors.Is(err, sql.ErrNoRows) {
			row, err = d.fresh(tx, s)
		}
		if err != nil {
			return err
		}
		device := record.AsDevice(row)
		if device.User() != s.Actor.ID || device.UserKind() != s.kind {
			return fault.New(fault.Forbidden, "device.foreign").On("device") // bound meanwhile
		}
		s.Letter = device.Letter()
		if !row.IsNew() && (s.tablet == "" || device.Tablet() != "") {
			return nil
		}
		device.SetTablet(s.tablet)
		return tx.SaveWithContext(record.WithActor(context.Background(), record.System(device.Shop())), row)
	})
	if err != nil {
		return err
	}
	s.Bound, s.tablet = true, ""
	return nil
}

// fresh is a row for the device with, for staff, the shop's next letter (O-04).
func (d *Devices) fresh(tx core.App, s *Session) (*core.Record, error) {
	now := d.clock()
	made, err := tx.CountRecords(record.Devices, dbx.HashExp{record.FieldUser: s.Actor.ID, record.FieldUserKind: s.kind},
		dbx.NewExp("[["+record.FieldCreated+"]] > {:since}", dbx.Params{"since": record.Text(now.Add(-24 * time.Hour))}))
	if err != nil {
		return nil, err
	}
	if made >= int64(d.PerDay) {
		return nil, fault.New(fault.TooMany, "device.too_many").On("device")
	}
	collection, err := tx.FindCachedCollectionByNameOrId(record.Devices)
	if err != nil {
		return nil, err
	}
	row := core.NewRecord(collection)
	row.Id = s.Device
	device := record.AsDevice(row)
	device.SetShop(s.Actor.Shop)
	device.SetUser(s.Actor.ID)
	device.SetUserKind(s.kind)
	device.SetApp(s.App)
	device.SetLastSeen(record.Text(now))
	if s.kind == record.Staff {
		letter, err := nextLetter(tx, s.Actor.Shop)
		if err != nil {
			return nil, err
		}
		device.SetLetter(letter)
	}
	return row, nil
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

// owned admits a device in the name of whoever it is bound to.
func (d *Devices) owned(app core.App, device string, told Told) (*Session, error) {
	row, err := app.FindRecordById(record.Devices, device)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, SignedOut()
	}
	if err != nil {
		return nil, err
	}
	known := record.AsDevice(row)
	auth, err := app.FindRecordById(known.UserKind(), known.User())
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
	return d.known(actor, auth, row, told)
}

// Again admits a session anew inside the transaction in which its work is about to be done: who was revoked, dismissed,
// signed out everywhere or moved since the door was opened is judged as of now. Refusals: as Admit.
func (d *Devices) Again(tx core.App, s *Session) (*Session, error) {
	var now struct {
		revoked bool
		version int64
		key     string
	}
	err := database.On(tx.ConcurrentDB(), `SELECT d.[revoked], u.[version], u.[tokenKey] FROM [devices] d
		JOIN [`+s.kind+`] u ON u.[id] = d.[user] WHERE d.[id] = {:device}`).Bind(dbx.Params{"device": s.Device}).Row(&now.revoked, &now.version, &now.key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, SignedOut()
	case err != nil:
		return nil, err
	case now.revoked:
		return nil, fault.New(fault.Forbidden, "device.revoked").On("device")
	case s.key != "" && s.key != now.key:
		return nil, SignedOut()
	case s.version == now.version:
		return s, nil
	}
	again, err := d.owned(tx, s.Device, Told{App: s.App})
	if err != nil {
		return nil, err
	}
	again.key = s.key
	return again, nil
}

// Settled is the device's last settled seq, 0 for one that never pushed.
func (d *Devices) Settled(device string) (int64, error) {
	stored, err := d.private(device)
	return stored.Settled, err
}
