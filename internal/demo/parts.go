package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// catalogue is the store of the demo, one part a line: number, name, class, unit, price and cost in yuan, minimum,
// shelf, in the parts store, in the workshop store, days since it last moved, days to deliver, substitutes.
const catalogue = `06L115562B|机油滤清器|A|个|48|22|20|A-01-1|46|4|1|2|06L115562C
06L115562C|机油滤清器（副厂）|A|个|32|14|10|A-01-2|25|0|6|2|
G052167M2|全合成机油 5W-40|A|L|88|46|60|A-01-4|180|24|1|2|G055167M2
G055167M2|全合成机油 0W-20|A|L|98|52|40|A-01-5|96|12|1|2|
5Q0129620D|空气滤清器|A|个|96|45|10|A-02-1|22|0|2|2|
5Q0819653|空调滤清器|A|个|118|52|12|A-02-2|30|0|1|2|5Q0819644
5Q0819644|空调滤清器（活性炭）|A|个|158|70|6|A-02-3|14|0|3|2|
06K905601D|火花塞|A|个|86|40|16|A-02-4|40|8|2|2|
N90813202|放油螺栓垫圈|A|个|6|1|40|A-02-6|120|40|1|2|
KIT-10K|10,000 km 保养套件|A|套|368|210|4|A-03-1|9|0|1|3|
KIT-20K|20,000 km 保养套件|A|套|456|260|4|A-03-2|8|0|2|3|
KIT-30K|30,000 km 保养套件|A|套|426|240|4|A-03-3|7|0|2|3|
KIT-40K|40,000 km 保养套件|A|套|486|280|4|A-03-4|8|0|1|3|
KIT-50K|50,000 km 保养套件|A|套|526|300|4|A-03-5|6|0|1|3|
KIT-60K|60,000 km 保养套件|B|套|886|520|2|A-03-6|3|0|4|3|
5Q0698151|前刹车片|B|套|980|560|4|A-04-1|2|0|1|3|5Q0698151Q
5Q0698151Q|前刹车片（副厂陶瓷）|B|套|620|330|2|A-04-2|6|0|9|3|
5Q0698451|后刹车片|B|套|760|420|4|A-04-3|7|0|5|3|
5Q0615301F|前刹车盘|B|对|1320|780|2|A-04-4|3|0|1|4|5Q0615301G
5Q0615301G|前刹车盘（副厂）|B|对|860|470|1|A-04-5|2|0|40|4|
5Q0615601E|后刹车盘|B|对|1180|690|2|A-04-6|4|0|12|4|
B000750M3|制动液 DOT4|A|L|58|26|12|A-04-8|28|6|2|2|
5Q0413031|左前减振器|C|支|960|560|0|A-05-1|0|0|20|5|5Q0413031N
5Q0413032|右前减振器|C|支|960|560|0|A-05-2|1|0|20|5|
5Q0413031N|左前减振器（副厂）|C|支|620|340|0|A-05-3|0|0|60|5|
5Q0512013|后减振器|C|支|780|450|0|A-05-4|2|0|95|5|
5Q0407151|前下摆臂|C|支|1260|720|0|A-05-6|1|0|130|6|
5Q0423810|转向横拉杆|C|支|540|300|0|A-05-7|2|0|70|6|
000915105DE|蓄电池 70Ah|B|个|780|480|3|B-01-1|4|0|1|2|000915105DB
000915105DB|蓄电池 60Ah|B|个|660|400|2|B-01-2|3|0|15|2|
5G1998002A|雨刮片（对）|A|套|168|72|8|B-01-4|16|0|1|2|
5Q0955453|风窗清洗液|A|瓶|28|9|24|B-01-5|60|12|1|2|
G013A8JM1|冷却液浓缩液|A|L|68|30|24|B-01-6|50|10|3|2|
KT-AC-01|空调清洗剂套装|A|套|198|88|4|B-01-8|9|0|1|3|
5Q0411315|前稳定杆连杆|B|支|286|150|2|B-02-1|6|0|8|4|
5Q0199262|发动机支架|C|个|1480|860|0|B-02-3|1|0|200|7|
06K121011B|水泵总成|C|个|1860|1080|0|B-02-4|1|0|220|7|
06H109467|正时链条张紧器|C|个|1240|700|0|B-02-5|1|0|260|7|
06K145100|涡轮增压器|D|个|9800|6400|0|B-02-7|0|0|0|15|
0AM300012|双离合变速箱机电单元|D|个|12600|8200|0|B-02-8|0|0|0|20|
5NA941005|左前大灯（LED）|D|个|6800|4300|0|B-03-1|1|0|310|10|
5NA941006|右前大灯（LED）|D|个|6800|4300|0|B-03-2|0|0|0|10|
5NA945095|左尾灯|C|个|1280|760|0|B-03-3|1|0|190|8|
5NA807217|前保险杠皮|C|个|2360|1400|0|B-04-1|1|0|150|8|
5NA807421|后保险杠皮|C|个|2280|1350|0|B-04-2|0|0|0|8|
5NA821105|左前翼子板|C|个|1680|980|0|B-04-3|0|0|0|8|
5NA857507|左后视镜总成|C|个|1960|1180|0|B-04-4|1|0|110|7|
5NA837461|左前门玻璃|C|块|860|480|0|B-04-6|0|0|0|8|
5Q0601027|铝合金轮毂 17 寸|C|个|1580|920|0|B-05-1|2|0|160|7|
TYR-2155517|轮胎 215/55 R17|B|条|720|480|4|B-05-3|12|0|2|3|
TYR-2255018|轮胎 225/50 R18|B|条|960|650|4|B-05-4|8|0|6|3|
N0138157|轮胎螺栓|A|个|12|4|20|B-05-6|80|20|4|2|
5Q0919275|倒车雷达探头|B|个|318|170|2|B-06-1|5|0|25|4|
5Q0906262|氧传感器|C|个|880|520|0|B-06-2|1|0|80|6|
04E906051|进气压力传感器|B|个|420|230|1|B-06-3|2|0|45|5|
5Q0959455|散热风扇总成|C|个|1760|1020|0|B-06-5|0|0|0|7|
1K0505323|通用卡扣|A|个|3|1|100|B-07-1|420|60|1|2|
D179601M2|防松胶|A|支|46|20|4|B-07-2|9|2|18|3|
G000650|多功能润滑脂|A|支|38|15|6|B-07-3|14|4|7|3|
5QM035869|行车记录仪（原厂）|B|套|980|560|1|B-07-5|3|0|100|5|`

