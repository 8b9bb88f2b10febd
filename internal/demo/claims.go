package demo

import (
	"cmp"
	"fmt"
	"maps"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/claim"
	"aftercare/internal/record"
)

// ask is a claim 退换修 that a customer has filed, and how far it has come.
type ask struct {
	kind, words string
	filed       time.Duration // before now
	received    time.Duration // the goods were, so long before that at the least
	more        values        // of the filing
	course      []move
}

// move is what somebody did about it so long before now.
type move struct {
	ago time.Duration
	do  func(*asked) error
}

const aDay = 24 * time.Hour

// asks is what lies on the desks in the morning: something for after-sales, the dock and the bench, and something that waits for a
// customer. Goods that were accepted are none of them: each thing needs its photo (L-09), and the demo has no camera.
var asks = []ask{
	{kind: "return", words: "打开包装就看到一处破损。", filed: 3 * time.Hour},
	{kind: "return", words: "快递员还在门口，送来的型号不对，我没收。", filed: 20 * time.Hour, more: values{record.FieldRefusedParcel: true, record.FieldMismatch: "model", record.FieldFaultClaimed: false}},
	{kind: "exchange", words: "有一处开裂，大约 6 厘米，前两天出差，今天才看到。", filed: 6 * time.Hour, received: 3 * aDay},
	{kind: "return", words: "没有毛病，就是颜色和想的不一样，想退。", filed: 26 * time.Hour, received: aDay, more: values{record.FieldFaultClaimed: false},
		course: []move{{22 * time.Hour, judged("none", "照片上商品完好，与描述一致。")}, {22 * time.Hour, to("feng", "negotiating")}}},
	{kind: "return", words: "表面有一大块掉色，擦一下就掉。", filed: 50 * time.Hour, course: goodsAsked(40 * time.Hour)},
	{kind: "exchange", words: "少一个配件，包装里没有。", filed: 3 * aDay, course: append(goodsAsked(66*time.Hour), sent(50*time.Hour)...)},
	{kind: "return", words: "接缝松了，合不上。", filed: 5 * aDay, course: append(append(goodsAsked(112*time.Hour), sent(90*time.Hour)...), arrived(2*time.Hour)...)},
	{kind: "repair", words: "用了一阵子，有一处松动，想修一修。", filed: 9 * aDay, received: 60 * aDay, course: mended},
}

// mended is a paid repair (L-06, L-12): a plan made from the photos, accepted on the telephone, the goods compared, work begun.
var mended = append(append([]move{{8 * aDay, judged("quality", "照片可见连接处松动。")}, {8 * aDay, planned}, {7 * aDay, planAgreed}, {7 * aDay, to("feng", "awaiting_goods")}},
	append(sent(6*aDay), arrived(26*time.Hour)...)...), move{25 * time.Hour, begun})

// asked is such a claim while it is played. at is the present step's time.
type asked struct {
	app    core.App
	team   map[string]hand
	claim  *core.Record
	plan   *core.Record
	number int
	at     time.Time
}

// claimOnline files the claims and takes each as far as it has come. With a clock that follows, every step is of its own time;
// without one they are all of now.
func claimOnline(app core.App, team map[string]hand, now time.Time, before *Before) error {
	used := []string{}
	for i, p := range asks {
		a := &asked{app: app, team: team, number: i + 1}
		order, err := a.order(p, now, used)
		if err != nil {
			return err
		}
		used = append(used, order.Id)
		course := append([]move{{p.filed, func(a *asked) error { return a.file(p, record.AsSalesOrder(order)) }}}, p.course...)
		for _, step := range course {
			a.at = now
			back := func() {}
			if before != nil {
				a.at = now.Add(-step.ago)
				back = before.Follow(func() time.Time { return a.at })
			}
			err := step.do(a)
			back()
			if err != nil {
				return fmt.Errorf("claim %d (%s): %w", a.number, p.words, err)
			}
		}
	}
	return nil
}

