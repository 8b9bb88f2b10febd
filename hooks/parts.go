package hooks

import (
	"context"
	"encoding/json"
	"maps"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

func init() {
	maps.Copy(derivers, map[string]func(*save) error{
		record.Parts:          derivePart,
		record.PurchaseOrders: derivePurchaseOrder,
		record.GoodsReceipts:  deriveGoodsReceipt,
		record.StockCounts:    deriveStockCount,
		record.StockMoves:     deriveStockMove,
		record.Reservations:   ofJob,
		record.ToolLoans:      deriveToolLoan,
	})
	followers[record.StockMoves] = (*save).keepLevels
}

// derivePart: the substitutes 互换件 are a list of numbers.
func derivePart(s *save) error {
	if !s.changes(record.FieldSubstitutes) {
		return nil
	}
	var numbers []string
	if err := json.Unmarshal([]byte(s.rec.GetString(record.FieldSubstitutes)), &numbers); err != nil || len(numbers) > 50 {
		return invalid(record.FieldSubstitutes, err)
	}
	return nil
}

func invalid(field string, cause error) error {
	return fault.New(fault.Invalid, "field.invalid").On(field).With("field", field).Because(cause)
}

func fixed(field string) error {
	return fault.New(fault.Refused, "field.fixed").On(field).With("field", field)
}

// comesTo says whether this save takes the row to the state.
func (s *save) comesTo(state string) bool {
	return !s.creating() && s.changes(record.FieldState) && s.rec.GetString(record.FieldState) == state
}

// derivePurchaseOrder notes when it was ordered. An order that went out keeps asking for its deposit: nobody makes it
// larger, or the deposit smaller, behind the rule's back (B-06).
func derivePurchaseOrder(s *save) error {
	if err := ofJob(s); err != nil {
		return err
	}
	if s.comesTo("ordered") {
		record.AsPurchaseOrder(s.rec).SetOrderedAt(record.Text(s.now))
	}
	dearer := s.changes(record.FieldQuantityMilli) || s.changes(record.FieldUnitFen) || s.changes(record.FieldDepositFen)
	if !s.creating() && !s.changes(record.FieldState) && dearer && record.AsPurchaseOrder(s.rec).State() == "ordered" {
		return s.stays([]string{"deposit_paid"})
	}
	return nil
}

// deriveGoodsReceipt: a receipt keeps the revision of its list and says who checked; what was found then stays (P-05).
func deriveGoodsReceipt(s *save) error {
	g := record.AsGoodsReceipt(s.rec)
	if s.creating() {
		template, err := s.app.FindRecordById(record.Templates, g.Template())
		if err != nil || record.AsTemplate(template).Kind() != "goods_receiving" {
			return invalid(record.FieldTemplate, err)
		}
		g.SetTemplateRevision(record.AsTemplate(template).Revision())
		return nil
	}
	if record.AsGoodsReceipt(s.stored).State() != "open" {
		for _, field := range []string{record.FieldItems, record.FieldDamagedMilli, record.FieldReason} {
			if s.changes(field) {
				return fixed(field)
			}
		}
	}
	switch {
	case s.comesTo("checked"):
		g.SetChecked(s.actor.ID, record.Text(s.now))
	case s.comesTo("sent_back"):
		g.SetSentBackAt(record.Text(s.now))
	}
	return nil
}

// mostLines bounds a count sheet, so that all its differences fit into one mutation.
const mostLines = 150

// deriveStockCount holds the sheet's lines to their form, and says who counted and who approved. Lines that were
// handed in change only by counting again.
func deriveStockCount(s *save) error {
	c := record.AsStockCount(s.rec)
	if s.changes(record.FieldLines) {
		if !s.creating() && record.AsStockCount(s.stored).State() != "open" {
			return fixed(record.FieldLines)
		}
		if err := countLines(s.rec.GetString(record.FieldLines)); err != nil {
			return err
		}
	}
	switch {
	case s.comesTo("counted"):
		c.SetCounted(s.actor.ID, record.Text(s.now))
	case s.comesTo("approved"):
		c.SetApproved(s.actor.ID, record.Text(s.now))
	}
	return nil
}

func countLines(raw string) error {
	var lines []flow.CountLine
	if err := json.Unmarshal([]byte(raw), &lines); err != nil || len(lines) > mostLines {
		return invalid(record.FieldLines, err)
	}
	known := map[string]bool{}
	for _, line := range lines {
		if len(line.Part) != 15 || known[line.Part] || line.CountedMilli != nil && (*line.CountedMilli < 0 || *line.CountedMilli > 1e10) {
			return invalid(record.FieldLines, nil)
		}
		known[line.Part] = true
	}
	return nil
}

// deriveStockMove: a move that does not say when happened when it was taken down.
func deriveStockMove(s *save) error {
	m := record.AsStockMove(s.rec)
	if s.creating() && m.MovedAt() == "" {
		m.SetMovedAt(record.Text(s.captured()))
	}
	return ofJob(s)
}

// ofJob: what names a job is of that job's order and visit, also when it does not say so.
func ofJob(s *save) error {
	job := s.rec.GetString(record.FieldJob)
	if !s.creating() || job == "" {
		return nil
	}
	rec, err := s.app.FindRecordById(record.Jobs, job)
	if err != nil {
		return err
	}
	s.rec.Set(record.FieldVisit, record.AsJob(rec).Visit())
	s.rec.Set(record.FieldWorkOrder, record.AsJob(rec).WorkOrder())
	return nil
}

// deriveToolLoan notes when the tool came back (W-09).
func deriveToolLoan(s *save) error {
	if s.comesTo("returned") {
		record.AsToolLoan(s.rec).SetReturnedAt(record.Text(s.now))
	}
	return nil
}

// followers keep the columns that other rows derive from this one. They run when the row is written, in the same
// transaction: either both stand or neither.
var followers = map[string]func(*save) error{}

func (s *save) follow() error {
	if keep := followers[s.entity.Collection]; keep != nil {
		return keep(s)
	}
	return nil
}

// keepLevels moves the part's levels by the move just written, and counts goods of a delivery as stocked. The guards
// have refused what would fall below zero; the levels are a sum of the ledger and nothing else sets them (P-01).
func (s *save) keepLevels() error {
	if !s.creating() {
		return nil
	}
	m := record.AsStockMove(s.rec)
	rec, err := s.app.FindRecordById(record.Parts, m.Part())
	if err != nil {
		return err
	}
	part := record.AsPart(rec)
	if from := m.FromPlace(); from != "" {
		part.AddLevel(from, -m.QuantityMilli())
	}
	if to := m.ToPlace(); to != "" {
		part.AddLevel(to, m.QuantityMilli())
	}
	at := record.Text(s.now)
	if moved := record.Time(m.MovedAt()); moved.Before(s.now) { // a tablet's clock may run ahead, never back behind it
		at = record.Text(moved)
	}
	switch kind := m.Kind(); {
	case kind == "out" || kind == "retail":
		part.LastOut(at)
	case kind == "in" || kind == "adjust" && m.ToPlace() != "":
		part.LastIn(at)
	}
	if err := s.derived(rec); err != nil {
		return err
	}
	return s.keepReceipt(m)
}

func (s *save) keepReceipt(m *record.StockMove) error {
	if m.Kind() != "in" {
		return nil
	}
	rec, err := s.app.FindRecordById(record.GoodsReceipts, m.GoodsReceipt())
	if err != nil {
		return err
	}
	receipt := record.AsGoodsReceipt(rec)
	receipt.AddStocked(m.QuantityMilli())
	if err := s.derived(rec); err != nil || receipt.PurchaseOrder() == "" {
		return err
	}
	order, err := s.app.FindRecordById(record.PurchaseOrders, receipt.PurchaseOrder())
	if err != nil {
		return err
	}
	record.AsPurchaseOrder(order).AddReceived(m.QuantityMilli())
	return s.derived(order)
}

// derived saves a row whose derived columns follow from this save, as part of the same act.
func (s *save) derived(rec *core.Record) error {
	actor := record.System(rec.GetString(record.FieldShop))
	actor.ID, actor.Device, actor.Mutation, actor.At = s.actor.ID, s.actor.Device, s.actor.Mutation, s.actor.At
	return s.app.SaveWithContext(record.WithActor(context.Background(), actor), rec)
}
