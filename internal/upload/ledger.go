package upload

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// States of a row of photos.
const (
	StateUploading = "uploading"
	StateVerified  = "verified"
	StateRefused   = "refused"
)

// entry is a row of photo_files.
type entry struct {
	SHA256  string `db:"sha256"`
	Stored  string `db:"stored_sha256"`
	State   string `db:"state"`
	Refusal string `db:"refusal"`
	Bytes   int64  `db:"bytes"`
	Media   string `db:"media"`
}

// sentFor says in SQL that a photo of the ledger (f) counts for a row of photos, whose shop and author are expressions:
// somebody of that shop (or of head office) has sent it, or the person who wrote the row, so that a row naming the hash
// of another shop's photo learns nothing.
func sentFor(shop, author string) string {
	return fmt.Sprintf(`EXISTS (SELECT 1 FROM photo_senders s WHERE s.sha256 = f.sha256
		AND (s.shop IN (%[1]s, '') OR s.sender IN ('%[3]s' || %[2]s, '%[4]s' || %[2]s)))`,
		shop, author, Caller{Collection: record.Staff}.key(), Caller{Collection: record.Customers}.key())
}

// PhotoState is how far the bytes with that hash have come for a shop: "verified" with the hash of what is kept,
// "refused" with the code, else "uploading". What was sent by others than sentFor names does not count.
func PhotoState(app core.App, shop, author, sha256 string) (state, storedSHA, refusal string) {
	var e entry
	err := app.DB().NewQuery(`SELECT f.sha256, f.stored_sha256, f.state, f.refusal, f.bytes, f.media FROM photo_files f
		WHERE f.sha256 = {:sha} AND ` + sentFor("{:shop}", "{:author}")).
		Bind(dbx.Params{"sha": sha256, "shop": shop, "author": author}).One(&e)
	if err != nil {
		if !errors.Is(err, sql.ErrNoRows) {
			app.Logger().Error("photo state", "sha256", sha256, "error", err.Error())
		}
		return StateUploading, "", ""
	}
	return e.State, e.Stored, e.Refusal
}

// find returns what the ledger says of a hash; false when it says nothing.
func (s *Service) find(sha string) (entry, bool, error) {
	var e entry
	err := s.app.DB().NewQuery(`SELECT sha256, stored_sha256, state, refusal, bytes, media FROM photo_files WHERE sha256 = {:sha}`).
		Bind(dbx.Params{"sha": sha}).One(&e)
	if errors.Is(err, sql.ErrNoRows) {
		return entry{}, false, nil
	}
	return e, err == nil, err
}

// note writes the entry and its sender in one transaction. A verified photo is never turned to refused.
func (s *Service) note(e entry, who Caller) error {
	return s.app.RunInTransaction(func(tx core.App) error {
		now := record.Text(s.clock())
		_, err := tx.DB().NewQuery(`INSERT INTO photo_files (sha256, stored_sha256, state, refusal, bytes, media, created, referenced)
			VALUES ({:sha}, {:stored}, {:state}, {:refusal}, {:bytes}, {:media}, {:now}, {:now})
			ON CONFLICT (sha256) DO UPDATE SET stored_sha256 = excluded.stored_sha256, state = excluded.state,
				refusal = excluded.refusal, bytes = excluded.bytes, media = excluded.media, referenced = excluded.referenced
			WHERE photo_files.state <> 'verified' OR excluded.state = 'verified'`).
			Bind(dbx.Params{"sha": e.SHA256, "stored": e.Stored, "state": e.State, "refusal": e.Refusal, "bytes": e.Bytes,
				"media": e.Media, "now": now}).Execute()
		if err != nil {
			return err
		}
		_, err = tx.DB().NewQuery(`INSERT INTO photo_senders (sha256, sender, shop, bytes, sent)
			VALUES ({:sha}, {:sender}, {:shop}, {:bytes}, {:now})
			ON CONFLICT (sha256, sender) DO UPDATE SET shop = excluded.shop, bytes = excluded.bytes, sent = excluded.sent`).
			Bind(dbx.Params{"sha": e.SHA256, "sender": who.key(), "shop": who.Shop, "bytes": e.Bytes, "now": now}).Execute()
		return err
	})
}

