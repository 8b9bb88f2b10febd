package demo

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// ask is a claim 退换修 that a customer has filed, and how far it has come.
type ask struct {
	kind, words string
	filed       time.Duration // before now
	received    time.Duration // the goods were, so long before that at the least
	more        values        // of the filing
	shown       shown
	course      []move
}

// move is what somebody did about it so long before now.
type move struct {
	ago time.Duration
	do  func(*asked) error
}

const aDay = 24 * time.Hour

// asks is what lies on the desks in the morning: something for after-sales, the dock, the bench and finance at each step, and
// something that waits for a customer.
var asks = []ask{
	{kind: "return", words: "打开包装就看到一处破损。", filed: 3 * time.Hour, shown: all},
	{kind: "return", words: "快递员还在门口，送来的型号不对，我没收。", filed: 20 * time.Hour, shown: byChat("客户在门口用微信发来，还没有登录申请页。", "微信里看得到发送时间，与拒收时间一致。"), more: values{record.FieldRefusedParcel: true, record.FieldMismatch: "model", record.FieldFaultClaimed: false}},
	{kind: "exchange", words: "有一处开裂，大约 6 厘米，前两天出差，今天才看到。", filed: 6 * time.Hour, received: 3 * aDay, shown: byChat("客户手机打不开申请页，发在微信里。", "")},
	{kind: "return", words: "没有毛病，就是颜色和想的不一样，想退。", filed: 26 * time.Hour, received: aDay, more: values{record.FieldFaultClaimed: false}, shown: shown{slots: []string{"whole", "label", "packaging"}},
		course: []move{{22 * time.Hour, judged("none", "照片上商品完好，与描述一致。")}, {22 * time.Hour, to("feng", "negotiating")}}},
	{kind: "return", words: "有一边好像歪了，拍得不清楚。", filed: 30 * time.Hour, shown: shown{slots: []string{"whole"}},
		course: []move{{28 * time.Hour, wanted("请在光线好的地方补拍问题部位的近照和标签。")}, {28 * time.Hour, to("feng", "evidence_needed")}}},
	{kind: "exchange", words: "边上磨花了，一拆开就是这样。", filed: 8 * time.Hour, shown: all, course: []move{{time.Hour, judged("quality", "照片清楚，属于质量问题。")}, {time.Hour, to("feng", "approved")}}},
	{kind: "return", words: "表面有一大块掉色，擦一下就掉。", filed: 50 * time.Hour, shown: all, course: goodsAsked(40 * time.Hour)},
	{kind: "exchange", words: "少一个配件，包装里没有。", filed: 3 * aDay, shown: all, course: slices.Concat(goodsAsked(66*time.Hour), sent(50*time.Hour))},
	{kind: "return", words: "接缝松了，合不上。", filed: 5 * aDay, shown: all, course: slices.Concat(goodsAsked(112*time.Hour), sent(90*time.Hour), arrived(2*time.Hour))},
	{kind: "return", words: "用了两天就裂开一道口子。", filed: 6 * aDay, shown: all, course: slices.Concat(goodsAsked(130*time.Hour), sent(100*time.Hour), arrived(5*time.Hour), checked(4*time.Hour))},
	{kind: "exchange", words: "这一件有划痕，想加钱换大一号。", filed: 7 * aDay, shown: all, course: slices.Concat([]move{{6 * aDay, dearer(8000)}}, goodsAsked(6*aDay), sent(5*aDay), arrived(26*time.Hour), checked(25*time.Hour), []move{{24 * time.Hour, to("tang", "awaiting_payment")}})},
	{kind: "exchange", words: "颜色染花了，想换一件一样的。", filed: 8 * aDay, shown: all, course: slices.Concat(goodsAsked(7*aDay), sent(6*aDay), arrived(30*time.Hour), checked(29*time.Hour), []move{{28 * time.Hour, to("tang", "exchange_pending")}})},
	{kind: "return", words: "开线了，线头一拉就散。", filed: 9 * aDay, shown: all, course: slices.Concat(goodsAsked(8*aDay), sent(7*aDay), arrived(50*time.Hour), checked(49*time.Hour), []move{{22 * time.Hour, refunded}})},
	{kind: "exchange", words: "收到时一角碎了。", filed: 10 * aDay, shown: all,
		course: slices.Concat(goodsAsked(9*aDay), sent(8*aDay), arrived(4*aDay), checked(4*aDay), []move{{4 * aDay, to("tang", "exchange_pending")}, {3 * aDay, sentOut}})},
	{kind: "return", words: "装好就发现一条裂缝。", filed: 12 * aDay, shown: all,
		course: slices.Concat(goodsAsked(11*aDay), sent(10*aDay), arrived(7*aDay), checked(7*aDay), []move{{6 * aDay, refunded}, {6 * aDay, to("song", "completed")}})},
	{kind: "repair", words: "用久了边上磨损，想问问能不能修。", filed: 28 * time.Hour, received: 60 * aDay, shown: all, course: []move{{26 * time.Hour, judged("none", "照片可见正常磨损。")}, {25 * time.Hour, planned}}},
	{kind: "repair", words: "合页松了，门关不严。", filed: 44 * time.Hour, received: 60 * aDay, shown: all,
		course: []move{{40 * time.Hour, judged("quality", "照片可见合页松动。")}, {38 * time.Hour, planned}, {2 * time.Hour, planAgreed}}},
	{kind: "repair", words: "按钮按不下去，想先知道要多少钱。", filed: 5 * time.Hour, received: 60 * aDay, shown: all, course: []move{{4 * time.Hour, judged("quality", "照片和描述足够判断。")}}},
	{kind: "repair", words: "内衬破了一块，先寄来看看。", filed: 9 * aDay, received: 60 * aDay, shown: all,
		course: slices.Concat([]move{{8 * aDay, willPay}, {8 * aDay, judged("none", "照片看不出里面的情况，先寄来检查。")}, {8 * aDay, to("feng", "approved")}, {8 * aDay, to("feng", "awaiting_goods")}}, sent(7*aDay), arrived(30*time.Hour),
			[]move{{28 * time.Hour, planned}, {5 * time.Hour, planDeclined}})},
	{kind: "repair", words: "用了一阵子，有一处松动，想修一修。", filed: 9 * aDay, received: 60 * aDay, shown: all, course: slices.Concat(planSent, arrived(26*time.Hour), []move{{25 * time.Hour, begun}})},
	{kind: "repair", words: "拉不动了，卡在一半。", filed: 11 * aDay, received: 60 * aDay, shown: all, course: slices.Concat(planSent, arrived(4*aDay), []move{{4 * aDay, begun}, {6 * time.Hour, mended}})},
}

// asked is such a claim while it is played. at is the present step's time.
type asked struct {
	app    core.App
	team   map[string]hand
	shots  roll
	claim  *core.Record
	line   string // of the goods: which pictures show them
	share  int64  // paid for what comes back, fen
	plan   *core.Record
	number int
	at     time.Time
}

// claimOnline files the claims and takes each as far as it has come. With a clock that follows, every step is of its own time;
// without one they are all of now.
func claimOnline(app core.App, team map[string]hand, shots roll, now time.Time, before *Before) error {
	used := []string{}
	for i, p := range asks {
		a := &asked{app: app, team: team, shots: shots, number: i + 1}
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
