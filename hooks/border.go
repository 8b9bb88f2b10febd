package hooks

import (
	"database/sql"
	"errors"
	"maps"
	"slices"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

func foreign(field string) error {
	return fault.New(fault.Refused, "field.foreign").On(field).With("field", field)
}

// checkShop: people write in their own shop, head office in every shop. A row moves to another shop only by head
// office's hand.
func (s *save) checkShop() error {
	if s.entity.Collection == record.Shops {
		if !s.creating() && !s.actor.AllShops() && s.actor.Shop != s.rec.Id {
			return foreign(record.FieldID)
		}
		return nil
	}
	shop := s.rec.GetString(record.FieldShop)
	if !s.actor.AllShops() && s.actor.Shop != shop {
		return foreign(record.FieldShop)
	}
	if s.creating() {
		return nil
	}
	if !s.actor.AllShops() && s.actor.Shop != s.stored.GetString(record.FieldShop) {
		return foreign(record.FieldShop)
	}
	if s.changes(record.FieldShop) && s.actor.AllShops() {
		// Moving is not editing: the table fixes the field after the first save, head office may still move the row.
		s.fields = slices.DeleteFunc(s.fields, func(name string) bool { return name == record.FieldShop })
		return s.shopExists(shop)
	}
	return nil
}

func (s *save) shopExists(id string) error {
	if _, err := s.app.FindRecordById(record.Shops, id); err != nil {
		return foreign(record.FieldShop)
	}
	return nil
}

// joints are the fields by which a row and the row it points to must agree: a job's order is of the job's visit.
var joints = []string{record.FieldVisit, record.FieldWorkOrder, record.FieldVehicle}

// checkRelations: a row points to rows of its own shop and of its own visit only. What does not exist and what
// belongs to another shop are answered alike.
func (s *save) checkRelations() error {
	moved := !s.creating() && s.rec.GetString(record.FieldShop) != s.stored.GetString(record.FieldShop)
	for _, name := range slices.Sorted(maps.Keys(s.entity.Fields)) { // the same row is refused for the same field
		f := s.entity.Fields[name]
		if f.Type != "relation" || !(s.creating() || moved || s.changes(name)) {
			continue
		}
		for _, id := range s.rec.GetStringSlice(name) {
			if err := s.checkRelation(name, f.To, id); err != nil {
				return err
			}
		}
	}
	if s.entity.Collection == record.Photos && s.creating() {
		return s.checkSubject()
	}
	return nil
}

func (s *save) checkRelation(field, collection, id string) error {
	if collection == record.Shops && id == s.actor.Shop {
		return nil // where the person is signed in
	}
	other, err := s.app.FindRecordById(collection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return foreign(field)
	}
	if err != nil {
		return err
	}
	if collection == record.Shops {
		return nil
	}
	shop := s.rec.GetString(record.FieldShop)
	everywhere := collection == record.Staff && slices.Contains(record.AsMember(other).Roles(), record.RoleHeadOffice)
	if other.GetString(record.FieldShop) != shop && !everywhere {
		return foreign(field)
	}
	if field == record.FieldSeenBefore { // the mark of an earlier visit
		return nil
	}
	for _, joint := range joints {
		mine, theirs := s.rec.GetString(joint), other.GetString(joint)
		if mine != "" && theirs != "" && mine != theirs {
			return fault.New(fault.Refused, "field.mismatch").On(field).With("field", field)
		}
	}
	return nil
}

// checkSubject: a photo may name a row that is still on its way, but not one of another shop.
func (s *save) checkSubject() error {
	p := record.AsPhoto(s.rec)
	if !slices.Contains(photographed, p.SubjectCollection()) {
		return fault.New(fault.Invalid, "field.invalid").On(record.FieldSubjectCollection).With("field", record.FieldSubjectCollection)
	}
	subject, err := s.app.FindRecordById(p.SubjectCollection(), p.SubjectRecord())
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if subject.GetString(record.FieldShop) != p.Shop() {
		return foreign(record.FieldSubjectRecord)
	}
	return nil
}

// photographed are the collections a photo may be of.
var photographed = []string{record.Vehicles, record.Visits, record.Concerns, record.Inspections, record.Findings,
	record.DamageMarks, record.Belongings, record.KeyTags, record.WorkOrders, record.Jobs, record.QualityChecks, record.Customers, record.Deliveries,
	record.GoodsReceipts, record.StockMoves, record.CustomerParts, record.Tools, record.QualityReports, record.WarrantyClaims, record.Assets, record.Claims}
