package hooks

import (
	"encoding/json"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/pocketbase/dbx"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// needSale is the state of a line's order; needSaleLines is the lines of an order, which must add up; needSaleRefunds is what
// has gone back for it.
const (
	needSale        need = 1 << 50
	needSaleLines   need = 1 << 51
	needSaleRefunds need = 1 << 53
)

// Limits of the lists a line carries, and of one entry, in characters.
const (
	maxSaleList = 50
	maxSaleText = 120
)

func init() {
	maps.Copy(needs, map[string]need{"sale_dated": 0, "sale_unfrozen": 0, "sale_adds_up": needSaleLines, "sale_above_refunds": needSaleRefunds, "sale_line_open": needSale, "sale_line_unfrozen": needSale, "sale_line_priced": 0})
}

// deriveSalesItem holds the lists of a line to what they are: short texts, of which none is there twice (L-09, L-15).
func deriveSalesItem(s *save) error {
	for _, field := range []string{record.FieldExemptions, record.FieldAccessories} {
		if s.changes(field) && !shortTexts(s.rec.GetString(field)) {
			return fault.New(fault.Invalid, "sale.list").On(field).With("field", field).With("most", maxSaleList)
		}
	}
	return nil
}

func shortTexts(raw string) bool {
	var list []string
	if json.Unmarshal([]byte(raw), &list) != nil || len(list) > maxSaleList {
		return false
	}
	for i, text := range list {
		if text == "" || utf8.RuneCountInString(text) > maxSaleText || slices.Contains(list[:i], text) {
			return false
		}
	}
	return true
}

func (s *save) loadSale(f *flow.Facts) error {
	rec, err := s.one(record.SalesOrders, s.rec.GetString(record.FieldSalesOrder))
	if rec != nil {
		f.Sale = &flow.Sale{State: record.AsSalesOrder(rec).State()}
	}
	return err
}

func (s *save) loadSaleLines(f *flow.Facts) error {
	rows, err := s.all(record.SalesItems, dbx.HashExp{record.FieldSalesOrder: s.rec.Id})
	f.Sale = &flow.Sale{Lines: make([]flow.SaleLine, 0, len(rows))}
	for _, row := range rows {
		f.Sale.Lines = append(f.Sale.Lines, record.AsSalesItem(row).Facts())
	}
	return err
}

// loadSaleRefunds reads the ledger only where the amount changes.
func (s *save) loadSaleRefunds(f *flow.Facts) error {
	if f.Sale == nil {
		f.Sale = &flow.Sale{}
	}
	if s.creating() || !s.changes(record.FieldPaidFen) {
		return nil
	}
	return s.app.DB().NewQuery("SELECT COALESCE(SUM(CASE r.[[kind]] WHEN 'counter' THEN -r.[[fen]] ELSE r.[[fen]] END), 0) FROM [[claims]] c JOIN [[refunds]] r ON r.[[claim]] = c.[[id]] WHERE c.[[sales_order]] = {:order}").
		Bind(dbx.Params{"order": s.rec.Id}).Row(&f.Sale.RefundedFen)
}
