package importer

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/promise"
	"aftercare/internal/record"
	"aftercare/internal/sales"
)

// elsewhere is the platform of orders whose sheet names none.
const elsewhere = "sheet"

// sheetOrder is the rows of one order; broken is the line of the one that cannot be read, 0 for none.
type sheetOrder struct {
	rows   unit
	broken int
}

// runOrders reads the whole sheet before it saves anything, for the lines of an order may stand apart.
func (w *work) runOrders(app core.App) (Totals, error) {
	shop, err := app.FindRecordById(record.Shops, w.request.Shop)
	if err != nil {
		return w.totals, err
	}
	w.zone = promise.Zone(record.AsShop(shop).TimeZone())
	w.intake = &sales.Intake{Shop: w.request.Shop, Actor: w.request.Actor, Now: w.request.Now}
	total, done := len(w.table.rows), 0
	w.progress(0, total)
	var group []unit
	rows := 0
	flush := func() error {
		if len(group) == 0 {
			return nil
		}
		first := group[0][0].line
		err := w.group(app, group)
		done += rows
		group, rows = nil, 0
		w.progress(done, total)
		if err != nil {
			return fmt.Errorf("rows from line %d: %w", first, err)
		}
		return nil
	}
	for _, o := range w.orders() {
		if o.broken != 0 {
			w.broken(o.rows, o.broken)
			done += len(o.rows)
			continue
		}
		group, rows = append(group, o.rows), rows+len(o.rows)
		if rows >= groupRows {
			if err := flush(); err != nil {
				return w.totals, err
			}
		}
	}
	err = flush()
	w.progress(total, total)
	return w.totals, err
}

// orders are the sheet's orders as they first appear. A row that cannot be read keeps its order out, for the order would else
// lose a line; where not even the order can be read, those of the rows before and after it.
func (w *work) orders() []*sheetOrder {
	var list []*sheetOrder
	byKey := map[string]*sheetOrder{}
	var last *sheetOrder
	astray := 0
	for _, r := range w.table.rows {
		p, findings, ok := w.parse(r)
		w.tell(findings)
		o := orderOf(p, byKey, &list)
		if !ok {
			w.totals.Refused++
		}
		switch {
		case o == nil:
			if astray = r.line; last != nil {
				last.broken = r.line
			}
			continue
		case !ok:
			o.broken = r.line
		default:
			o.rows = append(o.rows, p)
		}
		if astray != 0 && o.broken == 0 {
			o.broken = astray
		}
		last, astray = o, 0
	}
	return list
}

// orderOf is the order that a row names, nil when it names none.
func orderOf(p parsed, byKey map[string]*sheetOrder, list *[]*sheetOrder) *sheetOrder {
	external := p.main.text(record.FieldExternalID)
	if external == "" {
		external = p.main.text(record.FieldNumber)
	}
	if external == "" {
		return nil
	}
	key := p.main.text(record.FieldPlatform) + "\x00" + external
	if byKey[key] == nil {
		byKey[key] = &sheetOrder{}
		*list = append(*list, byKey[key])
	}
	return byKey[key]
}

// broken reports the rows of an order that stay out because of the line.
func (w *work) broken(u unit, line int) {
	for _, p := range u {
		if p.line != line {
			w.totals.Refused++
			w.report(Finding{Line: p.line, Fault: fault.New(fault.Invalid, "import.order_broken").With("line", line)})
		}
	}
}

// order saves one order with its lines.
func (w *work) order(tx core.App, u unit) (outcome, error) {
	o, err := w.told(u)
	if err != nil {
		return unchanged, err
	}
	done, err := w.intake.Put(tx, o)
	switch done {
	case sales.Created:
		return created, err
	case sales.Updated:
		return updated, err
	}
	return unchanged, err
}

// told is the rows as one order. What several rows say of the order must be the same.
func (w *work) told(u unit) (sales.Order, error) {
	o := sales.Order{Fields: sales.Fields{}, Days: map[string]time.Time{}}
	said := values{}
	for i, p := range u {
		for field, value := range p.main {
			if before, twice := said[field]; twice && !reflect.DeepEqual(before, value) {
				return o, fault.New(fault.Invalid, "import.order_differs").On(fmt.Sprintf("lines/%d/%s", i, field)).With("line", u[0].line)
			}
			said[field] = value
		}
		if len(p.inner) > 0 {
			o.Lines = append(o.Lines, sales.Fields(p.inner))
		}
	}
	for field, value := range said {
		switch at := value.(type) {
		case wall:
			if at.day {
				o.Days[field] = at.in(w.zone)
			} else {
				o.Fields[field] = record.Text(at.in(w.zone))
			}
		default:
			o.Fields[field] = value
		}
	}
	o.Cancelled = said.text(record.FieldState) == record.SaleCancelled
	delete(o.Fields, record.FieldState)
	if said.text(record.FieldPlatform) == "" {
		o.Fields[record.FieldPlatform] = elsewhere
	}
	if said.text(record.FieldExternalID) == "" {
		o.Fields[record.FieldExternalID] = said.text(record.FieldNumber)
	}
	return o, nil
}

// lineOf is the row that a fault is about, and the fault on its field.
func lineOf(u unit, f *fault.Fault) (parsed, *fault.Fault) {
	parts := strings.Split(f.Field, "/")
	if len(parts) != 3 || parts[0] != "lines" {
		return u[0], f
	}
	n, err := strconv.Atoi(parts[1])
	withLine := slices.DeleteFunc(slices.Clone(u), func(p parsed) bool { return len(p.inner) == 0 })
	if f.Code == "import.order_differs" {
		withLine = u
	}
	if err != nil || n >= len(withLine) {
		return u[0], f
	}
	return withLine[n], f.On(parts[2])
}
