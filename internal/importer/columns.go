package importer

import (
	"strings"

	"aftercare/internal/fault"
	"aftercare/internal/record"
)

// column is one thing a sheet may tell. The heading is compared without case, blanks and punctuation.
type column struct {
	field    string // of package record
	inner    bool   // of the owner in a sheet of vehicles, of the line in one of sales orders
	parse    parser
	headings []string
}

// parser reads a cell that is not empty into the value to be saved.
type parser func(cell string) (value any, warning, refusal *fault.Fault)

// plan is what a kind of sheet may hold.
type plan struct {
	columns  []column
	required [][]string // of each group at least one field must have a column
}

var plans = map[string]plan{
	Customers: {
		columns:  append(person(false), column{record.FieldExternalID, false, text(80), []string{"编号", "id", "externalid", "number", "no"}}),
		required: [][]string{{record.FieldName}, {record.FieldPhone, record.FieldExternalID}},
	},
	Vehicles: {
		columns:  append(vehicle(), person(true)...),
		required: [][]string{{record.FieldVIN, record.FieldPlate}},
	},
}

func vehicle() []column {
	return []column{
		{record.FieldExternalID, false, text(80), []string{"编号", "档案号", "档案编号", "车辆编号", "id", "externalid", "vehicleid", "fileno", "number"}},
		{record.FieldPlate, false, plate, []string{"车牌", "车牌号", "车牌号码", "号牌", "号牌号码", "牌照", "plate", "plateno", "platenumber", "licenseplate", "licenceplate", "registration"}},
		{record.FieldVIN, false, vin, []string{"vin", "vin码", "车架号", "车架号码", "车辆识别代号", "车辆识别码", "底盘号", "chassis", "chassisno"}},
		{record.FieldEnergy, false, among(energies), []string{"能源", "能源类型", "燃料", "燃料种类", "燃料类型", "动力", "动力类型", "energy", "fuel", "fueltype"}},
		{record.FieldMake, false, text(60), []string{"品牌", "厂牌", "make", "brand"}},
		{record.FieldModel, false, text(80), []string{"车型", "型号", "车系", "品牌型号", "model"}},
		{record.FieldModelYear, false, year, []string{"年款", "年份", "车型年", "modelyear", "year"}},
		{record.FieldBody, false, among(bodies), []string{"车身", "车身形式", "车身类型", "body", "bodytype"}},
		{record.FieldEngineNo, false, text(40), []string{"发动机号", "发动机号码", "电机号", "engineno", "enginenumber", "engine"}},
		{record.FieldColour, false, text(40), []string{"颜色", "车身颜色", "colour", "color"}},
		{record.FieldPurchasedOn, false, day, []string{"购车日期", "购买日期", "购车", "销售日期", "purchasedon", "purchased", "purchasedate"}},
		{record.FieldWarrantyFrom, false, day, []string{"质保起", "质保起始", "质保开始", "质保开始日期", "保修开始日期", "保修起始日期", "warrantyfrom", "warrantystart"}},
		{record.FieldOdometerKm, false, km, []string{"里程", "里程数", "公里数", "行驶里程", "里程km", "odometer", "odometerkm", "mileage", "km"}},
		{record.FieldServiceIntervalKm, false, km, []string{"保养间隔", "保养间隔公里", "保养间隔km", "保养周期", "serviceinterval", "serviceintervalkm"}},
		{record.FieldNextServiceOn, false, day, []string{"下次保养日期", "下次保养时间", "nextserviceon", "nextservicedate", "nextservice"}},
		{record.FieldNextServiceKm, false, km, []string{"下次保养里程", "下次保养公里", "下次保养km", "nextservicekm"}},
		{record.FieldNote, false, text(2000), []string{"备注", "说明", "note", "notes", "remark", "remarks"}},
	}
}

// person is what is told of a customer; as the owner in a sheet of vehicles, some headings mean the vehicle there.
func person(owner bool) []column {
	wishes := []string{"偏好", "喜好", "要求", "客户要求", "wishes", "preferences"}
	if !owner {
		wishes = append(wishes, "备注", "note", "notes", "remark", "remarks")
	}
	return []column{
		{record.FieldName, owner, text(120), []string{"姓名", "客户", "客户姓名", "客户名称", "车主", "车主姓名", "车主名称", "名称", "联系人", "name", "customer", "customername", "owner", "ownername", "fullname"}},
		{record.FieldTitle, owner, text(40), []string{"称呼", "尊称", "称谓", "title", "salutation", "ownertitle"}},
		{record.FieldPhone, owner, phones, []string{"电话", "手机", "手机号", "手机号码", "电话号码", "联系电话", "联系方式", "车主电话", "车主手机", "客户电话", "备用电话", "其他电话", "phone", "phones", "mobile", "telephone", "tel", "cell", "ownerphone", "customerphone", "ownermobile", "otherphone"}},
		{record.FieldAddress, owner, text(400), []string{"地址", "住址", "联系地址", "车主地址", "客户地址", "address", "owneraddress"}},
		{record.FieldPreferredTime, owner, text(120), []string{"方便时间", "方便联系时间", "联系时间", "preferredtime", "besttime"}},
		{record.FieldPreferredChannel, owner, among(channels), []string{"联系渠道", "首选联系方式", "方便联系方式", "preferredchannel", "channel"}},
		{record.FieldMemberLevel, owner, text(40), []string{"会员等级", "会员级别", "会员", "memberlevel", "level"}},
		{record.FieldWishes, owner, text(2000), wishes},
		{record.FieldExternalID, owner, text(80), []string{"客户编号", "客户号", "车主编号", "会员号", "customerid", "customerno", "customernumber", "ownerid", "ownernumber"}},
	}
}

