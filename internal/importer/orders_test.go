package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"aftercare/internal/apptest"
	"aftercare/internal/importer"
	"aftercare/internal/record"
)

const orderHead = "订单号,平台,收货人,手机,下单时间,签收时间,运费,实付金额,商品名称,数量,单价,产品线,赠品,附件\n"

// orderRows is two orders of three rows, the second over two lines that stand apart.
const orderRows = orderHead +
	"A-1,天猫,林小雨,138****8001,2026-11-01 10:00:00,2026-11-05,0,\"1,299.00\",真皮手提包,1,\"¥1,299.00\",,否,防尘袋、肩带\n" +
	"A-2,京东,周航,13800138002,2026/11/02 09:30,,8,103.50,钱包,1,99.00,,,\n" +
	"A-1,天猫,林小雨,138****8001,2026-11-01 10:00:00,2026-11-05,0,\"1,299.00\",保养油,1,0,,是,\n" +
	"A-2,京东,周航,13800138002,2026/11/02 09:30,,8,103.50,卡包,1,6.50,,,\n"

func (s house) sale(number string) (*record.SalesOrder, string) {
	s.t.Helper()
	rec, err := s.App.FindFirstRecordByData(record.SalesOrders, record.FieldNumber, number)
	if err != nil {
		s.t.Fatal(err)
	}
	rows, err := s.App.FindAllRecords(record.SalesItems, dbx.HashExp{record.FieldSalesOrder: rec.Id})
	if err != nil {
		s.t.Fatal(err)
	}
	lines := ""
	for _, row := range rows {
		i := record.AsSalesItem(row)
		lines += fmt.Sprintf("%d %s %d×%d=%d;", i.LineNumber(), i.Name(), i.Quantity(), row.GetInt(record.FieldUnitFen), i.PaidFen())
	}
	return record.AsSalesOrder(rec), lines
}

func TestImportOrders(t *testing.T) {
	s := newHouse(t)
	t.Run("L-02 orders of many rows go in, every fen on a line", func(t *testing.T) {
		got, found := s.run(importer.SalesOrders, []byte(orderRows))
		if got != (importer.Totals{Created: 4}) || len(found) != 0 {
			t.Fatal(got, found)
		}
		first, lines := s.sale("A-1")
		if first.State() != record.SalePlaced || first.PaidFen() != 129900 || lines != "1 真皮手提包 1×129900=129900;2 保养油 1×0=0;" || first.Phone() != "138****8001" {
			t.Errorf("%s %d %s %s", first.State(), first.PaidFen(), lines, first.Phone())
		}
		if got := first.ReceivedAt(); got != "2026-11-05 15:59:59.000Z" {
			t.Errorf("L-03 a day of receipt counts to its end, shop time: %s", got)
		}
		second, lines := s.sale("A-2")
		if second.DiscountFen() != 1000 || second.PaidFen() != 10350 || lines != "1 钱包 1×9900=8962;2 卡包 1×650=588;" {
			t.Errorf("L-13 paid tells the discount: %d %s", second.DiscountFen(), lines)
		}
	})
	t.Run("L-02 the same sheet again changes nothing, in whatever coding", func(t *testing.T) {
		before := s.head()
		gbk, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(orderRows))
		if err != nil {
			t.Fatal(err)
		}
		for _, sheet := range [][]byte{[]byte(orderRows), gbk} {
			if got, found := s.run(importer.SalesOrders, sheet); got != (importer.Totals{Unchanged: 4}) || s.head() != before {
				t.Error(got, found, s.head()-before)
			}
		}
	})
	t.Run("L-03 a sheet of receipts alone leaves the lines as they are", func(t *testing.T) {
		got, found := s.run(importer.SalesOrders, []byte("平台,订单号,签收时间\n京东,A-2,2026-11-06 14:00:00\n"))
		if o, lines := s.sale("A-2"); got.Updated != 1 || o.ReceivedAt() != "2026-11-06 06:00:00.000Z" || !strings.HasPrefix(lines, "1 钱包 1×9900") {
			t.Error(got, found, o.ReceivedAt(), lines)
		}
	})
	t.Run("L-13 another amount is an update", func(t *testing.T) {
		got, found := s.run(importer.SalesOrders, []byte("平台,订单号,实付\n京东,A-2,100\n"))
		if o, lines := s.sale("A-2"); got.Updated != 1 || o.PaidFen() != 10000 || o.State() != record.SalePlaced || lines != "1 钱包 1×9900=8633;2 卡包 1×650=567;" {
			t.Error(got, found, o.PaidFen(), lines)
		}
	})
}

