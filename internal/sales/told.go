package sales

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// Limits of one call.
const (
	MaxOrders   = 100
	MaxCallSize = 1 << 20 // bytes
)

// Read takes the body of a call apart: {"orders":[{…}]}, each order with the fields of sales_orders, "state" placed or cancelled,
// and "lines" with the fields of sales_items. null says nothing, as leaving out does; "" empties. Codes: sale.call_body,
// sale.too_many_orders, and those of the fields' shape, on "orders/<n>/<field>".
func Read(body []byte) ([]Order, *fault.Fault) {
	if !utf8.Valid(body) {
		return nil, fault.New(fault.Invalid, "sale.call_body").On("orders")
	}
	var call struct {
		Orders []map[string]json.RawMessage `json:"orders"`
	}
	in := json.NewDecoder(bytes.NewReader(body))
	in.DisallowUnknownFields()
	if err := in.Decode(&call); err != nil {
		return nil, fault.New(fault.Invalid, "sale.call_body").On("orders").Because(err)
	}
	if _, err := in.Token(); err != io.EOF || len(call.Orders) == 0 {
		return nil, fault.New(fault.Invalid, "sale.call_body").On("orders")
	}
	if len(call.Orders) > MaxOrders {
		return nil, fault.New(fault.TooLarge, "sale.too_many_orders").On("orders").With("most", MaxOrders)
	}
	orders := make([]Order, 0, len(call.Orders))
	for i, raw := range call.Orders {
		o, refused := readOrder(raw)
		if refused != nil {
			return nil, OfOrder(i, refused)
		}
		orders = append(orders, o)
	}
	return orders, nil
}

// OfOrder puts a fault on the order it is about, by its place from 0.
func OfOrder(i int, f *fault.Fault) *fault.Fault {
	return f.On(fmt.Sprintf("orders/%d/%s", i, f.Field))
}

func readOrder(raw map[string]json.RawMessage) (o Order, refused *fault.Fault) {
	lines, told := raw["lines"]
	delete(raw, "lines")
	state := string(raw[record.FieldState])
	delete(raw, record.FieldState)
	switch state {
	case `"cancelled"`:
		o.Cancelled = true
	case "", "null", `"placed"`:
	default:
		return o, fault.New(fault.Invalid, "field.invalid").On(record.FieldState).With("field", record.FieldState)
	}
	if o.Fields, refused = readFields(record.SalesOrders, raw); refused != nil {
		return o, refused
	}
	if phone, said := o.Fields[record.FieldPhone].(string); said {
		o.Fields[record.FieldPhone] = Phone(phone)
	}
	if !told || string(lines) == "null" {
		return o, nil
	}
	var list []map[string]json.RawMessage
	if err := json.Unmarshal(lines, &list); err != nil {
		return o, fault.New(fault.Invalid, "field.invalid").On("lines").With("field", "lines").Because(err)
	}
	o.Lines = make([]Fields, 0, len(list))
	for i, one := range list {
		fields, refused := readFields(record.SalesItems, one)
		if refused != nil {
			return o, refused.On(fieldOf(i, refused.Field))
		}
		o.Lines = append(o.Lines, fields)
	}
	return o, nil
}

// outside are the fields of a row that the outside does not tell.
var outside = []string{record.FieldShop, record.FieldSalesOrder}

func readFields(collection string, raw map[string]json.RawMessage) (Fields, *fault.Fault) {
	entity, out := flow.Table().ByCollection(collection), Fields{}
	for name, text := range raw {
		f, known := entity.Fields[name]
		if !known || f.Derived || name == outside[0] || name == outside[1] {
			return nil, fault.New(fault.Invalid, "field.unknown").On(name)
		}
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			return nil, fault.New(fault.Invalid, "field.invalid").On(name).With("field", name).Because(err)
		}
		if value == nil {
			continue
		}
		read, ok := readValue(f, value)
		if !ok {
			return nil, fault.New(fault.Invalid, "field.invalid").On(name).With("field", name)
		}
		if refused := record.ShapeOf(entity, name, f, shaped(read)); refused != nil {
			return nil, refused
		}
		out[name] = read
	}
	return out, nil
}

// shaped is a value as the shape of its field is judged.
func shaped(v any) any {
	if n, ok := v.(int64); ok {
		return float64(n)
	}
	return v
}

// readValue is a JSON value as the house keeps it; instants must say their zone.
func readValue(f flow.Field, value any) (any, bool) {
	switch f.Type {
	case "int":
		n, ok := value.(float64)
		return int64(n), ok && n == math.Trunc(n) && math.Abs(n) < 1<<53
	case "date":
		s, ok := value.(string)
		if !ok || s == "" {
			return s, ok
		}
		at, err := time.Parse(time.RFC3339Nano, s)
		return record.Text(at), err == nil && at.Year() >= 2000 && at.Year() <= 2100
	case "json":
		list, ok := value.([]any)
		texts := make(Texts, 0, len(list))
		for _, one := range list {
			s, isText := one.(string)
			texts, ok = append(texts, s), ok && isText
		}
		return texts, ok
	case "text":
		s, ok := value.(string)
		return strings.TrimSpace(s), ok
	}
	return value, true
}
