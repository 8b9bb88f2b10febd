// Delivery 交车: prepared, shown, given back, signed.
export default {
  zh: {
    title: "交车", prepare: "交车准备", show: "向客户展示", give: "交还与签收", washed_at: "洗车完成", handed_in_at: "车间已交回", keys_at: "钥匙齐全", papers_at: "证件齐全", parking: "停车位", parking_hint: "例如 B12",
    result_shown_at: "展示维修结果", old_parts_at: "展示旧件", old_parts_labels: "旧件标签", spare_tools_at: "备胎和工具在位", compared_at: "与接车标记比对无异议", next_service_at: "已告知下次保养", covers_off_at: "当面拆下防护套", belongings_at: "随车物品清点无误", belongings_note: "差异说明", compare_note: "比对说明",
    compare: "接车标记比对", before: "接车时", now: "现在", no_marks: "接车时没有标记", no_photo: "没有照片", take: "拍一张", next_on: "下次保养日期", next_km: "下次保养里程", follow_up: "回访时间", follow_morning: "上午", follow_afternoon: "下午", follow_evening: "晚上", follow_weekend: "周末", follow_no_call: "发消息，别打电话", belongings: "随车物品", no_belongings: "没有登记随车物品", box: "收纳箱 {box}",
    sign: "客户签收", sign_text: "车辆和随车物品完好收到。", accept: "客户已签收", accepted: "{name} 已签收 {time}", to_cashier: "去收银结算", unpaid: "还没有结清", paid: "已结清", pass: "看放行条", signer: "签字人",
    refused_title: "客户不做了", refused_text: "请感谢客户光临，说明检查结果和建议，保持礼貌。已签字的诊断费或估价费先到收银结算，再开放行条。", close_order: "关闭工单 {number}", order_state: "工单 {number}：{state}", leave: "登记离店", left: "车辆已登记离店，结清后开放行条。", keys_back: "钥匙交还客户", no_visit: "找不到这次接车", photo_of: "{name} 现在",
  },
  en: {
    title: "Delivery", prepare: "Prepare", show: "Show the customer", give: "Give back and sign", washed_at: "Washed", handed_in_at: "Back from the workshop", keys_at: "Keys complete", papers_at: "Papers complete", parking: "Parking place", parking_hint: "B12, say",
    result_shown_at: "Result shown", old_parts_at: "Old parts shown", old_parts_labels: "Labels of old parts", spare_tools_at: "Spare wheel and tools there", compared_at: "Compared with the reception marks", next_service_at: "Next service told", covers_off_at: "Covers off before the customer", belongings_at: "Belongings counted", belongings_note: "Differences", compare_note: "Note",
    compare: "Reception marks", before: "At reception", now: "Now", no_marks: "No marks at reception", no_photo: "no photo", take: "Take a photo", next_on: "Next service on", next_km: "Next service at", follow_up: "Follow-up call", follow_morning: "morning", follow_afternoon: "afternoon", follow_evening: "evening", follow_weekend: "weekend", follow_no_call: "message, no call", belongings: "Belongings", no_belongings: "No belongings were listed", box: "storage box {box}",
    sign: "Customer accepts", sign_text: "Car and belongings received in order.", accept: "The customer has signed", accepted: "{name} accepted {time}", to_cashier: "To the cashier", unpaid: "not settled yet", paid: "settled", pass: "See the gate pass", signer: "Signer",
    refused_title: "The customer does not want the work", refused_text: "Thank the customer for coming, explain what was found and advised, stay courteous. A diagnosis or estimate fee that was signed for is settled at the cashier first; then the gate pass is made.", close_order: "Close order {number}", order_state: "Order {number}: {state}", leave: "Record that the car leaves", left: "The car is recorded as leaving. When everything is settled, the pass is made.", keys_back: "Keys to the customer", no_visit: "This visit is not here", photo_of: "{name} now",
  },
};
