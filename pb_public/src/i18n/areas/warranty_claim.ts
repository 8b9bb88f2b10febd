// Claims on the manufacturer.
export default {
  zh: {
    title: "厂家索赔", text: "质保项目向厂家索赔：诊断、照片、旧件标签和寄回", case: "索赔 {number}", open: "向厂家索赔", owed: "厂家应付 {money}", none: "这里没有索赔", none_text: "付款方是质保的项目，在工单里打开就能索赔。", not_now: "先不",
    group_open: "待提交", group_sent: "等厂家", group_decided: "已答复", group_paid: "已到账", state_draft: "草稿", state_submitted: "已提交", state_approved: "已批准", state_refused: "已拒绝", state_paid: "已到账",
    decision: "质保是否承担", bears_covered: "承担", bears_waiting: "等厂家答复", bears_refused: "不承担", bears_open: "质保未判定", decided: "{name} {time} 判定", decide_first: "记在质保名下的项目，判定后才能结算",
    decision_draft: "索赔待提交", decision_submitted: "等厂家答复", decision_approved: "厂家承担", decision_refused: "厂家拒绝", decision_paid: "厂家已付",
    diagnosis: "诊断结论", diagnosis_hint: "故障现象、检测过程、失效零件和原因", claimed: "索赔金额", job_price: "项目 {money}", reference: "厂家单号", parts: "索赔旧件", label: "标签号", label_n: "标签 {label}", place: "存放位置",
    return_due: "{day} 前寄回", sent_back: "{time} 已寄回", parts_sent: "旧件已寄回", sent_note: "怎么寄的", sent_hint: "快递和单号", send_back: "旧件已寄出",
    submit: "提交给厂家", approve: "厂家批准", refuse: "厂家拒绝", refusal: "拒绝原因", again: "改好再报", approved: "批准金额", paid: "到账金额", pay: "款已到账",
  },
  en: {
    title: "Manufacturer claims", text: "What the manufacturer's warranty pays: diagnosis, photos, labelled parts and their way back", case: "Claim {number}", open: "Claim it", owed: "Manufacturer owes {money}", none: "No claims here", none_text: "A job that the warranty pays is claimed from its order.", not_now: "Not now",
    group_open: "To send in", group_sent: "Waiting", group_decided: "Answered", group_paid: "Paid", state_draft: "Draft", state_submitted: "Sent in", state_approved: "Approved", state_refused: "Refused", state_paid: "Paid",
    decision: "Does the warranty bear it?", bears_covered: "Covered", bears_waiting: "Waiting for the manufacturer", bears_refused: "Not covered", bears_open: "Warranty undecided", decided: "by {name}, {time}", decide_first: "What is put on the warranty is settled after this is decided",
    decision_draft: "Claim to be sent in", decision_submitted: "Waiting for the manufacturer", decision_approved: "Covered", decision_refused: "Refused by the manufacturer", decision_paid: "Paid by the manufacturer",
    diagnosis: "Diagnosis", diagnosis_hint: "What happened, what was tested, which part failed and why", claimed: "Amount claimed", job_price: "job {money}", reference: "Manufacturer's no.", parts: "Claimed parts", label: "Label no.", label_n: "label {label}", place: "Kept at",
    return_due: "back by {day}", sent_back: "sent back {time}", parts_sent: "parts sent back", sent_note: "How it was sent", sent_hint: "Carrier and number", send_back: "Parts were sent",
    submit: "Send to the manufacturer", approve: "Approved", refuse: "Refused", refusal: "Reason of the refusal", again: "Put right and send again", approved: "Amount approved", paid: "Amount paid", pay: "Money came in",
  },
};
