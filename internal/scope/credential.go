package scope

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"

	"github.com/pocketbase/dbx"
)

// ByCredential admits a device by its push-only secret: what its user left behind is still sent (O-02). Refusals:
// device.signed_out (401), also when the user no longer works here; device.revoked (403).
func (d *Devices) ByCredential(device, secret string, told Told) (*Session, error) {
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
	s, err := d.owned(d.app, device, told)
	if err != nil {
		return nil, err
	}
	s.key = ""
	return s, nil
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
