package record

import (
	"cmp"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
)

var _ core.RecordProxy = (*Merge)(nil)

// Merge is a row of merges 并档: two files of one car, person or thing that are read as one (V-05).
type Merge struct{ row }

// AsMerge wraps a row of merges.
func AsMerge(rec *core.Record) *Merge { return &Merge{wrap(rec)} }

// Of is the collection of both files.
func (m *Merge) Of() string     { return m.GetString(FieldCollection) }
func (m *Merge) Kept() string   { return m.GetString(FieldKept) }
func (m *Merge) Folded() string { return m.GetString(FieldFolded) }

// Stands says whether the merge was not taken back.
func (m *Merge) Stands() bool { return m.State() == "done" }

// Facts is the merge as the guards see it; keptName is what people call the kept file.
func (m *Merge) Facts(keptName string) flow.Merge {
	return flow.Merge{ID: m.Id, Kept: m.Kept(), Folded: m.Folded(), KeptName: keptName}
}

// FileName is what people call a file: a vehicle's plate or VIN, a customer's name, a device's label or serial, the order of
// goods. The tablet says it alike (fileName).
func FileName(rec *core.Record) string {
	switch rec.Collection().Name {
	case Vehicles:
		return cmp.Or(rec.GetString(FieldPlate), rec.GetString(FieldVIN), rec.Id)
	case Customers:
		return cmp.Or(rec.GetString(FieldName), rec.Id)
	}
	return cmp.Or(rec.GetString(FieldLabel), rec.GetString(FieldSerial), rec.GetString(FieldOrderNumber), rec.GetString(FieldBatchNumber),
		rec.GetString(FieldName), rec.Id)
}

// FileStatus is what became of a file: scrapped, sold, moved_away, or "" while it is in use.
func FileStatus(rec *core.Record) string { return rec.GetString(FieldStatus) }
