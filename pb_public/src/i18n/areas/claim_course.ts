// What happened to a claim and what comes next, as customer and staff both read it.
export default {
  zh: {
    title: "进展", pending: "待发送", by: "{name}（{role}）", system: "系统", rule: "依据：", and: "、", filed_on_phone: "手机记录 {time}", counts: "以我们收到的时间为准",
    event_verdict: "售后判定", verdict_quality: "有质量问题", verdict_none: "没有质量问题", event_capture_accepted: "客服采用手机上的时间", event_extended: "寄回期限延长到 {time}", event_collected: "已收款 {money}",
    event_insisted: "客户坚持退换", event_pay_acknowledged: "客户确认愿意付费", event_difference_agreed: "与照片的差异已谈妥",
    sent_in: "客户寄出 {parcel}", sent_out: "我们寄出 {parcel}", delivered_in: "包裹送达 {parcel}", delivered_out: "客户签收 {parcel}", message: "给客户的消息", surprise_agreed: "维修中新发现的问题已同意", work_done: "维修完工", refund: "已退款 {money}", counter: "退款更正 {money}",
    next: "下一个期限", due_answer: "我们给您答复", due_ship_back: "把货交给快递", until: "到 {time}", over: "已过期", days: "天", hours: "时", minutes: "分",
    l01: "拒收的包裹按期答复", l02: "以我们收到的时间为准", l03: "退货期内", l05: "签收后一个月内", l06: "超过一个月，付费维修", l07: "由售后看照片判定并写明理由", l08: "批准后按期寄回", l09: "到仓逐样核对", l10: "差价先付或退还", l11: "每张订单退换一次", l12: "维修前与照片比对", l13: "按实付退款，只退一次", l15: "无理由退货的例外商品", l16: "按民法典和国务院放假安排计算",
  },
  en: {
    title: "Progress", pending: "not sent yet", by: "{name} ({role})", system: "the system", rule: "Decided by: ", and: "; ", filed_on_phone: "on the phone {time}", counts: "the time we received it counts",
    event_verdict: "After-sales judged", verdict_quality: "a fault of quality", verdict_none: "no fault of quality", event_capture_accepted: "The phone's time was accepted", event_extended: "Time to send extended to {time}", event_collected: "{money} was paid",
    event_insisted: "The customer insists", event_pay_acknowledged: "The customer will pay", event_difference_agreed: "The difference from the photos was agreed",
    sent_in: "Sent by the customer: {parcel}", sent_out: "Sent by us: {parcel}", delivered_in: "Parcel arrived: {parcel}", delivered_out: "Delivered to the customer: {parcel}", message: "Message to the customer", surprise_agreed: "What was found during the repair was agreed", work_done: "Repair finished", refund: "{money} refunded", counter: "Refund corrected by {money}",
    next: "Next deadline", due_answer: "We answer", due_ship_back: "Hand the goods to the carrier", until: "until {time}", over: "over", days: "d", hours: "h", minutes: "min",
    l01: "a parcel refused at the door is answered in time", l02: "the time we received it counts", l03: "within the return window", l05: "within a month of receipt", l06: "after a month: paid repair", l07: "after-sales judges from the photos, with reasons", l08: "goods are sent in time after the approval", l09: "everything is checked on arrival", l10: "the difference is paid first or refunded", l11: "one return or exchange per order", l12: "compared with the photos before the repair", l13: "what was paid goes back, once", l15: "goods exempt from no-fault return", l16: "counted by the Civil Code and the official holidays",
  },
};
