package importer

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"aftercare/internal/fault"
	"aftercare/internal/record"
	"aftercare/internal/sales"
)

func init() {
	plans[SalesOrders] = plan{columns: append(saleColumns(), saleLineColumns()...), required: [][]string{{record.FieldNumber, record.FieldExternalID}}}
}

func saleColumns() []column {
	return []column{
		{record.FieldPlatform, false, text(40), []string{"平台", "来源", "订单来源", "销售渠道", "platform", "source", "channel"}},
		{record.FieldExternalID, false, text(80), []string{"外部编号", "平台单号", "平台订单号", "外部订单号", "externalid", "platformorderno"}},
		{record.FieldRevision, false, count(1_000_000_000_000_000), []string{"版本", "版本号", "revision"}},
		{record.FieldNumber, false, text(80), []string{"订单号", "订单编号", "订单号码", "order", "orderno", "ordernumber", "orderid", "number"}},
		{record.FieldState, false, saleState, []string{"订单状态", "状态", "state", "status", "orderstatus"}},
		{record.FieldCustomerName, false, text(120), []string{"客户", "客户姓名", "姓名", "收货人", "收件人", "收货人姓名", "买家", "买家姓名", "customer", "customername", "name", "buyer", "recipient", "consignee"}},
		{record.FieldPhone, false, orderPhone, []string{"电话", "手机", "手机号", "联系电话", "联系手机", "收货电话", "收货人电话", "收货人手机", "phone", "mobile", "telephone", "tel"}},
		{record.FieldAddress, false, text(400), []string{"地址", "收货地址", "收件地址", "address", "shippingaddress"}},
		{record.FieldOrderedAt, false, moment, []string{"下单时间", "下单日期", "订单创建时间", "付款时间", "订单付款时间", "orderedat", "ordered", "ordertime", "orderdate"}},
		{record.FieldShippedAt, false, moment, []string{"发货时间", "发货日期", "shippedat", "shipped", "shipdate", "sentat"}},
		{record.FieldReceivedAt, false, moment, []string{"签收时间", "签收日期", "收货时间", "收货日期", "确认收货时间", "receivedat", "received", "deliveredat", "delivered"}},
		{record.FieldCarrier, false, text(60), []string{"快递", "快递公司", "物流公司", "承运商", "carrier", "courier"}},
		{record.FieldTrackingNumber, false, text(80), []string{"快递单号", "物流单号", "运单号", "trackingnumber", "trackingno", "tracking", "waybill"}},
		{record.FieldItemsFen, false, money, []string{"商品金额", "商品总额", "货款", "items", "itemstotal", "goods", "subtotal"}},
		{record.FieldShippingFen, false, money, []string{"运费", "邮费", "买家应付邮费", "shipping", "shippingfee", "freight", "postage"}},
		{record.FieldDiscountFen, false, money, []string{"优惠", "优惠金额", "订单优惠", "折扣", "discount", "orderdiscount"}},
		{record.FieldPaidFen, false, money, []string{"实付", "实付金额", "实付款", "买家实付", "买家实际支付金额", "订单实付", "paid", "amountpaid", "total"}},
		{record.FieldInvoiceNumber, false, text(80), []string{"发票号", "发票号码", "发票编号", "invoice", "invoiceno", "invoicenumber"}},
		{record.FieldNote, false, text(2000), []string{"备注", "订单备注", "卖家备注", "note", "notes", "remark", "remarks"}},
	}
}

func saleLineColumns() []column {
	return []column{
		{record.FieldLineNumber, true, count(10_000), []string{"行号", "明细序号", "line", "lineno", "linenumber"}},
		{record.FieldSKU, true, text(80), []string{"货号", "商家编码", "商品编码", "规格编码", "sku", "skuid", "itemno"}},
		{record.FieldName, true, text(200), []string{"商品", "商品名称", "宝贝标题", "品名", "商品标题", "item", "itemname", "product", "productname"}},
		{record.FieldProductLine, true, text(40), []string{"产品线", "类目", "品类", "productline", "category"}},
		{record.FieldQuantity, true, count(10_000), []string{"数量", "购买数量", "件数", "quantity", "qty"}},
		{record.FieldUnitFen, true, money, []string{"单价", "商品单价", "价格", "商品价格", "unitprice", "price"}},
		{record.FieldDiscountFen, true, money, []string{"商品优惠", "明细优惠", "行优惠", "分摊优惠", "linediscount", "itemdiscount"}},
		{record.FieldPaidFen, true, money, []string{"商品实付", "明细实付", "行实付", "分摊后金额", "linepaid", "itempaid"}},
		{record.FieldGift, true, yesOrNo, []string{"赠品", "是否赠品", "gift", "isgift"}},
		{record.FieldSerial, true, text(80), []string{"序列号", "机身号", "serial", "serialno", "serialnumber"}},
		{record.FieldBatchNumber, true, text(80), []string{"批次", "批次号", "batch", "batchno", "batchnumber"}},
		{record.FieldExemptions, true, exemptions, []string{"不适用退货", "不适用无理由退货", "退货限制", "exemptions", "exemption"}},
		{record.FieldAccessories, true, texts, []string{"附件", "附件和赠品", "随附物品", "accessories"}},
	}
}

