package hooks

import (
	"context"
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"

	"aftercare/internal/record"
)

// deriveDevice: a device that is revoked takes every token of its user along, in the same transaction, because a token
// does not say which device it is on (O-03). Its push-only credential stays, so that the tablet can be told; one that
// is found again gets another.
func deriveDevice(s *save) error {
	if s.creating() || !s.changes(record.FieldRevoked) {
		return nil
	}
	device := record.AsDevice(s.rec)
	if !device.Revoked() {
		return s.endCredentials(dbx.HashExp{"device": device.Id})
	}
	user, err := s.app.FindRecordById(device.UserKind(), device.User())
	if errors.Is(err, sql.ErrNoRows) {
		return nil // nobody to sign out
	}
	if err != nil {
		return err
	}
	user.RefreshTokenKey()
	// Not validated: what else may be wrong with the row must not keep a lost tablet signed in.
	return s.app.SaveNoValidateWithContext(record.WithActor(context.Background(), record.System(device.Shop())), user)
}

// dismissed ends the tokens and the push-only credentials of somebody who no longer works here: taking the person on
// again does not bring them back.
func (s *save) dismissed() error {
	member := record.AsMember(s.rec)
	if s.creating() || !s.changes(record.FieldActive) || member.Active() {
		return nil
	}
	s.rec.RefreshTokenKey()
	return s.endCredentials(dbx.NewExp("device IN (SELECT id FROM devices WHERE [[user]] = {:member} AND user_kind = {:kind})",
		dbx.Params{"member": member.Id, "kind": record.Staff}))
}

// endCredentials forgets push-only credentials: what the devices have not sent is sent when their user signs in.
func (s *save) endCredentials(of dbx.Expression) error {
	_, err := s.app.DB().Update("sync_devices", dbx.Params{"credential": ""}, of).Execute()
	return err
}
