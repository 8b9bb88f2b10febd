// What each act is called in the queue: intent "job.start" → job_start.
export default {
  zh: {
    other: "一次修改", photo: "照片", visit_arrive: "登记到店", visit_take: "开始接待", visit_complete_inspection: "完成环车检查", visit_hand_over: "交车间", visit_reopen: "重开检查", visit_leave: "客户离店",
    concern_add: "客户陈述", concern_reword: "改客户陈述", concern_remove: "删客户陈述", finding_set: "检查结果", finding_record: "检查结果", finding_note: "检查备注", finding_rest_good: "其余都良好", finding_take_back: "收回检查结果",
    mark_add: "损伤标记", mark_change: "改损伤标记", mark_remove: "删损伤标记", mark_still_there: "旧损伤还在", photo_take: "照片", photo_draw: "在照片上标记", belonging_add: "随车物品", belonging_change: "改随车物品", belonging_moved: "移动随车物品", belonging_remove: "删随车物品", key_set: "钥匙",
    consent_void: "作废签字", consent_give: "客户签字", job_add: "加项目", job_edit: "改项目", job_cancel: "取消项目", job_decline: "客户不做", job_acknowledge: "不担保已知悉", job_actual: "实际价格", job_dispatch: "派工", job_check_sheet: "核对预检单", job_found: "发现追加项目", job_join: "一起做", job_start: "开工", job_pause: "暂停", job_resume: "继续", job_finish: "完工", job_start_rework: "开始返工", job_photo: "项目照片",
    order_create: "开工单", order_note: "工单备注", order_advice: "用车建议", order_present: "出示估价", order_revise: "改估价", order_promise: "约定完工时间", order_to_quality: "送质检", quality_pass: "检查通过", quality_fail: "检查不通过",
    vehicle_edit: "改车辆资料", customer_edit: "改客户资料",
  },
  en: {
    other: "An edit", photo: "Photo", visit_arrive: "Arrival", visit_take: "Start of reception", visit_complete_inspection: "Walk-around complete", visit_hand_over: "Hand-over to the workshop", visit_reopen: "Inspection reopened", visit_leave: "Customer left",
    concern_add: "Customer's words", concern_reword: "Customer's words changed", concern_remove: "Customer's words removed", finding_set: "Finding", finding_record: "Finding", finding_note: "Note to a finding", finding_rest_good: "All the rest good", finding_take_back: "Finding taken back",
    mark_add: "Damage mark", mark_change: "Damage mark changed", mark_remove: "Damage mark removed", mark_still_there: "Old damage still there", photo_take: "Photo", photo_draw: "Drawing on a photo", belonging_add: "Belonging", belonging_change: "Belonging changed", belonging_moved: "Belonging moved", belonging_remove: "Belonging removed", key_set: "Keys",
    consent_void: "Consent made void", consent_give: "Customer's signature", job_add: "Job added", job_edit: "Job changed", job_cancel: "Job cancelled", job_decline: "Job declined", job_acknowledge: "Not guaranteed, acknowledged", job_actual: "Actual price", job_dispatch: "Dispatch", job_check_sheet: "Checked against the sheet", job_found: "Extra job found", job_join: "Joined a job", job_start: "Start of work", job_pause: "Pause", job_resume: "Work resumed", job_finish: "Work finished", job_start_rework: "Start of rework", job_photo: "Photo of the job",
    order_create: "New order", order_note: "Note on the order", order_advice: "Advice to the customer", order_present: "Estimate presented", order_revise: "Estimate revised", order_promise: "Promised time", order_to_quality: "Sent to quality check", quality_pass: "Check passed", quality_fail: "Check failed",
    vehicle_edit: "Vehicle file changed", customer_edit: "Customer file changed",
  },
};