// Words that stand for the values of a choice.
var (
	saleStates = map[string]string{"placed": record.SalePlaced, "paid": record.SalePlaced, "shipped": record.SalePlaced, "completed": record.SalePlaced, "已付款": record.SalePlaced,
		"待发货": record.SalePlaced, "等待卖家发货": record.SalePlaced, "已发货": record.SalePlaced, "卖家已发货": record.SalePlaced, "已签收": record.SalePlaced, "已完成": record.SalePlaced, "交易成功": record.SalePlaced,
		"cancelled": record.SaleCancelled, "canceled": record.SaleCancelled, "closed": record.SaleCancelled, "已取消": record.SaleCancelled, "交易关闭": record.SaleCancelled, "已关闭": record.SaleCancelled}
	yeses = map[string]bool{"是": true, "yes": true, "y": true, "true": true, "1": true, "赠品": true, "否": false, "no": false, "n": false, "false": false, "0": false}
	// exempt are the shipped policy's codes; what is not here stands as it is and must be a code of the line's own policy.
	exempt = map[string]string{"定制": "made_to_order", "定制商品": "made_to_order", "已使用": "worn", "拆封": "opened", "已拆封": "opened"}
)

// saleState: what is neither known as cancelled nor as anything else is an order all the same.
func saleState(cell string) (any, *fault.Fault, *fault.Fault) {
	if state, known := saleStates[key(cell)]; known {
		return state, nil, nil
	}
	return record.SalePlaced, invalid("import.state_unknown", cell), nil
}

func yesOrNo(cell string) (any, *fault.Fault, *fault.Fault) {
	if yes, known := yeses[key(cell)]; known {
		return yes, nil, nil
	}
	return nil, nil, invalid("import.choice", cell)
}

// orderPhone is kept as the platform tells it, for most of them mask it.
func orderPhone(cell string) (any, *fault.Fault, *fault.Fault) {
	return text(40)(sales.Phone(wholeNumber(cell)))
}

func texts(cell string) (any, *fault.Fault, *fault.Fault) { return listOf(cell, nil), nil, nil }

func exemptions(cell string) (any, *fault.Fault, *fault.Fault) {
	return listOf(cell, exempt), nil, nil
}

// jsonList goes into a JSON field; several columns of phones are another kind of list.
type jsonList = sales.Texts

func listOf(cell string, words map[string]string) jsonList {
	list := jsonList{}
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",;、/|\n", r) }) {
		part = strings.TrimSpace(part)
		if code, known := words[part]; known {
			part = code
		}
		if part != "" {
			list = append(list, part)
		}
	}
	return list
}

// count is a whole number up to most: "2", "2.0", "2件".
func count(most int64) parser {
	return func(cell string) (any, *fault.Fault, *fault.Fault) {
		n, err := strconv.ParseInt(strings.TrimRight(wholeNumber(cell), "件个只 "), 10, 64)
		if err != nil || n < 0 || n > most {
			return nil, nil, invalid("import.number", cell)
		}
		return n, nil, nil
	}
}

var amount = regexp.MustCompile(`^[¥￥]?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?元?$`)

// money reads yuan into fen: "1,299.00", "¥1299", "129.9元". A workbook's own arithmetic leaves dust behind the second decimal.
func money(cell string) (any, *fault.Fault, *fault.Fault) {
	m := amount.FindStringSubmatch(strings.ReplaceAll(cell, " ", ""))
	if m == nil || len(m[1]) > 13 {
		return nil, nil, invalid("import.money", cell)
	}
	yuan := strings.ReplaceAll(m[1], ",", "")
	exact, err := strconv.ParseFloat(yuan+"."+m[2]+"0", 64)
	if err != nil || exact > 1e8 || math.Abs(exact*100-math.Round(exact*100)) > 1e-4 {
		return nil, nil, invalid("import.money", cell)
	}
	return int64(math.Round(exact * 100)), nil, nil
}

// wall is a time as a clock on the shop's wall shows it; day: the day alone.
type wall struct {
	time.Time
	day bool
}

func (w wall) in(zone *time.Location) time.Time {
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, zone)
}

var (
	dayForms  = []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"}
	hourForms = []string{" 15:04:05", " 15:04", "T15:04:05", "T15:04"}
)

// moment reads a time of the shop's zone, or a day.
func moment(cell string) (any, *fault.Fault, *fault.Fault) {
	at, err := time.Time{}, error(nil)
	if n, number := strconv.ParseFloat(cell, 64); number == nil && n > 36525 && n < 73051 { // Excel's count of days, 2000 to 2100
		at, err = excelize.ExcelDateToTime(n, false)
		if err == nil {
			return wall{at.Round(time.Second), n == math.Trunc(n)}, nil, nil
		}
	}
	for _, form := range dayForms {
		if at, err = time.Parse(form, cell); err == nil && at.Year() >= 2000 && at.Year() <= 2100 {
			return wall{at, true}, nil, nil
		}
		for _, hours := range hourForms {
			if at, err = time.Parse(form+hours, cell); err == nil && at.Year() >= 2000 && at.Year() <= 2100 {
				return wall{at, false}, nil, nil
			}
		}
	}
	return nil, nil, invalid("import.date", cell)
}
