// Quality reports and the fault library.
export default {
  zh: {
    title: "故障实例", text: "查以前怎么修好的，报新的、常见的、危险的故障", cases_n: "{n} 个实例", ask: "现象：刹车抖动、打方向响…", tab_library: "实例集", tab_reports: "质量信息", tab_often: "常见故障",
    case_title: "故障实例", case_new: "加实例", case_edit: "改实例", case_save: "存入实例集", model: "车型", symptom: "现象", cause: "原因", remedy: "解决办法", needs_symptom: "请写现象", needs_cause: "请写原因", needs_remedy: "请写解决办法",
    none: "还没有实例", none_text: "有借鉴意义的故障，从质量信息里收入，或直接加一个。", none_found: "没有找到相近的实例", none_found_text: "换个说法再试，写现象里的几个字就行。",
    report_title: "质量信息报告", kind: "哪一种", kind_new: "新故障", kind_frequent: "常见故障", kind_dangerous: "危险故障", fault: "故障", fault_needed: "请写故障", detail: "说明", detail_hint: "什么情况下出现、怎么发现的、换了什么", send: "提交", often: "{model} 近来 {n} 次", times: "{n} 次",
    state_draft: "草稿", state_submitted: "待答复", state_answered: "已答复", state_closed: "已关闭", answer: "答复", answer_hint: "怎么处理，要不要排查同批次", answer_needed: "请写答复", to_case: "收入实例集", close: "关闭", no_reports: "还没有质量信息报告", no_reports_text: "在工单的项目里可以报。", no_often: "近来没有反复出现的故障", no_often_text: "同一车型同一故障出现多次，会在这里提议报告。", report: "报质量信息",
  },
  en: {
    title: "Fault library", text: "How it was mended before; report new, frequent and dangerous faults", cases_n: "{n} {n|case|cases}", ask: "Symptom: brake judder, noise when steering…", tab_library: "Cases", tab_reports: "Quality reports", tab_often: "Frequent",
    case_title: "Case", case_new: "Add a case", case_edit: "Change the case", case_save: "Keep in the library", model: "Model", symptom: "Symptom", cause: "Cause", remedy: "Remedy", needs_symptom: "Write the symptom", needs_cause: "Write the cause", needs_remedy: "Write the remedy",
    none: "No cases yet", none_text: "Take in an instructive fault from a quality report, or add one.", none_found: "No case like this", none_found_text: "Try other words; a few of the symptom will do.",
    report_title: "Quality report", kind: "Which kind", kind_new: "New", kind_frequent: "Frequent", kind_dangerous: "Dangerous", fault: "Fault", fault_needed: "Name the fault", detail: "In words", detail_hint: "When it happens, how it was found, what was changed", send: "Send in", often: "{model}: {n} times lately", times: "{n} times",
    state_draft: "Draft", state_submitted: "To be answered", state_answered: "Answered", state_closed: "Closed", answer: "Answer", answer_hint: "What is done about it, and whether others are checked", answer_needed: "Write the answer", to_case: "Take into the library", close: "Close", no_reports: "No quality reports yet", no_reports_text: "They are made from a job of an order.", no_often: "No fault came often lately", no_often_text: "The same fault of the same model several times is proposed here.", report: "Report this fault",
  },
};
