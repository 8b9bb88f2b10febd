package season

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Car is a vehicle and its owner: what an advisor takes down when it comes for the first time. The odometer is in km.
type Car struct {
	Plate, VIN, Make, Model, Body, Energy, Colour string
	Km, Year                                      int
	Owner, Title, Phone                           string
}

var models = []struct{ make, model, body, energy, wmi string }{
	{"大众", "帕萨特 330TSI", "car", "fuel", "LSV"},
	{"本田", "雅阁 260TURBO", "car", "fuel", "LHG"},
	{"丰田", "凯美瑞 2.0G", "car", "fuel", "LVG"},
	{"别克", "君威 552T", "car", "fuel", "LSG"},
	{"奥迪", "A4L 40TFSI", "car", "fuel", "LFV"},
	{"日产", "天籁 2.0L", "car", "fuel", "LGB"},
	{"比亚迪", "汉 EV", "car", "electric", "LGX"},
	{"问界", "M7", "suv", "hybrid", "LM8"},
	{"大众", "途观L 330TSI", "suv", "fuel", "LSV"},
	{"特斯拉", "Model Y", "suv", "electric", "LRW"},
}

var (
	surnames = []string{"李", "王", "张", "刘", "周", "赵", "黄", "吴", "徐", "孙", "朱", "马", "胡", "郭", "林", "何", "高", "罗", "郑", "梁"}
	given    = []string{"思远", "建国", "敏", "晓东", "丽华", "俊杰", "雨桐", "志强", "海燕", "明", "佳怡", "子轩", "文博", "秀英", "磊", "婷", "浩然", "玉兰", "凯", "静怡"}
	colours  = []string{"白", "黑", "银", "灰", "蓝", "红"}
	letters  = "ABCDEFGHJKLMNPRSTUVWXYZ"
	signs    = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
)

// Cars makes n vehicles with their owners; the same n gives the same cars. The first is the one of the drawings.
func Cars(n int) []Car {
	r := rand.New(rand.NewPCG(48260, 2026))
	all := []Car{{Plate: "沪A8K359", VIN: vin("LSVAA49J", "13204737"), Make: "大众", Model: "帕萨特 330TSI", Body: "car", Energy: "fuel",
		Colour: "白", Km: 46120, Year: 2021, Owner: "李思远", Title: "先生", Phone: "13812346021"}}
	for i := 1; i < n; i++ {
		m := models[r.IntN(len(models))]
		title := "先生"
		if r.IntN(2) == 0 {
			title = "女士"
		}
		all = append(all, Car{
			Plate: plate(r, m.energy), VIN: vin(m.wmi+word(r, 5), fmt.Sprintf("%c%c%06d", letters[r.IntN(9)], letters[r.IntN(20)], r.IntN(900000)+1000)),
			Make: m.make, Model: m.model, Body: m.body, Energy: m.energy, Colour: colours[r.IntN(len(colours))],
			Km: 4000 + r.IntN(120000), Year: 2017 + r.IntN(9),
			Owner: surnames[r.IntN(len(surnames))] + given[r.IntN(len(given))], Title: title, Phone: fmt.Sprintf("13%09d", r.IntN(1e9)),
		})
	}
	return all
}

func word(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(signs[r.IntN(len(signs))])
	}
	return strings.NewReplacer("I", "1", "O", "0", "Q", "9").Replace(b.String())
}

// plate is 沪A12345, or with eight characters and a D for a car that can drive on electricity 新能源.
func plate(r *rand.Rand, energy string) string {
	city := string("ABCDEFGHJ"[r.IntN(9)])
	if energy != "fuel" {
		return fmt.Sprintf("沪%sD%05d", city, r.IntN(100000))
	}
	return fmt.Sprintf("沪%s%d%c%03d", city, r.IntN(10), letters[r.IntN(len(letters))], r.IntN(1000))
}

// vin puts the ninth character, the check digit, between the first eight and the last eight (GB 16735).
func vin(first, last string) string {
	values := map[rune]int{'A': 1, 'B': 2, 'C': 3, 'D': 4, 'E': 5, 'F': 6, 'G': 7, 'H': 8, 'J': 1, 'K': 2, 'L': 3, 'M': 4, 'N': 5,
		'P': 7, 'R': 9, 'S': 2, 'T': 3, 'U': 4, 'V': 5, 'W': 6, 'X': 7, 'Y': 8, 'Z': 9}
	weights := []int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
	sum := 0
	for i, c := range first + "0" + last {
		v, ok := values[c]
		if !ok {
			v = int(c - '0')
		}
		sum += v * weights[i]
	}
	return fmt.Sprintf("%s%c%s", first, "0123456789X"[sum%11], last)
}
