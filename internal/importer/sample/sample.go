// Package sample makes up sheets of vehicles with their owners, for tests and trials: VINs with right check digits,
// plates of every form, phones, and among them rotten rows whose reason of refusal is known. It promises the same
// sheet for the same seed. The people and cars are invented.
package sample

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"strings"
)

// Headings of the sheet.
var Headings = []string{"档案号", "车牌号", "车架号", "品牌", "车型", "年款", "能源", "颜色", "发动机号", "购车日期", "质保开始日期",
	"里程", "下次保养日期", "下次保养里程", "客户编号", "车主姓名", "尊称", "手机", "地址", "备注"}

// Columns that tests and rotten rows speak of.
const (
	number = iota
	plate
	vin
	maker
	model
	year
	energy
	colour
	engine
	bought
	warranty
	odometer
	nextOn
	nextKm
	customer
	name
	title
	phone
	address
	note
)

// Sheet is a sheet made up. Rotten tells the code of refusal by the line of the CSV file that is at fault.
type Sheet struct {
	lines  []string
	Rotten map[int]string
}

// CSV is the sheet as UTF-8 text.
func (s Sheet) CSV() []byte { return []byte(strings.Join(s.lines, "")) }

// Rows are the sheet's rows as cells, without the headings and the rotten ones.
func (s Sheet) Rows() [][]string {
	var rows [][]string
	for i, line := range s.lines[1:] {
		if _, rotten := s.Rotten[i+2]; rotten {
			continue
		}
		cells, err := csv.NewReader(strings.NewReader(line)).Read()
		if err != nil {
			panic(err) // written below
		}
		rows = append(rows, cells)
	}
	return rows
}

// Make makes up a sheet of so many good rows, each a car and its owner, and rotten ones strewn among them.
func Make(good, rotten int, seed uint64) Sheet {
	g := &generator{rnd: rand.New(rand.NewPCG(seed, 20261121))}
	s := Sheet{lines: []string{encode(Headings)}, Rotten: map[int]string{}}
	made := 0
	for i := range good {
		s.lines = append(s.lines, encode(g.row(i)))
		for made*good < (i+1)*rotten-rotten/2 && made < rotten { // evenly, the first not before a good row
			s.rot(g, good+made, made)
			made++
		}
	}
	for ; made < rotten; made++ {
		s.rot(g, good+made, made)
	}
	return s
}

func (s *Sheet) rot(g *generator, i, kind int) {
	spoil := spoils[kind%len(spoils)]
	line, code := spoil(g.row(i), s)
	s.lines = append(s.lines, line)
	s.Rotten[len(s.lines)] = code
}

func encode(cells []string) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(cells); err != nil {
		panic(err) // to memory
	}
	w.Flush()
	return b.String()
}

// spoils are the ways to spoil a row; each returns the line and the code it will be refused with.
var spoils = []func(row []string, s *Sheet) (line, code string){
	cell(vin, "LSVAA4182E2I84847", "import.vin"),
	cell(vin, "LSVAA4182E218484", "import.vin"),
	cell(vin, "LSVAA4182*2184847", "import.vin"),
	cell(plate, "沪A123", "import.plate"),
	cell(plate, "京I12O45", "import.plate"),
	cell(phone, "1380013800", "import.phone"),
	cell(phone, "没有电话", "import.phone"),
	cell(bought, "2021-13-45", "import.date"),
	cell(bought, "2099-01-01", "import.date_future"),
	cell(odometer, "很多", "import.number"),
	cell(odometer, "88888888", "import.odometer"),
	cell(year, "1800", "import.year"),
	cell(energy, "核能", "import.choice"),
	cell(name, "", "import.no_name"),
	cell(note, strings.Repeat("长", 2001), "import.cell_too_long"),
	func(row []string, _ *Sheet) (string, string) {
		row[plate], row[vin] = "", ""
		return encode(row), "import.no_vehicle_key"
	},
	func(row []string, _ *Sheet) (string, string) {
		return encode(append(row, "多出一格")), "import.cells"
	},
	func(row []string, _ *Sheet) (string, string) {
		return strings.Replace(encode(row), ",", `,"`, 1), "import.quote"
	},
	func(row []string, s *Sheet) (string, string) {
		row[vin] = strings.Split(s.lines[1], ",")[vin]
		row[number] = ""
		return encode(row), "import.twice"
	},
}

func cell(column int, value, code string) func([]string, *Sheet) (string, string) {
	return func(row []string, _ *Sheet) (string, string) {
		row[column] = value
		return encode(row), code
	}
}
