// Package importer reads customers, vehicles and sales orders from a sheet, CSV or Excel, into a shop (V-01, V-02, V-06, L-02). It promises:
// a bad row is reported by line, column and reason and leaves nothing behind; every good row goes in through the same
// hooks as any other save; the same sheet read again changes nothing, no version either. An empty cell says nothing:
// it never empties a field. It asks no clock and no permission: whoever calls says when it is and who acts.
//
// Rows are told apart by natural keys: a vehicle by its external number, else VIN, else plate; a customer by external
// number, or phone and name together. A sheet of vehicles may carry the owner in the same row. The rows of a sales order are its
// lines; they go in together or not at all, as package sales takes them.
package importer

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// Kinds of sheet: rows of customers, of vehicles with or without their owners, or of sales orders, a row for each line.
const (
	Customers   = record.Customers
	Vehicles    = record.Vehicles
	SalesOrders = record.SalesOrders
)

// Known says whether there are sheets of that kind.
func Known(kind string) bool { return plans[kind].columns != nil }

// Limits of one file.
const (
	MaxBytes   = 20 << 20
	MaxRows    = 100_000
	MaxColumns = 64
	maxCell    = 4000 // characters
)

// Request is one import. Shop is the shop's id; Now is the instant that "in the future"
// is measured by; DryRun checks and counts and writes nothing. Progress (rows done, rows in all) and Report may be
// nil; they are called from the caller's goroutine.
type Request struct {
	Kind     string
	Data     []byte
	Shop     string
	Actor    record.Actor
	Now      time.Time
	DryRun   bool
	Progress func(done, total int)
	Report   func(Finding)
}

// Finding is what is wrong with a row: where (line as in the file, first is 1; column by its heading, "" for the row)
// and why. A warning does not keep the row out.
type Finding struct {
	Line    int
	Column  string
	Warning bool
	Fault   *fault.Fault
}

// Totals counts rows: each is created (its vehicle, customer or order is new), updated, unchanged or refused. Warnings counts
// findings that kept nothing out.
type Totals struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Refused   int `json:"refused"`
	Warnings  int `json:"warnings"`
}

// Run imports a file. An error means that nothing could be read or the database failed; refused rows are no error.
// Codes: import.kind, import.empty, import.format, import.encoding, import.too_large, import.columns_missing.
func Run(app core.App, r Request) (Totals, error) {
	plan, ok := plans[r.Kind]
	if !ok {
		return Totals{}, fault.New(fault.Invalid, "import.kind").On("kind")
	}
	t, err := read(r.Data)
	if err != nil {
		return Totals{}, err
	}
	m, err := match(t, plan)
	if err != nil {
		return Totals{}, err
	}
	w := &work{request: r, table: t, mapping: m, dry: map[string]bool{}}
	for _, f := range m.findings {
		w.warn(f)
	}
	if w.index, err = loadIndex(app, r.Shop); err != nil {
		return Totals{}, err
	}
	if r.Kind == SalesOrders {
		return w.runOrders(app)
	}
	return w.run(app)
}
