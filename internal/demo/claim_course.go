package demo

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/claim"
	"aftercare/internal/record"
)

// shown is what a customer shows of the goods, and how: with the claim's page, or by WeChat to an agent, who attaches it with a
// note and may let it count as evidence with a reason (L-02).
type shown struct {
	slots       []string
	chat, count string
}

// all is the photos that the page asks for.
var all = shown{slots: []string{"whole", "close", "label", "packaging"}}

func byChat(note, counts string) shown {
	return shown{slots: []string{"whole", "close"}, chat: note, count: counts}
}

// file is the call to after-sales: the customer's file, the claim, the first of the goods, and the photos (L-02).
func (a *asked) file(p ask, order *record.SalesOrder) error {
	feng := a.team["feng"]
	line, err := a.app.FindFirstRecordByFilter(record.SalesItems, "sales_order = {:order} && quantity > 0 && line_number = 1", dbx.Params{"order": order.Id})
	if err != nil {
		return err
	}
	customer, err := feng.create(record.Customers, values{record.FieldName: order.CustomerName(), record.FieldPhone: order.Phone()})
	if err != nil {
		return err
	}
	goods := record.AsSalesItem(line)
	a.line, a.share = cmp.Or(goods.ProductLine(), claim.DefaultLine), goods.PaidFen()/goods.Quantity()
	data := values{record.FieldSalesOrder: order.Id, record.FieldCustomer: customer.Id, record.FieldNumber: fmt.Sprintf("SH-T%s-Z%02d", a.at.In(shopTime).Format("060102"), a.number),
		record.FieldKind: p.kind, record.FieldState: "submitted", record.FieldFaultClaimed: true, record.FieldDescription: p.words, record.FieldInvoiceNumber: order.InvoiceNumber(),
		record.FieldProductLine: a.line}
	maps.Copy(data, p.more)
	if a.claim, err = feng.create(record.Claims, data); err != nil {
		return err
	}
	if _, err = feng.create(record.ClaimItems, values{record.FieldClaim: a.claim.Id, record.FieldSalesItem: line.Id, record.FieldQuantity: 1}); err != nil {
		return err
	}
	return a.show(customer, p.shown)
}

// picture is what a photo of the goods in a slot shows.
func (a *asked) picture(slot string) string {
	if slot != "whole" && slot != "close" {
		return slot
	}
	line := a.line
	if _, drawn := a.shots[line+"."+slot]; !drawn {
		line = "electronics"
	}
	return line + "." + slot
}

func (a *asked) show(customer *core.Record, s shown) error {
	by, more := handOf(a.app, customer), values{record.FieldTakenAt: record.Text(a.at.Add(-10 * time.Minute))}
	if s.chat != "" {
		by = a.team["feng"]
		more[record.FieldSource], more[record.FieldSourceNote], more[record.FieldEvidenceReason] = "wechat", s.chat, s.count
	}
	for _, slot := range s.slots {
		if err := a.shots.shoot(by, a.picture(slot), slot, a.claim, more); err != nil {
			return err
		}
	}
	return nil
}

// to is one step of the claim, by the person who takes it.
func to(who, state string) func(*asked) error {
	return func(a *asked) error { return a.team[who].patch(a.claim, values{record.FieldState: state}) }
}

// judged is the verdict with its reasons (L-07).
func judged(verdict, reason string) func(*asked) error {
	return func(a *asked) error {
		return a.team["feng"].patch(a.claim, values{record.FieldVerdict: verdict, record.FieldVerdictReason: reason})
	}
}

// wanted is what the customer is asked to show (L-04).
func wanted(what string) func(*asked) error {
	return func(a *asked) error { return a.team["feng"].patch(a.claim, values{record.FieldEvidenceWanted: what}) }
}

// willPay is the customer's word that the repair will be paid (L-06).
func willPay(a *asked) error {
	return a.team["feng"].patch(a.claim, values{record.FieldPayAcknowledgedAt: record.Text(a.at)})
}

// dearer is a replacement that costs so many fen more (L-10).
func dearer(fen int64) func(*asked) error {
	return func(a *asked) error {
		return a.team["feng"].patch(a.claim, values{record.FieldReplacement: "同款大一号", record.FieldReplacementFen: a.share + fen})
	}
}

// goodsAsked is a fault of quality whose goods were asked for so long before now.
func goodsAsked(ago time.Duration) []move {
	return []move{{ago, judged("quality", "照片清楚，属于质量问题。")}, {ago, to("feng", "approved")}, {ago, to("feng", "awaiting_goods")}}
}

