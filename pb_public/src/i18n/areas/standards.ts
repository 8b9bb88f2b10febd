// Standard times 工时.
export default {
  zh: {
    title: "标准工时", text: "项目、分钟数、工种、现象", total: "共 {n} 项", find: "代码 / 项目 / 现象", add: "新增工时", every: "全部", with_off: "也显示停用的", off: "停用", first: "先列出 {n} 项，再打几个字", empty: "还没有标准工时", empty_text: "新增后，预约和估价就能直接选用。", every_km: "每 {km} km",
    name: "项目", minutes: "标准工时", unit: "分钟", risk: "按现象估价的风险比例", active: "使用中", class_hint: "工种决定每小时单价", symptoms_hint: "客户会怎么说；按现象估价时按它找", needs_code: "请填代码", needs_name: "请填项目",
    class_maintenance: "保养", class_mechanical: "机修", class_electrical: "电器", class_body: "钣金", class_paint: "喷漆", class_diagnosis: "诊断",
  },
  en: {
    title: "Standard times", text: "Jobs, minutes, classes, symptoms", total: "{n} {n|job|jobs}", find: "Code / job / symptom", add: "Add one", every: "All", with_off: "Show those out of use, too", off: "out of use", first: "the first {n}; type a little more", empty: "No standard times yet", empty_text: "What is added here can be chosen for appointments and estimates.", every_km: "every {km} km",
    name: "Job", minutes: "Standard time", unit: "min", risk: "Risk share when estimated by symptom", active: "In use", class_hint: "The class decides the rate per hour", symptoms_hint: "What customers say; estimates by symptom find it by these words", needs_code: "Enter the code", needs_name: "Enter the job",
    class_maintenance: "Maintenance", class_mechanical: "Mechanical", class_electrical: "Electrical", class_body: "Body", class_paint: "Paint", class_diagnosis: "Diagnosis",
  },
};
