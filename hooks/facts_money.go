package hooks

import (
	"maps"
	"slices"

	"github.com/pocketbase/dbx"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// Parts of the facts that settling and leaving look at.
const (
	needSettlements need = 1 << (iota + 32)
	needPayments
	needInvoices
	needPasses
	needUses
)

const needBill = needOrder | needJobs | needConsents | needSettlements | needPolicy

func init() {
	maps.Copy(needs, map[string]need{
		"settlement_order":       needOrder | needSettlements,
		"lines_consented":        needOrder | needJobs | needConsents,
		"lines_priced":           needBill,
		"shares_fair":            needJobs | needSettlements,
		"warranty_decided":       needJobs,
		"discount_allowed":       needJobs | needSettlements | needPolicy,
		"settlement_signed":      0,
		"settlement_cleared":     needSettlements | needPayments | needPolicy,
		"settlement_void_reason": 0,
		"settlement_unfrozen":    0,
		"order_unsettled":        needOrder,
		"order_settled":          needBill | needPayments,
		"payment_towards_due":    needOrder | needJobs | needSettlements | needPayments,
		"credit_allowed":         needOrder | needSettlements | needPayments | needPolicy,
		"refund_explained":       0,
		"invoice_within":         needSettlements | needInvoices,
		"visit_leaving":          needVisit,
		"visit_paid":             needOrders | needJobs | needConsents | needSettlements | needPayments | needPolicy,
		"pass_free":              needPasses,
		"use_recorded":           needUses,
		"pass_void_reason":       0,
		"pass_unfrozen":          0,
		"pass_used":              needPasses,
		"orders_closed":          needOrders,
		"delivery_prepared":      needVisit,
		"result_shown":           needVisit,
		"belongings_returned":    needVisit,
		"follow_up_asked":        0,
		"delivery_signed":        0,
		"delivery_open":          0,
		"advice_considered":      0,
		"advice_signed":          needOrders | needConsents,
	})
}

func (s *save) moneyLoaders() []loader {
	return []loader{
		{needSettlements, s.loadSettlements}, {needPayments, s.loadPayments}, {needInvoices, s.loadInvoices},
		{needPasses, s.loadPasses}, {needUses, s.loadUses},
	}
}

func (s *save) loadSettlements(f *flow.Facts) error {
	rows, err := s.all(record.Settlements, dbx.HashExp{record.FieldVisit: s.visitID()})
	f.Settlements = []flow.Settlement{}
	for _, row := range rows {
		f.Settlements = append(f.Settlements, record.AsSettlement(row).Facts())
	}
	return err
}

func (s *save) loadPayments(f *flow.Facts) error {
	rows, err := s.all(record.Payments, dbx.HashExp{record.FieldVisit: s.visitID()})
	f.Payments = []flow.Payment{}
	for _, row := range rows {
		f.Payments = append(f.Payments, record.AsPayment(row).Facts())
	}
	return err
}

func (s *save) loadInvoices(f *flow.Facts) error {
	rows, err := s.all(record.Invoices, dbx.HashExp{record.FieldVisit: s.visitID()})
	f.Invoices = []flow.Invoice{}
	for _, row := range rows {
		f.Invoices = append(f.Invoices, record.AsInvoice(row).Facts())
	}
	return err
}

func (s *save) loadPasses(f *flow.Facts) error {
	rows, err := s.all(record.GatePasses, dbx.HashExp{record.FieldVisit: s.visitID()})
	f.Passes = []flow.GatePass{}
	for _, row := range rows {
		f.Passes = append(f.Passes, record.AsGatePass(row).Facts())
	}
	return err
}

// loadUses is every showing of the pass that is being saved.
func (s *save) loadUses(f *flow.Facts) error {
	rows, err := s.all(record.GateUses, dbx.HashExp{record.FieldPass: s.rec.Id, record.FieldShop: s.rec.GetString(record.FieldShop)})
	f.Uses = []flow.GateUse{}
	for _, row := range rows {
		f.Uses = append(f.Uses, record.AsGateUse(row).Facts())
	}
	return err
}

// written are the fields this save changes that people write, the state left out.
func (s *save) written() []string {
	return slices.DeleteFunc(slices.Clone(s.fields), func(name string) bool {
		return name == record.FieldState || s.entity.Fields[name].Derived
	})
}