// parcel is a parcel of the claim. Where no clock follows, the approval is a moment younger than the demo's now.
func (a *asked) parcel(by hand, direction string) error {
	row, err := a.app.FindRecordById(record.Claims, a.claim.Id)
	if err != nil {
		return err
	}
	_, err = by.create(record.Shipments, values{record.FieldClaim: a.claim.Id, record.FieldDirection: direction, record.FieldCarrier: "顺丰速运",
		record.FieldTrackingNumber: fmt.Sprintf("SF2026%d%07d", len(direction), a.number), record.FieldSentAt: max(record.Text(a.at), record.Moment(row, record.FieldApprovedAt))})
	return err
}

// sent is the customer's parcel on its way (L-08).
func sent(ago time.Duration) []move {
	return []move{{ago, func(a *asked) error { return a.parcel(a.team["feng"], "in") }}, {ago, to("feng", "in_transit")}}
}

func arrived(ago time.Duration) []move { return []move{{ago, to("tang", "received")}} }

// checked is everything of the list ticked with its photo, the goods accepted (L-09).
func checked(ago time.Duration) []move {
	shots := map[string]string{"product": "whole", "outer_packing": "packaging"}
	return []move{{ago, func(a *asked) error {
		ticked := []string{}
		for _, thing := range claim.Shipped().Completeness {
			ticked = append(ticked, thing.Code)
			shot := a.picture(cmp.Or(shots[thing.Code], "label"))
			if err := a.shots.shoot(a.team["tang"], shot, "arrival."+thing.Code, a.claim, values{record.FieldTakenAt: record.Text(a.at)}); err != nil {
				return err
			}
		}
		return a.team["tang"].patch(a.claim, values{record.FieldTicked: ticked, record.FieldComparedAt: record.Text(a.at)})
	}}, {ago, to("tang", "accepted")}}
}

// refunded is the money on its way back, exactly what is due (L-13).
func refunded(a *asked) error {
	if err := to("song", "refund_pending")(a); err != nil {
		return err
	}
	row, err := a.app.FindRecordById(record.Claims, a.claim.Id)
	if err != nil {
		return err
	}
	_, err = a.team["song"].create(record.Refunds, values{record.FieldClaim: a.claim.Id, record.FieldKind: "refund", record.FieldFen: record.AsClaim(row).RefundDueFen(),
		record.FieldMethod: "original", record.FieldReference: fmt.Sprintf("42000026%06d", a.number)})
	return err
}

// sentOut is the replacement on its way to the customer (L-10).
func sentOut(a *asked) error {
	return steps(func() error { return a.parcel(a.team["tang"], "out") }, func() error { return to("tang", "returned")(a) })
}

// planSent is a paid repair on its way (L-06): a plan made from the photos, accepted on the telephone, the goods sent.
var planSent = slices.Concat([]move{{8 * aDay, judged("quality", "照片可见连接处松动。")}, {8 * aDay, planned}, {7 * aDay, planAgreed}, {7 * aDay, to("feng", "awaiting_goods")}}, sent(6*aDay))

// planned is the bench's plan.
func planned(a *asked) (err error) {
	a.plan, err = a.team["guo"].create(record.RepairPlans, values{record.FieldClaim: a.claim.Id, record.FieldState: "offered", record.FieldMethod: "更换连接件，重新紧固", record.FieldPriceFen: 8800, record.FieldDays: 3})
	if err != nil {
		return err
	}
	return to("guo", "plan_offered")(a)
}

// answered is the customer's word on the plan, told to an agent.
func (a *asked) answered(word string) error {
	return steps(func() error { return a.team["feng"].patch(a.plan, values{record.FieldState: word}) }, func() error { return to("feng", "plan_"+word)(a) })
}

func planAgreed(a *asked) error   { return a.answered("accepted") }
func planDeclined(a *asked) error { return a.answered("declined") }

// begun is the comparison with the photos and the beginning of the work (L-12).
func begun(a *asked) error {
	return steps(
		func() error {
			return a.team["tang"].patch(a.claim, values{record.FieldComparedAt: record.Text(a.at)})
		},
		func() error { return to("tang", "accepted")(a) },
		func() error { return to("guo", "repairing")(a) },
		func() error { return a.team["guo"].patch(a.plan, values{record.FieldState: "in_progress"}) },
	)
}

// mended is the work done: it waits for the money, and then for the way back.
func mended(a *asked) error { return a.team["guo"].patch(a.plan, values{record.FieldState: "done"}) }
