// Inspections outside a reception: device check, new-vehicle delivery, goods receiving.
export default {
  zh: {
    title: "检查单", text: "设备检查、新车交付检查、到货验收", none: "还没有检查单", none_text: "打开车辆、设备或商品的档案，从那里开始检查。", running: "进行中", done: "最近完成", missing: "找不到这张检查单", revision: "第 {n} 版",
    progress: "已查 {n} / {of} 项", completed: "{time} 完成 {who}", all_right: "全部正常", wrong_n: "{n} 项不正常", all_good: "这 {n} 项都正常", rest_good: "其余 {n} 项都正常", section_done: "这一区查完了",
    result_good: "正常", result_attention: "留意", result_bad: "不合格", result_none: "不适用", note: "备注：哪里、怎样", note_of: "{name}的备注", photo_of: "给{name}拍照",
    complete: "完成检查", left_n: "还有 {n} 项没查，先查“{name}”", discard: "不做了", to_order: "加到委托书", to_concerns: "加到客户陈述", on_order: "已在委托书上", among_concerns: "已在陈述里", no_visit: "车不在店里；下次接车时在车辆档案里能看到。",
  },
  en: {
    title: "Inspections", text: "Device check, new-vehicle delivery, goods receiving", none: "No inspections yet", none_text: "Open the file of a vehicle, a device or goods and begin there.", running: "Under way", done: "Completed last", missing: "No such inspection", revision: "revision {n}",
    progress: "{n} of {of} points", completed: "completed {time} {who}", all_right: "all in order", wrong_n: "{n} not in order", all_good: "All {n} in order", rest_good: "The other {n} are in order", section_done: "nothing left here",
    result_good: "In order", result_attention: "Watch", result_bad: "Not OK", result_none: "N/A", note: "Note: where, and how", note_of: "Note on {name}", photo_of: "Photo of {name}",
    complete: "Complete", left_n: "{n} {n|point|points} left, first \"{name}\"", discard: "Take it back", to_order: "Put on the order", to_concerns: "Put among the concerns", on_order: "on the order", among_concerns: "among the concerns", no_visit: "The vehicle is not in the shop; its file shows this at the next reception.",
  },
};
