package demo

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/calendar"
	"aftercare/internal/claim"
	"aftercare/internal/record"
	"aftercare/internal/sales"
)

// What was sold online: a handful is there when the demo opens, the rest follows while it is open (SellRest).
const (
	allOrders = 2000
	fewOrders = 40
)

// product is something the shop sells online. fen is its price; line the product line whose policy of claims holds.
type product struct {
	sku, name, line string
	fen             int64
	exempt          string
	accessories     sales.Texts
}

var products = []product{
	{"XB-101", "头层牛皮手提包", "leather", 129900, "", sales.Texts{"防尘袋", "肩带", "保养卡"}},
	{"XB-102", "托特包 大号", "leather", 89900, "", sales.Texts{"防尘袋"}},
	{"XB-207", "长款钱包", "leather", 39900, "", sales.Texts{"礼品盒"}},
	{"XB-310", "刻字卡包", "leather", 19900, "made_to_order", nil},
	{"JJ-400", "实木衣柜 双光门板", "furniture", 468000, "made_to_order", sales.Texts{"五金包", "安装图"}},
	{"JJ-412", "餐椅 一对", "furniture", 79900, "", sales.Texts{"五金包"}},
	{"JJ-430", "床头柜", "furniture", 59900, "", sales.Texts{"五金包"}},
	{"DQ-12", "行车记录仪 SE-12", "electronics", 45900, "opened", sales.Texts{"车充", "数据线", "存储卡"}},
	{"DQ-20", "车载吸尘器", "electronics", 26900, "", sales.Texts{"吸头套装", "收纳袋"}},
	{"DQ-31", "胎压监测器", "electronics", 32900, "", sales.Texts{"传感器 ×4"}},
	{"YP-05", "全包围脚垫", "", 38800, "", nil},
	{"YP-09", "四季坐垫", "", 52800, "", sales.Texts{"固定扣"}},
}

var present = product{"ZP-01", "皮革保养油（赠品）", "leather", 0, "", nil}

var (
	platforms = []string{"天猫", "京东", "抖音", "自营商城"}
	carriers  = []string{"顺丰速运", "京东物流", "中通快递"}
	families  = []string{"林", "周", "沈", "陆", "顾", "徐", "朱", "秦", "许", "何", "吕", "施", "张", "孔", "曹", "严"}
	givens    = []string{"小雨", "航", "静怡", "志远", "晓东", "梦洁", "子涵", "建国", "思琪", "浩然", "雅婷", "明轩"}
	discounts = []int64{0, 0, 0, 500, 1000, 2050, 5000}
)

// sellOnline tells the shop of its orders as the platforms would have, the last fourteen months up to now: the same orders every
// time, at the same distance from now. Here are the first of them, with the policies of their product lines. A third of them arrived in the last forty
// days, of the first ones two thirds, so that every window of the law of claims is met.
func sellOnline(app core.App, manager hand, now time.Time) error {
	for _, line := range []struct {
		name   string
		period calendar.Period
	}{{"leather", calendar.Period{Count: 7, Unit: calendar.Workday}}, {"furniture", calendar.Period{Count: 7, Unit: calendar.Day}}, {"electronics", calendar.Period{Count: 15, Unit: calendar.Day}}} {
		if err := lineOfClaims(manager, line.name, line.period); err != nil {
			return err
		}
	}
	return sell(app, manager.actor.Shop, now, 0, fewOrders)
}

