// Package seal keeps the server's sealing keys (S-03): Ed25519 keys in a table that no API reads, made when the first is
// needed, and their public halves as rows of seal_keys in every shop, which tablets hold and pin. A key that was
// rotated out seals nothing any more, and everything it sealed stays valid: it hands over to the next one, so that who
// trusts the old key may trust the new. The keys are part of the database and so of every backup. It promises that a
// private half never leaves this package; what is sealed is said by package consent.
package seal

import (
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/consent"
	"aftercare/internal/record"
)

// Sealer seals with the database's present key.
type Sealer struct {
	Clock func() time.Time // the server's time
}

// Key is one sealing key as the private table holds it. Times are UTC as stored; Until is "" for the present key.
type Key struct {
	ID       string `db:"key"`
	Seed     string `db:"seed"` // base64, of the private half
	Public   string `db:"public"`
	Since    string `db:"since"`
	Until    string `db:"until"`
	Handover string `db:"handover"` // the seal of the key before, JSON; "" for the first
}

// Public is what anyone may know of a key.
type Public struct {
	Key      string        `json:"key"`
	Public   string        `json:"public"` // base64url
	Since    string        `json:"since"`
	Until    string        `json:"until"`
	Handover *consent.Seal `json:"handover"`
}

// Present is the key that seals now, made when there is none yet.
func (s Sealer) Present(app core.App) (Key, error) {
	key, err := present(app)
	if !errors.Is(err, sql.ErrNoRows) {
		return key, err
	}
	var made Key
	err = app.RunInTransaction(func(tx core.App) error {
		if made, err = present(tx); !errors.Is(err, sql.ErrNoRows) { // made meanwhile
			return err
		}
		made, err = s.make(tx, nil)
		return err
	})
	return made, err
}

func present(app core.App) (key Key, err error) {
	err = app.DB().NewQuery("SELECT * FROM seal_secrets WHERE until = '' ORDER BY since DESC LIMIT 1").One(&key)
	return key, err
}

// all keys, oldest first.
func all(app core.App) (keys []Key, err error) {
	err = app.DB().NewQuery("SELECT * FROM seal_secrets ORDER BY since, until = '', key").All(&keys)
	return keys, err
}

// make writes a new key; old hands over to it.
func (s Sealer) make(tx core.App, old *Key) (Key, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Key{}, err
	}
	key := Key{ID: consent.KeyID(public), Seed: base64.StdEncoding.EncodeToString(private.Seed()), Public: consent.EncodeKey(public),
		Since: record.Text(s.Clock())}
	if old != nil {
		retiring, err := old.private()
		if err != nil {
			return Key{}, err
		}
		handover, err := consent.Endorse(retiring, public, key.Since)
		if err != nil {
			return Key{}, err
		}
		b, err := json.Marshal(handover)
		if err != nil {
			return Key{}, err
		}
		key.Handover = string(b)
	}
	_, err = tx.DB().Insert("seal_secrets", dbx.Params{"key": key.ID, "seed": key.Seed, "public": key.Public, "since": key.Since,
		"until": "", "handover": key.Handover}).Execute()
	return key, err
}

// Rotate puts a new key in the place of the present one and publishes it. What was sealed before stays valid.
func (s Sealer) Rotate(app core.App) (Key, error) {
	var next Key
	err := app.RunInTransaction(func(tx core.App) error {
		old, err := s.Present(tx)
		if err != nil {
			return err
		}
		if next, err = s.make(tx, &old); err != nil {
			return err
		}
		_, err = tx.DB().Update("seal_secrets", dbx.Params{"until": next.Since}, dbx.HashExp{"key": old.ID}).Execute()
		if err != nil {
			return err
		}
		return s.Publish(tx)
	})
	return next, err
}

func (k Key) private() (ed25519.PrivateKey, error) {
	seed, err := base64.StdEncoding.DecodeString(k.Seed)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("sealing key %s is damaged", k.ID)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Sign seals a statement with the present key. Fill makes it, given the key's name, the time of sealing (UTC as stored)
// and whether this database is a test's.
func (s Sealer) Sign(app core.App, fill func(key, at string, test bool) any) (consent.Seal, error) {
	key, err := s.Present(app)
	if err != nil {
		return consent.Seal{}, err
	}
	private, err := key.private()
	if err != nil {
		return consent.Seal{}, err
	}
	test, err := record.IsTest(app)
	if err != nil {
		return consent.Seal{}, err
	}
	return consent.Sign(private, fill(key.ID, record.Text(s.Clock()), test))
}

// List is the public half of every key there ever was here, oldest first.
func List(app core.App) ([]Public, error) {
	keys, err := all(app)
	list := make([]Public, len(keys))
	for i, k := range keys {
		list[i] = k.public()
	}
	return list, err
}

func (k Key) public() Public {
	p := Public{Key: k.ID, Public: k.Public, Since: k.Since, Until: k.Until}
	var handover consent.Seal
	if k.Handover != "" && json.Unmarshal([]byte(k.Handover), &handover) == nil {
		p.Handover = &handover
	}
	return p
}

// Trusted are the keys of this database, to check seals with.
func Trusted(app core.App) (consent.Keys, error) {
	list, err := List(app)
	return KeysOf(list), err
}

// KeysOf are published keys, each as it says.
func KeysOf(list []Public) consent.Keys {
	keys := consent.Keys{}
	for _, p := range list {
		if public, ok := consent.DecodeKey(p.Public); ok && consent.KeyID(public) == p.Key {
			keys[p.Key] = public
		}
	}
	return keys
}

// NewCode is a code of 128 bits that nobody can guess, in 26 characters that are read aloud without mistakes.
func NewCode() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return codeLetters.EncodeToString(b)
}