func TestImportOrdersRefusesRows(t *testing.T) {
	s := newHouse(t)
	sheet := orderHead +
		"B-1,天猫,甲,1,2026-11-01,,0,10,包,1,10,,,\n" +
		"B-2,天猫,乙,1,2026-11-01,,0,20,包,1,十块,,,\n" + // 3
		"B-2,天猫,乙,1,2026-11-01,,0,20,带,1,10,,,\n" + // 4
		",天猫,丙,1,2026-11-01,,0,10,包,1,10,,,\n" + // 5
		"B-3,天猫,丁,1,2026-11-01,,0,11,包,1,10,,,\n" + // 6: beside the stray row
		"B-4,天猫,戊,1,2026-11-01,,0,11,包,1,10,,,\n" + // 7: paid more than it costs
		"B-5,天猫,己,1,2026-11-01,,0,10,包,1,10,游艇,,\n" + // 8
		"B-6,天猫,庚,1,2026-11-01,,0,10,包,1,10,,,\n" + // 9
		"B-6,天猫,庚,1,2026-11-01,,0,12,带,1,10,,,\n" + // 10
		"B-7,天猫,辛,1,2026-11-01,2036-11-01,0,10,包,1,10,,,\n" + // 11
		"B-8,天猫,壬,1,2026-11-01,,0,-10,包,1,10,,,\n" + // 12
		"B-9,天猫,\"=HYPERLINK(\"\"http://x\"\")\",1,2026-11-01,,0,10,@SUM(A1),1,10,,,\n" // 13
	got, found := s.run(importer.SalesOrders, []byte(sheet))
	want := map[int]string{3: "import.money", 4: "import.order_broken", 5: "import.no_order_number", 6: "import.order_broken", 7: "sale.paid_differs", 8: "claim.line_unknown",
		9: "import.order_broken", 10: "import.order_differs", 11: "sale.future", 12: "import.money"}
	for line, code := range want {
		if len(found[line]) != 1 || found[line][0].Fault.Code != code || found[line][0].Fault.Message("zh") == code {
			t.Errorf("L-02 line %d: %v, want %s", line, found[line], code)
		}
		delete(found, line)
	}
	if len(found[2]) != 0 || got.Created != 2 || got.Refused != 10 {
		t.Errorf("L-02 %+v, %v", got, found)
	}
	if found := s.column(sheet, 7); found != "实付金额" {
		t.Errorf("L-02 line 7 is about %q", found)
	}
	t.Run("L-02 a formula is text", func(t *testing.T) {
		if o, lines := s.sale("B-9"); o.CustomerName() != `=HYPERLINK("http://x")` || !strings.Contains(lines, "@SUM(A1)") {
			t.Error(o.CustomerName(), lines)
		}
	})
}

// A sheet that makes an order smaller than what has gone back for it is refused in that row alone; the order stands (L-13).
func TestImportOrdersAfterRefund(t *testing.T) {
	s := newHouse(t)
	number := s.Day(apptest.SH).OrderRefunded().Number()
	got, found := s.run(importer.SalesOrders, []byte("平台,订单号,收货人,实付,商品名称,数量,单价\ntmall,"+number+",,98.99,,,\ntmall,C-1,周航,10,包,1,10\n"))
	if len(found[2]) != 1 || found[2][0].Fault.Code != "sale.below_refunds" || found[2][0].Column != "实付" || got.Created != 1 || got.Refused != 1 {
		t.Errorf("%+v %v", got, found)
	}
	if o, lines := s.sale(number); o.PaidFen() != 20600 || o.State() != record.SalePlaced || lines != "1 真皮手提包 2×9900=19800;" {
		t.Error(o.State(), o.PaidFen(), lines)
	}
}

func (s house) column(sheet string, line int) string {
	_, found := s.run(importer.SalesOrders, []byte(sheet))
	return found[line][0].Column
}

func TestImportOrdersFromExcel(t *testing.T) {
	s := newHouse(t)
	book := excelize.NewFile()
	for i, row := range [][]any{
		{"Order no.", "Customer", "Ordered", "Received", "Paid", "Item", "Qty", "Price"},
		{"X-1", "Lin", 45966.4375, 45968, 99.9, "Bag", 3, 33.3},
	} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	data, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	got, found := s.run(importer.SalesOrders, data.Bytes())
	if got.Created != 1 || len(found) != 0 {
		t.Fatal(got, found)
	}
	o, lines := s.sale("X-1")
	if at := record.Moment(o.Record, record.FieldOrderedAt); at != "2025-11-05 02:30:00.000Z" || o.ReceivedAt() != "2025-11-07 15:59:59.000Z" || lines != "1 Bag 3×3330=9990;" {
		t.Errorf("L-02 %s %s %s", at, o.ReceivedAt(), lines)
	}
}
