package importer

import (
	"time"

	"github.com/pocketbase/pocketbase/tools/types"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// parsed is a row understood: what it says of the vehicle (or the customer, in a sheet of customers) and of the owner;
// in a sheet of sales orders, of the order and of the line.
type parsed struct {
	line  int
	main  values
	inner values
	where map[string]string // heading of each field, those of inner with a prefix
}

// values are what cells said, by field; a field the row is silent about is absent.
type values map[string]any

func (v values) text(field string) string {
	s, _ := v[field].(string)
	return s
}

const innerPrefix = "inner."

// parse reads the cells of a row. All that is wrong with it is found at once; any refusal keeps the whole row out.
func (w *work) parse(r row) (p parsed, findings []Finding, ok bool) {
	p = parsed{line: r.line, main: values{}, inner: values{}, where: map[string]string{}}
	if r.bad != nil {
		return p, []Finding{{Line: r.line, Column: r.bad.Field, Fault: r.bad}}, false
	}
	ok = true
	note := func(column string, warning bool, f *fault.Fault) {
		findings = append(findings, Finding{Line: r.line, Column: column, Warning: warning, Fault: f.On(column)})
		ok = ok && warning
	}
	for i, c := range w.mapping.columns {
		cell := r.cell(i)
		if c == nil || cell == "" {
			continue
		}
		heading := w.table.heading(i)
		value, warning, refusal := c.parse(cell)
		if refusal == nil {
			refusal = w.plausible(c.field, value)
		}
		if refusal != nil {
			note(heading, false, refusal)
			continue
		}
		if warning != nil {
			note(heading, true, warning)
		}
		p.take(c, value, heading)
	}
	if !ok {
		return p, findings, false
	}
	for _, v := range []values{p.main, p.inner} {
		v.splitPhones()
	}
	if missing := w.missing(p); missing != nil {
		note("", false, missing)
	}
	return p, findings, ok
}

func (p *parsed) take(c *column, value any, heading string) {
	into, name := p.main, c.field
	if c.inner {
		into, name = p.inner, innerPrefix+c.field
	}
	if list, isList := value.([]string); isList {
		before, _ := into[c.field].([]string)
		value = append(before, list...)
	}
	into[c.field] = value
	if p.where[name] == "" {
		p.where[name] = heading
	}
}

// splitPhones: the first number is the phone, the others are kept beside it.
func (v values) splitPhones() {
	list, ok := v[record.FieldPhone].([]string)
	if !ok {
		return
	}
	v[record.FieldPhone] = list[0]
	var others []string
	seen := map[string]bool{list[0]: true}
	for _, p := range list[1:] {
		if !seen[p] {
			seen[p] = true
			others = append(others, p)
		}
	}
	if len(others) > 0 {
		v[record.FieldPhones] = others
	}
}

// plausible: what has happened cannot lie in the future.
func (w *work) plausible(field string, value any) *fault.Fault {
	at, ok := value.(types.DateTime)
	if ok && (field == record.FieldPurchasedOn) && at.Time().After(w.request.Now.Add(24*time.Hour)) {
		return invalid("import.date_future", at.Time().Format(time.DateOnly))
	}
	return nil
}

// missing says what a row lacks to be told from others.
func (w *work) missing(p parsed) *fault.Fault {
	switch w.request.Kind {
	case SalesOrders:
		if p.main.text(record.FieldNumber) == "" && p.main.text(record.FieldExternalID) == "" {
			return fault.New(fault.Invalid, "import.no_order_number")
		}
		return nil
	case Customers:
		switch {
		case p.main.text(record.FieldName) == "":
			return fault.New(fault.Invalid, "import.no_name")
		case p.main.text(record.FieldPhone) == "" && p.main.text(record.FieldExternalID) == "":
			return fault.New(fault.Invalid, "import.no_customer_key")
		}
		return nil
	}
	if p.main.text(record.FieldVIN) == "" && p.main.text(record.FieldPlate) == "" {
		return fault.New(fault.Invalid, "import.no_vehicle_key")
	}
	if len(p.inner) > 0 && p.inner.text(record.FieldName) == "" {
		return fault.New(fault.Invalid, "import.no_name")
	}
	return nil
}
