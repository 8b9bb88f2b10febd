package due_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

func TestClaimDecisionsAreTold(t *testing.T) {
	t.Run("L-04 what must be shown, each time it is asked for; not once it was shown", func(t *testing.T) {
		l := newDesk(t)
		c, _ := l.ClaimFiled("return", nil)
		l.Do("agent", c, map[string]any{record.FieldEvidenceWanted: "请在光线好的地方补拍\n问题部位的近照和标签，再补一张整体照片，谢谢", record.FieldState: "evidence_needed"})
		l.after(time.Minute)
		l.heard("请补充：请在光线好的地方补拍 问题部位的近照和标签，再补一张整体照片…。补好后重新提交：" + address + "/claim#/claim/" + c.Id)
		for _, slot := range []string{"whole", "close", "label", "packaging"} {
			l.Make("agent", record.Photos, map[string]any{record.FieldSubjectCollection: record.Claims, record.FieldSubjectRecord: c.Id, record.FieldSlot: slot, record.FieldSource: "wechat",
				record.FieldSourceNote: "微信发来", record.FieldEvidenceReason: "与描述一致", record.FieldSHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"})
		}
		l.Step("agent", c, "submitted")
		l.after(time.Minute)
		l.Do("agent", c, map[string]any{record.FieldEvidenceWanted: "还差标签", record.FieldState: "evidence_needed"})
		l.after(time.Minute)
		l.heard("还差标签")
	})
	t.Run("L-07 rejected, with the reason", func(t *testing.T) {
		l := newDesk(t)
		c, _ := l.ClaimFiled("return", nil)
		l.Do("agent", c, map[string]any{record.FieldVerdict: "none", record.FieldVerdictReason: "正常磨损", record.FieldRejection: "照片可见正常磨损，不是质量问题。", record.FieldState: "rejected"})
		l.after(time.Minute)
		l.heard("没有通过：照片可见正常磨损，不是质量问题。详情见")
	})
	t.Run("L-03 no fault: who may insist is asked, and told once", func(t *testing.T) {
		l := newDesk(t)
		c, _ := l.ClaimFiled("return", nil)
		l.Do("agent", c, map[string]any{record.FieldVerdict: "none", record.FieldVerdictReason: "照片上商品完好"})
		l.Step("agent", c, "negotiating")
		l.after(time.Minute)
		l.heard("您坚持的话仍可退货，运费您付")
	})
	t.Run("L-06 a repair plan waits for the customer, with price and days; what they accept themselves is no news to them", func(t *testing.T) {
		l := newDesk(t)
		buyer := l.Make("agent", record.Customers, map[string]any{record.FieldName: "林小雨", record.FieldPhone: "13800138001"})
		order, line := l.Sale("DD-PLAN")
		l.LongAgo(order)
		c := l.ClaimOn(order, line, "repair", map[string]any{record.FieldCustomer: buyer.Id})
		l.Do("agent", c, map[string]any{record.FieldPayAcknowledgedAt: l.Now()})
		l.Do("agent", c, apptest.Judged("quality"))
		plan := l.Make("technician", record.RepairPlans, l.PlanData(c))
		l.Step("technician", c, "plan_offered")
		l.after(time.Minute)
		l.heard("有方案了：¥50.00，3 天修好。修不修由您决定：" + address)
		me := record.Actor{Kind: record.KindCustomer, ID: buyer.Id, Name: "林小雨", Shop: l.Shop, Roles: []string{record.RoleCustomer}}
		for _, step := range []struct {
			row   *core.Record
			state string
		}{{plan, "accepted"}, {c, "plan_accepted"}, {c, "awaiting_goods"}} {
			if err := l.PatchAs(me, step.row, map[string]any{record.FieldState: step.state}); err != nil {
				t.Fatal(err)
			}
		}
		l.after(time.Minute)
		l.heard()
		l.after(24 * time.Hour)
		l.heard("维修申请 " + l.number(c) + " 还没有寄出")
		if err := l.PatchAs(me, c, map[string]any{record.FieldState: "cancelled"}); err != nil {
			t.Fatal(err)
		}
		l.after(time.Minute)
		l.heard()
	})
}

func TestClaimGoodsAreTold(t *testing.T) {
	t.Run("L-09 L-13 returned goods accepted, with the sum; refunded, with the sum and how, and not a second time", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimAccepted("return", nil)
		l.after(time.Minute)
		l.heard("已验收，将退款 ¥99.00")
		l.Step("finance", c, "refund_pending")
		l.after(time.Minute)
		l.heard()
		l.Make("finance", record.Refunds, l.RefundData(c))
		l.after(time.Minute)
		l.heard("已退款 ¥99.00（原路退回）")
		l.Step("finance", c, "completed")
		l.after(time.Minute)
		l.heard()
	})
	t.Run("L-09 sent back for what is missing, with carrier, number and who pays", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimReceived("return", nil)
		l.Do("warehouse", c, map[string]any{record.FieldTicked: []string{"product"}, record.FieldArrivalNote: "缺外包装和吊牌"})
		parcel := l.Make("warehouse", record.Shipments, l.ParcelData(c, "out"))
		l.Step("warehouse", c, "sent_back")
		l.after(time.Minute)
		l.heard("不符合收货要求：缺外包装和吊牌。已退回：顺丰 " + parcel.GetString(record.FieldTrackingNumber) + "，运费您付")
	})
	t.Run("L-10 a dearer replacement: the difference, then, paid, the parcel", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimAccepted("exchange", map[string]any{record.FieldReplacement: "大一号", record.FieldReplacementFen: 12900})
		l.after(time.Minute)
		l.heard("请补差价 ¥30.00，收到款后寄出")
		l.Step("finance", c, "awaiting_payment")
		l.after(time.Minute)
		l.Do("finance", c, map[string]any{record.FieldCollectedFen: 3000, record.FieldCollectedReference: "WX1"})
		l.Step("finance", c, "exchange_pending")
		l.after(time.Minute)
		l.heard()
		parcel := l.Make("warehouse", record.Shipments, l.ParcelData(c, "out"))
		l.Step("warehouse", c, "returned")
		l.after(time.Minute)
		l.heard("换给您的商品（" + l.number(c) + "）已寄出：顺丰 " + parcel.GetString(record.FieldTrackingNumber))
	})
	t.Run("L-06 L-10 sent back because the money did not come: that is said, with the parcel and who pays, and nothing of missing things", func(t *testing.T) {
		for kind, says := range map[string]string{"exchange": "换货", "repair": "维修"} {
			l := newDesk(t)
			c := l.ClaimOwing(kind)
			l.after(time.Minute)
			l.sms.got = nil
			l.Do("agent", c, map[string]any{record.FieldWithdrawalReason: "电话说不付了"})
			l.after(time.Minute)
			l.heard()
			parcel := l.Make("warehouse", record.Shipments, l.ParcelData(c, "out"))
			l.Step("warehouse", c, "sent_back")
			l.after(time.Minute)
			l.heard("您的" + says + "申请 " + l.number(c) + " 没有收到付款，您寄来的商品已退回：顺丰 " + parcel.GetString(record.FieldTrackingNumber) + "，运费您付")
		}
	})
	t.Run("L-10 nothing to pay: accepted, and the replacement follows", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimAccepted("exchange", nil)
		l.Step("finance", c, "exchange_pending")
		l.after(time.Minute)
		l.heard("已验收，换的货备好就寄出")
	})
	t.Run("L-08 expired: closed, and what can be done", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimApproved("return", nil)
		l.after(time.Minute)
		l.after(48 * time.Hour)
		l.heard("已批准", "没有按期寄出，已关闭")
		l.after(time.Hour)
		l.wantMessages(c, "claim_approved sent", "claim_expired sent")
	})
	t.Run("L-12 what differs from the photos, and what is found at work, wait for the customer; found anew, told anew", func(t *testing.T) {
		l := newDesk(t)
		c := l.ClaimReceived("repair", nil)
		l.Do("warehouse", c, map[string]any{record.FieldComparedAt: l.Now(), record.FieldArrivalNote: "肩带也断了"})
		l.after(time.Minute)
		l.heard("与照片不同：肩带也断了。请看过并同意")
		l.Do("agent", c, map[string]any{record.FieldDifferenceAgreedAt: l.Now()})
		plan := l.Make("technician", record.RepairPlans, l.PlanData(c))
		l.Step("technician", c, "plan_offered")
		l.Step("agent", plan, "accepted")
		l.Step("agent", c, "plan_accepted")
		l.Step("technician", c, "repairing")
		l.Step("technician", plan, "in_progress")
		l.after(time.Minute)
		l.heard()
		for _, found := range []struct {
			fen  int
			says string
		}{{2000, "加 ¥20.00、1 天。您同意后"}, {3000, "加 ¥30.00、1 天。您同意后"}} {
			l.Do("technician", plan, map[string]any{record.FieldSurprise: "里衬破了", record.FieldSurpriseFen: found.fen, record.FieldSurpriseDays: 1})
			l.Step("technician", plan, "paused")
			l.after(time.Minute)
			l.heard(found.says)
			l.Do("agent", plan, map[string]any{record.FieldSurpriseAgreedAt: l.Now(), record.FieldSurpriseAgreedHow: "电话"})
			l.Step("technician", plan, "in_progress")
		}
		l.Step("technician", plan, "done")
		l.after(time.Minute)
		l.heard("已完工，请付维修费 ¥100.00，付清后寄回")
	})
}
