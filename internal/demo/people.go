package demo

import "aftercare/internal/setup"

// Password of every demo login.
const Password = "aftercare-demo"

var shops = []setup.Shop{
	{Code: "SH", Name: "上海沪一店", TimeZone: "Asia/Shanghai", Address: "上海市普陀区真北路 1188 号", Phone: "021-52801188"},
	{Code: "HZ", Name: "杭州西溪店", TimeZone: "Asia/Shanghai", Address: "杭州市西湖区文二西路 700 号", Phone: "0571-88027000"},
}

func person(username, name string, skill int, roles ...string) setup.Person {
	return setup.Person{Username: username, Name: name, Password: Password, Skill: skill, Roles: roles}
}

func inTeam(team string, p setup.Person) setup.Person {
	p.Team = team
	return p
}

var staff = map[string][]setup.Person{
	"SH": {
		person("chen", "陈佳宁", 2, "advisor"),
		person("xu", "徐岚", 3, "advisor", "expert"),
		inTeam("机电组", person("guo", "郭涛", 3, "technician")),
		inTeam("机电组", person("yang", "杨帆", 4, "technician")),
		inTeam("钣喷组", person("ma", "马小军", 1, "technician")),
		person("li", "李卫东", 5, "expert"),
		inTeam("机电组", person("wu", "吴志强", 4, "leader")),
		person("qian", "钱敏", 5, "inspector"),
		person("sun", "孙丽", 0, "parts"),
		person("zhao", "赵洁", 0, "cashier"),
		person("feng", "冯雪", 0, "agent"),
		person("he", "何俊", 0, "supervisor"),
		person("song", "宋雅", 0, "finance"),
		person("tang", "唐军", 0, "warehouse"),
		person("lin", "林大海", 0, "guard"),
		person("gao", "高远", 3, "manager"),
		person("jiang", "江澄", 0, "head_office"),
	},
	"HZ": {
		person("hz-chen", "陈舟", 2, "advisor"),
		person("hz-guo", "郭一鸣", 3, "technician"),
		person("hz-wu", "吴敏", 4, "leader"),
		person("hz-qian", "钱江", 5, "inspector"),
		person("hz-gao", "高铭", 3, "manager"),
	},
}

// roleNames are the Chinese names of the roles, for the printed list of logins.
var roleNames = map[string]string{
	"advisor": "服务顾问", "technician": "技师", "expert": "技术专家", "leader": "班组长", "inspector": "质检员", "parts": "配件",
	"cashier": "收银", "agent": "客服", "supervisor": "客服主管", "finance": "财务", "warehouse": "仓库", "guard": "门卫",
	"manager": "店长", "head_office": "总部",
}