// order is the youngest order that is old enough for the claim, and nobody's yet; for a parcel refused at the door, one still on its way.
func (a *asked) order(p ask, now time.Time, used []string) (*core.Record, error) {
	rows, sort := []*core.Record{}, " DESC"
	if p.more[record.FieldRefusedParcel] != nil {
		sort = " ASC"
	}
	query := a.app.RecordQuery(record.SalesOrders).AndWhere(dbx.HashExp{record.FieldShop: a.team["feng"].actor.Shop, record.FieldState: record.SalePlaced}).
		AndWhere(dbx.NewExp("[[received_at]] < {:at}", dbx.Params{"at": record.Text(now.Add(-p.filed - p.received))})).OrderBy(record.FieldReceivedAt + sort).Limit(1)
	if sort == " DESC" {
		query = query.AndWhere(dbx.NewExp("[[received_at]] != ''"))
	}
	for _, id := range used {
		query = query.AndWhere(dbx.Not(dbx.HashExp{record.FieldID: id}))
	}
	if err := query.All(&rows); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("no order for %q", p.words)
	}
	return rows[0], nil
}

// file is the call to after-sales: the customer's file, the claim, and the first of the goods (L-02).
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
	data := values{record.FieldSalesOrder: order.Id, record.FieldCustomer: customer.Id, record.FieldNumber: fmt.Sprintf("SH-T%s-Z%02d", a.at.In(shopTime).Format("060102"), a.number),
		record.FieldKind: p.kind, record.FieldState: "submitted", record.FieldFaultClaimed: true, record.FieldDescription: p.words, record.FieldInvoiceNumber: order.InvoiceNumber(),
		record.FieldProductLine: cmp.Or(record.AsSalesItem(line).ProductLine(), claim.DefaultLine)}
	maps.Copy(data, p.more)
	if a.claim, err = feng.create(record.Claims, data); err != nil {
		return err
	}
	_, err = feng.create(record.ClaimItems, values{record.FieldClaim: a.claim.Id, record.FieldSalesItem: line.Id, record.FieldQuantity: 1})
	return err
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

// goodsAsked is a fault of quality whose goods were asked for so long before now.
func goodsAsked(ago time.Duration) []move {
	return []move{{ago, judged("quality", "照片清楚，属于质量问题。")}, {ago, to("feng", "approved")}, {ago, to("feng", "awaiting_goods")}}
}

// sent is the customer's parcel on its way (L-08).
func sent(ago time.Duration) []move {
	return []move{{ago, func(a *asked) error {
		row, err := a.app.FindRecordById(record.Claims, a.claim.Id)
		if err != nil {
			return err
		}
		// Where no clock follows, the approval is a moment younger than the demo's now.
		at := max(record.Text(a.at), record.Moment(row, record.FieldApprovedAt))
		_, err = a.team["feng"].create(record.Shipments, values{record.FieldClaim: a.claim.Id, record.FieldDirection: "in", record.FieldCarrier: "顺丰速运",
			record.FieldTrackingNumber: fmt.Sprintf("SF20261%07d", a.number), record.FieldSentAt: at})
		return err
	}}, {ago, to("feng", "in_transit")}}
}

func arrived(ago time.Duration) []move { return []move{{ago, to("tang", "received")}} }

// planned is the bench's plan, made from the photos (L-06).
func planned(a *asked) (err error) {
	a.plan, err = a.team["guo"].create(record.RepairPlans, values{record.FieldClaim: a.claim.Id, record.FieldState: "offered", record.FieldMethod: "更换连接件，重新紧固", record.FieldPriceFen: 8800, record.FieldDays: 3})
	if err != nil {
		return err
	}
	return to("guo", "plan_offered")(a)
}

func planAgreed(a *asked) error {
	return steps(func() error { return a.team["feng"].patch(a.plan, values{record.FieldState: "accepted"}) }, func() error { return to("feng", "plan_accepted")(a) })
}

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
