package hooks

import (
	"github.com/pocketbase/dbx"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// deriveGatePass: a pass names the plate of its visit's own car; when and by whom it was used or voided is the server's to
// say (D-07).
func deriveGatePass(s *save) error {
	p := record.AsGatePass(s.rec)
	if s.creating() {
		if err := s.checkPlate(p); err != nil {
			return err
		}
		return s.sealPass(p)
	}
	if !s.changes(record.FieldState) {
		return nil
	}
	by := ""
	if s.actor.Kind == record.KindStaff {
		by = s.actor.ID
	}
	switch p.State() {
	case "used":
		p.SetUsed(record.Text(s.now), by)
	case "void":
		p.SetVoid(record.Text(s.now), by)
	}
	return nil
}

func (s *save) checkPlate(p *record.GatePass) error {
	visit, err := s.one(record.Visits, p.Visit())
	if err != nil || visit == nil {
		return err
	}
	vehicle, err := s.app.FindRecordById(record.Vehicles, record.AsVisit(visit).Vehicle())
	if err != nil {
		return err
	}
	if plate := record.AsVehicle(vehicle).Plate(); plate != p.Plate() {
		return fault.New(fault.Refused, "gate.plate").On(record.FieldPlate).With("plate", plate)
	}
	return nil
}

// sealPass: a pass that no tablet has signed is sealed here; one that a tablet did sign was made by a certified one, by this
// person, and says what the row says.
func (s *save) sealPass(p *record.GatePass) error {
	if p.Token() == "" {
		token, err := s.deps.Passes.Pass(s.app, p)
		p.SetToken(token)
		return err
	}
	said, by, err := s.deps.Passes.CheckPass(s.app, p.Token())
	if err != nil {
		return err
	}
	same := said.ID == p.Id && said.Number == p.Number() && said.Shop == p.Shop() && said.Visit == p.Visit() && said.Plate == p.Plate() &&
		said.IssuedAt == p.IssuedAt() && said.Until == p.ValidUntil()
	if !same || by == nil || s.actor.Kind == record.KindStaff && by.Staff != s.actor.ID || s.actor.Device != "" && by.Device != s.actor.Device {
		return fault.New(fault.Refused, "gate.token").On(record.FieldToken)
	}
	p.SetOffline(true)
	return nil
}

// deriveGateUse: what happened at the barrier is a fact. A pass that was shown before, was voided, had run out, was never
// signed as shown, or that nobody here knows is flagged (D-07).
func deriveGateUse(s *save) error {
	if !s.creating() {
		return nil
	}
	u := record.AsGateUse(s.rec)
	flag := func(code string) { record.AddFlag(s.rec, code, s.now) }
	earlier, err := s.app.CountRecords(record.GateUses, dbx.HashExp{record.FieldPass: u.Pass(), record.FieldShop: u.Shop()})
	if err != nil {
		return err
	}
	if earlier > 0 {
		flag("gate.used_twice")
	}
	said, _, err := s.deps.Passes.CheckPass(s.app, u.Token())
	if u.Token() != "" && (err != nil || said.ID != u.Pass() || said.Plate != u.Plate() || said.Shop != u.Shop()) {
		flag("gate.use_forged")
	}
	rows, err := s.app.FindAllRecords(record.GatePasses, dbx.HashExp{record.FieldID: u.Pass(), record.FieldShop: u.Shop()})
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		flag("gate.use_unknown")
		return nil
	}
	p := record.AsGatePass(rows[0])
	if p.State() == "void" && record.Moment(rows[0], record.FieldVoidedAt) < u.UsedAt() {
		flag("gate.use_void")
	}
	if p.Plate() != u.Plate() {
		flag("gate.use_plate")
	}
	if u.UsedAt() > p.ValidUntil() {
		flag("gate.use_late")
	}
	return nil
}
