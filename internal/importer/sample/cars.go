package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator makes rows up, one after the other.
type generator struct{ rnd *rand.Rand }

func pick[T any](rnd *rand.Rand, all []T) T { return all[rnd.IntN(len(all))] }

type line struct {
	maker, wmi string
	models     []string
	energy     string
}

var makes = []line{
	{"大众", "LSV", []string{"帕萨特", "朗逸", "途观L", "途昂"}, "汽油"},
	{"丰田", "LFM", []string{"卡罗拉", "RAV4荣放", "亚洲龙"}, "汽油"},
	{"本田", "LHG", []string{"雅阁", "皓影", "凌派"}, "汽油"},
	{"别克", "LSG", []string{"君威", "昂科威", "GL8"}, "汽油"},
	{"比亚迪", "LGX", []string{"汉EV", "海豚", "元PLUS"}, "纯电动"},
	{"蔚来", "LJ1", []string{"ET5", "ES6"}, "纯电动"},
	{"理想", "HLX", []string{"L7", "L8"}, "混动"},
	{"奔驰", "LE4", []string{"C 260 L", "E 300 L"}, "汽油"},
}

const (
	vinLetters   = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
	plateLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	yearLetters  = "FGHJKLMNPRST" // 2015 to 2026
)

func letters(rnd *rand.Rand, from string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = from[rnd.IntN(len(from))]
	}
	return string(b)
}

func (g *generator) row(i int) []string {
	r := g.rnd
	m := pick(r, makes)
	age := r.IntN(len(yearLetters))
	km := r.IntN(180_000)
	row := make([]string, len(Headings))
	row[number] = fmt.Sprintf("V%06d", i+1)
	row[plate] = g.plate(m.energy, i)
	row[vin] = g.vin(m.wmi, age, i)
	row[maker], row[model], row[energy] = m.maker, pick(r, m.models), m.energy
	row[year] = fmt.Sprint(2015 + age)
	row[colour] = pick(r, []string{"白", "黑", "银", "灰", "蓝", "红", "珍珠白"})
	row[engine] = letters(r, plateLetters, 9)
	row[bought] = fmt.Sprintf("%d-%02d-%02d", 2015+age-r.IntN(2), 1+r.IntN(10), 1+r.IntN(28))
	row[warranty] = row[bought]
	row[odometer] = fmt.Sprint(km)
	row[nextOn] = fmt.Sprintf("2027/%d/%d", 1+r.IntN(12), 1+r.IntN(28))
	row[nextKm] = fmt.Sprint((km/10_000 + 1) * 10_000)
	row[customer] = fmt.Sprintf("C%06d", i+1)
	row[name] = pick(r, surnames) + pick(r, given)
	row[title] = pick(r, []string{"先生", "女士"})
	row[phone] = fmt.Sprintf("1%s%08d", pick(r, []string{"38", "39", "50", "58", "77", "86"}), (i*7919+12345)%100_000_000)
	row[address] = fmt.Sprintf("%s%d号%d室", pick(r, []string{"上海市徐汇区漕溪北路", "杭州市西湖区文三路", "苏州市工业园区星湖街"}), 1+r.IntN(900), 101+r.IntN(900))
	row[note] = pick(r, []string{"", "", "", "客户要求旧件展示", "轮毂有刮痕，客户已知", "周末不便接电话"})
	return row
}

var (
	surnames = strings.Split("王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗", "")
	given    = []string{"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀英", "海燕", "建国", "志强", "晓明", "雨桐", "子涵"}
)

// vin ends in the row's number, so that no two are equal; its ninth character is the check digit.
func (g *generator) vin(wmi string, age, i int) string {
	v := []byte(wmi + letters(g.rnd, vinLetters, 5) + "0" + yearLetters[age:age+1] + letters(g.rnd, "ABCDEFGH", 1) + fmt.Sprintf("%06d", i%1_000_000))
	v[8] = checkDigit(string(v))
	return string(v)
}

// checkDigit is GB 16735's, written out on its own: what the importer computes must agree with it.
func checkDigit(v string) byte {
	const alphabet = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ"
	weights := [17]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
	sum := 0
	for i, w := range weights {
		sum += strings.IndexByte(alphabet, v[i]) % 10 * w
	}
	return "0123456789X"[sum%11]
}

// plate is unique by the row's number: fuel with five characters, new energy with six.
func (g *generator) plate(energy string, i int) string {
	head := pick(g.rnd, []string{"沪A", "沪B", "浙A", "苏E", "京N", "粤B"})
	switch {
	case energy == "纯电动" && i%7 == 0:
		return head + fmt.Sprintf("%05d", i%100_000) + "D"
	case energy == "纯电动":
		return head + "D" + letterOf(i/10_000) + fmt.Sprintf("%04d", i%10_000)
	case energy == "混动":
		return head + "F" + letterOf(i/10_000) + fmt.Sprintf("%04d", i%10_000)
	}
	return head + letterOf(i/10_000) + fmt.Sprintf("%04d", i%10_000)
}

func letterOf(i int) string { return string(plateLetters[i%24]) }