// partOf names the part of each car of the plan, by its place there.
var partOf = map[int]string{0: "KIT-30K", 1: "KT-AC-01", 3: "KIT-20K", 4: "KIT-60K", 5: "5G1998002A", 6: "5Q0615301F", 7: "5Q0413031", 8: "KIT-40K",
	9: "KIT-50K", 10: "000915105DE", 11: "KIT-10K"}

// store is the parts store of the morning.
type store struct {
	*morning
	parts map[string]*core.Record
	names map[string]string
}

// openStore fills the shelves: every part with an opening move that is as old as the part has lain there.
func (m *morning) openStore() error {
	m.store = &store{morning: m, parts: map[string]*core.Record{}, names: map[string]string{}}
	for line := range strings.Lines(catalogue) {
		f := strings.Split(strings.TrimSpace(line), "|")
		if err := m.store.shelve(f); err != nil {
			return fmt.Errorf("part %s: %w", f[0], err)
		}
	}
	return m.store.tools()
}

func (s *store) shelve(f []string) error {
	n := func(i int) int { var v int; _, _ = fmt.Sscan(f[i], &v); return v }
	sun := s.team["sun"]
	substitutes := []string{}
	if f[12] != "" {
		substitutes = append(substitutes, f[12])
	}
	workshop := ""
	if n(9) > 0 {
		workshop = "W-" + f[7][:4]
	}
	part, err := sun.create(record.Parts, values{"number": f[0], "name": f[1], "class": f[2], "unit": f[3], "price_fen": n(4) * 100, "cost_fen": n(5) * 100, "minimum_milli": n(6) * 1000,
		"shelf": f[7], "workshop_shelf": workshop, "barcode": f[0], "grade": grade(f[1]), "supplier": "原厂配件中心", "lead_days": n(11), "substitutes": substitutes, "active": true})
	if err != nil {
		return err
	}
	s.parts[f[0]], s.names[f[0]] = part, f[1]
	for place, quantity := range map[string]int{"store": n(8), "workshop": n(9)} {
		if quantity == 0 {
			continue
		}
		if _, err := sun.create(record.StockMoves, values{"kind": "adjust", "part": part.Id, "quantity_milli": quantity * 1000, "to_place": place, "reason": "期初库存",
			"moved_at": s.at(time.Duration(n(10)) * 24 * time.Hour)}); err != nil {
			return err
		}
	}
	return nil
}

