export default {
  zh: {
    title: "门店政策", text: "这些数值由店长定。改了以后，新到店的车按新的；正在店里的车还按它来时的那一版。", open_text: "签字后可浮动多少、质检几个人", revision: "第 {n} 版",
    was: "现在是 {value}", on: "开", off: "关", unit_percent: "%", in_percent: "{n} %", unit_minutes: "分钟", in_minutes: "{n} 分钟", unit_hours: "小时", in_hours: "{n} 小时", unit_days: "天", in_days: "{n} 天", unit_workdays: "工作日", in_workdays: "{n} 个工作日", unit_months: "个月", in_months: "{n} 个月", unit_km: "公里", in_km: "{n} 公里", day_1: "一", day_2: "二", day_3: "三", day_4: "四", day_5: "五", day_6: "六", day_7: "日",
    changes: "改了 {n} 处，还没有生效", undo: "都不改", enact: "生效为新的一版", history: "历次修改", first: "最初的一版", from_to: "{title}：{from} 改为 {to}", present: "现行", system: "系统", shipped: "还没有自己的政策，按出厂数值",
  },
  en: {
    title: "Shop policy", text: "The manager sets these figures. Cars that arrive from now on follow the new ones; a car in the shop keeps the revision it came with.", open_text: "How far prices may move after signing, how many people check", revision: "Revision {n}",
    was: "now {value}", on: "On", off: "Off", unit_percent: "%", in_percent: "{n} %", unit_minutes: "min", in_minutes: "{n} {n|minute|minutes}", unit_hours: "h", in_hours: "{n} {n|hour|hours}", unit_days: "days", in_days: "{n} {n|day|days}", unit_workdays: "work days", in_workdays: "{n} {n|working day|working days}", unit_months: "months", in_months: "{n} {n|month|months}", unit_km: "km", in_km: "{n} km", day_1: "Mo", day_2: "Tu", day_3: "We", day_4: "Th", day_5: "Fr", day_6: "Sa", day_7: "Su",
    changes: "{n} {n|change|changes}, not in force yet", undo: "Change nothing", enact: "Enact as a new revision", history: "Revisions", first: "The first revision", from_to: "{title}: {from} → {to}", present: "In force", system: "System", shipped: "No policy of its own yet: the shipped figures hold",
  },
};
