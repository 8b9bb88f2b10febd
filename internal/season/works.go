package season

// work is a job that the shop does: what it is called, its class, its time and price, the skill it needs, and its part.
type work struct {
	name    string
	minutes int
	labour  int64 // fen
	skill   int
	part    string // number; "" for none
	milli   int64
	often   int // of all jobs, in relation to the others
}

var works = []work{
	{"10,000 km 保养", 40, 14400, 1, "KIT-10K", 1000, 18},
	{"20,000 km 保养", 50, 18000, 1, "KIT-20K", 1000, 14},
	{"40,000 km 保养", 60, 18000, 2, "KIT-40K", 1000, 10},
	{"更换前刹车片", 48, 24000, 2, "5Q0698151", 1000, 9},
	{"更换前刹车盘", 96, 36000, 3, "5Q0615301F", 1000, 4},
	{"更换雨刮片", 12, 3000, 1, "5G1998002A", 1000, 7},
	{"更换蓄电池", 24, 6000, 1, "000915105DE", 1000, 5},
	{"空调系统清洗", 48, 16800, 1, "KT-AC-01", 1000, 6},
	{"火花塞更换（四缸）", 60, 19200, 2, "06K905601D", 4000, 5},
	{"更换轮胎（单条）", 24, 5400, 1, "TYR-2155517", 1000, 7},
	{"更换左前减振器", 110, 48000, 3, "5Q0413031", 1000, 3},
	{"四轮定位", 55, 19200, 3, "", 0, 5},
	{"电脑诊断（读故障码）", 30, 15000, 3, "", 0, 4},
	{"更换水泵", 150, 62000, 4, "06K121011B", 1000, 2},
	{"更换制动液", 30, 9600, 1, "B000750M3", 1000, 5},
}

// supplies is what the store keeps for them: number, name, class, unit, price and cost (fen), minimum and what there is at the
// beginning (thousandths), days until more of it comes.
var supplies = []supply{
	{"KIT-10K", "10,000 km 保养套件", "A", "套", 36800, 21000, 30, 60, 1},
	{"KIT-20K", "20,000 km 保养套件", "A", "套", 45600, 26000, 24, 50, 1},
	{"KIT-40K", "40,000 km 保养套件", "A", "套", 48600, 28000, 16, 40, 1},
	{"5Q0698151", "前刹车片", "B", "套", 98000, 56000, 10, 25, 1},
	{"5Q0615301F", "前刹车盘", "B", "对", 132000, 78000, 3, 8, 2},
	{"5G1998002A", "雨刮片（对）", "A", "套", 16800, 7200, 12, 30, 1},
	{"000915105DE", "蓄电池 70Ah", "B", "个", 78000, 48000, 6, 12, 1},
	{"KT-AC-01", "空调清洗剂套装", "A", "套", 19800, 8800, 10, 25, 1},
	{"06K905601D", "火花塞", "A", "个", 8600, 4000, 30, 80, 1},
	{"TYR-2155517", "轮胎 215/55 R17", "B", "条", 72000, 48000, 12, 24, 2},
	{"5Q0413031", "左前减振器", "C", "支", 96000, 56000, 0, 2, 2},
	{"06K121011B", "水泵总成", "C", "个", 186000, 108000, 0, 1, 3},
	{"B000750M3", "制动液 DOT4", "A", "L", 5800, 2600, 12, 30, 1},
}

type supply struct {
	number, name, class, unit string
	price, cost               int64
	minimum, stock            int64 // whole units
	days                      int
}

// words are what customers say when they come.
var words = []string{"该做保养了。", "刹车时有点抖。", "空调有股霉味。", "雨刮刮不干净。", "过减速带咯噔响。", "跑起来有点偏。", "早上启动有点费劲。", "提示灯亮了。"}

// pick is a work at random, as often as it is done.
func (s *Season) pickWork() work {
	total := 0
	for _, w := range works {
		total += w.often
	}
	n := s.r.IntN(total)
	for _, w := range works {
		if n -= w.often; n < 0 {
			return w
		}
	}
	return works[0]
}