func grade(name string) string {
	if strings.Contains(name, "副厂") {
		return "aftermarket"
	}
	return "genuine"
}

// tools are in their place but two: one is lent, one overdue since yesterday.
func (s *store) tools() error {
	sun := s.team["sun"]
	for i, name := range []string{"活塞复位器", "减振器弹簧压缩器", "正时工具套装", "轴承拉拔器", "诊断仪 VAS 6154", "冷媒回收机钥匙", "维修手册：底盘", "维修手册：电气"} {
		kind := "tool"
		if strings.HasPrefix(name, "维修手册") {
			kind = "book"
		}
		tool, err := sun.create(record.Tools, values{"number": fmt.Sprintf("T-%02d", i+1), "name": name, "kind": kind, "shelf": fmt.Sprintf("T-%d", i/4+1), "active": true})
		if err != nil {
			return err
		}
		if i > 1 {
			continue
		}
		lent := []time.Duration{2 * time.Hour, 26 * time.Hour}[i]
		who := []string{"ma", "yang"}[i]
		if _, err := sun.create(record.ToolLoans, values{"tool": tool.Id, "borrower": s.team[who].actor.ID, "lent_at": s.at(lent), "due_at": s.at(lent - 9*time.Hour), "state": "lent"}); err != nil {
			return err
		}
	}
	return nil
}

// line is the part line of a car of the plan, at the price the plan says.
func (s *store) line(i int, fen int64) values {
	number := partOf[i]
	unit := "套"
	if part := s.parts[number]; part != nil {
		unit = part.GetString(record.FieldUnit)
	}
	return values{"name": s.names[number], "number": number, "quantity_milli": 1000, "unit": unit, "unit_fen": fen, "origin": "shop", "grade": "genuine"}
}