// SellRest tells the demo's shop of the orders that Load has left out, in small transactions with a pause between, so that people
// work meanwhile; begun again, it goes on where it was stopped. A database that is no demo's, or that has them all, is left alone.
func SellRest(ctx context.Context, app core.App, now time.Time, pause time.Duration) error {
	shop, err := app.FindFirstRecordByData(record.Shops, record.FieldCode, "SH")
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	sold, err := app.CountRecords(record.SalesOrders, dbx.HashExp{record.FieldShop: shop.Id})
	if err != nil || sold < fewOrders {
		return err
	}
	for from := int(sold); from < allOrders && ctx.Err() == nil; from += fewOrders {
		err := app.RunInTransaction(func(tx core.App) error { return sell(tx, shop.Id, now, from, min(from+fewOrders, allOrders)) })
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	return nil
}

// sell tells of the orders from one place in their sequence up to another.
func sell(app core.App, shop string, now time.Time, from, to int) error {
	actor := record.System(shop)
	actor.Door = record.DoorImport
	in := &sales.Intake{Shop: shop, Actor: actor, Now: now}
	for i := from; i < to; i++ {
		if _, err := in.Put(app, orderOnline(rand.New(rand.NewSource(int64(i))), i, now)); err != nil {
			return fmt.Errorf("order %d: %w", i, err)
		}
	}
	return nil
}

// lineOfClaims is a product line's own policy: the shipped one with another time to return.
func lineOfClaims(manager hand, name string, period calendar.Period) error {
	policy := claim.Shipped()
	policy.Line, policy.Return = name, period
	raw, err := json.Marshal(policy)
	if err != nil {
		return err
	}
	revision, err := manager.app.CountRecords(record.Policies)
	if err != nil {
		return err
	}
	_, err = manager.create(record.Policies, values{record.FieldKind: record.ClaimLine, record.FieldRevision: revision + 1, record.FieldData: json.RawMessage(raw), record.FieldActive: true})
	return err
}

func orderOnline(random *rand.Rand, i int, now time.Time) sales.Order {
	age := time.Duration(random.Int63n(int64(420 * 24 * time.Hour)))
	if i%3 == 0 || i < fewOrders && i%3 == 1 {
		age = time.Duration(random.Int63n(int64(40 * 24 * time.Hour)))
	}
	received := now.Add(-age).Truncate(time.Second)
	ordered := received.Add(-time.Duration(30+random.Intn(90)) * time.Hour)
	shipped := ordered.Add(time.Duration(2+random.Intn(24)) * time.Hour)
	number := fmt.Sprintf("%s%05d", ordered.In(shopTime).Format("060102"), i+1)
	fields := sales.Fields{record.FieldPlatform: platforms[random.Intn(len(platforms))], record.FieldExternalID: number, record.FieldNumber: number,
		record.FieldRevision: int64(1), record.FieldCustomerName: families[random.Intn(len(families))] + givens[random.Intn(len(givens))],
		record.FieldPhone: fmt.Sprintf("139%08d", 10_000_000+random.Intn(80_000_000)), record.FieldOrderedAt: record.Text(ordered)}
	o := sales.Order{Fields: fields, Cancelled: random.Intn(33) == 0}
	if random.Intn(25) != 0 {
		fields[record.FieldShippedAt], fields[record.FieldReceivedAt] = record.Text(shipped), record.Text(received)
		fields[record.FieldCarrier], fields[record.FieldTrackingNumber] = carriers[random.Intn(len(carriers))], fmt.Sprintf("SF%012d", random.Int63n(1e12))
		fields[record.FieldInvoiceNumber] = fmt.Sprintf("%08d", 24_000_000+i)
	}
	var goods int64
	for range 1 + random.Intn(5)/3 {
		p := products[random.Intn(len(products))]
		quantity := int64(1 + random.Intn(8)/7)
		goods += quantity * p.fen
		o.Lines = append(o.Lines, lineOnline(p, quantity))
	}
	if random.Intn(6) == 0 {
		o.Lines = append(o.Lines, lineOnline(present, 1))
	}
	fields[record.FieldDiscountFen] = discounts[random.Intn(len(discounts))]
	if goods < 30000 {
		fields[record.FieldShippingFen] = int64(1200)
	}
	return o
}

func lineOnline(p product, quantity int64) sales.Fields {
	line := sales.Fields{record.FieldSKU: p.sku, record.FieldName: p.name, record.FieldProductLine: p.line, record.FieldQuantity: quantity, record.FieldUnitFen: p.fen, record.FieldGift: p.fen == 0}
	if p.exempt != "" {
		line[record.FieldExemptions] = sales.Texts{p.exempt}
	}
	if len(p.accessories) > 0 {
		line[record.FieldAccessories] = p.accessories
	}
	return line
}
