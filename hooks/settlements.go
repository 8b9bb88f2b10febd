package hooks

import (
	"bytes"
	"encoding/json"

	"aftercare/internal/consent"
	"aftercare/internal/fault"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

// reached is the time that each state of a settlement is written down in.
var reached = map[string]string{"issued": record.FieldIssuedAt, "settled": record.FieldSettledAt, "void": record.FieldVoidedAt}

// deriveSettlement: the lines in their exact form, their sums, the member level as it is now, and the hash of what is
// signed (D-06).
func deriveSettlement(s *save) error {
	st := record.AsSettlement(s.rec)
	if s.creating() || s.changes(record.FieldLines) {
		if err := settleCharges(s); err != nil {
			return err
		}
	}
	if s.creating() {
		level, err := s.memberLevel()
		if err != nil {
			return err
		}
		st.SetMemberLevel(level)
	}
	if s.changes(record.FieldDiscountAllowedFen) {
		st.SetDiscountAllowedBy("")
		if s.actor.Kind == record.KindStaff {
			st.SetDiscountAllowedBy(s.actor.ID)
		}
	}
	if !s.creating() && s.changes(record.FieldState) {
		st.SetReached(reached[st.State()], record.Text(s.now))
	}
	if s.creating() || s.changes(record.FieldLines) {
		return s.settleTotals(st)
	}
	return nil
}

func (s *save) settleTotals(st *record.Settlement) error {
	policy, err := s.policy()
	if err != nil {
		return err
	}
	var total, customer int64
	lines := st.Lines()
	for _, l := range lines {
		total += l.NetFen()
		customer += l.ShareOf(price.PayerCustomer)
	}
	st.SetTotals(total, customer, customer/100*policy.PointsPerYuan)
	sum, err := consent.Hash(map[string]any{"id": st.Id, "number": st.Number(), "order": st.WorkOrder(), "kind": st.Kind(), "lines": lines, "total_fen": total})
	if err != nil {
		return badLines(err)
	}
	st.SetSHA256(sum)
	return nil
}

// memberLevel is the level of the visit's customer, "" without one.
func (s *save) memberLevel() (string, error) {
	visit, err := s.one(record.Visits, s.visitID())
	if err != nil || visit == nil || record.AsVisit(visit).Customer() == "" {
		return "", err
	}
	customer, err := s.app.FindRecordById(record.Customers, record.AsVisit(visit).Customer())
	if err != nil {
		return "", err
	}
	return record.AsCustomer(customer).MemberLevel(), nil
}

// settleCharges holds the lines to their exact form and limits and writes every one of their keys, so that all sides add
// up and hash the same.
func settleCharges(s *save) error {
	lines := []price.Charge{}
	raw := []byte(s.rec.GetString(record.FieldLines))
	if len(raw) > 0 && string(raw) != "null" {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&lines); err != nil {
			return badLines(err)
		}
	}
	if err := price.CheckCharges(lines); err != nil {
		return err
	}
	for i := range lines {
		if lines[i].Shares == nil {
			lines[i].Shares = []price.Share{}
		}
	}
	record.AsSettlement(s.rec).SetLines(lines)
	return nil
}

func badLines(err error) error {
	return fault.New(fault.Invalid, "field.invalid").On(record.FieldLines).With("field", record.FieldLines).Because(err)
}

// derivePayment: who took the money is who is signed in.
func derivePayment(s *save) error {
	if s.creating() && s.actor.Kind == record.KindStaff {
		record.AsPayment(s.rec).SetReceivedBy(s.actor.ID)
	}
	return nil
}
