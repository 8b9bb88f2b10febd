package hooks

import (
	"database/sql"
	"errors"
	"maps"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// needFiles is the files a row names, or the standing merges about the two files of a merge (V-05).
const needFiles need = 1 << 40

func init() {
	maps.Copy(needs, map[string]need{"file_open": needFiles, "merge_of_two": 0, "merge_unchained": needFiles, "merge_explained": 0, "asset_identified": 0})
}

// deriveMerge: both files are there, and of this shop.
func deriveMerge(s *save) error {
	if !s.creating() {
		return nil
	}
	m := record.AsMerge(s.rec)
	for _, side := range []struct{ field, id string }{{record.FieldKept, m.Kept()}, {record.FieldFolded, m.Folded()}} {
		file, err := s.app.FindRecordById(m.Of(), side.id)
		if errors.Is(err, sql.ErrNoRows) {
			return foreign(side.field)
		}
		if err != nil {
			return err
		}
		if file.GetString(record.FieldShop) != m.Shop() {
			return foreign(side.field)
		}
	}
	return nil
}

func (s *save) loadFiles(f *flow.Facts) error {
	f.Files = &flow.Files{}
	if s.entity.Collection == record.Merges {
		return s.loadMerges(f.Files)
	}
	for _, one := range []struct {
		collection, field string
		file              *flow.File
	}{{record.Vehicles, record.FieldVehicle, &f.Files.Vehicle}, {record.Customers, record.FieldCustomer, &f.Files.Customer}} {
		if err := s.loadFile(one.collection, s.rec.GetString(one.field), one.file); err != nil {
			return err
		}
	}
	return nil
}

// loadFile is one file as it stands; for a tablet, as far as it could know: a car that was received while somebody elsewhere
// merged its file is received all the same, for both files are read as one.
func (s *save) loadFile(collection, id string, file *flow.File) error {
	rec, err := s.one(collection, id)
	if rec == nil || err != nil {
		return err
	}
	if file.Status = record.FileStatus(rec); file.Status != "" && s.heardOf() {
		then, err := s.rowThen(collection, id)
		if err != nil {
			return err
		}
		if then == nil || record.FileStatus(then) != file.Status {
			file.Status = ""
		}
	}
	merges, err := s.standing(collection, dbx.HashExp{record.FieldFolded: id})
	if err != nil || len(merges) == 0 {
		return err
	}
	if s.heardOf() {
		then, err := s.rowThen(record.Merges, merges[0].Id)
		if err != nil || then == nil {
			return err
		}
	}
	file.Into, err = s.fileName(collection, record.AsMerge(merges[0]).Kept())
	return err
}

// heardOf says whether it is known what the acting tablet had heard of.
func (s *save) heardOf() bool { return s.actor.Seen > 0 && s.deps.AsOf != nil }

func (s *save) loadMerges(files *flow.Files) error {
	m := record.AsMerge(s.rec)
	touching := dbx.Or(dbx.In(record.FieldKept, m.Kept(), m.Folded()), dbx.In(record.FieldFolded, m.Kept(), m.Folded()))
	rows, err := s.standing(m.Of(), touching)
	if err != nil {
		return err
	}
	for _, row := range rows {
		other := record.AsMerge(row)
		name, err := s.fileName(other.Of(), other.Kept())
		if err != nil {
			return err
		}
		files.Merges = append(files.Merges, other.Facts(name))
	}
	return nil
}

// standing is the merges of a collection that were not taken back, oldest first.
func (s *save) standing(collection string, where dbx.Expression) ([]*core.Record, error) {
	rows := []*core.Record{}
	err := s.app.RecordQuery(record.Merges).AndWhere(dbx.HashExp{record.FieldCollection: collection, record.FieldState: "done"}).
		AndWhere(where).OrderBy(record.FieldCreated, record.FieldID).All(&rows)
	return rows, err
}

func (s *save) fileName(collection, id string) (string, error) {
	rec, err := s.app.FindRecordById(collection, id)
	if err != nil {
		return "", err
	}
	return record.FileName(rec), nil
}
