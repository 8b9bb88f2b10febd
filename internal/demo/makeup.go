package demo

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// lack is one thing that was missing from or broken in what was sold, and how far the shop has come with it.
type lack struct {
	number, name, class, cause, note string
	more                             values
	steps                            []values // each by the person who takes it
	by                               []string
}

// makeUp leaves make-up parts 补件 at every stage, for furniture that was sold online (P-03, P-04).
func makeUp(app core.App, team map[string]hand, now time.Time) error {
	rows := []*core.Record{}
	err := app.RecordQuery(record.SalesItems).AndWhere(dbx.Like(record.FieldSKU, "JJ-")).OrderBy(record.FieldCreated, record.FieldID).Limit(20).All(&rows)
	if err != nil || len(rows) == 0 {
		return err
	}
	day := now.In(shopTime).Format("060102")
	end := func(days int) string {
		y, m, d := now.In(shopTime).Date()
		return record.Text(time.Date(y, m, d+days+1, 0, 0, 0, 0, shopTime))
	}
	list := values{record.FieldListNumber: "SH-BQ" + day + "-Z01", record.FieldState: "gathered"}
	box := values{record.FieldSource: "unbox", record.FieldUnboxProduct: "床头柜 JJ-430 白色", record.FieldUnboxReason: "客户周末入住，等不到制作", record.FieldRefillDueAt: end(14)}
	for i, l := range []lack{
		{"Z01", "铰链", "hardware", "missing", "少一个", values{record.FieldQuantity: 2}, nil, nil},
		{"Z02", "玻璃门", "glass", "damaged", "右上角裂", values{record.FieldUrgent: true, record.FieldUrgentReason: "客户周末入住", record.FieldWantedAt: end(3)}, nil, nil},
		{"Z03", "左柜门", "double_gloss", "wrong", "发成了白色", nil, []values{list}, []string{"sun"}},
		{"Z04", "抽屉底板", "inner", "damaged", "开裂", nil, []values{list, {record.FieldState: "approved"}, box}, []string{"sun", "he", "sun"}},
		{"Z05", "顶板", "single_gloss", "defect", "表面起泡", nil, []values{list, {record.FieldState: "approved"}, {record.FieldSource: "make", record.FieldReference: "SC-2211", record.FieldState: "ordered"}}, []string{"sun", "he", "sun"}},
		{"Z06", "拉手", "hardware", "lost", "客户自己弄丢了", values{record.FieldChargeFen: 3600, record.FieldQuantity: 4}, []values{list, {record.FieldState: "approved"}, {record.FieldSource: "buy", record.FieldSupplier: "百隆五金", record.FieldState: "ordered"}, {record.FieldState: "received"}}, []string{"sun", "he", "sun", "tang"}},
	} {
		order := record.AsSalesItem(rows[i%len(rows)]).Order()
		data := values{record.FieldSalesOrder: order, record.FieldNumber: "SH-B" + day + "-" + l.number, record.FieldPartName: l.name, record.FieldClass: l.class, record.FieldCause: l.cause, record.FieldCauseNote: l.note,
			record.FieldQuantity: 1, record.FieldBatchNumber: "P2610-" + l.number, record.FieldInspectionNumber: "QC-07" + l.number[1:]}
		for field, value := range l.more {
			data[field] = value
		}
		part, err := team["feng"].create(record.MakeupParts, data)
		if err != nil {
			return err
		}
		for n, step := range l.steps {
			if err := team[l.by[n]].patch(part, step); err != nil {
				return err
			}
		}
	}
	return nil
}
