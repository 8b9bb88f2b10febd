package hooks

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// signIn are the stored fields of a login.
var signIn = []string{core.FieldNameEmail, core.FieldNameEmailVisibility, core.FieldNameVerified, core.FieldNameTokenKey}

// deriveStaff: a person may change their own login, a manager everybody's in the shop, and only head office makes,
// unmakes or touches head office. Whoever is dismissed is signed out everywhere.
func deriveStaff(s *save) error {
	if err := mayChange(s); err != nil {
		return err
	}
	return s.dismissed()
}

func mayChange(s *save) error {
	if s.actor.System() {
		return nil
	}
	head := slices.Contains(record.AsMember(s.rec).Roles(), record.RoleHeadOffice)
	if s.stored != nil {
		head = head || slices.Contains(record.AsMember(s.stored).Roles(), record.RoleHeadOffice)
	}
	self := s.actor.ID == s.rec.Id
	if head && !self && !s.actor.AllShops() {
		return denied(record.FieldRoles, record.RoleHeadOffice)
	}
	if s.stored == nil {
		return nil
	}
	if head && s.changes(record.FieldRoles) && !s.actor.AllShops() {
		return denied(record.FieldRoles, record.RoleHeadOffice)
	}
	if !self && changesLogin(s) && !s.actor.Is(record.RoleManager) && !s.actor.AllShops() {
		return denied(core.FieldNamePassword, record.RoleManager)
	}
	return nil
}

// changesLogin: a new password always comes with a new token key.
func changesLogin(s *save) bool {
	return slices.ContainsFunc(signIn, func(name string) bool { return !same(s.rec, s.stored, name) })
}

func denied(field, role string) error {
	return fault.New(fault.Refused, "flow.role").On(field).With("roles", fault.Words{"role." + role})
}

// deriveCustomer: customers sign in by a one-time code and have no password.
func deriveCustomer(s *save) error {
	if s.creating() {
		noPassword(s.rec)
	}
	return nil
}

// noPassword fills the field that PocketBase wants with a hash that no password has.
func noPassword(rec *core.Record) {
	rec.SetRaw(core.FieldNamePassword, &core.PasswordFieldValue{Hash: "none"})
}