// fetchParts hands the car's part out at the counter, or orders it when there is none (P-02, B-06, W-04).
func (v *visit) fetchParts(i int) error {
	part := v.store.parts[partOf[i]]
	if part == nil {
		return nil
	}
	sun, of := v.team["sun"], values{"part": part.Id, "visit": v.row.Id, "work_order": v.order.Id, "job": v.job.Id, "quantity_milli": 1000}
	with := func(more values) values {
		for k, x := range of {
			more[k] = x
		}
		return more
	}
	if v.stage == pausedForPart {
		order, err := sun.create(record.PurchaseOrders, with(values{"cause": "shortage", "state": "proposed", "supplier": "原厂配件中心", "unit_fen": part.GetInt(record.FieldPriceFen), "expected_on": v.at(-48 * time.Hour)}))
		if err != nil {
			return err
		}
		return steps(
			func() error {
				return v.team["zhao"].patch(order, values{"deposit_fen": part.GetInt(record.FieldPriceFen) / 2, "deposit_reference": "SK-1121-07"})
			},
			func() error { return sun.patch(order, values{"state": "ordered", "number": "YC-88213"}) },
		)
	}
	return steps(
		func() error {
			_, err := sun.create(record.StockMoves, with(values{"kind": "transfer", "from_place": "store", "to_place": "workshop", "moved_at": v.at(v.begun)}))
			return err
		},
		func() error {
			_, err := sun.create(record.StockMoves, with(values{"kind": "out", "from_place": "workshop", "moved_at": v.at(v.begun), "unit_fen": part.GetInt(record.FieldPriceFen), "signed_by": v.technician().actor.ID,
				"strokes": []values{{"points": []values{{"x": 120, "y": 420, "time": 0}, {"x": 340, "y": 380, "time": 90}, {"x": 310, "y": 700, "time": 210}}}}}))
			return err
		},
	)
}

// holdParts freezes the car's part as soon as the customer has signed (P-02).
func (v *visit) holdParts(i int) error {
	part := v.store.parts[partOf[i]]
	if part == nil || v.stage >= inWork {
		return nil
	}
	_, err := v.team["chen"].create(record.Reservations, values{"part": part.Id, "visit": v.row.Id, "work_order": v.order.Id, "job": v.job.Id, "quantity_milli": 1000, "state": "held"})
	return err
}

// storeDay is what else happened in the store this morning: a proposal for what is low, a delivery, and a count sheet
// that waits for approval.
func (s *store) storeDay() error {
	sun, low := s.team["sun"], s.parts["5Q0698151"]
	return steps(
		func() error {
			_, err := sun.create(record.PurchaseOrders, values{"part": low.Id, "quantity_milli": 6000, "cause": "minimum", "state": "proposed", "supplier": "原厂配件中心", "unit_fen": 98000, "expected_on": s.at(-72 * time.Hour)})
			return err
		},
		func() error { return s.delivery(s.parts["5G1998002A"]) },
		func() error {
			lines := []values{}
			for _, c := range []struct {
				number  string
				counted int
			}{{"5Q0512013", 2000}, {"5Q0407151", 1000}, {"5Q0423810", 1000}} {
				part, err := s.app.FindRecordById(record.Parts, s.parts[c.number].Id)
				if err != nil {
					return err
				}
				lines = append(lines, values{"part": part.Id, "book_milli": part.GetInt(record.FieldStoreMilli), "counted_milli": c.counted})
			}
			sheet, err := sun.create(record.StockCounts, values{"title": "11 月盘点 A-05", "place": "store", "state": "open", "lines": lines})
			if err != nil {
				return err
			}
			return sun.patch(sheet, values{"state": "counted"})
		},
	)
}

func (s *store) delivery(part *core.Record) error {
	sun := s.team["sun"]
	list, err := s.app.FindFirstRecordByFilter(record.Templates, "kind = 'goods_receiving' && shop = {:shop}", map[string]any{"shop": sun.actor.Shop})
	if err != nil {
		return err
	}
	answers := []values{}
	for _, code := range record.AsTemplate(list).Required() {
		answers = append(answers, values{"code": code, "ok": true})
	}
	receipt, err := sun.create(record.GoodsReceipts, values{"part": part.Id, "template": list.Id, "supplier": "原厂配件中心", "delivery_note": "SH-1121-3", "quantity_milli": 10000, "state": "open"})
	if err != nil {
		return err
	}
	return steps(
		func() error { return sun.patch(receipt, values{"state": "checked", "items": answers}) },
		func() error {
			_, err := sun.create(record.StockMoves, values{"kind": "in", "part": part.Id, "quantity_milli": 10000, "to_place": "store", "goods_receipt": receipt.Id, "unit_fen": 7200})
			return err
		},
	)
}
