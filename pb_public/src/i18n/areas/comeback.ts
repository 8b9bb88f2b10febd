// The shop's own guarantee, cars that come back, what they teach, and claims on the manufacturer.
export default {
  zh: {
    title: "返修", original: "返修哪一项", inside: "在保：至 {until}，免费返修", out_day: "已过保：{until} 到期", out_km: "已过保：里程超过 {km}", out_none: "不在质量保证之内", done_on: "{day} 做的，{number}", no_original: "这辆车没有做完的项目", no_original_text: "没有可以返修的项目，请按一般维修接待。",
    tag: "返修", tag_inside: "在保", tag_outside: "已过保", free_text: "在质量保证期内，返修不向客户收费；判定为客户使用或新故障后，才可以由客户付。", paid_text: "质量保证已过，照常报价。", unlinked: "还没有选返修哪一项", pick: "去选", mend: "按原项目返修（内部承担）", mend_name: "返修：{work}", of: "原项目：{work}",
    cause: "返修原因", cause_workmanship: "工艺", cause_part: "配件", cause_customer: "客户使用", cause_new_fault: "新故障", cause_open: "原因待判定", cause_needed: "请选原因", note: "说明", decide: "判定原因", decide_again: "重新判定", decide_now: "判定", decided_by: "{name} {time} 判定", not_now: "先不", stats: "按来意",
    warranty: "质量保证", warranty_labour: "工时", warranty_parts: "配件", warranty_until: "至 {day}", warranty_until_km: "至 {day} 或 {km}", warranty_over: "已过保", warranty_none: "不保", warranty_policy: "出厂 {day}，先到者为准",
  },
  en: {
    title: "Comeback", original: "Which job comes back", inside: "Under warranty until {until}: free", out_day: "Warranty ended on {until}", out_km: "Warranty ended at {km}", out_none: "Not guaranteed", done_on: "done {day}, {number}", no_original: "No job was done on this car", no_original_text: "There is nothing to come back from; receive the car for a repair.",
    tag: "Comeback", tag_inside: "Under warranty", tag_outside: "Warranty ended", free_text: "Under warranty: the customer pays nothing, unless the cause is decided to be the customer's use or a new fault.", paid_text: "The warranty has ended; it is priced as usual.", unlinked: "Not said which job comes back", pick: "Pick it", mend: "Mend it again (the house pays)", mend_name: "Again: {work}", of: "Earlier job: {work}",
    cause: "Cause", cause_workmanship: "Workmanship", cause_part: "Part", cause_customer: "Customer's use", cause_new_fault: "New fault", cause_open: "Cause to be decided", cause_needed: "Choose the cause", note: "In words", decide: "Decide the cause", decide_again: "Decide again", decide_now: "Decide", decided_by: "decided by {name} {time}", not_now: "Not now", stats: "By purpose",
    warranty: "Warranty", warranty_labour: "Labour", warranty_parts: "Parts", warranty_until: "until {day}", warranty_until_km: "until {day} or {km}", warranty_over: "ended", warranty_none: "none", warranty_policy: "From {day}, whichever comes first",
  },
};