// senders lists who has sent a photo: their keys and shops.
func (s *Service) senders(sha string) (keys, shops []string, err error) {
	var rows []struct {
		Sender string `db:"sender"`
		Shop   string `db:"shop"`
	}
	err = s.app.DB().NewQuery(`SELECT sender, shop FROM photo_senders WHERE sha256 = {:sha}`).Bind(dbx.Params{"sha": sha}).All(&rows)
	for _, r := range rows {
		keys, shops = append(keys, r.Sender), append(shops, r.Shop)
	}
	return keys, shops, err
}

// refuseAll notes that the bytes of that hash are bad, whoever sends them, and tells every row.
func (s *Service) refuseAll(who Caller, sha, code string) error {
	if err := s.note(entry{SHA256: sha, State: StateRefused, Refusal: code}, who); err != nil {
		return err
	}
	return s.settle(sha)
}

// settle brings every row of that photo, in the shops of those who have sent it or of their own writing, to what the
// ledger says. Rows it could not tell are told by the next sweep.
func (s *Service) settle(sha string) error {
	err := s.eachRow(dbx.HashExp{record.FieldSHA256: sha}, func(tx core.App, p *record.Photo) bool {
		state, stored, refusal := PhotoState(tx, p.Shop(), p.CreatedBy(), sha)
		if p.State() == state || p.State() == StateVerified || state == StateUploading {
			return false
		}
		p.SetState(state)
		p.SetStoredSHA256(stored)
		p.SetRefusal(refusal)
		return true
	})
	if err != nil {
		s.healed.Store(0)
	}
	return err
}

// refuseOwn turns the caller's own rows of a photo to refused, unless good bytes are here already.
func (s *Service) refuseOwn(who Caller, sha, code string) error {
	own := dbx.HashExp{record.FieldSHA256: sha, record.FieldCreatedBy: who.ID}
	return s.eachRow(own, func(tx core.App, p *record.Photo) bool {
		if p.State() == StateVerified || p.State() == StateRefused {
			return false
		}
		p.SetState(StateRefused)
		p.SetRefusal(code)
		return true
	})
}

// eachRow reads each row of photos that matches in a transaction of its own, lets change change it, and saves it as
// the server's own act, through every hook. One row's trouble does not keep the others from being told; all of it
// is returned.
func (s *Service) eachRow(where dbx.HashExp, change func(core.App, *record.Photo) bool) error {
	var ids []string
	if err := s.app.RecordQuery(record.Photos).Select(record.FieldID).AndWhere(where).Column(&ids); err != nil {
		return err
	}
	var all []error
	for _, id := range ids {
		all = append(all, s.app.RunInTransaction(func(tx core.App) error {
			rec, err := tx.FindRecordById(record.Photos, id)
			if errors.Is(err, sql.ErrNoRows) {
				return nil // deleted meanwhile
			}
			if err != nil {
				return err
			}
			p := record.AsPhoto(rec)
			if !change(tx, p) {
				return nil
			}
			return tx.SaveWithContext(record.WithActor(context.Background(), record.System(p.Shop())), rec)
		}))
	}
	return errors.Join(all...)
}

// Standing is how far a photo has come for somebody.
type Standing int

const (
	Absent   Standing = iota // not here, or not theirs to know
	UnderWay                 // being uploaded
	Here                     // verified and on the shelf
)

// Seen is what somebody may see of the rows naming a photo: their shops, and whether one of them is verified.
type Seen struct {
	Shops    []string
	Verified bool
}

// Standing answers for who asks, given what rows they may see. Naming a hash grants nothing: either they have sent the
// bytes, or a row they see is verified or in the shop of somebody who has sent them.
func (s *Service) Standing(sha string, who Caller, seen Seen) (Standing, error) {
	keys, from, err := s.senders(sha)
	if err != nil {
		return Absent, err
	}
	entitled := func(key, shop string) bool {
		return key == who.key() || seen.Verified || (len(seen.Shops) > 0 && shop == "") || slices.Contains(seen.Shops, shop)
	}
	for i := range keys {
		if !entitled(keys[i], from[i]) {
			continue
		}
		if e, ok, err := s.find(sha); err != nil {
			return Absent, err
		} else if ok && e.State == StateVerified && s.files.has(sha) {
			return Here, nil
		}
	}
	for _, c := range s.sending(sha) {
		if entitled(c.key(), c.Shop) {
			return UnderWay, nil
		}
	}
	return Absent, nil
}