// Words that stand for the values of a choice.
var (
	energies = map[string]string{"fuel": "fuel", "petrol": "fuel", "gasoline": "fuel", "diesel": "fuel", "汽油": "fuel", "柴油": "fuel", "燃油": "fuel", "油车": "fuel",
		"electric": "electric", "ev": "electric", "bev": "electric", "电": "electric", "电动": "electric", "纯电": "electric", "纯电动": "electric",
		"hybrid": "hybrid", "phev": "hybrid", "hev": "hybrid", "混动": "hybrid", "混合动力": "hybrid", "插电混动": "hybrid", "插电式混合动力": "hybrid", "油电混合": "hybrid", "增程": "hybrid"}
	bodies = map[string]string{"car": "car", "sedan": "car", "hatchback": "car", "轿车": "car", "两厢": "car", "三厢": "car",
		"suv": "suv", "mpv": "suv", "越野": "suv", "越野车": "suv", "商务车": "suv"}
	channels = map[string]string{"phone": "phone", "call": "phone", "电话": "phone", "sms": "sms", "短信": "sms", "wechat": "wechat", "微信": "wechat",
		"mail": "mail", "email": "mail", "邮件": "mail", "邮箱": "mail"}
)

func among(words map[string]string) parser {
	return func(cell string) (any, *fault.Fault, *fault.Fault) {
		if v, ok := words[key(cell)]; ok {
			return v, nil, nil
		}
		return nil, nil, invalid("import.choice", cell)
	}
}

func text(max int) parser {
	return func(cell string) (any, *fault.Fault, *fault.Fault) {
		if len([]rune(cell)) > max {
			return nil, nil, fault.New(fault.Invalid, "import.cell_too_long").With("limit", max)
		}
		return cell, nil, nil
	}
}

func vin(cell string) (any, *fault.Fault, *fault.Fault) { return three(parseVIN(cell)) }

func plate(cell string) (any, *fault.Fault, *fault.Fault) { return three(parsePlate(cell)) }

func three(value string, warning, refusal *fault.Fault) (any, *fault.Fault, *fault.Fault) {
	return value, warning, refusal
}

func day(cell string) (any, *fault.Fault, *fault.Fault) {
	d, refusal := parseDate(cell)
	return d, nil, refusal
}

func km(cell string) (any, *fault.Fault, *fault.Fault) {
	n, refusal := parseKm(cell)
	return n, nil, refusal
}

func year(cell string) (any, *fault.Fault, *fault.Fault) {
	n, refusal := parseYear(cell)
	return n, nil, refusal
}

func phones(cell string) (any, *fault.Fault, *fault.Fault) {
	all, refusal := parsePhones(cell)
	return all, nil, refusal
}

// key is a heading or a word as it is compared.
func key(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n_-.:/()[]（）*#、,", r) {
			return -1
		}
		return r
	}, strings.ToLower(clean(s)))
}

// mapping says for each column of the sheet what it tells (nil: nothing we keep).
type mapping struct {
	columns  []*column
	findings []Finding
}

// match finds out what the headings mean. A heading nobody knows is reported and passed over; several columns of
// phones are one list; anything else told twice counts the first time.
func match(t *table, p plan) (mapping, error) {
	m := mapping{columns: make([]*column, len(t.headings))}
	told := map[*column]bool{}
	have := map[string]bool{}
	for i, heading := range t.headings {
		if heading == "" {
			continue
		}
		c := p.find(heading)
		switch {
		case c == nil:
			m.findings = append(m.findings, warningAt(t.line, heading, "import.column_unknown"))
			continue
		case told[c] && c.field != record.FieldPhone:
			m.findings = append(m.findings, warningAt(t.line, heading, "import.column_twice"))
			continue
		}
		told[c], m.columns[i] = true, c
		if !c.inner {
			have[c.field] = true
		}
	}
	for _, group := range p.required {
		if !anyOf(have, group) {
			return m, fault.New(fault.Invalid, "import.columns_missing").On("file").With("columns", named(group))
		}
	}
	return m, nil
}

func (p plan) find(heading string) *column {
	wanted := key(heading)
	for i := range p.columns {
		for _, h := range p.columns[i].headings {
			if h == wanted {
				return &p.columns[i]
			}
		}
	}
	return nil
}

// named are the fields as a person calls the columns.
func named(fields []string) fault.Words {
	words := make(fault.Words, len(fields))
	for i, f := range fields {
		words[i] = "column." + f
	}
	return words
}

func anyOf(have map[string]bool, fields []string) bool {
	for _, f := range fields {
		if have[f] {
			return true
		}
	}
	return false
}

func warningAt(line int, column, code string) Finding {
	return Finding{Line: line, Column: column, Warning: true, Fault: fault.New(fault.Invalid, code).On(column)}
}
