package hooks

import (
	"cmp"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/claim"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// needClaim is the claim a row is about with what stands around it.
const needClaim need = 1 << 52

func init() {
	for _, guard := range []string{"claim_filed", "claim_first", "claim_evidence_shown", "claim_items_named", "claim_withdrawn", "claim_sent", "claim_overdue", "claim_complete",
		"claim_incomplete", "claim_owes", "claim_paid", "claim_planned", "claim_plan_accepted", "claim_plan_declined", "claim_work_done", "claim_shipped_out",
		"claim_unfrozen", "claim_refunded", "claim_item_fits", "shipment_allowed", "plan_fits", "plan_begun", "refund_due"} {
		needs[guard] = needClaim
	}
	maps.Copy(needs, map[string]need{"claim_evidence_named": 0, "claim_judged": 0, "claim_lane": 0, "claim_agreed": 0, "claim_rejected": 0, "claim_given_up": 0, "claim_nothing_paid": 0, "claim_extended": 0,
		"claim_compared": 0, "claim_returned": 0, "claim_exchanged": 0, "claim_repaired": 0, "claim_goods_here": 0, "claim_goods_away": 0, "plan_complete": 0, "surprise_named": 0,
		"surprise_agreed": 0, "plan_unfrozen": 0, "photo_sourced": 0, "photo_evidence": 0})
}

func (s *save) loadClaim(f *flow.Facts) error {
	of, err := s.claimOf()
	if err != nil {
		return err
	}
	around := &flow.ClaimCase{Row: record.Values(of.Record)}
	f.Claim = around
	for _, load := range []func(*record.Claim, *flow.ClaimCase) error{s.loadClaimSale, s.loadClaimOthers, s.loadClaimGoods, s.loadClaimWays, s.loadClaimMoney} {
		if err := load(of, around); err != nil {
			return err
		}
	}
	return nil
}

func (s *save) loadClaimSale(of *record.Claim, around *flow.ClaimCase) error {
	rec, err := s.one(record.SalesOrders, of.Order())
	if err != nil || rec == nil {
		return err
	}
	sale := record.AsSalesOrder(rec)
	around.Sale = &flow.ClaimSale{State: sale.State(), Phone: sale.Phone(), ReceivedAt: sale.ReceivedAt(), PaidFen: sale.PaidFen()}
	customer, err := s.one(record.Customers, of.Customer())
	if customer != nil {
		around.Phone = record.AsCustomer(customer).Phone()
	}
	return err
}

// loadClaimOthers looks at every other claim of the order: one that uses up its return or exchange (L-11), and what has
// gone back for them all.
func (s *save) loadClaimOthers(of *record.Claim, around *flow.ClaimCase) error {
	rows, err := s.all(record.Claims, dbx.HashExp{record.FieldSalesOrder: of.Order()})
	if err != nil {
		return err
	}
	for _, row := range rows {
		c := record.AsClaim(row)
		refunds, err := s.all(record.Refunds, dbx.HashExp{record.FieldClaim: c.Id})
		if err != nil {
			return err
		}
		if around.Sale != nil {
			around.Sale.RefundedFen += flow.NetRefunds(refundFacts(refunds))
		}
		if c.Id == of.Id || around.Taken != "" {
			continue
		}
		sent, err := s.app.CountRecords(record.Shipments, dbx.HashExp{record.FieldClaim: c.Id, record.FieldDirection: "in"})
		if err != nil {
			return err
		}
		if claim.UsesUp(c.Kind(), c.State(), sent > 0) {
			around.Taken = c.Number()
		}
	}
	return nil
}

// goods is one line of a claim: how many of which line of the order.
type goods struct {
	line  *record.SalesItem
	units int64
}

func (s *save) goods(of *record.Claim) ([]goods, error) {
	rows, err := s.all(record.ClaimItems, dbx.HashExp{record.FieldClaim: of.Id})
	list := []goods{}
	for _, row := range rows {
		item := record.AsClaimItem(row)
		line, err := s.app.FindRecordById(record.SalesItems, item.Item())
		if err != nil {
			return nil, err
		}
		list = append(list, goods{record.AsSalesItem(line), item.Quantity()})
	}
	return list, err
}

// loadClaimGoods is how many lines the claim names, and for an item the line it names itself; photos that count by
// their slot, and the list of what must come back (L-09).
func (s *save) loadClaimGoods(of *record.Claim, around *flow.ClaimCase) error {
	list, err := s.goods(of)
	if err != nil {
		return err
	}
	around.Items = len(list)
	photos, err := s.all(record.Photos, dbx.HashExp{record.FieldSubjectCollection: record.Claims, record.FieldSubjectRecord: of.Id})
	if err != nil {
		return err
	}
	for _, row := range photos {
		if p := record.AsPhoto(row); p.Counts() {
			around.Slots = append(around.Slots, p.Slot())
		}
	}
	if of.PolicyKept() != "" {
		policy, err := record.ClaimPolicyKept(s.app, of.PolicyKept())
		if err != nil {
			return err
		}
		around.List = policy.MustComeBack(of.RefusedParcel(), of.Differs())
	}
	if s.entity.Collection != record.ClaimItems {
		return nil
	}
	rec, err := s.one(record.SalesItems, record.AsClaimItem(s.rec).Item())
	if err != nil || rec == nil {
		return err
	}
	line := record.AsSalesItem(rec)
	around.Foreign, around.Units, around.Line = line.Order() != of.Order(), line.Quantity(), cmp.Or(line.ProductLine(), claim.DefaultLine)
	return nil
}

func (s *save) loadClaimWays(of *record.Claim, around *flow.ClaimCase) error {
	parcels, err := s.all(record.Shipments, dbx.HashExp{record.FieldClaim: of.Id})
	if err != nil {
		return err
	}
	for _, row := range parcels {
		around.Shipments = append(around.Shipments, record.AsShipment(row).Facts())
	}
	plans, err := s.all(record.RepairPlans, dbx.HashExp{record.FieldClaim: of.Id})
	plans = slices.DeleteFunc(plans, func(row *core.Record) bool { return row.Id == s.rec.Id && s.entity.Collection == record.RepairPlans })
	if len(plans) > 0 {
		plan := record.AsRepairPlan(plans[len(plans)-1]).Facts()
		around.Plan = &plan
	}
	return err
}

func (s *save) loadClaimMoney(of *record.Claim, around *flow.ClaimCase) error {
	rows, err := s.all(record.Refunds, dbx.HashExp{record.FieldClaim: of.Id})
	if err != nil {
		return err
	}
	around.Refunds = refundFacts(rows)
	if s.entity.Collection != record.Refunds {
		return nil
	}
	named, err := s.one(record.Refunds, record.AsRefund(s.rec).Counters())
	if named != nil && named.GetString(record.FieldClaim) == of.Id {
		countered := record.AsRefund(named).Facts()
		around.Counters = &countered
	}
	return err
}

func refundFacts(rows []*core.Record) []flow.ClaimRefund {
	list := make([]flow.ClaimRefund, 0, len(rows))
	for _, row := range rows {
		list = append(list, record.AsRefund(row).Facts())
	}
	return list
}

// settleClaim computes what the claim brings or costs the customer: the refund of a return, by the policy it was filed
// under, or the difference of an exchange (L-10, L-13).
func (s *save) settleClaim(c *record.Claim) error {
	sold, err := s.all(record.SalesItems, dbx.HashExp{record.FieldSalesOrder: c.Order()})
	if err != nil {
		return err
	}
	list, err := s.goods(c)
	if err != nil {
		return err
	}
	order, share := claim.Paid{}, int64(0)
	for _, row := range sold {
		line := record.AsSalesItem(row)
		if line.Quantity() == 0 {
			continue // struck from the order
		}
		l := claim.Line{PaidFen: line.PaidFen(), Units: line.Quantity()}
		for _, g := range list {
			if g.line.Id == line.Id {
				l.Returned = g.units
			}
		}
		share += l.PaidFen * l.Returned / l.Units
		order.Lines = append(order.Lines, l)
	}
	switch {
	case c.Kind() == "exchange" && c.Replacement() != "":
		collect, refund := claim.Difference(share, c.ReplacementFen())
		c.SetFen(record.FieldOwedFen, collect)
		c.SetFen(record.FieldRefundDueFen, refund)
	case c.Kind() == "return":
		return s.dueRefund(c, order)
	}
	return nil
}

func (s *save) dueRefund(c *record.Claim, order claim.Paid) error {
	around := &flow.ClaimCase{}
	if err := s.loadClaimSale(c, around); err != nil {
		return err
	}
	if err := s.loadClaimOthers(c, around); err != nil {
		return err
	}
	sale, err := s.one(record.SalesOrders, c.Order())
	if err != nil {
		return err
	}
	policy, err := record.ClaimPolicyKept(s.app, c.PolicyKept())
	if err != nil {
		return err
	}
	order.ShippingFen, order.RefundedFen = record.AsSalesOrder(sale).ShippingFen(), around.Sale.RefundedFen
	fen, refused := policy.Refund(claim.Verdict(c.Verdict()), order)
	if refused != nil {
		return refused
	}
	c.SetFen(record.FieldRefundDueFen, fen)
	return nil
}
